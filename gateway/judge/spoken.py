"""What forms and labels take for somebody's and a sentence merely speaks of: ``left the department``, ``consent signed``.

A lone unknown word amid a sentence that is known otherwise is spoken of, too: the words that join it to the others stay, and it
stays itself where an adjective stands (``valve is trileaflet``). No name is written in small letters behind such a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateway.judge import codes
from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold

_LABELS = frozenset({"place.institution_word", "person.label"})
# Behind them an institution, a role or a way to reach somebody is any of its kind: by telephone, on the ward.
_BEFORE = frozenset(
    (
        "the", "a", "an", "our", "this", "that", "another", "same", "her", "his", "their", "by", "per", "on", "to", "in", "from",
        "via", "at", "for", "and", "or", "no", "der", "die", "das", "dem", "den", "im", "am", "zur", "zum", "vom", "la", "le",
        "el", "los", "las", "il", "lo", "les", "au", "du", "al", "del", "della", "par", "por", "per", "pelo", "pela", "na", "no",
        "des", "do", "da", "of", "op", "het", "de", "via", "med", "af", "av", "per", "durch", "mit", "with",
    )
)  # fmt: skip
_ENDS = re.compile(r"\W*$|[.;](?:\s|:)")
_DONE = frozenset({"signed", "performed", "reviewed"})
_SECONDS = re.compile(r"\d{1,3}s(?:[\s,/+&-]{1,3}\d{1,3}s)+", re.IGNORECASE)
_SPIROMETRY = re.compile(r"fev1[\s=:/]{0,3}(?:fvc[\s=:]{0,2})?\d\d", re.IGNORECASE)
_SPECTROSCOPY = re.compile(
    r"MRS[ _](?:PRESS|STEAM|SVS|CSI|LASER|SLASER|MEGA|SPECTRO|VOXEL|BRAIN|LIVER|PROSTATE|MULTI|SINGLE)\w*"
)
_NUMBERS = ("number.", "id.", "plate")  # rules
_FORMS = {"id.grouped_number": _SECONDS, "date.month_name": _SPIROMETRY, "person.title": _SPECTROSCOPY}
_FRENCH = re.compile(r"\d{1,2}(?:[.,]5)?[Ff]")
_LENGTH = re.compile(r"\s?[x\u00d7]?\s?\d{1,3}\s?(?:cm|mm)(?![^\W_])", re.IGNORECASE)
_BORED = frozenset(
    (
        "catheter", "catheters", "sheath", "sheaths", "stent", "stents", "drain", "drains", "pigtail", "tube", "wire", "needle",
        "introducer", "dilator", "ptcd", "ptbd", "nephrostomy", "plastic", "guide", "balloon", "access", "exchange", "picc",
        "katheter", "schleuse", "drainage", "sonde", "sonda", "cateter", "catetere", "drenaje", "drenaggio", "drenage",
    )
)  # fmt: skip
_BEHIND_IT = 3  # words between a catheter and its size
_FEW, _MANY = 3, 4  # known words of a sentence around an unknown one: in small letters, in capitals
_ABBREVIATED = 5  # letters of an abbreviation
_LONG = 5  # letters of an adjective
_PARTICLES = frozenset(
    {"de", "van", "von", "del", "da", "di", "der", "dos", "das", "do", "du", "al", "el", "la", "le", "y", "e"}
)
_IS = frozenset(
    {
        "is",
        "are",
        "appears",
        "a",
        "an",
        "no",
        "more",
        "very",
        "mildly",
        "moderately",
        "severely",
        "diffusely",
        "slightly",
    }
)
# Said of somebody: the radiographer is ...
_SOMEBODY = re.compile(r".*(?:er|or|ist|ian|ant|eur|nurse|surgeon|name|man|wife|son|who|he|she|it|this|that)")
_HELPING = frozenset(
    {"be", "have", "represent", "not", "reflect", "suggest", "indicate", "also", "need", "require", "benefit", "cause"}
)


# Codes of published systems behind the name of their system: CPT 71260, LOINC 24627-2, ICD-10-CM I63.9.
_CODES = re.compile(
    r"(?<![^\W_])(?:"
    r"(?:CPT|EBM|GO\u00c4|GOAE)<is>\d{4,5}(?:-(?:26|TC|RT|LT|50|59|76|77))?|HCPCS<is>[A-Z]\d{4}|LOINC<is>\d{3,5}-\d"
    r"|SNOMED(?:[\s-]?CT|-?RT)?<is>(?:\d{6,9}|[A-Z]-[A-Z0-9]{4,5})|SRT<is>[A-Z]-[A-Z0-9]{4,5}|SCT<is>\d{6,9}|DCM<is>\d{6}|FMA<is>\d{4,6}"
    r"|ICD[\s-]?(?:9|10|11|O)?(?:-?(?:CM|PCS|GM|O))?<is>[A-Z]?\d{2,3}(?:\.[A-Z\d]{1,4})?|TNM<is>\d(?:th|rd)(?: ed)?"
    r"|(?:RadLex<is>|RADLEX<is>)?RID\d{2,6}|RPID\d{1,5}|OPS<is>\d-\d{2}[\da-z](?:\.[\da-z]{1,2})?|OPCS(?:-?4)?<is>[A-Z]\d\d(?:\.\d)?"
    r"|CCAM<is>[A-Z]{4}\d{3}|TARMED<is>\d\d\.\d{4}|NCIt<is>C\d{4,6}|MeSH<is>D\d{6}|UMLS<is>C\d{7}|MBS<is>\d{5}"
    r"|(?:KV\u00c5|NCSP|NOMESCO)<is>[A-Z]{2,3}\d[A-Z\d]{1,2}"
    r")(?![^\W_]|-\d|\.\d)".replace("<is>", r"[\s:=#]{1,3}")
)
# Abbreviations of letters with stops, and a kernel that is the whole text.
_STOPPED = re.compile(
    r"(?<![^\W_])(?<!\.)(?:Z\. ?n\.|V\. ?a\.|St\. ?p\.|i\. ?v\.|a\. ?p\.|p\. ?a\.|p\. ?i\.|p\. ?o\.|d\. ?v\."
    r"|s\. ?c\.|o\. ?B\.|u\. ?a\.|m\. ?E\.)(?![^\W_])"
)
_KERNEL = re.compile(r"[YUSXIL][A-E]|XC[A-E]")
_MODALITIES = frozenset({"mr", "ct", "mri", "rtg", "us", "ul", "rontgen", "ultralyd", "ultraljud", "dt", "rx"})
_OF = frozenset({"av", "af", "of", "de", "van"})
_PERCENT = re.compile(r"\s?[<>=~]?\s?\d{1,3}(?:[.,]\d)?\s?%")


def as_spoken(text: str, found: Sequence[Token], hits: Sequence[Hit]) -> list[Token]:
    """The tokens with what a sentence makes of them: a verb "may", any department, the label of a percentage, published codes."""
    told = list(found)
    labelled = {hit.start for hit in hits if hit.reason.rule in _LABELS}
    for i, token in enumerate(found):
        if token.start in labelled and token.kind is Kind.UNKNOWN and _merely(i, found, text):
            told[i] = replace(token, kind=Kind.WORD)
    for i in _helps(found):
        told[i] = replace(found[i], kind=Kind.WORD)
    for i, token in enumerate(found):
        if token.kind is Kind.LABEL and token.text.isupper() and _PERCENT.match(text, token.end):
            told[i] = replace(token, kind=Kind.WORD)  # MTF 10 %
    if len(told) == 1 and _KERNEL.fullmatch(text.strip()):
        told[0] = replace(told[0], kind=Kind.WORD)
    coded = _marked(text, _CODES, _STOPPED)
    return [
        replace(token, kind=Kind.WORD, bare=False) if coded.find(0, token.start, token.end) < 0 else token
        for token in told
    ]


def _marked(text: str, *forms: re.Pattern[str]) -> bytearray:
    """A byte for each place of a text: 1 where one of the forms stands."""
    marked = bytearray(len(text))
    for form in forms:
        for match in form.finditer(text):
            marked[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return marked


def spare(text: str, found: Sequence[Token], hits: Sequence[Hit]) -> list[Hit]:
    """The hits less those of words that are merely spoken of and of numbers that mean something else."""
    starts = {token.start: i for i, token in enumerate(found)}
    coded = _marked(text, _CODES)
    return [
        hit
        for hit in hits
        if not _spared(text, found, hit, starts.get(hit.start))
        and not (hit.reason.rule.startswith(_NUMBERS) and coded.find(0, hit.start, hit.end) < 0)
    ]


def _spared(text: str, found: Sequence[Token], hit: Hit, i: int | None) -> bool:
    rule, written = hit.reason.rule, text[hit.start : hit.end]
    if rule in _FORMS:
        return bool(_FORMS[rule].fullmatch(written))
    if i is None:
        return False
    if rule == "age_sex.capital":
        return bool(_FRENCH.fullmatch(written)) and (bool(_LENGTH.match(text, hit.end)) or _bored(i, found))
    if rule == "person.labelled_initials":  # MR av kne, Hz/px
        if written.casefold() == "px" and text[hit.start - 1] == "/":
            return True
        known = i > 1 and written.islower() and found[i].kind is Kind.WORD
        return known and fold(found[i - 1].text) in _OF and fold(found[i - 2].text) in _MODALITIES
    part = hit.end < found[i].end and codes.known(fold(found[i].text))  # NE1,2
    return rule in _LABELS and (part or _merely(i, found, text))


def _bored(i: int, found: Sequence[Token]) -> bool:
    """Whether what has a bore stands shortly before a size: stent plastic 10F."""
    return any(fold(token.text) in _BORED for token in found[max(i - _BEHIND_IT, 0) : i])


def _merely(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether a sentence speaks of any department or radiologist: a joining word before, nobody behind."""
    token = found[i]
    if not i or token.text.istitle() or text[found[i - 1].end : token.start] != " ":
        return False
    before = found[i - 1]
    word = fold(before.text)
    if before.kind is Kind.UNKNOWN or not (word in _BEFORE or (fold(token.text) in _DONE and before.kind is Kind.WORD)):
        return False
    if _ENDS.match(text, token.end):
        return True
    if i + 1 == len(found) or text[token.end : found[i + 1].start] != " ":
        return False
    behind = found[i + 1]
    return (
        behind.kind in (Kind.GLUE, Kind.JOINS) and fold(behind.text) not in _PARTICLES and len(behind.text) > 1
    ) or (behind.text.islower() and behind.kind in (Kind.WORD, Kind.CLINICAL) and token.text.islower())


def lone(
    found: Sequence[Token], stays: Sequence[bool], covered: Sequence[bool], sentences: Sequence[int]
) -> Iterator[tuple[int, bool]]:
    """Unknown words, each the only one that goes from its sentence, and whether it stands where an adjective does.

    ``covered``: what a form or the recogniser marks.
    """
    first = 0
    for last in range(1, len(found) + 1):
        if last < len(found) and sentences[last] == sentences[first]:
            continue
        part = range(first, last)
        gone = [i for i in part if not stays[i]]
        if len(gone) == 1 and not covered[gone[0]] and _speaks(gone[0], part, found):
            yield gone[0], _described(gone[0], part, found)
        first = last


def _speaks(i: int, part: range, found: Sequence[Token]) -> bool:
    token = found[i]
    known = [j for j in part if j != i and found[j].kind not in (Kind.GLUE, Kind.LETTER, Kind.NUMBER)]
    joined = any(found[j].kind is Kind.GLUE for j in part)
    if token.kind is not Kind.UNKNOWN or not token.text.isalpha() or not joined or i == part[0]:
        return False
    if token.text.islower():
        return len(known) >= _FEW
    small = sum(found[j].text.islower() for j in known)
    particle = fold(found[i - 1].text) in _PARTICLES
    return (
        token.text.isupper()
        and not particle
        and (
            len(known) >= _MANY if not small else small >= 2 and len(known) >= _FEW and len(token.text) <= _ABBREVIATED
        )
    )


def _described(i: int, part: range, found: Sequence[Token]) -> bool:
    """Whether an unknown word in small letters stands behind "is" or an article, and the sentence begins with a capital."""
    word = found[i].text
    if not word.islower() or len(word) < _LONG or not found[part[0]].text.istitle():
        return False
    if not (found[i - 1].text in _IS and len(part) > _MANY):
        return False
    before = [fold(found[j].text) for j in part[: i - part[0] - 1]]
    return not (
        any(word.startswith(("patient", "pt")) for word in before) or any(map(_SOMEBODY.fullmatch, before[-1:]))
    )


def _helps(found: Sequence[Token]) -> Iterator[int]:
    """Where "may" is no month: it helps the verb behind it."""
    for i, token in enumerate(found[:-1]):
        if fold(token.text) == "may" and fold(found[i + 1].text) in _HELPING:
            yield i
