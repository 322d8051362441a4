"""Known words that somebody is called by where they stand: behind a role, beside half a name, or two in a row.

``Consultant Pillow``, ``pan Kowal``, ``the Pillow family``; ``Bill Sharp``, ``BLACK SHEILA``; ``Gene Short`` with nothing else in
its part of the text. Only words with a capital letter count, and only those that are written alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.judge import alone, handles, signed, syllables
from gateway.judge.alone import PART_END
from gateway.judge.parts import PATIENTS
from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Reason

_CALLED = Reason("person.called", 0.7)
_ROLE_JOINT = re.compile(r"[\s.:_]{1,3}")
_NAME_JOINT = re.compile(r",\s?|[\s_^-]|\.\s?")
_LONG = 5
_INITIALS = 3
_NAMED = frozenset({Kind.UNKNOWN, Kind.AMBIGUOUS})
_EVERYDAY = frozenset({Kind.CLINICAL, Kind.ACRONYM, Kind.EPONYM, Kind.ORDINARY, Kind.SELDOM})
_PARTICLES = frozenset(
    {"de", "van", "von", "der", "den", "da", "di", "del", "della", "dos", "du", "la", "le", "ter", "ten", "zu"}
)
_BETWEEN = _PARTICLES | {"bin", "bint", "ibn", "al", "el", "ben", "abu", "dos", "das", "e", "y", "af"}
# Those that begin what stands before a family name, and seldom mean anything else before a capital letter.
_OF_NAMES = frozenset(
    {"von", "van", "de", "da", "di", "del", "della", "dos", "du", "ter", "bin", "bint", "ibn", "al", "el"}
)
_NOUN = 4  # letters of a word that is no abbreviation in small letters (ct von Kiefer)
_REST = re.compile(r"[ ).\]-]*")
_STOPS = re.compile("[. ]*")
_INITIAL = re.compile("[A-Z]")
_LABELS = frozenset({
    "name", "nom", "nome", "nombre", "namn", "navn", "nimi", "imie", "jmeno", "nev", "nume", "vorname", "nachname", "apellido",
    "apellidos", "cognome", "sobrenome", "prenom",
})  # fmt: skip
_GENITIVES = ("'s", "\u2019s")
_COLON = re.compile(r"\s?[:=]\s?")
_FAMILY = frozenset({"family", "familie", "famille", "familia", "famiglia", "mother", "father", "sr", "jr"})


def find(text: str, found: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Hit]:
    """The known words that are names here."""
    yield from alone.find(text, found, vocabulary)
    yield from syllables.find(text, found)
    yield from signed.find(text, found, vocabulary)
    yield from handles.find(text, found, vocabulary)
    for i, token in enumerate(found):
        if _owns(i, found, text, vocabulary):
            yield Hit(token.start, token.end, _CALLED)
        if not token.text[:1].isupper() or not token.text.isalpha() or len(token.text) < 2:
            continue
        everyday = token.kind in _EVERYDAY and (
            _behind_role(i, found, text, vocabulary)
            or _before_family(i, found, text)
            or _beside_initial(i, found, text)
            or _signs(i, found, text)
            or _with_caret(token, text)
        )
        half = token.kind is Kind.WORD and (
            _half(i, found, text, vocabulary)
            or _behind_label(i, found, text)
            or _family_too(i, found, text, vocabulary)
        )
        if (
            everyday
            or half
            or _before_particle(i, found, text, vocabulary)
            or _accented(i, found, text, vocabulary)
            or (
                token.text.istitle()
                and (_behind_particle(i, found, text, vocabulary) or _amid_small(i, found, text, vocabulary))
            )
        ):
            yield Hit(token.start, token.end, _CALLED)


def _owns(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether a part of the text ends in an everyday word or a family name that owns something: (Weeks's)."""
    token = found[i]
    if token.text[-2:] not in _GENITIVES or not token.text[:1].isupper():
        return False
    if token.kind not in _EVERYDAY and fold(token.text[:-2]) not in vocabulary.family_too.exact:
        return False
    last = i + 1 == len(found) or bool(PART_END.search(text, token.end, found[i + 1].start))
    return last and len(found) > 1 and not fold(token.text).startswith(PATIENTS)


def _with_caret(token: Token, text: str) -> bool:
    """Whether a word is part of a name as DICOM writes it: Pillow^Oleander."""
    return "^" in (text[token.end : token.end + 1], text[max(token.start - 1, 0) : token.start]) and len(token.text) > 2


def _signs(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether an abbreviation of three capital letters stands alone in the last part of a text, as initials do: - JRA, (AMS)."""
    token = found[i]
    if token.kind is not Kind.CLINICAL or len(token.text) > _INITIALS or not token.text.isupper() or not i:
        return False
    return bool(PART_END.search(text[found[i - 1].end : token.start])) and bool(_REST.fullmatch(text, token.end))


def _behind_role(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    before = found[i - 1] if i else None
    if before is None or fold(before.text) not in vocabulary.roles.exact:
        return False
    joint = text[before.end : found[i].start]
    if not _ROLE_JOINT.fullmatch(joint):
        return False
    capitals = before.text.isupper() and found[i].text.isupper()  # PATIENT UNCOOPERATIVE, but PATIENT: FOO
    return ":" in joint or not (capitals and (fold(before.text).startswith(PATIENTS) or _in_prose(i, found)))


def _in_prose(i: int, found: Sequence[Token]) -> bool:
    """Whether a sentence goes on behind a word, or went on for long before it: PARENT STAYED IN THE ROOM."""
    return any(
        token.kind in (Kind.GLUE, Kind.JOINS) for token in (*found[max(i - _LONG, 0) : i - 1], *found[i + 1 : i + 3])
    )


def _behind_label(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether a label of names and a colon stand before a word: Name: Pillow."""
    before = found[i - 1] if i else None
    return (
        before is not None and fold(before.text) in _LABELS and bool(_COLON.fullmatch(text, before.end, found[i].start))
    )


def _behind_particle(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether particles stand before a word, and a role or an unknown word before them: dhr. de Wit, Foo van der Pillow."""
    j = i - 1
    while j >= 0 and found[j].text in _PARTICLES and text[found[j].end : found[j + 1].start] == " ":
        j -= 1
    if j < 0 or j == i - 1:
        return False
    unknown = (
        found[j].kind is Kind.UNKNOWN and found[j].text.istitle() and text[found[j].end : found[j + 1].start] == " "
    )
    return unknown or _behind_role(j + 1, found, text, vocabulary)


def _amid_small(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether particles tie a word that may be a name to one in small letters, and no known word beside has a capital letter.

    ``brain von Nagel``. German writes nouns so, and titles every word; there where a word stands says nothing (Hinweis auf Luft).
    """
    token, word = found[i], fold(found[i].text)
    both = token.kind is Kind.AMBIGUOUS or (token.kind is Kind.WORD and word in vocabulary.family_too.exact)
    if token.kind is not Kind.SELDOM and (not both or word in vocabulary.eponyms.exact):
        return False
    first = i
    while first and fold(found[first - 1].text) in _BETWEEN and text[found[first - 1].end : found[first].start] == " ":
        first -= 1
    if not first or first == i or fold(found[first].text) not in _OF_NAMES:
        return False
    before = found[first - 1]
    noun = (
        before.text.islower() and len(before.text) >= _NOUN and fold(before.text) not in vocabulary.eponym_nouns.exact
    )
    tied = noun and text[before.end : found[first].start] == " "
    return tied and not _capital_beside(first, -1, found, text) and not _capital_beside(i, 1, found, text)


def _capital_beside(i: int, step: int, found: Sequence[Token], text: str) -> bool:
    """Whether a known word has a capital letter in the same part of the text, to one side of token ``i``."""
    while 0 <= i + step < len(found):
        left, right = sorted((i, i + step))
        if PART_END.search(text, found[left].end, found[right].start):
            return False
        i += step
        if found[i].text.istitle() and found[i].kind is not Kind.UNKNOWN:
            return True
    return False


def _accented(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether a short word is known only without its marks, and stands beside an unknown one: Quilf \u00c5ge is of no age."""
    word = found[i].text
    if word.isascii() or not word.istitle() or len(word) > _LONG or word.casefold() in vocabulary.accented:
        return False
    return any(
        0 <= j < len(found) and found[j].kind is Kind.UNKNOWN and _joined(found[i], found[j], text)
        for j in (i - 1, i + 1)
    )


def _before_particle(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether a word stands before particles and an unknown word: Beat da Foo, Odd bin Foo, Iris al-Foo."""
    token, j = found[i], i + 1
    given = token.kind in (Kind.SELDOM, Kind.AMBIGUOUS) or (
        token.kind in (Kind.WORD, Kind.JOINS) and fold(token.text) in vocabulary.given_too.exact
    )
    while j < len(found) and found[j].text in _BETWEEN and text[found[j - 1].end : found[j].start] == " ":
        j += 1
    joint = text[found[j - 1].end : found[j].start] if j < len(found) else ""
    return (
        given
        and token.text.istitle()
        and i + 1 < j < len(found)
        and joint in (" ", "-")
        and (found[j].kind is Kind.UNKNOWN and found[j].text.istitle())
    )


def _beside_initial(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether a part of the text ends in a word and one capital letter, or begins so: Pillow O., J. Pillow."""
    behind = found[i + 1] if i + 1 < len(found) else None
    typed = found[i].text.isupper() and i > 0 and not PART_END.search(text, found[i - 1].end, found[i].start)  # TYPE B
    if (
        behind is not None
        and not typed
        and _INITIAL.fullmatch(behind.text)
        and text[found[i].end : behind.start] in (" ", ", ")
    ):
        rest = _STOPS.match(text, behind.end)
        end = rest.end() if rest else behind.end
        return end == len(text) or bool(PART_END.match(text, end))
    before = found[i - 1] if i else None
    return before is not None and bool(_INITIAL.fullmatch(before.text)) and text[before.end : found[i].start] == ". "


def _before_family(i: int, found: Sequence[Token], text: str) -> bool:
    behind = found[i + 1] if i + 1 < len(found) else None
    return behind is not None and behind.text in _FAMILY and text[found[i].end : behind.start] in (" ", " (")


def _family_too(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether a technical word that is a family name too stands as one: the Stone family, J. Stone, Stone, P., patient Stone."""
    word = found[i].text
    if not word.istitle() or fold(word) not in vocabulary.family_too.exact:
        return False
    behind = found[i + 1] if i + 1 < len(found) else None
    last = behind is None or bool(PART_END.search(text, found[i].end, behind.start))
    return (
        _before_family(i, found, text)
        or (last and _behind_role(i, found, text, vocabulary))
        or (
            last
            and i > 0
            and bool(_INITIAL.fullmatch(found[i - 1].text))
            and text[found[i - 1].end : found[i].start] in (" ", ". ")
            and _alone(i - 1, found, text)
        )
        or (
            _beside_initial(i, found, text)
            and (i == 0 or bool(PART_END.search(text, found[i - 1].end, found[i].start)) or not last)
        )
    )


def _half(i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary) -> bool:
    """Whether a technical word that people are called by stands beside one unknown word, or beside another such word alone."""
    word = fold(found[i].text)
    given, family = word in vocabulary.given_too.exact, word in vocabulary.family_too.exact
    if not (given or family):
        return False
    if given and (_before_initial(i, found, text) or _in_brackets(i, found, text)):
        return True
    for step in (-1, 1):
        j, k = i + step, i + 2 * step
        if not 0 <= j < len(found) or not _joined(found[i], found[j], text):
            continue
        more = 0 <= k < len(found) and found[k].kind in _NAMED and _joined(found[j], found[k], text)
        side = i if step > 0 else i + 1  # the side of the word where no name stands
        ends = side in (0, len(found)) or bool(PART_END.search(text, found[side - 1].end, found[side].start))
        if found[j].kind in _NAMED and (ends or not more) and not (step < 0 and _begins_a_sentence(i, found, text)):
            return True
        pair = vocabulary.family_too if given and step > 0 else vocabulary.given_too if family and step < 0 else None
        if pair is not None and fold(found[j].text) in pair.exact and _alone(min(i, j), found, text):
            return True
    return False


def _before_initial(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether an initial and an unknown word stand behind a given name: Pia K. Quilfoyle."""
    if (
        i + 2 >= len(found)
        or not _INITIAL.fullmatch(found[i + 1].text)
        or text[found[i].end : found[i + 1].start] != " "
    ):
        return False
    family = found[i + 2]
    alike = found[i].text.istitle() == family.text.istitle() and family.text[:1].isupper()
    return alike and family.kind is Kind.UNKNOWN and bool(_STOPS.fullmatch(text, found[i + 1].end, family.start))


def _in_brackets(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether a given name stands in brackets or behind a slash, behind an unknown word: Quilfoyle (Pia), Quilfoyle/Pia."""
    if not i or found[i - 1].kind is not Kind.UNKNOWN or not found[i - 1].text[:1].isupper():
        return False
    joint = text[found[i - 1].end : found[i].start]
    return joint == "/" or (joint.strip() == "(" and text[found[i].end : found[i].end + 1] == ")")


def _begins_a_sentence(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether a sentence goes on behind a word: Foo Field of view."""
    behind = found[i + 1] if i + 1 < len(found) else None
    return (
        behind is not None
        and behind.kind is Kind.GLUE
        and behind.text.islower()
        and text[found[i].end : behind.start] == " "
    )


def _joined(one: Token, other: Token, text: str) -> bool:
    """Whether two words stand side by side and are written alike."""
    left, right = sorted((one, other), key=lambda token: token.start)
    capital = one.text.isupper() and other.text.isupper() and len(other.text) >= _LONG  # shorter ones are abbreviations
    alike = capital or (one.text.istitle() and other.text.istitle())
    return alike and len(other.text) > 1 and bool(_NAME_JOINT.fullmatch(text, left.end, right.start))


def _alone(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether two words have a part of the text for themselves."""
    before = text[found[i - 1].end : found[i].start] if i else ";"
    behind = text[found[i + 1].end : found[i + 2].start] if i + 2 < len(found) else ";"
    return bool(PART_END.search(before)) and bool(PART_END.search(behind + " "))
