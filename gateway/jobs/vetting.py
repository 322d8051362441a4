"""Vets a study that passed against what the research zone and the ledger hold: whether it may be released."""

from __future__ import annotations

from pathlib import Path

from gateway.audit import events
from gateway.errors import ReleasedBefore, UidConflict, UnexpectedError
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
    study had fewer instances then. Of what an earlier version released, no note tells from which originals; the name of a
    released file is keyed, so it was this study, and what changed since is for a person to know.
    """
    try:
        job.destination.refuse_other_content(job.staging / outcome.study)
    except UidConflict:
        there = {Path(one.path).stem for one in outcome.cleaned if (job.destination.out / one.path).exists()}
        earlier = job.state.origins(job.zone, there)
        now = job.origins(study, outcome)
        if any(one.original != now[uid].original for uid, one in earlier.items()):
            raise
        others = {one.settings for one in earlier.values()}
        raise ReleasedBefore(_told(job.settings(outcome), others, unknown=len(earlier) < len(there))) from None


def _told(settings: str, others: set[str], *, unknown: bool) -> str:
    """What is said of a study that was released under ``others`` and comes out otherwise under ``settings``."""
    was, why = "before other instances joined it", ""
    if unknown:
        was = "before, and no note tells from which originals (earlier versions of the gateway made none)"
        why = ": the settings changed since, or its source did"
    elif others - {settings}:
        was = f"under {' and '.join(sorted(others - {settings}))}"
    return (
        f"The study was released {was}; under {settings} it comes out otherwise{why}. The released copy is untouched."
    )
