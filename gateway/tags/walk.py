"""Walks a data set, every element at every depth, and builds the cleaned copy by the steps of a plan.

Values that stay are shared with the original, not copied; the original is not changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from gateway.records import Change
from gateway.tags import codes, structured, values
from gateway.tags.actions import dummy, keep_structural, replace_uids, treat
from gateway.tags.marks import MARKS, METHOD_CODES
from gateway.tags.standard import CONTENT_SEQUENCE
from gateway.tags.values import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.tags.actions import Context
    from gateway.tags.plan import Plan, Step
    from gateway.tags.profile import Profile

_PIXEL_REPRESENTATION = 0x00280103
_SKIPPED = (MARKS - {METHOD_CODES}) | {values.CHARSET}


@dataclass(frozen=True, slots=True)
class Scope:
    """How the bytes of a data set or item are to be read, and what its place asks for.

    ``dummies``: it stands inside a sequence with action D, so its codes become dummies. ``content``: the action on the
    content item it is (K or D). ``may_drop``: content items may be dropped (no item refers to another by position).
    """

    encodings: list[str]
    swapped: bool
    signed: bool
    dummies: bool = False
    content: str = "K"
    may_drop: bool = True


@dataclass(slots=True)
class Walk:
    """One walk over one instance. ``changes`` grows while it walks."""

    profile: Profile
    context: Context
    plan: Plan
    implicit: bool
    compressed: bool
    swapped_pixels: int
    changes: list[Change] = field(default_factory=list)

    def dataset(self, source: Dataset, target: Dataset, parent: str, scope: Scope) -> None:
        """Put what stays of ``source`` into ``target``; ``parent`` is its path with a last ``/``, empty at the top."""
        scope = self._within(source, scope)
        steps = self.plan.steps(parent)
        code = self._code(source, scope) if any(tag in source for tag in codes.VALUES) else None
        for tag in sorted(source.keys()):
            if tag in _SKIPPED:
                continue
            step = steps.get(tag) or self.plan.step(parent, tag)
            path = f"{parent}{tag:08X}"
            if step.action == "X":
                self.changes.append(Change(path, "X", step.rule))
                continue
            element = source.get_item(tag)
            try:
                vr = values.vr_on_disk(element, step.vr, scope.signed)
                if vr == "SQ":
                    found = values.items(source, element, scope.encodings)
                    kept = self._sequence(tag, found, step, path, scope)
                    if kept is not None:
                        target[tag] = DataElement(tag, "SQ", kept)
                    continue
                data = self._pixels(element, vr) if tag == 0x7FE00010 else values.content(element, vr, swapped=scope.swapped)
                if code is not None and tag in codes.PARTS:
                    result = self._code_part(tag, vr, data, code, path, scope)
                else:
                    result = self._value(tag, vr, data, step, path, scope)
            except Unreadable:
                self.changes.append(Change(path, "X", "unreadable"))
                continue
            if result is not None:
                undefined = tag == 0x7FE00010 and self.compressed
                target[tag] = values.raw(tag, vr, result, implicit=self.implicit, undefined=undefined)

    def _within(self, source: Dataset, scope: Scope) -> Scope:
        encodings = values.encodings_of(source, scope.encodings)
        signed = scope.signed
        if _PIXEL_REPRESENTATION in source:
            try:
                data = values.content(source.get_item(_PIXEL_REPRESENTATION), "US", swapped=scope.swapped)
            except Unreadable:
                data = b""
            signed = data[:1] == b"\1"
        return replace(scope, encodings=encodings, signed=signed)

    def _code(self, source: Dataset, scope: Scope) -> codes.Code:
        value = next(text for tag in codes.VALUES if tag in source for text in [self._text(source, tag, scope)])
        return codes.Code(value, self._text(source, codes.SCHEME, scope), self._text(source, codes.MEANING, scope))

    def _text(self, source: Dataset, tag: int, scope: Scope) -> str:
        """Return the first value of a text element, empty if there is none or it cannot be read."""
        if tag not in source:
            return ""
        try:
            return values.split(values.content(source.get_item(tag), "LO", swapped=False), "LO", scope.encodings)[0]
        except Unreadable:
            return ""

    # --- sequences ---------------------------------------------------------------------------------------------------
    def _sequence(self, tag: int, found: list[Dataset], step: Step, path: str, scope: Scope) -> list[Dataset] | None:
        if not found:
            return []
        if step.action == "Z":
            self.changes.append(Change(path, "Z", step.rule))
            return []
        if step.action in "DU":
            self.changes.append(Change(path, step.action, step.rule))
        if tag == CONTENT_SEQUENCE:
            return self._content(found, path, scope)
        inside = replace(scope, dummies=scope.dummies or step.action == "D", content="K")
        return [self._item(item, path, inside) for item in found]

    def _item(self, source: Dataset, path: str, scope: Scope) -> Dataset:
        item = new_dataset(implicit=self.implicit)
        self.dataset(source, item, f"{path}/", scope)
        return item

    def _content(self, found: list[Dataset], path: str, scope: Scope) -> list[Dataset] | None:
        """Clean the items of a content tree (PS3.15 E.3.4); positions must not move if items refer to each other."""
        may_drop = scope.may_drop and not any(_refers(item) for item in found)
        kept = []
        for source in found:
            within = self._within(source, scope)
            concept = self._concept(source, within)
            action = structured.item_action(self._text(source, structured.VALUE_TYPE, within), concept, self.profile)
            if action == "X" and may_drop:
                self.changes.append(Change(path, "X", "content-item"))
                continue
            inside = replace(scope, dummies=False, content="D" if action in "DX" else "K", may_drop=may_drop)
            kept.append(self._item(source, path, inside))
        return kept or None

    def _concept(self, source: Dataset, scope: Scope) -> codes.Code | None:
        if structured.CONCEPT_NAME not in source:
            return None
        found = values.items(source, source.get_item(structured.CONCEPT_NAME), scope.encodings)
        return self._code(found[0], self._within(found[0], scope)) if found and codes.VALUE in found[0] else None

    # --- values ------------------------------------------------------------------------------------------------------
    def _pixels(self, element: values.Element, vr: str) -> bytes:
        """Return pixel data in little endian order; cells of more than 16 bits are swapped whole (PS3.5 8.1.1)."""
        data = values.content(element, vr, swapped=False)
        return values.swap(data, self.swapped_pixels if vr == "OW" else 1)

    def _code_part(self, tag: int, vr: str, data: bytes, code: codes.Code, path: str, scope: Scope) -> bytes:
        before = values.split(data, vr, scope.encodings)[0]
        after = codes.DUMMY[tag] if scope.dummies else codes.clean_part(tag, before, code, self.context) if before else ""
        if after != before:
            self.changes.append(Change(path, "D" if scope.dummies else "C", "coded"))
        return values.join([after], vr)

    def _value(self, tag: int, vr: str, data: bytes, step: Step, path: str, scope: Scope) -> bytes | None:
        if step.rule == "pseudonym":
            self.changes.append(Change(path, "D", step.rule))
            return values.join([self.context.pseudonym], vr)
        if not data:
            return data
        if step.action in "ZD":
            return self._done(step.action, vr, step.rule, path)
        if vr in values.STRINGS:
            return self._string(tag, vr, data, step, path, scope)
        if vr in values.NUMBERS or vr in values.BINARY:
            return self._binary(vr, data, step, path)
        raise Unreadable

    def _done(self, action: str, vr: str, rule: str, path: str) -> bytes | None:
        """Carry out X, Z or D, which need no value."""
        self.changes.append(Change(path, action, rule))
        if action == "D":
            if vr == "UI":
                return values.join(replace_uids([path], self.context), vr)
            return values.join([dummy(vr)], vr) if vr in values.STRINGS else bytes(max(values.SIZES.get(vr, 2), 2))
        return b"" if action == "Z" else None

    def _string(self, tag: int, vr: str, data: bytes, step: Step, path: str, scope: Scope) -> bytes | None:
        before = values.split(data, vr, scope.encodings)
        if not any(before):
            return b""
        after: Sequence[str] | None
        if scope.content == "D" and tag == structured.TEXT_VALUE:
            return self._done("D", vr, "content-item", path)
        if step.action == "U":
            after = replace_uids(before, self.context)
        elif step.rule == "structural-uid":
            after = keep_structural(before, self.context)
        else:
            after = treat(vr, step.action, step.rule, before, self.profile, self.context)
        if after is None:
            return self._done(step.fallback, vr, step.rule, path)
        written = values.join(after, vr)
        if after != before:
            self.changes.append(Change(path, "U" if step.action == "U" else "C", step.rule))
        elif written.rstrip(b"\0 ") != data.rstrip(b"\0 "):
            self.changes.append(Change(path, "C", "charset"))
        return written

    def _binary(self, vr: str, data: bytes, step: Step, path: str) -> bytes | None:
        size = values.SIZES.get(vr, 1)
        if step.action in "UC" or (vr in values.NUMBERS and len(data) < size):
            return self._done(step.fallback, vr, step.rule, path)
        most = len(data) // size if step.most is None or vr not in values.NUMBERS else step.most
        kept = data if len(data) <= most * size else data[: most * size]
        if len(kept) < len(data):
            self.changes.append(Change(path, "X", "excess"))
        return kept + b"\0" * (len(kept) % 2)


def new_dataset(*, implicit: bool) -> Dataset:
    """Return an empty data set as if read from a little endian file in UTF-8, so that nothing is encoded twice."""
    made = Dataset(parent_encoding=values.UTF8)
    made.set_original_encoding(implicit, True, values.UTF8)  # noqa: FBT003 - little endian
    return made


def _refers(item: Dataset) -> bool:
    """Whether a content item, or one below it, refers to another item by its position (PS3.3 C.17.3.2.5)."""
    if structured.BY_REFERENCE in item:
        return True
    if CONTENT_SEQUENCE not in item:
        return False
    try:
        return any(_refers(below) for below in values.items(item, item.get_item(CONTENT_SEQUENCE), ["ascii"]))
    except Unreadable:
        return False
