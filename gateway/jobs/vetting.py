"""Vets a study that passed against what the research zone and the ledger hold: whether it may be released."""

from __future__ import annotations

from pathlib import Path

from gateway.audit import events
from gateway.errors import OriginalsUnknown, ReleasedBefore, UidConflict, UnexpectedError
from gateway.jobs.job import Job
from gateway.records import Outcome, Study


def vet(job: Job, study: Study, outcome: Outcome) -> Outcome:
    """The outcome of a study that was cleaned; one that passed but may not be released says that it is held.

    That is so if the research zone holds the study already in another form, or the ledger may not say what was done to it.
    """
    if not outcome.passed:
        return outcome
    try:
        events.cleaned(outcome), events.released(outcome)
        _refuse_second_patient(job, study, outcome)
        _refuse_other_content(job, study, outcome)
    except ValueError:
        message = "What was done to the study cannot be put into the ledger."
        return Outcome(outcome.study, patient="", code=UnexpectedError.code, message=message)
    except (ReleasedBefore, UidConflict) as conflict:
        return Outcome(outcome.study, patient="", code=conflict.code, message=str(conflict))
    return outcome


def _refuse_second_patient(job: Job, study: Study, outcome: Outcome) -> None:
    """Refuse a study that the research zone holds under another research identifier: the two would be linked there."""
    if any(row.new_patient_id != outcome.patient for row in job.standing(study)):
        raise ReleasedBefore("The research zone holds this study already, under another research identifier.")


def _refuse_other_content(job: Job, study: Study, outcome: Outcome) -> None:
    """Refuse a study that the research zone holds in another form.

    Only originals that are known to be others are a conflict. Of the very same ones, other settings made that form, or the
    study had fewer instances then. Where no note tells from which originals a file was released (an earlier version made none,
    the run was cut off before it, or the state was lost), neither is sure: a person has to compare them.
    """
    try:
        job.destination.refuse_other_content(job.staging / outcome.study)
    except UidConflict:
        there = {Path(one.path).stem for one in outcome.cleaned if (job.destination.out / one.path).exists()}
        earlier = job.state.origins(job.zone, there)
        now = job.origins(study, outcome)
        if any(one.original != now[uid].original for uid, one in earlier.items()):
            raise
        settings = job.settings(outcome)
        if len(earlier) < len(there):
            raise OriginalsUnknown(_UNKNOWN.format(settings=settings)) from None
        raise ReleasedBefore(_told(settings, {one.settings for one in earlier.values()})) from None


_UNKNOWN = (
    "The study was released before, and no note tells from which originals: an earlier version of the gateway made none, the run "
    "was cut off, or the state was lost. Under {settings} the source comes out otherwise: the settings changed since, or the "
    "source has other content now. The released copy is untouched."
)


def _told(settings: str, others: set[str]) -> str:
    """What is said of a study that was released from the same originals under ``others`` and comes out otherwise now."""
    was = "before other instances joined it"
    if others - {settings}:
        was = f"under {' and '.join(sorted(others - {settings}))}"
    return f"The study was released {was}; under {settings} it comes out otherwise. The released copy is untouched."
