"""The coordinator's ID table: exact, consistent, and never echoed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.errors import IdTableError
from gateway.idtable import read_id_table


def table(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_patients_are_read_with_their_leading_zeros(tmp_path: Path) -> None:
    text = "\ufeffpatient_id, research_id ,note\n0010,R-1,x\n 10 ,R-2,\n,,\n"
    assert read_id_table(table(tmp_path / "t.csv", text.replace(" research_id ", "research_id"))) == {
        "0010": "R-1",
        "10": "R-2",
    }


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id,research\n1,2\n", "columns"),
        ("patient_id,research_id\nOK-4471902,R-1\nOK-4471902,R-2\n", "second research ID"),
        ("patient_id,research_id\nOK-4471902,R-1\nLQ-0093318,r-1\n", "two patients"),
        ("patient_id,research_id\nOK-4471902,R 1\n", "Line 2"),
        ("patient_id,research_id\nOK-4471902,../x\n", "Line 2"),
        ("patient_id,research_id\nOK-4471902,\n", "Line 2"),
        ("patient_id,research_id\n,R-1\n", "Line 2"),
        ("patient_id,research_id\nOK-4471902,OK-4471902\n", "itself a patient ID"),
        ("", "columns"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_without_its_values(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(IdTableError, match=what) as error:
        read_id_table(table(tmp_path / "t.csv", text))
    assert "OK-44" not in str(error.value)


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(IdTableError, match="UTF-8"):
        read_id_table(tmp_path / "t.csv")
    with pytest.raises(IdTableError):
        read_id_table(tmp_path / "missing.csv")
