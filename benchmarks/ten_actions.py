"""Ten actions in the manner of the public MIDI-B scorer, counted one by one over studies with an answer key.

    python benchmarks/ten_actions.py [--patients 40] [--seed 1]

Invented patients with two studies each, made from pydicom's test files: two slices, of which one has the patient burned in.
The command ``gateway run`` cleans them under the profile ``research``; what it released is read with pydicom. A file that is
missing counts as a failure of everything that was asked of it. Harder than the public scorer in three places: a date must have
moved by the patient's one interval, UIDs must agree across studies, and pixels are compared as decoded values outside the text.
What people type is drawn from everyday phrases (EVERYDAY); how rarer words fare is for tags.py to say.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset, FileDataset
from pydicom.uid import UID, ExplicitVRLittleEndian
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.tags_writer import Person, Text, Writer, tokens
from samples.ink import Font, Line, burn
from samples.pictures import enlarged, scanned

HERE = Path(__file__).parent
ROOT = "1.2.826.0.1.3680043.9.9999.78"
GOAL = 0.999
ACTIONS = (
    "tag_retained", "text_notnull", "text_retained", "text_removed", "date_shifted", "uid_changed", "uid_consistent",
    "patid_consistent", "pixels_hidden", "pixels_retained",
)  # fmt: skip
BASES = ("CT_small.dcm", "MR_small.dcm")
RETAINED = (
    "Modality", "Rows", "Columns", "PixelSpacing", "SliceThickness", "KVP", "BitsStored", "PhotometricInterpretation",
    "InstanceNumber", "PatientSex", "EchoTime", "RepetitionTime", "ImagePositionPatient", "RescaleSlope", "Manufacturer",
    "PatientPosition",
)  # fmt: skip
NOT_NULL = ("PatientID", "PatientName", "StudyDescription", "SOPInstanceUID", "DeidentificationMethod", "StudyDate")
TEXTS = {
    "StudyDescription": 64,
    "SeriesDescription": 64,
    "ProtocolName": 64,
    "ImageComments": 300,
    "RequestedProcedureDescription": 64,
}
DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "AcquisitionDateTime")
UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID")
EVERYDAY = (
    "CT Abdomen Pelvis", "Chest with contrast", "AX T2", "SAG T1", "T1 axial post gad", "Brain w/o contrast", "Localizer",
    "Scout", "Axial 5 mm", "Coronal reformat", "Lung window", "Bone window", "Head routine", "COR STIR", "DWI b1000",
    "ADC map", "T2 FLAIR", "Thorax nativ", "MRT Knie links", "Abdomen sans injection", "Portal venous phase",
    "Arterial phase", "3D TOF", "Sagittal T2 TSE", "MR lumbar spine", "CT head without contrast",
    "Pelvis with and without contrast", "Liver", "Left knee", "Right shoulder", "No acute fracture.",
    "The lungs are clear.", "Stable since prior study.", "Normal heart size.", "Follow up in 6 months.",
)  # fmt: skip
MARGIN = 16  # pixels around a burned-in line that may go with it


@dataclass(frozen=True, slots=True)
class Key:
    """What must become of one file: its patient, what it said, what was typed and what was burned in."""

    patient: int
    original: FileDataset
    texts: dict[str, Text]
    boxes: tuple[tuple[int, int, int, int], ...]
    burned: frozenset[str]


@dataclass
class Score:
    """How often each action was asked for and done."""

    asked: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def count(self, action: str, done: bool, what: str) -> None:  # noqa: FBT001  # the one thing it is told
        """Count one action asked for at a place."""
        self.asked[action] += 1
        self.done[action] += done
        if not done:
            self.faults.append(f"{action}: {what}")

    @property
    def reached(self) -> bool:
        """Whether every action reaches the goal."""
        return all(self.asked[action] and self.done[action] / self.asked[action] >= GOAL for action in ACTIONS)


# --- making studies --------------------------------------------------------------------------------------------------------
def make(root: Path, patients: int, seed: int, lists: str) -> dict[str, Key]:
    """Write the studies below ``root``, with names and phrases of a list file; return the answer key by SOP Instance UID."""
    writer, keys = Writer(lists, seed, everyday=EVERYDAY), {}
    for patient in range(patients):
        person = _typeable(writer)
        for study in (1, 2):
            for number in (1, 2):
                dataset, key = _instance(writer, person, patient, study, number)
                dataset.save_as(root / f"{patient}-{study}-{number}.dcm", enforce_file_format=True)
                keys[str(dataset.SOPInstanceUID)] = key
    return keys


def _typeable(writer: Writer) -> Person:
    """A person whose name every font has, and a line of the picture holds."""
    while True:
        person = writer.person()
        if "".join(person.name).isascii() and len(", ".join(person.name)) <= 18:
            return person


def _instance(writer: Writer, person: Person, patient: int, study: int, number: int) -> tuple[FileDataset, Key]:
    dataset, (frame,) = scanned(BASES[(patient + study) % len(BASES)])
    dataset.decompress() if dataset.file_meta.TransferSyntaxUID.is_compressed else None
    texts = _say(dataset, writer, person, patient, study, number)
    image = np.ascontiguousarray(np.roll(enlarged(frame, 4), patient * 5 + number * 3, axis=1))
    lines = _lines(person, patient) if number == 2 else ()
    burned = burn(image, lines, ink=image.max())
    dataset.Rows, dataset.Columns = image.shape
    dataset.PixelData = image.tobytes()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    words = frozenset(word for line in lines for word in tokens(line.text) if len(word) > 2)
    return dataset, Key(patient, dataset, texts, tuple(one.box for one in burned), words)


def _lines(person: Person, patient: int) -> tuple[Line, ...]:
    """What a console writes of the patient, in one of its layouts."""
    family, given = person.name
    size = (16, 18, 20)[patient % 3]
    born = person.dates[0]
    texts = (f"{family.upper()}, {given.upper()}", f"{born[6:]}/{born[4:6]}/{born[:4]}")
    at = ((8, 8), (8, -40), (-8, 8))[patient // 3 % 3]
    font: Font = "duplex" if patient % 2 else "sans"
    return tuple(
        Line(text, at[0], at[1] + (size + 10) * i * (1 if at[1] > 0 else -1), font, size)
        for i, text in enumerate(texts)
    )


def _say(
    dataset: FileDataset, writer: Writer, person: Person, patient: int, study: int, number: int
) -> dict[str, Text]:
    """Fill the header: who, when, UIDs, a reference to the study's first instance, and typed texts."""
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName, dataset.PatientID = "^".join(person.name), person.ids[0]
    dataset.PatientBirthDate, dataset.ReferringPhysicianName = person.dates[0], "^".join(person.referrer)
    dataset.AccessionNumber, dataset.InstitutionName, dataset.PatientSex = (
        f"{person.ids[1]}"[:14] + str(study),
        person.place[:64],
        "MF"[patient % 2],
    )
    day = f"20{10 + patient % 12}{1 + (patient + study) % 12:02d}{1 + patient % 27:02d}"
    for keyword in DATES:
        setattr(dataset, keyword, f"{day}101530.5" if keyword.endswith("Time") else day)
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = (
        UID(f"{ROOT}.{patient}.{study}"),
        UID(f"{ROOT}.{patient}.{study}.1"),
    )
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(f"{ROOT}.{patient}.{study}.1.{number}")
    dataset.FrameOfReferenceUID = UID(f"{ROOT}.{patient}.9")
    dataset.InstanceNumber = number
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = (
        dataset.SOPClassUID,
        UID(f"{ROOT}.{patient}.{study}.1.1"),
    )
    dataset.ReferencedImageSequence = [reference]
    texts = {keyword: writer.text(person, longest, ("everyday",)) for keyword, longest in TEXTS.items()}
    for keyword, text in texts.items():
        setattr(dataset, keyword, text.text)
    return texts


# --- the run ---------------------------------------------------------------------------------------------------------------
def gateway(*arguments: str | Path) -> str:
    """Run the command ``gateway``; return what it says."""
    done = subprocess.run(  # our own command
        [sys.executable, "-m", "gateway", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parent,
    )
    if done.returncode not in (0, 3):
        raise SystemExit(f"gateway {arguments[0]} failed:\n{done.stderr}")
    return done.stdout


def released(root: Path) -> dict[str, Path]:
    """Clean what lies in ``root/in``; return the released files by their original SOP Instance UID."""
    home, out = root / "home", root / "out"
    job = json.loads(gateway("run", root / "in", "--out", out, "--home", home, "--profile", "research", "--json"))[
        "job"
    ]
    gateway("linkage", "export", job, "--out", root / "linkage.csv", "--home", home)
    with (root / "linkage.csv").open(encoding="utf-8", newline="") as file:
        return {row["sop_uid"]: out / row["path"] for row in csv.DictReader(file) if row["status"] == "released"}


# --- scoring ---------------------------------------------------------------------------------------------------------------
def score(keys: dict[str, Key], files: dict[str, Path]) -> Score:
    """Count each action over all files."""
    found = Score()
    read = {uid: pydicom.dcmread(files[uid]) if uid in files and files[uid].is_file() else None for uid in keys}
    interval, renamed, pseudonyms = _interval(keys, read), _renamed(keys, read), _pseudonyms(keys, read)
    for number, (uid, key) in enumerate(keys.items()):
        after = read[uid] or FileDataset("", {}, file_meta=pydicom.dataset.FileMetaDataset())
        place = f"file {number}"
        _tags(key, after, found, place)
        _texts(key, after, found, place)
        for keyword in DATES:
            moved = _days(after.get(keyword, "")) - _days(key.original[keyword].value)
            found.count("date_shifted", moved == interval.get(key.patient) != 0, f"{place} {keyword}")
        _uids(key, after, files.get(uid), renamed, found, place)
        one = pseudonyms.get(key.patient, set())
        foreign = set().union(*(names for patient, names in pseudonyms.items() if patient != key.patient))
        same = len(one) == 1 and not one & foreign and str(after.get("PatientID", "")) in one
        found.count("patid_consistent", same and str(after.PatientID) != str(key.original.PatientID), place)
        _pixels(key, after, found, place)
    return found


def _days(value: Any) -> int:
    """The day of a date or date-time as a number, -1 if it is none."""
    text = str(value)[:8]
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
    except ValueError:
        return -1


def _interval(keys: dict[str, Key], read: dict[str, FileDataset | None]) -> dict[int, int]:
    """By how many days each patient's first released file moved."""
    found: dict[int, int] = {}
    for uid, key in keys.items():
        if (after := read[uid]) is not None:
            found.setdefault(key.patient, _days(after.get("StudyDate", "")) - _days(key.original.StudyDate))
    return found


def _references(dataset: Dataset) -> Iterator[str]:
    yield from (str(dataset.get(keyword, "")) for keyword in UIDS)
    items = dataset.get("ReferencedImageSequence") or [Dataset()]
    yield str(items[0].get("ReferencedSOPInstanceUID", ""))


def _renamed(keys: dict[str, Key], read: dict[str, FileDataset | None]) -> dict[str, set[str]]:
    """Every name that each original UID got, and under ``new`` + UID every original that a new one stands for."""
    names: dict[str, set[str]] = defaultdict(set)
    for uid, key in keys.items():
        if (after := read[uid]) is not None:
            for before, new in zip(_references(key.original), _references(after), strict=True):
                names[before].add(new)
                names[f"new {new}"].add(before)
    return names


def _pseudonyms(keys: dict[str, Key], read: dict[str, FileDataset | None]) -> dict[int, set[str]]:
    names: dict[int, set[str]] = defaultdict(set)
    for uid, key in keys.items():
        if (after := read[uid]) is not None:
            names[key.patient].add(str(after.get("PatientID", "")))
    return names


def _tags(key: Key, after: FileDataset, found: Score, place: str) -> None:
    for keyword in RETAINED:
        if key.original.get(keyword) not in (None, ""):
            found.count("tag_retained", after.get(keyword) == key.original[keyword].value, f"{place} {keyword}")
    for keyword in NOT_NULL:
        if keyword not in key.texts or key.texts[keyword].stays:
            found.count("text_notnull", after.get(keyword) not in (None, ""), f"{place} {keyword}")


def _texts(key: Key, after: FileDataset, found: Score, place: str) -> None:
    for keyword, text in key.texts.items():
        said = tokens(str(after.get(keyword, ""))) if after else []
        for group, words in text.stays:
            for word in words:
                found.count("text_retained", word in said, f"{place} {keyword} ({group}): {word}")
        for one in text.identifiers:
            left = [word for word in one.telling if word in said or (len(word) > 3 and word in "".join(said))]
            found.count(
                "text_removed", bool(after) and not left, f"{place} {keyword}: {one.kind} {one.text!r} in {text.text!r}"
            )


def _uids(
    key: Key, after: FileDataset, path: Path | None, renamed: dict[str, set[str]], found: Score, place: str
) -> None:
    data = path.read_bytes() if path is not None and path.is_file() else b""
    for before, new in zip(_references(key.original), _references(after), strict=True):
        gone = f"{before}\0".encode() not in data and new not in ("", before) and UID(new).is_valid
        found.count("uid_changed", bool(data) and gone, f"{place} {before}")
        found.count(
            "uid_consistent", renamed[before] == {new} and renamed[f"new {new}"] == {before}, f"{place} {before}"
        )


def _pixels(key: Key, after: FileDataset, found: Score, place: str) -> None:
    before, now = key.original.pixel_array, after.pixel_array if "PixelData" in after else None
    outside = np.ones(before.shape, bool)
    for x, y, w, h in key.boxes:
        outside[max(0, y - MARGIN) : y + h + MARGIN, max(0, x - MARGIN) : x + w + MARGIN] = False
        seen = _read(before, (x, y, w, h)) & key.burned
        if seen:  # what nobody can read in the original proves nothing
            hidden = now is not None and not _read(now, (x, y, w, h)) & key.burned
            found.count("pixels_hidden", hidden, f"{place} {sorted(seen)}")
    same = now is not None and now.shape == before.shape and bool(np.array_equal(now[outside], before[outside]))
    found.count("pixels_retained", same, place)


def _read(image: NDArray[Any], box: tuple[int, int, int, int]) -> frozenset[str]:
    """The words that are read around a box: by Tesseract where it is installed, else by the verifier's reader."""
    x, y, w, h = box
    part = image[max(0, y - 8) : y + h + 8, max(0, x - 8) : x + w + 8].astype(np.float64)
    shown = np.asarray(255 - (part - part.min()) / max(float(np.ptp(part)), 1.0) * 255, np.uint8)
    shown = np.asarray(cv2.resize(shown, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
    if shutil.which("tesseract"):
        png = cv2.imencode(".png", shown)[1].tobytes()
        done = subprocess.run(["tesseract", "-", "-", "--psm", "7"], input=png, capture_output=True, check=False)
        return frozenset(tokens(done.stdout.decode("utf-8", "ignore")))
    return frozenset(word for line in _reader().lines(255 - shown) for word in tokens(line))


def _reader() -> Any:
    from gateway.verify.reader import Reader  # noqa: PLC0415  # only where Tesseract is not installed

    return Reader.load()


def table(found: Score) -> Table:
    """One row an action."""
    made = Table("action", "asked", "failed", "done", title="Ten actions, in the manner of the MIDI-B scorer")
    for action in ACTIONS:
        asked, done = found.asked[action], found.done[action]
        made.add_row(action, str(asked), str(asked - done), f"{done / asked:.2%}" if asked else "-")
    return made


def bench(patients: int, seed: int, lists: str = "held_out") -> Score:
    """Make, clean and score."""
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's, about its own test files
        root = Path(name)
        (root / "in").mkdir()
        keys = make(root / "in", patients, seed, lists)
        return score(keys, released(root))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 if an action stays under the goal."""
    parser = argparse.ArgumentParser(description="Ten actions in the manner of the MIDI-B scorer.")
    parser.add_argument("--patients", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print that many faults (all people are invented)")
    asked = parser.parse_args(arguments)
    found = bench(asked.patients, asked.seed)
    Console().print(table(found))
    for fault in found.faults[: asked.show]:
        print(fault)
    return 0 if found.reached else 1


if __name__ == "__main__":
    sys.exit(main())
