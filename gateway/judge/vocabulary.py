"""The technical words that stay, and how tolerant we are when we look them up.

The words are data (``profiles/vocabulary``); this module only knows how words, numbers and units of a technical line stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gateway.errors import ModelError
from gateway.judge.made import Maker
from gateway.judge.ordinary import Ordinary
from gateway.judge.text import Atom, fold, humps, shape, spelt

_LONG_SETTINGS = frozenset("bB")  # b-values of diffusion: b1000
_ONLY_UNITS = frozenset("mj")
_LINES = ("console", "units", "protocol", "languages", "additions", "reports", "standard")
_PROSE = ("abbreviations", "clinical_english", "clinical_north", "clinical_south", "clinical_phrases")
_ACRONYM = 3  # letters of an abbreviation that is more than initials
_PART = 4  # letters of a word behind an apostrophe
_LONGEST = 40  # letters of a word
_SYLLABLES = 5  # letters of an acronym that could be a syllable of a name
_MODEL = re.compile(r"[a-z]{1,4}")
# Letters with marks that no language of the lists has: macrons, Vietnamese, Turkish and others.
_FOREIGN = re.compile(
    "[\u0100\u0101\u0108-\u010b\u0112-\u0117\u011c-\u012f\u0130\u0131\u0134-\u013e\u0145\u0146\u014c-\u014f\u0156\u0157"
    "\u015c-\u015f\u0166-\u016d\u0172-\u0178\u01cd-\u01ff\u1e00-\u1ef9]"
)
# How medicine makes words: what was recorded, looked into, cut, repaired or grew. No family name ends so.
_MEDICAL = re.compile(
    r"[a-z]{2,}(?:ograms?|ograph(?:y|ies|ic|ically)|oscop(?:y|ies|ic|ically)|ectom(?:y|ies)|[^n]otom(?:y|ies)|ostom(?:y|ies)"
    r"|oplast(?:y|ies)|[^m]pathy|pathies|pathic|lithiasis|megaly|malacia|centesis|[iae]ectas[ie]s|trophic|genesis|oidosis"
    r"|[^k]osclerosis|metry|plegi[ac]|tomosynthesis)"
)
# An ending of a bent word, and what the listed word has instead of it.
_ENDINGS = (
    ("ies", ("y",)), ("es", ("", "e", "is")), ("s", ("",)), ("ed", ("", "e")), ("d", ("",)), ("ied", ("y",)),
    ("ing", ("", "e")), ("ly", ("", "le")), ("ally", ("", "al")), ("itis", ("", "us", "a", "um", "is", "ea")),
    ("al", ("", "e", "us")), ("ize", ("", "ization")),
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Words and word stems of one list; looked up folded."""

    exact: frozenset[str]
    stems: tuple[str, ...] = ()

    def __contains__(self, word: str) -> bool:
        folded = fold(word)
        return folded in self.exact or spelt(word) in self.exact or (bool(self.stems) and folded.startswith(self.stems))


def read(path: Path) -> tuple[str, ...]:
    """The entries of a list: one a line, ``#`` starts a comment line.

    Raises:
        ModelError: the list is missing or empty.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ModelError(f"The vocabulary list {path.name} cannot be read.") from None
    entries = tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    if not entries:
        raise ModelError(f"The vocabulary list {path.name} is empty.")
    return entries


def words(entries: Iterable[str]) -> Words:
    """Build a list from its entries; a ``*`` at the end makes a stem."""
    entries = tuple(entries)
    return Words(
        frozenset(form for entry in entries if not entry.endswith("*") for form in (fold(entry), spelt(entry))),
        tuple(sorted(fold(entry[:-1]) for entry in entries if entry.endswith("*"))),
    )


def derived(word: str, technical: AbstractSet[str], names: AbstractSet[str], prefixes: AbstractSet[str]) -> bool:
    """Whether a folded word is made as medicine makes words, or bends a listed one (canals, radiating, noncalcified).

    The listed word has five letters and more, and is not one of ``names``; nor is an s behind -er (Powers, Masters) enough.
    """
    if _MEDICAL.fullmatch(word):
        return True
    bases = {word[cut:] for cut in range(2, 9) if word[:cut] in prefixes}
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            bases.update(word[: -len(ending)] + letters for letters in instead)
    return any(
        len(base) >= 5 and base in technical and base not in names and not (base.endswith("er") and word.endswith("s"))
        for base in bases
    )


@dataclass(frozen=True)
class Vocabulary:
    """The lists of ``profiles/vocabulary``."""

    console: Words
    units: Words
    technical: Words
    clinical: Words  # of prose: in a line of pixels they say nothing
    acronyms: Words  # of the clinical ones, those that are firm in capitals too
    ambiguous: Words
    glue: Words
    joins: Words
    roles: Words
    given_too: Words
    family_too: Words
    doubtful: Words
    small: Words  # names, too, if they have a capital letter
    eponyms: Words
    eponym_nouns: Words
    scales: Words
    prose_scales: Words
    phrases: frozenset[tuple[str, ...]]
    prose_phrases: frozenset[tuple[str, ...]]
    name_parts: Words
    prefixes: Words
    settings: Words
    accented: frozenset[str]  # words with accents, which a name without them is not: crâne, Crane
    facility: Words
    facility_weak: Words
    labels: Words
    labels_colon: Words
    plain: Ordinary

    @cached_property
    def called(self) -> frozenset[str]:
        """The folded words of these lists by which people are called as well."""
        return frozenset(self.given_too.exact | self.family_too.exact)

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Read every list of ``folder``.

        Raises:
            ModelError: a list is missing or empty.
        """
        lists = {name: read(folder / f"{name}.txt") for name in (*_LINES, *_PROSE)}
        facility, labels = read(folder / "facility.txt"), read(folder / "labels.txt")
        people = {fold(entry) for entry in read(folder / "people.txt")}
        return cls(
            console=words(lists["console"]),
            units=words(lists["units"]),
            technical=words(entry for name in _LINES for entry in lists[name] if fold(entry) not in people),
            clinical=words(entry for name in _PROSE for entry in lists[name] if fold(entry) not in people),
            acronyms=words(entry for entry in lists["abbreviations"] if len(entry) >= _ACRONYM),
            ambiguous=words(read(folder / "ambiguous.txt")),
            glue=words(read(folder / "glue.txt")),
            joins=words(read(folder / "joins.txt")),
            roles=words(read(folder / "roles.txt")),
            given_too=words(read(folder / "given_too.txt")),
            family_too=words(read(folder / "family_too.txt")),
            doubtful=words(read(folder / "doubtful.txt")),
            small=words(read(folder / "small.txt")),
            eponyms=words(read(folder / "eponyms.txt")),
            eponym_nouns=words(read(folder / "eponym_nouns.txt")),
            scales=words(read(folder / "eponym_scales.txt")),
            prose_scales=words(read(folder / "eponym_scales_of_prose.txt")),
            prefixes=words(read(folder / "prefixes.txt")),
            accented=frozenset(
                entry.casefold() for entries in lists.values() for entry in entries if not entry.isascii()
            ),
            settings=words(read(folder / "settings.txt")),
            name_parts=words(read(folder / "name_parts.txt")),
            phrases=_phrases(folder / "eponym_phrases.txt"),
            prose_phrases=_phrases(folder / "eponym_phrases_of_prose.txt"),
            facility=words(entry for entry in facility if not entry.startswith("?")),
            facility_weak=words(entry[1:] for entry in facility if entry.startswith("?")),
            labels=words(entry for entry in labels if not entry.endswith(":")),
            labels_colon=words(entry[:-1] for entry in labels if entry.endswith(":")),
            plain=Ordinary.load(),
        )

    @cached_property
    def common(self) -> frozenset[str]:
        """Words that tell nobody apart: a place called "Radiology Department" is not searched for by them one at a time."""
        return (
            self.technical.exact
            | self.clinical.exact
            | self.glue.exact
            | self.facility.exact
            | self.facility_weak.exact
            | self.labels.exact
        )

    @cached_property
    def phrase_starts(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """The phrases that name nobody, by their first word."""
        return _by_first(self.phrases)

    @cached_property
    def prose_phrase_starts(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """The phrases that prose knows beside them, by their first word."""
        return _by_first(self.prose_phrases)

    def word(self, word: str) -> bool:
        """Whether a word is technical as it stands, by its parts (camel case, apostrophe), or as two listed words."""
        if _FOREIGN.search(word):
            return False
        folded = fold(word)
        made = folded not in self.plain.names and (
            derived(folded, self.technical.exact, self.ambiguous.exact, self.prefixes.exact) or self._joined(word)
        )
        return word in self.technical or made or all(part in self.technical for part in re.split("['\u2019]", word))

    def compound_name(self, word: str) -> bool:
        """Whether a word that no list holds is put together as family names are: of two listed words, one of them such a part."""
        folded = fold(word)
        return word not in self.technical and any(
            folded[:cut] in self.technical.exact
            and folded[cut:] in self.technical.exact
            and (folded[:cut] in self.name_parts.exact or folded[cut:] in self.name_parts.exact)
            for cut in range(3, len(folded) - 2)
        )

    def ordinary(self, word: str) -> bool:
        """Whether a word is no technical one but of everyday language, or has an apostrophe between such (l'examen, mother's)."""
        if _FOREIGN.search(word) or len(word) > _LONGEST:
            return False
        parts = re.split("['\u2019\u00b4]", word)
        if len(parts) > 1:
            return any(len(part) >= _PART for part in parts) and all(
                len(part) == 1 or part in self.glue or part in self.joins or self._everyday(part) for part in parts
            )
        return word in self.plain

    def _everyday(self, word: str) -> bool:
        listed = (word in self.technical or word in self.clinical) and word not in self.ambiguous
        return word in self.plain or listed or self.made(word)

    def made(self, word: str) -> bool:
        """Whether a word is bent from clinical ones or put together of them (Knorpelschaden, degenerativer)."""
        return len(word) <= _LONGEST and not _FOREIGN.search(word) and self._maker.makes(fold(word))

    def firmly_made(self, word: str) -> bool:
        """Whether a made word is no family name for sure: capital letters say that a short one may be."""
        return self._maker.firm(fold(word), small=word.islower())

    @cached_property
    def _maker(self) -> Maker:
        short = {word for word in self.acronyms.exact if len(word) <= _SYLLABLES}  # no word is made of them
        lists = (self.technical.exact | self.clinical.exact) - (short - self.technical.exact)
        return Maker(
            known=lists | self.doubtful.exact,
            sure=lists - self.ambiguous.exact,
            barred=self.ambiguous.exact,
            name_parts=self.name_parts.exact,
            prefixes=self.prefixes.exact,
            plain=self.plain,
        )

    def _joined(self, word: str) -> bool:
        """BrainStem by its humps; a longer lower-case run by two protocol words (dynaxial), each at least four letters."""
        parts = humps(word)
        if len(parts) > 1:
            return all(
                len(part) > 1 and part in self.technical and part not in self.ambiguous and part not in self.glue
                for part in parts
            )
        folded = fold(word)
        return any(
            folded[:cut] in self.technical.exact
            and folded[cut:] in self.technical.exact
            and not {folded[:cut], folded[cut:]} & self.ambiguous.exact
            for cut in range(4, len(folded) - 3)
        )

    def slipped(self, token: str) -> bool:
        """Whether a token of four characters and more is a technical word read through OCR slips (T0MO, GAlN).

        One in plain upper or lower case has none to be read through: JACK is no "lack".
        """
        if token.isalpha() and (token.isupper() or token.islower() or token.istitle()):
            return False
        return len(token) >= 4 and sum(char.isalpha() for char in token) >= 3 and shape(token) in self._shapes

    @cached_property
    def sure(self) -> frozenset[str]:
        """The technical words that are no names."""
        return self.technical.exact - self.ambiguous.exact

    @cached_property
    def _shapes(self) -> frozenset[str]:
        return frozenset(shape(word) for word in self.sure if len(word) >= 4)

    def number(self, atom: Atom, neighbours: Sequence[Atom | None]) -> bool:
        """Whether a number is a measurement, a counter or a setting: up to four digits in a row, or more with a unit behind.

        ``neighbours`` are the atoms before and after it (None at the ends). Four digits glued to letters are a setting (TE2000)
        only when the letters label one; else they could be a number of a person (AB1234).
        """
        before, after = neighbours
        runs = [len(run) for run in re.split(r"[.,]", atom.text)]
        unit = after is not None and after.text in self.units
        if runs[0] > 4 and not unit:
            return False
        if len(runs) > 3 or max(runs[1:], default=0) > 6:
            return False
        if atom.glued and before is not None and not before.number and len(atom.text) == 4 and len(runs) == 1:
            return before.text in self.console and (len(before.text) > 1 or before.text in _LONG_SETTINGS)
        return True

    def letter(self, atom: Atom, before: Atom | None) -> bool:
        """Whether one letter is technical: a listed one, or a unit behind a number (M, J alone: a sex, an initial)."""
        if fold(atom.text) in _ONLY_UNITS:
            return before is not None and before.number
        return atom.text in self.console

    def letters(self, atom: Atom, neighbours: Sequence[Atom | None]) -> bool:
        """Whether one or two unlisted letters belong to a glued model or sequence name (p2, C5, L12, 4C)."""
        before, after = neighbours
        glued = (atom.glued and before is not None and before.number and len(before.text) <= 2) or (
            after is not None and after.glued and after.number and len(after.text) <= 3
        )
        return glued and len(atom.text) <= 2 and bool(_MODEL.fullmatch(fold(atom.text)))


def _phrases(path: Path) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(fold(entry).split()) for entry in read(path))


def _by_first(phrases: frozenset[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases):
        found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(them) for first, them in found.items()}
