"""Whether the words and numbers of a text are technical, one at a time and beside their neighbours."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import pairwise

from gateway.judge.patterns import Hit
from gateway.judge.text import Atom, atoms, fold, humps
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Reason

_TOKEN = re.compile(
    r"(?<![^\W_])(?:[Ww]/[Oo]|[ckm]?m/s)(?![^\W_])|\d+(?:[.,]\d+)+(?:[^\W_]+)?|[^\W_]+(?:[.,]\d+)*(?:(?<=\w)['\u2019\u00b4](?=\w)[^\W_]+)*"
)
_SLIPPED_ZERO = re.compile(r"(?<=\d)[OoQ](?=[\dA-Z]|$)")
_LABEL_END = re.compile(r"\s{0,2}[:=#]|\.\s?:")


class Kind(Enum):
    """What a token is by itself. A token of several atoms is the first of these that one of them is."""

    AMBIGUOUS = "ambiguous"  # technical, and a name
    WEAK = "weak"  # technical, and a word of institutions
    WORD = "word"  # firmly technical
    NUMBER = "number"  # a measurement, setting or counter
    LETTER = "letter"  # one technical letter (orientation, mode)
    GLUE = "glue"  # joins other words
    LABEL = "label"  # unknown, but up to three letters right before a measurement with a unit: DF 2.5MHz
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters and digits between separators, and what it is. ``bare``: three digits and more without a unit."""

    text: str = field(repr=False)
    start: int
    end: int
    kind: Kind
    bare: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether a name recogniser may still claim it."""
        return self.kind in (Kind.UNKNOWN, Kind.LABEL, Kind.AMBIGUOUS)


_UNKNOWN = Reason("unsure.unknown_word", 0.5)
_AMBIGUOUS = Reason("unsure.name_or_word", 0.4)
_SPACED = Reason("unsure.spaced_letters", 0.4)
_BESIDE = Reason("unsure.beside_unknown", 0.4)
_FACILITY = Reason("place.institution_word", 0.8)
_FACILITY_PAIR = Reason("place.institution_words", 0.7)
_LABEL = Reason("person.label", 0.7)


def tokens(text: str, vocabulary: Vocabulary) -> tuple[Token, ...]:
    """Split a text into tokens and say what each of them is."""
    pieces = atoms(text)
    starts = [piece.start for piece in pieces]
    found = []
    for match in _TOKEN.finditer(text):
        inside = range(bisect_left(starts, match.start()), bisect_left(starts, match.end()))
        kind = _kind(match.group(), inside, pieces, vocabulary)
        after = inside[-1] + 1
        unit = after < len(pieces) and _is_unit(pieces[after], vocabulary)
        bare = kind is Kind.NUMBER and match.group().isdigit() and len(match.group()) >= 3 and not unit
        found.append(Token(match.group(), match.start(), match.end(), kind, bare))
    return tuple(_labelled(text, found, pieces, vocabulary))


def _labelled(text: str, found: Sequence[Token], pieces: Sequence[Atom], vocabulary: Vocabulary) -> Iterator[Token]:
    """Unknown short tokens right before a measurement with a unit become labels."""
    units = {piece.start for piece in pieces if _is_unit(piece, vocabulary)} | {
        i for i, char in enumerate(text) if char in "%°"
    }
    ends = {piece.start: piece.end for piece in pieces if piece.number}
    for i, token in enumerate(found):
        behind = found[i + 1] if i + 1 < len(found) else token
        end = ends.get(behind.start) if behind.kind is not Kind.UNKNOWN else None
        measured = end is not None and {end, end + 1} & units
        short = token.text.isalpha() and len(token.text) <= 3
        yield replace(token, kind=Kind.LABEL) if token.kind is Kind.UNKNOWN and short and measured else token


def _is_unit(atom: Atom, vocabulary: Vocabulary) -> bool:
    return not atom.number and atom.text in vocabulary.units


def _kind(token: str, inside: Sequence[int], pieces: Sequence[Atom], vocabulary: Vocabulary) -> Kind:
    """What a token is by its own atoms: the worst of them decides."""
    if "/" in token:  # m/s, and w/o: losing it would turn "without" into "with"
        return Kind.WORD
    kinds = {_atom_kind(i, pieces, vocabulary) for i in inside}
    if Kind.UNKNOWN in kinds:
        return _slipped_kind(token, vocabulary)
    return next(kind for kind in Kind if kind in kinds)


def _slipped_kind(token: str, vocabulary: Vocabulary) -> Kind:
    """An unknown token read through OCR slips: T0MO is a word, 2OHz a number."""
    if vocabulary.slipped(token):
        return Kind.WORD
    read = _SLIPPED_ZERO.sub("0", token)
    pieces = atoms(read)
    if read == token or Kind.UNKNOWN in {_atom_kind(i, pieces, vocabulary) for i in range(len(pieces))}:
        return Kind.UNKNOWN
    return Kind.NUMBER


def _word_kind(word: str, vocabulary: Vocabulary) -> Kind:
    if word in vocabulary.ambiguous:
        return Kind.AMBIGUOUS
    if word in vocabulary.glue:
        return Kind.GLUE
    if vocabulary.word(word):
        return Kind.WEAK if word in vocabulary.facility_weak else Kind.WORD
    return Kind.WORD if vocabulary.slipped(word) else Kind.UNKNOWN


def _atom_kind(i: int, pieces: Sequence[Atom], vocabulary: Vocabulary) -> Kind:
    atom = pieces[i]
    neighbours = (pieces[i - 1] if i else None, pieces[i + 1] if i + 1 < len(pieces) else None)
    if atom.number:
        return Kind.NUMBER if vocabulary.number(atom, neighbours) else Kind.UNKNOWN
    if len(atom.text) == 1:
        known = vocabulary.letter(atom, neighbours[0]) or vocabulary.letters(atom, neighbours)
        return Kind.LETTER if known else Kind.UNKNOWN
    kind = _word_kind(atom.text, vocabulary)
    unit = neighbours[0] is not None and neighbours[0].number and _is_unit(atom, vocabulary)
    if unit or (kind is Kind.UNKNOWN and vocabulary.letters(atom, neighbours)):
        return Kind.WORD
    return kind


def doubts(found: Sequence[Token]) -> tuple[Reason, ...]:
    """Why a text is not technical as a whole; empty when it is."""
    reasons = set()
    firm = any(token.kind is Kind.WORD for token in found)
    if any(token.kind is Kind.UNKNOWN for token in found):
        reasons.add(_UNKNOWN)
    pairs = [{left.kind, right.kind} for left, right in pairwise(found)]
    beside = any(Kind.AMBIGUOUS in pair and pair <= {Kind.AMBIGUOUS, Kind.LETTER} for pair in pairs)
    if any(token.kind is Kind.AMBIGUOUS for token in found) and (not firm or beside):
        reasons.add(_AMBIGUOUS)
    if not firm and sum(token.kind is Kind.LETTER for token in found) > 3:
        reasons.add(_SPACED)
    return tuple(sorted(reasons, key=lambda reason: (-reason.score, reason.rule)))


def people_and_places(text: str, vocabulary: Vocabulary) -> Iterator[Hit]:
    """Words that stand in the names of institutions and addresses, and labels that stand before a person's details."""
    weak = []
    for atom in atoms(text):
        if atom.number or len(atom.text) == 1:
            continue
        for part in {atom.text, *humps(atom.text)}:
            if part in vocabulary.facility:
                yield Hit(atom.start, atom.end, _FACILITY)
            if part in vocabulary.labels or (part in vocabulary.labels_colon and _LABEL_END.match(text, atom.end)):
                yield Hit(atom.start, atom.end, _LABEL)
        if atom.text in vocabulary.facility_weak:
            weak.append(atom)
    if len({fold(atom.text) for atom in weak}) > 1:
        for atom in weak:
            yield Hit(atom.start, atom.end, _FACILITY_PAIR)


def keep(found: Sequence[Token], hits: Sequence[Hit], named: Sequence[Hit]) -> tuple[tuple[bool, ...], set[Reason]]:
    """Which tokens of a free text stay, and why others go beside those that ``hits`` name.

    ``hits`` take every word they cover, ``named`` (what the recogniser marks) spare firmly technical ones.

    A word that could be part of a name, a word of institutions, a lone letter or a bare number goes with a removed neighbour; a
    word that only joins goes unless it joins two that stay.
    """
    reasons: set[Reason] = set()
    stays = [
        token.kind not in (Kind.UNKNOWN, Kind.LABEL) and not hit and not (marked and token.kind is not Kind.WORD)
        for token, hit, marked in zip(found, _covered(found, hits), _covered(found, named), strict=True)
    ]
    if any(token.kind in (Kind.UNKNOWN, Kind.LABEL) for token in found):
        reasons.add(_UNKNOWN)
    beside = _beside(found)
    firm = any(token.kind is Kind.WORD and stay for token, stay in zip(found, stays, strict=True))
    for i, token in enumerate(found):
        paired = any(found[j].kind is Kind.AMBIGUOUS for j in beside[i])
        if token.kind is Kind.AMBIGUOUS and stays[i] and (paired or not firm):
            stays[i] = False
            reasons.add(_AMBIGUOUS)
    order = range(len(found))
    for i in (*order, *reversed(order)):  # once in each direction: what goes takes its neighbours with it
        goes = found[i].kind in (Kind.AMBIGUOUS, Kind.WEAK, Kind.LETTER) or found[i].bare
        if stays[i] and goes and not all(stays[j] for j in beside[i]):
            stays[i] = False
            reasons.add(_BESIDE)
    return tuple(
        # a word that only joins stays between two that stay
        stay and (token.kind is not Kind.GLUE or sum(stays[j] for j in sides) == 2)
        for token, stay, sides in zip(found, stays, beside, strict=True)
    ), reasons


def _covered(found: Sequence[Token], hits: Sequence[Hit]) -> list[bool]:
    """Whether a hit touches each token; in one pass, for a report has thousands of both."""
    marked = bytearray(found[-1].end if found else 0)
    for hit in hits:
        marked[hit.start : hit.end] = b"\1" * len(marked[hit.start : hit.end])
    return [1 in marked[token.start : token.end] for token in found]


def _beside(found: Sequence[Token]) -> list[list[int]]:
    """The tokens before and behind each, words that only join left out."""
    sides: list[list[int]] = [[] for _ in found]
    order = range(len(found))
    for direction in (order, reversed(order)):
        last = -1
        for i in direction:
            if last >= 0:
                sides[i].append(last)
            if found[i].kind is not Kind.GLUE:
                last = i
    return sides
