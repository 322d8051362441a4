"""What the actions D, K, C and U do to the values of one element (PS3.15 Table E.1-1a). X and Z need no values.

A treatment takes the decoded values of an element and returns those that stay. None means that nothing legal remains;
then the step's fallback is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from pydicom.valuerep import format_number_as_ds

from gateway.judge.text import fold
from gateway.records import Identifiers, Instance, Reason, Verdict
from gateway.tags import standard, uids
from gateway.tags.ages import legal_age
from gateway.tags.dates import legal_offset, legal_time, shift_date, shift_datetime
from gateway.tags.descriptors import clean_text
from gateway.tags.mentions import mentions
from gateway.tags.plan import OFFSET_FROM_UTC, Step
from gateway.tags.profile import Profile
from gateway.tags.pseudonyms import Pseudonymizer

TEXT = "DEIDENTIFIED"
# Legal values that stand for any value (D). Binary VRs get one null value.
DUMMIES = {
    "AE": TEXT,
    "AS": "000Y",
    "CS": TEXT,
    "DA": "19000101",
    "DS": "0",
    "DT": "19000101000000",
    "IS": "0",
    "TM": "000000",
    "UR": "urn:deidentified",
}
# Rules for codes that somebody may have typed.
_TYPED = frozenset({"unlisted-typed", "self-declared-private"})
_Change = Callable[[str], str | None]
_CODE = re.compile(r"[A-Z0-9 _]{0,16}")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_LONG_NUMBER = re.compile(r"[+-]?\d{6,}")
# Rules of the judge for persons that misfire on no code or setting (``ISO_10918_1``, ``patient motion``).
_TITLED = frozenset({"person.title", "person.performed_by", "person.labelled_initials"})
_PLACE_WORD = re.compile(r"[^\W\d_]{5,}")
_INTEGER = re.compile(r"([+-]?\d{1,11})(?:\.0*)?")


class Judgement(Protocol):
    """What a judge says of a text."""

    @property
    def verdict(self) -> Verdict:
        """PHI, unsure or technical."""
        ...

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rules that said so; those of the name recogniser begin with ``ner.``."""
        ...


class Judge(Protocol):
    """Who cleans free text. ``gateway.judge`` has the real one."""

    def judge(self, text: str, identifiers: Identifiers) -> Judgement:
        """Judge a text as a whole."""
        ...

    def clean(self, text: str, identifiers: Identifiers) -> tuple[str, tuple[Reason, ...]]:
        """Return the text without its identifying and unknown words, and why they went."""
        ...

    def keep_known(self, text: str, identifiers: Identifiers) -> tuple[str, tuple[Reason, ...]]:
        """Return only the words of the text that stand in the shipped vocabulary, and why the others went."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What de-identifying one instance needs beside its data set and the profile.

    ``descriptors`` is the profile's knob, set by ``apply``.
    """

    identifiers: Identifiers
    pseudonym: str
    shift_days: int
    pseudonymizer: Pseudonymizer
    judge: Judge
    instance: Instance
    descriptors: str = "clean"


def dummy(vr: str, tag: int) -> str:
    """Return the dummy value of a string VR; that of Timezone Offset From UTC has its form, as readers count with it."""
    return "+0000" if tag == OFFSET_FROM_UTC else DUMMIES.get(vr, TEXT)


def tokens(step: Step, values: Sequence[str], context: Context) -> list[str]:
    """Return keyed substitutes, the same for the same original everywhere; empty values stay empty."""
    made = context.pseudonymizer.accession if step.rule == "accession" else context.pseudonymizer.token
    return [made(value) if value else "" for value in values]


def replace_uids(values: Sequence[str], context: Context) -> list[str]:
    """Action U: keyed replacements, the same for the same original everywhere."""
    return [uids.replace(value, context.pseudonymizer) for value in values]


def keep_structural(values: Sequence[str], context: Context) -> list[str]:
    """Keep UIDs that name classes; those without the form of a UID, or with a number of the study in it, are replaced."""
    return [
        uids.replace(value, context.pseudonymizer)
        if _holds_number(value, context, ".")
        else uids.structural(value, context.pseudonymizer)
        for value in values
    ]


def treat(vr: str, step: Step, values: Sequence[str], profile: Profile, context: Context) -> list[str] | None:
    """Keep (K) or clean (C) the values of a string VR; None if nothing legal remains."""
    if vr in {"DA", "TM", "DT"}:
        days = context.shift_days if step.action == "C" else 0
        return _all_or_none(values, _temporal(vr, days))
    if step.tag == OFFSET_FROM_UTC:  # whole days are moved, if at all: the clock stays what it was
        return _all_or_none(values, legal_offset)
    if vr == "AS":
        return _all_or_none(values, partial(legal_age, oldest=profile.knobs.oldest_age))
    if vr in {"DS", "IS"}:
        return _all_or_none(values, partial(_number, vr, context))
    if vr in {"AE", "PN", "UR", "UI"}:
        return _whole(vr, step, values, context)
    return _some([_text(vr, step, value, profile, context) for value in values])


def _whole(vr: str, step: Step, values: Sequence[str], context: Context) -> list[str] | None:
    """Keep values that cannot lose a part; an AE title, often a hospital's name, can be cleaned to a token."""
    if step.action == "C":
        return tokens(step, values, context) if vr == "AE" else None
    if vr == "UI":
        return [uids.structural(value, context.pseudonymizer) for value in values]
    return list(values)


def _temporal(vr: str, days: int) -> _Change:
    if vr == "TM":
        return legal_time
    return partial(shift_date if vr == "DA" else shift_datetime, days=days)


def _number(vr: str, context: Context, value: str) -> str | None:
    """A DS or IS value, unless it is a long number that identifies the study."""
    if _holds_number(value, context):
        return None
    return legal_decimal(value) if vr == "DS" else legal_integer(value)


def _holds_number(value: str, context: Context, joint: str = "\0") -> bool:
    """Whether a whole number, or a component of a UID, is one of the study's own that is too long to be so by chance."""
    parts = [part for part in value.split(joint) if _LONG_NUMBER.fullmatch(part)]
    return bool(parts) and any(mentions(context.identifiers).found_in(part) for part in parts)


def _text(vr: str, step: Step, value: str, profile: Profile, context: Context) -> str:
    if vr == "CS":
        legal = legal_code(value, context)
        return legal if step.rule not in _TYPED or is_technical(legal, context) else ""
    if step.rule == "unlisted-technical" or (step.rule == "safe-private" and step.action == "K"):
        return technical(value, context, step.tag)
    if step.action == "K" and not _holds_more(value, profile, context):
        return value
    return clean_text(value, context)


def _holds_more(value: str, profile: Profile, context: Context) -> bool:
    """Whether a text that an option keeps (an institution, a station) holds what no option of the profile keeps.

    Places that are ordinary words (``Cardiology``) do not count, since an institution may be called so. Where institutions are
    not kept, a single word of a place tells it, too; where they are, a patient may live in the same town.
    """
    own = context.identifiers
    kept = {text for _, text in own.retainable} - {
        text for column, text in own.retainable if column not in profile.columns
    }
    places = frozenset(place for place in own.places - kept if not is_technical(place, context))
    if mentions(Identifiers(own.names, own.ids - kept, own.dates, places)).found_in(value):
        return True
    if "retain_institution_id" in profile.columns:
        return False
    told = {word for place in places for word in _PLACE_WORD.findall(fold(place))}
    return any(word in told and not is_technical(word, context) for word in _PLACE_WORD.findall(fold(value)))


def _all_or_none(values: Sequence[str], change: _Change) -> list[str] | None:
    """Change every value; one that is not legal spoils them all, since the order of values has a meaning."""
    changed = [change(value) if value else "" for value in values]
    return None if None in changed else [value for value in changed if value is not None]


def _some(values: list[str]) -> list[str] | None:
    return values if any(values) else None


def legal_decimal(value: str) -> str | None:
    """Return a DS value of at most 16 characters, None if it is no number."""
    if _DECIMAL.fullmatch(value) is None:
        return None
    if len(value) <= 16:
        return value
    number = float(value)
    return format_number_as_ds(number) if abs(number) < 1e99 else None


def legal_integer(value: str) -> str | None:
    """Return an IS value (32 bits, signed), None if it is no whole number."""
    match = _INTEGER.fullmatch(value)
    if match is None or not -(2**31) <= int(match[1]) < 2**31:
        return None
    return match[1]


def legal_code(value: str, context: Context) -> str:
    """Return a CS value if it is legal and names nobody of the study, else an empty one.

    Devices write codes with hyphens and the like, and a code may be somebody's name too (``BRAIN``): such a value stays
    if the judge, who then does not know the study, finds it technical.
    """
    legal = value.upper()
    if _CODE.fullmatch(legal) and not mentions(context.identifiers).found_in(legal):
        return legal
    if len(value) > 16 or any(char.isdigit() for char in value):
        return ""
    return legal if is_technical(value, context) else ""


def is_technical(value: str, context: Context) -> bool:
    """Whether a value is technical for whoever does not know the study."""
    return context.judge.judge(value, Identifiers()).verdict is Verdict.TECHNICAL


def names_somebody(value: str, context: Context) -> bool:
    """Whether a maker's word (a private creator, a coding scheme) names a person or a hospital, by a rule of the judge.

    The name recogniser alone does not count: it takes makers for people (Sectra, Mitra).
    """
    judged = context.judge.judge(value, Identifiers())
    return judged.verdict is Verdict.PHI and any(not reason.rule.startswith("ner.") for reason in judged.reasons)


def technical(value: str, context: Context, tag: int) -> str:
    """Keep a technical text, unless it holds a value that identifies the study, or a person's title: then clean it.

    Makers may be called as people are (Dr. Sennewald), so of products only the study's own values go.
    """
    if not value:
        return value
    decided = standard.unlisted().get(tag)
    explained = tag >> 16 & 1 or (decided is not None and decided.treatment == "technical")
    own = mentions(context.identifiers).found_in(value)
    return clean_text(value, context) if own or (explained and _titled(value, context)) else value


def _titled(value: str, context: Context) -> bool:
    """Whether a rule of the judge finds a person in a text (``window of Dr Smith``), and not only the recogniser."""
    return any(reason.rule in _TITLED for reason in context.judge.judge(value, Identifiers()).reasons)
