"""Which numbers of a text could be somebody's: every one that is no setting, measurement, counter or code of a protocol.

``gateway.judge.patterns`` names forms of numbers that identify; nobody can list them all. Here it is the other way round: a
number of four digits stays behind the label of a setting (``profiles/vocabulary/settings.txt``) or before a unit, numbers in a
row stay behind such a label or if they are short or round, and letters with digits stay if they are put together as protocols,
vertebrae, kernels and measurements are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.judge import codes, owned
from gateway.judge.patterns import Hit
from gateway.judge.technical import SLIPPED_ZERO, Kind, Token
from gateway.judge.text import fold
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Reason

BARE = Reason("number.no_setting", 0.6)
_ROW = Reason("number.in_groups", 0.7)
_CODE = Reason("number.in_a_code", 0.6)
REASONS = frozenset({BARE, _ROW, _CODE})

_JOINT = re.compile(r"\s?[-./:+\u2013()]{0,2}\s?|_{1,2}")
_BEHIND_LABEL = re.compile(r"(?:[\s_=:#*(/,~<>+]{1,3}-?)?")
# Units of large numbers, as they are written: not "4401 US abdomen".
_LARGE_UNIT = re.compile(
    r"[ _]?(?:[kKmMG]?[hH][zZ]|ms|MS|m?sec|s|us|\u00b5s|\u03bcs|mm[23]?|MM|cm[23]?|m[lL]|ML|[mk]?g|mAs|MAS|mas|mA|"
    r"[mdcµ]?[gG]y\w*|[MC]?GY\w*|[kMG]?[bB]q"
    r"|:1|k?counts|cts|cps|COUNTS|CTS|HU|k|bpm|pixels?|px|%|\u00b0|s/mm)(?![^\W_])"
)
_TIES = frozenset("-+./:\\")
_GO_ON = frozenset({"x", "\u00d7", "to", "of", "and", "vs", "bis", "von", "de", "sur"})
_PLATE = 3  # groups of a plate
_PLATED = re.compile(r"(?!CT|MR|US|PT|NM|XA|CR|DX)[A-Z]{2}|\d{2}")
_PARTS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_CODE_DIGITS = 3
_COUNTER = re.compile(r"[1-9]\d?(?:[.,]\d)?")
_PART = re.compile(r"\s*[(\[<\"]|\s+\+|\s[-\u2013/]\s")
_FEW, _MANY = 5, 6  # digits of numbers in a row that are no counters any more: joined by a blank or dash; by anything
_TURN = 180  # degrees, minutes and percents in a row are multiples of five: 30 60 90
_SIZES = (50, 64)  # b-values and matrices are multiples of these
# Vertebrae, sizes, ordinals, iterations and subsets, kernels, dimensions, weighted images, isotopes.
_CODES = re.compile(
    r"(?:[ctlsd][1-9]\d?){1,2}|(?:[1-9]\d{0,3}|0)(?:[.,]\d+)?(?:x\d{1,4}(?:[.,]\d+)?){1,3}[a-z]{0,3}|\d{1,2}(?:st|"
    r"nd|rd|th|er|re|e|eme|a|o)"
    r"|\d{1,2}i\d{1,2}s|(?:[a-z]|b[frlvp]|h[rvcpnfd]|q[rv]|u[rvbf]|s[adehp]|t[rve]|er)[1-9]\d[fshabcdemrxu]?|(?:t[12]|r[12]|t1rho|"
    r"pd)[a-z]?|fc\d\d"
    r"|[bhiju][1-9]\d?[a-z]|[a-z]\d|[1-9]\d?[a-z]|[1-9][a-z]{2}|a[2-5]c|[1-9]\d?(?:ch|pt|x)|[1-9]\d?(?:[.,]\d)?x|[1-9]\d{1,2}s|\d{2,4}b|\d{1,4}[gk]|\d{1,2}w\d{1,2}d?"
    r"|\d{2,3}m?(?:f|c|n|o|h|i|y|p|ga|tc|tl|in|lu|cu|rb|xe|kr|ra|re|sm|sr|zr|mo|cr)|(?:f|c|n|o|i|y|p|ga|tc|tl|in|"
    r"lu|cu|rb|xe|kr|ra|re|sm|sr|zr|mo)\d{2,3}m?"
)


def find(text: str, found: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Hit]:
    """The numbers, and the codes of letters and digits, that have no place in a protocol."""
    yield from (Hit(start, end, _CODE) for start, end in owned.find(text, found))
    if not any(char.isdecimal() for char in text):
        return
    labelled = _labelled(text, found, vocabulary)
    hits = [*_single(text, found, labelled, vocabulary), *_rows(text, found, labelled)]
    yield from hits
    yield from _tied(text, found, hits)


def _single(text: str, found: Sequence[Token], labelled: Sequence[bool], vocabulary: Vocabulary) -> Iterator[Hit]:
    for token, setting in zip(found, labelled, strict=True):
        if (
            _alone(token)
            and not (setting and re.fullmatch(r"[1-9]\d{3}", token.text))
            and not _LARGE_UNIT.match(text, token.end)
        ):
            yield Hit(token.start, token.end, BARE)
        elif not _fits(token, vocabulary):
            yield Hit(token.start, token.end, _CODE)


def _labelled(text: str, found: Sequence[Token], vocabulary: Vocabulary) -> list[bool]:
    """Which tokens are numbers that the label of a setting stands before, or a times sign beside."""
    settings = vocabulary.settings.exact
    labelled: list[bool] = []
    behind = False
    for i, token in enumerate(found):
        near = i > 0 and (
            bool(_BEHIND_LABEL.fullmatch(text, found[i - 1].end, token.start))
            or (found[i - 1].text[-1].isdecimal() and text[found[i - 1].end : token.start] == "-")
        )
        word = fold(token.text)
        number = token.text[:1].isdecimal()
        times = number and any(0 <= j < len(found) and fold(found[j].text) in ("x", "\u00d7") for j in (i - 1, i + 1))
        labelled.append(number and ((behind and near) or times))
        behind = (
            word.rstrip("0123456789.,") in settings
            or (behind and near and (number or word in _GO_ON))
        )  # fmt: skip
    return labelled


def _alone(token: Token) -> bool:
    """Whether a token is a number of four digits, or a decimal as nothing is measured (392.6964)."""
    return bool(re.fullmatch(r"\d{4,}|\d{2,}[.,]\d{4,}", token.text))


def _measured(text: str, token: Token) -> bool:
    return token.measured or bool(re.match(r"\s?(?:[%\u00b0]|[gk](?![^\W_]))", text[token.end : token.end + 4]))


# --- numbers in a row ----------------------------------------------------------------------------------------------------
def _rows(text: str, found: Sequence[Token], labelled: Sequence[bool]) -> Iterator[Hit]:
    """Numbers in a row that nothing but separators part, with more digits than counters have."""
    row: list[int] = []
    for i, token in enumerate((*found, Token("", len(text), len(text), Kind.WORD))):
        number = bool(token.text) and not any(char.isalpha() for char in token.text)
        joined = row and _JOINT.fullmatch(text, found[row[-1]].end, token.start)
        if row and not (number and joined):
            if len(row) > 1 and (_apart(found[row[0]]) or _ends_a_word(text, found, row)):
                row = row[1:]
            members = [found[j] for j in row]
            headed = row[0] and len(row) > 1 and not labelled[row[0]] and _heads(text, found, row[0])
            if headed or (row[0] and _begins(text, found[row[0] - 1], members[0])):
                members = [found[row[0] - 1], *members]
            yield from _row(text, members, label=labelled[row[0]])
            row = []
        if number:
            row.append(i)


def _heads(text: str, found: Sequence[Token], first: int) -> bool:
    """Whether up to four capitals head a code: the joint that ties its numbers ties them, and nothing before (AB_1234_56)."""
    head = found[first - 1]
    joint = text[head.end : found[first].start]
    capitals = re.fullmatch(r"(?!CT|MR|US|PET)[A-Z]{1,4}", head.text)
    if joint not in ("_", "-", "/", ".") or not capitals or len(found[first].text) < _CODE_DIGITS:
        return False
    return text[found[first].end : found[first + 1].start] == joint and text[head.start - 1 : head.start] != joint


def _begins(text: str, before: Token, first: Token) -> bool:
    """Whether a letter with digits begins a row of numbers (``N97 482 363``); T2 and L4 begin none."""
    code = bool(re.fullmatch(r"[^\W\d_]\d{2,3}", before.text))
    return code and text[before.end : first.start] == " " and len(first.text) > 2


def _apart(token: Token) -> bool:
    """Whether a number belongs to what stands before it: a setting, a thickness (``5.0 5550 112``)."""
    return token.measured or bool(re.fullmatch(r"\d[.,]\d{1,2}", token.text))


def _ends_a_word(text: str, found: Sequence[Token], row: Sequence[int]) -> bool:
    """Whether the first number of a row hangs on the word before it, and a blank parts it from the next (``I-123 030 5550``)."""
    first, second = row[:2]
    if not first or found[first - 1].kind is Kind.UNKNOWN or len(found[first].text) > 3:
        return False
    joint = text[found[first - 1].end : found[first].start]
    gap = text[found[first].end : found[second].start]
    if (
        joint == " "
        and found[first - 1].kind is Kind.WORD
        and _COUNTER.fullmatch(found[first].text)
        and _PART.fullmatch(gap)
    ):
        return True  # Breast 16 (08/22/1946)
    hangs = joint == "_" or (joint == "-" and len(found[first - 1].text) not in (2, 3))
    return hangs and any(char.isspace() for char in gap)


def _row(text: str, row: Sequence[Token], *, label: bool) -> Iterator[Hit]:
    inner = text[row[0].start : row[-1].end]
    digits = sum(char.isdecimal() for char in inner)
    if len(row) < 2 or digits < _FEW or (digits < _MANY and not re.search(r"[\s-]", inner)):
        return
    plain = [token.text for token in row if token.text.isdecimal()]
    if not plain and all(re.fullmatch(r"\d+[.,]\d{1,3}", token.text) for token in row):
        return  # measurements: 12.5 / 13.7
    short = all(len(number) <= 4 for number in plain) and not re.search(r"[-.:+()]", inner)
    even = len(row) <= 4 and any(all(int(number) % size == 0 for number in plain) for size in _SIZES)
    even = even or (len(row) <= 4 and all(int(number) <= _TURN and int(number) % 5 == 0 for number in plain))
    rises = len(plain) <= 4 or sorted(plain, key=int) == plain  # b 0 50 100 200 400 800
    if short and ((label and rises) or (even and len(plain) == len(row))):
        return
    if _measured(text, row[-1]) and digits <= 2 * _MANY:
        return
    yield Hit(row[0].start, row[-1].end, _ROW)


def _tied(text: str, found: Sequence[Token], hits: Sequence[Hit]) -> Iterator[Hit]:
    """Numbers and codes that a dash, dot or slash ties to a number that nobody knows."""
    marked = bytearray(len(text))
    for hit in hits:
        marked[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
    gone = {token.start for token in found if marked[token.start]}
    chain: list[Token] = []
    for token in (*found, Token("", len(text) + 2, len(text) + 2, Kind.WORD)):
        if chain and not (token.start - chain[-1].end == 1 and text[chain[-1].end] in _TIES):
            digits = [one for one in chain if any(char.isdecimal() for char in one.text)]
            if len(chain) > 1 and any(one.start in gone or _strange(one) for one in chain):
                plate = len(chain) == _PLATE and all(_PLATED.fullmatch(one.text) for one in chain)  # YA-PF-71
                yield from (Hit(one.start, one.end, _CODE) for one in (chain if plate and digits else digits))
            chain = []
        chain.append(token)


def _strange(token: Token) -> bool:
    """Whether a token is an unknown number, code or short group of capital letters."""
    return token.kind is Kind.UNKNOWN and (not token.text.isalpha() or (token.text.isupper() and len(token.text) <= 3))


# --- letters with digits -------------------------------------------------------------------------------------------------
def _fits(token: Token, vocabulary: Vocabulary) -> bool:
    """Whether letters with digits are put together as technical words are; true of all else."""
    letters = any(char.isalpha() for char in token.text)
    if token.kind is Kind.UNKNOWN or not letters or not any(char.isdecimal() for char in token.text):
        return True
    word = fold(SLIPPED_ZERO.sub("0", token.text))
    if vocabulary.slipped(token.text):
        return True
    if (
        token.kind is Kind.ACRONYM
        or _CODES.fullmatch(word)
        or codes.known(word)
        or word in vocabulary.scales.exact
        or word in vocabulary.prose_scales.exact
        or vocabulary.technical.exact & {word, word.replace("0", "o")}
    ):
        return True
    parts = _PARTS.findall(word)
    names = [part for part in parts if not part[0].isdecimal()]
    if any(len(name) > 1 and not vocabulary.word(name) and name not in vocabulary.units for name in names):
        return False
    single = {name for name in names if len(name) == 1}
    few = len(parts) <= 3 and sum(len(name) == 1 for name in names) <= 1
    return all(_small(i, parts, vocabulary) for i, part in enumerate(parts) if part[0].isdecimal()) and (
        few or single <= {"x", "d", "t"} or set(names) <= {"w", "l", "c"}
    )


def _small(i: int, parts: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether a number in a code is small enough for what stands before it and the unit behind it."""
    number = parts[i]
    before = parts[i - 1] if i else ""
    after = parts[i + 1] if i + 1 < len(parts) else ""
    if len(before) == 1 and number.isdecimal() and (len(number) > 3 or number[0] == "0"):
        return number == "0" or (before in vocabulary.settings.exact and int(number) % 50 == 0)
    if before in vocabulary.settings.exact or (after in vocabulary.units and len(parts) <= i + 2 and not before):
        return len(re.split("[.,]", number)[0]) <= 4
    if len(number) == 3 and number.isdecimal() and len(before) > 1:
        return len(before) > 3 or any(int(number) % size == 0 for size in _SIZES)
    if not before and len(parts) > 2:  # 2dtse3, but not 56m423
        return len(number) == 1 and (after == "d" or len(after) > 2)
    return len(re.sub(r"\D", "", number)) <= 2 or not number.isdecimal()
