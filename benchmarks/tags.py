"""How well descriptors are cleaned: identifiers and words that must stay, planted into real headers, cleaned and read back.

    python benchmarks/tags.py [--files 1500] [--set held_out] [--seed 1] [--show 0]

Headers are pydicom's own test files (and those of the folder ``$CORPUS``). Each becomes a study of an invented person;
descriptors, comments, items of structured reports and private elements get texts from a list file that the judge has never
seen. The gateway's own steps (index, collect, tags) clean the files under the profile ``research``; the written files are
read with pydicom. The verifier, which holds a study where something of its own header is left, is not asked: this counts what
the judge misses.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

import pydicom
from pydicom import Dataset, FileDataset
from pydicom.data import get_testdata_files
from pydicom.errors import InvalidDicomError
from pydicom.sequence import Sequence
from pydicom.uid import UID
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.tags_writer import Person, Text, Writer, lists, tokens
from gateway import sources, tags
from gateway.errors import GatewayError
from gateway.judge import TextJudge

ROOT = "1.2.826.0.1.3680043.9.9999.77"
GONE, KEPT = 0.999, 0.99  # what is asked for
# Where people type: keyword and the characters that fit.
PLACES = {
    "StudyDescription": 64, "SeriesDescription": 64, "ProtocolName": 64, "RequestedProcedureDescription": 64,
    "PerformedProcedureStepDescription": 64, "ReasonForStudy": 64, "ImageComments": 400, "AdditionalPatientHistory": 400,
    "PatientComments": 400, "StudyComments": 400, "FrameComments": 400, "AcquisitionComments": 400, "DerivationDescription": 200,
    "AcquisitionProtocolDescription": 400, "ContentDescription": 64,
}  # fmt: skip
DEVICE = ("ConvolutionKernel", "ReceiveCoilName")  # devices fill these: only words that must stay


@dataclass(frozen=True, slots=True)
class Planted:
    """A text and the place in the file where it stands; ``cleaned``: it is for the judge, not removed with its element."""

    place: str
    text: Text
    cleaned: bool = True


@dataclass
class Score:
    """What was planted and what was left of it, by kind."""

    planted: Counter[tuple[str, bool]] = field(default_factory=Counter)
    left: Counter[tuple[str, bool]] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    files: int = 0

    @property
    def gone(self) -> float:
        """The share of identifiers that are gone."""
        return 1 - self.left.total() / self.planted.total()

    @property
    def stayed(self) -> float:
        """The share of words kept that must stay."""
        return self.kept.total() / self.words.total()


def bases() -> list[FileDataset]:
    """Real headers without their pixels: pydicom's test files and those of ``$CORPUS``, as far as the gateway reads them."""
    paths = [Path(path) for path in get_testdata_files() if path.endswith(".dcm")]
    if "CORPUS" in os.environ:
        paths += [path for path in Path(os.environ["CORPUS"]).rglob("*") if path.is_file()]
    return [dataset for path in sorted(paths) for dataset in _header(path)]


def _header(path: Path) -> Iterator[FileDataset]:
    try:
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        dataset.decode()
    except (InvalidDicomError, ValueError, KeyError, NotImplementedError, AttributeError, EOFError, LookupError):
        return
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    if (
        "SOPClassUID" in dataset
        and "StudyInstanceUID" in dataset
        and syntax
        and not syntax.is_deflated
        and "EncapsulatedDocument" not in dataset
    ):
        yield dataset


def plant(base: FileDataset, person: Person, writer: Writer, number: int) -> tuple[FileDataset, list[Planted]]:
    """A copy of ``base`` as the study of ``person``, with texts in every place."""
    dataset = pydicom.dcmread(str(base.filename), stop_before_pixels=True)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.decode()
    _identify(dataset, person, number)
    planted = []
    for keyword, longest in PLACES.items():
        text = writer.text(person, longest, () if longest < 400 else ("reports", "reports", "mr", "ct", "xr", "us"))
        setattr(dataset, keyword, text.text)
        planted.append(Planted(keyword, text))
    for keyword in DEVICE:
        text = writer.plain(("kernels",))
        setattr(dataset, keyword, text.text)
        planted.append(Planted(keyword, text))
    item = Dataset()
    text = writer.text(person, 64)
    item.ScheduledProcedureStepDescription = text.text
    dataset.RequestAttributesSequence = Sequence([item])
    planted.append(Planted("RequestAttributesSequence.ScheduledProcedureStepDescription", text))
    block = dataset.private_block(0x0077, "PLANTED", create=True)
    text = writer.text(person, 64)
    block.add_new(0x01, "LO", text.text)
    planted.append(Planted("private", text, cleaned=False))
    if "ContentSequence" in dataset or number % 4 == 0:
        planted += _report(dataset, person, writer)
    return dataset, planted


def _identify(dataset: FileDataset, person: Person, number: int) -> None:
    dataset.PatientName = "^".join(person.name)
    dataset.ReferringPhysicianName = "^".join(person.referrer)
    dataset.PatientID, dataset.AccessionNumber = person.ids
    dataset.PatientBirthDate, dataset.StudyDate = person.dates
    dataset.InstitutionName = person.place
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = UID(f"{ROOT}.{number}"), UID(f"{ROOT}.{number}.1")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(f"{ROOT}.{number}.1.1")


def _report(dataset: FileDataset, person: Person, writer: Writer) -> list[Planted]:
    """Texts in a content tree: findings, and the description of a key object (TID 2010)."""
    items, planted = [], []
    for value, meaning in (("121071", "Finding"), ("113012", "Key Object Description"), ("121106", "Comment")):
        concept, item = Dataset(), Dataset()
        concept.CodeValue, concept.CodingSchemeDesignator, concept.CodeMeaning = value, "DCM", meaning
        text = writer.text(person, 1000, ("reports", "reports", "codes", "ct", "mr"))
        item.ValueType, item.RelationshipType, item.TextValue = "TEXT", "CONTAINS", text.text
        item.ConceptNameCodeSequence = Sequence([concept])
        items.append(item)
        planted.append(Planted(f"ContentSequence.{len(items) - 1}", text))
    dataset.ContentSequence = Sequence(items)
    return planted


def run(lists: str, files: int, seed: int, root: Path) -> Score:
    """Plant, clean and count ``files`` files under ``root``."""
    writer, found = Writer(lists, seed), bases()
    answers: dict[str, list[Planted]] = {}
    source, out = root / "in", root / "out"
    source.mkdir()
    out.mkdir()
    for number in range(files):
        dataset, answers[f"{ROOT}.{number}.1.1"] = plant(
            found[number % len(found)], writer.person(), writer, number + 0
        )
        dataset.save_as(source / f"{number}.dcm")
    score = Score()
    for uid, written in _clean(source, out):
        score.files += 1
        _count(pydicom.dcmread(written), answers.pop(uid), score)
    for planted in answers.values():  # a file that could not be cleaned keeps nothing
        for one in planted:
            count_text(one, "", frozenset(), score)
    return score


def _clean(source: Path, out: Path) -> Iterator[tuple[str, Path]]:
    """The gateway's header steps: index, collect, apply, write."""
    profile, judge = tags.load("research"), TextJudge.load()
    pseudonymizer = tags.Pseudonymizer(b"an invented key for the benchmark only")
    for study in sources.index(sources.receive([str(source)])).studies:
        for instance in study.instances:
            try:
                original = sources.read_dataset(instance.file, instance.digest)
                context = tags.Context(
                    identifiers=tags.collect([original]),
                    pseudonym="PBENCH",
                    shift_days=-100,
                    pseudonymizer=pseudonymizer,
                    judge=judge,
                    instance=instance,
                )
                dataset, _ = tags.apply(original, profile, context)
            except GatewayError:
                continue
            path = out / f"{instance.digest}.dcm"
            dataset.save_as(path, enforce_file_format=True)
            yield instance.sop_uid, path


def _count(dataset: FileDataset, planted: list[Planted], score: Score) -> None:
    whole = frozenset(word for text in _texts(dataset) for word in tokens(text))
    for one in planted:
        count_text(one, _written(dataset, one.place), whole, score)


def _texts(dataset: Dataset) -> Iterator[str]:
    for element in dataset.iterall():
        if element.VR != "SQ" and not isinstance(element.value, bytes):
            yield str(element.value).casefold()


def _written(dataset: Dataset, place: str) -> str:
    """What stands at a place now, empty if nothing does."""
    if place == "private":
        return str(dataset.get((0x0077, 0x1001), ""))
    if place.startswith("ContentSequence"):
        items = dataset.get("ContentSequence", [])
        at = int(place.rpartition(".")[2])
        return str(items[at].get("TextValue", "")) if at < len(items) else ""
    for part in place.split(".")[:-1]:
        dataset = (dataset.get(part) or [Dataset()])[0]
    value = dataset.get(place.rpartition(".")[2], "")
    return " ".join(value) if isinstance(value, pydicom.multival.MultiValue) else str(value)


def count_text(one: Planted, written: str, whole: AbstractSet[str], score: Score) -> None:
    """Count what of one text is left in ``written``, and of what tells somebody in the ``whole`` file's words."""
    after = Counter(tokens(written))
    squashed = "".join(tokens(written))
    for identifier in one.text.identifiers:
        kind = (identifier.kind, identifier.own)
        score.planted[kind] += 1
        left = [
            word
            for word in identifier.telling
            if word in after
            or any(word in token and token in after for token in tokens(identifier.text))  # "94" of "94yo"
            or (len(word) > 3 and word in squashed)
            or (len(word) > 4 and word in whole)
        ]
        if left:
            score.left[kind] += 1
            score.faults.append(f"LEFT {identifier.kind} {identifier.text!r}: {one.text.text!r} -> {written!r}")
    if one.cleaned:
        before = {group: Counter(words) for group, words in one.text.stays}
        for group, words in before.items():
            lost = words - after
            score.words[group] += words.total()
            score.kept[group] += words.total() - lost.total()
            if lost:
                score.faults.append(f"LOST {group} {sorted(lost)}: {one.text.text!r} -> {written!r}")


def wilson(good: int, of: int) -> float:
    """The lower end of Wilson's interval of a share, 95 % one-sided."""
    if not of:
        return 0.0
    z, share = 1.6449, good / of
    middle = share + z * z / (2 * of)
    return (middle - z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))) / (1 + z * z / of)


def tables(score: Score) -> Iterator[Table]:
    """What was planted and left, and the words that must stay."""
    table = Table(
        "identifiers", "whose", "planted", "left", "gone", "at least (95 %)", title="Identifiers that must go"
    )
    for kind, own in sorted(score.planted):
        n, left = score.planted[kind, own], score.left[kind, own]
        table.add_row(
            kind,
            "the study's own" if own else "a stranger's",
            str(n),
            str(left),
            f"{1 - left / n:.2%}",
            f"{wilson(n - left, n):.2%}",
        )
    n, left = score.planted.total(), score.left.total()
    table.add_row("all", "", str(n), str(left), f"{1 - left / n:.2%}", f"{wilson(n - left, n):.2%}")
    yield table
    table = Table("words", "planted", "lost", "kept", "at least (95 %)", title="Words that must stay")
    for group in (*sorted(score.words), "all"):
        n, kept = (
            (score.words.total(), score.kept.total()) if group == "all" else (score.words[group], score.kept[group])
        )
        table.add_row(group, str(n), str(n - kept), f"{kept / n:.2%}", f"{wilson(kept, n):.2%}")
    yield table


def main() -> int:
    """Print both tables; 1 if less is gone or kept than is asked for."""
    parser = argparse.ArgumentParser(description="How well descriptors are cleaned.")
    parser.add_argument("--files", type=int, default=1500)
    parser.add_argument("--set", default="held_out", choices=lists())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print that many faults (all people are invented)")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")  # pydicom's, about odd test files
    with tempfile.TemporaryDirectory() as name:
        score = run(asked.set, asked.files, asked.seed, Path(name))
    console = Console()
    for table in tables(score):
        console.print(table)
    console.print(f"{score.files} of {asked.files} files cleaned, from {len(bases())} real headers")
    for kind in ("LEFT", "LOST"):
        for fault in [fault for fault in score.faults if fault.startswith(kind)][: asked.show]:
            print(fault)
    return 0 if score.gone >= GONE and score.stayed >= KEPT else 1


if __name__ == "__main__":
    sys.exit(main())
