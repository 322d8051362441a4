"""Makes the sample studies: ``python samples/make.py OUT [--seed N]``.

``OUT/studies`` is what to give to the gateway, ``OUT/truth.json`` says what is in it. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

from pydicom import dcmwrite
from pydicom.fileset import FileSet

sys.path.insert(
    0, str(Path(__file__).resolve().parents[1])
)  # started as a script, only this folder would be on the path

from collections.abc import Iterable

from pydicom.dataset import FileDataset

from samples.people import PEOPLE
from samples.studies import ALL, Sample, cut_short

MEDIA = "media"
COPIED, COPY = "us/sokolova.dcm", "us/sokolova_copy.dcm"
TEXT = "mr/notes.dcm"


def make(out: Path, seed: int = 0) -> Path:
    """Write the sample studies and the truth about them below ``out``; return the folder of the studies.

    An earlier ``out/studies`` is replaced.
    """
    studies = out / "studies"
    shutil.rmtree(studies, ignore_errors=True)
    samples = [sample for build in ALL for sample in build(seed)]
    held = {sample.path for sample in cut_short(seed)}
    for sample in samples:
        if "!" not in sample.path and not sample.path.startswith(MEDIA):
            _write(studies / sample.path, _encoded(sample.dataset))
    _write_archives(studies, [sample for sample in samples if "!" in sample.path])
    media = _write_media(studies / MEDIA, [sample for sample in samples if sample.path.startswith(MEDIA)])
    _write(studies / COPY, (studies / COPIED).read_bytes())
    _write(studies / TEXT, b"Remember to ask for the missing slices.\n")
    truth = {
        "seed": seed,
        "people": [{"name": person.name, "burned": person.burned, "ordinary": person.ordinary} for person in PEOPLE],
        "files": [_truth(sample, media.get(sample.path, sample.path), sample.path in held) for sample in samples]
        + [{"path": COPY, "expected": "duplicate"}, {"path": TEXT, "expected": "not_dicom"}]
        + [{"path": f"{MEDIA}/DICOMDIR", "expected": "not_dicom"}],
    }
    _write(out / "truth.json", json.dumps(truth, indent=1, sort_keys=True, ensure_ascii=False).encode())
    return studies


def _truth(sample: Sample, path: str, held: bool) -> dict[str, Any]:  # noqa: FBT001  # said by name at its only call
    """What a check needs to know about one file. ``common`` strings are no use in a search of bytes."""
    return {
        "path": path,
        "expected": "quarantined" if held else "released",
        "study": sample.dataset.StudyInstanceUID,
        "header": sorted(sample.planted.strings),
        "common": sorted(sample.planted.common),
        "burned_in": [
            {"text": line.text, "identifying": line.identifying, "box": list(line.box)} for line in sample.burned
        ],
    }


def _encoded(ds: FileDataset) -> bytes:
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_archives(studies: Path, members: Iterable[Sample]) -> None:
    """Zip archives, with a fixed date in their directories."""
    for member in members:
        archive, _, name = member.path.partition("!")
        with zipfile.ZipFile(studies / archive, "a", zipfile.ZIP_DEFLATED) as stream:
            stream.writestr(zipfile.ZipInfo(name), _encoded(member.dataset), zipfile.ZIP_DEFLATED)


def _write_media(folder: Path, samples: Iterable[Sample]) -> dict[str, str]:
    """A CD with its DICOMDIR; return the path on it of each sample."""
    media, paths = FileSet(), {}
    for sample in samples:
        media.UID = sample.dataset.StudyInstanceUID + ".1"
        instance = media.add(sample.dataset)
        paths[sample.path] = f"{MEDIA}/{Path(instance.FileID).as_posix()}"
    folder.mkdir(parents=True)
    media.write(folder)
    media._stage["t"].cleanup()  # noqa: SLF001  # pydicom leaves its temporary folder to the garbage collector, with a warning
    return paths


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make sample studies of invented patients.")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--seed", type=int, default=0, help="another number gives other UIDs and other noise")
    arguments = parser.parse_args()
    print(make(arguments.out, arguments.seed))
