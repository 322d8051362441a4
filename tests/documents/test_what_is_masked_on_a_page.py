"""What is masked where the text layer of a page and what is seen on it agree, nearly agree, or contradict each other."""

from __future__ import annotations

import numpy as np
from documents.pdfs import Pdf
from numpy.typing import NDArray

from gateway.documents.masking import masked
from gateway.documents.pages import LayerText, Page, pages
from gateway.pixels.policy import PHI, Policy
from gateway.pixels.reader import Line
from gateway.pixels.regions import FakeAnswer
from gateway.records import Box, Identifiers, Reason, Verdict

WIDTH, HEIGHT, ROWS = 10, 20, slice(20, 40)  # pixels of a character, and where the only line stands
INK = 90


class Judge:
    """Knows the study's names, and one word that may be one."""

    def judge(self, text: str, identifiers: Identifiers) -> FakeAnswer:
        verdict = (
            Verdict.PHI
            if any(name in text for name in identifiers.names)
            else Verdict.UNSURE
            if "Quux" in text
            else Verdict.TECHNICAL
        )
        return FakeAnswer(verdict, (Reason("a test", 1.0),))

    def removed(self, text: str, identifiers: Identifiers) -> tuple[tuple[int, int], ...]:
        return tuple(
            (text.index(word), text.index(word) + len(word)) for word in (*identifiers.names, "Quux") if word in text
        )


class Sees:
    """A reader that sees one line."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, picture: NDArray[np.uint8]) -> tuple[Line, ...]:
        width = min(picture.shape[1], WIDTH * len(self.text))
        return (Line(Box(0, 20, width, HEIGHT), self.text, 0.99, 0.99, HEIGHT),)


def black(layer: str, seen: str, policy: Policy = PHI) -> str:
    """Which characters of a line are masked (``#``), if ``layer`` tells and the reader sees these texts in the same place."""
    length = max(len(layer), len(seen))
    picture = np.full((60, WIDTH * length + 20, 3), 255, np.uint8)
    picture[ROWS, : WIDTH * length] = INK
    boxes = tuple(Box(WIDTH * place, 20, WIDTH, HEIGHT) for place in range(len(layer)))
    page = Page((100.0, 100.0), picture, (LayerText(layer, boxes),))
    after, _ = masked(page, 0, Identifiers(names=frozenset({"Lee"})), Sees(seen), Judge(), policy)
    middles = range(WIDTH // 2, WIDTH * length, WIDTH)
    return "".join("#" if not after[30, middle].any() else "." for middle in middles)


TOLD = "CT Abdomen with contrast of the liver and pelvis"


def test_where_both_tell_the_same_single_words_go() -> None:
    assert black("left Lee right", "left Lee right") == ".....###......"


def test_a_slip_of_recognition_is_no_contradiction() -> None:
    assert "#" not in black(TOLD, TOLD.replace("liver", "1iver"))


def test_a_word_that_the_layer_does_not_tell_is_judged_as_it_is_seen() -> None:
    """Nearly all letters are the same; the three that are not are the name."""
    assert black(TOLD, f"{TOLD} Lee").endswith("####")


def test_where_they_contradict_each_other_all_that_the_layer_names_goes() -> None:
    assert black("left Lee right", "axial chest CT") == "#" * 14


def test_where_they_contradict_each_other_what_the_layer_leaves_open_is_seen() -> None:
    assert black("left Quux here", "axial chest CT") == "." * 14


def test_what_is_written_into_a_form_is_drawn() -> None:
    pdf = Pdf()
    field = pdf.add(
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Slice thickness) /Rect [60 300 400 330] /F 4"
        b" /DA (/F1 14 Tf 0 g) >>"
    )
    pdf.catalog = (
        b"/AcroForm << /Fields [%d 0 R] /NeedAppearances true /DA (/F1 14 Tf) /DR << /Font << /F1 3 0 R >> >> >>"
        % field
    )
    pdf.page(extra=b"/Annots [%d 0 R]" % field)
    (page,) = pages(bytes(pdf))
    rows, columns, _ = page.picture.shape
    there = page.picture[int(rows * (842 - 330) / 842) : int(rows * (842 - 300) / 842), int(columns * 60 / 595) :]
    assert np.count_nonzero(there.max(axis=2) < 100) > 200


def test_where_all_text_goes_that_of_pages_goes_too() -> None:
    """What the layer tells and nobody sees goes as well; a marker stays."""
    every = Policy("text")
    assert set(black(TOLD, TOLD, every)) == {"#"}
    assert set(black("", TOLD, every)) == {"#"}
    assert set(black(TOLD, "AP", every)) == {"#"}
    assert "#" not in black("AP", "AP", every)
    assert "#" not in black(TOLD, TOLD)
