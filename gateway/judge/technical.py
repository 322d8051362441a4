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
    r"(?<![^\W_])(?:[Ww]/[Oo]|[ckm]?m/s|(?:M[Oo]|R[Hh]|W)/(?:M[Oo]|R[Hh]|A[GgLl]))(?![^\W_])|\d+(?:[.,]\d+)+(?:[^\W_]+)?|[^\W_]+(?:[.,]\d+)*(?:(?<=\w)['\u2019\u00b4](?=\w)[^\W_]+)*"
)
SLIPPED_ZERO = re.compile(r"(?<=\d)[OoQ](?=[\dA-Z]|$)")
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
    """A run of letters and digits between separators, and what it is.

    ``bare``: three digits and more without a unit. ``measured``: a number with a unit behind it or the label of a setting
    before it.
    """

    text: str = field(repr=False)
    start: int
    end: int
    kind: Kind
    bare: bool = False
    measured: bool = False

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
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        inside = range(bisect_left(starts, match.start()), bisect_left(starts, match.end()))
        kind = _kind(match.group(), inside, pieces, vocabulary)
        after = inside[-1] + 1
        unit = after < len(pieces) and _is_unit(pieces[after], vocabulary)
        bare = kind is Kind.NUMBER and match.group().isdigit() and len(match.group()) >= 3 and not unit
        setting = bool(found) and kind is Kind.NUMBER and _is_setting(text, found[-1], match.start(), vocabulary)
        bare = bare and not setting
        measured = kind is Kind.NUMBER and (unit or setting)
        found.append(Token(match.group(), match.start(), match.end(), kind, bare, measured))
    return _with_eponyms(text, tuple(_labelled(text, found, pieces, vocabulary)), vocabulary)


def _is_setting(text: str, before: Token, start: int, vocabulary: Vocabulary) -> bool:
    """Whether a number at ``start`` stands right behind the label of a setting: TE 30, Series 4."""
    label = len(before.text) > 1 and fold(before.text) != "st" and fold(before.text) in vocabulary.settings.exact
    return label and text[before.end : start] in (" ", "=", "_", " = ", ": ", ":")


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


_JOINT = re.compile(r"[\s_'\u2019-]{1,3}")
_GENITIVE = re.compile(r"['\u2019\u00b4]s$")
_OF = frozenset({"de", "di", "d", "of", "van", "von", "do", "da"})


def _with_eponyms(text: str, found: tuple[Token, ...], vocabulary: Vocabulary) -> tuple[Token, ...]:
    """Eponyms beside what they are said of are words (Baker cyst, Circle of Willis); alone they are what the lists say."""
    folded = [fold(_GENITIVE.sub("", token.text)) for token in found]
    if not any(word in vocabulary.eponyms.exact or word in vocabulary.phrase_starts for word in folded):
        return found
    kinds = [token.kind for token in found]
    joined = [bool(_JOINT.fullmatch(text, left.end, right.start)) for left, right in pairwise(found)]
    for first, last in (*_phrases(folded, joined, vocabulary), *_said_of(folded, joined, vocabulary)):
        kinds[first : last + 1] = [Kind.WORD] * (last + 1 - first)
    return tuple(
        token if token.kind is kind else replace(token, kind=kind) for token, kind in zip(found, kinds, strict=True)
    )


def _phrases(folded: Sequence[str], joined: Sequence[bool], vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where a phrase of the lists stands: its first and last token."""
    for first, word in enumerate(folded):
        for phrase in vocabulary.phrase_starts.get(word, ()):
            last = first + len(phrase) - 1
            if tuple(folded[first : last + 1]) == phrase and all(joined[first:last]):
                yield first, last


def _said_of(folded: Sequence[str], joined: Sequence[bool], vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Where an eponym stands in front of its noun, or behind it (morbus Crohn, maladie de Crohn)."""
    eponyms, nouns = vocabulary.eponyms.exact, vocabulary.eponym_nouns.exact
    for i, word in enumerate(folded):
        if word not in eponyms:
            continue
        if i + 1 < len(folded) and joined[i] and folded[i + 1] in nouns:
            yield i, i + 1
        if i and joined[i - 1] and folded[i - 1] in nouns:
            yield i - 1, i
        if i > 1 and joined[i - 1] and joined[i - 2] and folded[i - 1] in _OF and folded[i - 2] in nouns:
            yield i - 2, i


def _is_unit(atom: Atom, vocabulary: Vocabulary) -> bool:
    return not atom.number and atom.text in vocabulary.units


def _kind(token: str, inside: Sequence[int], pieces: Sequence[Atom], vocabulary: Vocabulary) -> Kind:
    """What a token is by its own atoms: the worst of them decides."""
    if "/" in token:  # m/s, Mo/Rh (anode and filter), and w/o: losing it would turn "without" into "with"
        return Kind.WORD
    kinds = {_atom_kind(i, pieces, vocabulary) for i in inside}
    if Kind.UNKNOWN in kinds:
        return _slipped_kind(token, vocabulary)
    return next(kind for kind in Kind if kind in kinds)


def _slipped_kind(token: str, vocabulary: Vocabulary) -> Kind:
    """An unknown token read through OCR slips: T0MO is a word, 2OHz a number."""
    if vocabulary.slipped(token):
        return Kind.WORD
    read = SLIPPED_ZERO.sub("0", token)
    pieces = atoms(read)
    if read == token or Kind.UNKNOWN in {_atom_kind(i, pieces, vocabulary) for i in range(len(pieces))}:
        return Kind.UNKNOWN
    return Kind.NUMBER


def _word_kind(word: str, vocabulary: Vocabulary) -> Kind:
    if word in vocabulary.ambiguous and word.casefold() not in vocabulary.accented:
        return Kind.AMBIGUOUS
    if word in vocabulary.glue:
        return Kind.GLUE
    if vocabulary.word(word):
        if vocabulary.compound_name(word):
            return Kind.AMBIGUOUS
        return Kind.WEAK if word in vocabulary.facility_weak else Kind.WORD
    return Kind.WORD if vocabulary.slipped(word) else Kind.UNKNOWN


def _atom_kind(i: int, pieces: Sequence[Atom], vocabulary: Vocabulary) -> Kind:
    atom = pieces[i]
    neighbours = (pieces[i - 1] if i else None, pieces[i + 1] if i + 1 < len(pieces) else None)
    if atom.number:
        return Kind.NUMBER if vocabulary.number(atom, neighbours) else Kind.UNKNOWN
    if len(atom.text) == 1:
        known = vocabulary.letter(atom, neighbours[0]) or vocabulary.letters(atom, neighbours)
        if not known and not atom.glued and atom.text in vocabulary.glue:
            return Kind.GLUE
        return Kind.LETTER if known else Kind.UNKNOWN
    kind = _word_kind(atom.text, vocabulary)
    unit = neighbours[0] is not None and neighbours[0].number and _is_unit(atom, vocabulary)
    if unit or (kind is Kind.UNKNOWN and vocabulary.letters(atom, neighbours)):
        return Kind.WORD
    return kind


def doubts(text: str, found: Sequence[Token]) -> tuple[Reason, ...]:
    """Why a text is not technical as a whole; empty when it is."""
    reasons = set()
    firm = any(token.kind is Kind.WORD for token in found)
    if any(token.kind is Kind.UNKNOWN for token in found) or (
        len(found) == 1 and found[0].kind is Kind.GLUE and len(found[0].text) == 1
    ):
        reasons.add(_UNKNOWN)  # a joining letter with nothing to join is nobody's word
    pairs = [{left.kind, right.kind} for left, right in pairwise(found)]
    beside = any(Kind.AMBIGUOUS in pair and pair <= {Kind.AMBIGUOUS, Kind.LETTER} for pair in pairs)
    if any(token.kind is Kind.AMBIGUOUS for token in found) and (not firm or beside):
        reasons.add(_AMBIGUOUS)
    if _apart(text, found) or (not firm and sum(token.kind is Kind.LETTER for token in found) > _LETTERS):
        reasons.add(_SPACED)
    return tuple(sorted(reasons, key=lambda reason: (-reason.score, reason.rule)))


def _apart(text: str, found: Sequence[Token]) -> frozenset[int]:
    """Which tokens are letters of a word that is written apart (``S M I T H``): more than three in a row, not ``S/I/P/A``."""
    letters: set[int] = set()
    run: list[int] = []
    for i, token in enumerate(found):
        joined = run and _APART.fullmatch(text, found[i - 1].end, token.start)
        lone = len(token.text) == 1 and token.text.isalpha()
        run = [*run, i] if lone and joined else [i] if lone else []
        if len(run) > _LETTERS:
            letters.update(run)
    return frozenset(letters)


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


_LETTERS = 3  # more of them are no orientations, but a word
_APART = re.compile(r"[\s._-]{1,3}")
_WHOLE = re.compile(r"\d{1,4}(?:st|nd|rd|th|er|bis|ter|[abcefghijklnopqruvwxyz\u00ba\u00aa])?", re.IGNORECASE)
_SUBJECTS = frozenset({"patient", "patients"})  # prose speaks of them: "due to patient motion"
_ARTICLES = frozenset(
    {"the", "a", "an", "das", "les", "los", "lo", "os"}
)  # they belong to what follows, and to no name
_COMMA = re.compile(r",\s?")
_SENTENCE = re.compile(r"[,;|()\[\]{}\n]|\s[-\u2013/]\s|[.:?!]\s")
_PARTS = re.compile(r"[,;|()\[\]{}\n]|\s[-\u2013/]\s")


def keep(
    text: str, found: Sequence[Token], hits: Sequence[Hit], named: Sequence[Hit]
) -> tuple[tuple[bool, ...], set[Reason]]:
    """Which tokens of a free ``text`` stay, and why others go beside those that ``hits`` name.

    ``hits`` take every word they cover, ``named`` (what the recogniser marks) spare firmly technical ones.

    A word that could be part of a name, a word of institutions, a lone letter or a bare number goes with a removed neighbour; a
    word that only joins goes unless it joins two that stay.
    """
    found = [replace(token, kind=Kind.GLUE) if fold(token.text) in _SUBJECTS else token for token in found]
    reasons: set[Reason] = set()
    placed = _covered(found, [hit for hit in (*hits, *named) if "place" in hit.reason.rule])
    stays = [
        token.kind not in (Kind.UNKNOWN, Kind.LABEL, *((Kind.WEAK,) if marked and place else ()))
        and not hit
        and not (marked and token.kind not in (Kind.GLUE, Kind.WEAK) and not _firm(token))
        for token, hit, marked, place in zip(found, _covered(found, hits), _covered(found, named), placed, strict=True)
    ]
    if any(token.kind in (Kind.UNKNOWN, Kind.LABEL) for token in found):
        reasons.add(_UNKNOWN)
    for i in _apart(text, found):
        stays[i] = False
        reasons.add(_SPACED)
    beside = _beside(found)
    firm = any(token.kind is Kind.WORD and stay for token, stay in zip(found, stays, strict=True))
    for i, token in enumerate(found):
        paired = any(found[j].kind is Kind.AMBIGUOUS for j in beside[i])
        if token.kind is Kind.AMBIGUOUS and stays[i] and (paired or not firm):
            stays[i] = False
            reasons.add(_AMBIGUOUS)
    order = range(len(found))
    for i in (*order, *reversed(order)):  # once in each direction: what goes takes its neighbours with it
        if stays[i] and _goes_too(i, found, stays, beside[i], placed, text):
            stays[i] = False
            reasons.add(_BESIDE)
    return tuple(
        # a word that only joins stays between two that stay, or before the first
        stay and (token.kind is not Kind.GLUE or _joins(i, found, stays, sides, text))
        for i, (token, stay, sides) in enumerate(zip(found, stays, beside, strict=True))
    ), reasons


def _firm(token: Token) -> bool:
    """Whether a token stays although the recogniser supposes a name: a word, a measurement, a short code (T2, 3D)."""
    most = 4 if token.text[-1:].isalpha() and token.kind is Kind.NUMBER else 3  # B30f
    short = len(token.text) <= most and not token.text.isalpha() and not token.text.isdigit()
    return token.kind is Kind.WORD or token.measured or short


def _joins(i: int, found: Sequence[Token], stays: Sequence[bool], sides: Sequence[int], text: str) -> bool:
    """Whether a joining word joins words that stay; what stands in another sentence or part does not count."""
    near = [j for j in sides if not _SENTENCE.search(text, *_between(found[i], found[j]))]
    if fold(found[i].text) in _ARTICLES | _SUBJECTS and any(j > i for j in near):
        near = [j for j in near if j > i]
    return bool(near) and all(stays[j] for j in near)


def _goes_too(
    i: int, found: Sequence[Token], stays: Sequence[bool], sides: Sequence[int], placed: Sequence[bool], text: str
) -> bool:
    """Whether a token goes because one beside it does.

    A word that could be a name goes with any neighbour; a letter and a short number (of a house, of a day) only if nothing
    parts them and they are not tied to a word that stays (``Head-8``, ``GTV_L``); a word of institutions only with a place.
    """
    token = found[i]
    if any(not stays[j] and _signs(token, found[j], text) for j in (i - 1, i + 1) if 0 <= j < len(found)):
        return True
    short = (
        bool(_WHOLE.fullmatch(token.text)) and not token.measured and text[token.end : token.end + 1] not in ("%", "°")
    )
    if not (short or token.bare or token.kind in (Kind.AMBIGUOUS, Kind.WEAK, Kind.LETTER)):
        return False
    if token.kind is not Kind.AMBIGUOUS and len(token.text) <= 3 and _tied(i, found, stays, text):
        return False
    if token.kind is Kind.AMBIGUOUS:
        return not all(stays[j] for j in sides)
    if short and _behind_street(i, found, stays, text):
        return True
    near = sides if token.kind in (Kind.WEAK, Kind.LETTER) else [j for j in (i - 1, i + 1) if 0 <= j < len(found)]
    if token.kind is Kind.WEAK:
        near = [j for j in near if placed[j] or found[j].kind is Kind.WEAK]
    return any(not stays[j] and not _PARTS.search(text, *_between(found[i], found[j])) for j in near)


def _behind_street(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a number stands behind a removed word and a comma, and nothing it could count behind it (``Calle Foo, 74``)."""
    if not i or stays[i - 1] or not _COMMA.fullmatch(text, found[i - 1].end, found[i].start):
        return False
    return i + 1 == len(found) or not stays[i + 1] or bool(_PARTS.search(text, found[i].end, found[i + 1].start))


def _signs(left: Token, right: Token, text: str) -> bool:
    """Whether two tokens stand as initials of those who dictated and typed do: ``JS/TM``."""
    return text[slice(*_between(left, right))] == "/" and all(
        token.text.isalpha() and token.text.isupper() and len(token.text) <= 3 for token in (left, right)
    )


def _between(left: Token, right: Token) -> tuple[int, int]:
    return min(left.end, right.end), max(left.start, right.start)


def _tied(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a token hangs on a word that stays, and on no other, by a hyphen; a letter also by an underscore."""
    if found[i].text.isdigit() and _hangs(i, found, stays, text):
        return True
    joints = ("-",) if found[i].text.isdigit() else ("-", "_")
    tied = [j for j in (i - 1, i + 1) if 0 <= j < len(found) and text[slice(*_between(found[i], found[j]))] in joints]
    return bool(tied) and all(stays[j] and found[j].kind is not Kind.AMBIGUOUS for j in tied)


def _hangs(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a number ends a descriptor that is tied together by underscores (``t2_tse_cor_320 Foo``)."""
    if not i or not stays[i - 1] or text[found[i - 1].end : found[i].start] != "_" or len(found[i].text) > 3:
        return False
    if i < 2 or text[found[i - 2].end : found[i - 1].start] != "_":
        return False  # axial_13 maart
    return i + 1 == len(found) or "_" not in text[found[i].end : found[i + 1].start]


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
