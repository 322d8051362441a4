"""The rules that a profile is made of. Each rule says in one sentence what it does; reports and documents print that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_for_tag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PHRASES: Mapping[str, str] = {
    "X": "is removed",
    "Z": "is emptied",
    "D": "is replaced by a dummy value",
    "K": "is kept if it is legal; sequences are kept item by item, each under these rules",
    "C": "is cleaned: dates are shifted, text loses its identifying and unknown words",
    "U": "is replaced by a UID made with the site's secret key, the same wherever the original stands",
    "U*": "keeps its references, with replaced UIDs",
}
_COLUMNS: Mapping[str, str] = {
    "basic": "Basic Profile",
    "retain_long_full": "Retain Longitudinal Temporal Information Full Dates Option",
    "retain_long_modified": "Retain Longitudinal Temporal Information Modified Dates Option",
    "retain_patient_chars": "Retain Patient Characteristics Option",
    "retain_device_id": "Retain Device Identity Option",
    "retain_institution_id": "Retain Institution Identity Option",
    "clean_descriptors": "Clean Descriptors Option",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a profile.

    ``tag`` is 8 hex digits, a pattern with ``x``, or empty for rules about a kind of element. ``action`` is what it
    asks for (may be composite: ``X/Z/D``), ``basic`` what stands behind an option when nothing legal remains,
    ``option`` the option's action or empty. ``source`` says whose rule it is.
    """

    id: str
    tag: str
    keyword: str
    action: str
    basic: str
    option: str
    source: str
    text: str = ""

    @property
    def sentence(self) -> str:
        """What the rule does, in one sentence."""
        if self.text:
            return self.text
        choices = self.action.split("/")
        phrase = ", or ".join(_PHRASES[choice] for choice in choices)
        weakest = ": the weakest that keeps the instance legal in its IOD" if len(choices) > 1 else ""
        return f"{self.keyword} {phrase}{weakest} ({self.source})."


def table_rule(edition: str, row: Mapping[str, str], columns: Sequence[str]) -> Rule:
    """Return the rule of a row of Table E.1-1: a non-empty option cell replaces the basic action; C wins over K."""
    cells = sorted((row[column], column) for column in columns if row[column])
    option, column = cells[0] if cells else ("", "basic")
    tag = row["tag"]
    keyword = (keyword_for_tag(int(tag, 16)) if _is_tag(tag) else "") or row["name"]
    source = f"PS3.15 Table E.1-1 {edition}, {_COLUMNS[column]}"
    return Rule(f"{column}:{keyword}", tag, keyword, option or row["basic"], row["basic"], option, source)


def _is_tag(text: str) -> bool:
    return len(text) == 8 and all(digit in "0123456789ABCDEF" for digit in text)


def _general(rule_id: str, action: str, sentence: str) -> Rule:
    return Rule(rule_id, "", "", action, action, "", "the gateway", sentence)


# Rules about kinds of elements, where Table E.1-1 names none.
GENERAL: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        _general("pseudonym", "D", "Patient's Name and Patient ID are replaced by the patient's pseudonym."),
        _general("private", "X", "Private elements are removed (PS3.15 E.3.10)."),
        _general("unknown", "X", "Elements that the data dictionary does not know are removed."),
        _general("misplaced", "X", "Elements of the command, file meta, directory and padding groups are removed from data sets."),
        _general("group-length", "X", "Group Lengths are removed; they are retired and no longer true."),
        _general("curves-and-overlays", "X", "Curves (group 50xx) and overlays (group 60xx) are removed whole."),
        _general("unreadable", "X", "Elements whose value cannot be parsed as their VR asks are removed."),
        _general("unlisted-number", "K", "Numbers that Table E.1-1 does not list are kept if they are legal, else removed."),
        _general("unlisted-code", "K", "Code strings that Table E.1-1 does not list are kept if they are legal and name nobody of the study."),
        _general("unlisted-text", "C", "Text that Table E.1-1 does not list loses its identifying and unknown words."),
        _general("unlisted-technical", "K", "Technical text (profiles/standard/unlisted.csv) is kept unless it holds a value that identifies the study."),
        _general("unlisted-binary", "K", "Pixels, lookup tables, waveforms, geometry and the like (profiles/standard/unlisted.csv) are kept."),
        _general("unlisted-opaque", "X", "Binary values that are not known to be harmless are removed."),
        _general("unlisted-identifying", "X", "Attributes that identify somebody or something (profiles/standard/unlisted.csv) are removed."),
        _general("unlisted-name", "X", "Names of persons that Table E.1-1 does not list are removed."),
        _general("unlisted-address", "X", "AE titles, URLs and URIs that Table E.1-1 does not list are removed."),
        _general("unlisted-date", "C", "Dates and times that Table E.1-1 does not list are shifted, or replaced by a dummy where the profile shifts none."),
        _general("unlisted-sequence", "K", "Sequences that Table E.1-1 does not list are kept item by item, each under these rules."),
        _general("unlisted-uid", "U", "UIDs that Table E.1-1 does not list are replaced by keyed ones."),
        _general("structural-uid", "K", "UIDs of SOP Classes, transfer syntaxes and coding schemes, and those that DICOM itself registered, are kept."),
        _general("coded", "C", "Codes of public coding schemes are kept unless their meaning names somebody of the study; meanings of private codes are cleaned."),
        _general("content-item", "X", "Content items that name persons, orders or devices are removed or get a dummy (PS3.15 Table E.3.4-1)."),
        _general("excess", "X", "Values beyond the greatest number that the data dictionary allows are cut off."),
        _general("charset", "C", "Text is decoded and written again as UTF-8, without control characters or what could not be decoded."),
        _general("file-meta", "X", "File meta information is written anew and the preamble is zeroed (PS3.15 E.1.1)."),
        _general("missing-uid", "U", "A Study, Series or SOP Instance UID that is missing is added."),
        _general("marks", "D", "The instance is marked as de-identified: Patient Identity Removed, De-identification Method and its codes."),
    )
}  # fmt: skip
