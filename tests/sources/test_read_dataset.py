"""Reading strictly: what pydicom passes over raises, and what is only odd is read."""

from __future__ import annotations

import hashlib
import io
import zlib
from pathlib import Path

import pytest
from builders import instance, pixels, write
from pydicom import dcmwrite
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)

from gateway.errors import UnreadableFile
from gateway.records import SourceFile
from gateway.sources import archives, index, open_file, read_dataset, receive


def with_tail(tmp_path: Path, tail: bytes, ds: FileDataset | None = None) -> SourceFile:
    """An instance whose data set goes on with ``tail``."""
    path = write(ds or instance(PixelData=None), tmp_path / "1.dcm")
    path.write_bytes(path.read_bytes() + tail)
    return SourceFile(str(path))


def test_a_file_reads_as_it_was_written(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "1.dcm")
    with open_file(SourceFile(str(path))) as stream:
        assert stream.read() == path.read_bytes()
    dataset = read_dataset(SourceFile(str(path)), hashlib.sha256(path.read_bytes()).hexdigest())
    assert dataset == instance()
    assert dataset.PixelData == pixels(seed=1).tobytes()
    assert dataset.preamble == bytes(128)


def test_other_bytes_than_were_indexed_are_refused(tmp_path: Path) -> None:
    path = write(instance(), tmp_path / "1.dcm")
    with pytest.raises(UnreadableFile, match="changed"):
        read_dataset(SourceFile(str(path)), hashlib.sha256(b"").hexdigest())


def test_a_file_that_is_gone_is_refused_without_its_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_dataset(SourceFile(str(tmp_path / "OKONKWO.dcm")))
    assert "OKONKWO" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_deflated_data_sets_are_read(tmp_path: Path) -> None:
    ds = instance()
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset = read_dataset(SourceFile(str(write(ds, tmp_path / "1.dcm"))))
    assert dataset.PixelData == ds.PixelData
    assert dataset.file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian


@pytest.mark.parametrize("damage", ["cut", "garbage", "bomb"])
def test_damaged_deflated_data_sets_are_refused(tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ds = instance()
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    path = write(ds, tmp_path / "1.dcm")
    data = path.read_bytes()
    start = 144 + int.from_bytes(data[140:144], "little")
    if damage == "cut":
        data = data[:-200]
    elif damage == "garbage":
        data = data[:start] + b"\xff" * 100
    else:
        monkeypatch.setattr(archives, "FREE_BYTES", 1000)  # a bound, so that the test need not inflate a gigabyte
        packer = zlib.compressobj(wbits=-15)
        data = data[:start] + packer.compress(bytes(10_000_000)) + packer.flush()
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match="deflated"):
        read_dataset(SourceFile(str(path)))


@pytest.mark.parametrize(
    ("claimed", "true"),
    [(ExplicitVRLittleEndian, ImplicitVRLittleEndian), (ImplicitVRLittleEndian, ExplicitVRLittleEndian)],
)
def test_a_transfer_syntax_that_contradicts_the_bytes_is_corrected(tmp_path: Path, claimed: UID, true: UID) -> None:
    plain = io.BytesIO()
    dcmwrite(plain, Dataset(instance()), implicit_vr=true.is_implicit_VR, little_endian=True)
    head = io.BytesIO()
    ds = instance()
    ds.file_meta.TransferSyntaxUID = claimed
    dcmwrite(head, ds, enforce_file_format=True)
    meta = head.getvalue()
    meta = meta[: 144 + int.from_bytes(meta[140:144], "little")]
    (tmp_path / "1.dcm").write_bytes(meta + plain.getvalue())
    dataset = read_dataset(SourceFile(str(tmp_path / "1.dcm")))
    assert dataset.file_meta.TransferSyntaxUID == true
    assert dataset.PatientID == "OK-4471902"


def test_missing_transfer_syntax_is_found_out() -> None:
    dataset = read_dataset(SourceFile(str(get_testdata_file("meta_missing_tsyntax.dcm"))))
    assert dataset.file_meta.TransferSyntaxUID == ImplicitVRLittleEndian


def test_short_pixel_data_are_left_to_the_pixel_step() -> None:
    file = SourceFile(str(get_testdata_file("MR_truncated.dcm")))
    assert len(read_dataset(file).PixelData) < 64 * 64 * 2
    assert index(receive([file.path])).studies


def test_encapsulated_pixel_data_without_their_end_are_unreadable(tmp_path: Path) -> None:
    ds = instance(PixelData=encapsulate([bytes(range(200))]))
    ds.file_meta.TransferSyntaxUID = JPEG2000Lossless
    ds["PixelData"].is_undefined_length = True
    path = write(ds, tmp_path / "1.dcm")
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(UnreadableFile):
        read_dataset(SourceFile(str(path)))


@pytest.mark.parametrize(
    "tail",
    [
        b"\xe2\x7f\x10\x00SQ\x00\x00\x0c\x00\x00\x00OKONKWO^ADAE",  # no items
        b"\xe2\x7f\x10\x00SQ\x00\x00\x14\x00\x00\x00\xfe\xff\x00\xe0\x0c\x00\x00\x00\x10\x00\x10\x00PN\x40\x00ADAE",
    ],
)
def test_malformed_sequences_are_refused(tmp_path: Path, tail: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_dataset(with_tail(tmp_path, tail))
    assert "ADAE" not in str(caught.value)


@pytest.mark.parametrize(
    ("tail", "vr"),
    [
        (b"\x55\x00\x01\x10ZZ\x04\x00ABCD", "UN"),  # no such VR
        (b"\x54\x00\x14\x00FL\x02\x00AB", "UN"),  # half a number
        (b"\x55\x00\x14\x10FL\x02\x00AB", "UN"),
        (b"\x54\x00\x14\x00DS\x04\x00abcd", "DS"),  # no number at all
    ],
)
def test_odd_values_are_read_and_left_to_the_rules(tmp_path: Path, tail: bytes, vr: str) -> None:
    dataset = read_dataset(with_tail(tmp_path, tail))
    element = dataset[next(tag for tag in dataset.keys() if tag.group in (0x54, 0x55))]  # noqa: SIM118  # undecoded
    assert (element.VR, element.value in (b"ABCD", b"AB", "abcd")) == (vr, True)


def test_what_pydicom_cannot_decode_is_refused(tmp_path: Path) -> None:
    sequence = (
        b"\xe2\x7f\x10\x00SQ\x00\x00\x12\x00\x00\x00\xfe\xff\x00\xe0\x0a\x00\x00\x00\x52\x00\x01\x00OB\x00\x00\x04\x00"
    )
    with pytest.raises(UnreadableFile):
        read_dataset(with_tail(tmp_path, sequence))


def test_patient_ids_are_decoded_in_the_character_set_of_the_file(tmp_path: Path) -> None:
    ds = instance(SpecificCharacterSet="ISO_IR 144", PatientID="\u0418\u0412-17")
    write(ds, tmp_path / "1.dcm")
    (study,) = index(receive([tmp_path])).studies
    assert study.patient_id == "\u0418\u0412-17"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_a_file_that_fails_while_it_is_read_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="to its end"):
        read_dataset(SourceFile("/proc/self/mem"))


def test_sequences_nested_without_end_are_refused(tmp_path: Path) -> None:
    deep = b"\xe2\x7f\x10\x00SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * 5000
    with pytest.raises(UnreadableFile):
        read_dataset(with_tail(tmp_path, deep))
