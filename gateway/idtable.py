"""The coordinator's ID table: which research identifier each patient gets."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from gateway.errors import IdTableError

_RESEARCH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # a folder name everywhere, and a legal LO and PN


def read_id_table(path: Path) -> Mapping[str, str]:
    """Read a CSV with the columns ``patient_id,research_id`` into a mapping.

    Patient IDs are compared exactly, leading zeros included, with only the spaces around them removed (PS3.5 6.2: leading
    and trailing spaces of LO are not significant).

    Raises:
        IdTableError: the table cannot be read, lacks a column, contradicts itself, gives one research ID to two patients,
            or holds a research ID that is no safe name or is a patient ID. Messages name the line, never the value.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise IdTableError("The ID table cannot be read; it must be a CSV file in UTF-8.") from None
    reader = csv.DictReader(text.splitlines(), skipinitialspace=True)
    if not {"patient_id", "research_id"} <= set(reader.fieldnames or ()):
        raise IdTableError("The ID table needs the columns patient_id and research_id in its first line.")
    table: dict[str, str] = {}
    for row in reader:
        patient, research = (row["patient_id"] or "").strip(), (row["research_id"] or "").strip()
        if not patient and not research:
            continue
        if not patient or not _RESEARCH_ID.fullmatch(research) or research.endswith("."):
            raise IdTableError(
                f"Line {reader.line_num} of the ID table lacks a patient ID, or its research ID is not made of up to 64 "
                "letters, digits, dots, hyphens and underscores."
            )
        if table.setdefault(patient, research) != research:
            raise IdTableError(f"Line {reader.line_num} of the ID table gives a patient a second research ID.")
    if len({research.casefold() for research in table.values()}) < len(table):
        raise IdTableError("The ID table gives one research ID to two patients.")
    if set(table) & set(table.values()):
        raise IdTableError(
            "A research ID of the ID table is itself a patient ID; choose research IDs that say nothing."
        )
    return table
