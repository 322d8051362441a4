"""Grouping by study, duplicates, conflicts, and UIDs that are missing."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from builders import instance, key_object, uid, write
from pydicom import dcmread, dcmwrite
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset
from pydicom.pixels.utils import compress
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    RLELossless,
)

from gateway.sources import Index, index, patients, receive


def names(result: Index) -> list[list[str]]:
    return [[Path(item.file.path).name for item in study.instances] for study in result.studies]


def test_instances_are_grouped_by_study_and_ordered_by_their_uids(tmp_path: Path) -> None:
    for number, name in ((1, "z"), (2, "a")):
        for study in (1, 2):
            write(instance(study=study, number=number), tmp_path / f"{name}{study}")
    seen: list[tuple[int, int]] = []
    result = index(receive([tmp_path]), lambda done, total: seen.append((done, total)))
    assert names(result) == [["z1", "a1"], ["z2", "a2"]]
    assert [study.uid for study in result.studies] == [uid(1, 1), uid(1, 2)]
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_same_bytes_again_are_a_duplicate_of_the_first_by_name(tmp_path: Path) -> None:
    for name in ("c", "a", "b"):
        write(instance(), tmp_path / name)
    result = index(receive([tmp_path / "c", tmp_path]))
    assert names(result) == [["a"]]
    assert [(Path(file.path).name, Path(of.file.path).name) for file, of in result.duplicates] == [
        ("b", "a"),
        ("c", "a"),
    ]


def encoded(ds: FileDataset, syntax: str) -> FileDataset:
    """The same instance in another encoding."""
    if syntax == ExplicitVRBigEndian:
        ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
        ds.RedPaletteColorLookupTableData = (
            np.frombuffer(ds.RedPaletteColorLookupTableData, "<u2").astype(">u2").tobytes()
        )
    if syntax in (JPEG2000Lossless, RLELossless):
        compress(ds, syntax, generate_instance_uid=False)
    else:
        ds.file_meta.TransferSyntaxUID = UID(syntax)
        ds.set_original_encoding(syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian)
    return ds


def rich() -> FileDataset:
    """An instance with a value of every sort that encodings write differently."""
    ds = instance()
    ds.RedPaletteColorLookupTableData = bytes(range(64))
    ds["RedPaletteColorLookupTableData"].VR = "OW"
    ds.GridFrameOffsetVector = [0, 1.5]
    ds.ReferencedImageSequence = [key_object(instance())]
    ds.LossyImageCompressionRatio = None
    ds.FrameIncrementPointer = [0x00181063, 0x00181065]
    ds.add_new(0x00189219, "SS", [-3, 4])
    ds.add_new(0x00090010, "LO", "IMAGINARY 1")
    ds.add_new(0x00091010, "LO", "private")
    ds.add_new(0x00091011, "US", 8192)
    ds.add_new(0x00091012, "UI", "1.2.3")
    ds.add_new(0x00080000, "UL", 1234)
    ds.PixelPaddingValue = 0
    ds["PixelPaddingValue"].VR = "US"
    return ds


@pytest.mark.parametrize(
    "syntax",
    [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, RLELossless, JPEG2000Lossless],
)
def test_the_same_content_in_another_encoding_is_a_duplicate(tmp_path: Path, syntax: str) -> None:
    write(rich(), tmp_path / "a")
    write(encoded(rich(), syntax), tmp_path / "b")
    result = index(receive([tmp_path]))
    assert names(result) == [["a"]]
    assert [Path(file.path).name for file, _ in result.duplicates] == ["b"]


def test_padding_and_character_set_are_no_difference(tmp_path: Path) -> None:
    write(instance(PatientName="J\u00f8rgensen"), tmp_path / "a")
    other = instance(PatientName="J\u00f8rgensen", SpecificCharacterSet="ISO_IR 100", DataSetTrailingPadding=bytes(90))
    write(other, tmp_path / "b")
    assert len(index(receive([tmp_path])).duplicates) == 1


@pytest.mark.parametrize("character_set", ["ISO_IR 192", "ISO 2022 IR 87", "GB18030"])
@pytest.mark.parametrize("nested", [False, True])
def test_texts_that_differ_in_bytes_that_nobody_can_decode_differ(
    tmp_path: Path, character_set: str, *, nested: bool
) -> None:
    for name, octets in (("a", b"seen \xff\xfe"), ("b", b"seen \xfe\xff")):
        ds = instance(SpecificCharacterSet=character_set)
        item = Dataset()
        item.add_new(0x00204000, "LT", octets)
        if nested:
            ds.ReferencedImageSequence = [item]
        else:
            ds.add(item[0x00204000])
        write(ds, tmp_path / name)
    result = index(receive([tmp_path]))
    assert names(result) == [["a"]]
    assert [item.code for item in result.refused] == ["UID_CONFLICT"]


def test_colour_samples_in_another_order_are_no_difference(tmp_path: Path) -> None:
    image = np.random.default_rng(7).integers(0, 255, (16, 16, 3), np.uint8)
    write(instance(image=image), tmp_path / "a")
    other = instance(image=image, PlanarConfiguration=1)
    other.PixelData = np.moveaxis(image, 2, 0).tobytes()
    write(other, tmp_path / "b")
    assert len(index(receive([tmp_path])).duplicates) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"PatientName": "FAIRWEATHER^PRUDENCE"},
        {"SeriesDescription": None},
        {"PhotometricInterpretation": "MONOCHROME1"},
        {"StudyInstanceUID": uid(1, 2)},
        {"SmallestImagePixelValue": 0x2000},  # whose bytes look like padding
        {"image": np.ones((64, 64), np.uint16)},
        {"ReferencedImageSequence": [Dataset()]},
    ],
)
def test_the_same_uid_on_other_content_is_a_conflict(tmp_path: Path, change: dict[str, object]) -> None:
    plain = {"SmallestImagePixelValue": 0} if "SmallestImagePixelValue" in change else {}
    write(instance(**plain), tmp_path / "a")  # type: ignore[arg-type]  # attributes by keyword
    write(instance(**change), tmp_path / "b")  # type: ignore[arg-type]  # image among attributes
    write(instance(**change), tmp_path / "c")  # type: ignore[arg-type]  # image among attributes
    write(instance(number=2), tmp_path / "d")
    result = index(receive([tmp_path]))
    assert names(result) == [["a", "d"]]
    assert [(Path(item.file.path).name, item.code) for item in result.refused] == [
        ("b", "UID_CONFLICT"),
        ("c", "UID_CONFLICT"),
    ]
    assert all(item.instance is not None and item.instance.file == item.file for item in result.refused)


@pytest.mark.parametrize("damage", ["short", "header", "undecodable"])
def test_in_a_conflict_the_intact_version_stays(tmp_path: Path, damage: str) -> None:
    ds = instance(PixelData=instance().PixelData[:4000]) if damage == "short" else instance()
    if damage == "undecodable":
        compress(ds, RLELossless, generate_instance_uid=False)
        ds.PixelData = ds.PixelData[:40] + b"\xff" * (len(ds.PixelData) - 60) + ds.PixelData[-20:]
    path = write(ds, tmp_path / "a")
    if damage == "header":
        sequence = b"\xe2\x7f\x10\x00SQ\x00\x00\x04\x00\x00\x00ABCD"
        path.write_bytes(path.read_bytes() + sequence)
    write(instance(), tmp_path / "b")
    result = index(receive([tmp_path]))
    assert names(result) == [["b"]]
    assert [item.code for item in result.refused] == ["UID_CONFLICT"]


def test_a_version_that_crashes_its_decoder_stops_nobody(tmp_path: Path) -> None:
    """A decoder calls abort() when the header promises more rows than the codestream, which no try can catch."""
    good = dcmread(str(get_testdata_file("JPEGLSNearLossless_16.dcm")))
    write(good, tmp_path / "b")
    good.Rows = 97
    write(good, tmp_path / "a")
    result = index(receive([tmp_path]))
    assert names(result) == [["b"]]
    assert [item.code for item in result.refused] == ["UID_CONFLICT"]


def test_copies_share_the_fate_of_the_first(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(rich(), tmp_path / name)
    for name in ("c", "d"):
        write(encoded(rich(), ImplicitVRLittleEndian), tmp_path / name)
    for name in ("e", "f"):
        (tmp_path / name).write_bytes(b"text")
        write(instance(number=5), tmp_path / f"cut-{name}").write_bytes(b"\0" * 128 + b"DICM\x02")
    result = index(receive([tmp_path]))
    assert names(result) == [["a"]]
    assert [Path(file.path).name for file, _ in result.duplicates] == ["b", "c", "d"]
    assert [Path(file.path).name for file, _ in result.not_dicom] == ["e", "f"]
    assert [Path(item.file.path).name for item in result.refused] == ["cut-e", "cut-f"]
    assert result.found == 8


def test_uids_that_are_missing_are_taken_from_the_file_meta_or_derived(tmp_path: Path) -> None:
    ds = instance(SOPClassUID=None, SOPInstanceUID=None, StudyInstanceUID=None, SeriesInstanceUID="")
    write(ds, tmp_path / "1")
    (study,) = index(receive([tmp_path])).studies
    (only,) = study.instances
    assert (only.sop_uid, only.sop_class) == (uid(1, 1, 1, 1), "1.2.840.10008.5.1.4.1.1.2")
    assert study.uid == f"missing-study:{uid(1, 1, 1, 1)}"
    assert only.series_uid == f"missing-series:{study.uid}"


def test_instances_without_any_uid_are_studies_of_their_own(tmp_path: Path) -> None:
    for number in (1, 2):
        ds = Dataset(instance(number=number, SOPInstanceUID=None, StudyInstanceUID=None))
        buffer = io.BytesIO()
        dcmwrite(buffer, ds, implicit_vr=True, little_endian=True)
        (tmp_path / str(number)).write_bytes(buffer.getvalue())
    result = index(receive([tmp_path]))
    assert len({study.uid for study in result.studies}) == 2
    assert all(study.instances[0].sop_uid == f"missing-sop:{study.instances[0].digest}" for study in result.studies)


@pytest.mark.parametrize(
    ("second", "named"), [("LQ-1", {"OK-4471902", "LQ-1"}), ("", {"OK-4471902"}), (None, {"OK-4471902"})]
)
def test_a_study_names_its_patients(tmp_path: Path, second: str | None, named: set[str]) -> None:
    write(instance(), tmp_path / "1")
    write(instance(number=2, PatientID=second), tmp_path / "2")
    (study,) = index(receive([tmp_path])).studies
    assert patients(study) == named
    assert study.patient_id == ("OK-4471902" if len(named) == 1 else "")


def test_a_uid_of_several_values_is_kept_as_it_stands(tmp_path: Path) -> None:
    write(instance(SeriesInstanceUID=["1.2", "1.3"]), tmp_path / "1")
    (study,) = index(receive([tmp_path])).studies
    assert study.instances[0].series_uid == "1.2\\1.3"


def test_an_identifier_that_cannot_be_decoded_makes_the_file_unreadable(tmp_path: Path) -> None:
    path = write(instance(PixelData=None), tmp_path / "1")
    data = path.read_bytes()
    at = data.index(b"\x10\x00\x20\x00LO")
    path.write_bytes(data[: at + 4] + b"ZZ" + data[at + 6 :])
    assert [item.code for item in index(receive([path])).refused] == ["FILE_UNREADABLE"]


def test_nothing_prints_identifiers(tmp_path: Path) -> None:
    write(instance(), tmp_path / "OKONKWO.dcm")
    write(instance(PatientName="NG^BO"), tmp_path / "ZZ-OKONKWO.dcm")
    received = receive([tmp_path])
    shown = repr(received) + repr(index(received))
    assert "OKONKWO" not in shown
    assert "4471902" not in shown
    assert uid(1, 1) not in shown


def test_real_files_in_two_encodings_are_one_instance(tmp_path: Path) -> None:
    for name in (
        "MR_small.dcm",
        "MR_small_bigendian.dcm",
        "MR_small_implicit.dcm",
        "MR_small_RLE.dcm",
        "MR_small_padded.dcm",
    ):
        (tmp_path / name).write_bytes(Path(str(get_testdata_file(name))).read_bytes())
    result = index(receive([tmp_path]))
    assert len(result.duplicates) >= 3
    assert dcmread(result.studies[0].instances[0].file.path).PatientID == result.studies[0].patient_id


def test_documents_conflict_as_images_do(tmp_path: Path) -> None:
    write(key_object(instance()), tmp_path / "a")
    write(encoded(key_object(instance()), ImplicitVRLittleEndian), tmp_path / "b")
    other = key_object(instance())
    other.ContentSequence[0].ConceptCodeSequence[0].CodeMeaning = "Other"
    write(other, tmp_path / "c")
    result = index(receive([tmp_path]))
    assert names(result) == [["a"]]
    assert [Path(file.path).name for file, _ in result.duplicates] == ["b"]
    assert [item.code for item in result.refused] == ["UID_CONFLICT"]


def test_files_that_vanish_before_their_conflict_is_settled_are_conflicts(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(instance(PatientName=f"{name}^X"), tmp_path / name)
    received = receive([tmp_path])

    def vanish(done: int, total: int) -> None:
        if done == total:
            (tmp_path / "a").unlink()

    result = index(received, vanish)
    assert names(result) == [["b"]]
    assert [item.code for item in result.refused] == ["UID_CONFLICT"]


def test_damage_in_any_place_never_stops_the_index(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    data = np.frombuffer(write(rich(), tmp_path / "whole").read_bytes(), np.uint8)
    folder = tmp_path / "damaged"
    folder.mkdir()
    for number in range(300):
        broken = data[: random.integers(len(data))] if number % 3 == 0 else data.copy()
        if number % 3:
            broken[random.integers(0, 2000, 4)] = random.integers(0, 256, 4)
        (folder / f"{number}").write_bytes(broken.tobytes())
    assert index(receive([folder])).found == 300
    for number in range(0, 300, 7):
        assert index(receive([folder / f"{number}"])).found == 1
