"""Decides whether a text holds one of the study's identifiers as words. Used for elements and for text read in pixels."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from datetime import date
from typing import Final

from gateway.verify.identifiers import Secrets, digits
from gateway.verify.vocabulary import fold, inside_a_word, tokens

#: Digits from the right that tell one telephone from another; before them people write country codes or not.
_LOCAL: Final = 8
#: Digits of a whole number that is nobody's by chance.
_LONG: Final = 6
#: Forms of address that are not also a modality (as MR and DR are) or a unit.
_TITLES: Final = frozenset({"mrs", "miss", "prof", "herr", "frau", "mme", "monsieur", "madame", "senor", "senora"})
_MONTHS: Final = (
    "january januar janvier enero gennaio janeiro",
    "february februar fevrier febrero febbraio fevereiro",
    "march marz maerz mars marzo marco maart mrz",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre",
    "december dezember decembre diciembre dicembre dezembro",
)
_WHOLE_NUMBER: Final = re.compile(r"(?<![\d.])\d+(?!\d|\.\d)")
_PACKED: Final = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?(?!\d)")
_PARTED: Final = re.compile(r"(?<!\d)(\d{1,4})\s?[-./, ]?\s?(\d{1,2}|[a-z]{3,9})\.?\s?[-./, ]?\s?(\d{2,4}|\d)(?!\d)")
_MONTH_FIRST: Final = re.compile(r"([a-z]{3,9})\.?[- ]?(\d{1,2})(?:st|nd|rd|th)?[-, ]+(\d{4})(?!\d)")


class Wording:
    """The study's identifiers, indexed by word. Immutable once built."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets
        self._days = secrets.dates
        self._people: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for name in secrets.names:
            for word in name:
                if len(word) > 1 or ord(word[0]) >= 0x2E80:
                    self._people[word].add(name)
        for place in secrets.places:
            for word in place:
                if len(word) > 4 and not word.isdigit() and not inside_a_word(word) and word not in secrets.known:
                    self._people[word].add(place)
        self._phones = frozenset(phone[-_LOCAL:] for phone in secrets.phones)
        self._values: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for value in secrets.ids | secrets.runs | secrets.places:
            self._values[value[0]].add(value)
        self._whole = frozenset("".join(value) for value in secrets.ids | secrets.runs)
        self._ideographs = frozenset(word for word in self._people if len(word) > 1 and ord(word[0]) >= 0x2E80)

    def any_word(self, text: str) -> bool:
        """Whether an identifying element's ``text`` holds any identifier, ordinary or short ones included."""
        found = tokens(text)
        if "".join(found) in self._whole or self.phone(text) or self.ideographic(text):
            return True
        return any(word in self._people for word in found) or any(True for _ in self._sequences(found))

    def in_text(self, text: str) -> bool:
        """Whether a free text holds an identifier that its words cannot explain."""
        found = tokens(text)
        if self.phone(text) or self.ideographic(text) or self.two_parts(found, ordinary=True):
            return True
        for before, word in zip(("", *found), found, strict=False):
            if word in self._people and not word.isdigit() and (before in _TITLES or not self.secrets.ordinary(word)):
                return True
        numbers = set(_WHOLE_NUMBER.findall(fold(text)))
        return any(self._telling(value, numbers) for value in self._sequences(found))

    def in_number(self, text: str) -> bool:
        """Whether a number (DS, IS) is an identifier and too long to be so by chance."""
        number = text.lstrip("+-")
        return len(number) >= _LONG and number.isdigit() and number in self._whole

    def in_code(self, text: str) -> bool:
        """Whether a code, a code's meaning or a defined term holds an identifier that is not a word of its trade."""
        found = tokens(text)
        if self.phone(text) or self.ideographic(text) or self.two_parts(found, ordinary=False):
            return True
        if any(len(word) > 4 and word in self._people and not self._ordinary(word) for word in found):
            return True
        return any(sum(map(len, value)) > 5 and self._telling(value, set(found)) for value in self._sequences(found))

    def dates(self, text: str) -> bool:
        """Whether ``text`` names one of the study's days, in any common way of writing it."""
        low = fold(text)
        return (
            any(self._days.intersection(_readings(*match.groups())) for match in _matches(low)) if self._days else False
        )

    def _ordinary(self, word: str) -> bool:
        return word.isdigit() or self.secrets.ordinary(word)

    def _sequences(self, found: tuple[str, ...]) -> list[tuple[str, ...]]:
        """The ids and places whose words stand in ``found`` one after the other."""
        return [
            value
            for at, word in enumerate(found)
            for value in self._values.get(word, ())
            if found[at : at + len(value)] == value
        ]

    def _telling(self, value: tuple[str, ...], numbers: set[str]) -> bool:
        """Whether an id or place found in free text can be nothing else; ``numbers`` are those that stand alone there."""
        size = sum(map(len, value))
        if "".join(value).isdigit():
            return size >= 4 and (len(value) > 1 or value[0] in numbers)
        if value in self.secrets.ids and len(value) > 1 and size >= 6 and any(map(str.isdigit, value)):
            return True
        return not all(self._ordinary(word) for word in value) or (len(value) > 2 and value in self.secrets.places)

    def two_parts(self, found: tuple[str, ...], *, ordinary: bool) -> bool:
        """Whether two words of one name stand side by side; ``ordinary`` says whether both may be ordinary words."""
        for first, second in itertools.pairwise(found):
            if first == second or first.isdigit() or second.isdigit():
                continue
            if self._people.get(first, set()) & self._people.get(second, set()) and (
                ordinary or not (self.secrets.ordinary(first) and self.secrets.ordinary(second))
            ):
                return True
        return False

    def ideographic(self, text: str) -> bool:
        """Whether ``text`` holds a name in a script that does not part words."""
        folded = fold(text) if not text.isascii() else ""
        return any(word in folded for word in self._ideographs) if folded else False

    def phone(self, text: str) -> bool:
        """Whether ``text`` holds a telephone number, however its digits are grouped."""
        number = digits(text) if self._phones else ""
        return any(phone in number for phone in self._phones)


def _matches(low: str) -> list[re.Match[str]]:
    return [*_PACKED.finditer(low), *_PARTED.finditer(low), *_MONTH_FIRST.finditer(low)]


def _readings(first: str, second: str, third: str) -> set[date]:
    """The days that three parts can mean: year first or last, day and month either way, two-digit years in any century."""
    if _month(first):
        orders = [(third, first, second)]
    else:
        orders = [(first, second, third), (third, second, first), (third, first, second), (first, third, second)]
    found: set[date] = set()
    for year, month, day in orders:
        number = int(month) if month.isdigit() else _month(month)
        years = (
            (int(year),)
            if len(year) == 4
            else (1900 + int(year), 2000 + int(year))
            if year.isdigit() and len(year) == 2
            else ()
        )
        for candidate in years if day.isdigit() else ():
            try:
                found.add(date(candidate, number, int(day)))
            except ValueError:
                continue
    return found


def _month(word: str) -> int:
    """The number of the month that ``word`` names or shortens, in six languages; 0 if none."""
    found = (number for number, names in enumerate(_MONTHS, 1) for name in names.split() if name.startswith(word))
    return next(found, 0) if len(word) >= 3 and word.isalpha() else 0
