"""What is written is a legal file: new file meta, UTF-8, little endian, marks, UIDs; and nothing of the original's shell."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import ROOT, code, instance, uid, write
from pydicom import dcmread, dcmwrite
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from tags.cleaning import PSEUDONYM, PSEUDONYMIZER, READERS, Read, clean, cleaned, everything, nested, put_raw, reread

from gateway.errors import BrokenInstance, UnsupportedContent
from gateway.tags.marks import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME


def dump(path: Path) -> str:
    """Read a file with DCMTK's dcmdump, which is stricter than pydicom."""
    dcmdump = shutil.which("dcmdump")
    if dcmdump is None:
        pytest.skip("needs dcmdump of Debian's package dcmtk")
    done = subprocess.run([dcmdump, "+L", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_file_meta_is_new_and_the_preamble_zeroed(tmp_path: Path) -> None:
    dataset = instance()
    dataset.preamble = b"OKONKWO " * 16
    dataset.file_meta.SourceApplicationEntityTitle = "OKONKWO"
    dataset.file_meta.PrivateInformationCreatorUID = UID("1.2.3")
    dataset.file_meta.PrivateInformation = b"OKONKWO "
    out = cleaned(dcmread(write(dataset, tmp_path / "a.dcm")))
    path = tmp_path / "out.dcm"
    out.save_as(path, enforce_file_format=True)
    raw = path.read_bytes()
    assert raw[:132] == b"\0" * 128 + b"DICM"
    assert b"OKONKWO" not in raw
    meta = dcmread(path).file_meta
    assert [element.keyword for element in meta] == [
        "FileMetaInformationGroupLength", "FileMetaInformationVersion", "MediaStorageSOPClassUID", "MediaStorageSOPInstanceUID",
        "TransferSyntaxUID", "ImplementationClassUID", "ImplementationVersionName",
    ]  # fmt: skip
    assert meta.MediaStorageSOPInstanceUID == out.SOPInstanceUID == PSEUDONYMIZER.uid(dataset.SOPInstanceUID)
    assert (meta.ImplementationClassUID, meta.ImplementationVersionName) == (
        IMPLEMENTATION_CLASS_UID,
        IMPLEMENTATION_VERSION_NAME,
    )
    assert ROOT.encode() not in raw
    dump(path)


@pytest.mark.parametrize(
    ("name", "temporal", "codes"),
    [
        ("basic", "REMOVED", ["113100", "113101"]),
        ("research", "MODIFIED", ["113100", "113101", "113107", "113108", "113105"]),
    ],
)
def test_marks(tmp_path: Path, name: str, temporal: str, codes: list[str]) -> None:
    out = reread(cleaned(instance(PatientIdentityRemoved="NO"), name), tmp_path)
    assert (out.PatientIdentityRemoved, out.LongitudinalTemporalInformationModified) == ("YES", temporal)
    assert out.DeidentificationMethod == f"{name}, PS3.15 E 2026c #e24e49f33197"
    assert [item.CodeValue for item in out.DeidentificationMethodCodeSequence] == codes
    assert "BurnedInAnnotation" not in out


def test_earlier_marks_stay_cleaned_and_are_not_doubled(tmp_path: Path) -> None:
    earlier = code("113100", "DCM", "Basic Application Confidentiality Profile")
    dataset = instance(
        DeidentificationMethod=["standard with Okonkwo", "Hollingbery"], DeidentificationMethodCodeSequence=[earlier]
    )
    once = reread(cleaned(dataset), tmp_path)
    assert once.DeidentificationMethod == ["standard with", "basic, PS3.15 E 2026c #e24e49f33197"]
    assert [item.CodeValue for item in once.DeidentificationMethodCodeSequence] == ["113100", "113101"]
    twice = reread(cleaned(once), tmp_path)
    assert twice.DeidentificationMethod == once.DeidentificationMethod


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("ISO_IR 100", "Größe"), ("ISO_IR 144", "Печень"), ("ISO_IR 192", "łąka 山"), ("GB18030", "王小东"), ("GBK", "小东"),
        ("ISO_IR 13", "ﾔﾏﾀﾞ"), (["", "ISO 2022 IR 87"], "山田"), (["ISO 2022 IR 6", "ISO 2022 IR 149"], "김희중"),
    ],
)  # fmt: skip
def test_text_is_written_in_utf8(tmp_path: Path, charset: str | list[str], text: str, read: Read) -> None:
    inner = Dataset()
    inner.Manufacturer = text
    dataset = instance(SpecificCharacterSet=charset, Manufacturer=text, patient=2)
    dataset.update(nested(inner, 2))
    out, changes = clean(read(write(dataset, tmp_path / "a.dcm")))
    written = reread(out, tmp_path)
    assert written.SpecificCharacterSet == "ISO_IR 192"
    assert [element.value for element in written.iterall() if element.keyword == "Manufacturer"] == [text, text]
    assert text.encode() in (tmp_path / "written.dcm").read_bytes()
    if charset != "ISO_IR 192" and read is dcmread:  # what is decoded already does not say how it was encoded
        assert {change.rule for change in changes if change.path == "00080070"} == {"charset"}
    assert text in dump(tmp_path / "written.dcm")


@pytest.mark.parametrize(
    ("charset", "data", "expected"),
    [
        (b"ISO_IR 192", b"B30\xff\xfef ", "B30ÿþf"),
        (b"", "Größe".encode("latin-1"), "Größe"),
        (b"", "Größe".encode(), "Größe"),
        (b"ISO_IR 6", "Größe".encode("latin-1"), "Größe"),
        (b"NO_SUCH_SET ", "Größe".encode("latin-1"), "Größe"),
        (b"ISO_IR 192\\ISO 2022 IR 87 ", "Größe".encode(), "Größe"),
        (b"\\ISO 2022 IR 87 ", b"\x1b$BZZ\xff\x1b(B", None),
    ],
)
def test_undecodable_text_loses_no_bytes(tmp_path: Path, charset: bytes, data: bytes, expected: str | None) -> None:
    dataset = put_raw(put_raw(instance(), 0x00080005, "CS", charset), 0x00080070, "LO", data)
    written = reread(cleaned(dataset), tmp_path)
    assert "\ufffd" not in written.Manufacturer
    assert expected is None or written.Manufacturer == expected
    dump(tmp_path / "written.dcm")


@pytest.mark.parametrize("read", READERS)
def test_items_with_a_character_set_of_their_own(tmp_path: Path, read: Read) -> None:
    inner = Dataset()
    inner.SpecificCharacterSet, inner.Manufacturer = "ISO_IR 144", "Печень"
    dataset = instance(SpecificCharacterSet="ISO_IR 100")
    dataset.update(nested(inner, 1))
    written = reread(cleaned(read(write(dataset, tmp_path / "a.dcm"))), tmp_path)
    item = written.SharedFunctionalGroupsSequence[0]
    assert item.Manufacturer == "Печень"
    assert "SpecificCharacterSet" not in item


def encoded(dataset: FileDataset, syntax: str, folder: Path) -> FileDataset:
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    path = folder / "encoded.dcm"
    dcmwrite(path, dataset, enforce_file_format=True)
    return dcmread(path)


def numbers() -> FileDataset:
    """An instance with a value of each VR whose bytes have an order."""
    dataset = instance(
        RecommendedDisplayFrameRateInFloat=25.5, ReferencePixelX0=-7, SimpleFrameList=[1, 70000], FrameIncrementPointer=0x181063,
        TableOfXBreakPoints=[1, 2, 300], RealWorldValueSlope=0.25, SmallestImagePixelValue=3, PixelPaddingValue=65000,
    )  # fmt: skip
    lut = Dataset()
    lut.LUTDescriptor = [3, 0, 16]
    lut.add_new(0x00283006, "US", [1, 258, 65535])
    dataset.VOILUTSequence = [lut]
    return dataset


@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian]
)
def test_numbers_survive_every_encoding(tmp_path: Path, syntax: str) -> None:
    dataset = numbers()
    if syntax == ExplicitVRBigEndian:
        dataset.PixelData = dataset.pixel_array.astype(">u2").tobytes()
    source = encoded(dataset, syntax, tmp_path)
    written = reread(cleaned(source), tmp_path)
    expected = ImplicitVRLittleEndian if syntax == ImplicitVRLittleEndian else ExplicitVRLittleEndian
    assert written.file_meta.TransferSyntaxUID == expected
    for keyword in (
        "RecommendedDisplayFrameRateInFloat",
        "ReferencePixelX0",
        "SimpleFrameList",
        "FrameIncrementPointer",
        "Rows",
    ):
        assert written[keyword].value == source[keyword].value
    assert written.SmallestImagePixelValue == 3
    lut = written.VOILUTSequence[0]
    table = np.frombuffer(lut.LUTData, "<u2").tolist() if isinstance(lut.LUTData, bytes) else lut.LUTData
    assert (lut.LUTDescriptor, table) == ([3, 0, 16], [1, 258, 65535])
    assert np.array_equal(written.pixel_array, source.pixel_array)
    dump(tmp_path / "written.dcm")


@pytest.mark.parametrize(
    "name",
    [
        "MR_small_bigendian.dcm", "SC_rgb_small_odd_big_endian.dcm", "liver_expb_1frame.dcm", "rtdose_expb_1frame.dcm",
        "SC_rgb_expb_16bit_2frame.dcm", "SC_rgb_expb_32bit_2frame.dcm", "ExplVR_BigEnd.dcm", "emri_small_big_endian.dcm",
    ],
)  # fmt: skip
def test_big_endian_files_keep_their_pixels(tmp_path: Path, name: str) -> None:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip(f"{name} is not in pydicom's package")
    source = dcmread(str(path))
    written = reread(cleaned(source), tmp_path)
    assert "PixelData" not in source or np.array_equal(written.pixel_array, source.pixel_array)
    dump(tmp_path / "written.dcm")


def test_a_data_set_that_was_decoded_before_is_cleaned_the_same(tmp_path: Path) -> None:
    for syntax in (ExplicitVRLittleEndian, ExplicitVRBigEndian):
        dataset = numbers()
        dataset.PointCoordinatesData = np.array([1.0, 2.0], ">f4" if syntax == ExplicitVRBigEndian else "<f4").tobytes()
        undecoded = encoded(dataset, syntax, tmp_path)
        decoded = dcmread(tmp_path / "encoded.dcm")
        str(decoded)
        one, two = BytesIO(), BytesIO()
        cleaned(undecoded).save_as(one)
        cleaned(decoded).save_as(two)
        assert one.getvalue() == two.getvalue()
        assert np.frombuffer(dcmread(BytesIO(one.getvalue())).PointCoordinatesData, "<f4").tolist() == [1.0, 2.0]


@pytest.mark.parametrize("bits", [None, b"\0\x07", b""])
def test_big_endian_pixels_of_odd_depth(bits: bytes | None) -> None:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, "1.2.3"
    put_raw(dataset, 0x7FE00010, "OW", b"\1\2\3\4\5", little=False)
    if bits is not None:
        put_raw(dataset, 0x00280100, "US", bits, little=False)
    assert cleaned(dataset).PixelData == b"\2\1\4\3"


def test_a_little_endian_sequence_in_a_big_endian_file_is_read_as_it_is(tmp_path: Path) -> None:
    inner = Dataset()
    inner.Rows = 7
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, True
    write_dataset(buffer, inner)
    data = b"\xfe\xff\x00\xe0" + len(buffer.getvalue()).to_bytes(4, "little") + buffer.getvalue()
    dataset = put_raw(encoded(instance(PixelData=None), ExplicitVRBigEndian, tmp_path), 0x00189301, "UN", data)
    assert cleaned(dataset).CTAcquisitionTypeSequence[0].Rows == 7


def test_the_original_is_not_changed(tmp_path: Path) -> None:
    source = dcmread(write(instance(), tmp_path / "a.dcm"))
    before = source.to_json()
    clean(source, "research")
    assert source.to_json() == before


def test_values_that_stay_are_shared_not_copied(tmp_path: Path) -> None:
    source = dcmread(write(instance(), tmp_path / "a.dcm"))
    raw = source.get_item(0x7FE00010).value
    assert cleaned(source).get_item(0x7FE00010).value is raw


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = BytesIO(), BytesIO()
    cleaned(instance(), "research").save_as(first)
    cleaned(instance(), "research").save_as(second)
    assert first.getvalue() == second.getvalue()


def test_missing_uids_are_added_where_the_class_needs_them() -> None:
    out, changes = clean(instance(StudyInstanceUID=None, SeriesInstanceUID="", SOPInstanceUID=None))
    assert (out.StudyInstanceUID, out.SeriesInstanceUID) == (PSEUDONYMIZER.uid("1.2.3"), PSEUDONYMIZER.uid("1.2.3.4"))
    assert out.SOPInstanceUID == PSEUDONYMIZER.uid("1.2.3.4.5") == out.file_meta.MediaStorageSOPInstanceUID
    assert {change.path for change in changes if change.rule == "missing-uid"} == {"0020000D", "0020000E", "00080018"}


def test_a_colour_palette_belongs_to_no_patient() -> None:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.39.1", "spring"
    out = cleaned(dataset)
    assert "StudyInstanceUID" not in out
    assert "PatientID" not in out
    assert out.SOPInstanceUID == PSEUDONYMIZER.uid("spring")


def test_the_patient_of_every_other_instance_has_the_pseudonym() -> None:
    out = cleaned(instance(PatientID=None, PatientName=""))
    assert (out.PatientID, out.PatientName) == (PSEUDONYM, PSEUDONYM)


def test_the_sop_class_may_stand_in_file_meta_only() -> None:
    assert cleaned(instance(SOPClassUID=None)).SOPClassUID == CTImageStorage


def test_an_instance_without_sop_class_is_broken() -> None:
    dataset = Dataset()
    put_raw(dataset, 0x00080016, "UI", b"no class")
    with pytest.raises(BrokenInstance):
        clean(dataset)
    dataset = Dataset()
    dataset.add_new(0x00080016, "US", 5)
    with pytest.raises(BrokenInstance):
        clean(dataset)


@pytest.mark.parametrize(
    "attributes",
    [
        {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.1"},
        {"EncapsulatedDocument": b"%PDF"},
        {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.9.4.1"},
        {"SOPClassUID": "1.2.840.10008.1.3.10"},
    ],
)
def test_content_that_cannot_be_cleaned_is_refused(attributes: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedContent):
        clean(instance(**attributes))


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.100.1", "1.2.840.10008.1.2.7.1"])
def test_video_is_refused(syntax: str) -> None:
    dataset = instance()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    with pytest.raises(UnsupportedContent):
        clean(dataset)


def test_compressed_pixel_data_pass_as_they_are(tmp_path: Path) -> None:
    source = dcmread(str(get_testdata_file("JPEG2000.dcm")))
    out = reread(cleaned(source), tmp_path)
    assert out.file_meta.TransferSyntaxUID == source.file_meta.TransferSyntaxUID
    assert out.PixelData == source.PixelData
    assert out["PixelData"].VR == "OB"
    dump(tmp_path / "written.dcm")


def test_a_sequence_in_unknown_vr_is_opened(tmp_path: Path) -> None:
    inner = Dataset()
    inner.OperatorsName, inner.KVP = "Okonkwo", 120
    for implicit in (True, False):
        buffer = DicomBytesIO()
        buffer.is_little_endian, buffer.is_implicit_VR = True, implicit
        write_dataset(buffer, inner)
        body = buffer.getvalue()
        data = b"\xfe\xff\x00\xe0" + len(body).to_bytes(4, "little") + body
        out = reread(cleaned(put_raw(instance(), 0x00189301, "UN", data)), tmp_path)
        assert "Okonkwo" not in "".join(everything(out))
        assert out.CTAcquisitionTypeSequence[0].KVP == 120


def test_meta_of_an_unknown_transfer_syntax_is_kept_for_the_pixel_step() -> None:
    dataset = instance()
    dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.8.1")
    assert cleaned(dataset).file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.8.1"
    dataset.file_meta.TransferSyntaxUID = UID("none")
    for implicit, expected in ((True, ImplicitVRLittleEndian), (False, ExplicitVRLittleEndian)):
        dataset.set_original_encoding(implicit, True)  # noqa: FBT003  # little endian
        assert cleaned(dataset).file_meta.TransferSyntaxUID == expected
    assert uid(1) == f"{ROOT}.1.0.0.0"
