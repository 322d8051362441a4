"""What identifies a thing or an order gets a keyed token, the same for the same original; orders may get numbers."""

from __future__ import annotations

import base64
import hmac
import re
from pathlib import Path
from typing import Any

import pytest
from builders import instance
from pydicom.dataset import Dataset, FileDataset
from tags.cleaning import PSEUDONYMIZER, cleaned, context, reread

from gateway.tags import Profile, Pseudonymizer, apply, explain, load

TOKEN = re.compile(r"D[A-Z2-7]{15}")
NUMBER = re.compile(r"[1-9]\d{10}")
SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
BASIC = """\
name: ours
edition: 2026c
description: A test.
options: [BasicApplicationConfidentialityProfile, CleanPixelDataOption]
"""


def profile(folder: Path, more: str) -> Profile:
    path = folder / "ours.yaml"
    path.write_text(BASIC + more, encoding="utf-8")
    return load(str(path))


def slide(container: str, specimen: str, **attributes: Any) -> FileDataset:
    item = Dataset()
    item.SpecimenIdentifier, item.SpecimenUID = specimen, "1.2.3"
    dataset = instance(ContainerIdentifier=container, SpecimenDescriptionSequence=[item], **attributes)
    dataset.SOPClassUID = SLIDE
    return dataset


def test_containers_and_specimens_stay_apart_and_alike(tmp_path: Path) -> None:
    first, again = (reread(cleaned(slide("C-1", "C-1")), tmp_path) for _ in range(2))
    other = reread(cleaned(slide("C-2", "S-9")), tmp_path)
    assert TOKEN.fullmatch(first.ContainerIdentifier)
    assert first.ContainerIdentifier == again.ContainerIdentifier != other.ContainerIdentifier
    assert first.SpecimenDescriptionSequence[0].SpecimenIdentifier == first.ContainerIdentifier
    assert TOKEN.fullmatch(other.SpecimenDescriptionSequence[0].SpecimenIdentifier)


@pytest.mark.parametrize("purpose", ["token", "accession", "label"])
def test_each_kind_of_substitute_has_a_key_of_its_own(purpose: str) -> None:
    """Else a number would tell which token belongs to it. The forms never change: research data join by them."""
    key = b"an invented key, 32 bytes long.."
    number = int.from_bytes(hmac.digest(key, f"{purpose}\0A-1".encode(), "sha256")[:8], "big")
    made = Pseudonymizer(key)
    if purpose == "token":
        assert base64.b32decode(f"{made.token('A-1')[1:]}A")[:8] == number.to_bytes(8, "big")
    elif purpose == "accession":
        assert made.accession("A-1") == str(10**10 + number % (9 * 10**10))
    else:
        letters = "BCDFGHJKLMNPQRSTVWXZ23456789"
        assert made.mark("A-1") == "".join(letters[number // 28**place % 28] for place in range(5))


def test_tokens_are_the_home_s_own() -> None:
    assert PSEUDONYMIZER.token("C-1") != Pseudonymizer(b"another key of sixteen bytes").token("C-1")
    assert PSEUDONYMIZER.token("C-1")[1:] not in PSEUDONYMIZER.patient("C-1", "")


@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        ("StationName", "CT1", PSEUDONYMIZER.token("CT1")),
        ("StationName", "  ", "DEIDENTIFIED"),
        ("StationName", "", ""),
        ("StationName", ["CT1", "", "CT2"], [PSEUDONYMIZER.token("CT1"), "", PSEUDONYMIZER.token("CT2")]),
        ("SeriesDescription", "Axial", "DEIDENTIFIED"),
        ("StationAETitle", "CT_ROOM", PSEUDONYMIZER.token("CT_ROOM")),
        ("Manufacturer", "Imaginary", "DEIDENTIFIED"),
    ],
)
def test_a_rule_d_of_the_profile(tmp_path: Path, keyword: str, value: Any, expected: Any) -> None:
    ours = profile(tmp_path, f"rules: {{{keyword}: D}}\n")
    dataset = instance()
    setattr(dataset, keyword, value)
    out = reread(apply(dataset, ours, context(dataset))[0], tmp_path)
    assert (out[keyword].value or "") == expected


@pytest.mark.parametrize("depth", [0, 1])
def test_accession_numbers_of_11_digits(tmp_path: Path, depth: int) -> None:
    ours = profile(tmp_path, "knobs: {accession: numeric}\n")
    seen = []
    for number, patient in (("A17", 1), ("A17", 2), ("A18", 1)):
        dataset = instance(patient, AccessionNumber="" if depth else number)
        inner = Dataset()
        inner.AccessionNumber = number
        if depth:
            dataset.ReferencedRequestSequence = [inner]
        out = reread(apply(dataset, ours, context(dataset))[0], tmp_path)
        found = out.ReferencedRequestSequence[0] if depth else out
        assert NUMBER.fullmatch(found.AccessionNumber)
        assert not depth or out.AccessionNumber == ""
        seen.append(found.AccessionNumber)
    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize("value", [None, "", "   "])
def test_an_accession_number_that_is_not_there_stays_so(tmp_path: Path, value: str | None) -> None:
    ours = profile(tmp_path, "knobs: {accession: numeric}\n")
    dataset = instance(AccessionNumber=value)
    out, changes = apply(dataset, ours, context(dataset))
    assert not out.get("AccessionNumber")
    assert "accession" not in {change.rule for change in changes}


def test_numbers_are_explained_and_recorded(tmp_path: Path) -> None:
    ours = profile(tmp_path, "knobs: {accession: numeric}\n")
    said = {keyword: (action, rule, sentence) for _, keyword, action, rule, sentence in explain(ours)}
    assert said["AccessionNumber"][:2] == ("D", "accession")
    assert "11 digits" in said["AccessionNumber"][2]
    dataset = instance()
    _, changes = apply(dataset, ours, context(dataset))
    assert [change.action for change in changes if change.rule == "accession"] == ["D"]


def test_numbers_are_spread() -> None:
    numbers = {PSEUDONYMIZER.accession(f"A{number}") for number in range(3000)}
    assert len(numbers) == 3000
    assert all(NUMBER.fullmatch(number) for number in numbers)
