"""Every instance once, every file whole, and nothing beside them."""

from __future__ import annotations

import ast
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from builders import instance, uid
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import ImplicitVRLittleEndian
from verify.handmade import Staged, clean

import gateway.verify
from gateway.errors import UnreadableFile
from gateway.records import Pair, SourceFile
from gateway.verify import CHECKS, checks, identifiers, references, tags, verify
from gateway.verify.layout import Malformed, scan

FOLDER = Path(gateway.verify.__file__).parent


def two(tmp_path: Path) -> Staged:
    study = Staged(tmp_path)
    study.add(instance(number=1))
    study.add(instance(number=2))
    return study


def test_missing_instance_is_found(tmp_path: Path) -> None:
    study = two(tmp_path)
    facts = study.facts()
    del study.pairs[1]
    assert {p.check for p in study.verify(facts=facts)} == {checks.INSTANCE_MISSING, checks.FILE_EXTRA}


def test_instance_of_another_study_is_found(tmp_path: Path) -> None:
    study = two(tmp_path)
    facts = replace(study.facts(), expected=study.facts().expected[:1])
    assert {p.check for p in study.verify(facts=facts)} == {checks.INSTANCE_EXTRA}


def test_instance_written_twice_is_found(tmp_path: Path) -> None:
    study = two(tmp_path)
    study.pairs.append(study.pairs[0])
    assert checks.INSTANCE_TWICE in study.found()


def test_stray_file_is_found(tmp_path: Path) -> None:
    study = two(tmp_path)
    (tmp_path / "staged" / "notes.txt").write_text("x")
    assert study.found() == {checks.FILE_EXTRA}


def test_missing_written_file_is_found(tmp_path: Path) -> None:
    study = two(tmp_path)
    Path(study.pairs[0].written).unlink()
    assert checks.LAYOUT in study.found()


def test_name_of_the_patient_in_a_path_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    study.add(instance(), name="Fairweatherton 7730415.dcm")
    pair = study.pairs[0]
    for name in ("OKONKWO_1.dcm", "fairweatherton_7730415.dcm"):
        moved = Path(pair.written).with_name(name)
        Path(study.pairs[0].written).rename(moved)
        study.pairs[0] = replace(pair, written=str(moved))
        assert study.found() == {checks.FILE_NAME}
    outside = tmp_path / "elsewhere.dcm"
    moved.rename(outside)
    study.pairs[0] = replace(pair, written=str(outside))
    assert study.verify() == ()


def test_original_that_cannot_be_read_is_found(tmp_path: Path) -> None:
    study = two(tmp_path)
    Path(study.pairs[0].original.path).write_bytes(b"")
    assert checks.ORIGINAL_UNREADABLE in study.found()


def test_error_of_the_source_goes_up(tmp_path: Path) -> None:
    study = two(tmp_path)

    def gone(_: SourceFile) -> None:
        raise UnreadableFile("the file cannot be opened")

    with pytest.raises(UnreadableFile):
        verify(study.pairs, gone, study.facts(), None)  # type: ignore[arg-type]  # it never returns a stream


def test_file_cut_anywhere_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    path = study.add(rich())
    whole = path.read_bytes()
    for length in [0, 100, 131, 140, *range(200, len(whole) - 8192, 7), len(whole) - 1]:
        path.write_bytes(whole[:length])
        assert study.found(), length


def rich() -> FileDataset:
    item, inner = Dataset(), Dataset()
    inner.CodeValue = "1"
    item.PurposeOfReferenceCodeSequence = [inner]
    item.ReferencedSOPInstanceUID = uid(1, 1, 1, 2)
    return instance(SourceImageSequence=[item, Dataset()])


@pytest.mark.parametrize("open_ended", [True, False])
@pytest.mark.parametrize("implicit", [True, False])
def test_sequences_of_any_form_are_read(tmp_path: Path, open_ended: bool, implicit: bool) -> None:  # noqa: FBT001
    original = rich()
    if implicit:
        original.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        original["PixelData"].VR = "OW"
    written = clean(original)
    for element in (written["SourceImageSequence"], written.SourceImageSequence[0]["PurposeOfReferenceCodeSequence"]):
        element.is_undefined_length = open_ended
        for item in element.value:
            item.is_undefined_length_sequence_item = open_ended
    study = Staged(tmp_path)
    path = study.add(original, written)
    assert study.verify() == ()
    paths = {span.path for span in scan(path.read_bytes()).spans}
    assert "00082112/0040A170/00080100" in paths
    whole = path.read_bytes()
    for at in range(whole.index(b"\x08\x00\x12\x21"), whole.index(b"\x10\x00\x10\x00")):
        broken = bytearray(whole)
        broken[at] ^= 0x55
        path.write_bytes(broken)
        study.found()  # whatever a flipped byte makes of the structure, it is a problem or a value, never an exception


HEAD = b"\0" * 128 + b"DICM"
SYNTAX = b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\0"


def element(group: int, number: int, vr: bytes, value: bytes) -> bytes:
    return struct.pack("<HH2sH", group, number, vr, len(value)) + value


def sequence(body: bytes, length: int = 0xFFFFFFFF, vr: bytes = b"SQ", tag: int = 0x2112) -> bytes:
    return struct.pack("<HH2sHI", 8, tag, vr, 0, length) + body


ITEM, ITEM_END, END = (
    struct.pack("<HHI", 0xFFFE, number, length) for number, length in ((0xE000, 0xFFFFFFFF), (0xE00D, 0), (0xE0DD, 0))
)
EMPTY = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
PIXEL = struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, 0xFFFFFFFF)


@pytest.mark.parametrize(
    "data",
    [
        element(8, 0x16, b"UI", b"1.2\0") * 2,
        element(8, 0x18, b"UI", b"1.2\0") + element(8, 0x16, b"UI", b"1.2\0"),
        element(8, 0x16, b"u1", b"1.2\0"),
        element(8, 0x16, b"UI", b"1.2\0") + ITEM_END,
        sequence(ITEM + ITEM_END),
        sequence(ITEM + END),
        sequence(ITEM),
        sequence(EMPTY + b"\xfe\xff\xdd\xe0\1\0\0\0"),
        sequence(EMPTY, length=90),
        sequence(EMPTY + b"Jane", length=12),
        sequence(struct.pack("<HHI", 0xFFFE, 0xE000, 90) + b"\0" * 90 + END, length=20),
        sequence(struct.pack("<HHI", 0xFFFE, 0xE000, 8) + ITEM_END + END),
        PIXEL + EMPTY + EMPTY,
        PIXEL + EMPTY + element(8, 0x16, b"UI", b"1.2\0"),
        PIXEL + struct.pack("<HHI", 0xFFFE, 0xE000, 50) + b"ab",
        b"\x08\x00\x16\x00OB\0\0\1",
        b"\x08\x00\x16\x00UI",
    ],
)
def test_irregular_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        scan(HEAD + SYNTAX + data)


@pytest.mark.parametrize(
    "data",
    [
        sequence(ITEM + ITEM_END + END),
        sequence(b"", length=0),
        sequence(struct.pack("<HHIHHI", 0xFFFE, 0xE000, 10, 8, 0x16, 2) + b"1\0" + END, vr=b"UN"),
        sequence(struct.pack("<HHIHHI", 0xFFFE, 0xE000, 8, 9, 0x16, 0) + END, vr=b"UN"),
        PIXEL + EMPTY + struct.pack("<HHI", 0xFFFE, 0xE000, 2) + b"ab" + END,
    ],
)
def test_regular_bytes_are_read(data: bytes) -> None:
    assert scan(HEAD + SYNTAX + data).syntax == "1.2.840.10008.1.2.1"


def test_file_without_a_transfer_syntax_is_refused() -> None:
    with pytest.raises(Malformed, match="00020010"):
        scan(HEAD + element(8, 0x16, b"UI", b"1.2\0"))


def test_big_endian_and_deflated_files_are_refused(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    path = study.add(instance())
    for syntax in (b"1.2.840.10008.1.2.2\0", b"1.2.840.10008.1.2.1.99"):
        path.write_bytes(HEAD + element(2, 0x10, b"UI", syntax) + b"\0\x08")
        assert checks.ENCODING in study.found()


def test_written_file_that_only_one_parser_reads_is_found(tmp_path: Path) -> None:
    study = Staged(tmp_path)
    path = study.add(instance())
    path.write_bytes(HEAD + SYNTAX)
    assert checks.FILE_UNREADABLE in study.found()


def test_verifier_shares_no_code_with_the_cleaners() -> None:
    allowed = {"gateway.records", "gateway.errors", "gateway.resources"}
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = (
                    [f"{node.module}.{alias.name}" for alias in node.names]
                    if node.module == "gateway"
                    else [str(node.module)]
                )
            for name in names:
                ours = name.split(".")[0] == "gateway"
                assert not ours or name in allowed or name.startswith("gateway.verify"), (file.name, name)


def test_every_keyword_that_the_verifier_knows_exists() -> None:
    for table in (
        identifiers.IDS,
        identifiers.PLACES,
        identifiers.PHONES,
        identifiers.STRUCTURAL_UIDS,
        identifiers.VERSION_DATES,
        tags.FORBIDDEN,
        references.DROPPABLE,
    ):
        assert [keyword for keyword in table if tag_for_keyword(keyword) is None] == []


def test_every_check_explains_itself() -> None:
    names = {value for name, value in vars(checks).items() if name.isupper() and isinstance(value, str)}
    assert names == set(CHECKS)
    assert all(sentence.endswith(".") for sentence in CHECKS.values())


def test_problems_name_pairs_by_their_index(tmp_path: Path) -> None:
    study = two(tmp_path)
    study.add(instance(number=3), change=lambda ds: setattr(ds, "PatientName", "OKONKWO"))
    found = study.verify()
    assert {(p.instance, p.place) for p in found} == {(2, "00100010")}
    assert isinstance(study.pairs[0], Pair)
