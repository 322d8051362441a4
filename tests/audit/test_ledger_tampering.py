from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from audit.ledgers import EVENTS, KEY, OTHER, STUDY, head_of, make

from gateway.audit.chain import GENESIS, Head
from gateway.audit.events import StudyReleased
from gateway.audit.ledger import Ledger, Verification, verify
from gateway.errors import LedgerError, Usage

COUNT = len(EVENTS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path)


def refused(path: Path, key: bytes = KEY) -> Verification:
    """What verify says of a ledger that must not verify, and that must not open either, nor change by the attempt."""
    before = {p: p.read_bytes() for p in path.parent.iterdir()}
    found = verify(path, key)
    assert not found.ok
    with pytest.raises(LedgerError) as raised:
        Ledger(path, key)
    assert str(raised.value) == found.message
    assert {p: p.read_bytes() for p in path.parent.iterdir()} == before
    return found


def test_an_untouched_ledger_verifies(path: Path) -> None:
    assert verify(path, KEY) == Verification(COUNT, True, None, "All 10 entries verify.", Ledger(path, KEY).head)  # noqa: FBT003  # a record, written as it is
    assert verify(path, KEY, job="job-b").entries == 3


def test_a_job_without_entries_does_not_verify(path: Path) -> None:
    found = verify(path, KEY, job="job-z")
    assert (found.entries, found.ok, found.first_bad_seq) == (0, False, None)


@pytest.mark.parametrize("line", range(COUNT))
def test_a_flipped_bit_is_found_in_its_line(path: Path, line: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    chance = random.Random(line)
    for _ in range(40):
        bit = chance.randrange((len(lines[line]) - 1) * 8)
        damaged = bytearray(lines[line])
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(b"".join([*lines[:line], bytes(damaged), *lines[line + 1 :]]))
        found = verify(path, KEY)
        assert (found.ok, found.first_bad_seq, found.head.seq) == (False, line + 1, line)
    refused(path)


def test_a_flipped_newline_is_found(path: Path) -> None:
    whole = path.read_bytes()
    for line in range(1, COUNT):
        end = [n for n, byte in enumerate(whole) if byte == 10][line - 1]
        path.write_bytes(whole[:end] + b"\x0b" + whole[end + 1 :])
        assert refused(path).first_bad_seq == line


@pytest.mark.parametrize("line", range(COUNT))
def test_a_deleted_line_is_found(path: Path, line: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:line] + lines[line + 1 :]))
    assert refused(path).first_bad_seq == line + 1


@pytest.mark.parametrize("line", range(COUNT - 1))
def test_reordered_lines_are_found(path: Path, line: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line], lines[line + 1] = lines[line + 1], lines[line]
    path.write_bytes(b"".join(lines))
    assert refused(path).first_bad_seq == line + 1


@pytest.mark.parametrize("line", range(COUNT))
def test_a_repeated_line_is_found(path: Path, line: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[: line + 1], *lines[line:]]))
    assert refused(path).first_bad_seq == line + 2


def test_a_line_from_a_copy_that_went_another_way_is_found(path: Path, tmp_path: Path) -> None:
    """Both lines are sealed with the key and bear the same number: only what each says came before it tells them apart."""
    twin = shutil.copytree(path.parent, tmp_path / "twin") / path.name
    for ledger, study in ((path, OTHER), (twin, STUDY)):
        for instances in (1, 2):
            Ledger(ledger, KEY).record("job-a", StudyReleased(study=study, instances=instances, digest="0" * 64))
    lines = path.read_bytes().splitlines(keepends=True)
    others = twin.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[: COUNT + 1], others[COUNT + 1]]))
    head_of(path).write_bytes(head_of(twin).read_bytes())
    assert refused(path).first_bad_seq == COUNT + 2
    path.write_bytes(b"".join([*lines[:COUNT], others[COUNT], lines[COUNT + 1]]))
    assert refused(path).first_bad_seq == COUNT + 2


@pytest.mark.parametrize("kept", range(COUNT))
def test_a_ledger_cut_short_is_found(path: Path, kept: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:kept]))
    found = refused(path)
    assert (found.first_bad_seq, found.entries) == (kept + 1, kept)
    assert found.message == f"The ledger was cut short: it ends at entry {kept}, its head says 10."


def test_a_ledger_cut_inside_its_last_line_is_found(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])
    assert refused(path).first_bad_seq == COUNT


def test_a_whole_other_ledger_under_the_same_key_is_found_by_its_head(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    for number in range(COUNT):
        Ledger(other, KEY).record("job-z", StudyReleased(study=OTHER, instances=number, digest="0" * 64))
    shutil.copy(other, path)
    assert refused(path).message == "The ledger's head file does not belong to the ledger's end."


def test_the_wrong_key_is_found_at_the_first_entry(path: Path) -> None:
    assert refused(path, b"another key").first_bad_seq == 1


def test_a_missing_head_is_found(path: Path) -> None:
    head_of(path).unlink()
    assert "head file is missing" in refused(path).message


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b'{"seq":"10","hash":1}\n', b'{"seq":10,"hash":"00"}\n'])
def test_a_damaged_head_is_found(path: Path, text: bytes) -> None:
    head_of(path).write_bytes(text)
    assert "does not belong" in refused(path).message


def test_a_flipped_bit_in_the_head_is_found(path: Path) -> None:
    whole = head_of(path).read_bytes()
    for bit in range(len(whole) * 8):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        head_of(path).write_bytes(bytes(damaged))
        assert not verify(path, KEY).ok


def test_a_head_two_behind_is_found(path: Path) -> None:
    old = list(Ledger(path, KEY).entries())[COUNT - 3]
    head_of(path).write_text(f'{{"seq":{old.seq},"hash":"{old.hash}"}}\n')
    assert "does not belong" in refused(path).message


def test_a_rollback_of_ledger_and_head_is_found_by_a_printed_head(path: Path) -> None:
    kept = {p: p.read_bytes() for p in path.parent.iterdir()}
    Ledger(path, KEY).record("job-a", StudyReleased(study=OTHER, instances=1, digest="0" * 64))
    printed = Ledger(path, KEY).head
    assert verify(path, KEY, anchor=printed).ok
    for file, text in kept.items():
        file.write_bytes(text)
    assert verify(path, KEY).ok
    found = verify(path, KEY, anchor=printed)
    assert (found.ok, found.first_bad_seq) == (False, COUNT + 1)
    assert "rolled back" in found.message


def test_a_printed_head_is_held_against_the_entry_of_its_number(path: Path) -> None:
    entry = list(Ledger(path, KEY).entries())[4]
    assert verify(path, KEY, anchor=entry.head).ok
    assert verify(path, KEY, anchor=GENESIS).ok
    assert verify(path, KEY, anchor=Head(5, "0" * 64)).first_bad_seq == 5


def test_a_head_is_read_as_it_is_printed(path: Path) -> None:
    printed = Ledger(path, KEY).head
    assert Head.parse(str(printed)) == printed


@pytest.mark.parametrize("text", ["", "10", f"10:{'A' * 64}", f"10:{'a' * 63}", f"-1:{'a' * 64}", f"10 {'a' * 64}"])
def test_what_is_no_head_is_wrong_usage(text: str) -> None:
    with pytest.raises(Usage, match="ENTRY:HASH"):
        Head.parse(text)


def test_a_ledger_that_shrinks_under_an_open_writer_is_found(path: Path) -> None:
    ledger = Ledger(path, KEY)
    path.write_bytes(b"")
    head_of(path).unlink()
    with pytest.raises(LedgerError, match="entry 10 is no longer in it"):
        ledger.record("job-a", StudyReleased(study=OTHER, instances=1, digest="0" * 64))
    assert path.read_bytes() == b""


def test_a_line_altered_under_an_open_writer_is_found_when_it_is_read(path: Path) -> None:
    ledger = Ledger(path, KEY)
    path.write_bytes(path.read_bytes().replace(b'"decision":"retry"', b'"decision":"retrY"'))
    with pytest.raises(LedgerError, match="Entry 9 does not verify"):
        list(ledger.entries("job-b"))


def test_verify_of_an_empty_and_of_a_missing_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with pytest.raises(LedgerError, match=r"^The ledger cannot be read \(No such file or directory\)\.$"):
        verify(path, KEY)
    path.touch()
    assert verify(path, KEY) == Verification(0, True, None, "All 0 entries verify.", GENESIS)  # noqa: FBT003  # a record, written as it is
    Ledger(path, KEY)
    assert verify(path, KEY).ok
