"""A name whose character set is declared wrongly is known to the verifier in every way it can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import instance
from verify.handmade import Staged

from gateway.verify import checks


@pytest.mark.parametrize(
    ("declared", "codec", "name"),
    [
        ("ISO_IR 100", "utf-8", "ÇELİKOĞLU"), ("ISO_IR 192", "latin-1", "HÄMÄLÄINEN"), ("", "utf-8", "HÄMÄLÄINEN"),
        ("ISO_IR 144", "utf-8", "Ковалёв"), ("ISO_IR 100", "latin-1", "HÄMÄLÄINEN"), ("ISO_IR 144", "iso8859-5", "Ковалёв"),
        ("ISO_IR 192", "iso8859-1", "PRÉVÔTÉ"), ("GB18030", "gb18030", "欧阳小东"),
    ],
)  # fmt: skip
def test_a_leaked_name_is_found(tmp_path: Path, declared: str, codec: str, name: str) -> None:
    staged = Staged(tmp_path)
    data = name.encode(codec)
    data += b" " * (len(data) % 2)
    filling = "Q" * len(data)
    original = instance(SpecificCharacterSet=declared, OperatorsName=filling)

    def leak(written: object) -> None:
        written.SpecificCharacterSet = "ISO_IR 192"  # type: ignore[attr-defined]  # a data set
        written.ProtocolName = f"axial {name}"  # type: ignore[attr-defined]

    staged.add(original, change=leak)
    path = Path(staged.pairs[0].original.path)
    assert checks.IDENTIFIER_IN_TEXT not in staged.found()
    path.write_bytes(path.read_bytes().replace(filling.encode(), data))
    assert checks.IDENTIFIER_IN_TEXT in staged.found()
