"""Structured content (PS3.15 E.3.4): which content items of an SR, KO or the like stay, and how their values are treated.

Table E.1-1 gives Content Sequence the action D. Dropping the tree, or all its values, would make every report and key
object worthless; so the dummy that stands for the tree is the tree itself, with Table E.3.4-1 applied to its items
(docs/decisions/011-structured-content.md). The same holds for the items of Acquisition Context and of Specimen Preparation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pydicom.dataset import Dataset

from gateway.records import Identifiers, Verdict
from gateway.tags import standard, values
from gateway.tags.actions import Context, treat
from gateway.tags.codes import VALUE, Code
from gateway.tags.labels import clean_label
from gateway.tags.meanings import key, plain
from gateway.tags.plan import Step
from gateway.tags.profile import Profile
from gateway.tags.wording import said_of_patient, says_age

VALUE_TYPE = 0x0040A040
CONCEPT_NAME = 0x0040A043
CONCEPT_CODE = 0x0040A168
MEASURED_VALUE = 0x0040A300
TEXT_VALUE = 0x0040A160
UNFORMATTED_TEXT = 0x00700006
BY_REFERENCE = 0x0040DB73
# Sequences whose items are content items (PS3.3 10.2, 10.3): of reports, of acquisition and protocol context, of specimens.
SEQUENCES = frozenset({standard.CONTENT_SEQUENCE, 0x00400555, 0x00400440, 0x00400441, 0x00400612, 0x00400620})
# Of these an item may go; the others need what they hold (type 1), so its value becomes a dummy.
SHORTER = frozenset({standard.CONTENT_SEQUENCE, 0x00400555})
# The values of a content item that become dummies: text, date and time, date, time, name of a person.
VALUES = frozenset({TEXT_VALUE, 0x0040A120, 0x0040A121, 0x0040A122, 0x0040A123})
# Annotations that an option cleans, and what happens to their Unformatted Text Value if nothing remains of it.
ANNOTATIONS = {0x00700001: "X", 0x0040B020: "D"}
_NUMERIC_VALUE, _UNITS = 0x0040A30A, 0x004008EA
_OTHER_NUMBERS = frozenset({0x0040A161, 0x0040A162, 0x0040A163})  # the same number as floating point or as a fraction
_FIRST_TABLE = "2019c"
_OF = frozenset({"name", "names", "id", "identifier", "number"})  # of whom or what, the word before says
_FIELD = 64  # characters: a longer text is prose, and judged by its own words
# References and geometry carry nothing but UIDs, which are replaced, and numbers.
_STAYS = frozenset({"IMAGE", "COMPOSITE", "WAVEFORM", "UIDREF", "SCOORD", "SCOORD3D", "TCOORD", "TABLE"})
# A concept that is listed for a text says nothing about its coded or numeric form, unless it says who or which one.
_CODED = frozenset({"CODE", "NUM", "CONTAINER"})
_WHO = frozenset({"TEXT", "PNAME", "DATE"})
# What a concept says by our own list or in words, as the concept of Table E.3.4-1 that says the same.
_LIKE = {
    "age": ("DCM", "121033"),
    "sex": ("DCM", "121032"),
    "name": ("DCM", "121029"),
    "id": ("DCM", "121030"),
    "birth": ("DCM", "121031"),
}
_WHOLE = re.compile(r"\d{1,9}")
_YEARS = {"a": 1.0, "mo": 1 / 12, "wk": 7 / 365.25, "d": 1 / 365.25, "h": 1 / 8766, "min": 1 / 525960}


@dataclass(frozen=True, slots=True)
class Item:
    """What happens to a content item.

    ``action``: K (each element under its own rule), D (its values become dummies) or X (it goes). ``text``: how its text is
    treated: ``clean``, ``keep`` (an option retains it), ``technical`` or ``label``. ``age``: it says how old somebody is.
    ``meaning``: of a concept that the table does not list, the context in which its text is judged.
    """

    action: str = "K"
    text: str = "clean"
    age: bool = False
    meaning: str = ""

    @property
    def hidden(self) -> bool:
        """Whether its values become dummies: as it is to be, or where it should go and must keep its place."""
        return self.action in "DX"


PLAIN = Item()


def item(value_type: str, concept: Code | None, profile: Profile) -> Item:
    """Return what happens to a content item.

    Where Table E.3.4-1 does not list the concept, names of persons go and everything else is judged by its elements.
    """
    meaning = concept.meaning if concept else ""
    if value_type in _STAYS:
        return PLAIN
    own = _own().get(key(concept.scheme, concept.value), "") if concept else ""
    age = value_type in {"NUM", "TEXT"} and (own == "age" or says_age(meaning))
    text = own if own in {"technical", "label"} else "clean"
    rows = _rows(concept, value_type, own, profile.edition)
    if not rows:
        return Item("X" if value_type == "PNAME" else "K", text, age, meaning if value_type == "TEXT" else "")
    cells = {row.get(column) or "" for row in rows for column in profile.columns} - {""}
    if cells:
        return Item("K", "keep" if cells == {"K"} else text, age)
    return Item("X" if any(row["basic"] == "X" for row in rows) else "D", text, age)


def treat_text(
    step: Step, texts: Sequence[str], said: Item, profile: Profile, context: Context
) -> tuple[list[str] | None, str]:
    """Return what stays of the text of a content item (None: nothing with a meaning), and the rule that said so."""
    if said.text == "label":
        return [clean_label("UT", text, context) for text in texts], "label"
    if said.text == "technical":
        step = replace(step, action="K", rule="unlisted-technical")
        return treat("UT", step, texts, profile, context), step.rule
    if said.age and any(int(number) >= profile.knobs.oldest_age for text in texts for number in _WHOLE.findall(text)):
        return None, "content-age"
    if said.text == "keep":
        return treat("UT", replace(step, action="K", rule="content-item"), texts, profile, context), "content-item"
    if max(map(len, texts)) <= _FIELD and _is_a_person(said.meaning, context):
        return None, "content-item"
    return treat("UT", step, texts, profile, context), step.rule


def _is_a_person(meaning: str, context: Context) -> bool:
    """Whether the value of a concept is somebody, by the last word of its meaning: ``Examining physician``, ``Operator name``."""
    words = meaning.split()
    while len(words) > 1 and words[-1].casefold() in _OF:
        words.pop()
    label = " ".join(words[-2:] if words[-1:] == ["by"] else words[-1:])
    return bool(label) and context.judge.judge(f"{label}: normal", Identifiers()).verdict is Verdict.PHI


def cap_age(item: Dataset, oldest: int, *, implicit: bool) -> bool:
    """Write the ages of the oldest in a cleaned content item as the oldest age; whether there were any.

    The unit is a UCUM code (PS3.16 CID 7456); a number without one counts as years.
    """
    capped = False
    for measured in item[MEASURED_VALUE].value if MEASURED_VALUE in item else ():
        units = measured[_UNITS].value if _UNITS in measured else ()
        years = _YEARS.get(_string(units[0], VALUE) if units else "", 1.0)
        number = _string(measured, _NUMERIC_VALUE)
        if number and float(number) * years >= oldest:
            for tag in _OTHER_NUMBERS & set(measured.keys()):
                del measured[tag]
            text = values.join([f"{oldest / years:.0f}"], "DS")
            measured[_NUMERIC_VALUE] = values.raw(_NUMERIC_VALUE, "DS", text, implicit=implicit)
            capped = True
    return capped


def _string(dataset: Dataset, tag: int) -> str:
    """Return the first value of a text element of a cleaned data set, empty if it has none."""
    if tag not in dataset:
        return ""
    return values.split(values.content(dataset.get_item(tag), "LO"), "LO", values.UTF8)[0]


def _rows(concept: Code | None, value_type: str, own: str, edition: str) -> Sequence[Mapping[str, str]]:
    """Return the rows for a concept; if its item has another value type than the table says, those of that type.

    A concept of a private scheme that means the same as a listed one is that one, and one that no table knows is what its
    words say of the patient. Editions before 2019c had no such table: then its first one counts, which is our own reading.
    """
    if concept is None:
        return ()
    found = _table().get(_LIKE.get(own) or key(concept.scheme, concept.value), ())
    if not found and not concept.public:
        found = _meanings().get(plain(concept.meaning), ())
    if not found and not own:
        found = _table().get(_LIKE.get(said_of_patient(concept.meaning, value_type), ("", "")), ())
    edition = max(edition, _FIRST_TABLE)
    rows = [row for row in found if row["first_edition"] <= edition <= row["last_edition"]]
    alike = [row for row in rows if row["value_type"] == value_type]
    if alike or value_type not in _CODED:
        return alike or rows
    numbered = value_type != "CONTAINER" and own != "label"
    return [row for row in rows if numbered and row["value_type"] in _WHO and not _described(row)]


def _described(row: Mapping[str, str]) -> bool:
    """Whether a concept describes something or tells a day, which options treat: a number under it is another thing."""
    return any(row[column] for column in ("clean_descriptors", "retain_long_full", "retain_patient_chars"))


@cache
def _table() -> Mapping[tuple[str, str], Sequence[Mapping[str, str]]]:
    return {(scheme.upper(), value): rows for (scheme, value), rows in standard.concepts().items()}


@cache
def _meanings() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return the rows by what their concepts mean; where two concepts mean the same, those of both."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for rows in standard.concepts().values():
        for row in rows:
            found.setdefault(plain(row["meaning"]), []).append(row)
    return found


@cache
def _own() -> Mapping[tuple[str, str], str]:
    """Return the project's own treatments of concepts: age, sex, label or technical (profiles/standard/sr_own.csv)."""
    return {(row["scheme"].upper(), row["code"]): row["treatment"] for row in standard.read("sr_own.csv")}
