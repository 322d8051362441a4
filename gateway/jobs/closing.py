"""Ends a job: counts, the last ledger entry, the linkage of the files that are in no study, and the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from hashlib import sha256
from itertools import groupby

from gateway import __version__, verify
from gateway.audit import events, job_report
from gateway.audit.ledger import verify as verify_ledger
from gateway.audit.report import render
from gateway.errors import Usage, reasons
from gateway.files import write_whole
from gateway.home import Home
from gateway.jobs import references
from gateway.jobs.job import Job, profile_digest
from gateway.jobs.result import Held, JobResult
from gateway.records import Outcome
from gateway.sources import Index
from gateway.tags import standard
from gateway.tools import models_used

_PURPOSES = {
    "det": "finds text in pixels",
    "rec": "reads text in pixels",
    "ner": "recognises names and other PHI in text",
}


def begin_job(job: Job) -> None:
    """Record under which policy and with which models the job works, unless the last run worked under the same."""
    profile = job.profile
    started = events.JobStarted(
        gateway=__version__,
        profile=profile.name,
        options=profile.options,
        profile_digest=profile_digest(profile),
        edition=profile.edition,
        edition_digest=standard.edition(profile.edition).sha256,
        models=tuple(
            events.ModelUsed(name=name, version=version, sha256=digest) for name, version, digest in _models(job)
        ),
        recipes=tuple(events.RecipeUsed(name=name, sha256=digest) for name, digest in job.recipes.digests),
        routes=tuple(
            events.ProfileRouted(name=other.name, digest=profile_digest(other))
            for other in job.recipes.profiles.values()
        ),
    )
    job.ledger.record_once(job.name, started)


def count_job(job: Job, index: Index, outcomes: Sequence[Outcome], seconds: float, *, dry_run: bool) -> JobResult:
    """Count what became of every file."""
    files = {job.pseudonymizer.uid(study.uid): len(study.instances) for study in index.studies}
    items = _items(job, index)
    held = [Held(items[o.study], o.code, o.message, files[o.study]) for o in outcomes if not o.passed]
    held += [Held(job.item_of_refused(refused), refused.code, refused.reason, 1) for refused in index.refused]
    referrers = references.to_held(job, (item.item for item in held)).values()
    return JobResult(
        job=job.name,
        received=index.found,
        released=sum(files[outcome.study] for outcome in outcomes if outcome.passed),
        quarantined=sum(item.files for item in held),
        duplicates=len(index.duplicates),
        not_dicom=len(index.not_dicom),
        studies=len(index.studies),
        studies_released=sum(outcome.passed for outcome in outcomes),
        frames_read=sum(outcome.frames_read for outcome in outcomes),
        frames_compared=sum(outcome.frames_compared for outcome in outcomes),
        regions_found=sum(outcome.regions_found for outcome in outcomes),
        masks=sum(outcome.masks for outcome in outcomes),
        missing_on_media=index.missing_references,
        references_unseen=sum(found.instances for found in references.unseen(job, outcomes)),
        references_to_held=len({study for studies in referrers for study in studies}),
        ready_to_retry=references.ready(job.home),
        seconds=seconds,
        dry_run=dry_run,
        out=job.destination.out,
        report=None if dry_run else job.home.job(job.name) / "report.html",
        items=tuple(sorted(held, key=lambda item: (item.code, item.item))),
        warnings=(*job_report.routed(outcomes, job.profile.name), *job_report.kept_against_profile(outcomes)),
    )


def close_job(job: Job, index: Index, outcomes: Sequence[Outcome], result: JobResult, pictures: int) -> None:
    """Hold the files that belong to no study, write the rest of the linkage, the last ledger entry and the report.

    The report shows ``pictures`` masked frames at most.
    """
    for refused in index.refused:
        job.hold_file(refused)
    unseen = references.unseen(job, outcomes)
    to_held = references.to_held(job, (item.item for item in result.items))
    for event in (*_unseen(unseen), *_to_held(to_held)):
        job.ledger.record_once(job.name, event)
    job.record_others(index.duplicates, [file for file, _ in index.not_dicom])
    numbers = {name: getattr(result, name) for name in events.JobFinished.__dataclass_fields__}
    job.ledger.record_once(job.name, events.JobFinished(**numbers))
    report = replace(
        _report(job, index, outcomes, result, pictures),
        unseen=unseen,
        to_held=tuple(sorted(to_held.items())),
    )
    page = render(report)
    folder = job.home.job(job.name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / "report.html", page.encode("utf-8"))


def report_of(home: Home, job: str) -> bytes:
    """The report of a job.

    Raises:
        Usage: there is none.
    """
    try:
        if not events.JOB.fullmatch(job):
            raise FileNotFoundError
        return (home.job(job) / "report.html").read_bytes()
    except OSError:
        raise Usage("The home has no report of such a job; `gateway run` prints a job's name.") from None


def _unseen(found: Sequence[job_report.UnseenReferences]) -> Iterator[events.ReferencesUnseen]:
    """What the ledger says of the references of each study that lead to no instance that the gateway has seen."""
    for study, each in groupby(found, key=lambda one: one.study):
        counts = tuple(events.Unseen(sop_class=one.by, instances=one.instances) for one in each)
        yield events.ReferencesUnseen(study=study, unseen=counts)


def _to_held(found: Mapping[str, tuple[str, ...]]) -> Iterator[events.HeldAfterRelease]:
    """What the ledger says of each item that holds an instance to which a released study refers."""
    for item, studies in sorted(found.items()):
        yield events.HeldAfterRelease(item=item, studies=studies)


def _items(job: Job, index: Index) -> dict[str, str]:
    """The name under which each study (its new UID) is or would be held."""
    return {job.pseudonymizer.uid(study.uid): job.item(study) for study in index.studies}


def _report(
    job: Job, index: Index, outcomes: Sequence[Outcome], result: JobResult, pictures: int
) -> job_report.JobReport:
    counts = {name: getattr(result, name) for name in job_report.Counts.__dataclass_fields__}
    entries = list(job.ledger.entries(job.name))
    ends = [entry.at for entry in entries if entry.event == events.JobFinished.__name__]
    items = _items(job, index)
    problems = {items[outcome.study]: outcome.problems for outcome in outcomes}
    passed = [outcome for outcome in sorted(outcomes, key=lambda o: (o.patient, o.study)) if outcome.passed]
    return job_report.JobReport(
        job=job.name,
        started=entries[0].at,
        finished=ends[-1],
        counts=job_report.Counts(**counts),
        policy=_policy(job),
        models=tuple(job_report.Model(*model, purpose=_purpose(model[0])) for model in _models(job)),
        rules=job_report.rule_uses(passed, _sentences(job)),
        warnings=result.warnings,
        masks=job_report.mask_uses(passed),
        pictures=job_report.pictures(passed, pictures),
        pictures_taken=sum(len(outcome.thumbnails) for outcome in passed),
        held=tuple(
            job_report.HeldItem(
                held.item, held.code, held.message, reasons()[held.code].advice, held.files, problems.get(held.item, ())
            )
            for held in result.items
        ),
        studies=job_report.released_studies(passed),
        ledger=verify_ledger(job.home.ledger, job.home.key("ledger"), job.name),
        checks=verify.CHECKS,
    )


def _policy(job: Job) -> job_report.Policy:
    profile = job.profile
    return job_report.Policy(
        __version__,
        profile.name,
        profile.description,
        profile.edition,
        profile_digest(profile),
        profile.options,
        tuple((knob.name, str(getattr(profile.knobs, knob.name))) for knob in fields(profile.knobs)),
        job.recipes.digests,
        tuple((other.name, other.edition, profile_digest(other)) for other in job.recipes.profiles.values()),
    )


def _sentences(job: Job) -> dict[str, str]:
    """Every rule that a change may name, and its sentence; those of the run's profile come first."""
    told: dict[str, str] = {}
    for profile in (job.profile, *job.recipes.profiles.values()):
        for rule in profile.rules:
            told.setdefault(rule.id, rule.sentence)
    return told | dict(job.recipes.sentences())


def _models(job: Job) -> list[tuple[str, str, str]]:
    """Name, version and one digest of each model: that of its file, or of the list of its files."""
    used = models_used(job.profile, job.recipes, job.home.path)
    return [(model.name, model.version, _digest(model.files)) for model in used]


def _digest(files: Mapping[str, str] | Sequence[tuple[str, str]]) -> str:
    pairs = sorted(dict(files).items())
    return pairs[0][1] if len(pairs) == 1 else sha256(repr(pairs).encode()).hexdigest()


def _purpose(name: str) -> str:
    return next((purpose for part, purpose in _PURPOSES.items() if part in name.lower()), "")
