"""A small de-identification by hand, correct and shared with nothing, so that the verifier has something to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import numpy as np
from builders import ROOT
from numpy.typing import NDArray
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID

from gateway.records import Mask, Pair, Problem, SourceFile
from gateway.verify import Facts, verify
from gateway.verify.reader import LineReader

PSEUDONYM = "P4F7Q2KX"
STAY_UIDS = {"SOPClassUID", "ReferencedSOPClassUID", "CodingSchemeUID", "MappingResourceUID", "ContextUID"}
EMPTIED = {
    "AccessionNumber", "ReferringPhysicianName", "StudyID", "PatientBirthDate", "OperatorsName", "InstitutionName", "StudyTime",
    "InstitutionAddress", "StationName", "PatientTelephoneNumbers", "OtherPatientIDs", "PatientAddress", "DeviceSerialNumber",
    "PatientMotherBirthName", "InstitutionalDepartmentName",
}  # fmt: skip


class Silent:
    """A reader that sees no text."""

    def lines(self, image: NDArray[np.uint8]) -> tuple[str, ...]:
        assert image.dtype == np.uint8
        return ()


@dataclass
class Says:
    """A reader that sees the same lines in every image."""

    text: tuple[str, ...]
    images: list[NDArray[np.uint8]] = field(default_factory=list)

    def lines(self, image: NDArray[np.uint8]) -> tuple[str, ...]:
        self.images.append(image)
        return self.text


def new_uid(uid: str) -> str:
    return "2.25." + str(int.from_bytes(uid.encode(), "big") * 7919 % 10**36 + 10**36)


def clean(original: FileDataset, shift: int | None = -41) -> FileDataset:
    """De-identify a copy: UIDs renamed, dates moved by ``shift`` days (removed if ``None``), identifying values emptied."""
    ds = FileDataset("", Dataset(), file_meta=FileMetaDataset(), preamble=b"\0" * 128)
    ds.update(_copy(original, shift))
    ds.PatientID = ds.PatientName = PSEUDONYM
    ds.PatientIdentityRemoved = "YES"
    ds.DeidentificationMethod = "By hand"
    ds.LongitudinalTemporalInformationModified = "REMOVED" if shift is None else "MODIFIED"
    if "PixelData" in ds:
        ds.BurnedInAnnotation = "NO"
    meta = ds.file_meta
    meta.MediaStorageSOPClassUID = ds.SOPClassUID
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    meta.TransferSyntaxUID = original.file_meta.TransferSyntaxUID
    meta.ImplementationClassUID = UID(f"{ROOT}.77")
    return ds


def _copy(original: Dataset, shift: int | None) -> Dataset:
    ds = Dataset()
    for element in original:
        if element.tag.is_private:
            continue
        value = element.value
        if element.keyword in EMPTIED:
            value = None
        elif element.VR == "SQ":
            value = [_copy(item, shift) for item in value]
        elif element.VR == "UI" and element.keyword not in STAY_UIDS:
            value = [new_uid(v) for v in value] if isinstance(value, list) else new_uid(value)
        elif element.VR == "DA" and value:
            moved = datetime.strptime(str(value), "%Y%m%d") + timedelta(days=shift or 0)  # noqa: DTZ007  # a day has no zone
            value = None if shift is None else moved.strftime("%Y%m%d")
        ds.add_new(element.tag, element.VR, value)
    return ds


@dataclass
class Staged:
    """A study on disk: originals in one folder, written files in another, and what ``verify`` says of them."""

    root: Path
    pairs: list[Pair] = field(default_factory=list)
    longitudinal: str = "MODIFIED"
    pseudonym: str = PSEUDONYM

    def add(
        self,
        original: FileDataset,
        written: FileDataset | None = None,
        masks: tuple[Mask, ...] = (),
        name: str = "",
        change: Callable[[FileDataset], None] | None = None,
    ) -> Path:
        """Write an original and its cleaned file (``clean`` unless given, then ``change``); return the written path."""
        number = len(self.pairs)
        source = self.root / "in" / (name or f"f{number}.dcm")
        target = self.root / "staged" / PSEUDONYM / f"{number}.dcm"
        for folder in (source.parent, target.parent):
            folder.mkdir(parents=True, exist_ok=True)
        original.save_as(source, enforce_file_format=True)
        written = written or clean(original, None if self.longitudinal == "REMOVED" else -41)
        if change:
            change(written)
        dcmwrite(target, written, enforce_file_format=False)
        self.pairs.append(Pair(SourceFile(str(source)), str(target), masks))
        return target

    def facts(self) -> Facts:
        originals = tuple(pair.original for pair in self.pairs)
        return Facts(self.pseudonym, self.longitudinal, originals, self.root / "staged")

    def verify(self, reader: LineReader | None = None, facts: Facts | None = None) -> tuple[Problem, ...]:
        return verify(self.pairs, opened, facts or self.facts(), reader or Silent())

    def found(self, reader: LineReader | None = None) -> set[str]:
        return {problem.check for problem in self.verify(reader)}


def opened(file: SourceFile) -> BinaryIO:
    return Path(file.path).open("rb")


def reread(path: Path) -> FileDataset:
    return dcmread(path)
