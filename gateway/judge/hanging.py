"""What a number or a letter of a free text hangs on: the word that it counts or grades, or that it is tied to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold

LONG = 5  # letters and digits of a number of somebody that is no house
PARTS = re.compile(r"[,;|()\[\]{}\n]|\s[-\u2013/]\s")  # between parts of a text
_SMALL = re.compile(r"[1-8]?\d[a-fA-F]?")
_PAIRED = re.compile(r"\d{1,2}|100")
_KERNEL = re.compile(r"[^\W\d_]{1,2}\d{2}[^\W\d_]")  # I26s 2: its strength
_YEAR = re.compile(r"(?:\d\d|\d{4})(?![\d:/-]|\.\d)")
_MONTH_JOINT = re.compile(r"[\s.,/'_-]{0,2}")
# What is counted, the number written before it: 4 chamber, 3 plane.
_COUNTED = frozenset(
    (
        "view", "views", "plane", "planes", "chamber", "chambers", "phase", "phases", "vessel", "vessels", "channel", "channels",
        "point", "points", "slice", "slices", "level", "levels", "echo", "echoes", "echos", "field", "fields", "station",
        "stations", "arc", "arcs", "fraction", "fractions", "part", "parts", "position", "positions", "frame", "frames",
    )
)  # fmt: skip


def counts(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a small number counts the word behind it (``Foo 4 chamber``) or grades the one before it (``Wrist 8 Foo``)."""
    if _ends_a_pair(i, found, stays, text):
        return True
    if not _SMALL.fullmatch(found[i].text):
        return False
    behind = found[i + 1 : i + 3]
    if (
        behind
        and stays[i + 1]
        and fold(behind[0].text) in _COUNTED
        and text[found[i].end : behind[0].start] in (" ", "-", "_")
    ):
        return True
    if not i or not stays[i - 1] or text[found[i - 1].end : found[i].start] not in (" ", "_", "=", "+"):
        return False
    word = found[i - 1].kind is Kind.WORD or _KERNEL.fullmatch(found[i - 1].text)
    return bool(word) and not _goes_on(i, found, stays, text)


def _ends_a_pair(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a number is half of a fraction or span that hangs on a word that stays: pain 8/10 Foo, window 30-70 Foo."""
    for left in (i - 1, i):
        right = left + 1
        if (
            left < 1
            or right >= len(found)
            or not (_PAIRED.fullmatch(found[left].text) and _PAIRED.fullmatch(found[right].text))
        ):
            continue
        joint = text[found[left].end : found[right].start]
        head = found[left - 1]
        free = text[found[right].end : found[right].end + 1] not in ("/", "-", ".", ":")
        if right + 1 < len(found) and joint == "-":  # 86-70 Foo Crescent
            behind = found[right + 1]
            free = free and not (behind.text[:1].isupper() and text[found[right].end : behind.start] == " ")
        named = head.kind is Kind.WORD and stays[left - 1] and head.text.isalpha() and len(head.text) > 1
        if joint in ("/", "-") and free and named and text[head.end : found[left].start] == " ":
            return True
    return False


def _goes_on(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a number is but the start of what goes behind it: a day (``12 Maerzz 2001``), a plate, more numbers."""
    behind = found[i + 1 : i + 3]
    if not behind:
        return False
    first, second = behind[0], behind[-1]
    if first.text[:1].isdigit():
        return len(first.text) < LONG or not PARTS.search(text, found[i].end, first.start)
    if second is first or first.kind is Kind.GLUE or not second.text[:1].isdigit():
        return False
    year = _YEAR.match(text, second.start) and _MONTH_JOINT.fullmatch(text, first.end, second.start)
    day = found[i].text.isdigit() and first.text.isalpha() and not stays[i + 2]
    return len(first.text) == 1 or bool(year and day)


def tied(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a token hangs on a word that stays, and on no other, by a hyphen; a letter also by an underscore."""
    if found[i].text.isdigit() and _hangs(i, found, stays, text):
        return True
    joints = ("-", "=") if found[i].text.isdigit() else ("-", "_")
    near = [j for j in (i - 1, i + 1) if 0 <= j < len(found) and text[slice(*between(found[i], found[j]))] in joints]
    near = [j for j in near if not (found[i].text.isdigit() and found[j].text.isdigit())]  # a house: Foostraat 19-21
    return bool(near) and all(stays[j] and found[j].kind is not Kind.AMBIGUOUS for j in near)


def _hangs(i: int, found: Sequence[Token], stays: Sequence[bool], text: str) -> bool:
    """Whether a number ends a descriptor that is tied together by underscores (``t2_tse_cor_320 Foo``)."""
    if not i or not stays[i - 1] or text[found[i - 1].end : found[i].start] != "_" or len(found[i].text) > 3:
        return False
    if i < 2 or text[found[i - 2].end : found[i - 1].start] != "_":
        return False  # axial_13 maart
    return i + 1 == len(found) or "_" not in text[found[i].end : found[i + 1].start]


def between(left: Token, right: Token) -> tuple[int, int]:
    """Where the text between two tokens begins and ends, whichever of them comes first."""
    return min(left.end, right.end), max(left.start, right.start)
