"""Reads a YAML file with the line on which each value stands, so that what is wrong with it can be said with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_COMPARE = "compare with a profile that ships with the gateway"


@dataclass(frozen=True, slots=True)
class ProfileProblem:
    """What is wrong on a line of a profile (from 1; 0: with the file as a whole), and what to do about it."""

    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        """The problem in one sentence."""
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.what}; {self.remedy}{'' if self.remedy.endswith('?') else '.'}"


class NotYaml(ValueError):
    """The text is no YAML; ``problem`` says where and why."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.problem = ProfileProblem(line, what, remedy)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a YAML file: a scalar, a list of values, or a mapping of words to values.

    ``line`` counts from 1; for a value of a mapping it is the line of its key.
    """

    line: int
    content: Any


def read(data: bytes) -> tuple[Value, list[ProfileProblem]]:
    """Return the one document of a YAML file, and a problem for each key that stands twice in a mapping (the first counts).

    Raises:
        NotYaml: it is not UTF-8, not YAML, has no or more than one document, or a value that refers to another.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotYaml(data.count(b"\n", 0, error.start) + 1, "this is not UTF-8", "save the file as UTF-8") from None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYaml(line, "this holds a control character", "take it out") from None
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error) from None
    except RecursionError:
        raise NotYaml(0, "values stand in each other without end", _COMPARE) from None
    twice: list[ProfileProblem] = []
    return _value(loader, node, 1, set(), twice), twice


def _not_yaml(error: yaml.MarkedYAMLError) -> NotYaml:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    said = (error.problem or "").splitlines()[0] if error.problem else "it cannot be parsed"
    remedy = "indent with spaces" if "\\t" in said else _COMPARE
    return NotYaml(line, f"this is not YAML ({said})", remedy)


def _value(
    loader: yaml.SafeLoader, node: yaml.Node | None, line: int, seen: set[int], twice: list[ProfileProblem]
) -> Value:
    if node is None:
        return Value(line, None)
    if id(node) in seen:  # it has a name (&a) and stands for another (*a), which may stand for others
        raise NotYaml(line, "this value refers to another", "write it out")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        items = [_value(loader, item, item.start_mark.line + 1, seen, twice) for item in node.value]
        return Value(line, items)
    if isinstance(node, yaml.MappingNode):
        return Value(line, {key: _value(loader, found, at, seen, twice) for key, found, at in _entries(node, twice)})
    try:
        return Value(line, loader.construct_object(node, deep=True))
    except (yaml.YAMLError, ValueError):
        raise NotYaml(line, "this value cannot be read", "put it in quotes") from None


def _entries(node: yaml.MappingNode, twice: list[ProfileProblem]) -> Iterator[tuple[str, yaml.Node, int]]:
    lines: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise NotYaml(line, "the key of this value is no word", "write it as `key: value`")
        word = str(key.value)
        if word in lines:
            twice.append(ProfileProblem(line, f"{word!r} stands on line {lines[word]} already", "keep one of the two"))
            continue
        lines[word] = line
        yield word, value, line
