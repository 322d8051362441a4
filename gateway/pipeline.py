"""The order of the steps, written once.

receive -> index -> for each study: collect identifiers -> tags -> pixels -> verify -> record -> release | quarantine
"""

from __future__ import annotations

import shutil
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import file_digest
from os import cpu_count
from pathlib import Path

from pydicom import FileDataset

from gateway import config, sources, tags, verify
from gateway.documents.clean import clean as clean_document
from gateway.errors import (
    HomeError,
    MixedPatients,
    Quarantine,
    Retry,
    UnexpectedError,
    UnsupportedContent,
    VerificationFailed,
    WorkerCrashed,
    where,
)
from gateway.files import cause
from gateway.home import open_home
from gateway.idtable import read_id_table
from gateway.jobs.closing import begin_job, close_job, count_job
from gateway.jobs.engines import Engine, LocalEngine
from gateway.jobs.job import Job, open_job
from gateway.jobs.references import Batch, settle
from gateway.jobs.request import Request, save_request
from gateway.jobs.result import JobResult
from gateway.pixels.clean import clean as clean_pixels
from gateway.pixels.faces import OPTION as FACES
from gateway.pixels.faces import Faces
from gateway.pixels.policy import Policy
from gateway.pixels.readers import loading
from gateway.pixels.thumbnail import thumbnail
from gateway.recipes import Route
from gateway.records import (
    Box,
    Change,
    ChangeCount,
    CleanedInstance,
    Identifiers,
    Instance,
    Outcome,
    Pair,
    PixelResult,
    Reference,
    Study,
    Thumbnail,
)
from gateway.stored import keep_in, kept_in
from gateway.tags.marks import method_text
from gateway.tools import Plan, Tools, asked, load_recipes, load_tools
from gateway.watch import Unwatched, Watch

THUMBNAILS_A_STUDY = 4
_THREADS = 4  # that read one frame: it has few tiles for more


def run_job(request: Request, home_path: Path | None = None, watch: Watch | None = None) -> JobResult:
    """Receive -> index -> clean each study -> record -> release | quarantine; then the report.

    Raises:
        Usage: the sources, profile, ID table or folders are wrong; nothing was started.
        Retry: the surroundings failed; whatever was released is whole and recorded, and the run can be started again.
    """
    watch, begun = watch or Unwatched(), time.monotonic()
    home = open_home(home_path or config.default_home())
    settings = config.load(home.path)
    named = config.find_profile(home.path, request.profile or settings.profile)
    profile = tags.load(named)
    recipes = load_recipes(home.path)  # a recipe that cannot be carried out stops the start
    loading.require(asked(profile, recipes), home.path)  # and so does a reader that is not there
    table = read_id_table(request.ids) if request.ids else None
    with home.locked():
        job = open_job(home, request.sources, request.out, profile, table, recipes)
        watch.begin("Looking for files", None)
        received = sources.receive(request.sources, exclude=(home.path, request.out))
        watch.begin("Reading files", len(received.files))
        with kept_in(job.staging):
            index = sources.index(received, lambda *_: watch.advance())
        if not request.dry_run:
            save_request(home, job.name, request)
            begin_job(job)
        outcomes: list[Outcome] = []
        watch.begin("Cleaning studies", sum(len(study.instances) for study in index.studies))
        plan = Plan(home.path, job.staging, named, table)
        batch = Batch.of(job, index, _with_gaps(index))
        known = batch.recall()
        fresh = [study for uid, study in batch.studies.items() if uid not in known]
        cleaned = _outcomes(fresh, job, plan, request.workers or settings.workers)
        for study, outcome in settle(batch, known, cleaned):
            outcomes.append(job.drop(outcome) if request.dry_run else job.finish(study, outcome))
            watch.advance(len(study.instances))
        result = count_job(job, index, outcomes, time.monotonic() - begun, dry_run=request.dry_run)
        if not request.dry_run:
            watch.begin("Writing the report", None)
            close_job(job, index, outcomes, result, settings.thumbnails)
        shutil.rmtree(job.staging, ignore_errors=True)
        return result


def _outcomes(studies: Sequence[Study], job: Job, plan: Plan, workers: int) -> Iterator[Outcome]:
    """Yield the outcome of each study: held for want of a file, or cleaned now, in any order."""
    for study in studies:
        if study.lacking:
            message = "A file of this study is held by itself, so the study is not whole."
            yield Outcome(job.pseudonymizer.uid(study.uid), patient="", code=study.lacking, message=message)
    whole = [study for study in studies if not study.lacking]
    if whole:
        cores = cpu_count() or 1
        processes = min(workers or cores, len(whole))
        plan = replace(plan, threads=max(1, min(_THREADS, cores // processes)))  # no thread changes what is read
        engine: Engine = LocalEngine(processes, partial(_prepare, plan))
        for study, result in engine.run(whole, _work):
            uid = job.pseudonymizer.uid(study.uid)
            yield _held(uid, result) if isinstance(result, WorkerCrashed) else result


def _with_gaps(index: sources.Index) -> Iterator[Study]:
    """Yield the studies; one that is not whole without a refused file is marked as lacking it."""
    lacking = {uid: refused.code for refused in index.refused for uid in refused.studies}
    for study in index.studies:
        yield replace(study, lacking=lacking.get(study.uid, ""))


_tools: Tools  # of a cleaning process, loaded by ``_prepare``


def _prepare(plan: Plan) -> None:
    global _tools  # noqa: PLW0603  # a process of the engine has no other place to keep what it loaded
    _tools = load_tools(plan)
    keep_in(plan.staging)


def _work(study: Study) -> Outcome:
    return clean_study(study, _tools)


def clean_study(study: Study, tools: Tools) -> Outcome:
    """Clean and verify one study into the staging; whatever goes wrong, the outcome says that the study is held.

    This is the only place that catches every exception: nothing that happens to one study may release it unverified, or
    stop the others.
    """
    try:
        return _clean_study(study, tools)
    except Quarantine as error:
        held = error
    except Retry:
        raise  # not this study's fault: the run stops, and can be started again
    except RecursionError:
        held = UnsupportedContent("Sequences are nested deeper than the gateway can follow.")
    except Exception as error:  # noqa: BLE001  # fail closed: an error nobody foresaw holds the study
        held = UnexpectedError(where(error))
    uid = tools.pseudonymizer.uid(study.uid)
    shutil.rmtree(tools.staging / uid, ignore_errors=True)
    return _held(uid, held)


def _held(uid: str, held: Quarantine) -> Outcome:
    """The outcome of a study that is held; ``uid`` is its new Study Instance UID."""
    problems = held.problems if isinstance(held, VerificationFailed) else ()
    return Outcome(uid, patient="", code=held.code, message=str(held), problems=problems)


def _clean_study(study: Study, tools: Tools) -> Outcome:
    """Collect identifiers -> tags -> pixels -> verify."""
    if len(sources.patients(study)) > 1:
        raise MixedPatients("The study holds instances with different Patient IDs.")
    patient = tools.patient(study)
    uid = tools.pseudonymizer.uid(study.uid)
    shift = tools.pseudonymizer.shift(study.patient_id or study.uid)
    originals = sources.Originals(study)
    route = Route(tools.recipes)
    identifiers = tags.collect(route.past(originals.keep(instance) for instance in study.instances))
    tools = tools.under(route.profile)
    subject = _Subject(identifiers, patient, shift, _faces(study, originals, tools))
    cleaned = [
        _clean_instance(instance, originals.take(instance), tools, subject, boxes)
        for instance, boxes in zip(study.instances, route.boxes, strict=True)
    ]
    pairs = [
        Pair(instance.file, str(tools.staging / uid / one.written.path), one.written.masks, one.pixels.erased)
        for instance, one in zip(study.instances, cleaned, strict=True)
    ]
    expected = tuple(instance.file for instance in study.instances)
    facts = verify.Facts(
        patient,
        tools.profile.longitudinal,
        expected,
        tools.staging / uid,
        frozenset(tools.profile.options),
        tools.profile.knobs.documents,
        method_text(tools.profile),
        tools.profile.edition,
    )
    if problems := verify.verify(pairs, originals.open, facts, tools.verifier_reader):
        kept = {change.path for one in cleaned for change in one.changes if change.rule.endswith(".keeps")}
        raise VerificationFailed(problems, kept)
    own = {tools.pseudonymizer.uid(instance.sop_uid) for instance in study.instances}
    references = {reference for one in cleaned for reference in one.references if reference.instance not in own}
    return Outcome(
        study=uid,
        patient=patient,
        cleaned=tuple(one.written for one in cleaned),
        references=tuple(sorted(references)),
        changes=_count((*one.changes, *route.changes) for one in cleaned),
        frames_read=sum(one.pixels.frames_read for one in cleaned),
        frames_compared=sum(one.pixels.frames_compared for one in cleaned),
        regions_found=sum(len(one.pixels.findings) for one in cleaned),
        thumbnails=tuple(shown for one in cleaned for shown in one.thumbnails)[:THUMBNAILS_A_STUDY],
        profile=route.name,
    )


def _faces(study: Study, originals: sources.Originals, tools: Tools) -> Faces:
    """Look for faces, if the profile wants them removed: what is erased of an instance depends on the whole study."""
    faces = Faces()
    for instance in study.instances if tools.profile.has(FACES) else ():
        faces.see(instance.sop_uid, originals.look(instance))
    return faces


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose study it is: what identifies the patient, the research identifier, by how many days dates are shifted, and faces."""

    identifiers: Identifiers
    pseudonym: str
    shift_days: int
    faces: Faces


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """One cleaned instance: the file that was written, and what the steps did for it."""

    written: CleanedInstance
    changes: tuple[Change, ...]
    pixels: PixelResult
    thumbnails: tuple[Thumbnail, ...]
    references: frozenset[Reference]


def _clean_instance(
    instance: Instance, original: FileDataset, tools: Tools, subject: _Subject, boxes: Sequence[tuple[Box, str]]
) -> _Cleaned:
    """Tags -> recipes -> faces -> pixels, or the document in their place -> the staged file."""
    context = tags.Context(
        identifiers=subject.identifiers,
        pseudonym=subject.pseudonym,
        shift_days=subject.shift_days,
        pseudonymizer=tools.pseudonymizer.for_elements(keep_uids=tools.profile.has("RetainUidsOption")),
        judge=tools.judge,
        instance=instance,
    )
    dataset, changes = tags.apply(original, tools.profile, context)
    changes += tools.recipes.apply(dataset, original)
    erased, cleared = subject.faces.erase(instance.sop_uid, dataset)
    knobs = tools.profile.knobs
    result = clean_document(original, dataset, knobs, subject.identifiers, tools.reader, tools.judge)
    result = result or clean_pixels(
        dataset, subject.identifiers, tools.reader, tools.judge, boxes, Policy(knobs.pixels)
    )
    result = replace(result, erased=erased, changes=(*cleared, *result.changes))
    study, series, sop = (
        tools.pseudonymizer.uid(uid) for uid in (instance.study_uid, instance.series_uid, instance.sop_uid)
    )
    path = f"{subject.pseudonym}/{study}/{series}/{sop}.dcm"
    size, digest = _write(dataset, tools.staging / study / path)
    written = CleanedInstance(path, size, digest, result.masks)
    references = tags.references(original, dataset, instance.sop_class, tools.pseudonymizer)
    return _Cleaned(written, (*changes, *result.changes), result, _thumbnails(dataset, path, result), references)


def _write(dataset: FileDataset, path: Path) -> tuple[int, str]:
    """Write a cleaned instance into the staging; return its size in bytes and its SHA-256.

    Raises:
        HomeError: the disk is full or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(path, enforce_file_format=True)
        with path.open("rb") as stream:
            return path.stat().st_size, file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise HomeError(f"The staging in the home cannot be written ({cause(error)}).") from None


def _count(changes: Iterable[tuple[Change, ...]]) -> tuple[ChangeCount, ...]:
    """The changes of a study's instances, counted by kind and sorted by place."""
    elements: Counter[Change] = Counter()
    instances: Counter[Change] = Counter()
    for of_instance in changes:
        elements.update(of_instance)
        instances.update(set(of_instance))
    ordered = sorted(elements, key=lambda change: (change.path, change.action, change.rule))
    return tuple(ChangeCount(change, elements[change], instances[change]) for change in ordered)


def _thumbnails(dataset: FileDataset, path: str, result: PixelResult) -> tuple[Thumbnail, ...]:
    """The first masked frame of an instance, for the report."""
    if not result.masks or "PixelData" not in dataset:
        return ()
    frame = min(frame for mask in result.masks for frame in mask.frames)
    rules = sorted({rule for mask in result.masks for rule in mask.rules})
    return (Thumbnail(path, frame, b64encode(thumbnail(dataset, frame)).decode("ascii"), tuple(rules)),)
