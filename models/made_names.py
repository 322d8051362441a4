"""Puts names of people together from the parts of ``models/training/cultures.yaml``, by culture, and takes names from the lists.

No name that is held out for the evaluation (``is_held``) ever comes out, however it was made.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import yaml

from models.overlay_lines import HERE, is_held, listed

_LISTED, _WORDS = 0.3, 0.04  # shares of names that come from the lists, and from those that are words


@dataclass(frozen=True, slots=True)
class Person:
    """The parts of a made name. ``order`` is the whole as its culture writes it where no mark says which part is which."""

    family: str = field(repr=False)
    other_family: str = field(repr=False)
    given: str = field(repr=False)
    middle: str = field(repr=False)
    order: str = field(repr=False)


class Names:
    """Draws names; what comes out depends on nothing but the generator it is given."""

    def __init__(self, draw: random.Random) -> None:
        self._random = draw
        cultures: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "cultures.yaml").read_text("utf-8"))
        self._cultures = list(cultures.values())
        self._weights = list(accumulate(culture.get("weight", 1) for culture in self._cultures))
        self._parts = {
            (id(culture), kind): [part.split() for part in culture[kind]]
            for culture in self._cultures
            for kind in ("family", "given")
        }
        self._families = _open("family_names.txt")
        self._givens = _open("given_names.txt")
        self._words = [word.capitalize() for word in _open("word_names.txt")]

    def person(self) -> Person:
        """Somebody of one culture."""
        culture = self._random.choices(self._cultures, cum_weights=self._weights)[0]
        family, other = self._family(culture), self._family(culture)
        given, middle = self._given(culture), self._given(culture)
        first = self._random.random() < culture["given_first"]
        between = f" {self._random.choice(culture['between'])} " if "between" in culture else " "
        return Person(family, other, given, middle, between.join((given, family) if first else (family, given)))

    def family(self) -> str:
        """A family name of any culture."""
        return self._family(self._random.choices(self._cultures, cum_weights=self._weights)[0])

    def given(self) -> str:
        """A given name of any culture."""
        return self._given(self._random.choices(self._cultures, cum_weights=self._weights)[0])

    def word(self) -> str:
        """A name that is also a word."""
        return self._random.choice(self._words)

    def _family(self, culture: dict[str, Any]) -> str:
        roll = self._random.random()
        if roll < _WORDS:
            return self.word()
        family = self._random.choice(self._families) if roll < _LISTED else self._made(culture, "family")
        return str(self._random.choice(culture["joins"])) + family if "joins" in culture and roll > 0.5 else family

    def _given(self, culture: dict[str, Any]) -> str:
        listed_one = self._random.random() < _LISTED
        return self._random.choice(self._givens) if listed_one else self._made(culture, "given")

    def _made(self, culture: dict[str, Any], kind: str) -> str:
        parts = self._parts[id(culture), kind]
        joints = culture.get("joints", [""]) if kind == "given" else [""]
        while True:
            pieces = [self._random.choice(part) for part in parts]
            if len(pieces) == 3 and self._random.random() < 0.5:
                del pieces[1]
            joint = self._random.choice(joints)
            word = pieces[0] if joint is None else joint.join(pieces)
            word = str(word.title() if joint == " " else word[:1].upper() + word[1:])
            if len(word) > 1 and not any(is_held(piece) for piece in word.replace("-", " ").split()):
                return word


def _open(file: str) -> list[str]:
    """The words of a list that are not held out."""
    return [word for line in listed(file) for word in line.split() if not is_held(word)]
