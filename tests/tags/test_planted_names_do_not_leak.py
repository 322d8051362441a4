"""A name planted in every attribute of the data dictionary does not leave, except where a decision says so."""

from __future__ import annotations

from io import BytesIO

import pytest
from builders import instance
from tags.cleaning import clean, put_raw

from gateway.tags import standard, values
from gateway.tags.standard import keyword

# Samples, tables and geometry are kept as they are (docs/decisions/010).
STAYS = {tag for tag, decided in standard.unlisted().items() if decided.treatment == "binary"}


def tags(vr: str) -> list[int]:
    found = [keyword(word)[0] for word in standard.keywords()]
    return [tag for tag in found if tag is not None and keyword_vr(tag) == vr and tag not in STAYS]


def keyword_vr(tag: int) -> str:
    row = standard.attribute(tag)
    return row.vr if row else ""


@pytest.mark.parametrize("name", ["basic", "research"])
@pytest.mark.parametrize(
    "vr",
    sorted(values.STRINGS | values.BINARY),
)
def test_no_attribute_lets_a_name_through(vr: str, name: str) -> None:
    dataset = instance()
    for tag in tags(vr):
        if tag not in {0x00080016, 0x00420011}:
            put_raw(dataset, tag, vr, b"OKONKWO ")
    out, changes = clean(dataset, name)
    written = BytesIO()
    out.save_as(written, enforce_file_format=True)
    assert b"okonkwo" not in written.getvalue().lower()
    assert len(changes) > len(tags(vr))


SPELLINGS = [
    ("MÜLLER^JÖRG", "MUELLER"),
    ("MÜLLER^JÖRG", "Joerg soft"),
    ("MÜLLER^JÖRG", "MULLER"),
    ("MÜLLER^JÖRG", "xMuellerx"),
    ("MUELLER^JOERG", "MÜLLER"),
    ("MUELLER^JOERG", "MU\u0308LLER"),
    ("MUELLER^JOERG", "Muller"),
    ("MULLER^JORG", "MUELLER"),
    ("MULLER^JORG", "Müller"),
    ("STRAUß^ÅSE", "STRAUSS"),
    ("STRAUSS^AASE", "strauß"),
    ("BJØRKLUND^ÅSE", "Bjorklund"),
    ("BJØRKLUND^ÅSE", "BJOERKLUND Aase"),
    ("BJORKLUND^ASE", "Bjørklund"),
    ("ÆGIDIUS^SEÑORA", "AEGIDIUS"),
    ("WAŁĘSA^LECH", "WALESA"),
    ("WALESA^LECH", "Wałęsa"),
    ("PEÑA^MARÍA", "PENA"),
]


@pytest.mark.parametrize(("name", "text"), SPELLINGS)
def test_a_name_in_another_spelling_does_not_leave(name: str, text: str) -> None:
    dataset = instance(SpecificCharacterSet="ISO_IR 192", PatientName=name, PatientID="AB-77120")
    dataset.FilterType = dataset.ConvolutionKernel = dataset.ManufacturerModelName = text
    if text.isascii():
        dataset.PositionerType = text.upper()
    out, _ = clean(dataset)
    left = [str(out.get(keyword, "")) for keyword in ("FilterType", "ConvolutionKernel", "ManufacturerModelName")]
    assert not [value for value in left if text.partition(" ")[0] in value]
    assert "PositionerType" not in out or out.PositionerType != text.upper()


@pytest.mark.parametrize("text", ["Manual", "SOFT", "B30s", "Mull", "Samul 3", "Müsli"])
def test_another_word_stays(text: str) -> None:
    dataset = instance(SpecificCharacterSet="ISO_IR 192", PatientName="MÜLLER^SAMANTHA", FilterType=text)
    assert clean(dataset)[0].FilterType == text
