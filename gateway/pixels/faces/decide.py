"""Decides for each instance of a study what is erased of it: the voxels of a face, everything, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.errors import RecognizableFeatures
from gateway.pixels.faces.field import Field, field
from gateway.pixels.faces.head import Finding, body, find
from gateway.pixels.faces.regions import Said
from gateway.pixels.faces.survey import Group, Kind, Seen, Survey
from gateway.pixels.faces.volume import Volume, volume

_AIR = -700.0  # Hounsfield units: values of a CT that never fall below this are not in Hounsfield units


@dataclass(frozen=True, slots=True)
class Decision:
    """What is erased of one instance: what lies in any of the ``fields``, or ``everything``."""

    fields: tuple[Field, ...] = ()
    everything: bool = False


NOTHING, EVERYTHING = Decision(), Decision(everything=True)


def decide(survey: Survey) -> dict[str, Decision]:
    """Decide for every instance that was seen.

    Raises:
        RecognizableFeatures: an instance may show a face, and no method removes it.
    """
    heads = _Heads(survey)
    return {name: _instance(seen, heads) for name, seen in survey.seen.items()}


class _Heads:
    """The heads of a study, looked for once in each stack."""

    def __init__(self, survey: Survey) -> None:
        looked = [(group, *_look(group)) for group in survey.groups]
        self._by_frame: dict[str, list[Field]] = {}
        for group, _, found in looked:
            if found is not None and group.modality != "PT":  # the skin takes up too little to be sure of
                self._by_frame.setdefault(group.frame_of_reference, []).append(found)
        for group, _, found in looked:
            if found is not None and group.frame_of_reference not in self._by_frame:
                self._by_frame[group.frame_of_reference] = [found]
        self.frames = frozenset(group.frame_of_reference for group in survey.groups)
        self._trunks = frozenset(group.frame_of_reference for group, finding, _ in looked if finding is Finding.NONE)
        self.of_stack = [self._stack(*one) for one in looked]

    def of_frame(self, frame_of_reference: str) -> tuple[Field, ...]:
        """What is erased in a frame of reference, by all volumes in it."""
        return tuple(self._by_frame.get(frame_of_reference, ()))

    def headless(self, frame_of_reference: str, series: Said) -> bool:
        """Whether the study shows a trunk in this frame of reference and a head nowhere, nor does the series name one."""
        return frame_of_reference in self._trunks and not self._by_frame and series is not Said.HEAD

    def of_trunk(self, series: Said) -> bool:
        """The same of a picture that lies in no frame of reference."""
        return bool(self._trunks) and not self._by_frame and series is not Said.HEAD

    def _stack(self, group: Group, finding: Finding | None, found: Field | None) -> Decision | None:
        """What is erased of a stack; None if that cannot be told."""
        others = self.of_frame(group.frame_of_reference)
        if found is not None and (group.modality != "PT" or not others):
            return Decision((found,))
        if finding is Finding.NONE and group.series is not Said.HEAD:
            return NOTHING
        if others:
            return Decision(others)
        if group.study is Said.ELSEWHERE or (finding is None and self.headless(group.frame_of_reference, group.series)):
            return NOTHING
        return EVERYTHING if finding is None and group.localizer else None


def _look(group: Group) -> tuple[Finding | None, Field | None]:
    """Look for a head in a stack; no finding if it is too thin."""
    if group.stack.thin:
        return None, None
    sampled = volume(group.stack)
    mask = body(sampled, hounsfield=group.absolute and _reaches_air(sampled), inverted=group.inverted)
    finding, head = find(sampled, mask)
    if head is None:
        return finding, None
    if group.study is Said.ELSEWHERE and not head.nosed:  # a limb that ends in the field of view is no head
        return Finding.UNCLEAR, None
    return finding, field(sampled, mask, head)


def _reaches_air(sampled: Volume) -> bool:
    return bool(sampled.inside.any()) and float(sampled.values[sampled.inside].min()) < _AIR


def _instance(seen: Seen, heads: _Heads) -> Decision:
    if seen.kind is Kind.OTHER:
        return NOTHING
    if seen.kind is Kind.VOLUME and seen.stacks:
        decisions = [heads.of_stack[number] for number in seen.stacks]
        known = [one for one in decisions if one is not None]
        if len(known) < len(decisions):
            raise RecognizableFeatures("A volume may show a head, and its face cannot be found.")
        fields = tuple(dict.fromkeys(one for decision in known for one in decision.fields))
        return Decision(fields, any(decision.everything for decision in known))
    if seen.kind in (Kind.LABELS, Kind.CONTOURS):
        return _derived(seen, heads)
    if _is_of_elsewhere(seen, heads):
        return NOTHING
    if seen.kind is Kind.SCOUT:
        return EVERYTHING
    raise RecognizableFeatures(f"An instance may show a face, and nothing removes it from {seen.kind.value}.")


def _is_of_elsewhere(seen: Seen, heads: _Heads) -> bool:
    """Whether what is not a volume shows another part of the body: by its words, or by the volumes that it was made of."""
    if seen.kind is Kind.PHOTOGRAPH:  # nobody makes it of a volume, and a study of a chest may hold one of the patient
        return seen.series is Said.ELSEWHERE
    if seen.study is Said.ELSEWHERE:
        return True
    if seen.kind is Kind.PICTURE:
        return heads.of_trunk(seen.series)
    return heads.headless(seen.frame_of_reference, seen.series)


def _derived(seen: Seen, heads: _Heads) -> Decision:
    """Labels and outlines lose what their volumes lose."""
    fields = heads.of_frame(seen.frame_of_reference)
    if fields and seen.kind is Kind.LABELS and not seen.planes:
        raise RecognizableFeatures("A segmentation of a head does not say where its frames lie.")
    unknown = seen.frame_of_reference not in heads.frames
    if unknown and seen.tells_surface and seen.study is not Said.ELSEWHERE:
        raise RecognizableFeatures("Labels or outlines of a body's surface came without the volume they belong to.")
    return Decision(fields)
