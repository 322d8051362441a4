"""Letters with digits that reports and protocols mean something by: stages of tumours, grades, catheters, segments, sequences.

``numbers`` says which codes could be somebody's; what is written here in the way of a classification is nobody's.
"""

from __future__ import annotations

import re

_T = r"t(?:is|[0-4x](?:[a-d](?:[1-3])?|mi)?)"
_N = r"n(?:[0-3x](?:[a-c]|mi)?)"
_M = r"m(?:[01x][a-d]?)"
_BEFORE = r"(?:mp|[ypcra]{0,2})"
_CODE = re.compile(
    rf"{_BEFORE}{_T}(?:{_BEFORE}{_N})?(?:{_BEFORE}{_M})?|{_BEFORE}{_N}(?:{_BEFORE}{_M})?|[yp]{{1,2}}{_M}"  # cT3bN1M0, ypT2, N2b
    r"|(?:l|v|pn|g|gg|r|d|s|p|c|t|h|i|f|w|bo|a)[0-4][ab]?"  # L0 V1 Pn0 G2 GG3 R1
    r"|g[1-9]p\d(?:a\d)?|g\d{1,2}p\d{1,2}"  # gravida, para
    r"|(?:i{1,3}|iv|vi{0,3}|ix|x)[a-h]?[1-3]?"  # stages and segments: IIB, IVa, IIIC1
    r"|[ivx]{1,4}[-/][ivx]{1,4}[a-d]?"
    r"|[1-9]\d?(?:[.,]5)?(?:f|fr|ch|g)"  # catheters and needles: 10F, 18G
    r"|ki67|cd\d{1,3}|ck\d{1,2}|p(?:16|40|53|63)|gata3|ttf1|sox10|her2|s100|pax[258]|bcl[26]|mlh1|msh[26]|pms2"  # stains
    r"|[1-4]v|3v[tv]|(?:v[a-e]|xa|e)\d\d[a-z]?"  # views; versions of software
    r"|(?:he|ne|sp|bo|br|pa|bc|hc|sh|kn|fl)\d{1,2}"  # elements of coils
    r"|[12]?\d{1,2}(?:dir|ch|pl|echo|vol|ph|seg|el|ci|pt|kan|sek)"  # 64dir, 3pl
)
_STAGE = re.compile(r"(?:i{1,3}|iv|vi{0,3}|ix|x)[a-h]?[1-3]?")
_MIXED = re.compile(r"[IVX]{1,4}[a-h]")
_STAGED = frozenset(
    (
        "stage", "stages", "stadium", "stade", "stadio", "estadio", "estadiu", "stadie", "stopien", "figo", "segment", "segments",
        "segmento", "segmenti", "segmente", "segmentes", "segmentu", "grade", "grad", "grado", "grau", "graad", "type", "typ",
        "tipo", "class", "klasse", "classe", "level", "group", "zone", "aste", "fokozat", "stadiu", "gradul", "derece",
    )
)  # fmt: skip


def known(word: str) -> bool:
    """Whether a folded token is written as a stage, grade or size is: cT3bN1M0, IIIC1, 18G."""
    return _CODE.fullmatch(word) is not None


def stage(token: str, before: str) -> bool:
    """Whether a token is a Roman number with the letter of a stage or segment: IVa, and behind a folded word of stages IIIB."""
    return _MIXED.fullmatch(token) is not None or (before in _STAGED and _STAGE.fullmatch(token.casefold()) is not None)
