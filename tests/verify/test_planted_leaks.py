"""One leak at a time is planted in a correct de-identification; the verifier finds each, and says which kind it is."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import INSTITUTION, PEOPLE, REFERRER, code, instance, uid
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit
from verify.handmade import Says, Staged

from gateway.verify import checks
from gateway.verify.identifiers import Secrets
from gateway.verify.needles import needles

NAME, ID, BORN, _ = PEOPLE[0]
Change = Callable[[FileDataset], None]


def rich(patient: int = 1) -> FileDataset:
    """An instance with most kinds of identifying values."""
    ds = instance(
        patient,
        PatientTelephoneNumbers="+49 (0)7621 555-0199",
        PatientAddress="12 Larkspur Crescent, Nether Wallop",
        DeviceSerialNumber="SN-88412-XK",
        OperatorsName="Vandersloot^Mieke",
        OtherPatientIDs=["ALT-99-40021", "B7781266"],
        InstitutionAddress="Quillfeather Lane 5",
        DerivationDescription="Average of 3",
        ManufacturerModelName="Tomograph 7",
    )
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = ds.SOPClassUID, uid(patient, 1, 1, 2)
    ds.SourceImageSequence = [item]
    ds.AnatomicRegionSequence = [code("69536005", "SCT", "Head structure")]
    return ds


def put(**values: object) -> Change:
    def change(ds: FileDataset) -> None:
        for keyword, value in values.items():
            setattr(ds, keyword, value)

    return change


def nested(**values: object) -> Change:
    def change(ds: FileDataset) -> None:
        put(**values)(ds.AnatomicRegionSequence[0])

    return change


def add(tag: int, vr: str, value: object) -> Change:
    def change(ds: FileDataset) -> None:
        ds.add_new(tag, vr, value)

    return change


def meta(**values: object) -> Change:
    def change(ds: FileDataset) -> None:
        for keyword, value in values.items():
            setattr(ds.file_meta, keyword, value)

    return change


def preamble(ds: FileDataset) -> None:
    ds.preamble = b"OKONKWO^ADAEZE".ljust(128, b"\0")


def icon(ds: FileDataset) -> None:
    ds.IconImageSequence = [Dataset()]


def signature(ds: FileDataset) -> None:
    ds.DigitalSignaturesSequence = [Dataset()]


def hidden_pixels(ds: FileDataset) -> None:
    item = Dataset()
    item.PixelData = b"\1\2"
    item["PixelData"].VR = "OB"
    ds.ReferencedImageSequence = [item]


def unknown_sequence(ds: FileDataset) -> None:
    item = Dataset()
    item.PatientName = "Adaeze"
    ds.add_new(0x00081115, "SQ", [item])


def text_in_pixels(ds: FileDataset) -> None:
    ds.PixelData = b"OKONKWO^ADAEZE^M".ljust(len(ds.PixelData), b"\0")


LEAKS: dict[str, tuple[Change, str]] = {
    # names
    "patient's name where it was": (put(PatientName=NAME), checks.IDENTIFIER_IN_ELEMENT),
    "family name only": (put(PatientName="Okonkwo"), checks.IDENTIFIER_IN_ELEMENT),
    "name in other order and case": (put(SeriesDescription="adaeze okonkwo axial"), checks.IDENTIFIER_IN_TEXT),
    "name inside a longer word": (put(SeriesDescription="xOKONKWOx"), checks.IDENTIFIER_IN_BYTES),
    "name in a code's meaning": (nested(CodeMeaning="Head of Okonkwo"), checks.IDENTIFIER_IN_TEXT),
    "name in a defined term": (put(BodyPartExamined="OKONKWO"), checks.IDENTIFIER_IN_TEXT),
    "name in a long text": (put(ImageComments="seen with Adaeze present"), checks.IDENTIFIER_IN_TEXT),
    "name in an unlimited text": (add(0x00081190, "UR", "http://pacs/OKONKWO"), checks.IDENTIFIER_IN_TEXT),
    "name with accents": (put(SeriesDescription="Okónkwo"), checks.IDENTIFIER_IN_TEXT),
    "operator's name": (put(SeriesDescription="by Vandersloot"), checks.IDENTIFIER_IN_TEXT),
    "referrer's name in another person's element": (
        put(NameOfPhysiciansReadingStudy=REFERRER),
        checks.IDENTIFIER_IN_ELEMENT,
    ),
    "name in a sequence": (nested(OperatorsName="Mieke"), checks.IDENTIFIER_IN_ELEMENT),
    "name in an unlisted sequence": (unknown_sequence, checks.IDENTIFIER_IN_ELEMENT),
    "name in UTF-16 bytes": (add(0x00420016, "OB", "Okonkwo".encode("utf-16-le")), checks.IDENTIFIER_IN_BYTES),
    "name in unknown bytes": (add(0x00420016, "UN", b"\1\2Vandersloot\0\0"), checks.IDENTIFIER_IN_BYTES),
    "name in pixel bytes": (text_in_pixels, checks.IDENTIFIER_IN_BYTES),
    # numbers
    "patient ID where it was": (put(PatientID=ID), checks.PSEUDONYM),
    "patient ID without separator": (put(StudyID="OK4471902"), checks.IDENTIFIER_IN_ELEMENT),
    "patient ID in free text": (put(StudyDescription=f"CT of {ID}"), checks.IDENTIFIER_IN_TEXT),
    "other patient ID": (put(StudyDescription="B7781266"), checks.IDENTIFIER_IN_TEXT),
    "accession number": (put(AccessionNumber="ACC0010001"), checks.IDENTIFIER_IN_ELEMENT),
    "serial number": (put(DetectorID="SN-88412-XK"), checks.IDENTIFIER_IN_ELEMENT),
    "short study ID in a person's code": (put(RequestedProcedureID="S11"), checks.IDENTIFIER_IN_ELEMENT),
    "telephone number grouped otherwise": (put(ImageComments="call 07621 5550199"), checks.IDENTIFIER_IN_TEXT),
    "telephone number where it was": (
        put(PatientTelephoneNumbers="+49 (0)7621 555-0199"),
        checks.IDENTIFIER_IN_ELEMENT,
    ),
    "telephone number in a code's meaning": (nested(CodeMeaning="076215550199"), checks.IDENTIFIER_IN_TEXT),
    # places
    "institution": (put(InstitutionName=INSTITUTION), checks.IDENTIFIER_IN_ELEMENT),
    "part of the institution": (put(StudyDescription="CT Brannoc"), checks.IDENTIFIER_IN_TEXT),
    "street": (put(ImageComments="Larkspur Crescent"), checks.IDENTIFIER_IN_BYTES),
    # dates
    "study date unchanged": (put(StudyDate="20230311"), checks.DATE_INTERVAL),
    "one date moved otherwise": (put(SeriesDate="20230115"), checks.DATE_INTERVAL),
    "birth date in free text": (put(ImageComments="born 17.04.1961"), checks.DATE_IN_TEXT),
    "birth date with the month's name": (put(ImageComments="17-APR-61"), checks.DATE_IN_TEXT),
    "birth date, month first": (put(ImageComments="April 17, 1961"), checks.DATE_IN_TEXT),
    "study date in a description": (put(SeriesDescription="Axial 20230311"), checks.DATE_IN_TEXT),
    "study date and time in one number": (put(SeriesDescription="20230311101530"), checks.DATE_IN_TEXT),
    # UIDs
    "study UID": (put(StudyInstanceUID=uid(1, 1)), checks.ORIGINAL_UID),
    "frame of reference": (put(FrameOfReferenceUID=uid(1, 1, 1, 999)), checks.ORIGINAL_UID),
    "UID in a text": (put(ImageComments=f"was {uid(1, 1, 1, 1)}"), checks.IDENTIFIER_IN_BYTES),
    "UID in a new element": (put(TransactionUID=uid(1, 1)), checks.ORIGINAL_UID),
    # file meta and preamble
    "preamble": (preamble, checks.PREAMBLE),
    "AE title in file meta": (meta(SourceApplicationEntityTitle="STBRANNOC"), checks.FILE_META),
    "private information in file meta": (
        meta(PrivateInformationCreatorUID="1.2.3.4", PrivateInformation=b"ab"),
        checks.FILE_META,
    ),
    "original UID in file meta": (meta(MediaStorageSOPInstanceUID=uid(1, 1, 1, 1)), checks.FILE_META),
    "other class in file meta": (meta(MediaStorageSOPClassUID="1.2.840.10008.5.1.4.1.1.4"), checks.FILE_META),
    # elements that may not be there
    "private element": (add(0x00291010, "LO", "x"), checks.PRIVATE_ELEMENT),
    "overlay": (add(0x60003000, "OW", b"\0\0"), checks.FORBIDDEN_ELEMENT),
    "overlay of a higher group": (add(0x60020040, "CS", "G"), checks.FORBIDDEN_ELEMENT),
    "curve": (add(0x50003000, "OW", b"\0\0"), checks.FORBIDDEN_ELEMENT),
    "icon": (icon, checks.FORBIDDEN_ELEMENT),
    "signature": (signature, checks.FORBIDDEN_ELEMENT),
    "padding": (add(0xFFFCFFFC, "OB", b"\0\0"), checks.FORBIDDEN_ELEMENT),
    "pixels in a sequence": (hidden_pixels, checks.FORBIDDEN_ELEMENT),
    "embedded document": (add(0x00420011, "OB", b"%PDF"), checks.FORBIDDEN_ELEMENT),
    # values that their VR does not allow
    "text in a time": (add(0x00080031, "TM", "noon"), checks.ILLEGAL_VALUE),
    "text in an age": (add(0x00101010, "AS", "old"), checks.ILLEGAL_VALUE),
    "a day that is none": (add(0x00080023, "DA", "20231301"), checks.ILLEGAL_VALUE),
    "text in a UID": (add(0x00080014, "UI", "1.2.x"), checks.ILLEGAL_VALUE),
    # marks
    "identity said not to be removed": (put(PatientIdentityRemoved="NO"), checks.MARKS),
    "no method": (put(DeidentificationMethod=None), checks.MARKS),
    "dates said to be removed": (put(LongitudinalTemporalInformationModified="REMOVED"), checks.MARKS),
    "annotation said to be burned in": (put(BurnedInAnnotation="YES"), checks.MARKS),
    "other SOP class": (put(SOPClassUID="1.2.840.10008.5.1.4.1.1.4"), checks.SOP_CLASS),
    "another patient's pseudonym": (put(PatientID="P0000000"), checks.PSEUDONYM),
    "other referenced class": (
        lambda ds: setattr(ds.SourceImageSequence[0], "ReferencedSOPClassUID", "1.2.840.10008.5.1.4.1.1.4"),
        checks.REFERENCE_CLASS,
    ),
}


@pytest.mark.parametrize("kind", LEAKS)
def test_planted_leak_is_found(tmp_path: Path, kind: str) -> None:
    change, expected = LEAKS[kind]
    study = Staged(tmp_path)
    study.add(rich(), change=change)
    assert expected in study.found()


@pytest.mark.parametrize("header", [b"\x20\x00\x11\x00IS", b"\x28\x00\x50\x10DS"])
def test_text_in_a_number_is_found(tmp_path: Path, header: bytes) -> None:
    study = Staged(tmp_path)
    path = study.add(rich())
    data = bytearray(path.read_bytes())
    data[data.index(header) + 8 : data.index(header) + 10] = b"by"
    path.write_bytes(data)
    assert study.found() == {checks.ILLEGAL_VALUE}


def test_without_a_leak_nothing_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    study.add(rich())
    assert study.verify() == ()


def test_no_problem_tells_a_value(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    for number, (change, _) in enumerate(LEAKS.values()):
        original = rich()
        original.SOPInstanceUID = uid(1, 1, 1, number)
        study.add(original, change=change)
    told = repr(study.verify()).lower()
    assert "identifier-in-bytes" in told
    for secret in ("okonkwo", "adaeze", "4471902", "larkspur", "1961", "9999.1.1"):
        assert secret not in told


@pytest.mark.parametrize(
    ("charset", "name", "encoding"),
    [
        ("ISO_IR 100", "Bjørklund^Åse", "latin-1"),
        ("ISO_IR 192", "Bjørklund^Åse", "utf-8"),
        ("ISO_IR 192", "Bjørklund^Åse", "utf-16-be"),
        ("ISO_IR 144", "Дзержинская^Жанна", "iso8859-5"),
        ("ISO_IR 144", "Дзержинская^Жанна", "koi8-r"),
        ("ISO_IR 127", "قباني^لنزار", "iso8859-6"),
        ("GB18030", "王小东^晓梅", "gb18030"),
        ("ISO_IR 192", "山田^太郎", "euc_jp"),
        ("ISO_IR 192", "山田^太郎", "shift_jis"),
        ("ISO_IR 192", "山田^太郎", "iso2022_jp"),
        ("ISO_IR 192", "김희중^길동이", "euc_kr"),
    ],
)
def test_name_in_other_scripts_is_found_in_any_encoding(tmp_path: Path, charset: str, name: str, encoding: str) -> None:
    original = rich()
    original.SpecificCharacterSet = charset
    original.PatientName = name
    study = Staged(tmp_path)
    study.add(original, change=add(0x00420016, "OB", b"\0\1" + name.partition("^")[0].encode(encoding) + b"\0"))
    assert checks.IDENTIFIER_IN_BYTES in study.found()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MÜLLER^JÖRG", "MUELLER"),
        ("MÜLLER^JÖRG", "MULLER"),
        ("MÜLLER^JÖRG", "by Joerg Mueller"),
        ("MUELLER^JOERG", "Müller"),
        ("MUELLER^JOERG", "Muller Jorg"),
        ("BJØRKLUND^ÅSE", "Bjorklund"),
        ("BJØRKLUND^ÅSE", "Bjoerklund"),
        ("BJORKLUND^AASE", "Bjørklund"),
        ("STRAUß^ÆGIDIUS", "Strauss Aegidius"),
        ("WAŁĘSA^LECH", "walesa"),
    ],
)
def test_name_in_another_spelling_is_found(tmp_path: Path, name: str, text: str) -> None:
    original = rich()
    original.SpecificCharacterSet = "ISO_IR 192"
    original.PatientName = name
    study = Staged(tmp_path)
    study.add(original, change=put(SeriesDescription=text))
    assert checks.IDENTIFIER_IN_TEXT in study.found()


@pytest.mark.parametrize("text", ["MUELLER", "MULLER", "BJORKLUND", "BJOERKLUND"])
def test_name_in_another_spelling_is_found_in_codes_and_bytes(tmp_path: Path, text: str) -> None:
    original = rich()
    original.SpecificCharacterSet = "ISO_IR 192"
    original.PatientName = "MÜLLER^JÖRG"
    original.OperatorsName = "Bjørklund^Åse"
    study = Staged(tmp_path)
    study.add(original, change=put(BodyPartExamined=text))
    assert checks.IDENTIFIER_IN_TEXT in study.found()
    study = Staged(tmp_path / "bytes")
    study.add(original, change=add(0x00420016, "OB", f"\0x{text}x\0".encode()))
    assert checks.IDENTIFIER_IN_BYTES in study.found()


def test_place_in_another_spelling_is_found(tmp_path: Path) -> None:
    original = rich()
    original.SpecificCharacterSet = "ISO_IR 192"
    original.InstitutionName = "Klinik Überlingen"
    study = Staged(tmp_path)
    study.add(original, change=put(SeriesDescription="Ueberlingen"))
    assert checks.IDENTIFIER_IN_TEXT in study.found()


def test_the_needles_of_a_long_name_grow_with_its_length() -> None:
    def name(words: int) -> Secrets:
        return Secrets(names=frozenset({tuple(f"zq{number:04d}x" for number in range(words))}))

    short, long = len(needles(name(100))), len(needles(name(400)))
    assert long < 5 * short
    whole = {needle.literal for needle in needles(name(400))}
    assert {b"zq0399x", b"zq0398x^zq0399x", b"zq0399x zq0398x", b"zq0007x, zq0000x"} <= whole


def test_name_in_a_script_without_word_breaks_is_found_in_text(tmp_path: Path) -> None:
    original = rich()
    original.PatientName = "Yamada^Tarou=山田^太郎=やまだ^たろう"
    study = Staged(tmp_path)
    study.add(original, change=put(SeriesDescription="頭部山田さん"))
    assert checks.IDENTIFIER_IN_TEXT in study.found()


@pytest.mark.parametrize("tail", [b"OKONKWO", b"\0" * 8, struct.pack("<HH2sH4s", 0x7FE0, 0x0010, b"OW", 4, b"abcd")])
def test_bytes_behind_the_last_element_are_found(tmp_path: Path, tail: bytes) -> None:
    study = Staged(tmp_path)
    path = study.add(rich())
    path.write_bytes(path.read_bytes() + tail)
    assert checks.LAYOUT in study.found()


def test_comment_in_a_compressed_frame_is_found(tmp_path: Path) -> None:
    import cv2
    import numpy as np

    smooth = np.add.outer(np.arange(32), np.arange(32)).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", smooth)[1].tobytes()
    comment = b"\xff\xfe" + struct.pack(">H", 14) + b"Quillfeather"
    original = instance(image=smooth, InstitutionName="Quillfeather Clinic")
    original.PixelData = encapsulate([jpeg])
    original["PixelData"].is_undefined_length = True
    original.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    study = Staged(tmp_path)
    study.add(original)
    assert study.verify() == ()
    study.pairs.clear()

    def hide(ds: FileDataset) -> None:
        ds.PixelData = encapsulate([jpeg[:2] + comment + jpeg[2:]])
        ds["PixelData"].is_undefined_length = True

    study.add(original, change=hide)
    assert study.found() == {checks.CODESTREAM_TEXT, checks.IDENTIFIER_IN_BYTES}


@pytest.mark.parametrize(
    "line",
    [
        "OKONKWO ADAEZE",
        "0KONKWO",
        "OKONKW0, A",
        "0K-4471902",
        "OK 44719O2",
        "OK4471902",
        "17.04.1961",
        "17-Apr-61",
        "1961 04 17",
        "Brann0c",
        "VANDERSLOQT",
        "Tel 07621 5550199",
        "Saint Brannoc Infirmary",
    ],
)
def test_identifier_read_in_pixels_is_found(tmp_path: Path, line: str) -> None:
    study = Staged(tmp_path)
    study.add(rich())
    assert study.found(Says(("Gain 72", line))) == {checks.IDENTIFIER_IN_PIXELS}
