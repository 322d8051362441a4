"""Every error the gateway raises, in one tree.

::

    GatewayError
    ├── Usage                 what was asked for cannot be done: nothing was started (exit code 2)
    │   ├── SourceNotFound
    │   ├── ConfigError
    │   ├── ProfileError      a rule that cannot be built stops the start
    │   └── IdTableError
    ├── Retry                 the surroundings failed: nothing was released, start the run again (exit code 1)
    │   ├── HomeError         home cannot be written, or its keys are missing or readable by others
    │   ├── HomeBusy          another run holds this home
    │   ├── ModelError        a model is missing or is not the one the manifest names
    │   ├── LedgerError       the ledger does not verify or cannot be written
    │   └── OutputError       the research zone cannot be written
    └── Quarantine            this study or file is held for a person; the rest of the batch goes on
        ├── UnreadableFile        ARCHIVE_UNREADABLE, FILE_UNREADABLE, NESTED_TOO_DEEP
        ├── BrokenInstance        INSTANCE_BROKEN
        ├── UidConflict           UID_CONFLICT
        ├── ReleasedBefore        ORIGINALS_UNKNOWN, RELEASED_BEFORE
        ├── MixedPatients         MIXED_PATIENTS
        ├── UnknownPatient        UNKNOWN_PATIENT
        ├── ReferenceHeld         REFERENCE_HELD
        ├── RejectedByRecipe      RECIPE_REJECTED
        ├── UnsupportedPixels     PIXELS_UNSUPPORTED
        ├── UnreadablePixels      PIXELS_UNREADABLE
        ├── TextOutsideRegions    TEXT_OUTSIDE_REGIONS
        ├── UnsupportedContent    CONTENT_UNSUPPORTED
        ├── RecognizableFeatures  RECOGNIZABLE_FEATURES
        ├── VerificationFailed    VERIFICATION_FAILED
        ├── WorkerCrashed         WORKER_CRASHED
        └── UnexpectedError       UNEXPECTED_ERROR

No message holds a value of an attribute, a text read from pixels or a source path: those may be PHI.
Say which tag, which rule, which frame instead.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from gateway.records import Problem

_NAMED = 3  # items that a message names


class GatewayError(Exception):
    """Root of every error the gateway raises on purpose."""


class Usage(GatewayError):
    """What was asked for cannot be done; nothing was started."""


class SourceNotFound(Usage):
    """A source given on the command line does not exist or cannot be listed."""


class ConfigError(Usage):
    """gateway.toml or the environment holds an unknown key or an illegal value."""


class ProfileError(Usage):
    """A profile is unknown, or one of its rules cannot be built."""


class IdTableError(Usage):
    """The coordinator's ID table cannot be read or contradicts itself."""


class Retry(GatewayError):
    """The surroundings failed; nothing was released by the step that failed, and the run can be started again."""


class HomeError(Retry):
    """The hospital-side home cannot be written, or its keys are missing or readable by others."""


class HomeBusy(Retry):
    """Another run is working in this home."""


class ModelError(Retry):
    """A model is missing or is not the one the manifest names."""


class LedgerError(Retry):
    """The ledger does not verify or cannot be written."""


class OutputError(Retry):
    """The research zone cannot be written."""


class Quarantine(GatewayError):
    """One file or study is held for a person to look at; everything else goes on.

    Attributes:
        code: the reason code that reports, ledger and ``--json`` show.
        advice: one sentence that tells a person what to do next.
    """

    code: ClassVar[str] = "QUARANTINED"
    advice: ClassVar[str] = "Look at the item with `gateway quarantine show`."


class UnreadableFile(Quarantine):
    """A file looks like DICOM, or an archive, but cannot be read to its end."""

    code = "FILE_UNREADABLE"
    advice = "Fetch the file from its origin again; it is damaged, encrypted or cut short."


class UnreadableArchive(UnreadableFile):
    """An archive is encrypted, damaged, nested too deep or expands beyond reason."""

    code = "ARCHIVE_UNREADABLE"
    advice = "Unpack the archive by hand and give the folder to the gateway."


class NestedTooDeep(UnreadableFile):
    """Sequences stand in one another deeper than the gateway follows them."""

    code = "NESTED_TOO_DEEP"
    advice = "Leave the instance out, or have its source write it flatter; no object of the standard nests so deep."


class BrokenInstance(Quarantine):
    """The data set lacks what makes it a DICOM instance, so no rule can be chosen for it."""

    code = "INSTANCE_BROKEN"
    advice = "Fetch the instance from its origin again; it names no SOP Class or cannot be parsed."


class UidConflict(Quarantine):
    """The same SOP Instance UID stands on different content."""

    code = "UID_CONFLICT"
    advice = "Ask the source which version is right, and give only that one to the gateway."


class ReleasedBefore(Quarantine):
    """The research zone holds this very study, cleaned under other settings or for another research identifier."""

    code = "RELEASED_BEFORE"
    advice = (
        "Nothing need be done: the released copy is untouched. To release the study as it would come out now, name another "
        "folder with --out, or take the released copy out of this one and run the job again."
    )


class OriginalsUnknown(ReleasedBefore):
    """The research zone holds this study already, no note tells from which originals, and it would come out otherwise now."""

    code = "ORIGINALS_UNKNOWN"
    advice = (
        "First compare the source with the files that the released study came from; `gateway linkage lookup` of its Study "
        "Instance UID names them. If they are the same, only the settings changed: name another folder with --out, or take the "
        "released copy out of this one and run the job again. If not, leave the copy, and ask the source which version is right."
    )


class MixedPatients(Quarantine):
    """One study holds instances of more than one patient."""

    code = "MIXED_PATIENTS"
    advice = "Correct the patient at the source; the study mixes patient identities."


class UnknownPatient(Quarantine):
    """The patient is not in the coordinator's ID table."""

    code = "UNKNOWN_PATIENT"
    advice = "Add the patient to the ID table and run again, or leave the study out."


class ReferenceHeld(Quarantine):
    """The study refers to an instance that sits in the quarantine: released alone, it would point at what is not there."""

    code = "REFERENCE_HELD"
    advice = "Settle the item that it waits for (retry it, or discard it if the reference may lead nowhere), then retry this one."

    def __init__(self, items: Iterable[str]) -> None:
        named = sorted(set(items))
        more = f" and in {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        super().__init__(f"The study refers to an instance that is held, in item {', '.join(named[:_NAMED])}{more}.")


class RejectedByRecipe(Quarantine):
    """A recipe says that such a study is held, or cannot be carried out on it."""

    code = "RECIPE_REJECTED"
    advice = "Leave the study out, or change the recipe that the item names and retry it."


class UnsupportedPixels(Quarantine):
    """No installed decoder reads this transfer syntax."""

    code = "PIXELS_UNSUPPORTED"
    advice = "Have the source send the study in a transfer syntax that `gateway doctor` lists."


class UnreadablePixels(Quarantine):
    """The pixel data cannot be decoded, or there is less of it than the header says."""

    code = "PIXELS_UNREADABLE"
    advice = "Fetch the instance from its origin again; its pixel data are damaged or cut short."


class TextOutsideRegions(Quarantine):
    """The profile masks the regions of recipes alone, and outside them stands text that identifies somebody, or may."""

    code = "TEXT_OUTSIDE_REGIONS"
    advice = (
        "Add the place to a recipe of the device (recipes/README.md) and retry the item, or take a profile with the knob "
        "`pixels: phi`, which masks such text wherever it stands."
    )

    def __init__(self, frame: int, places: int, identifying: int, frames: int) -> None:
        super().__init__(
            f"Frame {frame + 1} shows text outside the regions of the recipes in {places} place(s): {identifying} identifying, "
            f"{places - identifying} that may be. Frames with such text: {frames}."
        )


class UnsupportedContent(Quarantine):
    """The instance carries content that the profile holds or the gateway cannot clean (a document, audio, video)."""

    code = "CONTENT_UNSUPPORTED"
    advice = "Leave this instance out; for a document, take a profile with the knob `documents: replace` or `clean`."


class RecognizableFeatures(Quarantine):
    """The profile asks for faces to be removed, and an instance may show one from which nothing removes it."""

    code = "RECOGNIZABLE_FEATURES"
    advice = (
        "Leave the instance out, name its body part at the source, or use a profile that keeps recognizable features."
    )


class VerificationFailed(Quarantine):
    """The independent verifier found a fault in the written result.

    ``kept`` are the places (8 hex digits) that recipes kept against the profile: those with a fault are named, since the
    remedy is in the recipe.
    """

    code = "VERIFICATION_FAILED"
    advice = "Read the item's findings; the cleaned result was not released."

    def __init__(self, problems: tuple[Problem, ...], kept: Iterable[str] = ()) -> None:
        checks = ", ".join(sorted({problem.check for problem in problems}))
        named = sorted({problem.place for problem in problems}.intersection(kept))
        kept_here = ", ".join(f"({place[:4]},{place[4:]})" for place in named)
        because = f" A recipe keeps {kept_here} against the profile." if kept_here else ""
        super().__init__(f"The verifier found {len(problems)} fault(s) in the cleaned result: {checks}.{because}")
        self.problems = problems


class WorkerCrashed(Quarantine):
    """The process that worked on the study died (a crash inside a decoder, or no memory)."""

    code = "WORKER_CRASHED"
    advice = "Retry the item; if it crashes again, the study's data crash a decoder."


class UnexpectedError(Quarantine):
    """An error nobody foresaw; the study is held, and the item names the error's type and place without its message."""

    code = "UNEXPECTED_ERROR"
    advice = (
        "Report the error's type and place, as the item names them, to the gateway's makers; they hold no patient data."
    )


def reasons(error: type[Quarantine] = Quarantine) -> dict[str, type[Quarantine]]:
    """Every reason for which something is held, by its code."""
    found = {error.code: error}
    for leaf in error.__subclasses__():
        found |= reasons(leaf)
    return found


def where(error: BaseException) -> str:
    """Type and place of an error nobody foresaw, without its message, which may hold a value of the data."""
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if "gateway" in Path(frame.filename).parts), frames[-1])
    return f"An unexpected {type(error).__name__} in {last.name} ({Path(last.filename).name}:{last.lineno})."
