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

    If that form was made of the very same originals, then nothing is in conflict: other settings made it, or the study had
    fewer instances then.
    """
    try:
        job.destination.refuse_other_content(job.staging / outcome.study)
    except UidConflict:
        there = {Path(one.path).stem for one in outcome.cleaned if (job.destination.out / one.path).exists()}
        earlier = job.state.origins(job.zone, there)
        now = job.origins(study, outcome)
        if any(uid not in earlier or earlier[uid].original != now[uid].original for uid in there):
            raise
        settings = job.settings(outcome)
        others = sorted({one.settings for one in earlier.values()} - {settings})
        was = f"under {' and '.join(others)}" if others else "before other instances joined it"
        message = (
            f"The study was released {was}; under {settings} it comes out otherwise. The released copy is untouched."
        )
        raise ReleasedBefore(message) from None
