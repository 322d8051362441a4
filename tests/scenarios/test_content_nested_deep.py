"""A report whose items stand in each other: as deep as anybody writes one it is released, deeper it is held for a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from batches import run
from builders import code, instance, key_object, write
from pydicom.dataset import Dataset


@pytest.mark.parametrize(("depth", "codes"), [(99, []), (100, ["NESTED_TOO_DEEP"]), (200, ["NESTED_TOO_DEEP"])])
def test_items_in_items(tmp_path: Path, depth: int, codes: list[str]) -> None:
    report = key_object(instance())
    below: list[Dataset] = []
    for _ in range(depth):
        item = Dataset()
        item.RelationshipType, item.ValueType, item.TextValue = "CONTAINS", "TEXT", "normal heart size"
        item.ConceptNameCodeSequence = [code("121071", "DCM", "Finding")]
        item.ContentSequence = below
        below = [item]
    report.ContentSequence = below
    write(report, tmp_path / "in" / "1.dcm")
    result = run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", code=3 if codes else 0)
    assert [item["code"] for item in result["items"]] == codes
