"""What the words and numbers of a text are, one at a time and as a whole; ``keeping`` says which of them stay."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import pairwise

from gateway.judge import codes, eponyms
from gateway.judge.misread import is_misread
from gateway.judge.patterns import Hit
from gateway.judge.text import Atom, atoms, fold, humps
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Reason

_TOKEN = re.compile(
    r"(?<![^\W_])(?:[Ww]/[Oo]|[Hh]&[Ee]|s/p|S/P|r/o|R/O|h/o|H/O|N/V(?:/D)?|n/v(?:/d)?|E/[Aa]|T/R|V/Q|10\^-?\d{1,2}|[ckm]m[\u00b2\u00b3](?:/m?s)?|[ckm]?m/s|(?:M[Oo]|R[Hh]|W)/(?:M[Oo]|R[Hh]|A[GgLl]))(?![^\W_])|\d+(?:[.,]\d+)+(?:[^\W_]+)?|[^\W_]+(?:[.,]\d+)*(?:(?<=\w)['\u2019\u00b4](?=\w)[^\W_]+)*"
)
SLIPPED_ZERO = re.compile(r"(?<=\d)[OoQ](?=[\dA-Z]|$)")
_LABEL_END = re.compile(r"\s{0,2}[:=#]|\.\s?:")


class Kind(Enum):
    """What a token is by itself. A token of several atoms is the first of these that one of them is."""

    AMBIGUOUS = "ambiguous"  # technical, and a name
    CLINICAL = "clinical"  # a clinical word of prose
    ACRONYM = "acronym"  # an abbreviation or product name of prose, in capitals as sure as in small letters
    EPONYM = "eponym"  # of prose where it stands in its phrase, and a name beside one
    ORDINARY = "ordinary"  # a word of everyday language that is on no list of names
    SELDOM = "seldom"  # a word of everyday language that a few people are called by, or an abbreviation like initials
    WEAK = "weak"  # technical, and a word of institutions
    WORD = "word"  # firmly technical
    NUMBER = "number"  # a measurement, setting or counter
    LETTER = "letter"  # one technical letter (orientation, mode)
    GLUE = "glue"  # joins other words
    JOINS = "joins"  # joins other words in prose
    LABEL = "label"  # unknown, but up to three letters right before a measurement with a unit: DF 2.5MHz
    UNKNOWN = "unknown"


PROSE = (Kind.CLINICAL, Kind.ACRONYM, Kind.EPONYM, Kind.ORDINARY, Kind.SELDOM, Kind.JOINS)  # what only prose knows


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
        return self.kind in (Kind.UNKNOWN, Kind.LABEL, Kind.AMBIGUOUS, Kind.SELDOM)


UNKNOWN = Reason("unsure.unknown_word", 0.5)
AMBIGUOUS = Reason("unsure.name_or_word", 0.4)
SPACED = Reason("unsure.spaced_letters", 0.4)
_FACILITY = Reason("place.institution_word", 0.8)
_FACILITY_PAIR = Reason("place.institution_words", 0.7)
_LABEL = Reason("person.label", 0.7)


def tokens(text: str, vocabulary: Vocabulary, *, prose: bool = False) -> tuple[Token, ...]:
    """Split a text into tokens and say what each of them is; ``prose`` knows more words and forms than lines of pixels do."""
    pieces = atoms(text)
    starts = [piece.start for piece in pieces]
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        inside = range(bisect_left(starts, match.start()), bisect_left(starts, match.end()))
        kind = _kind(match.group(), inside, pieces, vocabulary, prose=prose)
        after = inside[-1] + 1
        unit = after < len(pieces) and _is_unit(pieces[after], vocabulary) and _behind(text, match.end(), pieces[after])
        bare = kind is Kind.NUMBER and match.group().isdigit() and len(match.group()) >= 3 and not unit
        setting = bool(found) and kind is Kind.NUMBER and _is_setting(text, found[-1], match.start(), vocabulary)
        bare = bare and not setting
        measured = kind is Kind.NUMBER and (unit or setting)
        if prose and _is_form(match, kind, found, vocabulary):
            kind = Kind.ACRONYM
        found.append(Token(match.group(), match.start(), match.end(), kind, bare, measured))
    if prose:
        found = list(_begun(text, list(_without_plates(text, found)), vocabulary))
    elif any(token.kind is Kind.WORD and len(token.text) > _LETTERS for token in found):
        found = [_read_otherwise(token, vocabulary.sure) for token in found]
    return _with_eponyms(text, tuple(_labelled(text, found, pieces, vocabulary)), vocabulary, prose=prose)


def _read_otherwise(token: Token, known: AbstractSet[str]) -> Token:
    """A word that recognition misread by a letter is technical beside words that are."""
    misread = token.kind is Kind.UNKNOWN and is_misread(token.text, known)
    return replace(token, kind=Kind.WORD) if misread else token


def _is_form(match: re.Match[str], kind: Kind, before: Sequence[Token], vocabulary: Vocabulary) -> bool:
    """Whether prose knows a token by its form: PAM50, the variant of a gene (BRAF V600E), a stage, a unit behind a number."""
    token, last = match.group(), before[-1] if before else None
    if kind is Kind.NUMBER:
        return last is not None and codes.variant(fold(token), fold(last.text))
    if kind is not Kind.UNKNOWN:
        return False
    if token in vocabulary.acronyms or codes.coded(token, fold(last.text) if last else ""):
        return True
    return last is not None and codes.counted(fold(token), last.text, match.string[last.end : match.start()])


def _without_plates(text: str, found: Sequence[Token]) -> Iterator[Token]:
    """Abbreviations of three capitals beside a bare number are unknown: a plate is written so (``RLS 302``)."""
    for i, token in enumerate(found):
        short = token.kind is Kind.ACRONYM and len(token.text) <= _PLATE and token.text.isupper()
        plate = short and any(
            found[j].bare
            and not _is_dose(j, found)
            and text[min(token.end, found[j].end) : max(token.start, found[j].start)] in (" ", "-")
            for j in (i - 1, i + 1)
            if 0 <= j < len(found)
        )
        yield replace(token, kind=Kind.UNKNOWN) if plate else token


def _is_dose(i: int, found: Sequence[Token]) -> bool:
    return i + 1 < len(found) and fold(found[i + 1].text) in _DOSES


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


_TO_UNIT = re.compile(r"[\s_]*[-(\[<=/*+]?")
_MACRON = re.compile(
    "[\u0100\u0101\u0112\u0113\u012a\u012b\u014c\u014d\u016a\u016b\u0304]"
)  # of words in the lists only Baltic ones have them
_WORDS = frozenset({"US"})  # behind a blank it is ultrasound and no microsecond
_GOES_ON = re.compile(r"\s([a-z\u00df-\u00ff]{2,}|[A-Z]{2,})(?![^\W_])")
_BEGIN = re.compile(r"[.:?!;(]")


def _with_eponyms(text: str, found: tuple[Token, ...], vocabulary: Vocabulary, *, prose: bool) -> tuple[Token, ...]:
    """Eponyms beside what they are said of are words; alone they are what the lists say."""
    kinds = [token.kind for token in found]
    firm = [
        token.kind in (Kind.WORD, Kind.WEAK, Kind.CLINICAL, Kind.ACRONYM) and len(token.text) > 1 for token in found
    ]
    words = [(token.text, token.start, token.end) for token in found]
    for first, last, said in eponyms.find(text, words, firm, vocabulary):
        if said is not eponyms.Said.ANYWHERE and not prose:
            continue
        for i in range(first, last + 1):
            unsettled = kinds[i] not in _SETTLED and not (said is eponyms.Said.PERHAPS and kinds[i] is Kind.NUMBER)
            if said is eponyms.Said.ANYWHERE or unsettled:
                kinds[i] = _SAID[said]
    return tuple(
        token if token.kind is kind else replace(token, kind=kind) for token, kind in zip(found, kinds, strict=True)
    )


def _behind(text: str, end: int, unit: Atom) -> bool:
    """Whether a unit stands right behind a number: in its part of the text, and no word of its own (87 - Ms Foo; 924 US)."""
    return bool(_TO_UNIT.fullmatch(text, end, unit.start)) and (unit.glued or unit.text not in _WORDS)


def _is_unit(atom: Atom, vocabulary: Vocabulary) -> bool:
    return not atom.number and atom.text in vocabulary.units


def _kind(token: str, inside: Sequence[int], pieces: Sequence[Atom], vocabulary: Vocabulary, *, prose: bool) -> Kind:
    """What a token is by its own atoms: the worst of them decides."""
    if (
        "/" in token or "&" in token or "^" in token
    ):  # m/s, Mo/Rh (anode and filter), H&E, 10^-6, and w/o: losing it would turn "without" into "with"
        return Kind.WORD
    kinds = {_atom_kind(i, pieces, vocabulary, prose=prose) for i in inside}
    if Kind.UNKNOWN in kinds or (kinds.intersection(PROSE) and Kind.NUMBER in kinds):  # baum77 is no word
        return _slipped_kind(token, vocabulary, prose=prose)
    return next(kind for kind in Kind if kind in kinds)


def _slipped_kind(token: str, vocabulary: Vocabulary, *, prose: bool) -> Kind:
    """An unknown token read through OCR slips: T0MO is a word, 2OHz a number, Tlb the index TIb."""
    capital = len(token) > 2 and token[0].isupper() and "l" in token and token.replace("l", "I") in vocabulary.console
    if capital or vocabulary.slipped(token):
        return Kind.WORD
    read = SLIPPED_ZERO.sub("0", token)
    pieces = atoms(read)
    if read == token or Kind.UNKNOWN in {_atom_kind(i, pieces, vocabulary, prose=prose) for i in range(len(pieces))}:
        return Kind.UNKNOWN
    return Kind.NUMBER


def _word_kind(word: str, vocabulary: Vocabulary, *, prose: bool) -> Kind:
    if _MACRON.search(word) and word.casefold() not in vocabulary.accented:
        return Kind.UNKNOWN
    if word in vocabulary.ambiguous and word.casefold() not in vocabulary.accented:
        return Kind.AMBIGUOUS
    if word in vocabulary.glue:
        return Kind.GLUE
    if vocabulary.word(word) and not vocabulary.compound_name(word):
        return Kind.WEAK if word in vocabulary.facility_weak else Kind.WORD
    if vocabulary.slipped(word):
        return Kind.WORD
    return _everyday_kind(word, vocabulary) if prose else Kind.UNKNOWN


def _everyday_kind(word: str, vocabulary: Vocabulary) -> Kind:
    if word in vocabulary.joins:
        return Kind.JOINS
    if word in vocabulary.acronyms and not (word.istitle() and len(word) <= _TITLED):  # Eva is somebody
        return Kind.ACRONYM
    if word in vocabulary.clinical:
        return Kind.CLINICAL
    if vocabulary.ordinary(word):
        return Kind.ORDINARY
    if vocabulary.made(word):
        return Kind.CLINICAL if vocabulary.firmly_made(word) else Kind.ORDINARY
    small = word.islower() and (word in vocabulary.small or vocabulary.plain.seldom_a_name(word))
    seldom = small or word in vocabulary.doubtful
    return Kind.SELDOM if seldom else Kind.UNKNOWN


def _begun(text: str, found: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Token]:
    """Capitalised words that begin a sentence of small letters and are seldom names become such words (Frische Blutung)."""
    for i, token in enumerate(found):
        begins = (
            token.kind is Kind.UNKNOWN
            and token.text.istitle()
            and (not i or bool(_BEGIN.search(text, found[i - 1].end, token.start)))
        )
        behind = found[i + 1] if i + 1 < len(found) else token
        small = behind.kind is not Kind.UNKNOWN and behind.text.islower() and len(behind.text) > 1
        word = token.text in vocabulary.small or vocabulary.plain.seldom_a_name(token.text)
        prose = begins and small and word
        yield replace(token, kind=Kind.SELDOM) if prose else token


def _atom_kind(i: int, pieces: Sequence[Atom], vocabulary: Vocabulary, *, prose: bool) -> Kind:
    atom = pieces[i]
    neighbours = (pieces[i - 1] if i else None, pieces[i + 1] if i + 1 < len(pieces) else None)
    if atom.number:
        return Kind.NUMBER if vocabulary.number(atom, neighbours) else Kind.UNKNOWN
    if len(atom.text) == 1:
        known = vocabulary.letter(atom, neighbours[0]) or vocabulary.letters(atom, neighbours)
        if not known and not atom.glued and atom.text in vocabulary.glue:
            return Kind.GLUE
        return Kind.LETTER if known else Kind.UNKNOWN
    kind = _word_kind(atom.text, vocabulary, prose=prose)
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
        reasons.add(UNKNOWN)  # a joining letter with nothing to join is nobody's word
    pairs = [{left.kind, right.kind} for left, right in pairwise(found)]
    beside = any(Kind.AMBIGUOUS in pair and pair <= {Kind.AMBIGUOUS, Kind.LETTER} for pair in pairs)
    if any(token.kind is Kind.AMBIGUOUS for token in found) and (not firm or beside):
        reasons.add(AMBIGUOUS)
    if apart(text, found) or (not firm and sum(token.kind is Kind.LETTER for token in found) > _LETTERS):
        reasons.add(SPACED)
    return tuple(sorted(reasons, key=lambda reason: (-reason.score, reason.rule)))


def apart(text: str, found: Sequence[Token]) -> frozenset[int]:
    """Which tokens are letters of a word that is written apart (``S M I T H``): more than three in a row, not ``S/I/P/A``."""
    letters: set[int] = set()
    run = 0
    for i, token in enumerate(found):
        joined = run and _APART.fullmatch(text, found[i - 1].end, token.start)
        lone = len(token.text) == 1 and token.text.isalpha()
        run = run + 1 if lone and joined else int(lone)
        if run > _LETTERS:
            letters.update(range(i - _LETTERS, i + 1))
    return frozenset(letters)


def _of_a_sentence(text: str, end: int, vocabulary: Vocabulary) -> bool:
    """Whether a sentence goes on behind a label: reviewed on a workstation, the referring team; in capitals by a joining word."""
    word = _GOES_ON.match(text, end)
    if word is None:
        return False
    joins = word[1] in vocabulary.glue or word[1] in vocabulary.joins
    return (joins and len(word[1]) > 1) or (
        word[1].islower() and _word_kind(word[1], vocabulary, prose=True) in (Kind.WORD, Kind.CLINICAL, Kind.ORDINARY)
    )


def people_and_places(text: str, vocabulary: Vocabulary) -> Iterator[Hit]:
    """Words that stand in the names of institutions and addresses, and labels that stand before a person's details."""
    weak = []
    for atom in atoms(text):
        if atom.number or len(atom.text) == 1:
            continue
        for part in {atom.text, *humps(atom.text)}:
            if part in vocabulary.facility:
                yield Hit(atom.start, atom.end, _FACILITY)
            label = part in vocabulary.labels and not _of_a_sentence(text, atom.end, vocabulary)
            if label or (part in vocabulary.labels_colon and _LABEL_END.match(text, atom.end)):
                yield Hit(atom.start, atom.end, _LABEL)
        if atom.text in vocabulary.facility_weak:
            weak.append(atom)
    for left, right in pairwise(weak):
        near = len(atoms(text[left.end : right.start])) <= 1
        if near and fold(left.text) != fold(right.text):
            yield Hit(left.start, left.end, _FACILITY_PAIR)
            yield Hit(right.start, right.end, _FACILITY_PAIR)


_SAID = {eponyms.Said.ANYWHERE: Kind.WORD, eponyms.Said.IN_PROSE: Kind.ACRONYM, eponyms.Said.PERHAPS: Kind.EPONYM}
_SETTLED = frozenset({Kind.WORD, Kind.WEAK, Kind.CLINICAL, Kind.ACRONYM, Kind.GLUE, Kind.JOINS})
_DOSES = frozenset({"mcg", "mcgs", "iu", "ui", "ie", "meq"})  # behind the number of a dose: GTN 400 mcg
_PLATE = 3  # letters of a plate
_TITLED = 4  # letters of an abbreviation that is a name if only the first is a capital
_LETTERS = 3  # more of them are no orientations, but a word
_APART = re.compile(r"[\s._-]{1,3}")
