"""The frozen records that pass between the steps, in the order in which data meets them.

Fields that can hold PHI are left out of ``repr`` so that no traceback prints them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


# --- receive and index -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """One file that a source found: a path, or a member of an archive.

    ``member`` is empty for a plain file; members of nested archives are joined by ``!``.
    """

    path: str = field(repr=False)
    member: str = field(default="", repr=False)

    @property
    def source(self) -> str:
        """The name people know it by: the absolute path, or ``archive.zip!member``."""
        return f"{self.path}!{self.member}" if self.member else self.path


@dataclass(frozen=True, slots=True)
class Instance:
    """One DICOM instance in the index. UIDs are the original ones; a missing one was derived from the content.

    ``digest`` is the SHA-256 of the file's bytes (hex).
    """

    file: SourceFile
    digest: str = field(repr=False)
    patient_id: str = field(repr=False)
    study_uid: str = field(repr=False)
    series_uid: str = field(repr=False)
    sop_uid: str = field(repr=False)
    sop_class: str


@dataclass(frozen=True, slots=True)
class Study:
    """All instances that share a Study Instance UID, ordered by SOP Instance UID: the unit of release.

    ``lacking`` is the reason code of a file that belongs to the study and could not be read, empty if there is none.
    """

    uid: str = field(repr=False)
    patient_id: str = field(repr=False)
    instances: tuple[Instance, ...]
    lacking: str = ""


# --- collect identifiers -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Identifiers:
    """The study's own identifying values, as they stand in its headers; what pixels and free text are searched for.

    ``names``: person names in DICOM form (``FAMILY^GIVEN^...``), of the patient and of everybody else.
    ``ids``: patient, accession, order and other identifiers. ``dates``: DICOM dates (``YYYYMMDD``).
    ``places``: institutions, departments, addresses, telephone numbers. ``retainable``: those ids and places that belong to a
    device or an institution, each as (column of Table E.1-1 of the option that retains it, value).
    """

    names: frozenset[str] = field(default=frozenset(), repr=False)
    ids: frozenset[str] = field(default=frozenset(), repr=False)
    dates: frozenset[str] = field(default=frozenset(), repr=False)
    places: frozenset[str] = field(default=frozenset(), repr=False)
    retainable: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)


# --- tags --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Change:
    """One change to a data set: where, by which action and rule. Never the value.

    ``path`` is the element's place, tags joined by ``/`` without item numbers (``0040A730/0040A123``; group ``0002`` is
    file meta). ``action`` is one of D, Z, X, K, C, U. ``rule`` names the rule of the profile that decided.
    """

    path: str
    action: str
    rule: str


# --- pixels ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, order=True)
class Box:
    """An axis-aligned rectangle in stored pixels of a frame: left, top, width, height."""

    x: int
    y: int
    w: int
    h: int


class Verdict(Enum):
    """What the judge thinks of a text. Unsure is treated as PHI: it is masked or removed."""

    PHI = "phi"
    UNSURE = "unsure"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the judge decided: a rule's name and how sure it is (0..1). Never the text."""

    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A judged text region."""

    frame: int
    box: Box
    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Mask:
    """A rectangle that was overwritten in the stored pixels of ``frames`` (numbered from 0), and the rules that asked for it."""

    box: Box
    frames: tuple[int, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """The pixels of one frame that were erased because they show a face: bits of (rows, columns), packed and deflated."""

    frame: int
    packed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PixelResult:
    """What the pixel step did to one instance.

    ``frames_read`` counts all frames that were looked at; ``frames_compared`` those of them that were proven, by comparison with
    frames that were read whole, to show no other text than what was read.
    """

    frames_read: int = 0
    findings: tuple[Finding, ...] = ()
    masks: tuple[Mask, ...] = ()
    changes: tuple[Change, ...] = ()
    erased: tuple[Erased, ...] = ()
    frames_compared: int = 0


# --- verify ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pair:
    """An original instance and the file that was written for it (staged, not yet released)."""

    original: SourceFile
    written: str = field(repr=False)
    masks: tuple[Mask, ...] = ()
    erased: tuple[Erased, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault the verifier found in a written file. Holds places and kinds, never values.

    ``check`` names the verifier's check, ``instance`` is the index of the pair in the study (-1: the study itself),
    ``place`` is a tag path, a byte region's name or ``frame N``.
    """

    check: str
    instance: int
    place: str


# --- what one study came to --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ChangeCount:
    """The same change in one study, counted: over all elements and over the instances that held them."""

    change: Change
    elements: int
    instances: int


@dataclass(frozen=True, slots=True)
class CleanedInstance:
    """One written instance: its path below the research zone (``/`` between the parts), size in bytes and SHA-256 (hex)."""

    path: str
    size: int
    digest: str
    masks: tuple[Mask, ...] = ()


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A masked frame after the mask, small, as PNG in base64: what the report shows."""

    path: str
    frame: int
    png: str = field(repr=False)
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A reference that leads out of a study.

    ``instance`` is the new SOP Instance UID that it leads to, ``by`` the SOP Class of the instance that holds it (empty
    for one that DICOM did not register), ``stored`` whether it can name a stored instance at all, as the reference to a
    procedure step or a patient cannot.
    """

    instance: str
    by: str
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What cleaning and verifying one study came to. Holds no PHI: it is stored, recorded and reported.

    ``study`` is the new Study Instance UID. ``code`` is empty when the study may be released, else the reason it is held;
    ``message`` says it in a sentence. ``references`` are those that lead out of the study, each once;
    ``waits_for`` names the items of the quarantine for whose instances it is held, if that is why.
    ``profile`` is the profile that a recipe routed the study to, empty if it was the run's.
    """

    study: str
    patient: str
    code: str = ""
    message: str = ""
    problems: tuple[Problem, ...] = ()
    cleaned: tuple[CleanedInstance, ...] = ()
    changes: tuple[ChangeCount, ...] = ()
    frames_read: int = 0
    regions_found: int = 0
    thumbnails: tuple[Thumbnail, ...] = ()
    references: tuple[Reference, ...] = ()
    waits_for: tuple[str, ...] = ()
    profile: str = ""
    frames_compared: int = 0

    @property
    def passed(self) -> bool:
        """Whether the study may be released."""
        return not self.code

    @property
    def masks(self) -> int:
        """How many rectangles were masked in the study."""
        return sum(len(instance.masks) for instance in self.cleaned)
