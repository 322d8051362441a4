"""The report of a job: one HTML page for a privacy officer, complete in itself, to read offline, print and sign."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydicom._uid_dict import UID_dictionary
from pydicom.datadict import dictionary_description

from gateway.audit.job_report import HeldItem, JobReport

FOLD_FROM = 12  # longer lists are folded
ACTIONS = {
    "D": ("Dummy", "The value is replaced by a harmless one of the same kind."),
    "Z": ("Zero", "The value is emptied, or replaced by a dummy where the object type needs one."),
    "X": ("Remove", "The element is taken out."),
    "K": (
        "Keep",
        "The element stays: it cannot identify anybody, or the profile's options keep it. Sequences are kept item by item.",
    ),
    "C": (
        "Clean",
        "What identifies is taken out of the value, the rest stays: dates are shifted, texts lose words, pixels are masked.",
    ),
    "U": ("UID", "The unique identifier is replaced by another one, the same wherever it stands."),
}
# What the judge's rules look for, by the first part of their name.
_RULE_FAMILIES = {
    "own": "a value from the study's own header (name, ID, date, place), also misread or written another way",
    "ner": "a name, place, ID, date or age, as the language model reads it",
    "date": "a date",
    "time": "a time of day",
    "id": "an identifying number",
    "person": "a person's name or title",
    "place": "an institution or a place",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "web": "a web or network address",
    "address": "a postal address",
    "postcode": "a postcode",
    "sex": "a patient's sex",
    "age": "a patient's age",
    "age_sex": "a patient's age and sex",
    "barcode": "a bar code or matrix code, whatever it says",
    "recipe": "a place that a recipe masks on such screens, whatever stands there",
    "technical": "a technical text that could not stay where it stands",
    "all text": "any text: the profile keeps markers alone",
}


def render(report: JobReport) -> str:
    """Return the page. Every value is escaped, and nothing is loaded from elsewhere: no script, font, style or picture."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "number": lambda value: f"{value:,}",
        "place": place,
        "words": words,
        "moment": lambda at: at.replace("T", " ").removesuffix("Z") + " UTC",
        "looks_for": looks_for,
        "sop_class": sop_class,
    }
    totals = {action: sum(use.elements for use in report.rules if use.action == action) for action in ACTIONS}
    return environment.get_template("report.html.j2").render(
        r=report,
        verdict=verdict(report),
        held=_by_code(report.held),
        actions=ACTIONS,
        totals={action: elements for action, elements in totals.items() if elements},
        fold_from=FOLD_FROM,
    )


def verdict(report: JobReport) -> tuple[str, str, str]:
    """The headline: its tone (``good``, ``held`` or ``bad``), one sentence, and what follows from it."""
    counts = report.counts
    if not report.ledger.ok:
        return "bad", "The ledger does not verify: do not rely on this report.", report.ledger.message
    if not counts.add_up:
        return "bad", "Files are unaccounted for: do not rely on this report.", "The counts below do not add up."
    studies = f"{counts.studies_released:,} of {counts.studies:,} {'study' if counts.studies == 1 else 'studies'}"
    if not counts.quarantined:
        return "good", f"Complete: {studies} released, nothing is held.", "Every file received is accounted for."
    waiting = f"{len(report.held):,} {'item waits' if len(report.held) == 1 else 'items wait'} for a decision"
    files = f"{counts.quarantined:,} {'file' if counts.quarantined == 1 else 'files'}"
    return (
        "held",
        f"{studies} released; {waiting}.",
        f"{files} did not leave the hospital side. Every file received is accounted for.",
    )


def place(path: str) -> str:
    """A place in words: tags of a path with their names; anything else as it is."""
    if not re.fullmatch(r"[0-9A-Fa-f]{8}(/[0-9A-Fa-f]{8})*", path):
        return path
    return " › ".join(f"({tag[:4]},{tag[4:]}) {_name(int(tag, 16))}".rstrip() for tag in path.split("/"))  # noqa: RUF001  # the sign for "inside"


def _name(tag: int) -> str:
    try:
        return dictionary_description(tag)
    except KeyError:
        return ""


def words(keyword: str) -> str:
    """A keyword of DICOM in words: ``CleanPixelDataOption`` becomes ``Clean Pixel Data Option``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", keyword)


def looks_for(rule: str) -> str:
    """What a rule of the judge looks for, in words. Rules without a family are those by which the judge is unsure."""
    return _RULE_FAMILIES.get(rule.partition(".")[0], "something that could not be ruled out to identify somebody")


def sop_class(uid: str) -> str:
    """A SOP Class in words; one that DICOM did not register is not named, for its UID may be anything."""
    name = UID_dictionary[uid][0] if uid in UID_dictionary else ""
    return name.removesuffix(" Storage") or "objects of an unregistered class"


def _by_code(items: Iterable[HeldItem]) -> list[tuple[str, list[HeldItem]]]:
    ordered = sorted(items, key=lambda item: (item.code, item.item))
    return [(code, list(group)) for code, group in groupby(ordered, key=lambda item: item.code)]
