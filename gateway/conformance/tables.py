"""The tables of the statement, each from what the code itself works by."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from pydicom import __version__ as pydicom_version
from pydicom.uid import AllTransferSyntaxes

from gateway import __version__, models, verify
from gateway.audit.report import ACTIONS
from gateway.errors import Quarantine, reasons
from gateway.pixels.codecs import ENCAPSULATED_NATIVE, supported
from gateway.pixels.layout import DEFLATED_FRAMES, JPEG_XL
from gateway.tags import Profile, charsets, choices, explain, load, names, standard
from gateway.tags.marks import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from gateway.tags.rules import general_rules


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names of its columns, and rows of as many texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


# How each option is carried out; a test holds that none is missing.
_OPTIONS = {
    "BasicApplicationConfidentialityProfile": "always: every attribute as the edition's table and the general rules say",
    "CleanPixelDataOption": "always: every frame is read; text that identifies, or may, is masked",
    "RetainLongitudinalTemporalInformationFullDatesOption": "dates and times stay",
    "RetainLongitudinalTemporalInformationModifiedDatesOption": "a patient's dates are shifted by one secret number of days",
    "RetainPatientCharacteristicsOption": "age (capped), sex, size, weight and the like stay; text among them is cleaned",
    "RetainDeviceIdentityOption": "what identifies devices stays",
    "RetainInstitutionIdentityOption": "what identifies institutions stays; names of persons in it do not",
    "CleanDescriptorsOption": "descriptions lose their identifying and unknown words and keep the others",
    "CleanStructuredContentOption": "content trees are cleaned item by item; codes and references stay",
    "CleanGraphicsOption": "overlays and graphic annotations are read and judged like pixels, instead of removed",
    "RetainUidsOption": "UIDs of legal form stay",
    "RetainSafePrivateOption": "private elements stay that Table E.3.10-1 or the instance itself declares safe",
    "CleanRecognizableVisualFeaturesOption": "the surface of heads is removed from volumes; where that fails, the study is held",
}
_WRITTEN = (
    ("(0002,eeee)", "File meta information", "written anew; nothing of the original's is in it; the preamble is zero"),
    ("(0008,0005)", "Specific Character Set", "ISO_IR 192"),
    ("(0010,0010), (0010,0020)", "Patient's Name, Patient ID", "the patient's pseudonym"),
    ("(0012,0062)", "Patient Identity Removed", "YES"),
    (
        "(0012,0063)",
        "De-identification Method",
        "profile, edition and hash of its table; earlier methods stay, cleaned",
    ),
    ("(0012,0064)", "De-identification Method Code Sequence", "a code for each option; earlier codes stay"),
    ("(0028,0301)", "Burned In Annotation", "NO, where there are pixels or a document"),
    ("(0028,0302)", "Recognizable Visual Features", "NO where faces are erased (option) and there are pixels"),
    ("(0028,0303)", "Longitudinal Temporal Information Modified", "REMOVED, MODIFIED or UNMODIFIED"),
)
_LITTLE = "Explicit VR Little Endian"
# PS3.5 A.4.11 to A.4.13: younger than the list of pydicom.
_RECENT = {
    ENCAPSULATED_NATIVE: ("Encapsulated Uncompressed Explicit VR Little Endian", True),
    DEFLATED_FRAMES: ("Deflated Image Frame Compression", True),
    JPEG_XL[0]: ("JPEG XL Lossless", True),
    JPEG_XL[1]: ("JPEG XL JPEG Recompression", True),
    JPEG_XL[2]: ("JPEG XL", True),
}
_NATIVE = {
    "1.2.840.10008.1.2": "as it is",
    "1.2.840.10008.1.2.1": "as it is",
    "1.2.840.10008.1.2.1.99": _LITTLE,
    "1.2.840.10008.1.2.2": _LITTLE,
}


def tables(profile: Profile | None = None) -> dict[str, Table]:
    """Return the tables by name; with a profile also ``chosen`` (options), ``knobs`` and ``attributes``."""
    found = {
        "implementation": Table(("What", "Value"), _implementation()),
        "options": Table(("Code (DCM)", "Option", "Keyword", "Since", "How it is carried out"), _options()),
        "profiles": Table(("Profile", "Edition", "Options"), _profiles()),
        "editions": Table(("Edition", "Rows", "SHA-256"), _editions()),
        "actions": Table(("Action", "Name", "What happens"), tuple((key, *said) for key, said in ACTIONS.items())),
        "basic": Table(("Basic Profile", *standard.editions()), _basic()),
        "rules": Table(
            ("Rule", "Action", "What it does"), tuple((r.id, r.action, r.sentence) for r in general_rules())
        ),
        "written": Table(("Tag", "Attribute", "Value"), _WRITTEN),
        "private": Table(("Edition", "Safe private attributes", "Concepts with an action"), _private()),
        "pixels": Table(("Knob `pixels`", "What is masked"), tuple(choices.PIXELS.items())),
        "characters": Table(("Without code extensions", "With code extensions"), _characters()),
        "syntaxes": Table(("UID", "Name", "Read", "Written"), syntaxes()),
        "classes": Table(("UID", "Name", "IOD"), _classes()),
        "models": Table(
            ("Model", "Version", "Licence"), tuple((m.name, m.version, m.licence) for m in models.listing())
        ),
        "checks": Table(("Check", "What must be so"), tuple(verify.CHECKS.items())),
        "reasons": Table(("Code", "Reason", "What to do"), _reasons()),
    }
    return found | (_of_profile(profile) if profile else {})


def _implementation() -> tuple[tuple[str, ...], ...]:
    return (
        ("Product", f"gateway {__version__}, a de-identification gateway"),
        ("Role", "De-identifier of PS3.15 Annex E: reads instances in files of PS3.10 and writes new ones"),
        ("Implementation Class UID", str(IMPLEMENTATION_CLASS_UID)),
        ("Implementation Version Name", IMPLEMENTATION_VERSION_NAME),
        ("DICOM library", f"pydicom {pydicom_version}"),
    )


def _options() -> tuple[tuple[str, ...], ...]:
    return tuple(
        (code.value, code.meaning, option, next(e for e in standard.editions() if not choices.lacking(option, e)), how)
        for option, how in _OPTIONS.items()
        if (code := choices.code_of(option))
    )


def _profiles() -> tuple[tuple[str, ...], ...]:
    return tuple(
        (each.name, each.edition, ", ".join(choices.code_of(option).value for option in each.options))
        for each in map(load, names())
    )


def _editions() -> tuple[tuple[str, ...], ...]:
    found = map(standard.edition, standard.editions())
    return tuple((each.name, str(len(each.rows)), each.sha256) for each in found)


def _basic() -> tuple[tuple[str, ...], ...]:
    """How many attributes each edition gives each action of the Basic Profile."""
    counted = [Counter(row["basic"] for row in standard.edition(e).rows.values()) for e in standard.editions()]
    cells = sorted({cell for counts in counted for cell in counts})
    return tuple((cell, *(str(counts[cell]) for counts in counted)) for cell in cells)


def _private() -> tuple[tuple[str, ...], ...]:
    listed = [standard.read(name) for name in ("safe_private.csv", "sr_concepts.csv")]
    return tuple(
        (
            edition,
            *(str(sum(row["first_edition"] <= edition <= row["last_edition"] for row in rows)) for rows in listed),
        )
        for edition in standard.editions()
    )


def _characters() -> tuple[tuple[str, ...], ...]:
    alone, extended = charsets.terms()
    return ((", ".join(["(none)", *alone]), ", ".join(extended)),)


def syntaxes() -> tuple[tuple[str, ...], ...]:
    """Return UID, name, whether it is read, and how it is written, of every transfer syntax."""
    known = {str(uid): (uid.name, uid.is_compressed) for uid in AllTransferSyntaxes} | _RECENT
    return tuple((uid, known[uid][0], *_treated(uid, compressed=known[uid][1])) for uid in sorted(known, key=_numbers))


def _numbers(uid: str) -> tuple[int, ...]:
    return tuple(map(int, uid.split(".")))


def _treated(uid: str, *, compressed: bool) -> tuple[str, str]:
    """Whether a transfer syntax is read, and how its instances are written."""
    if uid in _NATIVE:
        return "yes", _NATIVE[uid]
    if uid in (DEFLATED_FRAMES, *JPEG_XL) and supported(uid):
        return "yes", _LITTLE
    if compressed and supported(uid):
        return "yes", f"as it is; with masks {_LITTLE}"
    return "no", "held"


def _classes() -> tuple[tuple[str, ...], ...]:
    return tuple((row["sop_class_uid"], row["sop_class_name"], row["iod"]) for row in standard.read("sop_iod.csv"))


def _reasons() -> tuple[tuple[str, ...], ...]:
    found = sorted((code, error) for code, error in reasons().items() if error is not Quarantine)
    return tuple((code, (error.__doc__ or "").partition("\n")[0], error.advice) for code, error in found)


def _of_profile(profile: Profile) -> dict[str, Table]:
    chosen = tuple((choices.code_of(option).value, choices.code_of(option).meaning) for option in profile.options)
    knobs = tuple((name, str(value)) for name, value in asdict(profile.knobs).items())
    attributes = tuple(
        (f"({tag[:4]},{tag[4:]})", keyword, action, sentence)
        for tag, keyword, action, _, sentence in explain(profile)
        if len(tag) == 8
    )
    return {
        "chosen": Table(("Code (DCM)", "Option"), chosen),
        "knobs": Table(("Knob", "Value"), knobs),
        "attributes": Table(("Tag", "Attribute", "Action", "What is done and why"), attributes),
    }
