"""Walks a data set, every element at every depth, and builds the cleaned copy by the steps of a plan.

Values that stay are shared with the original, not copied; the original is not changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from gateway.stored import Stored, Value, parts, store
from gateway.tags import codes, private, structured, tables, values
from gateway.tags.elements import PIXEL_DATA, Elements, Scope
from gateway.tags.marks import MARKS, METHOD_CODES
from gateway.tags.plan import Plan, Step
from gateway.tags.private import Private
from gateway.tags.standard import CONTENT_SEQUENCE
from gateway.tags.values import Unreadable

_PIXEL_REPRESENTATION = 0x00280103
# Written anew when the walk is done; an item needs no character set of its own, since all text is UTF-8 then.
_NESTED_MARKS = frozenset({values.CHARSET})
_TOP_MARKS = _NESTED_MARKS | MARKS - {METHOD_CODES}


@dataclass(slots=True)
class Walk:
    """One walk over one instance; ``elements`` treats the values that it meets."""

    elements: Elements
    plan: Plan
    implicit: bool
    compressed: bool
    pixel_bytes: int
    private: Private | None = None

    def dataset(self, source: Dataset, target: Dataset, parent: str, scope: Scope) -> None:
        """Put what stays of ``source`` into ``target``; ``parent`` is its path with a last ``/``, empty at the top."""
        scope = self._within(source, scope)
        steps = self.plan.steps(parent)
        code = self._code(source, scope) if any(tag in source for tag in codes.VALUES) else None
        skipped = _TOP_MARKS if not parent else _NESTED_MARKS
        own, creators = self.private.steps(source, parent, scope.encodings) if self.private else ({}, {})
        for tag in sorted(source.keys()):
            if tag in skipped or tag in creators:
                continue
            step = own.get(tag) or steps.get(tag) or self.plan.step(parent, tag)
            if step.action == "X":
                self.elements.note(step, "X")
                continue
            try:
                kept = self._element(source.get_item(tag), step, code, scope)
            except Unreadable:
                self.elements.note(step, "X", "unreadable")
                continue
            if kept is not None:
                target[tag] = kept
        self._reserve(target, parent, creators)
        self._trim_tables(target, parent)

    def _reserve(self, target: Dataset, parent: str, creators: Mapping[int, str]) -> None:
        """Keep the private creators of those blocks of which an element has stayed."""
        kept = {tag >> 16 << 16 | tag >> 8 & 0xFF for tag in target.keys() if tag.is_private}  # noqa: SIM118  # iterating a data set decodes its elements
        for tag, creator in creators.items():
            if tag in kept:
                target[BaseTag(tag)] = values.raw(tag, "LO", values.join([creator], "LO"), implicit=self.implicit)
            else:
                self.elements.note(self.plan.step(parent, tag), "X")

    def _trim_tables(self, target: Dataset, parent: str) -> None:
        """Cut what lies behind the last entry of lookup tables."""
        found = {int(e.tag): e.value for e in target.elements() if isinstance(e, RawDataElement) and e.value}
        for tag, length in tables.excess(found):
            self.elements.note(self.plan.step(parent, tag), "X", "excess")
            vr = str(target.get_item(tag).VR)
            target[BaseTag(tag)] = values.raw(tag, vr, found[tag][:length], implicit=self.implicit)

    def _element(
        self, element: values.Element, step: Step, code: codes.Code | None, scope: Scope
    ) -> values.Element | None:
        """Return the element that stays, None if none does."""
        if step.tag >> 16 & 1 or step.vr in values.STRINGS:
            element = values.plain(element)
        vr = values.vr_on_disk(element, step.vr, signed=scope.signed)
        if vr == "SQ":
            kept = self._sequence(values.items(element, list(scope.encodings)), step, scope)
            if kept is None:
                return None
            made = DataElement(step.tag, "SQ", kept)
            made.is_undefined_length = bool(step.tag >> 16 & 1)  # seen as a sequence even where no VR is written
            return made
        if isinstance(element.value, Stored):
            return self._pixels(element.value, step, vr, scope)
        pixels = step.tag == PIXEL_DATA
        # Big endian pixel cells of more than 16 bits are swapped whole (PS3.5 8.1.1).
        size = self.pixel_bytes if pixels and vr == "OW" else None
        data = values.content(element, vr, swapped=scope.swapped, size=size)
        scope = replace(scope, encodings=values.encodings_in(element, scope.encodings))
        result = self.elements.value(step, vr, data, scope, code)
        if result is None:
            return None
        encapsulated = pixels and self.compressed and result.startswith(values.ITEM[0])
        return values.raw(
            step.tag, "OB" if encapsulated else vr, result, implicit=self.implicit, undefined=encapsulated
        )

    def _pixels(self, value: Stored, step: Step, vr: str, scope: Scope) -> values.Element | None:
        """Return pixel data that are not in memory, little endian; the pixel step reads them."""
        if step.action != "K":
            self.elements.note(step, "X")
            return None
        encapsulated = step.tag == PIXEL_DATA and self.compressed and value.startswith(values.ITEM[0])
        size = self.pixel_bytes if vr == "OW" else values.SIZES.get(vr, 1)
        kept: Value = value
        if scope.swapped and size > 1 and not encapsulated:
            kept = store(values.swap(part, size) for part in parts(value))
        return DataElement(
            step.tag, "OB" if encapsulated else vr, kept, is_undefined_length=encapsulated, already_converted=True
        )

    def _within(self, source: Dataset, scope: Scope) -> Scope:
        encodings = values.encodings_of(source, scope.encodings)
        signed = scope.signed
        if _PIXEL_REPRESENTATION in source:
            try:
                data = values.content(source.get_item(_PIXEL_REPRESENTATION), "US")
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
            element = source.get_item(tag)
            return values.split(values.content(element, "LO"), "LO", values.encodings_in(element, scope.encodings))[0]
        except Unreadable:
            return ""

    # --- sequences ---------------------------------------------------------------------------------------------------
    def _sequence(self, found: list[Dataset], step: Step, scope: Scope) -> list[Dataset] | None:
        if not found and step.rule != "private-sequence":
            return []
        if step.action in "ZDU":
            self.elements.note(step, step.action)
        if step.action == "Z":
            return []
        if step.tag in structured.SEQUENCES:
            return self._content(found, step, scope)
        hidden = scope.content.hidden
        if hidden and step.tag == structured.MEASURED_VALUE:
            self.elements.note(step, "Z", "content-item")
            return []
        dummies = scope.dummies or step.action == "D" or (hidden and step.tag == structured.CONCEPT_CODE)
        annotation = structured.ANNOTATIONS.get(step.tag, "") if step.action == "C" else scope.annotation
        inside = replace(scope, dummies=dummies, content=structured.PLAIN, annotation=annotation)
        kept = [self._item(item, step.path, inside) for item in found]
        if step.rule == "private-sequence" and not private.holds_private(kept):
            self.elements.note(step, "X", "private")
            return None
        return kept

    def _item(self, source: Dataset, path: str, scope: Scope) -> Dataset:
        item = new_dataset(implicit=self.implicit)
        self.dataset(source, item, f"{path}/", scope)
        return item

    def _content(self, found: list[Dataset], step: Step, scope: Scope) -> list[Dataset] | None:
        """Clean content items (PS3.15 E.3.4); positions must not move if items refer to each other."""
        may_drop = scope.may_drop and step.tag in structured.SHORTER and not any(_refers(item) for item in found)
        kept = []
        for source in found:
            within = self._within(source, scope)
            said = structured.item(
                self._text(source, structured.VALUE_TYPE, within), self._concept(source, within), self.elements.profile
            )
            if scope.content.action == "X":  # below an item that should have gone, and stays for its place
                said = replace(said, action="X")
            if said.action == "X" and may_drop:
                self.elements.note(step, "X", "content-item")
                continue
            item = self._item(source, step.path, replace(scope, dummies=False, content=said, may_drop=may_drop))
            if said.age and structured.cap_age(item, self.elements.profile.knobs.oldest_age, implicit=self.implicit):
                self.elements.note(step, "C", "content-age")
            kept.append(item)
        return kept or (None if step.tag == CONTENT_SEQUENCE else [])

    def _concept(self, source: Dataset, scope: Scope) -> codes.Code | None:
        if structured.CONCEPT_NAME not in source:
            return None
        found = values.items(source.get_item(structured.CONCEPT_NAME), list(scope.encodings))
        return self._code(found[0], self._within(found[0], scope)) if found and codes.VALUE in found[0] else None


def new_dataset(*, implicit: bool) -> Dataset:
    """Return an empty data set as if read from a little endian file in UTF-8, so that nothing is encoded twice."""
    made = Dataset(parent_encoding=values.UTF8)
    made.set_original_encoding(implicit, True, values.UTF8)  # noqa: FBT003  # little endian
    return made


def _refers(item: Dataset) -> bool:
    """Whether a content item, or one below it, refers to another item by its position (PS3.3 C.17.3.2.5)."""
    if structured.BY_REFERENCE in item:
        return True
    if CONTENT_SEQUENCE not in item:
        return False
    try:
        return any(_refers(below) for below in values.items(item.get_item(CONTENT_SEQUENCE), ["ascii"]))
    except Unreadable:
        return False
