"""What the tests of ``gateway.tags`` share: a small judge, a context, and the way through a file on disk and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset

from gateway.records import Change, Identifiers, Instance, Reason, SourceFile, Verdict
from gateway.sources import read_dataset
from gateway.tags import Context, Profile, Pseudonymizer, apply, collect, load, values

PSEUDONYMIZER = Pseudonymizer(b"an invented key for the tests only")
PSEUDONYM = "PTESTPATIENT2345"
SHIFT = -100
VOCABULARY = frozenset(
    {"ct", "abdomen", "with", "contrast", "axial", "chest", "left", "right", "lesion", "brain", "t-spine", "sagittal"}
    | {"report", "finding", "liver", "mass", "standard", "key", "image"}
)


@dataclass(frozen=True)
class Said:
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


class WordJudge:
    """Knows the technical words of VOCABULARY; all others are unsure, hospitals, doctors and names of the study are PHI."""

    def judge(self, text: str, identifiers: Identifiers) -> Said:
        if {"hospital", "dr"}.intersection(text.casefold().split()):
            return Said(Verdict.PHI, (Reason("person.title", 1.0),))
        if "SECTRA" in text:
            return Said(Verdict.PHI, (Reason("ner.person", 0.8),))
        known = all(word.casefold() in VOCABULARY for word in text.split())
        return Said(Verdict.TECHNICAL if known and not identifiers.names else Verdict.UNSURE)

    def clean(self, text: str, identifiers: Identifiers) -> tuple[str, tuple[Reason, ...]]:
        names = {part.casefold() for name in identifiers.names for part in name.split("^")}
        kept = [word for word in text.split() if word.casefold() in VOCABULARY and word.casefold() not in names]
        return " ".join(kept), (Reason("unknown word", 1.0),)

    def keep_known(self, text: str, identifiers: Identifiers) -> tuple[str, tuple[Reason, ...]]:
        return self.clean(text, identifiers)


@cache
def profile(name: str) -> Profile:
    return load(name)


def context(
    *datasets: Dataset, identifiers: Identifiers | None = None, pseudonymizer: Pseudonymizer = PSEUDONYMIZER
) -> Context:
    return Context(
        identifiers=collect(datasets) if identifiers is None else identifiers,
        pseudonym=PSEUDONYM,
        shift_days=SHIFT,
        pseudonymizer=pseudonymizer,
        judge=WordJudge(),
        instance=Instance(SourceFile("invented"), "00", "", "1.2.3", "1.2.3.4", "1.2.3.4.5", ""),
    )


def clean(
    dataset: Dataset, name: str = "basic", identifiers: Identifiers | None = None
) -> tuple[FileDataset, tuple[Change, ...]]:
    return apply(dataset, profile(name), context(dataset, identifiers=identifiers))


def cleaned(dataset: Dataset, name: str = "basic") -> FileDataset:
    return clean(dataset, name)[0]


def reread(dataset: FileDataset, folder: Path) -> FileDataset:
    """Write a data set as a file and read that again."""
    path = folder / "written.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return dcmread(path)


def nested(element_of: Dataset, depth: int) -> Dataset:
    """Put a data set ``depth`` sequences deep, into attributes that Table E.1-1 does not list."""
    for keyword in ("SharedFunctionalGroupsSequence", "CTAcquisitionTypeSequence", "CTExposureSequence")[:depth]:
        outer = Dataset()
        setattr(outer, keyword, [element_of])
        element_of = outer
    return element_of


def innermost(dataset: Dataset, depth: int) -> Dataset:
    for keyword in reversed(
        ("SharedFunctionalGroupsSequence", "CTAcquisitionTypeSequence", "CTExposureSequence")[:depth]
    ):
        dataset = dataset[keyword].value[0]
    return dataset


def everything(dataset: Dataset) -> Iterator[str]:
    """Every value of every element at every depth, as text."""
    for element in dataset.iterall():
        yield str(element.value)


def put_raw(dataset: Dataset, tag: int, vr: str, data: bytes, *, little: bool = True) -> Dataset:
    """Put an element as pydicom would have read it, whatever its bytes are."""
    dataset[tag] = values.raw(tag, vr, data, implicit=False)._replace(is_little_endian=little)
    return dataset


def _decoded(path: Path) -> FileDataset:
    """Read a file as the gateway does, every element decoded."""
    return read_dataset(SourceFile(str(path)))


Read = Callable[[Path], FileDataset]
READERS: tuple[Read, ...] = (dcmread, _decoded)  # what pydicom reads stays bytes until it is looked at
