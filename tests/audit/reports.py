"""Reports for the tests, of one study or of many, filled as a job fills them; people and pictures are invented."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import builders
import numpy as np
from PIL import Image

from gateway.audit.chain import Head
from gateway.audit.job_report import (
    Counts,
    HeldItem,
    JobReport,
    MaskUse,
    Model,
    Picture,
    Policy,
    ReleasedStudy,
    RuleUse,
)
from gateway.audit.ledger import Verification
from gateway.records import Problem

SENTENCES = {
    "basic:PatientBirthDate": "PatientBirthDate is emptied (PS3.15 Table E.1-1 2026c, Basic Profile).",
    "basic:AccessionNumber": "AccessionNumber is emptied (PS3.15 Table E.1-1 2026c, Basic Profile).",
    "retain_long_modified:StudyDate": "StudyDate is cleaned: dates are shifted, text loses its identifying and unknown "
    "words (PS3.15 Table E.1-1 2026c, Retain Longitudinal Temporal Information Modified Dates Option).",
    "basic:InstitutionName": "InstitutionName is removed, or is emptied, or is replaced by a dummy value: the weakest that "
    "keeps the instance legal in its IOD (PS3.15 Table E.1-1 2026c, Basic Profile).",
    "private": "Private elements are removed (PS3.15 E.3.10).",
    "pseudonym": "Patient's Name and Patient ID are replaced by the patient's pseudonym.",
    "unlisted-code": "Code strings that Table E.1-1 does not list are kept if they are legal and name nobody of the study.",
}
CHECKS = {"identifier-in-bytes": "No distinctive original identifier stands anywhere in the bytes, in any encoding."}
POLICY = Policy(
    "0.1.0",
    "research",
    "Basic profile, with dates shifted by a secret number of days per patient, patient characteristics kept and descriptions "
    "cleaned.",
    "2026c",
    "9f2c41d07be35a8894e6c1b2f07d3ea55b8c90417de62f3a1c5b7e08d94f6a23",
    (
        "BasicApplicationConfidentialityProfile",
        "CleanPixelDataOption",
        "RetainLongitudinalTemporalInformationModifiedDatesOption",
        "RetainPatientCharacteristicsOption",
        "CleanDescriptorsOption",
    ),
)
MODELS = (
    Model("PP-OCRv6 det", "6.0", "5b1e" * 16, "finds text regions"),
    Model("PP-OCRv6 rec", "6.0", "c07d" * 16, "reads text regions"),
    Model("overlay-ner", "1", "18fa" * 16, "tells names from technical words"),
)


def uid(number: int) -> str:
    return f"2.25.{(number + 1) * 0x1F3A9C75D2E4B6081357ACE02468BDF % 10**38}"


def png(seed: int = 0) -> str:
    """A frame with two masks in its upper corners, as the pixel step shrinks it."""
    image = (builders.pixels(240, 320, seed=seed) // 14).astype(np.uint8)
    image[6:30, 6:140] = image[36:52, 6:90] = image[6:22, 230:312] = 0
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return b64encode(file.getvalue()).decode("ascii")


def held(number: int, code: str, reason: str, advice: str, *findings: Problem, files: int = 1) -> HeldItem:
    return HeldItem(f"q-{number:012x}", code, reason, advice, files, findings)


HELD = (
    held(
        0x5A10C3F2E8D1, "PIXELS_UNREADABLE", "The pixel data of an instance ends before its last frame.",
        "Fetch the instance from its origin again; its pixel data are damaged or cut short.", files=24,
    ),
    held(
        0x77B2D0E49A16, "VERIFICATION_FAILED", "The independent verifier found 2 faults in the written study.",
        "Read the item's findings; the cleaned result was not released.",
        Problem("identifier-in-bytes", 2, "0040A730/0040A160"), Problem("identifier-in-pixels", 0, "frame 3"), files=3,
    ),
    held(
        0x0C4481B7AA93, "FILE_UNREADABLE", "The file looks like DICOM but ends inside an element.",
        "Fetch the file from its origin again; it is damaged, encrypted or cut short.",
    ),
)  # fmt: skip


def report(studies: int = 6, pictures: int = 5, items: tuple[HeldItem, ...] = HELD, **changes: Any) -> JobReport:
    files = sum(item.files for item in items)
    counts = Counts(
        received=studies * 40 + files + 7,
        released=studies * 40,
        quarantined=files,
        duplicates=4,
        not_dicom=3,
        studies=studies + len(items),
        studies_released=studies,
        frames_read=studies * 52,
        regions_found=studies * 31,
        masks=studies * 9,
        missing_on_media=1,
    )
    values: dict[str, Any] = {
        "job": "job-4be07a19c2d5",
        "started": "2026-11-21T08:58:12Z",
        "finished": "2026-11-21T09:03:47Z",
        "counts": counts,
        "policy": POLICY,
        "models": MODELS,
        "rules": tuple(
            RuleUse(rule, SENTENCES[rule], action, studies * 40 * factor, studies * 40)
            for rule, action, factor in zip(SENTENCES, "ZZCXXDK", (1, 1, 4, 1, 37, 2, 19), strict=True)
        ),
        "masks": (
            MaskUse("own.name", studies * 4, studies * 4),
            MaskUse("date.compact", studies * 3, studies),
            MaskUse("ner.place", 2, 1),
        ),
        "pictures": tuple(
            Picture(png(n), uid(n), uid(1000 + n), n, 3 - n % 3, ("date.compact", "own.name")[n % 2 :]) for n in range(pictures)
        ),
        "pictures_taken": pictures * 3,
        "held": items,
        "studies": tuple(ReleasedStudy(f"P-{n:06d}", uid(n), 40, 9) for n in range(studies)),
        "ledger": Verification(3 * studies + 5, True, None, "All 61 entries verify.", Head(61, "d41f" * 16)),  # noqa: FBT003  # a record, written as it is
        "checks": CHECKS,
    }  # fmt: skip
    return JobReport(**{**values, **changes})
