"""What the name recogniser sees of a word does not depend on case or accents, except how it is written."""

from __future__ import annotations

import pytest
import spacy

from gateway.judge.features import ROWS, features, sound, word_parts, written


def test_case_and_accents_change_only_the_written_form() -> None:
    plain, loud = features("Öztürkoğlu"), features("OZTURKOGLU")
    assert len(plain) == len(ROWS)
    assert [left == right for left, right in zip(plain, loud, strict=True)] == [True, False, *[True] * 7]


def test_names_of_one_making_share_their_ends() -> None:
    left, right = features("Brackthorne"), features("Whitthorne")
    assert left[0] != right[0]
    assert left[5:8] == right[5:8]


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("MR", "2XX"),
        ("Smith", "5Xxxx"),
        ("20210405", "8ddd"),
        ("a1", "2xd"),
        ("", "0"),
        ("wxyz", "4xxx"),
        ("ABCDEFGHIJKLMNOP", "12XXX"),
    ],
)
def test_the_written_form_tells_case_digits_and_length(word: str, form: str) -> None:
    assert written(word) == form


def test_the_sound_is_the_vowels_and_consonants() -> None:
    assert sound("smith") == "CCVCC"
    assert sound("a1") == "V1"
    assert sound("abcdefghij") == "VCCCVCCC"


def test_documents_of_any_length_get_one_vector_a_word() -> None:
    pipeline = spacy.blank("xx")
    layer = word_parts(width=8, table_width=4)
    docs = [pipeline("Foo bar 12"), pipeline(""), pipeline("MI")]
    layer.initialize(X=docs)
    assert [vectors.shape for vectors in layer.predict(docs)] == [(3, 8), (0, 8), (1, 8)]
