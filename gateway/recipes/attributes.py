"""Which attributes a recipe may name, and which no recipe can reach."""

from __future__ import annotations

import difflib
import re
import struct

from pydicom import config
from pydicom.datadict import dictionary_VM, dictionary_VR, keyword_for_tag, tag_for_keyword
from pydicom.valuerep import validate_value

from gateway.tags import standard

EXPANDERS = ("contains", "startswith", "endswith", "except")
_SELECT = re.compile(r"select:(?:VR:[A-Z]{2}|GROUP:[0-9A-Fa-f]{4})")
_HEX = re.compile(r"\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?")
_NAMED = frozenset(
    {
        0x00080005,  # Specific Character Set: the written one is true
        0x00080016,  # SOP Class UID
        0x00080060,  # Modality: every IOD needs it
        0x00100010,
        0x00100020,  # the pseudonyms
        0x00120062,
        0x00120063,
        0x00120064,
        0x00280301,
        0x00280302,
        0x00280303,  # the marks
        0x00420011,  # an encapsulated document: the profile says what becomes of it
    }
)
_NUMBERS = {"US": "<H", "SS": "<h", "UL": "<I", "SL": "<i", "UV": "<Q", "SV": "<q", "FL": "<f", "FD": "<d"}
TEXTS = frozenset(
    {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UR", "UT"}
)  # fmt: skip


def protected(tag: int, vr: str = "") -> bool:
    """Whether an element is out of every recipe's reach: UIDs, pixels and what describes them, pseudonyms, marks, private."""
    group = tag >> 16
    return (
        tag in _NAMED
        or vr == "UI"
        or bool(group % 2)
        or group < 0x0008
        or group >= 0x7F00
        or group & 0xFF00 in (0x5000, 0x6000)
        or 0x00280000 <= tag < 0x00280300  # the image pixel description
        or 0x00281101 <= tag <= 0x00281224  # its palettes
    )


def named(expression: str) -> int | None:
    """Return the tag that a field expression names: a keyword, (gggg,eeee), ggggeeee, or the end of a path A__B."""
    last = expression.rpartition("__")[2]
    if match := _HEX.fullmatch(last):
        return int(match[1] + match[2], 16)
    return tag_for_keyword(last)


def fault_of_field(expression: str, groups: frozenset[str], *, single: bool) -> str:
    """Say what is wrong with the field expression of a header rule and how to mend it; empty if nothing is.

    ``groups`` are the names of the recipe's ``%fields`` lists; ``single`` says that the rule needs exactly one attribute.
    """
    if expression.lower() == "all" or ":" in expression:
        return (
            "this rule needs one attribute; name it by its keyword"
            if single
            else _fault_of_expander(expression, groups)
        )
    for part in expression.split("__"):
        if fault := fault_of_name(part):
            return fault
    tag = named(expression) or 0
    if protected(tag, vr_of(tag)):
        return (
            "no recipe may touch UIDs, pixel data and what describes them, the patient's pseudonyms, the marks of "
            "de-identification, file meta or private elements; take the line out"
        )
    return ""


def _fault_of_expander(expression: str, groups: frozenset[str]) -> str:
    kind, colon, rest = expression.partition(":")
    if kind.lower() in EXPANDERS:
        return fault_of_pattern(rest)
    if kind == "fields":
        return "" if rest in groups else f"there is no list `%fields {rest}` above this line"
    if not colon or _SELECT.fullmatch(expression):
        return ""
    known = ", ".join(f"{each}:" for each in EXPANDERS)
    return f"the expanders are all, {known} select:VR:XX, select:GROUP:gggg and fields:"


def fault_of_name(word: str) -> str:
    """Say what is wrong with the name of an attribute; empty if DICOM knows it."""
    tag = named(word)
    if tag is not None and (_HEX.fullmatch(word) is None or keyword_for_tag(tag) or protected(tag)):
        return ""
    close = difflib.get_close_matches(word, standard.keywords(), 1)
    return f"DICOM knows no attribute {word}; " + (f"did you mean {close[0]}?" if close else "write its keyword")


def fault_of_pattern(pattern: str) -> str:
    """Say what is wrong with a regular expression for deid, which lowers its case before it compiles it."""
    if not pattern:
        return "write what is to be looked for"
    if re.search(r"\\[A-Z]", pattern):
        return "deid lowers the case of patterns, so that \\S or \\D would become its opposite; write [^ ] or [^0-9]"
    try:
        re.compile(pattern.lower())
    except re.error:
        return "this is no regular expression; put a backslash before . ( ) [ ] * + ? if they are meant as they are"
    return ""


def fault_of_value(tag: int, value: str) -> str:
    """Say why a text cannot be the value of an attribute; empty if it can."""
    vr = vr_of(tag)
    if '"' in value or "'" in value:
        return "deid writes quotation marks into the value; leave them out"
    if vr in _NUMBERS:
        try:
            struct.pack(_NUMBERS[vr], float(value) if vr[0] == "F" else int(value))
        except (ValueError, struct.error, OverflowError):
            return f"this is no number of VR {vr}"
        return ""
    if vr not in TEXTS:
        return f"a value of VR {vr} cannot be written in a recipe"
    try:
        for part in value.split("\\"):
            validate_value(vr, part, config.RAISE)
    except ValueError:
        return f"this is no legal value of VR {vr} (PS3.5 6.2)"
    return ""


def several(tag: int) -> bool:
    """Whether an attribute may hold several values."""
    return dictionary_VM(tag) != "1"


def vr_of(tag: int) -> str:
    """Return the VR that the dictionary gives an attribute, UN if it does not know it."""
    return dictionary_VR(tag) if keyword_for_tag(tag) else "UN"
