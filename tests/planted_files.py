"""PHI beside the data set: file meta, preamble, padding, names of files and folders, codestreams and other places of bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from planted import Place, item, kind
from pydicom import dcmread, dcmwrite
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate, generate_fragments
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    MediaStorageDirectoryStorage,
)


# --- the file ---------------------------------------------------------------------------------------------------------
@kind
def preamble(at: Place) -> str:
    ds = at.image()
    ds.preamble = f"II*\0 {at.person}".encode().ljust(128, b"\0")
    at.write(ds)
    return at.surname


@kind
def application_entities_in_file_meta(at: Place) -> str:
    ds = at.image()
    ds.file_meta.SourceApplicationEntityTitle = at.surname[:16]
    ds.file_meta.SendingApplicationEntityTitle = at.surname[:16]
    ds.file_meta.ReceivingApplicationEntityTitle = at.surname[:16]
    ds.file_meta.SourcePresentationAddress = f"dicom:{at.surname}"
    ds.file_meta.ImplementationVersionName = at.surname[:16]
    at.write(ds)
    return at.surname[:12]


@kind
def private_information_in_file_meta(at: Place) -> str:
    ds = at.image()
    ds.file_meta.PrivateInformationCreatorUID = UID("1.2.826.0.1.3680043.9.9999.5")
    ds.file_meta.PrivateInformation = at.person.encode() + b"\0" * (len(at.person) % 2)
    at.write(ds)
    return at.surname


@kind
def other_element_in_file_meta(at: Place) -> str:
    path = at.write(at.image())
    data, name = path.read_bytes(), at.surname.encode() + b" " * (len(at.surname) % 2)
    start = data.index(b"\x08\x00\x05\x00CS")
    length = int.from_bytes(data[140:144], "little") + 8 + len(name)
    element = b"\x02\x00\x55\x00LO" + len(name).to_bytes(2, "little") + name
    path.write_bytes(data[:140] + length.to_bytes(4, "little") + data[144:start] + element + data[start:])
    return at.surname


@kind
def trailing_padding(at: Place) -> str:
    ds = at.image()
    ds.add_new(0xFFFCFFFC, "OB", b"\0" * 64 + at.surname.encode() + b"\0" * (len(at.surname) % 2))
    at.write(ds)
    return at.surname


@kind
def bytes_after_the_end(at: Place) -> str:
    path = at.write(at.image())
    path.write_bytes(path.read_bytes() + b"\0" * 64 + f"exported by {at.surname}\r\n".encode())
    return at.surname


@kind
def no_preamble_and_implicit_vr(at: Place) -> str:
    ds = at.image(PatientComments=at.surname, OperatorsName=at.person, FilterType=at.surname)
    ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    path = at.write(ds)
    path.write_bytes(path.read_bytes()[132:])
    return at.surname


@kind
def big_endian(at: Place) -> str:
    ds = at.image(PatientComments=at.surname, OperatorsName=at.person, FilterType=at.surname)
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    ds.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
    at.folder.mkdir(parents=True)
    dcmwrite(at.folder / "1.dcm", ds, enforce_file_format=True, implicit_vr=False, little_endian=False)
    return at.surname


@kind
def deflated(at: Place) -> str:
    ds = at.image(PatientComments=at.surname, OperatorsName=at.person, FilterType=at.surname)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    at.write(ds)
    return at.surname


# --- names ------------------------------------------------------------------------------------------------------------
@kind
def name_of_the_file(at: Place) -> str:
    at.write(at.image(), f"{at.surname}_Edith_1.dcm")
    return at.surname


@kind
def name_of_a_folder(at: Place) -> str:
    at.write(at.image(), f"{at.surname} Edith/CT/1")
    return at.surname


@kind
def name_of_an_archive_member(at: Place) -> str:
    written = io.BytesIO()
    dcmwrite(written, at.image(), enforce_file_format=True)
    at.folder.mkdir(parents=True)
    with zipfile.ZipFile(at.folder / f"{at.surname}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = at.surname.encode()
        archive.writestr(f"{at.surname}/1.dcm", written.getvalue())
    return at.surname


@kind
def media_directory(at: Place) -> str:
    at.write(at.image(), "IMAGES/1")
    directory = at.document(MediaStorageDirectoryStorage, "OT", FileSetID=at.surname[:16].upper())
    record = item(DirectoryRecordType="PATIENT", PatientName=at.person, PatientID=at.mrn, RecordInUseFlag=0xFFFF)
    directory.DirectoryRecordSequence = [record]
    at.write(directory, "DICOMDIR")
    return at.surname


# --- beside the pixels --------------------------------------------------------------------------------------------------
@kind
def pixel_data_longer_than_needed(at: Place) -> str:
    ds = at.image()
    ds.PixelData = ds.PixelData + at.surname.encode() + b"\0" * (len(at.surname) % 2)
    at.write(ds)
    return at.surname


@kind
def spare_bytes_of_a_palette(at: Place) -> str:
    ds = at.image(PhotometricInterpretation="PALETTE COLOR")
    table = (np.arange(256, dtype="<u2") * 257).tobytes()
    for colour in ("Red", "Green", "Blue"):
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{colour}PaletteColorLookupTableData", table + at.surname.encode() + b"\0" * (len(at.surname) % 2))
    ds.PaletteColorLookupTableUID = at.uid(8, 8)
    at.write(ds)
    return at.surname


@kind
def text_of_a_colour_profile(at: Place) -> str:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name = at.surname.encode("utf-16-be")
    at_text = profile.index("sRGB".encode("utf-16-be"))
    profile = (
        profile[:24] + bytes(12) + profile[36:at_text] + name + profile[at_text + len(name) :]
    )  # and without a date
    ds = at.image(np.zeros((8, 8, 3), np.uint8), ICCProfile=profile)
    at.write(ds)
    return at.surname


def coded(at: Place, syntax: UID, pixels: NDArray[np.uint8], *frames: bytes | bytearray) -> FileDataset:
    """An instance whose pixel data are encoded frames."""
    ds = at.image(pixels)
    ds.file_meta.TransferSyntaxUID = syntax
    ds.PixelData = encapsulate([bytes(frame) for frame in frames])
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    return ds


def _smooth() -> NDArray[np.uint8]:
    return np.add.outer(np.arange(8), np.arange(8)).astype(np.uint8) * 12


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def _jpeg(at: Place, extra: bytes = b"", after: bytes = b"") -> None:
    frame = imagecodecs.jpeg8_encode(_smooth(), level=95)
    at.write(coded(at, JPEGBaseline8Bit, _smooth(), frame[:2] + extra + frame[2:] + after))


@kind
def comment_in_a_jpeg_frame(at: Place) -> str:
    _jpeg(at, _segment(0xFE, f"patient {at.surname}".encode()))
    return at.surname


@kind
def camera_data_in_a_jpeg_frame(at: Place) -> str:
    _jpeg(at, _segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + at.surname.encode() + b"\0"))
    return at.surname


@kind
def bytes_after_the_end_of_a_jpeg_frame(at: Place) -> str:
    _jpeg(at, after=at.surname.encode() + b"\0" * (len(at.surname) % 2))
    return at.surname


@kind
def comment_in_a_jpeg_2000_frame(at: Place) -> str:
    frame = imagecodecs.jpeg2k_encode(_smooth(), codecformat="j2k", reversible=True, level=0)
    start = frame.index(b"\xff\x90")
    comment = _segment(0x64, b"\0\1" + at.surname.encode())
    at.write(coded(at, JPEG2000Lossless, _smooth(), frame[:start] + comment + frame[start:]))
    return at.surname


@kind
def comment_in_a_jpeg_ls_frame(at: Place) -> str:
    frame = imagecodecs.jpegls_encode(_smooth())
    extra = _segment(0xFE, at.surname.encode()) + _segment(0xE7, at.surname.encode())
    at.write(coded(at, JPEGLSLossless, _smooth(), frame[:2] + extra + frame[2:]))
    return at.surname


@kind
def fragment_after_the_last_frame(at: Place) -> str:
    frame = imagecodecs.jpegls_encode(_smooth())
    at.write(coded(at, JPEGLSLossless, _smooth(), frame, at.surname.encode() + b"\0" * (len(at.surname) % 2)))
    return at.surname


@kind
def number_in_an_offset_table(at: Place) -> str:
    frame = imagecodecs.jpegls_encode(_smooth())
    path = at.write(coded(at, JPEGLSLossless, _smooth(), frame))
    ds = dcmread(path)
    assert len(list(generate_fragments(ds.PixelData))) == 2
    name = at.surname.encode()[: len(at.surname) // 4 * 4]
    ds.PixelData = b"\xfe\xff\x00\xe0" + len(name).to_bytes(4, "little") + name + ds.PixelData[12:]
    Path(path).unlink()
    at.write(ds)
    return name.decode()
