"""The lines that the recogniser is trained on: banners, worklists, forms, reports and technical lines, each composed anew.

Templates, labels and forms come from ``models/training/layouts.yaml``, names from models/made_names.py, technical words from
``profiles/vocabulary`` (none from ``additions.txt``, which may grow without a training). Nothing of the evaluation is drawn:
held-out templates, names and institution forms stay in models/overlay_lines.py.
"""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

from gateway.judge.text import fold
from gateway.judge.vocabulary import read
from gateway.resources import folder
from models.made_names import Names
from models.overlay_lines import HERE, LABELS, Line, Writer
from models.wear import Wear

# Slots whose label is not their own name.
SLOTS = LABELS | {"initials": "PERSON", "wordname": "PERSON", "wordperson": "PERSON"}
# Slots that are filled from a list of layouts.yaml as it stands.
_LISTS = {
    "title": "titles", "degree": "degrees", "sex": "sexes", "sexword": "sexwords", "le": "label_ends", "unit": "units",
    "probe": "probes", "seq": "seqs", "plane": "planes", "kernel": "kernels", "view": "views", "side": "sides",
    "spine": "levels",
}  # fmt: skip
# How often a word of each list is a technical part. Words may come to ``additions`` at any time, so it is not among them.
_FIRM = {"console": 3, "protocol": 4, "languages": 2, "standard": 1, "reports": 1}
_CLINICAL = ("clinical_english", "clinical_north", "clinical_south", "clinical_phrases", "reports")
_LATIN = 0x0250  # what lies behind it is no Latin letter


class Author(Writer):
    """Writes training lines from one seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, held=False)
        self._layouts: dict[str, Any] = yaml.safe_load((HERE / "layouts.yaml").read_text("utf-8"))
        self._fill |= {key: self._layouts[key] for key in self._layouts if key not in ("kinds", "labels")}
        self._kinds = list(self._layouts["kinds"])
        self._weights = list(accumulate(self._layouts["kinds"].values()))
        self._labels: dict[str, list[str]] = self._layouts["labels"]
        self._names = Names(self._random)
        self._wear = Wear(self._random)
        self._words = _Words()
        self.drawn = tuple(self._words.drawn)  # the lists of words that lines are made of

    def line(self) -> Line:
        """One line with its spans."""
        kind = self._random.choices(self._kinds, cum_weights=self._weights)[0]
        if kind == "fields":
            template = self._mixed()
        else:
            template = self._random.choice(self._templates if kind == "templates" else self._fill[kind])
        return self._wear.line(self.filled(template, SLOTS))

    def _value(self, slot: str) -> str:
        if slot.endswith("_label"):
            return self._cased(self._random.choice(self._labels[slot.removesuffix("_label")]))
        return self._any(_LISTS[slot]) if slot in _LISTS else super()._value(slot)

    # --- people ----------------------------------------------------------------------------------------------------
    def _make_name(self) -> str:
        person = self._names.person()
        roll = self._random.random()
        family, given = person.family, person.given
        if roll < 0.12:
            family = family.upper()
        form = self._any("names")
        return self._cased(
            form.format(
                f=family, f2=person.other_family, g=given, m=person.middle, o=person.order,
                f1=family[0], g1=given[0], m1=person.middle[0],
            )
        )  # fmt: skip

    def _make_family(self) -> str:
        return self._cased(self._names.family())

    def _make_given(self) -> str:
        return self._cased(self._names.given())

    def _make_wordname(self) -> str:
        return self._cased(self._names.word())

    def _make_wordperson(self) -> str:
        """Somebody whose family name is a word."""
        form = self._any("names")
        word, given = self._names.word(), self._names.given()
        whole = f"{given} {word}" if self._random.random() < 0.6 else f"{word} {given}"
        middle = self._names.given()
        letters = {"f1": word[0], "g1": given[0], "m1": middle[0]}
        return self._cased(form.format(f=word, f2=self._names.family(), g=given, m=middle, o=whole, **letters))

    def _make_odd(self) -> str:
        """A word that could stand before anything."""
        return self._cased(self._make_clinical().capitalize())

    def _make_initials(self) -> str:
        a, b, c = (self._random.choice("ABCDEFGHIJKLMNOPRSTUVWYZ") for _ in range(3))
        form = self._any("initials").format(a=a, b=b, c=c)
        return form.lower() if self._random.random() < 0.1 else form

    def _make_kin(self) -> str:
        return self._cased(self._any("kin"))

    def _make_age(self) -> str:
        return self._any("ages").format(g=self._random.randint(1, 99), o=self._random.randint(0, 24))

    def _make_sexage(self) -> str:
        words = {"x": self._random.choice("MFMFMFWOmf"), "y": self._any("sexes")}
        return self._any("sexages").format(g=self._random.randint(1, 99), o=self._random.randint(0, 24), **words)

    # --- places and dates --------------------------------------------------------------------------------------------
    def _make_city(self) -> str:
        form = self._any("towns").format(
            p=self._random.choice(self._cities), f=self._names.family(), g=self._names.given()
        )
        return self._cased(form)

    def _make_facility(self) -> str:
        towns = [
            self._random.choice(self._cities) if self._random.random() < 0.4 else self._make_city() for _ in range(2)
        ]
        person = self._names.person()
        form = self._any("composed_facilities" if self._random.random() < 0.35 else "facilities")
        noun = self._any("nouns")
        kind = {"noun": noun, "low": noun.lower(), "kind": self._any("facility_kinds"), "of": self._any("of")}
        return self._cased(
            form.format(p=towns[0], p2=towns[1], f=person.family, f2=person.other_family, g=person.given, **kind)
        )

    def _make_date(self) -> str:
        year, month, day = self._random.randint(1915, 2032), self._random.randint(1, 12), self._random.randint(1, 31)
        name = str(self._any("month_names")).split()[month - 1]
        name = self._cased(name)
        values = {"y": year, "yy": year % 100, "m": month, "b": name, "d": day, "w": self._any("weekdays")}
        return self._any("dates").format(**values)

    # --- what identifies nobody --------------------------------------------------------------------------------------
    def _make_part(self) -> str:
        count = self._random.choice((1, 1, 1, 1, 2, 2, 3))
        words = [
            self._made_word() if self._random.random() < 0.06 else self._random.choice(self._words.firm)
            for _ in range(count)
        ]
        style = self._random.random()
        return " ".join(word.upper() if style < 0.4 else word.capitalize() if style < 0.75 else word for word in words)

    def _make_PART(self) -> str:  # noqa: N802  # slots are written as they come out
        return self._make_part().upper()

    def _make_clinical(self) -> str:
        if self._random.random() < 0.12:
            return self._made_word()
        return self._random.choice(self._words.clinical if self._random.random() < 0.7 else self._words.firm)

    def _make_Clinical(self) -> str:  # noqa: N802
        word = self._make_clinical()
        return word.upper() if self._random.random() < 0.2 else word.capitalize()

    def _made_word(self) -> str:
        word = self._any("medical_starts") + self._any("medical_ends")
        return word.replace("oo", "o").replace("oi", "i") if self._random.random() < 0.8 else word

    _make_greek = _made_word

    def _make_glue(self) -> str:
        return self._random.choice(self._words.glue)

    def _make_abbr(self) -> str:
        """Letters that a maker puts before a reading."""
        length = self._random.choice((1, 2, 2, 3, 3, 4))
        letters = "".join(self._random.choice("ABCDEFGHIKLMNOPQRSTUVWXZ") for _ in range(length))
        others = (letters.capitalize(), letters.lower(), letters + self._random.choice("123dsx"))
        return self._random.choice((letters, letters, *others))

    def _make_setting(self) -> str:
        if self._random.random() < 0.25:
            return self._random.choice(self._words.console)
        return self._any("settings")

    def _make_n(self) -> str:
        low = self._random.randint(0, 999)
        whole = (str(low), str(low % 20), str(low % 100))
        parts = (
            f"{low / 10:.1f}",
            f"{low / 100:.2f}",
            f"{low % 10}.{low % 7}",
            f"-{low / 10:.1f}",
            f"<{low / 100:.1f}",
        )
        return self._random.choice((*whole, *parts))

    def _make_scale(self) -> str:
        return self._cased(self._any("scales"))

    def _make_roman(self) -> str:
        return self._random.choice(("I", "II", "III", "IV", "V", "IA", "IIB", "IIIa", "IVb"))

    def _make_made(self) -> str:
        """A maker's word for a setting: SmartPrep, VesselView."""
        start, end = self._any("made_starts"), self._any("made_ends")
        joint = self._random.choice(("", "", "", " ", "-"))
        word = start + joint + (end if self._random.random() < 0.6 else end.lower())
        return self._random.choice((word, word, word, word.upper(), word.lower(), f"i{word}"))

    def _make_protocol(self) -> str:
        """Pieces of a name of a series, tied by underscores or hyphens."""
        slots = ("seq", "plane", "part", "n", "kernel", "unit")
        pieces = [self._value(self._random.choice(slots)).replace(" ", "") for _ in range(self._random.randint(2, 5))]
        return self._random.choice(("_", "_", "_", "-", ".", "^")).join(pieces)

    def _make_Eponym(self) -> str:  # noqa: N802
        word = self._random.choice(self._words.eponyms)
        return (
            word.upper() if self._random.random() < 0.25 else word.capitalize() if self._random.random() < 0.8 else word
        )

    def _make_eponym_noun(self) -> str:
        return self._random.choice(self._words.eponym_nouns)

    def _make_eponym_phrase(self) -> str:
        return self._random.choice(self._words.phrases)

    def _make_Eponym_phrase(self) -> str:  # noqa: N802
        return self._cased(self._make_eponym_phrase().title())

    def _make_namelike(self) -> str:
        """A technical word that is a name, too."""
        return self._cased(self._random.choice(self._words.ambiguous).capitalize())

    def _make_name_like_name(self) -> str:
        return (
            f"{self._make_namelike()} {self._make_namelike()}" if self._random.random() < 0.2 else self._make_namelike()
        )


class _Words:
    """The words of the vocabulary that a line is made of, names among them left out unless they are wanted."""

    def __init__(self) -> None:
        self._folder = folder("profiles") / "vocabulary"
        self.drawn: dict[Path, None] = {}
        self._names = frozenset(self._list("ambiguous"))
        self.firm = [word for name, times in _FIRM.items() for word in self._plain(name) * times]
        self.clinical = [word for name in _CLINICAL for word in self._plain(name)]
        self.console = self._plain("console")
        self.glue = [word for name in ("glue", "joins") for word in self._list(name)]
        self.eponyms = [word for word in self._list("eponyms") if word.isalpha()]
        self.eponym_nouns = self._list("eponym_nouns")
        self.phrases = self._list("eponym_phrases") + self._list("eponym_phrases_of_prose")
        self.ambiguous = [word for word in self._list("ambiguous") if len(word) > 2]

    def _list(self, name: str) -> list[str]:
        path = self._folder / f"{name}.txt"
        self.drawn[path] = None
        return [
            word for word in (entry.rstrip("*") for entry in read(path)) if all(ord(char) < _LATIN for char in word)
        ]

    def _plain(self, name: str) -> list[str]:
        return [word for word in self._list(name) if fold(word) not in self._names and not word.startswith("?")]
