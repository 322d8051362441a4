"""Texts that identify by their form: dates, times, ages, sexes, numbers of people and cases, ways to reach somebody.

One rule per idea, each with its own name and score, as presidio's recognisers are. PS3.15 Annex E asks for these by attribute; in pixels and free
text the form is all there is. The scores say how often the form means something else (1.0: never), they do not decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.judge.text import digitised, fold
from gateway.records import Reason

_MONTHS = (
    "jan|january|januar|janvier|enero|gennaio|ene|janv|feb|february|februar|fevrier|febrero|febbraio|fev|fevr|mar|march|marz|maerz|mars|marzo|mrz|mrt|maart|apr|april|"
    "avril|avr|abril|abr|aprile|may|mai|mayo|maggio|mag|mei|maj|jun|june|juni|juin|junio|giugno|giu|jul|july|juli|juil|juillet|julio|luglio|lug|aug|"
    "august|aout|agosto|ago|sep|sept|september|septembre|septiembre|settembre|set|oct|october|oktober|octobre|octubre|ottobre|okt|ott|nov|november|novembre|"
    "noviembre|dec|december|dezember|decembre|diciembre|dicembre|dez|dic|des|ocak|subat|mart|nisan|mayis|haziran|temmuz|agustos|eylul|ekim|kasim|aralik"
)
# Abbreviations that are technical words too (mag, set, dec, mar, des, mei, mart): a date only with a year.
_CLEAR_MONTHS = "|".join(month for month in _MONTHS.split("|") if month not in {"mag", "set", "dec", "mar", "des", "mei", "mart", "mars", "dic", "ene", "fev"})
_YEAR = r"(?:19|20)\d\d"
_SEX = r"(?:male|female|maennlich|mannlich|weiblich|homme|femme|masculino|femenino|feminino|maschio|femmina|man|woman)"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule: ``rule`` names it, ``score`` is how sure it is; ``slips``: also look through OCR slips in digits."""

    rule: str
    expression: re.Pattern[str]
    score: float
    slips: bool = False


def _pattern(rule: str, score: float, *expressions: str, slips: bool = False) -> Pattern:
    return Pattern(rule, re.compile("|".join(f"(?:{one})" for one in expressions)), score, slips)


# The expressions see folded text (lower case, no accents) of the same length; see ``find``.
PATTERNS = (
    _pattern(
        "date.numeric", 0.95,
        rf"(?<![\d.]){_YEAR}\s?[-./ ]\s?(?:0?[1-9]|1[0-2])\s?[-./ ]\s?(?:0?[1-9]|[12]\d|3[01])(?!\d)",
        rf"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\s?[-./]\s?(?:0?[1-9]|[12]\d|3[01])\s?[-./]\s?{_YEAR}(?!\d)",
        r"(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01])/\d\d(?![\d/])",
        r"(?<![\d./-])\d\d/(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\d/])",
        r"(?<![\d./-])(?:0[1-9]|[12]\d|3[01])([-.])(?:0[1-9]|[12]\d|3[01])\1\d\d(?![\d.])",
        r"(?<![\d./-])\d\d([-.])(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01])(?![\d.])",
        slips=True,
    ),
    _pattern("date.compact", 0.8, rf"(?<!\d){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)",
             rf"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|[12]\d|3[01]){_YEAR}(?!\d)", slips=True),
    _pattern("date.cjk", 0.95, r"\d{1,4}\s?[年년]|\d{1,2}\s?[月월]\s?\d{0,2}|\d{1,2}\s?[日일]"),
    _pattern(
        "date.month_name", 0.95,
        rf"(?<![a-z\d.])\d{{1,2}}(?:st|nd|rd|th)?[ .,/-]{{0,2}}(?:of |de |di )?(?:{_MONTHS})(?![a-z])[ .,/-]{{0,2}}(?:de )?(?:\d{{4}}|'?\d\d)(?![\d.])",
        rf"(?<![a-z\d.])\d{{1,2}}(?:st|nd|rd|th)?[ .,/-]{{0,2}}(?:of |de |di )?(?:{_CLEAR_MONTHS})(?![a-z])",
        rf"(?<![a-z])(?:{_MONTHS})(?![a-z])[ .,/-]{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?[ .,/-]{{1,2}}(?:\d{{4}}|'?\d\d)(?!\d)",
        rf"(?<![a-z])(?:{_MONTHS})(?![a-z])[ .,/-]{{0,2}}(?:{_YEAR}|'\d\d)(?!\d)",
        rf"(?<![a-z\d])(?:{_YEAR})[ .,/-]{{0,2}}(?:{_MONTHS})(?![a-z])(?:[ .,/-]{{0,2}}\d{{1,2}})?",
        r"(?<![a-z\d])(?:0?[1-9]|[12]\d|3[01])-[a-z0-9]{3}-(?:\d\d|\d{4})(?![\d])",
        slips=True,
    ),
    _pattern("date.weekday", 0.8, r"(?<![a-z])(?:mon|tues|wednes|thurs|fri|satur|sun)day(?![a-z])",
             r"(?<![a-z])(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miercoles|"
             r"jueves|viernes|sabado|domingo)(?![a-z])"),
    _pattern("date.month_year", 0.7, rf"(?<![\d./])(?:0?[1-9]|1[0-2])[/.-]{_YEAR}(?![\d/])", slips=True),
    _pattern(
        "time", 0.85,
        r"(?<![\d:.])(?:[01]?\d|2[0-4])\s?[:;]\s?[0-5]\d(?:\s?[:;.]\s?[0-5]\d)?(?:[.,]\d{1,6})?(?![\d:])(?:\s?[ap]\.?m\.?(?![a-z]))?",
        r"(?<![\d.,])(?:[01]?\d)(?:[.:]?[0-5]\d)?\s?[ap]\.?m\.(?![a-z])", r"(?<![\d.,])(?:0?[1-9]|1[0-2])[:. ]?[0-5]\d\s?[ap]m(?![a-z])",
        r"(?<!\d)(?:[01]\d|2[0-3])\.[0-5]\d\.[0-5]\d(?![\d.])", r"(?<![\d.,])(?:[01]?\d|2[0-3])\s?h\s?[0-5]\d(?![\d.])",
        r"(?<![\d.,])(?:[01]?\d|2[0-3])(?:[.:][0-5]\d)?\s?uhr",
        slips=True,
    ),
    _pattern("id.long_number", 0.7, r"(?<![\d.,])\d{7,}(?![\d.,]*\d)", slips=True),
    _pattern("id.grouped_number", 0.75, r"(?<![\d.,/])\d{2,}-\d{2,}-\d{2,}(?![\d.,])", r"(?<![a-z\d.,])\d{2,4}[-/]\d{5,}(?!\d)",
             r"(?<![\d.,])\d{3} \d{3} \d{3,4}(?!\d)", slips=True),
    _pattern("id.letters_and_number", 0.7, r"(?<![a-z\d])[a-z]{1,4}[-_#.: ]?\d{5,}(?![\d.]*\d)", r"(?<![a-z\d])[a-z]\d{4}(?!\d)",
             r"(?<![a-z\d])\d{4,}[-_]?[a-z]{2,4}\d+(?![a-z])", r"(?<![a-z\d])[a-z]{2,4}[-_]\d{2,}[-_]\d{3,}(?!\d)", r"(?<![a-z\d])[a-z]{1,3}\d{2,}-\d{3,}(?!\d)"),
    _pattern("id.uid", 0.95, r"(?<![\d.])\d+(?:\.\d+){4,}", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-"),
    _pattern("id.ip_address", 0.9, r"(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])"),
    _pattern("phone", 0.8, r"(?<![\w.])\+\d{1,3}[ ()./-]{0,2}\d[\d ()./-]{5,}\d", r"(?<!\d)\(\d{2,5}\)\s?\d{2,4}[ .-]?\d{3,}", r"(?<![\d.-])\d{3}-\d{4}(?![\d-])",
             r"(?<![\d.])\d{3}[-.]\d{3}[-.]\d{4}(?!\d)", r"(?<![\d.])0\d{1,4}[ /-]\d{3,}[ -]?\d{2,}", slips=True),
    _pattern("email", 0.99, r"\S*@\S+"),
    _pattern("web", 0.95, r"https?:\S*|www\.\S+|(?<![a-z\d])[a-z\d-]{3,}\.(?:com|org|net|edu|gov|de|fr|uk|it|es|nl|se|pl|ch|at|eu)(?![a-z\d])\S*", r"\\\\\w+\\\S*"),
    _pattern(
        "age_sex", 0.85,
        r"(?<![a-z\d.,])0?\d{1,3}\s?y(?:rs?|ears?|/?o)?(?![a-z])(?:\s?/?\s?(?:[mfwo](?![a-z])|fe)?)?", r"(?<![a-z\d.,])0\d\d\s?[ymwd](?![a-z\d])",
        r"(?<![a-z\d.,])\d{1,3}\s?(?:jahre|jr|ans|anos|anni|jaar|lat|yas)(?![a-z])", r"(?<![a-z\d.,])\d{2,3}\s?/\s?[mfwyo](?![a-z\d])", r"(?<![a-z\d])[mfw]\s?/\s?0?\d{1,3}(?![\d.])",
        r"(?<![a-z\d.,/])[mf][ ,]{1,2}0?\d{1,3}\s?(?:y|/|$)", r"(?<![a-z\d])[mf] \d{1,2}[:.]\d\d", r"(?<![a-z\d.,])\d{1,3}\s?(?:mos?|months?)(?![a-z])",
        r"\d{1,3}[ -]years?[ -]old", r"(?<![a-z])(?:years?|months?)[ -]old(?![a-z])",
        r"\d{1,3}\s?[岁歳才세]|[男女]",
    ),
    _pattern("sex", 0.6, rf"(?<![a-z]){_SEX}(?![a-z])", r"(?<![a-z])(?:sex|geschlecht|sexe|sexo|sesso)\s?[:=.]?\s?[mfwo]?(?![a-z])", r"^\W*\(?[mf]\)\W*$"),
    _pattern("age_sex.upper", 0.7, r"(?<![a-z\d.,])\d{2,3} ?[MF](?![A-Za-z\d])"),
    _pattern("postcode", 0.7, r"(?<![a-z\d])[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}(?![a-z\d])", r"(?<![a-z])[a-z]{2},? \d{5}(?:-\d{4})?(?!\d)", r"(?<![a-z])[a-z]-\d{4,5} [a-z]"),
    _pattern("address", 0.8, r"\d{1,5}[a-z]? (?:[nsew]\.? )?[a-z][a-z'.-]+(?: [a-z][a-z'.-]+)? (?:st|street|rd|road|ave|avenue|ln|lane|dr|drive|blvd|court|ct|way|place|pl|square|sq)\b\.?",
             r"[a-z]+(?:strasse|str\.|weg|platz|gasse|allee|straat|laan|vej|gatan|vagen|utca) ?\d+", r"(?<![a-z])(?:rue|calle|via|viale|avenida|ul\.|avenue|rua|piazza) (?:d\w* )?[a-z]+,? ?\d*",
             r"p\.? ?o\.? ?box"),
    _pattern(
        "person.title", 0.85,
        r"(?<![a-z])(?:dr|prof|dra|mrs|ms|miss|herr|herrn|frau|mme|mlle|monsieur|madame|sra|srta|senor|senora|sig|sigra|dhr|mevr|pani|bay|bayan|rev|sir|lady|doctor|doktor|docteur)\.?"
        r"(?:\s|\s?\.\s?|_)+(?:(?:med|dr|univ|prof|h\.?c)\.?\s)*[a-z][\w'-]+(?:[ ,_]+[a-z][\w'-]+)?",
        r"(?<![a-z])mr\. ?[a-z]{2,}",
        r"(?<![a-z])(?:dr|prof)\.", r",? (?:m\.?d|ph\.?d|rdms|rdcs|rvt|frcr|frcs|mbbs|facs|facr|facc)\.?(?![a-z])",
    ),
    _pattern("person.caret", 0.8, r"(?<![a-z])[a-z'-]{2,}\^[a-z'-]{2,}\^[a-z]?(?![a-z])"),
    _pattern("id.ssn_like", 0.9, r"(?<![\d.])\d{3}-\d{2}-\d{4}(?!\d)", slips=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A place ``text[start:end]`` that a rule names."""

    start: int
    end: int
    reason: Reason


def _even(text: str) -> str:
    """Fold letter by letter so that every place stays; a letter that folds to more keeps its first."""
    return "".join((fold(char) or char)[0] for char in text)


def find(text: str) -> Iterator[Hit]:
    """Every place of ``text`` that a pattern names, rule by rule."""
    plain = _even(text)
    read = _even(digitised(text))
    for pattern in PATTERNS:
        source = text if pattern.rule.endswith(".upper") else plain
        views = (source, read) if pattern.slips and read != plain else (source,)
        for view in views:
            for match in pattern.expression.finditer(view):
                if match.end() > match.start():
                    yield Hit(match.start(), match.end(), Reason(pattern.rule, pattern.score))
