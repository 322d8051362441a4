"""What is masked on a page: text that identifies or may identify, seen in the picture or told by the text layer.

Where the layer tells the text that is seen, single words are masked, as in free text of headers; where a picture alone shows it,
whole lines, as in frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gateway.documents.pages import LayerText, Page
from gateway.pixels.barcodes import barcode_lines
from gateway.pixels.fit import fit
from gateway.pixels.policy import PHI, Policy, is_marker
from gateway.pixels.reader import Line, TextReader
from gateway.pixels.regions import Judge, findings, union
from gateway.pixels.scene import Scene
from gateway.records import Box, Finding, Identifiers, Reason, Verdict

_ALIKE = 0.85  # of two texts' letters: recognition slips on fewer
_SLIP = 2  # letters in a row that recognition may see and the layer not tell
_MARGIN = 2  # pixels that a mask reaches beyond the characters' boxes
_INK = 0  # black: a mask is seen as one on any page


class DocumentJudge(Judge, Protocol):
    """A judge that also names the words of a text that have to go."""

    def removed(self, text: str, identifiers: Identifiers) -> tuple[tuple[int, int], ...]:
        """The places ``text[start:end]`` of the words that cannot stay."""
        ...


def masked(
    page: Page, number: int, identifiers: Identifiers, reader: TextReader, judge: DocumentJudge, policy: Policy = PHI
) -> tuple[NDArray[np.uint8], tuple[Finding, ...]]:
    """Return the picture of a page with its masks, and what was found on it. ``number`` counts pages from 0.

    Where ``policy`` takes all text, that of pages goes as well: what is seen as in frames, and all that the layer tells.
    """
    seen = tuple(replace(line, box=fit(page.picture, line)) for line in reader.read(page.picture))
    told = set() if policy.all_text else {line.box for line in seen if _is_told(line, page.layer)}
    found = [
        *findings(
            [*(line for line in seen if line.box not in told), *barcode_lines(page.picture, seen)],
            number,
            identifiers,
            judge,
            policy,
            Scene(*page.picture.shape[:2]) if policy.all_text else None,
        ),
        *_told_by(page.layer, number, policy),
        *_in_layer(page, number, [line.box for line in seen if line.box not in told], identifiers, judge),
    ]
    picture = page.picture.copy()
    for finding in found:
        if finding.verdict is not Verdict.TECHNICAL:
            box = finding.box
            picture[box.y : box.y + box.h, box.x : box.x + box.w] = _INK
    return picture, tuple(found)


def _is_told(line: Line, layer: Sequence[LayerText]) -> bool:
    """Whether the text layer tells all that was read in a line: no word of it is missing there, and few letters differ."""
    read = _letters(line.text)
    told = _letters("".join(_within(piece, line.box) for piece in layer))
    if not read or not told:
        return False
    matcher = SequenceMatcher(None, told, read, autojunk=False)
    missing = (end - start for kind, _, _, start, end in matcher.get_opcodes() if kind in {"insert", "replace"})
    return matcher.ratio() >= _ALIKE and max(missing, default=0) <= _SLIP


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _within(piece: LayerText, box: Box) -> str:
    """The characters of a piece whose middle lies in ``box``."""
    return "".join(
        character
        for character, own in zip(piece.text, piece.boxes, strict=True)
        if 0 <= own.x + own.w // 2 - box.x < box.w and 0 <= own.y + own.h // 2 - box.y < box.h
    )


def _told_by(layer: Sequence[LayerText], number: int, policy: Policy) -> Iterator[Finding]:
    """Where all text goes: the pieces of the text layer, seen or not, but for markers."""
    for piece in layer if policy.all_text else ():
        if piece.text.strip() and not is_marker(piece.text):
            yield Finding(number, _grown(union(piece.boxes)), Verdict.UNSURE, (Reason("all text", 1.0),))


def _in_layer(
    page: Page, number: int, untold: Sequence[Box], identifiers: Identifiers, judge: DocumentJudge
) -> Iterator[Finding]:
    """Judge the text layer: word by word, but whole where something else is seen in its place than what it tells."""
    for piece in page.layer:
        answer = judge.judge(piece.text.strip(), identifiers)
        if answer.verdict is Verdict.TECHNICAL:
            continue
        if any(_within(piece, box).strip() for box in untold):
            spans: tuple[tuple[int, int], ...] = ((0, len(piece.text)),) if answer.verdict is Verdict.PHI else ()
        else:
            spans = judge.removed(piece.text, identifiers)
        for start, end in spans:
            box = _grown(union(piece.boxes[start:end]))
            yield Finding(number, box, answer.verdict, (*answer.reasons, Reason("text layer", 1.0)))


def _grown(box: Box) -> Box:
    left, top = max(0, box.x - _MARGIN), max(0, box.y - _MARGIN)
    return Box(left, top, box.x + box.w + _MARGIN - left, box.y + box.h + _MARGIN - top)
