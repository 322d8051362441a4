"""What a profile can choose: an edition's options (PS3.15 E.2, E.3; PS3.16 CID 7050) and the gateway's own knobs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from gateway.tags import standard

# Always done; a profile that leaves one out claims less than the gateway does.
REQUIRED = ("BasicApplicationConfidentialityProfile", "CleanPixelDataOption")
FULL_DATES = "RetainLongitudinalTemporalInformationFullDatesOption"
MODIFIED_DATES = "RetainLongitudinalTemporalInformationModifiedDatesOption"
CLEAN_DESCRIPTORS = "CleanDescriptorsOption"
RETAIN_UIDS = "RetainUidsOption"
SAFE_PRIVATE = "RetainSafePrivateOption"
# Options by their columns in Table E.1-1.
COLUMNS: Mapping[str, str] = {
    FULL_DATES: "retain_long_full",
    MODIFIED_DATES: "retain_long_modified",
    "RetainPatientCharacteristicsOption": "retain_patient_chars",
    "RetainDeviceIdentityOption": "retain_device_id",
    "RetainInstitutionIdentityOption": "retain_institution_id",
    CLEAN_DESCRIPTORS: "clean_descriptors",
    "CleanStructuredContentOption": "clean_structured",
    "CleanGraphicsOption": "clean_graphics",
    RETAIN_UIDS: "retain_uids",
    SAFE_PRIVATE: "retain_safe_private",
}
# Options that the gateway carries out and that have no column: they are about pixels only.
WITHOUT_COLUMN = ("CleanRecognizableVisualFeaturesOption",)
OPTIONS = (*REQUIRED, *COLUMNS, *WITHOUT_COLUMN)
_BEFORE_OPTIONS = "2008"
_SINCE = {"RetainInstitutionIdentityOption": "2017d"}

CHOICES: Mapping[str, tuple[str, ...]] = {
    "descriptors": ("clean", "keep-known-words"),
    "private": ("safe", "safe-numeric"),
    "documents": ("hold", "replace", "clean"),
    "accession": ("table", "numeric"),
    "pixels": ("phi", "text", "regions"),
}
# Engines that read the text in pixels, in the order in which several read (gateway/pixels/readers).
READERS = ("rapidocr", "easyocr")
# What each choice of ``pixels`` does, in a sentence.
PIXELS: Mapping[str, str] = {
    "phi": "Text in pixels is read; what identifies somebody, and what may, is masked (PS3.15 E.3.1).",
    "text": "All text in pixels is masked, read or not, but the side markers and views of profiles/vocabulary/markers.txt.",
    "regions": "The regions that recipes name are masked and nothing else; a study with text outside them that identifies "
    "somebody, or may, is held.",
}


@dataclass(frozen=True, slots=True)
class Knobs:
    """What a profile settles beyond the standard's options.

    Ages of ``oldest_age`` years and more are written as that age. ``descriptors``: free text loses its identifying and
    unknown words (``clean``), or keeps the shipped vocabulary's words only (``keep-known-words``). ``private``: which safe
    private elements Retain Safe Private keeps, all or those of numeric VRs. ``documents``: what becomes of encapsulated
    documents. ``accession``: ``numeric`` gives each order a keyed accession number of 11 digits instead of what
    Table E.1-1 asks for. ``pixels``: which text in pixels is masked: what identifies or may (``phi``), all of it but markers
    (``text``), or what stands in the regions that recipes name (``regions``). ``readers``: the engines that read it, one or
    more of :data:`READERS` in their order, with a comma between them; what any of them finds counts.
    """

    oldest_age: int = 90
    descriptors: str = "clean"
    private: str = "safe"
    documents: str = "hold"
    accession: str = "table"
    pixels: str = "phi"
    readers: str = READERS[0]


def read_by(said: Iterable[object]) -> str:
    """Return the readers of a list as the knob holds them; empty if there are none, or one is not known."""
    named = set(said)
    return ", ".join(name for name in READERS if name in named) if named.issubset(READERS) else ""


def code_of(option: str) -> Code:
    """Return the code of an option, by its keyword in CID 7050."""
    code: Code = getattr(codes.cid7050, option)
    return code


def columns(options: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of Table E.1-1 (and E.3.4-1) that count under these options."""
    return tuple(COLUMNS[option] for option in options if option in COLUMNS)


def lacking(option: str, edition: str) -> str:
    """Return why an edition has no such option; empty if it has."""
    if option in REQUIRED or _has(option, edition):
        return ""
    later = next(name for name in standard.editions() if _has(option, name))
    return (
        f"edition {edition} has no {code_of(option).meaning}, it came with {_SINCE.get(option, '2011')}; "
        f"choose edition {later} or a later one, or leave the option out"
    )


def _has(option: str, edition: str) -> bool:
    column = COLUMNS.get(option)
    if column is None:
        return edition != _BEFORE_OPTIONS
    return any(row[column] for row in standard.edition(edition).rows.values())


def meant(text: str) -> str:
    """Return the keyword of the option that somebody meant: its code, its long name, or a misspelt keyword; empty if none."""
    named = {name: name for name in OPTIONS}
    named |= {code_of(name).value: name for name in OPTIONS}
    named |= {_letters(code_of(name).meaning): name for name in OPTIONS}
    exact = named.get(text.strip()) or named.get(_letters(text))
    if exact:
        return exact
    return near(text, OPTIONS)


def near(text: str, known: Iterable[str]) -> str:
    """Return the one of ``known`` that ``text`` looks most like; empty if none does."""
    folded = {_letters(word): word for word in known}
    found = difflib.get_close_matches(_letters(text), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
