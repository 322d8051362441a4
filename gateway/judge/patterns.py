"""Texts that identify by their form: dates, times, ages, sexes, numbers of people and cases, ways to reach somebody.

One rule per idea, each with its own name and score, as presidio's recognisers are. PS3.15 Annex E asks for these by attribute; in
pixels and free text the form is all there is. The scores say how often the form means nothing else; they do not decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.judge.addresses import ADDRESSES
from gateway.judge.ages import AGES
from gateway.judge.parts import Pattern, build
from gateway.judge.text import digitised, fold
from gateway.records import Reason

# The rule of words that a form takes in with it: they are part of it, or the text before or behind.
SECOND = "person.perhaps"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place ``text[start:end]`` that a rule names."""

    start: int
    end: int
    reason: Reason


DATES = (
    build("date.numeric", 0.95, r"""
        (?<![\d.])<year>\s?[-./ ]\s?<month>\s?[-./ ]\s?<day>(?!\d)
        (?<![\d.])<day>\s?[-./]\s?<day>\s?[-./]\s?<year>(?!\d)
        (?<!\d)(?:<day>_<day>_<year>|<year>_<mm>_<dd>|<dd> <dd> <year>)(?!\d)
        (?<![\d./-])<day>/<day>/\d\d(?![\d/])
        (?<![\d./-])\d\d/<month>/<day>(?![\d/])
        (?<![\d./-])<dd>([-.])<dd>\1\d\d(?!\.?\d)
        (?<![\d./-])\d\d([-.])<mm>\2<dd>(?!\.?\d)
        (?<![\d.])<day>\.<month>\.\d\d(?!\.?\d)
        (?<![\d.,])<day>(?P<apart><any separator>)<day>(?P=apart)(?!(?<=,)2000|(?<=, )2000)<year>(?![\d.,]*\d)
        (?<![\d.,])<year>(?P<parted><any separator>)<month>(?P=parted)<day>(?![\d.,]*\d)
        (?<![\d.,'])<dd>'<mm>'\d\d(?![\d'"])
        (?<![\d./-])<day>(?:[-/]<month>[-/]?|\.<month>\.?)'\d\d(?!\d)
    """, slips=True),
    build("date.compact", 0.8, r"""
        (?<!\d)<year><mm><dd>(?!\d)
        (?<!\d)<dd><dd><year>(?!\d)
    """, slips=True),
    build("date.other_script", 0.8, r"""
        (?<![^\W_])(?<!\d[.,-])\d{1,2}[ .,/-]{0,2}<other script>+(?:[ .,/-]{1,2}<other script>+)?(?:[ .,/-]{1,2}\d{2,4}(?!\d))?
        (?<![^\W_])\d{4}[ .,/-]{0,2}<other script>+[ .,/-]{0,2}\d{1,2}(?!\d)
        <no letter>(?:ngay )?\d{1,2} thang \d{1,2}(?:,? nam \d{4})?(?!\d)
        <no letter>(?:thang \d{1,2}|quy [1-4i]v?)[ ,/-]{1,3}(?:nam )?\d{4}(?!\d)
        <no letter>(?:ngay \d{1,2}|nam \d{4})(?!\d)
    """),
    build("date.era", 0.8, r"<no word>[mtshr]\.?\d{1,2}[./-]<month>[./-]<day>(?!\.?\d)"),
    build("date.cjk", 0.95, r"""
        \d{1,4}\s?[年년]
        \d{1,2}\s?[月월]\s?\d{0,2}
        \d{1,2}\s?[日일]
    """),
    build("date.month_name", 0.95, r"""
        <nth><name>[ .,/_-]{0,2}(?:de |del )?(?:\d{4}|'?\d\d)(?!\.?\d)
        <nth>(?!<may do>)<clear name>
        <no letter><clear name>[ .,/_-]{1,2}(?:the )?(?:<day>|0[1-9])<no count>
        <no letter><abbreviated>\. ?<day><no count>
        <no letter><name>[ .,/_-]{1,2}(?:the )?\d{1,2}(?:st|nd|rd|th)(?![^\W_])
        <no letter><name>[ .,/_-]{0,2}\d{1,2}(?:st|nd|rd|th)?(?:[ .,/-]{1,2}|(?='))(?:\d{4}|'?\d\d)(?!\.?\d)
        <no letter><name>[ .,/_-]{0,2}(?:<year>|'\d\d)(?!\d)
        <no word><year>[ .,/_-]{0,2}(?:<clear name>(?:[ .,/_-]{0,2}\d{1,2})?|<name>(?![\d])(?:[ .,/_-]{1,2}\d{1,2})?)
        <no word><day> de [a-z]{3,} del? \d{4}(?!\d)
        <no word><day>-[a-z0-9]{3}-(?:\d\d|\d{4})(?!\d)
    """, slips=True),
    build("date.roman_month", 0.8, r"""
        <no word>\d{1,2}(?:er|st|nd|rd|th)?(?:<roman date>)(?!\d|[.,]\d)
        <no word><roman>[./-]<year>(?!\d)
    """),
    build("date.week", 0.8, r"""
        <no word><year>[ _-]?w(?:k|eek)? ?\d{1,2}(?:-\d)?(?!\d)
        <no word><week>\.? ?\d{1,2} ?(?:[ .,-] ?(?:of )?<year>|[/'] ?(?:<year>|\d\d))(?!\d)
        <no word>(?:kw|cw) ?\d{1,2}(?!\d)
        <no word>(?:q[1-4]|fy|[hs][12]|t[1-4])[ /'_-]{0,2}<year>(?!\d)
        <no word>(?:fy[ /']?|q[1-4][/' -]{1,2})\d\d(?![\d.])
    """),
    build("date.day_month", 0.7, r"""
        (?<![\d./-])(?:<dd>/0[1-9]|(?:1[3-9]|2\d|3[01])/1[0-2])(?![\d/]|\.\d)
        (?<![\d./-])<dd>\.<mm>\.(?!\d)
        (?<![\d./-])0[1-9]-<dd>(?![\d/-])
        (?<![\d./-])0[1-9]/\d\d(?![\d/]|\.\d)
    """),
    build("date.spelt_out", 0.8, r"""
        <no letter><ordinal>(?: day)?(?: of)? <name>
        <no letter><name> (?:the )?<ordinal>
        <no letter>(?:nineteen|twenty)[ -](?:<tens>)(?:[ -]<unit number>)?
        <no letter>two thousand(?: and)? [a-z]+(?:[ -]<unit number>)?
    """),
    build("date.weekday", 0.8, r"""
        <no letter>(?:mon|tues|wednes|thurs|fri|satur|sun)day(?![a-z])
        <no letter>(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?![a-z])
        <no letter>(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?![a-z])
        <no letter>(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)(?![a-z])
    """),
    build("date.month_year", 0.7, r"(?<![\d./])<month>[/.-]<year>(?![\d/])", slips=True),
    build("time", 0.85, r"""
        (?<![\d:.])(?:[01]?\d|2[0-4])\s?[:;]\s?<min>(?:\s?[:;.]\s?<min>)?(?:[.,]\d{1,6})?<clock end>
        (?<![\d.,])[01]?\d(?:[.:]?<min>)?\s?[ap]\.?m\.(?![a-z])
        (?<![\d.,])(?:0?[1-9]|1[0-2])[:. ]?<min>\s?[ap]m(?![a-z])
        (?<!\d)(?:[01]\d|2[0-3])\.<min>\.<min>(?!\.?\d)
        (?<![\d.,])(?:[01]?\d|2[0-3])\s?h\s?<min>(?!\.?\d)
        (?<![\d.,])(?:[01]?\d|2[0-3])(?:[.:]<min>)?\s?uhr
    """, slips=True),
)  # fmt: skip

NUMBERS = (
    build("id.long_number", 0.7, r"(?<![\d.,])\d{7,}(?![\d.,]*\d)", slips=True),
    build("id.grouped_number", 0.75, r"""
        (?<![\d.,/])\d{2,}-\d{2,}-\d{2,}(?![.,]?\d)
        (?<![a-z\d.,])\d{2,4}[-/]\d{5,}(?!\d)
        (?<![\d.,])\d{3,4} \d{3} \d{3,4}(?!\d)
        (?<![\d.,])\d{4} \d{4} \d{2,4}(?!\d)
        (?<![\d.,/])(?=(?:\d/?){8})\d{2,}/\d{2,}/\d{2,}(?![.,]?\d)
        (?<![\d.,/-])0\d{2,}-\d{3,}(?![.,]?\d)
    """, slips=True),
    build("id.letters_and_number", 0.7, r"""
        <no word>[a-z]{1,4}[-_./]\d{5,}[-_/][a-z]{1,2}<end>
        <no word>[a-z]{1,4}\d{5,}(?![\d.]*\d)
        <no word>(?P<first>[a-z]{1,4}[-_#.:])\d{5,}(?![\d.]*\d)
        <no word>[ac-z]\d{4}(?!\d)
        <no word>[a-z]{1,2}-\d{4,}(?!\d)
        <no word>\d{4,}[-_]?[a-z]{2,4}\d+(?![a-z])
        <no word>[a-z]{2,4}[-_]\d{2,}[-_]\d{3,}(?!\d)
        <no word>[a-z]{1,3}\d{2,}-\d{3,}(?!\d)
        <no word>[a-z]{1,3}-\d{3,}/\d{2,4}(?!\d)
        <no word>(?!(?:b\d+|[wcl]+\d+[wcl]+\d+)+<end>)(?=(?:[a-z]*\d){4})[a-z]{1,2}\d{1,4}(?:[a-z]{1,2}\d{1,4})+[a-z]{0,2}<end>
        <no word>(?!\d+(?:x\d+)+<end>)(?=(?:[a-z]*\d){4})\d{1,4}[a-z]{1,2}\d{1,4}(?:[a-z]{1,2}\d{1,4})+[a-z]{0,2}<end>
        <no word>(?!b\d)[a-z]{1,3}\d{4,}(?!ms<end>|mm<end>|hz<end>)[a-z]{1,2}<end>
        <no word>[a-z]{2} \d\d ?\d\d ?\d\d [a-z]<end>
        <no word>\d\d ?\d{6} ?[a-z] ?\d{2,3}<end>
        <no word>(?=(?:[a-z]{0,4}[-/.]?[a-z]{0,3}\d){6})[a-z]{1,4}[-.]?\d{2,}[a-z]{0,2}(?:[-/.][a-z]{0,3}\d+[a-z]{0,2})+<end>
        <no word>\d{3,}[a-z]{0,2}-\d{4,}[a-z]{0,2}<end>
        <no word>\d{2,}[a-z]{2,4}\d{3,}<end>
        <no word>\d{5,}[a-z]{1,2}<end>
        <no word>[a-z]{2}_\d{4}_\d\d<end>
        <no word>(?:mr|acc|mrn|pid)\s?#\s?\d{4,}
        <no word>(?=(?:[-.]?\d){6})[a-z]{0,2}\d{2,}[-.]\d{2,}[-.][a-z\d]{1,4}<end>
    """),
    build("id.labelled", 0.8, r"""
        <no letter>(?:site|centre|center|zentrum|centro|sitio) ?\d{1,4} ?/ ?(?:subj|subject|pt|pat|patient|proband)\.? ?\d{1,6}
        <no letter>id\s?(?:no|nr)?\s?[#:.=-]{0,2}\s?\d
        <no letter>(?:patient|pat|pt)\.?\s?[#:.]?\s?\d{3,}
        <no letter>(?:serial|s/n|sn)\s?(?:no|nr|number)?\.?\s?[:#]?\s?(?=[a-z-]*\d)[a-z\d-]{4,}
        <no letter>case\s?[#:.=-]{0,2}\s?(?=\w*-?\d)[\w-]{4,}
        <no letter>(?:ex|exam|study|visit|examen|untersuchung)\.?\s?(?:no|nr|id)?\.?\s?[#:=]\s?\d{3,}(?![\d.,]*\s?[a-z%])
        ^(?:ex|exam|study|visit|examen|untersuchung)\.?\s?\d{3,}$
        <no letter>(?:no|nr|num|acc|pid|uid|ssn)\s?[#:.=-]{0,2}\s?\d{4,}
        <no letter>acc(?:ession|n)?\s?[#:.]{1,2}\s?\d[\d -]*
        <no letter>(?:dob|d\.o\.b\.?|geb|nato|nata|born)\s?[:.]?\s?\d[\d/.-]*
        <no letter>(?:lot|ref|inv|asset tag)(?: no| nr)?\.?\s?[:#]?\s?(?=[a-z.-]*\d[a-z.-]*\d)[a-z\d.-]{4,}
    """),
    build("id.social_security", 0.9, r"(?<![\d.])\d{3}-\d{2}-\d{4}(?!\d)", slips=True),
    build("id.uid", 0.95, r"""
        (?<![\d.])\d+(?:\.\d+){4,}
        [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f-]*
        <no word>[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}<end>
        <no word>[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}<end>
        <no word>(?=[a-f]{0,4}(?::[a-f:]{0,34})?\d)[0-9a-f]{3,4}:(?:[0-9a-f]{0,4}:){1,7}[0-9a-f]{1,4}<end>
    """),
    build("id.ip_address", 0.9, r"(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\.?\d)"),
)  # fmt: skip

REACH = (
    build("phone", 0.8, r"""
        (?<![^\W_.])\+\d{1,3}[ ()./-]{0,2}\d[\d ()./-]{5,}\d
        (?<!\d)\(\d{2,5}\)\s?\d{2,4}[ .-]?\d{3,}
        (?<![\d.-])\d{3}-\d{4}(?![\d-])
        (?<![\d.])\d{3}[-.]\d{3}[-.]\d{4}(?!\d)
        (?<![\d.])0\d{1,4}[ /-]\d{3,}[ -]?\d{2,}
        (?<![\d.,])0\d(?:[ .-]\d\d){4}(?!\d)
        (?<![\d.,])[6-9]\d\d(?:(?: \d\d){3}|(?:\.\d\d){3}|(?:-\d\d){3})(?![ .-]?\d)<not measured>
        (?<![\d.,])[2-9]\d\d\.\d{4}(?![\d.]|\s?[a-z%°])
        <no letter>(?:ext|extn|extension|beeper|bleep|pager|dect|durchwahl|poste)\.?\s?[:#]?\s?\d{3,6}(?!\d)
        <no letter>(?:tel|ph|phone|fax|mob|mobile|pager)\.?\s?[:.]?\s?\+?[\d(][\d ()/.-]{5,}
    """, slips=True),
    build("email", 0.99, r"(?:(?<![^\s^])(?P<first>[^\s@^]*_)?[^\s@_^]*)?@[^\s_]*(?P<second>_\S*)?"),
    build("web", 0.95, r"""
        (?:<place of a machine>)[^\s_]*(?:_\S*/[^\s_]*)?(?P<second>_\S*)?
        www\.[^\s_]+
        (?<![a-z\d-])[a-z\d-]{3,}\.(?:com|org|net|edu|gov|de|fr|uk|it|es|nl|se|pl|ch|at|eu)<end>\S*
        \\\\\w+\\\S*
    """),
)  # fmt: skip

PEOPLE = (
    build("person.title", 0.85, r"""
        <no letter>(?:dr|prof|dra|mrs|miss|doctor|docteur|dott|dottssa|dres|rev)(?:\s|\s?\.\s?|_)+<degrees><a name><more>
    """),
    build("person.title", 0.85, r"""
        <no letter>(?:m[udv]dr|phdr|rndr|pharmdr|privatdoz|doz)(?:\s|\s?\.\s?|_)+<degrees><a name><more>
    """),
    build("person.title", 0.85, r"""
        <no letter>(?:herrn?|frau|mme|mlle|monsieur|madame|dhr|mevr|pani|bayan?)\.?(?:\s|_)+<a name><more>
    """),
    build("person.title", 0.85, r"""
        <no letter>(?:sra|srta|senora?|sig|sigra|signora?|senhora?)\.?(?:\s|_)+<a name><more>
    """),
    build("person.title", 0.85, r"""
        <no letter>ms\. ?[a-z]{2,}
        <no letter>(?:mr|hr|fr|sr)\. ?[a-z]{2,}
        <no letter>(?:dr|prof)\.
        ,? (?:m\.?d|ph\.?d|rdms|rdcs|rvt|frcr|frcs|mbbs|facs|facr|facc)\.?(?![a-z])
    """),
    build("person.title", 0.8, r"(?<![A-Za-z])(?:Mr|Ms|Sr|Sra) [A-Z](?:[^\W_]|['-])+", cased=True),
    build("person.performed_by", 0.8, r"""
        <no letter>(?:performed|scanned|read|reported|verified|acquired|signed|dictated|done|approved|reviewed)[ _]by<end>
        <no letter>(?:entered|printed|created|examined|requested|ordered|referred)[ _]by<end>
    """),
    build("person.labelled_initials", 0.7, r"""
        (?<![A-Za-z])(?i:<doer>|<did>[ _](?:by|per|von|par|por|da|door|av|af)|<did>(?=\s?[:=(/]))<labels><initials>
        (?<![A-Za-z])(?i:<did>) (?!<view>|<in capitals> )<initials>(?! ?[a-z])
        (?<![A-Za-z])(?i:<doer>|<did>)(?i: by)?\s?[:=(/]\s?[A-Za-z]{2,3}(?:[/,&+ ]{1,2}[A-Za-z]{2,3})?(?![A-Za-z\d])
        (?<![A-Za-z])(?i:<signed>)(?i: by)?[ .:/(=]{1,3}<initials>
        (?<![A-Za-z])RT ?[:=] ?(?!(?:AP|PA|CC|ML|LL|CT|MR|US|PET|IM|SI|LAT|OBL|MLO)(?![A-Za-z]))<initials>
        (?<![A-Za-z])(?:<through>):? (?!<modality>(?![A-Za-z])|[A-Z]+ [a-z])<initials>
        (?<![A-Za-z])(?:[Bb]y|[Pp]er|[Cc]c|CC|[Rr]ef|[Oo]p|OP)\s?[:=]\s?<initials>
        (?<![A-Za-z])RT ?\([A-Z,() ]{1,12}\) ?<initials>
        (?<![A-Za-z])RT (?!<side of>(?![A-Za-z\d]))[A-Z]{2}(?=\W*$)
        (?<=[^\w\s])\s?[A-Z]{2,3}[/:][a-z]{2,3}(?=\W*$)
        (?<![A-Za-z])(?i:tech(?:nologist|nician|n|no)?|mtr?a|rtr|radiographer|oper(?:ator)?)<labels><short>
        (?<![A-Za-z])(?i:initials|reader)[ .:/(=]{1,3}<short>
        (?<![A-Za-z])(?i:by:?) (?!<modality>(?![A-Za-z]))<short>
        (?<![A-Za-z])RT ?\(<short>\)
        \([A-Z]{2,3}/RT\)
        (?<![A-Za-z])(?:TER|T\.E\.R\.|TSR|TR[MS])[ .:/(=]{1,3}<short>
        (?<![A-Za-z])MTR[ .:/(=]{1,3}(?!<view>|(?:WM|GM|CSF|MAP|MT|ON|OFF|ROI|SEQ)(?![A-Za-z]))<short>
        (?<![A-Za-z])(?i:rad|dr|mta|arzt|sig|by|von|par|por|user)\s?[:=]\s?(?!<modality> [A-Za-z]{3})<short>
        (?<![A-Za-z])(?i:rad)\. ?(?!<view>)<short>
        (?<![A-Za-z])<no operation>[Oo]p\. ?(?!<view>)(?:[A-Z]{2}<end of word>|<short><part ends>)
        (?<![A-Za-z])(?i:<helped>)[ _]by[ :]{1,2}(?!<means><end of word>)<short>
        (?<![A-Za-z])(?i:by) (?!<means><end of word>)<short><part ends>
        <part begins>(?i:by) <short><part ends>
        <part begins>(?!<view>|<body part>,)(?:[A-Z]{2}|(?<!,)(?<!, )[BCDFGHJ-NP-TV-Z]{3})\s?,\s?R\.?T\.?(?![A-Za-z\d])
        (?<![A-Za-z])[A-Z]{2,3},? R\.?T\.? ?(?:\([A-Z]{1,4}\) ?){2,5}
        (?<![A-Za-z])(?!<view>)[A-Z]{2,3},? R\.?T\.? ?\((?:R|N|T|S|M|CT|MR|VI|CV|BS|ARRT)\)
        (?<![A-Za-z])(?!<view>)[A-Z]{2,3},? (?:ARRT|CNMT|RDMS|RDCS|RVT|RTNM|NMTCB|MRSO|FRCR|FRANZCR)(?![A-Za-z])
    """, cased=True),
    build("person.initials", 0.6, r"^\W*[A-Z]\. ?(?:[A-Z]\. ?)?[A-Z]\.?\W*$", cased=True),
    build("person.caret", 0.8, r"(?<![a-z'-])[a-z'-]{2,}\^[a-z'-]{2,}\^[a-z]?(?![a-z])"),
)  # fmt: skip

PATTERNS = (*DATES, *NUMBERS, *REACH, *ADDRESSES, *AGES, *PEOPLE)
# Rules whose every form has a digit: in most texts of words alone they need not be looked for.
_OF_DIGITS = frozenset(
    f"date.{name}" for name in ("numeric", "compact", "era", "month_year", "day_month", "week", "roman_month")
) | {
    "time", "id.long_number", "id.grouped_number", "id.letters_and_number", "id.labelled", "id.social_security", "id.ip_address",
    "phone", "postcode.british", "postcode", "plate", "age_sex.capital",
}  # fmt: skip
_IN_WORDS = tuple(pattern for pattern in PATTERNS if pattern.rule not in _OF_DIGITS)


def find(text: str) -> Iterator[Hit]:
    """Every place of ``text`` that a pattern names, rule by rule."""
    folded = even(text)
    read = even(digitised(text))
    for pattern in PATTERNS if any(char.isdigit() for char in text) else _IN_WORDS:
        views = (text,) if pattern.cased else (folded, read) if pattern.slips and read != folded else (folded,)
        for view in views:
            for match in pattern.expression.finditer(view):
                yield from _hits(pattern, match)


def _hits(pattern: Pattern, match: re.Match[str]) -> Iterator[Hit]:
    """The place that a pattern matched; what it only supposes is a hit of its own."""
    start, end = match.span()
    groups = pattern.expression.groupindex
    if "first" in groups and match["first"]:
        start = match.end("first")
        yield Hit(match.start(), start, Reason(SECOND, 0.5))
    if "second" in groups and match["second"]:
        end = match.start("second")
        yield Hit(end, match.end(), Reason(SECOND, 0.5))
    yield Hit(start, end, Reason(pattern.rule, pattern.score))


def even(text: str) -> str:
    """Fold letter by letter so that every place stays; a letter that folds to more keeps its first."""
    return "".join((fold(char) or char)[0] for char in text)
