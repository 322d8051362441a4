"""Treats the value of one element as its step says. The walk finds the elements; here stands what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gateway.records import Change
from gateway.tags import codes, labels, octets, structured, tables, values
from gateway.tags.actions import Context, dummy, keep_structural, replace_uids, tokens, treat
from gateway.tags.dates import day_of
from gateway.tags.plan import Step
from gateway.tags.profile import Profile

PIXEL_DATA = 0x7FE00010
# Bytes that are read and judged by other steps: pixels, and documents.
_READ_LATER = frozenset({PIXEL_DATA, 0x7FE00008, 0x7FE00009, 0x00420011})


@dataclass(frozen=True, slots=True)
class Scope:
    """How the bytes of a data set or item are to be read, and what its place asks for.

    ``dummies``: it stands inside a sequence with action D, so its codes become dummies. ``content``: what happens to the
    content item it is. ``may_drop``: content items may be dropped (no item refers to another by position).
    ``annotation``: it stands in an annotation that an option cleans: what happens to its text if nothing remains of that.
    """

    encodings: Sequence[str]
    swapped: bool
    signed: bool
    dummies: bool = False
    content: structured.Item = structured.PLAIN
    may_drop: bool = True
    annotation: str = ""


@dataclass(slots=True)
class Elements:
    """Treats the elements of one instance. ``born`` is the patient's birth date, if any. ``changes`` grows with what is done."""

    profile: Profile
    context: Context
    born: frozenset[str] = frozenset()
    changes: list[Change] = field(default_factory=list)

    def note(self, step: Step, action: str, rule: str = "") -> None:
        """Record a change; ``rule`` is the step's where it is not named."""
        self.changes.append(Change(step.path, action, rule or step.rule))

    def value(self, step: Step, vr: str, data: bytes, scope: Scope, code: codes.Code | None) -> bytes | None:
        """Return the bytes that stay of a value, None if the element goes.

        ``data`` are as ``values.content`` reads them. ``code`` is the code of which the element is a part, if it is one.

        Raises:
            Unreadable: the value does not parse as its VR asks.
        """
        if code is not None and step.tag in codes.PARTS:
            return self._code_part(step, vr, data, code, scope)
        return self._by_step(step, vr, data, scope)

    def _code_part(self, step: Step, vr: str, data: bytes, code: codes.Code, scope: Scope) -> bytes:
        before = values.split(data, vr, scope.encodings)[0]
        after = (
            codes.DUMMY[step.tag]
            if scope.dummies
            else codes.clean_part(step.tag, before, code, self.context)
            if before
            else ""
        )
        if after != before:
            self.note(step, "D" if scope.dummies else "C", "coded")
        return values.join([after], vr)

    def _by_step(self, step: Step, vr: str, data: bytes, scope: Scope) -> bytes | None:
        if step.rule == "pseudonym":
            self.note(step, "D")
            return values.join([self.context.pseudonym], vr)
        if not data:
            return data
        if scope.annotation and step.tag == structured.UNFORMATTED_TEXT:
            step = replace(step, action="C", fallback=scope.annotation)
        if scope.content.hidden and step.tag in structured.VALUES:
            step = replace(step, action="D", rule="content-item")
        if step.action == "D" and step.keyed:
            return self._token(step, vr, data, scope)
        if step.action in "ZD":
            keyed = step.action == "D" and _is_label(step, scope)
            return self._keyed(step, vr, data, scope) if keyed else self._done(step, step.action, vr)
        if vr in values.STRINGS:
            return self._string(step, vr, data, scope)
        return self._profile(step, data) if step.tag == tables.ICC_PROFILE else self._binary(step, vr, data)

    def _done(self, step: Step, action: str, vr: str) -> bytes | None:
        """Carry out X, Z or D, which need no value."""
        self.note(step, action)
        if action != "D":
            return b"" if action == "Z" else None
        return (
            values.join([dummy(vr, step.tag)], vr) if vr in values.STRINGS else bytes(max(values.SIZES.get(vr, 1), 2))
        )

    def _token(self, step: Step, vr: str, data: bytes, scope: Scope) -> bytes | None:
        """Replace what says which one (a device, an order) by a token made from it; a blank order number stays blank."""
        before = values.split(data, vr, scope.encodings)
        if not any(before):
            return b"" if step.rule == "accession" else self._done(step, "D", vr)
        self.note(step, "D")
        return values.join(tokens(step, before, self.context), vr)

    def _keyed(self, step: Step, vr: str, data: bytes, scope: Scope) -> bytes:
        """Replace a label by a dummy that keeps different labels apart."""
        self.note(step, "D")
        before = values.split(data, vr, scope.encodings)
        return values.join([labels.keyed_label(vr, value, self.context) for value in before if value], vr)

    def _few(self, step: Step, vr: str, found: list[str]) -> list[str]:
        """Cut the codes that an attribute cannot hold; in a text a backslash may be just that."""
        if vr != "CS" or step.most is None or len(found) <= step.most:
            return found
        self.note(step, "X", "excess")
        return found[: step.most]

    def _string(self, step: Step, vr: str, data: bytes, scope: Scope) -> bytes | None:
        before = self._few(step, vr, values.split(data, vr, scope.encodings))
        if not any(before):
            return b""
        rule = step.rule
        if step.action == "U":
            after: list[str] | None = replace_uids(before, self.context)
        elif step.rule == "structural-uid":
            after = keep_structural(before, self.context)
        elif vr in {"DA", "DT"} and any(day_of(value) in self.born for value in before):
            after = None  # a copy of the birth date: no option keeps that, nor moves it
        elif step.tag == structured.TEXT_VALUE:
            after, rule = structured.treat_text(step, before, scope.content, self.profile, self.context)
        elif _is_label(step, scope):
            after, rule = [labels.clean_label(vr, value, self.context) for value in before], "label"
        else:
            after = treat(vr, step, before, self.profile, self.context)
        if after is None:
            return self._done(replace(step, rule=rule), step.fallback, vr)
        written = values.join(after, vr)
        if after != before:
            self.note(step, "U" if step.action == "U" else "C", rule)
        elif written.rstrip(b"\0 ") != data.rstrip(b"\0 "):
            self.note(step, "C", "charset")
        return written

    def _profile(self, step: Step, data: bytes) -> bytes | None:
        """Return a colour profile without its texts."""
        plain = tables.plain_profile(data)
        if plain is None:
            return self._done(step, step.fallback, "OB")
        if plain != data:
            self.note(step, "C")
        return plain

    def _binary(self, step: Step, vr: str, data: bytes) -> bytes | None:
        size = 4 if vr == "AT" else values.SIZES.get(vr, 1)  # a tag is two numbers of two bytes
        if step.action in "UC" or len(data) < size:
            return self._done(step, step.fallback, vr)
        if step.tag not in _READ_LATER and octets.says_something(step.tag, vr, data, self.context):
            return self._done(replace(step, rule="bytes-with-text"), step.fallback, vr)
        most = len(data) // size
        if step.most is not None and vr in values.NUMBERS:
            most = min(most, step.most)
        kept = data if len(data) == most * size else data[: most * size]
        if len(kept) < len(data):
            self.note(step, "X", "excess")
        return kept + b"\0" * (len(kept) % 2)


def _is_label(step: Step, scope: Scope) -> bool:
    """Whether a text tells objects apart, by its tag or as the value of its concept; one that an option retains just stays."""
    if step.tag == structured.TEXT_VALUE:
        return scope.content.text == "label"
    return step.tag in labels.tags() and (step.action != "K" or step.rule == "unlisted-code")
