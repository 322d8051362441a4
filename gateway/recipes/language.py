"""Reads a recipe strictly, line by line, before deid does: what deid would skip or take otherwise is a fault with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pydicom.datadict import tag_for_keyword

from gateway.recipes.attributes import (
    fault_of_field,
    fault_of_name,
    fault_of_pattern,
    fault_of_value,
    named,
    several,
    vr_of,
)

VALUED = ("contains", "notcontains", "equals", "notequals")
BARE = ("missing", "present", "empty")
ACTIONS = ("ADD", "BLANK", "JITTER", "KEEP", "REMOVE", "REPLACE")
REJECT = ("reject", "blacklist")
ACCEPT = "accept"
PROFILE = "profile."
_Line = Callable[["Reading", int, str], Iterator[str]]
NAME = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_LABEL = re.compile(r"[ -~]{1,80}")
_BOX = re.compile(r"(ctp)?coordinates\s+(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})", re.IGNORECASE)
_DAYS = re.compile(r"[+-]?\d{1,5}")


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """A line of ``%header``. ``value`` is empty where the action takes none."""

    line: int
    action: str
    field: str
    value: str = ""


@dataclass(slots=True)
class Entry:
    """A LABEL of ``%filter GROUP``: its conditions and boxes (left, top, right, bottom) with their lines."""

    line: int
    group: str
    label: str
    conditions: int = 0
    boxes: list[tuple[int, int, int, int]] = field(default_factory=list)
    keywords: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Reading:
    """What stands in a recipe, and its faults: the line and a sentence with the remedy."""

    header: list[HeaderRule] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lists: dict[str, list[str]] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)


def read(text: str) -> Reading:
    """Read a recipe. It can be carried out if ``faults`` is empty."""
    found = Reading()
    read_line: _Line | None = None
    for number, line in enumerate((line.strip() for line in text.splitlines()), 1):
        if not line or line.startswith("#"):
            continue
        if line.upper().startswith("FORMAT"):
            said = [] if re.fullmatch(r"FORMAT\s+dicom", line) else ["write `FORMAT dicom`"]
        elif line.startswith("%"):
            section = _section(found, line.split("#", 1)[0].split())
            read_line = _skip if isinstance(section, str) else section
            said = [section] if isinstance(section, str) else []
        elif "#" in line:
            said = ["deid takes what stands behind # as part of the rule; put the comment on a line of its own"]
        elif read_line is None:
            said = ["this line belongs to no section; begin with %header, %fields NAME or %filter NAME"]
        else:
            said = list(read_line(found, number, line))
        found.faults += [(number, fault) for fault in said]
    found.faults += _whole(found, text)
    return found


def _skip(_found: Reading, _number: int, _line: str) -> Iterator[str]:
    """Say nothing of the lines below a heading that is wrong itself."""
    yield from ()


def _section(found: Reading, words: list[str]) -> _Line | str:
    """Return the reader of a section's lines, or what is wrong with its heading."""
    kind, names = words[0].lower(), words[1:]
    if kind == "%header":
        return "%header has no name" if names else _header_line
    if kind not in ("%filter", "%fields"):
        return f"the gateway carries out %header, %fields NAME and %filter NAME, and not {words[0]}"
    if len(names) != 1 or not NAME.fullmatch(names[0]):
        return f"give {kind} one name of letters, digits and the marks . _ -"
    if names[0].lower() == "whitelist":
        return "nothing is spared from reading; name the filter accept if only what it matches may pass"
    return _list_line(found.lists.setdefault(names[0], [])) if kind == "%fields" else _filter_line(names[0])


def _list_line(fields: list[str]) -> _Line:
    def read_line(_found: Reading, _number: int, line: str) -> Iterator[str]:
        words = line.split()
        if len(words) != 2 or words[0] != "FIELD":
            yield "a list holds lines `FIELD <attribute or expander>`"
        elif fault := fault_of_field(words[1], frozenset(), single=False):
            yield fault
        else:
            fields.append(words[1])

    return read_line


def _header_line(found: Reading, number: int, line: str) -> Iterator[str]:
    action, *words = line.split()
    value = " ".join(words[1:])
    if action not in ACTIONS or not words:
        yield f"a header rule is one of {', '.join(ACTIONS)} (in capitals) and an attribute"
        return
    single = action in ("ADD", "REPLACE") or (action == "JITTER" and not words[0].startswith("select:"))
    if fault := fault_of_field(words[0], frozenset(found.lists), single=single):
        yield fault
        return
    if re.match(r"(var|func|deid_func):", value):
        yield "a recipe calls no code (var:, func:, deid_func:); write a fixed value"
    elif action == "ADD" and "__" in words[0]:
        yield "ADD adds at the top level of the data set; name the attribute alone"
    elif action in ("ADD", "REPLACE"):
        fault = fault_of_value(named(words[0]) or 0, value) if value else "a value must follow the attribute"
        yield from [fault] if fault else []
    elif action == "JITTER":
        yield from _faults_of_jitter(words[0], value)
    elif value:
        yield f"{action} takes an attribute and nothing else"
    found.header.append(HeaderRule(number, action, words[0], value))


def _faults_of_jitter(expression: str, value: str) -> Iterator[str]:
    if expression != "select:VR:DA" and vr_of(named(expression) or 0) != "DA":
        yield "JITTER moves dates only: name an attribute of VR DA, or all of them by select:VR:DA"
    if not _DAYS.fullmatch(value):
        yield "JITTER takes a number of days"


def _filter_line(group: str) -> _Line:
    def read_line(found: Reading, number: int, line: str) -> Iterator[str]:
        if line.upper().startswith("LABEL"):
            label = line[5:].strip()
            if not line.startswith("LABEL ") or not _LABEL.fullmatch(label):
                yield "write `LABEL` and a name of at most 80 printable ASCII characters"
            found.entries.append(Entry(number, group, label))
        elif not found.entries or found.entries[-1].group != group:
            yield "an entry of a filter begins with `LABEL <name>`"
        elif "coordinates" in line.lower().split()[0]:
            yield from _coordinates(found.entries[-1], line)
        else:
            yield from _conditions(found.entries[-1], line)

    return read_line


def _coordinates(entry: Entry, line: str) -> Iterator[str]:
    match = _BOX.fullmatch(line)
    if entry.group.lower() in (*REJECT, ACCEPT) or entry.group.startswith(PROFILE):
        yield f"a filter named {entry.group} masks nothing; put coordinates into a filter of another name"
    elif "keep" in line.lower().split()[0]:
        yield "what is not masked is read and judged in any case; take the line out"
    elif match is None:
        yield "write `coordinates xmin,ymin,xmax,ymax` or `ctpcoordinates left,top,width,height`, whole numbers of pixels"
    else:
        left, top, right, bottom = (int(number) for number in match.groups()[1:])
        box = (left, top, left + right, top + bottom) if match[1] else (left, top, right, bottom)
        if box[2] <= box[0] or box[3] <= box[1]:
            yield "the box is empty: right and bottom must lie beyond left and top"
        entry.boxes.append(box)


def _conditions(entry: Entry, line: str) -> Iterator[str]:
    """Check the conditions of one line; deid joins lines by `and`, conditions within a line by + and ||."""
    if line.startswith("||"):
        yield "deid joins lines by `and` whatever they begin with; write `A || B` on one line"
        return
    parts = re.split(
        r"\s(?:\+|\|\|)\s+(?=(?:not)?(?:contains|equals)\s|(?:missing|present|empty)\s)", line.removeprefix("+")
    )
    words = [part.split(maxsplit=2) for part in parts]
    for word in words:
        yield from _condition(entry, word)
    if any(first[0].lower() in BARE and second[0].lower() in VALUED for first, second in pairwise(words)):
        yield "deid loses a value that stands behind missing, present or empty; write that condition last or on its own line"
    entry.conditions += len(words)


def _condition(entry: Entry, words: list[str]) -> Iterator[str]:
    operator = words[0].lower()
    if operator not in VALUED + BARE:
        yield f"a condition is one of {', '.join(VALUED)}, {', '.join(BARE)} with an attribute; join several by + or ||"
        return
    if len(words) != (3 if operator in VALUED else 2):
        yield f"{operator} takes an attribute" + (" and a value" if operator in VALUED else " and nothing else")
        return
    tag = tag_for_keyword(words[1])
    if tag is None:
        yield "name the attribute by its keyword" if named(words[1]) else fault_of_name(words[1])
        return
    entry.keywords.add(words[1])
    if operator.endswith("equals") and several(tag):
        yield f"{words[1]} holds several values, which deid never finds equal; write {operator.replace('equals', 'contains')}"
    if operator.endswith("equals") and vr_of(tag) in ("DS", "FL", "FD"):
        yield f"deid compares {words[1]} as text, where 5 and 5.0 differ; write contains or notcontains and ^5(\\.0*)?$"
    if operator.endswith("contains") and (fault := fault_of_pattern(words[2])):
        yield fault


def _whole(found: Reading, text: str) -> Iterator[tuple[int, str]]:
    """Yield the faults that no single line has."""
    if not re.search(r"^\s*FORMAT\s+dicom\s*$", text, re.MULTILINE):
        yield 1, "a recipe begins with `FORMAT dicom`"
    if not found.header and not found.entries and not found.faults:
        yield 1, "the recipe holds no rule; take the file away or write one"
    for entry in found.entries:
        if not entry.conditions:
            yield entry.line, f"the entry {entry.label} has no condition and would meet every instance; give it one"
    seen: dict[int, int] = {}
    for rule in found.header:
        tag = (
            named(rule.field)
            if ":" not in rule.field and rule.field.lower() != "all" and "__" not in rule.field
            else None
        )
        if tag is not None and seen.setdefault(tag, rule.line) != rule.line:
            yield rule.line, f"the attribute has a rule in line {seen[tag]} already; keep one of the two"
