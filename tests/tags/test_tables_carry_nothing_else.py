"""Lookup tables keep their entries and colour profiles their numbers; own numbers in numbers, UIDs and codes go."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import code, instance
from PIL import Image, ImageCms
from pydicom.dataset import Dataset, FileDataset
from tags.cleaning import cleaned, reread

from gateway.records import Identifiers
from gateway.tags.mentions import mentions

NAME = "Trelawnisson"


def profile(name: str = NAME) -> bytes:
    """A real profile with a name in one of its texts, as a monitor's calibration writes it."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = data.index("sRGB".encode("utf-16-be"))
    text = name.encode("utf-16-be")
    return data[:found] + text + data[found + len(text) :]


def build(*tags: tuple[bytes, bytes], between: bytes = b"", signature: bytes = b"acsp") -> bytes:
    """A profile of these tags (signature, data)."""
    start = 132 + 12 * len(tags)
    table, body = b"", b""
    for name, data in tags:
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4) + between
    size = struct.pack(">I", start + len(body))
    return size + bytes(32) + signature + bytes(88) + struct.pack(">I", len(tags)) + table + body


def stays(data: bytes, folder: Path) -> bytes | None:
    value: bytes | None = reread(cleaned(instance(ICCProfile=data)), folder).get("ICCProfile")
    return value


def test_a_real_profile_keeps_its_colours_and_loses_its_texts(tmp_path: Path) -> None:
    plain = stays(profile(), tmp_path)
    assert plain is not None
    assert NAME.encode("utf-16-be") not in plain
    image = Image.fromarray(np.arange(192, dtype=np.uint8).reshape(8, 8, 3))
    lab = ImageCms.createProfile("LAB")

    def seen(data: bytes) -> bytes:
        opened = ImageCms.ImageCmsProfile(BytesIO(data))
        return ImageCms.applyTransform(image, ImageCms.buildTransform(opened, lab, "RGB", "LAB")).tobytes()  # type: ignore[union-attr]  # not in place

    assert seen(plain) == seen(profile())


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (b"cprt", b"text" + bytes(4) + NAME.encode() + b"\0", b"text" + bytes(4) + b" " * len(NAME) + b"\0"),
        (b"desc", b"desc" + bytes(4) + b"\0\0\0\5Treo\0more", b"desc" + bytes(4) + b"\0\0\0\5    \0"),
        (b"dmnd", b"desc" + bytes(4) + struct.pack(">I", 99) + b"Treo\0", b"desc"),
        (b"cprt", b"text" + bytes(4), b"text"),
        (b"dmdd", b"mluc" + bytes(4) + b"\0\0\0\1", b"mluc"),
        (b"meta", b"dict" + bytes(4) + NAME.encode(), b"dict"),
        (b"wtpt", b"XYZ " + bytes(4) + b"\1\2\3\4" * 3, b"XYZ " + bytes(4) + b"\1\2\3\4" * 3),
    ],
)  # fmt: skip
def test_texts_of_every_kind_become_blank(tmp_path: Path, kind: bytes, before: bytes, after: bytes) -> None:
    plain = stays(build((kind, before), between=b"Trelawny"), tmp_path)
    assert plain is not None
    assert plain[144 : 144 + len(before)] == after.ljust(len(before), b"\0")
    assert not plain[144 + len(before) :].strip(b"\0")


def test_a_profile_that_is_none_is_removed(tmp_path: Path) -> None:
    good = build((b"wtpt", b"XYZ " + bytes(16)))
    assert stays(good, tmp_path) == good
    for bad in (
        b"name",
        build(signature=b"none"),
        good[:-4],
        build((b"wtpt", b"XYZ ")),
        good[:140] + b"\xff" * 8 + good[148:],
    ):
        assert stays(bad, tmp_path) is None


@pytest.mark.parametrize(
    ("bits", "entries", "stored", "kept"),
    [(16, 256, 512, 512), (16, 256, 530, 512), (16, 256, 100, 100), (16, 0, 131072 + 8, 131072),
     (8, 256, 256, 256), (8, 256, 270, 256), (8, 256, 530, 512), (8, 5, 7, 6)],
)  # fmt: skip
def test_tables_end_where_their_descriptors_say(
    tmp_path: Path, bits: int, entries: int, stored: int, kept: int
) -> None:
    data = np.random.default_rng(1).bytes(stored) + bytes(stored % 2)
    descriptor = [entries, 0, bits]
    ds = instance(RedPaletteColorLookupTableDescriptor=descriptor, RedPaletteColorLookupTableData=data)
    assert reread(cleaned(ds), tmp_path).RedPaletteColorLookupTableData == data[:kept]


def test_a_nested_table_and_one_without_a_descriptor(tmp_path: Path) -> None:
    inner = Dataset()
    inner.add_new(0x00283002, "US", [4, 0, 16])
    inner.add_new(0x00283006, "OW", bytes(range(12)))
    ds = instance(VOILUTSequence=[inner], BluePaletteColorLookupTableData=bytes(10))
    written = reread(cleaned(ds), tmp_path)
    assert written.VOILUTSequence[0]["LUTData"].value == bytes(range(8))
    assert written.BluePaletteColorLookupTableData == bytes(10)


def own(**attributes: Any) -> FileDataset:
    return instance(PatientID="943658271606", OperatorsName="Claverhulm^Edith", **attributes)


def test_own_numbers_do_not_stay_in_numbers_and_uids(tmp_path: Path) -> None:
    region = code("818981001", "SCT", "Abdomen")
    region.CodingSchemeUID, region.ContextUID = "1.2.943658271606", "1.2.840.113619"
    written = reread(cleaned(own(SliceThickness="943658271606", KVP="120", AnatomicRegionSequence=[region])), tmp_path)
    assert written["SliceThickness"].is_empty
    assert written.KVP == 120
    assert written.AnatomicRegionSequence[0].CodingSchemeUID.startswith("2.25.")
    assert written.AnatomicRegionSequence[0].ContextUID == "1.2.840.113619"


def test_a_long_name_is_found_inside_a_private_code(tmp_path: Path) -> None:
    written = reread(cleaned(own(ProcedureCodeSequence=[code("CT_CLAVERHULM", "99CLAVERHULM", "CT")])), tmp_path)
    procedure = written.ProcedureCodeSequence[0]
    assert (procedure.CodeValue, procedure.CodingSchemeDesignator) == ("DEIDENTIFIED", "99DEID")


def test_a_label_that_is_required_becomes_a_dummy(tmp_path: Path) -> None:
    assert reread(cleaned(instance(ContentLabel="TRELAWNISSON")), tmp_path).ContentLabel == "DEIDENTIFIED"
    assert reread(cleaned(instance(ContentLabel="LEFT")), tmp_path).ContentLabel == "LEFT"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Duanmu^Qinghe=端木^清荷", "端木清荷的随访"),
        ("=五百蔵谷^智康", "五百蔵谷様のご家族"),
        ("=남궁^별하늬", "남궁별하늬님"),
    ],
)
def test_a_name_in_a_script_that_does_not_part_words_is_found_inside_a_phrase(name: str, text: str) -> None:
    own = Identifiers(names=frozenset(name.split("=")))
    assert mentions(own).found_in(text)
    assert not mentions(own).found_in("頭部単純")


@pytest.mark.parametrize("said", ["4471902", "no. 4471902", "0004471902"])
def test_an_own_number_without_its_letters_is_found(said: str) -> None:
    own = mentions(Identifiers(ids=frozenset({"OK-4471902", "A-123"})))
    assert own.found_in(said)
    assert not own.found_in("123")
    assert not own.found_in("84471902")


def test_an_own_number_without_its_letters_goes_from_numbers() -> None:
    out = cleaned(instance(PatientID="OK-4471902", ExposureTime="4471902", XRayTubeCurrent="447190"))
    assert out.get("ExposureTime") in {None, ""}
    assert out.XRayTubeCurrent == 447190
