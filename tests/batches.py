"""Batches of studies on disk, runs of the real command, and comparisons of what they wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from builders import PEOPLE, instance, key_object, write
from numpy.typing import NDArray


def burn(image: NDArray[Any], *lines: str, x: int = 12, y: int = 30, size: float = 0.7) -> NDArray[Any]:
    """Write lines of text into a copy of an image, at the highest value its pixels have."""
    written = image.copy()
    for number, line in enumerate(lines):
        place = (x, y + round(number * 40 * size))
        cv2.putText(written, line, place, cv2.FONT_HERSHEY_SIMPLEX, size, int(image.max()), 1, cv2.LINE_AA)
    return written


def small_batch(root: Path, studies: int = 6) -> Path:
    """Write studies of several people: slices without text, a key object, a screen with a burned-in banner."""
    for number in range(1, studies + 1):
        person = (number - 1) % len(PEOPLE) + 1
        for slice_number in range(1, 4):
            ds = instance(person, number, 1, slice_number)
            write(ds, root / f"study{number}" / f"{slice_number}.dcm")
        write(key_object(instance(person, number, 1, 1)), root / f"study{number}" / "ko.dcm")
    name, patient_id, born, _ = PEOPLE[0]
    screen = burn(
        np.full((240, 480), 30, np.uint8) + np.eye(240, 480, dtype=np.uint8) * 200,
        name.replace("^", " "),
        patient_id,
        born,
    )
    write(instance(1, 1, 2, 1, image=screen, Modality="US"), root / "study1" / "screen.dcm")
    return root


def command(*arguments: str | Path, home: Path) -> list[str]:
    """The command line of ``gateway`` in this Python, with its home."""
    return [sys.executable, "-m", "gateway", *map(str, arguments), "--home", str(home)]


@dataclass(frozen=True)
class Cost:
    """What a finished process used: its exit code, processor time in seconds, the most memory it held in MiB; its last words."""

    code: int
    seconds: float
    megabytes: float
    said: str = field(default="", repr=False)


# A process inherits the peak of memory of the one that starts it: a test run of a gigabyte would count as its child's. So a
# small process starts the one that is measured, and tells what that one used.
_MEASURE = """\
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def cost(line: Iterable[str | Path]) -> Cost:
    """Run a command line to its end and measure it."""
    done = subprocess.run([sys.executable, "-c", _MEASURE, *map(str, line)], capture_output=True, text=True, check=True)
    code, seconds, megabytes = done.stdout.split()
    return Cost(int(code), float(seconds), float(megabytes), done.stderr[-4000:])


def gateway(
    *arguments: str | Path, home: Path, code: int | None = 0, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the real command to its end; check its exit code unless ``code`` is None."""
    done = subprocess.run(command(*arguments, home=home), capture_output=True, text=True, check=False, env=env)
    assert code is None or done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def run(sources: Sequence[Path], out: Path, home: Path, *options: str, code: int | None = 0) -> Mapping[str, Any]:
    """``gateway run --json``, and the object it printed."""
    done = gateway("run", *sources, "--out", out, "--json", *options, home=home, code=code)
    result: Mapping[str, Any] = json.loads(done.stdout)
    return result


def unmeasured() -> dict[str, str]:
    """The environment for a process whose coverage is not taken: a killed one would leave a torn data file behind."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}


def tree(root: Path) -> dict[str, str]:
    """Every file below ``root`` with the digest of its bytes; empty folders are named too."""
    found = {}
    for folder, folders, names in os.walk(root):
        where = Path(folder).relative_to(root)
        found.update({str(where / name): sha256((Path(folder) / name).read_bytes()).hexdigest() for name in names})
        if not folders and not names and where != Path():
            found[f"{where}/"] = "empty"
    return found


_CODECS = (
    "utf-8", "latin-1", "utf-16-le", "utf-16-be", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_8", "iso2022_jp", "shift_jis",
    "euc_kr", "iso2022_kr", "gb18030",
)  # fmt: skip


def leaks(root: Path, strings: Iterable[str]) -> list[tuple[str, str]]:
    """Which of the strings stand in a name or in the bytes of a file below ``root``, whatever their case and encoding."""
    wanted = [(string, needle) for string in strings for needle in _needles(string)]
    found = []
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        data = name.lower().encode() + b"\0" + (path.read_bytes().lower() if path.is_file() else b"")
        found += [(string, name) for string, needle in wanted if needle in data]
    return list(dict.fromkeys(found))


def _needles(string: str) -> set[bytes]:
    """The string in every encoding that can hold it; ASCII letters in lower case, as the bytes that are searched."""
    found = set()
    for form in (string, string.lower(), string.upper(), string.title()):
        for codec in _CODECS:
            try:
                # without the shift to JIS and back: it stands only where the character set changes
                found.add(form.encode(codec).removeprefix(b"\x1b$B").removesuffix(b"\x1b(B").lower())
            except UnicodeEncodeError:
                continue
    return found
