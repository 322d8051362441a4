"""Known words that are parts of names put together: ``corazon_foo@``, ``ada.lo-foo``, ``Foo-Rao``, ``BB PILLOW``, ``nana Pia``.

A login, an address of mail, a surname of two halves, initials before a surname, a given name behind a role. What is technical and
nobody's name stays (``chest_foo@bar``, ``CT-Foo``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.judge.alone import PART_END
from gateway.judge.parts import PARTS
from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Reason

_HANDLE = Reason("person.handle", 0.7)
_HALF = Reason("person.half", 0.7)
_INITIALS = Reason("person.initials", 0.6)
_GIVEN = Reason("person.called", 0.7)
_BETWEEN = 3  # initials between the names of one person, at the most
_MAIL = re.compile(r"[\w.+'-]+@")
_LOGIN = re.compile(
    r"(?<![^\s(\[{<,;:|/\"'=])[a-z\u00df-\u00ff\u0101-\u017f]{2,}(?:[._-][a-z\u00df-\u00ff\u0101-\u017f]{2,}){1,3}(?![\w@])"
)
_EVERYDAY = frozenset({Kind.EPONYM, Kind.ORDINARY, Kind.SELDOM, Kind.AMBIGUOUS})
_PROSE = frozenset({Kind.GLUE, Kind.JOINS, Kind.CLINICAL})
_TITLE = re.compile(
    r"(?<![^\W_])(?:m(?:[rs]|rs|me|lle|iss|evr|ej)?|drs?|dra|prof|hr|fr|frau|herrn?|sr|sra|srta|sig|sig\.ra|dott|dott\.ssa|dhr|pan[i\u00ed]?|"
    r"bay|bayan|ing|lic|mudr|lek|ass|oa|pd|madame|monsieur|senor|senora|signora?)\.?[ _]{0,2}$",
    re.IGNORECASE,
)
_ROLE_JOINT = re.compile(r"[\s.:_]{1,3}")
_VIEW = re.compile(PARTS["<modality>"] + "|" + PARTS["<side of>"] + "|" + PARTS["<body part>"])
_BEFORE = 14  # characters in which a title stands
_SHORT = 4  # letters of an abbreviation that is a surname in other letters: Rao
_NAME_JOINT = re.compile(r",? |[_^-]| ?[A-Z]\.? ?(?:[A-Z]\.? ?)?")
_CAPITALS = re.compile(r"[A-Z]{2,3}")
_SURNAME = 5  # letters of the shortest surname in capitals that is no abbreviation


def find(text: str, found: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Hit]:
    """The known words that are parts of such names."""
    yield from _logins(text, found, vocabulary)
    for i, token in enumerate(found):
        if _half(i, found, text, vocabulary):
            yield Hit(token.start, token.end, _HALF)
        if _given(i, found, text, vocabulary) or _acronym(i, found, text):
            yield Hit(token.start, token.end, _GIVEN)
        if i + 1 < len(found) and _initials(i, found, text):
            yield Hit(token.start, found[i + 1].end, _INITIALS)


def _somebody(token: Token, vocabulary: Vocabulary) -> bool:
    word = fold(token.text)
    return word in vocabulary.given_too.exact or word in vocabulary.family_too.exact


def _logins(text: str, found: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Hit]:
    """The words of a login or a mail's name that people are called by; in a login with dots the everyday ones too."""
    for mail in _MAIL.finditer(text) if "@" in text else ():
        for token in found:
            if mail.start() <= token.start < mail.end() and _somebody(token, vocabulary):
                yield Hit(token.start, token.end, _HANDLE)
    for login in _LOGIN.finditer(text):
        parts = [token for token in found if login.start() <= token.start < login.end()]
        if not any(token.kind is Kind.UNKNOWN for token in parts) or not {".", "_"} & set(login[0]):
            continue
        dots = "." in login[0]
        for token in parts:
            if _somebody(token, vocabulary) or (dots and (token.kind in _EVERYDAY or token.kind in _PROSE)):
                yield Hit(token.start, token.end, _HANDLE)


def _half(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether a technical word is half of a surname: Foo-Rao, Rao-Foo; any word with a capital letter behind a title."""
    token = found[i]
    if token.kind in (Kind.UNKNOWN, Kind.GLUE) or not token.text.isalpha() or len(token.text) < _SHORT - 1:
        return False
    for j in (i - 1, i + 1):
        first = min(i, j)
        if not 0 <= j < len(found) or text[found[first].end : found[first + 1].start] != "-":
            continue
        other = found[j]
        alike = token.text.istitle() and other.text.istitle()
        if not (other.text.isalpha() and (alike or (token.text.isupper() and other.text.isupper()))):
            continue
        before = text[max(found[first].start - _BEFORE, 0) : found[first].start]
        if _TITLE.search(before) or _behind_role(first, found, text, vocabulary):
            return other.kind is Kind.UNKNOWN or (alike and _somebody(token, vocabulary))
        if alike and other.kind is Kind.UNKNOWN and (len(token.text) < _SHORT or _somebody(token, vocabulary)):
            return True
    return False


def _behind_role(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    before = found[i - 1] if i else None
    return (
        before is not None
        and fold(before.text) in vocabulary.roles.exact
        and bool(_ROLE_JOINT.fullmatch(text, before.end, found[i].start))
    )


def _given(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether a given name ends a part of the text behind a role or a relative: daughter Pia."""
    token = found[i]
    if not token.text.istitle() or token.kind is Kind.UNKNOWN or not _behind_role(i, found, text, vocabulary):
        return False
    last = i + 1 == len(found) or bool(PART_END.search(text, token.end, found[i + 1].start))
    return last and (token.kind is Kind.AMBIGUOUS or fold(token.text) in vocabulary.given_too.exact)


def _acronym(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether an abbreviation is written as a name beside an unknown one, or a word with an initial between: Urs K. Foo."""
    token = found[i]
    if not token.text.istitle() or not token.text.isalpha() or token.kind in (Kind.UNKNOWN, Kind.WORD, Kind.GLUE):
        return False
    for step in (-1, 1):
        j = i + step
        while abs(j - i) <= _BETWEEN and 0 <= j < len(found) and len(found[j].text) == 1 and found[j].text.isupper():
            j += step
        if not 0 <= j < len(found) or (token.kind is not Kind.ACRONYM and (j == i + step or step < 0)):
            continue
        between = text[found[min(i, j)].end : found[max(i, j)].start]
        if found[j].kind is Kind.UNKNOWN and found[j].text.istitle() and _NAME_JOINT.fullmatch(between):
            return True
    return False


def _initials(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether initials and a surname, in this order or the other, have a part of the text for themselves: BB PILLOW, Foo JR."""
    first, second = found[i], found[i + 1]
    initials, name = (first, second) if _CAPITALS.fullmatch(first.text) else (second, first)
    if not _CAPITALS.fullmatch(initials.text) or _VIEW.fullmatch(initials.text) or initials.kind is Kind.WORD:
        return False
    if len(found) == 2 or text[first.end : second.start] not in (" ", "_", ", ", ". "):  # a whole text is a comment
        return False
    if not name.text.isalpha() or len(name.text) < _SURNAME or name.text.islower():
        return False
    begins = not i or bool(PART_END.search(text, found[i - 1].end, first.start))
    ends = i + 2 == len(found) or bool(PART_END.search(text, second.end, found[i + 2].start))
    small = any(token.text.islower() for token in found) or name.text.istitle()
    everyday = name.kind in _EVERYDAY and (small or initials.kind is Kind.UNKNOWN)
    return begins and ends and (name.kind is Kind.UNKNOWN or everyday)
