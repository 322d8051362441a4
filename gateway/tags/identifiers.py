"""Collects the study's own identifying values from its headers: what pixels and free text are then searched for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydicom.dataset import Dataset

from gateway.records import Identifiers
from gateway.tags import standard, values
from gateway.tags.dates import shift_date, shift_datetime
from gateway.tags.values import Unreadable

# The columns of the options that retain what is in identifying.csv.
_IDENTITY = ("retain_device_id", "retain_institution_id")
_WORDS = re.compile(r"[\W_]+")
_NAME_LIKE = re.compile(r"[^\W\d_][\w' .-]*\^[\w' .^=-]*")


def collect(datasets: Iterable[Dataset]) -> Identifiers:
    """Return the identifying values of a study's data sets, from every depth, private and unknown elements included."""
    found: dict[str, set[str]] = {kind: set() for kind in ("name", "id", "date", "place", "order", *_IDENTITY)}
    for dataset in datasets:
        _collect(dataset, ["iso8859"], found)
    return Identifiers(
        names=frozenset(found["name"]),
        ids=frozenset(found["id"]),
        dates=frozenset(found["date"]),
        places=frozenset(found["place"]),
        retainable=frozenset((column, value) for column in _IDENTITY for value in found[column] - found["order"]),
    )


def _collect(dataset: Dataset, inherited: list[str], found: dict[str, set[str]]) -> None:
    encodings = values.encodings_of(dataset, inherited)
    swapped = dataset.original_encoding[1] is False
    for tag in sorted(dataset.keys()):
        attribute = standard.attribute(tag)
        vr = attribute.vr if attribute else _private_vr(dataset, tag)
        kind = "name" if vr == "PN" else "date" if vr in {"DA", "DT"} else standard.identifying().get(tag, "")
        if not kind and vr not in {"SQ", "UN", ""}:
            continue
        element = dataset.get_item(tag)
        try:
            if vr == "SQ" or element.VR == "SQ":
                for item in values.items(element, encodings):
                    _collect(item, encodings, found)
            elif not kind:
                _from_unknown(element, encodings, found["name"])
            else:
                said = vr if vr in values.STRINGS else "LO"
                data = values.content(element, said, swapped=swapped)
                for texts in values.readings(data, said, values.encodings_in(element, encodings)):
                    _add(kind, said, texts, found)
                    if kind in {"id", "place"} and (owner := _owner(tag, kind)):
                        _add(owner, said, texts, found)
        except Unreadable:
            continue


def _owner(tag: int, kind: str) -> str:
    """Return the option's column by which an identifier is a device's or an institution's; ``order`` for any other's id."""
    row = standard.newest().get(f"{tag:08X}")
    return next((column for column in _IDENTITY if row and row[column]), "order" if kind == "id" else "")


def _private_vr(dataset: Dataset, tag: int) -> str:
    element = dataset.get_item(tag)
    return element.VR if element.VR in {"PN", "SQ", "DA", "DT"} else "UN"


def _add(kind: str, vr: str, texts: list[str], found: dict[str, set[str]]) -> None:
    for text in texts:
        if kind == "date":
            legal = shift_date(text, 0) if vr == "DA" else (shift_datetime(text, 0) or "")[:8]
            found["date"].update(part for part in (legal or "").split("-") if len(part) == 8)
        elif kind == "name":
            found["name"].update(group.strip() for group in text.split("=") if _identifies(group))
        elif _identifies(text):
            found[kind].add(" ".join(text.split()))


def _identifies(text: str) -> bool:
    """Whether a value can identify anybody: not empty, not one character (repeated), not words for "there is none"."""
    words = [word for word in _WORDS.split(text.casefold()) if word]
    squashed = "".join(words)
    return len(squashed) > 1 and len(set(squashed)) > 1 and not standard.placeholders().issuperset(words)


def _from_unknown(element: values.Element, encodings: list[str], names: set[str]) -> None:
    """Take a value of unknown meaning for a name if it looks like one: ``FAMILY^GIVEN``."""
    data = element.value
    if not isinstance(data, bytes) or len(data) > 324 or b"^" not in data:
        return
    names.update(
        text
        for texts in values.readings(data, "LO", encodings)
        for text in texts
        if _NAME_LIKE.fullmatch(text) and _identifies(text)
    )
