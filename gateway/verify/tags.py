"""Looks at each element of a written file: what may not be there, what must be there, what a value may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.records import Problem
from gateway.verify import checks, graphics
from gateway.verify.elements import FREE_TEXT, Element
from gateway.verify.facts import Facts
from gateway.verify.identifiers import STRUCTURAL_UIDS, identifying
from gateway.verify.retained import retained
from gateway.verify.wording import Wording

FORBIDDEN: Final = frozenset(
    {
        "IconImageSequence", "DigitalSignaturesSequence", "MACParametersSequence",
        "EncryptedAttributesSequence", "EncryptedContent", "OriginalAttributesSequence",
        "ModifiedAttributesSequence", "NonconformingModifiedAttributesSequence", "DataSetTrailingPadding",
        "ReferencedPatientPhotoSequence", "ReferencedSOPInstanceMACSequence",
        "ReferencedDigitalSignatureSequence",
    }
)  # fmt: skip
_NESTED_PIXELS: Final = frozenset({"PixelData", "FloatPixelData", "DoubleFloatPixelData"})
_NUMBERS: Final = frozenset({"DS", "IS"})
_WORDS: Final = FREE_TEXT | {"CS"}
_METHOD: Final = "00120063"
_DOCUMENT: Final = "EncapsulatedDocument"
_DAY: Final = r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
_TIME: Final = r"([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?"
_NUMBER: Final = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
#: What a VR allows (PS3.5 Table 6.2-1); lengths are left alone, as real files break them without harm.
_LEGAL: Final = {
    "DA": re.compile(_DAY),
    "TM": re.compile(_TIME),
    "DT": re.compile(rf"\d{{4}}|\d{{4}}(0[1-9]|1[0-2])|{_DAY}({_TIME})?([+-]\d{{4}})?"),
    "AS": re.compile(r"\d{3}[DWMY]"),
    "DS": re.compile(_NUMBER),
    "IS": re.compile(r"[+-]?\d+"),
    "UI": re.compile(r"[0-9.]{1,64}"),
}
_TERMS: Final = frozenset({"UNMODIFIED", "MODIFIED", "REMOVED"})


def check(
    index: int, original: Sequence[Element], written: Sequence[Element], wording: Wording, facts: Facts
) -> Iterator[Problem]:
    """Check the elements of one written instance (file meta first) against the study's original values."""
    for element in written:
        for fault in dict.fromkeys(_faults(element, wording, facts)):
            yield Problem(fault, index, element.path)
    patient = any(element.keyword == "PatientID" and not element.parents for element in original)
    yield from _marks(index, written, facts, patient=patient)


def _faults(element: Element, wording: Wording, facts: Facts) -> Iterator[str]:
    if element.keyword in FORBIDDEN or graphics.forbidden(element, facts):
        yield checks.FORBIDDEN_ELEMENT
    if element.keyword in _NESTED_PIXELS and element.parents:
        yield checks.FORBIDDEN_ELEMENT
    if element.keyword == _DOCUMENT and (element.parents or facts.documents == "hold"):
        yield checks.FORBIDDEN_ELEMENT
    legal = _LEGAL.get(element.vr)
    if legal and not all(legal.fullmatch(value) for value in element.values if value):
        yield checks.ILLEGAL_VALUE
    if (
        element.vr == "UI"
        and element.keyword not in STRUCTURAL_UIDS
        and wording.secrets.uids.intersection(element.values)
    ):
        yield checks.ORIGINAL_UID
    for value in element.values:
        if element.path != _METHOD or value != facts.method:  # a word of a profile's name may be somebody's initials
            yield from _leaks(element, value, wording, facts)


def _leaks(element: Element, value: str, wording: Wording, facts: Facts) -> Iterator[str]:
    if identifying(element) and not retained(element, facts.options):
        if value != facts.pseudonym and wording.any_word(value):
            yield checks.IDENTIFIER_IN_ELEMENT
    elif element.vr == "CS" or element.coded:
        if wording.in_code(value):
            yield checks.IDENTIFIER_IN_TEXT
    elif (element.vr in FREE_TEXT and wording.in_text(value)) or (element.vr in _NUMBERS and wording.in_number(value)):
        yield checks.IDENTIFIER_IN_TEXT
    if facts.longitudinal != "UNMODIFIED" and element.vr in _WORDS and not element.coded and wording.dates(value):
        yield checks.DATE_IN_TEXT


def _marks(index: int, written: Sequence[Element], facts: Facts, *, patient: bool) -> Iterator[Problem]:
    top = {element.keyword: element for element in written if not element.parents}

    def value(keyword: str) -> str:
        return top[keyword].values[0] if keyword in top and top[keyword].values else ""

    if value("PatientIdentityRemoved") != "YES":
        yield Problem(checks.MARKS, index, "00120062")
    if not value("DeidentificationMethod") and "DeidentificationMethodCodeSequence" not in top:
        yield Problem(checks.MARKS, index, "00120063")
    if facts.longitudinal not in _TERMS or value("LongitudinalTemporalInformationModified") != facts.longitudinal:
        yield Problem(checks.MARKS, index, "00280303")
    pixels = any(keyword in top for keyword in (*_NESTED_PIXELS, _DOCUMENT))
    if (value("BurnedInAnnotation") == "NO") != pixels:
        yield Problem(checks.MARKS, index, "00280301")
    if value("PatientID") != facts.pseudonym and ("PatientID" in top or patient):
        yield Problem(checks.PSEUDONYM, index, "00100020")
    for keyword, meta in (("SOPClassUID", "MediaStorageSOPClassUID"), ("SOPInstanceUID", "MediaStorageSOPInstanceUID")):
        if not value(keyword) or value(keyword) != value(meta):
            yield Problem(checks.FILE_META, index, f"{top[keyword].tag:08X}" if keyword in top else keyword)
