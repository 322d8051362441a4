"""What the ledger may say: one frozen dataclass per event, every text in it bound to a pattern.

The patterns are the guard of design rule 7 (no PHI in the ledger): a text that is not a research UID, a digest, a reason
code, a tag path, a rule's name, ... cannot be put into an event, and the refusal names the field but never the value.
A refusal is a ``ValueError``: it is a mistake in the code that fills the event, not a state of the data.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import PurePosixPath
from typing import Any

from gateway.errors import reasons
from gateway.records import ChangeCount, CleanedInstance, Mask, Outcome, Problem

_DEEPEST = 64  # a place nested deeper is told as the place around it
_TAGS = rf"[0-9A-Fa-f]{{8}}(?:/[0-9A-Fa-f]{{8}}){{0,{_DEEPEST - 1}}}"
JOB = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PATTERNS = {
    "uid": r"2\.25\.(?:0|[1-9][0-9]{0,38})",
    "item": r"(?:[a-z]{1,12}-)?[0-9a-f]{12,64}",
    "sha256": r"[0-9a-f]{64}",
    "code": "|".join(sorted(reasons())),
    "edition": r"20[0-9]{2}[a-z]?",
    "name": r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}",
    "action": r"[DZXKCU]",
    "path": _TAGS,
    "rule": r"[a-z0-9][A-Za-z0-9]*(?:[ ._:/+-][A-Za-z0-9]+){0,15}",
    "ranges": r"[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*",
    "profile": r"[ -~]{1,32}",
    "place": rf"{_TAGS}|[A-Z][A-Za-z]{{1,63}}|[a-z][a-z0-9]*(?:[ _-][a-z0-9]+){{0,7}}",
    "decision": r"release|discard|retry",
    "use": r"export|lookup",
    "class": r"(?:1\.2\.840\.10008(?:\.[0-9]{1,6}){1,12})?",
}
_LONGEST = 65536


def _text(kind: str, default: Any = ...) -> Any:
    pattern = re.compile(_PATTERNS[kind])
    if default is ...:
        return field(metadata={"pattern": pattern})
    return field(default=default, metadata={"pattern": pattern})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A record whose fields are counts, flags, texts of a safe pattern, or tuples of these and of other parts."""

    def __post_init__(self) -> None:
        """Refuse any value that could carry PHI, naming the field only."""
        for each in fields(self):
            value = getattr(self, each.name)
            for single in value if isinstance(value, tuple) else (value,):
                if not _is_safe(single, each.metadata.get("pattern")):
                    raise ValueError(f"{type(self).__name__}.{each.name} must not hold such a value: it could be PHI")


def _is_safe(value: object, pattern: re.Pattern[str] | None) -> bool:
    if isinstance(value, str):
        return pattern is not None and len(value) <= _LONGEST and pattern.fullmatch(value) is not None
    if isinstance(value, int):  # bool is one
        return pattern is None and -1 <= value < 2**63
    return isinstance(value, Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsed(Part):
    """A model that took part in the job. ``sha256`` is that of its file."""

    name: str = _text("name")
    version: str = _text("name")
    sha256: str = _text("sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeUsed(Part):
    """A recipe that took part in the job. ``sha256`` is that of its file."""

    name: str = _text("name")
    sha256: str = _text("sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRouted(Part):
    """A profile that recipes route studies to. ``digest`` is over all that it says."""

    name: str = _text("profile")
    digest: str = _text("sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Part):
    """How many elements at ``path`` one rule changed by one action, in how many instances of the study."""

    path: str = _text("path")
    action: str = _text("action")
    rule: str = _text("rule")
    elements: int
    instances: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedBox(Part):
    """A box masked in an instance, and the rules that asked for it.

    Left, top, width and height are in stored pixels; ``frames`` are numbered from 0 (``0-11,14``).
    """

    instance: str = _text("uid")
    x: int
    y: int
    w: int
    h: int
    frames: str = _text("ranges")
    rules: tuple[str, ...] = _text("rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Part):
    """A fault the verifier found. ``instance`` is the index in the study, -1 the study itself."""

    check: str = _text("rule")
    instance: int
    place: str = _text("place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Part):
    """Something that happened in a job. The class's name stands in the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStarted(Event):
    """A run began, or went on after an interruption, under this policy and with these models.

    ``edition_digest`` pins the edition's Table E.1-1.
    """

    gateway: str = _text("name")
    profile: str = _text("profile")
    options: tuple[str, ...] = _text("name", ())
    profile_digest: str = _text("sha256")
    edition: str = _text("edition")
    edition_digest: str = _text("sha256")
    models: tuple[ModelUsed, ...] = ()
    recipes: tuple[RecipeUsed, ...] = ()
    routes: tuple[ProfileRouted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyCleaned(Event):
    """A study's tags and pixels were cleaned. ``study`` is its research UID.

    ``frames_compared`` of ``frames_read`` were proven, by comparison with frames that were read whole, to show no other text.
    """

    study: str = _text("uid")
    instances: int
    frames_read: int
    regions_found: int
    changes: tuple[Changed, ...] = ()
    masks: tuple[MaskedBox, ...] = ()
    frames_compared: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyReleasing(Event):
    """A verified study is about to be moved into the research zone. ``digest`` is over the names and bytes of its files."""

    study: str = _text("uid")
    instances: int
    digest: str = _text("sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyReleased(StudyReleasing):
    """The study announced by ``StudyReleasing`` stands in the research zone, whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyQuarantined(Event):
    """A study is held."""

    item: str = _text("item")
    study: str = _text("uid")
    code: str = _text("code")
    instances: int
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen(Part):
    """How many instances are referred to from instances of one SOP Class; empty for one that DICOM did not register."""

    sop_class: str = _text("class")
    instances: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencesUnseen(Event):
    """A released study refers to instances that the gateway has neither released nor held."""

    study: str = _text("uid")
    unseen: tuple[Unseen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAfterRelease(Event):
    """An item holds an instance to which studies refer that were released before."""

    item: str = _text("item")
    studies: tuple[str, ...] = _text("uid")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileQuarantined(Event):
    """A file that belongs to no study (yet) is held."""

    item: str = _text("item")
    code: str = _text("code")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished(Event):
    """A run came to its end. The first five count input files; received is the sum of the four after it."""

    received: int
    released: int
    quarantined: int
    duplicates: int
    not_dicom: int
    studies: int
    frames_read: int
    regions_found: int
    masks: int
    frames_compared: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDecided(Event):
    """A person decided on a quarantined item, or a later run released what it holds."""

    item: str = _text("item")
    decision: str = _text("decision")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageUsed(Event):
    """A person used the way back: exported it, or looked up an ID."""

    use: str = _text("use")
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRepaired(Event):
    """A torn last line, left by a kill during its write, was cut off. No acknowledged entry was in it."""

    bytes_cut: int


def cleaned(outcome: Outcome) -> StudyCleaned:
    """What the ledger says of a cleaned study."""
    return StudyCleaned(
        study=outcome.study,
        instances=len(outcome.cleaned),
        frames_read=outcome.frames_read,
        regions_found=outcome.regions_found,
        changes=tuple(_changed(count) for count in outcome.changes),
        masks=tuple(_masked(instance, mask) for instance in outcome.cleaned for mask in instance.masks),
        frames_compared=outcome.frames_compared,
    )


def releasing(outcome: Outcome) -> StudyReleasing:
    """What the ledger says of a study before it is moved into the research zone."""
    digest = hashlib.sha256()
    for instance in sorted(outcome.cleaned, key=lambda instance: instance.path):
        digest.update(f"{instance.digest}  {instance.path}\n".encode())
    return StudyReleasing(study=outcome.study, instances=len(outcome.cleaned), digest=digest.hexdigest())


def released(outcome: Outcome) -> StudyReleased:
    """What the ledger says of the same study afterwards."""
    return StudyReleased(**asdict(releasing(outcome)))


def faults(problems: Iterable[Problem]) -> tuple[Fault, ...]:
    """What the ledger says of the verifier's problems."""
    return tuple(
        Fault(check=_told("rule", p.check), instance=p.instance, place=_told("place", p.place)) for p in problems
    )


def _told(kind: str, text: str) -> str:
    """The text if it is safe to tell, else that it was withheld: that something happened must be recorded in any case."""
    return text if re.fullmatch(_PATTERNS[kind], text) else "withheld"


def _changed(count: ChangeCount) -> Changed:
    change = count.change
    return Changed(
        path="/".join(change.path.split("/")[:_DEEPEST]),
        action=change.action,
        rule=_told("rule", change.rule),
        elements=count.elements,
        instances=count.instances,
    )


def _masked(instance: CleanedInstance, mask: Mask) -> MaskedBox:
    box, name = mask.box, PurePosixPath(instance.path).stem
    return MaskedBox(
        instance=name,
        x=box.x,
        y=box.y,
        w=box.w,
        h=box.h,
        frames=_ranges(mask.frames),
        rules=tuple(_told("rule", rule) for rule in mask.rules),
    )


def _ranges(frames: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for frame in sorted(set(frames)):
        if runs and frame == runs[-1][1] + 1:
            runs[-1][1] = frame
        else:
            runs.append([frame, frame])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
