"""The rules that a profile is made of. Each rule says in one sentence what it does; reports and documents print that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_for_tag

from gateway.tags import standard
from gateway.tags.choices import PIXELS

if TYPE_CHECKING:  # at run time it imports what imports this module
    from gateway.tags.plan import Step

_PHRASES: Mapping[str, str] = {
    "X": "is removed",
    "Z": "is emptied",
    "D": "is replaced by a dummy value",
    "K": "is kept if it is legal; sequences are kept item by item, each under these rules",
    "C": "is cleaned: it loses its identifying and unknown words",
    "U": "is replaced by a UID made with the site's secret key, the same wherever the original stands",
    "U*": "keeps its references, with replaced UIDs",
}
_KEYED = "is replaced by a token made with the site's secret key, the same wherever the original stands"
# What C means for values that are no text.
_CLEANED: Mapping[str, str] = {
    "AE": _KEYED,
    "DA": "is shifted by the patient's secret number of days",
    "DT": "is shifted by the patient's secret number of days",
    "TM": "is kept if it is legal",
    "SQ": "is cleaned item by item, each under these rules",
}
# What D and U mean for sequences.
_SEQUENCES: Mapping[str, str] = {
    "D": "keeps its items, each under these rules, with dummies for codes",
    "U": _PHRASES["U*"],
}
_COLUMNS: Mapping[str, str] = {
    "basic": "Basic Profile",
    "retain_long_full": "Retain Longitudinal Temporal Information Full Dates Option",
    "retain_long_modified": "Retain Longitudinal Temporal Information Modified Dates Option",
    "retain_patient_chars": "Retain Patient Characteristics Option",
    "retain_device_id": "Retain Device Identity Option",
    "retain_institution_id": "Retain Institution Identity Option",
    "clean_descriptors": "Clean Descriptors Option",
    "clean_structured": "Clean Structured Content Option",
    "clean_graphics": "Clean Graphics Option",
    "retain_uids": "Retain UIDs Option",
    "retain_safe_private": "Retain Safe Private Option",
}
_CONTENT = f"{standard.CONTENT_SEQUENCE:08X}"


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
        phrase = ", or ".join(_phrase(choice, self.tag) for choice in choices)
        weakest = ": the weakest that keeps the instance legal in its IOD" if len(choices) > 1 else ""
        return f"{self.keyword} {phrase}{weakest} ({self.source})."


def _phrase(action: str, tag: str) -> str:
    attribute = standard.attribute(int(tag, 16)) if is_tag(tag) else None
    vr = attribute.vr if attribute else ""
    special = _CLEANED.get(vr) if action == "C" else _SEQUENCES.get(action) if vr == "SQ" else None
    return special or _PHRASES[action]


def table_rule(edition: str, row: Mapping[str, str], columns: Sequence[str]) -> Rule:
    """Return the rule of a row of Table E.1-1: a non-empty option cell replaces the basic action; C wins over K.

    The two actions meet in one place only, dates of calibration (device identity K, modified dates C): a date that is kept
    beside dates that are shifted would tell by how much, and a shifted one still tells how old the calibration is.
    """
    cells = sorted((row[column], column) for column in columns if row[column])
    option, column = cells[0] if cells else ("", "basic")
    tag = row["tag"]
    keyword = (keyword_for_tag(int(tag, 16)) if is_tag(tag) else "") or row["name"]
    basic = _basic(tag, row["basic"])
    source = f"PS3.15 Table E.1-1 {edition}, {_COLUMNS[column]}"
    text = ""
    if tag == _CONTENT:
        text = f"{keyword} keeps its items, each treated as PS3.15 Table E.3.4-1 asks for its concept ({source})."
    return Rule(f"{column}:{keyword}", tag, keyword, option or basic, basic, option, source, text)


def _basic(tag: str, cell: str) -> str:
    """Return the basic action. Edition 2008 says only: remove it, or replace it, keeping the IOD valid (P).

    A content tree is its own dummy in every edition, also where one says X (docs/decisions/011-structured-content.md).
    """
    if tag == _CONTENT:
        return "D"
    if cell != "P":
        return cell
    attribute = standard.attribute(int(tag, 16))
    return "U" if attribute and attribute.vr == "UI" else "X/Z/D"


def resolved(rule: Rule, step: Step, sop_class: str) -> str:
    """Return what a rule does at the top level of a SOP Class's instances, and because of which type (PS3.3).

    ``sop_class`` is its name, empty if it is not known.
    """
    if rule.text:
        return rule.text
    phrase = _KEYED if step.keyed and step.action == "D" else _phrase(step.action, rule.tag)
    why = "" if step.action in {rule.action, "U"} else f", because {_why(step, sop_class)}"
    if step.action in "KC" and step.vr != "SQ":
        why = f"; if nothing of it may stay, it {_PHRASES[step.fallback]}"
    return f"{rule.keyword} {phrase}{why} ({rule.source})."


def _why(step: Step, sop_class: str) -> str:
    if not step.type:
        return "its type is not known here"
    return (
        f"it is type {step.type} in {sop_class}"
        if sop_class
        else f"type {step.type} is the strictest that any IOD gives it"
    )


def is_tag(text: str) -> bool:
    """Whether a rule's ``tag`` names one attribute: 8 hex digits, no pattern."""
    return len(text) == 8 and all(digit in "0123456789ABCDEF" for digit in text)


@cache
def pixel_rule(choice: str) -> Rule:
    """Return the rule about text in pixels, by the profile's knob ``pixels``."""
    return Rule(f"pixels.{choice}", "", "", "C", "C", "", "the gateway", PIXELS[choice])


@cache
def general_rules() -> tuple[Rule, ...]:
    """Return the rules about kinds of elements, which hold where Table E.1-1 names no attribute."""
    return tuple(
        Rule(row["id"], "", "", row["action"], row["action"], "", "the gateway", row["sentence"])
        for row in standard.read("general_rules.csv")
    )
