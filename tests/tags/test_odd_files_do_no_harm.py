"""Every file of pydicom's package goes through, or is refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import data as pydicom_data
from pydicom import dcmread
from pydicom.errors import InvalidDicomError
from tags.cleaning import clean

from gateway.errors import Quarantine

FOLDER = Path(pydicom_data.__file__).parent
FILES = sorted(
    path for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc", ".json", ".txt", ".md"}
)


@pytest.mark.parametrize("name", ["basic", "research"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_goes_through_or_is_refused(tmp_path: Path, path: Path, name: str) -> None:
    try:
        dataset = dcmread(path, force=True)
    except (InvalidDicomError, NotImplementedError, EOFError, AttributeError, ValueError):
        return  # what cannot be read never reaches this step
    try:
        out, changes = clean(dataset, name)
    except Quarantine:
        return
    out.save_as(tmp_path / "out.dcm", enforce_file_format=True)
    written = dcmread(tmp_path / "out.dcm")
    assert written.PatientIdentityRemoved == "YES"
    assert not any(element.tag.is_private for element in written.iterall())
    assert changes
