"""Builds a profile from its file, and says everything that is wrong with it, each with its line and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.tags import choices, standard
from gateway.tags.choices import CHOICES, OPTIONS, REQUIRED, Knobs
from gateway.tags.ownrules import own_rule
from gateway.tags.rules import Rule, table_rule
from gateway.tags.yamlfile import ProfileProblem, Value

_KEYS = ("name", "edition", "description", "options", "knobs", "rules")
_LONGEST_NAME = 32
_NAME = re.compile(r"[ -~]{1,32}")


@dataclass(slots=True)
class Built:
    """What a profile's file says, as far as it can be built; ``problems`` tells the rest, in the order of the lines."""

    name: str = ""
    edition: str = ""
    description: str = ""
    options: tuple[str, ...] = ()
    knobs: Knobs = field(default_factory=Knobs)
    by_tag: dict[str, Rule] = field(default_factory=dict)
    problems: list[ProfileProblem] = field(default_factory=list)

    def wrong(self, line: int, what: str, remedy: str) -> None:
        """Note a problem."""
        self.problems.append(ProfileProblem(line, what, remedy))


def build(root: Value, where: str, edition: str | None = None) -> Built:
    """Build what the file ``where`` says, under another edition than its own if one is given."""
    made = Built()
    if not isinstance(root.content, dict):
        made.wrong(root.line, "this is no profile", f"a profile is a mapping of {', '.join(_KEYS)}")
        return made
    found: dict[str, Value] = root.content
    for key, value in found.items():
        if key not in _KEYS:
            made.wrong(value.line, f"the key {key!r} is not known", _did_you_mean(key, _KEYS))
    made.name = _text(made, found, "name")
    if made.name and not _NAME.fullmatch(made.name):
        remedy = f"take at most {_LONGEST_NAME} printable ASCII characters; it is written into each instance"
        made.wrong(found["name"].line, "the name cannot be written", remedy)
    made.description = _text(made, found, "description")
    made.edition = _edition(made, found, edition)
    lines = _options(made, found.get("options"))
    knobs = _knobs(made, found.get("knobs"))
    counts = made.edition or standard.editions()[-1]  # an unknown edition does not hide what is wrong with the rules
    columns = choices.columns(made.options)
    made.by_tag = {tag: table_rule(counts, row, columns) for tag, row in standard.edition(counts).rows.items()}
    _own_rules(made, found.get("rules"), where)
    _contradictions(made, lines, knobs)
    made.problems.sort(key=lambda problem: problem.line)
    return made


def _text(made: Built, found: Mapping[str, Value], key: str) -> str:
    value = found.get(key)
    if value is None:
        made.wrong(0, f"{key} is missing", f"add `{key}: ...`")
        return ""
    if not isinstance(value.content, str) or not value.content.strip():
        made.wrong(value.line, f"{key} must be text", "put it in quotes")
        return ""
    return value.content


def _edition(made: Built, found: Mapping[str, Value], instead: str | None) -> str:
    value = found.get("edition")
    known = standard.editions()
    if instead is None and value is None:
        made.wrong(0, "edition is missing", f"add `edition: {known[-1]}`, or one of {', '.join(known)}")
        return ""
    line, said = (0, instead) if instead is not None else (value.line, str(value.content)) if value else (0, "")
    if said in known:
        return said
    made.wrong(line, f"there is no Table E.1-1 of edition {said!r}", f"there are: {', '.join(known)}")
    return ""


# --- options and knobs -----------------------------------------------------------------------------------------------
def _options(made: Built, value: Value | None) -> dict[str, int]:
    """Take the options; return on which line each stands."""
    lines: dict[str, int] = {}
    if value is None or not isinstance(value.content, list):
        remedy = f"write {' and '.join(REQUIRED)}, and others, each on a line of its own after a dash"
        made.wrong(value.line if value else 0, "options must be a list of CID 7050 keywords", remedy)
        return lines
    for item in value.content:
        option = str(item.content)
        if option in lines:
            made.wrong(item.line, f"the option {option!r} is named twice", "keep one of the two")
        elif option not in OPTIONS:
            made.wrong(item.line, f"the option {option!r} is not known", _did_you_mean_option(option))
        else:
            lines[option] = item.line
            why = choices.lacking(option, made.edition) if made.edition else ""
            if why:
                made.wrong(item.line, *why.split("; ", 1))
    for option in REQUIRED:
        if option not in lines:
            made.wrong(value.line, f"{option} cannot be left out", "add it, the gateway always does it")
    made.options = tuple(lines)
    return lines


def _did_you_mean_option(text: str) -> str:
    option = choices.meant(text)
    return f"did you mean {option!r}?" if option else f"there are: {', '.join(OPTIONS)}"


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    known = tuple(known)
    near = choices.near(word, known)
    return f"did you mean {near!r}?" if near else f"there are: {', '.join(known)}"


def _knobs(made: Built, value: Value | None) -> dict[str, int]:
    """Take the knobs; return on which line each stands."""
    lines: dict[str, int] = {}
    if value is None:
        return lines
    known = ("oldest_age", *CHOICES, "readers")
    if not isinstance(value.content, dict):
        made.wrong(value.line, "knobs must be a mapping", f"there are: {', '.join(known)}")
        return lines
    good: dict[str, Any] = {}
    for name, said in value.content.items():
        lines[name] = said.line
        if name not in known:
            made.wrong(said.line, f"the knob {name!r} is not known", _did_you_mean(name, known))
        elif name == "oldest_age" and (type(said.content) is not int or not 1 <= said.content <= 999):
            made.wrong(said.line, "oldest_age is no age", "take a number of years from 1 to 999")
        elif name in CHOICES and said.content not in CHOICES[name]:
            made.wrong(said.line, f"{name} cannot be that", f"take one of {', '.join(CHOICES[name])}")
        elif name == "readers":
            good[name] = _readers(made, said)
        else:
            good[name] = said.content
    made.knobs = Knobs(**good)
    return lines


def _readers(made: Built, said: Value) -> str:
    listed = said.content if isinstance(said.content, list) else []
    readers = choices.read_by(item.content for item in listed if isinstance(item.content, str))
    if len(listed) != len(readers.split(", ")) or not readers:
        remedy = f"write `readers: [rapidocr]`, or several of {', '.join(choices.READERS)}, each once"
        made.wrong(said.line, "readers must be a list of engines that read text", remedy)
    return readers


def _contradictions(made: Built, options: Mapping[str, int], knobs: Mapping[str, int]) -> None:
    if choices.FULL_DATES in options and choices.MODIFIED_DATES in options:
        line = max(options[choices.FULL_DATES], options[choices.MODIFIED_DATES])
        made.wrong(line, "full and modified dates exclude each other (PS3.15 E.3.6)", "keep one of the two options")
    for knob, choice, option in (
        ("descriptors", "keep-known-words", choices.CLEAN_DESCRIPTORS),
        ("private", "safe-numeric", choices.SAFE_PRIVATE),
    ):
        if getattr(made.knobs, knob) == choice and option not in options:
            made.wrong(
                knobs[knob], f"{knob}: {choice} says how {option} works", "add that option, or leave the knob out"
            )


# --- rules of the profile's own -----------------------------------------------------------------------------------
def _own_rules(made: Built, value: Value | None, where: str) -> None:
    """Build the profile's own rules, keyword to action; they win over Table E.1-1."""
    if value is None:
        return
    if not isinstance(value.content, dict):
        made.wrong(value.line, "rules must map keywords to actions", "write them as `StationName: X`")
        return
    built = {}
    for keyword, said in value.content.items():
        rule = own_rule(keyword, str(said.content), made.by_tag, made.options, made.knobs, where)
        if isinstance(rule, Rule):
            built[rule.tag] = rule
        else:
            made.wrong(said.line, f"the rule {keyword!r}: {str(said.content)!r} cannot be built: {rule[0]}", rule[1])
    made.by_tag |= built
