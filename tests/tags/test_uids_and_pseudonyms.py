"""One keyed function for every UID; pseudonyms and shifts that depend on the key alone."""

from __future__ import annotations

import pytest
from builders import instance, key_object, uid
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from tags.cleaning import PSEUDONYMIZER, cleaned

from gateway.tags import Pseudonymizer
from gateway.tags.uids import is_legal, is_registered, replace, structural

OTHER = Pseudonymizer(b"another key of sixteen bytes")


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_replacements_are_legal_stable_and_keyed(original: str) -> None:
    replaced = PSEUDONYMIZER.uid(original)
    assert is_legal(replaced)
    assert replaced == PSEUDONYMIZER.uid(original) == Pseudonymizer(b"an invented key for the tests only").uid(original)
    assert replaced != OTHER.uid(original)
    assert (int(replaced[5:]) >> 76) & 0xF == 8


@given(st.sets(st.from_regex(r"1(\.[1-9][0-9]{0,6}){3,8}", fullmatch=True), min_size=2, max_size=20))
def test_different_originals_stay_different(originals: set[str]) -> None:
    assert len({PSEUDONYMIZER.uid(original) for original in originals}) == len(originals)


def test_padding_is_no_part_of_a_uid() -> None:
    assert PSEUDONYMIZER.uid("1.2.3\0") == PSEUDONYMIZER.uid("1.2.3 ") == PSEUDONYMIZER.uid("1.2.3")


@pytest.mark.parametrize("text", ["1.2.840.10008.1.2.1", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.4.1.1", ""])
def test_registered_uids_stay(text: str) -> None:
    assert replace(text, PSEUDONYMIZER) == text


@pytest.mark.parametrize(
    "text", ["1.2.840.10008.20230311.4711", "1.2.3", "01.2", "1..2", "spring", "1.2.3.", "0", "1." + "2" * 70]
)
def test_everything_else_is_replaced(text: str) -> None:
    assert replace(text, PSEUDONYMIZER) == PSEUDONYMIZER.uid(text)
    assert not is_registered(text)


@pytest.mark.parametrize(
    ("text", "stays"), [("1.2.840.113619.4.27", True), ("", True), ("OKONKWO", False), ("0", False)]
)
def test_structural_uids_stay_if_they_are_uids(text: str, stays: bool) -> None:  # noqa: FBT001
    assert (structural(text, PSEUDONYMIZER) == text) == stays


def test_the_same_uid_is_replaced_alike_in_images_key_objects_and_file_meta() -> None:
    image = instance(number=3)
    cleaned_image, cleaned_ko = cleaned(image), cleaned(key_object(image))
    study = cleaned_ko.CurrentRequestedProcedureEvidenceSequence[0]
    reference = study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert (
        reference.ReferencedSOPInstanceUID
        == cleaned_image.file_meta.MediaStorageSOPInstanceUID
        == PSEUDONYMIZER.uid(uid(1, 1, 1, 3))
    )
    assert study.StudyInstanceUID == cleaned_image.StudyInstanceUID


def test_malformed_uids_are_replaced_too() -> None:
    inner = Dataset()
    inner.add_new("ReferencedSOPClassUID", "UI", "seen by Okonkwo")
    inner.add_new("ReferencedSOPInstanceUID", "UI", "1.2.3.20230311.OKONKWO")
    out = cleaned(instance(ReferencedInstanceSequence=[inner]))
    assert all(
        is_legal(str(out.ReferencedInstanceSequence[0][keyword].value))
        for keyword in ("ReferencedSOPClassUID", "ReferencedSOPInstanceUID")
    )


def test_patients_and_shifts() -> None:
    patient = PSEUDONYMIZER.patient("0010", "study")
    assert len(patient) == 16
    assert patient.isalnum()
    assert patient == PSEUDONYMIZER.patient("0010", "another study")
    assert (
        len(
            {
                patient,
                PSEUDONYMIZER.patient("", "0010"),
                PSEUDONYMIZER.patient("", "study"),
                OTHER.patient("0010", "study"),
            }
        )
        == 4
    )


@given(st.text())
def test_shifts_go_into_the_past(patient: str) -> None:
    assert -3650 <= PSEUDONYMIZER.shift(patient) <= -1
    assert PSEUDONYMIZER.shift(patient) == PSEUDONYMIZER.shift(patient)


def test_a_short_key_is_refused_and_no_key_is_shown() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Pseudonymizer(b"short")
    assert "invented" not in repr(PSEUDONYMIZER)


def test_a_pseudonymizer_shows_no_key_and_keeps_uids_in_elements_only_if_asked() -> None:
    made = Pseudonymizer(b"an invented key for the tests only")
    assert repr(made) == "Pseudonymizer()"
    assert made.for_elements(keep_uids=False) is made
    assert made.for_elements(keep_uids=True).uid("1.2.3.4") == "1.2.3.4"
    assert made.for_elements(keep_uids=True).uid("no uid") == made.uid("no uid")
