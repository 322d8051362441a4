"""Writes texts as people type them into headers: radiology words that must stay, with identifiers that must go among them.

Everything is drawn from one list file (``tags_held_out.yaml``, or another that :func:`lists` names) by a seeded generator.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
TOKEN = re.compile(r"[^\W_]+")
_SLOT = re.compile(r"\{(\w+)\}")
_BLANK = "\u014a"  # a letter that no form has
_UPPER = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier as it is written, its kind, whether the study's own header holds it, and what of it tells."""

    kind: str
    own: bool
    text: str
    telling: frozenset[str]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to plant: its identifiers, and the (group, words) that must stay."""

    text: str
    identifiers: tuple[Identifier, ...]
    stays: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What the header of a study says: name and referrer as (family, given), numbers, dates (YYYYMMDD) and the institution."""

    name: tuple[str, str]
    referrer: tuple[str, str]
    ids: tuple[str, ...]
    dates: tuple[str, ...]
    place: str
    place_words: frozenset[str] = field(default=frozenset())


def lists() -> list[str]:
    """The names of the list files: ``held_out`` is the newest, which no rule was made after."""
    return sorted(path.stem.removeprefix("tags_") for path in HERE.glob("tags_*.yaml"))


def tokens(text: str) -> list[str]:
    """The runs of letters and digits of a text, in lower case."""
    return [token.casefold() for token in TOKEN.findall(text)]


class Writer:
    """Draws people, identifiers and texts from a list file."""

    def __init__(self, lists: str, seed: int, everyday: Sequence[str] = ()) -> None:
        self._random = random.Random(seed)
        self._fill: dict[str, Any] = yaml.safe_load((HERE / f"tags_{lists}.yaml").read_text("utf-8"))
        known = _trained()
        self._family, self._given = (
            [name for name in self._fill[kind].split() if name.casefold() not in known] for kind in ("family", "given")
        )
        self._stay = {group: lines.strip().splitlines() for group, lines in self._fill["stay"].items()}
        self._everyday = list(everyday)

    # --- people ------------------------------------------------------------------------------------------------------
    def person(self) -> Person:
        """Somebody with a referrer, numbers, dates and an institution."""
        place, words = self._form(self._any("places"))
        return Person(
            (self._pick(self._family), self._pick(self._given)),
            (self._pick(self._family), self._pick(self._given)),
            tuple(self._plain_id() for _ in range(2)),
            tuple(self._day() for _ in range(2)),
            place,
            words,
        )

    def _plain_id(self) -> str:
        while True:
            text, _ = self._form(self._any("ids"))
            if len(text) <= 16 and sum(char.isalnum() for char in text) >= 6:
                return text

    def _day(self) -> str:
        pick = self._random.randint
        return f"{pick(1931, 2025)}{pick(1, 12):02d}{pick(1, 28):02d}"

    # --- texts -------------------------------------------------------------------------------------------------------
    def text(self, person: Person, longest: int, groups: Sequence[str] = ()) -> Text:
        """A text of at most ``longest`` characters for that person's study; one in four holds no identifier."""
        while True:
            made = self.plain(groups) if self._random.random() < 0.25 else self._mixed(person, groups)
            if made is not None and len(made.text) <= longest:
                return made

    def plain(self, groups: Sequence[str] = ()) -> Text:
        """A text without an identifier."""
        group, phrase = self._phrase(groups)
        return Text(phrase, (), ((group, tuple(tokens(phrase))),))

    def _phrase(self, groups: Sequence[str]) -> tuple[str, str]:
        group = self._pick(groups or sorted(self._stay))
        phrase = self._pick(self._everyday if group == "everyday" else self._stay[group])
        return group, phrase.upper() if self._random.random() < 0.1 else phrase

    def _mixed(self, person: Person, groups: Sequence[str]) -> Text | None:
        template = self._any("templates")
        labelled = next((kind for label, kind in self._fill["labels_for"].items() if label in template), None)
        stays, found = [], []
        text, end = "", 0
        for slot in _SLOT.finditer(template):
            text += template[end : slot.start()]
            end = slot.end()
            if slot.group(1).startswith("stay"):
                group, phrase = self._phrase(groups)
                stays.append((group, tuple(tokens(phrase))))
                text += phrase
            else:
                found.append(self._identifier(person, labelled))
                text += found[-1].text
        words = {word for _, phrase in stays for word in phrase}
        if any(words & one.telling or not one.telling for one in found):
            return None  # nobody could say which of the two words is left
        return Text(text + template[end:], tuple(found), tuple(stays))

    # --- identifiers -------------------------------------------------------------------------------------------------
    _KINDS = ("people",) * 5 + ("physicians",) * 3 + ("ids",) * 3 + ("dates",) * 3 + (
        "initials", "ages", "phones", "emails", "urls", "addresses", "places", "places", "other_scripts",
    )  # fmt: skip
    _OWN = frozenset({"people", "physicians", "ids", "dates", "places"})

    def _identifier(self, person: Person, kind: str | None) -> Identifier:
        kind = kind or self._pick(self._KINDS)
        own = kind in self._OWN and self._random.random() < 0.4
        made = getattr(self, f"_own_{kind}")(person) if own else self._stranger(kind)
        return Identifier(kind, own, *made)

    def _stranger(self, kind: str) -> tuple[str, frozenset[str]]:
        if kind == "other_scripts":
            name = self._any(kind)
            return name, _telling([name])
        if kind == "dates":
            return self._date(self._day())
        return self._form(self._any(kind))

    def _own_people(self, person: Person) -> tuple[str, frozenset[str]]:
        return self._form(self._any("people"), person.name)

    def _own_physicians(self, person: Person) -> tuple[str, frozenset[str]]:
        return self._form(self._any("physicians"), person.referrer)

    def _own_ids(self, person: Person) -> tuple[str, frozenset[str]]:
        number = self._pick(person.ids)
        text = self._pick([number, number.replace("-", "").replace(" ", ""), f"ID {number}", number.lower()])
        return text, frozenset(token for token in _telling([text]) if any(char.isdigit() for char in token))

    def _own_dates(self, person: Person) -> tuple[str, frozenset[str]]:
        return self._date(self._pick(person.dates))

    def _own_places(self, person: Person) -> tuple[str, frozenset[str]]:
        return self._pick([person.place, person.place.upper()]), person.place_words

    def _date(self, day: str) -> tuple[str, frozenset[str]]:
        month = int(day[4:6])
        name = self._pick(self._fill["months"]).split()[month - 1]
        filled = {
            "yyyy": day[:4], "yy": day[2:4], "mm": day[4:6], "m": str(month), "dd": day[6:], "d": str(int(day[6:])),
            "mon": name, "MON": name.upper(), "th": {"1": "st", "2": "nd", "3": "rd"}.get(day[7], "th"),
            "hh": f"{self._random.randint(0, 23):02d}", "mi": f"{self._random.randint(0, 59):02d}",
        }  # fmt: skip
        text = _SLOT.sub(lambda slot: filled[slot.group(1)], self._any("dates"))
        return text, frozenset(one for one in _telling([text]) if one[0].isdigit() or name.casefold() in one)

    def _form(self, form: str, who: tuple[str, str] | None = None) -> tuple[str, frozenset[str]]:
        """Fill a form: names, towns, numbers; ``#`` is a digit and ``@`` a letter where the form is a number's."""
        told: list[str] = []
        first: set[str] = set()

        def fill(slot: re.Match[str]) -> str:
            told.append(self._slot(slot.group(1), who if who and slot.group(1) not in first else None))
            first.add(slot.group(1))
            return told[-1]

        text = _SLOT.sub(fill, form)
        if "#" in form:
            drawn = re.sub("#", lambda _: self._pick(string.digits), text)
            drawn = re.sub("@", lambda _: self._pick(_UPPER), drawn)
            told += [
                new
                for old, new in zip(TOKEN.findall(_marked(text)), TOKEN.findall(drawn), strict=False)
                if _BLANK in old
            ]
            text = drawn
        return text, _telling(told)

    def _slot(self, slot: str, who: tuple[str, str] | None) -> str:
        family, given = who or (self._pick(self._family), self._pick(self._given))
        if slot in {"n", "n2"}:
            return str(self._random.randint(10, 99)) if slot == "n" else self._pick(self._given)
        made = {
            "f": family, "F": family.upper(), "fl": family.lower(), "g": given, "G": given.upper(), "gl": given.lower(),
            "t": self._any("towns"), "a": str(self._random.randint(90, 104)), "i1": given[0],
            "i": "".join(self._random.choices(_UPPER, k=self._random.choice((2, 3, 3)))),
        }  # fmt: skip
        return made[slot]

    def _any(self, kind: str) -> str:
        return str(self._pick(self._fill[kind]))

    def _pick(self, of: Sequence[Any]) -> Any:
        return self._random.choice(of)


def _marked(text: str) -> str:
    """The text with its blanks for digits and letters written as a letter that no form has."""
    return text.replace("#", _BLANK).replace("@", _BLANK)


def _telling(parts: Sequence[str]) -> frozenset[str]:
    """The tokens of two characters and more."""
    return frozenset(token for part in parts for token in tokens(part) if len(token) > 1)


def _trained() -> frozenset[str]:
    """The names that the judge was trained with, and those in its lists of words that are names."""
    root = HERE.parent
    files = [root / "models" / "training" / f"{name}.txt" for name in ("family_names", "given_names", "eponyms")]
    files.append(root / "profiles" / "vocabulary" / "ambiguous.txt")
    lines = [line for file in files for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    return frozenset(word.casefold() for line in lines for word in line.split())
