"""The verifier's own reading of Retain Safe Private (PS3.15 E.3.10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import instance
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import ImplicitVRLittleEndian
from verify.handmade import Staged, clean

from gateway.verify import checks

OPTION = frozenset({"RetainSafePrivateOption"})
SIEMENS, PHILIPS = "SIEMENS MR HEADER", "Philips Imaging DD 001"
SEQUENCE = b"\xfe\xff\x00\xe0\0\0\0\0"  # one empty item, in bytes that no reader takes for a sequence
Change = Callable[[Dataset], None]


def put(dataset: Dataset, tag: int, creator: str | None, vr: str, value: Any) -> None:
    if creator is not None:
        dataset.add_new(tag >> 16 << 16 | tag >> 8 & 0xFF, "LO", creator)
    dataset.add_new(tag, vr, value)


def element(tag: int, creator: str | None, vr: str, value: Any) -> Change:
    return lambda dataset: put(dataset, tag, creator, vr, value)


def declare(group: int, creator: str, status: str, safe: list[int] | None = None, **actions: list[int]) -> Change:
    def change(dataset: Dataset) -> None:
        item = Dataset()
        item.PrivateGroupReference = group
        item.PrivateCreatorReference = creator
        item.BlockIdentifyingInformationStatus = status
        item.NonidentifyingPrivateElements = safe
        item.DeidentificationActionSequence = []
        for action, elements in actions.items():
            below = Dataset()
            below.IdentifyingPrivateElements = elements
            below.DeidentificationAction = action
            item.DeidentificationActionSequence.append(below)
        dataset.PrivateDataElementCharacteristicsSequence = [
            *dataset.get("PrivateDataElementCharacteristicsSequence", []),
            item,
        ]

    return change


def inside(tag: int, creator: str | None, *changes: Change) -> Change:
    """A sequence whose item holds what ``changes`` put there."""
    item = Dataset()
    for change in changes:
        change(item)
    return element(tag, creator, "SQ", [item])


def refused(
    tmp_path: Path,
    *written: Change,
    original: tuple[Change, ...] = (),
    options: frozenset[str] = OPTION,
    implicit: bool = False,
    edition: str = "2026c",
) -> set[str]:
    """The places of private elements that the verifier refuses, or other faults by name."""
    staged = Staged(tmp_path)
    source: FileDataset = instance()
    if implicit:
        source.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    target = clean(source)
    for change in original:
        change(source)
    for change in written:
        change(target)
    if implicit:
        target.set_original_encoding(True, True, ["utf8"])  # noqa: FBT003  # implicit, little endian
    staged.add(source, target)
    found = staged.verify(facts=replace(staged.facts(), options=options, edition=edition))
    return {p.place if p.check == checks.PRIVATE_ELEMENT else p.check for p in found}


B_VALUE = element(0x0019100C, SIEMENS, "IS", "1000")


def test_a_listed_element_may_stand_with_the_option_only(tmp_path: Path) -> None:
    assert refused(tmp_path / "a", B_VALUE) == set()
    assert refused(tmp_path / "b", B_VALUE, options=frozenset()) == {"00190010", "0019100C"}


def test_only_what_the_profiles_edition_lists_may_stand(tmp_path: Path) -> None:
    shift, minutes = element(0x20011001, PHILIPS, "FL", 1.5), element(0x01E11050, "ELSCINT1", "DS", "7")
    for edition, places in (
        ("2017c", {"20011001"}),
        ("2024c", {"01E11050"}),
    ):  # one came with 2021b, one went with 2020a
        assert refused(tmp_path / edition, shift, minutes, edition=edition) - {"20010010", "01E10010"} == places
    assert refused(tmp_path / "none", shift, minutes, edition="") == {"20011001", "01E11050"}


def test_editions_before_2015c_know_no_declaration(tmp_path: Path) -> None:
    said = declare(0x0099, "ACME", "SAFE")
    own = element(0x00991001, "ACME", "DS", "1.5")
    assert refused(tmp_path / "a", own, original=(own, said), edition="2011") == {"00991001"}
    assert refused(tmp_path / "b", own, original=(own, said), edition="2017c") == set()
    assert refused(tmp_path / "c", own, said, original=(own, said), edition="2011") == {"00991001", "00080300"}


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (element(0x0019110C, "SOMEBODY", "IS", "1"), {"0019110C"}),
        (element(0x0019110C, None, "IS", "1"), {"0019110C"}),
        (element(0x0019100B, SIEMENS, "IS", "1"), {"0019100B"}),
        (element(0x00190010, None, "LO", SIEMENS), {"00190010"}),
        (element(0x00190001, None, "LO", "x"), {"00190001"}),
        (element(0x0019100C, SIEMENS, "PN", "A^B"), {"0019100C"}),
        (element(0x0019100C, SIEMENS, "OB", b"\1\2"), set()),
        (element(0x0019100C, SIEMENS, "UN", b"1 "), set()),
        (inside(0x2001105F, PHILIPS), set()),
        (inside(0x20051001, "WHO", B_VALUE), set()),
        (inside(0x20051001, "WHO", inside(0x20051001, "WHO", B_VALUE)), set()),
        (inside(0x20051001, "WHO", inside(0x52009229, None, B_VALUE)), set()),
        (inside(0x20051001, "WHO", inside(0x52009229, None)), {"20051001"}),
        (inside(0x20051001, "WHO"), {"20051001"}),
        (inside(0x20051001, "WHO", element(0x0019100B, SIEMENS, "IS", "1")), {"20051001/0019100B"}),
        (inside(0x2001105F, PHILIPS, lambda item: setattr(item, "Rows", 1)), set()),
    ],
)
def test_what_is_refused(tmp_path: Path, change: Change, places: set[str]) -> None:
    assert refused(tmp_path, change) == places


def test_what_is_inside_is_seen_where_no_vr_is_written(tmp_path: Path) -> None:
    def nested(dataset: Dataset) -> None:
        inside(0x2001105F, PHILIPS, element(0x20011099, PHILIPS, "LO", "x"))(dataset)
        dataset[0x2001105F].is_undefined_length = True

    assert refused(tmp_path, nested, implicit=True) == {"2001105F/20011099"}


ACME = (element(0x00991001, "ACME", "DS", "1.5"), element(0x00991002, "ACME", "LO", "x"))
SAFE = declare(0x0099, "ACME", "SAFE")


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ((), {"00991001", "00991002"}),
        ((SAFE,), set()),
        ((declare(0x0099, "ACME", "UNSAFE"),), {"00991001", "00991002"}),
        ((declare(0x0099, "ACME", "MIXED", [1]),), {"00991002"}),
        ((declare(0x0099, "ACME", "MIXED", [1, 3]),), {"00991002"}),
        ((declare(0x0099, "ACME", "MIXED", [1], D=[2]),), set()),
        ((declare(0x0099, "ACME", "SAFE", None, X=[2]),), {"00991002"}),
        ((SAFE, declare(0x0099, "ACME", "UNSAFE")), {"00991001", "00991002"}),
        ((declare(0x0097, "ACME", "SAFE"),), {"00991001", "00991002"}),
    ],
)
def test_what_the_original_declares_may_stand(tmp_path: Path, said: tuple[Change, ...], places: set[str]) -> None:
    assert refused(tmp_path, *ACME, original=(*ACME, *said)) == places


@pytest.mark.parametrize(
    ("vr", "value"), [("PN", "A^B"), ("AE", "STORE"), ("UR", "http://x"), ("OB", b"\1\2"), ("UN", SEQUENCE)]
)
def test_no_declaration_makes_names_bulk_data_and_hidden_items_safe(tmp_path: Path, vr: str, value: Any) -> None:
    own = element(0x00991001, "ACME", vr, value)
    assert refused(tmp_path, own, original=(own, SAFE)) == {"00991001"}


def test_a_warning_of_the_original_counts_more_than_the_table(tmp_path: Path) -> None:
    assert refused(tmp_path, B_VALUE, original=(declare(0x0019, SIEMENS, "UNSAFE"),)) == {"0019100C"}


def test_what_a_written_instance_says_of_its_blocks_is_true(tmp_path: Path) -> None:
    assert refused(tmp_path / "a", *ACME, SAFE, original=(*ACME, SAFE)) == set()
    assert refused(tmp_path / "b", SAFE, original=(*ACME, SAFE)) == {"00080300"}
    assert refused(tmp_path / "c", SAFE, original=(*ACME, SAFE), options=frozenset()) == {"00080300"}
    nested = inside(0x20051001, "WHO", *ACME)
    assert refused(tmp_path / "d", nested, SAFE, original=(nested, SAFE)) == set()


def test_names_in_kept_elements_are_found(tmp_path: Path) -> None:
    assert refused(tmp_path / "a", element(0x0019109E, "GEMS_ACQU_01", "LO", "of OKONKWO")) >= {
        checks.IDENTIFIER_IN_TEXT
    }
    volume = "SIEMENS Ultrasound SC2000"
    assert refused(tmp_path / "b", element(0x7FD11010, volume, "OB", b"for adaeze okonkwo")) == {
        checks.IDENTIFIER_IN_BYTES
    }
    operator: Change = lambda dataset: setattr(dataset, "OperatorsName", "YYXXY^BO")  # noqa: E731
    small, large = b"by yyxxy", bytes(70000) + b"yyxxy" + bytes(70001)  # in a large volume so few bytes are chance
    kept = [
        refused(tmp_path / name, element(0x7FD11010, volume, "OB", data), original=(operator,))
        for name, data in (("c", small), ("d", large))
    ]
    assert kept == [{checks.IDENTIFIER_IN_BYTES}, set()]
