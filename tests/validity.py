"""What dciodvfy (Debian's dicom3tools) says of an instance: the same fault is the same message before and after cleaning."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydicom import dcmread

_VALUE = re.compile(r" = <[^>]*>|'[^']*'|\[\d+\]|\b0x[0-9a-f]+\b|(?<=: )-?\d+(\.\d+)?\b")
_DIFFERENCE = re.compile(r".* - Element=<\w+>")
_UNNAMED = "MediaStorageSOPClassUID but missing SOPClassUID"


@dataclass(frozen=True, slots=True)
class Said:
    """Errors and warnings by attribute, module and kind, without values, counted. ``whole``: the tool came to its end."""

    errors: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    whole: bool = True

    @property
    def examined(self) -> bool:
        """Whether the tool found the instance's class: else it does not know what to ask for."""
        return not any(_UNNAMED in error for error in self.errors)


def examine(path: Path) -> Said:
    """Let dciodvfy look at a file."""
    done = subprocess.run(["dciodvfy", "-new", path], capture_output=True, check=False)
    lines = done.stderr.decode("latin-1").splitlines()
    kinds = {kind: Counter(_plain(line) for line in lines if line.startswith(kind)) for kind in ("Error", "Warning")}
    return Said(kinds["Error"], kinds["Warning"], done.returncode >= 0)


def before(path: Path, place: Path) -> Said:
    """What the tool says of an original; of its standard elements, in order and with the class of its file meta, if it has to.

    The tool does not examine a fragment whose data set lacks SOP Class UID, nor a file whose elements it cannot follow. The
    gateway writes both so that they can be examined.
    """
    said = examine(path)
    if said.examined:
        return said
    return examine(_written_anew(path, place))


def _written_anew(path: Path, place: Path) -> Path:
    ds = dcmread(path, force=True)
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID
    ds.remove_private_tags()
    ds.save_as(place, enforce_file_format=True)
    return place


def new_faults(original: Path, written: Path, place: Path) -> tuple[Counter[str], Counter[str]]:
    """The errors and the warnings that an instance did not have before it was cleaned."""
    was, became = before(original, place), examine(written)
    if not became.whole:
        return Counter({"the tool cannot examine what was written": int(was.whole)}), Counter()
    return became.errors - was.errors, became.warnings - was.warnings


def compared(rows: Iterable[Mapping[str, str]], out: Path, place: Path) -> tuple[int, Counter[str], Counter[str]]:
    """How many released objects of a linkage were examined, and the errors and warnings that are new in them.

    Members of archives are left out: the tool reads files.
    """
    errors: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    examined = 0
    for row in rows:
        if row["status"] == "released" and "!" not in row["source"]:
            new_errors, new_warnings = new_faults(Path(row["source"]), out / row["path"], place)
            errors += new_errors
            warnings += new_warnings
            examined += 1
    return examined, errors, warnings


def new_contradictions(rows: Iterable[Mapping[str, str]], out: Path, place: Path) -> set[str]:
    """What dcentvfy finds to differ between instances of one patient, study or series that did not differ before.

    Both sides are given in the same order, since each instance is compared with one before it.
    """
    released = [row for row in rows if row["status"] == "released" and "!" not in row["source"]]
    originals = [
        _written_anew(Path(row["source"]), place / f"original-{number}.dcm") for number, row in enumerate(released)
    ]
    return _contradictions([out / row["path"] for row in released]) - _contradictions(originals)


def _contradictions(paths: list[Path]) -> set[str]:
    done = subprocess.run(["dcentvfy", *paths], capture_output=True, check=False)
    found = map(_DIFFERENCE.match, done.stderr.decode("latin-1").splitlines())
    return {line[0] for line in found if line}


def _plain(line: str) -> str:
    """A message without values and item numbers."""
    return " ".join(_VALUE.sub("", line).split())
