"""Bytes and numbers that are nothing but text do not leave; numbers do."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import instance
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset, FileDataset
from tags.cleaning import clean, cleaned, put_raw

from gateway.tags.octets import is_text

WORDS = b"recorded for Hollingbery, Edgar "
BINARY = {
    "VectorGridData": "OF",
    "RedPaletteColorLookupTableData": "OW",
    "SegmentedRedPaletteColorLookupTableData": "OW",
    "PointCoordinatesData": "OF",
    "CoordinateSystemAxisValues": "OB",
}


@pytest.mark.parametrize("keyword", BINARY)
@pytest.mark.parametrize("said", [WORDS, WORDS + b"\0\0", WORDS.decode().encode("utf-16-le")])
def test_a_text_in_place_of_bytes_goes(keyword: str, said: bytes) -> None:
    dataset = instance()
    dataset.add_new(keyword_tag(keyword), BINARY[keyword], said)
    out, changes = clean(dataset)
    assert said[:8] not in bytes(out.get(keyword) or b"")
    assert "bytes-with-text" in {change.rule for change in changes}


def test_a_ramp_that_holds_an_own_number_by_chance_stays() -> None:
    ramp = bytes(range(256))
    dataset = instance(PatientID="123456", RedPaletteColorLookupTableData=ramp)
    assert cleaned(dataset).RedPaletteColorLookupTableData == ramp


def test_waveforms_stay_unless_they_are_text() -> None:
    def recorded(data: bytes) -> FileDataset:
        item = Dataset()
        item.WaveformBitsAllocated, item.WaveformSampleInterpretation = 16, "SS"
        item.add_new(0x54001010, "OW", data)
        return instance(WaveformSequence=[item])

    wave = (np.sin(np.arange(400) / 9) * 800).astype("<i2").tobytes()
    assert cleaned(recorded(wave)).WaveformSequence[0].WaveformData == wave
    assert b"Hollingbery" not in bytes(cleaned(recorded(WORDS * 4)).WaveformSequence[0].get("WaveformData") or b"")


@pytest.mark.parametrize(
    ("keyword", "vr"), [("LUTFrameRange", "UL"), ("GraphicData", "FL"), ("FrameAcquisitionDuration", "FD")]
)
def test_a_text_in_place_of_numbers_goes(keyword: str, vr: str) -> None:
    dataset = put_raw(instance(), keyword_tag(keyword), vr, WORDS)
    assert keyword_tag(keyword) not in (out := cleaned(dataset)) or out[keyword].value in (None, [], 0, 0.0)


@pytest.mark.parametrize(
    "numbers",
    [
        struct.pack("<12h", *range(12)),
        struct.pack("<6d", *(0.1 * n for n in range(6))),
        struct.pack("<6f", *(33.3 * n for n in range(6))),
        struct.pack("<3f", 12.141, 12.141, 12.141),
        b"ABABABABABABABABABAB",
        b"abcdefgh",
        b"0123456789-=+;/.,<>?!@",
        b"",
        bytes(40),
    ],
)
def test_numbers_are_no_text(numbers: bytes) -> None:
    assert not is_text(numbers)


def keyword_tag(keyword: str) -> int:
    tag: Any = tag_for_keyword(keyword)
    return int(tag)


@pytest.mark.parametrize("keyword", ["LUTExplanation", "WindowCenterWidthExplanation", "FilterType", "AlgorithmName"])
def test_a_technical_text_loses_a_person_with_a_title(keyword: str) -> None:
    for said, stays in (("left of Dr Hollingbery", "left"), ("NK5 feature_001", "NK5 feature_001")):
        dataset = instance()
        setattr(dataset, keyword, said)
        assert cleaned(dataset).get(keyword) == stays


def test_a_maker_may_be_called_as_a_person() -> None:
    assert cleaned(instance(Manufacturer="Dr Sennewald"))["Manufacturer"].value == "Dr Sennewald"


def test_codes_beyond_what_an_attribute_can_hold_are_cut_off() -> None:
    dataset = put_raw(instance(), keyword_tag("PhotometricInterpretation"), "CS", b"MONOCHROME2\\HOLLINGBERY")
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    out, changes = clean(dataset)
    assert out.PhotometricInterpretation == "MONOCHROME2"
    assert list(out.ImageType) == ["ORIGINAL", "PRIMARY", "AXIAL"]
    assert "excess" in {change.rule for change in changes}


def test_an_offset_that_is_kept_is_an_offset(tmp_path: Path) -> None:
    path = tmp_path / "full.yaml"
    path.write_text(
        "name: full\nedition: 2026c\ndescription: keeps dates\noptions: [BasicApplicationConfidentialityProfile, "
        "CleanPixelDataOption, RetainLongitudinalTemporalInformationFullDatesOption]\n"
    )
    assert cleaned(instance(TimezoneOffsetFromUTC="+01:00"), str(path)).TimezoneOffsetFromUTC == "+0100"
    assert cleaned(instance(TimezoneOffsetFromUTC="Hollingbery"), str(path)).get("TimezoneOffsetFromUTC") in {None, ""}
