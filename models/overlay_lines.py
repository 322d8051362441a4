"""Makes lines of text as consoles write them, with the places of what identifies in them: the evaluation of the recogniser.

Everything comes from a seeded generator: names from our own lists and from syllables, institutions, dates and numbers by form,
technical parts from the vocabulary. ``held=True`` draws only from templates, names and forms that training never sees; what it
draws is what it drew for the first recogniser, so that figures can be compared. The lines of training are models/made_lines.py's.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gateway.judge.text import fold
from gateway.judge.vocabulary import read
from gateway.resources import folder

HERE = Path(__file__).parent / "training"
LABELS = {
    "name": "PERSON", "given": "PERSON", "family": "PERSON", "facility": "PLACE", "city": "PLACE", "id": "ID", "phone": "ID",
    "date": "DATE", "time": "DATE", "age": "AGE_SEX", "sexage": "AGE_SEX", "sex": "AGE_SEX",
}  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Line:
    """A made line and its spans (start, end, label)."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def listed(file: str) -> list[str]:
    """The entries of a list in ``models/training``."""
    return [line for line in (HERE / file).read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]


def is_held(word: str) -> bool:
    """Whether a word of a name list is held out (one in five, by its CRC)."""
    return zlib.crc32(fold(word).encode()) % 5 == 0


class Writer:
    """Writes lines from one seed. ``held`` chooses the held-out templates, names and institution forms."""

    def __init__(self, seed: int, *, held: bool) -> None:
        self._random = random.Random(seed)
        self._held = held
        self._fill: dict[str, Any] = yaml.safe_load((HERE / "fillings.yaml").read_text("utf-8"))
        self._templates = [line[2:] for line in listed("templates.txt") if line.startswith("-" if held else "+")]
        self._given = self._half(listed("given_names.txt"))
        self._family = self._half(listed("family_names.txt"))
        self._cities = self._half(self._fill["places"])
        self._parts = _technical_words()

    def line(self) -> Line:
        """One line with its spans."""
        return self._worn(self.filled(self._random.choice(self._templates), LABELS))

    def filled(self, template: str, labels: Mapping[str, str]) -> Line:
        """A template with its slots filled; those in ``labels`` are spans."""
        text, spans, end = "", [], 0
        for slot in _SLOT.finditer(template):
            text += template[end : slot.start()]
            value = self._value(slot.group(1))
            if slot.group(1) in labels:
                spans.append((len(text), len(text) + len(value), labels[slot.group(1)]))
            text, end = text + value, slot.end()
        return Line(text + template[end:], tuple(spans))

    def _value(self, slot: str) -> str:
        return str(getattr(self, f"_make_{slot}")())

    def _mixed(self) -> str:
        """One to four fields between separators, some behind a label, some in brackets."""
        fields = []
        for _ in range(self._random.choice((1, 1, 2, 2, 3, 4))):
            kind = self._any("fields")
            field = f"{{{kind}}}"
            roll = self._random.random()
            if roll < 0.35 and kind in self._fill["field_labels"]:
                label = self._random.choice(self._fill["field_labels"][kind])
                field = self._cased(label) + self._any("label_ends") + field
            elif roll < 0.42:
                field = self._any("brackets").format(field)
            fields.append(field)
        return self._any("separators").join(fields)

    # --- what fills the slots --------------------------------------------------------------------------------------
    def _any(self, what: str) -> str:
        return str(self._random.choice(self._fill[what]))

    def _half(self, lines: list[str]) -> list[str]:
        return [word for line in lines for word in line.split() if is_held(word) == self._held]

    def _formed(self, what: str) -> str:
        """A form with its digits and letters drawn."""
        draw = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVWXYZ"}
        return "".join(self._random.choice(draw[char]) if char in draw else char for char in self._any(what))

    def _composed(self) -> str:
        start, middle, end = (self._random.choice(part) for part in self._fill["syllables"])
        return str(start + (middle if self._random.random() < 0.5 else "") + end).capitalize()

    def _cased(self, word: str) -> str:
        roll = self._random.random()
        return word.upper() if roll < 0.5 else word.lower() if roll < 0.54 else word

    def _make_family(self) -> str:
        roll = self._random.random()
        family = self._composed() if roll < 0.3 else self._random.choice(self._family)
        if roll > 0.96:
            family += "-" + self._random.choice(self._family)
        elif roll > 0.92:
            family = self._any("particles") + family
        return self._cased(family)

    def _make_given(self) -> str:
        return self._cased(self._composed() if self._random.random() < 0.15 else self._random.choice(self._given))

    def _make_name(self) -> str:
        family, given = self._make_family(), self._make_given()
        if self._random.random() < 0.7 and (family.isupper() or given.isupper()):
            family, given = family.upper(), given.upper()
        return self._any("names").format(f=family, g=given, g1=given[0], m=self._random.choice("ABCJMRST"))

    def _make_facility(self) -> str:
        roll = self._random.random()
        given = self._random.choice(self._cities if roll < 0.6 else self._family)
        place = self._composed() if roll < 0.25 else given
        name = self._any("held_facilities" if self._held else "facilities").format(p=place)
        return name.upper() if self._random.random() < 0.45 else name

    def _make_city(self) -> str:
        return self._random.choice(self._cities)

    def _make_id(self) -> str:
        return self._formed("ids")

    def _make_phone(self) -> str:
        return self._formed("phones")

    def _make_date(self) -> str:
        year, month, day = self._random.randint(1920, 2025), self._random.randint(1, 12), self._random.randint(1, 28)
        name = self._fill["months"][month - 1]
        name = name.upper() if self._random.random() < 0.5 else name
        return self._any("dates").format(y=year, yy=year % 100, m=month, b=name, d=day)

    def _make_time(self) -> str:
        hour, minute, second = self._random.randint(0, 23), self._random.randint(0, 59), self._random.randint(0, 59)
        half = self._random.choice(("AM", "PM", "am", "pm"))
        return self._any("times").format(h=hour, c=hour % 12 + 1, n=minute, s=second, a=half)

    def _make_sex(self) -> str:
        return self._random.choice(("M", "F", "Male", "Female", "W", "O"))

    def _make_age(self) -> str:
        return self._any("ages").format(g=self._random.randint(0, 99))

    def _make_sexage(self) -> str:
        return self._any("sexages").format(g=self._random.randint(1, 99), x=self._random.choice("MF"))

    def _make_number(self) -> str:
        low, high = self._random.randint(0, 999), self._random.uniform(0, 50)
        value = self._random.choice((str(low), f"{high:.1f}", f"{high / 5:.2f}", f"{low % 200}/{low}"))
        return self._any("numbers").format(v=value, u=self._any("units"), k=self._any("settings"))

    def _make_part(self) -> str:
        words = [self._random.choice(self._parts) for _ in range(self._random.choice((1, 1, 1, 2, 2, 3)))]
        style = self._random.random()
        return " ".join(word.upper() if style < 0.4 else word.capitalize() if style < 0.75 else word for word in words)

    def _make_eponym(self) -> str:
        word = self._any("eponyms")
        return word.upper() if self._random.random() < 0.3 else word

    def _make_maker(self) -> str:
        return self._any("makers")

    # --- wear: what OCR and typing do to a line ----------------------------------------------------------------------
    def _worn(self, line: Line) -> Line:
        """One slip of a letter in one line of eight; a lost blank inside a name in one of twenty-five."""
        roll = self._random.random()
        slips: dict[str, str] = self._fill["slips"]
        places = [i for i, char in enumerate(line.text) if len(slips.get(char, "")) == 1]
        if roll < 0.12 and places:
            at = self._random.choice(places)
            return Line(line.text[:at] + slips[line.text[at]] + line.text[at + 1 :], line.spans)
        names = [(start, end) for start, end, label in line.spans if label == "PERSON"]
        blanks = [i for start, end in names for i in range(start, end) if line.text[i] == " "]
        if roll < 0.16 and blanks:
            at = self._random.choice(blanks)
            spans = tuple((start - (start > at), end - (end > at), label) for start, end, label in line.spans)
            return Line(line.text[:at] + line.text[at + 1 :], spans)
        return line


def _technical_words() -> list[str]:
    """Words of the vocabulary that are no names, each as often as its list weighs."""
    vocabulary = folder("profiles") / "vocabulary"
    ambiguous = set(read(vocabulary / "ambiguous.txt"))
    weights = {"console": 2, "protocol": 4, "languages": 1, "standard": 1}
    return [
        word
        for name, times in weights.items()
        for word in read(vocabulary / f"{name}.txt") * times
        if word not in ambiguous
    ]
