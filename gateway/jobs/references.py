"""Holds a study that refers to an instance in the quarantine, and counts the references that lead to no instance at all.

The release of a study is decided after that of the studies of the same batch to which it refers, so that the order in which
they come does not matter (docs/decisions/004-references-across-studies.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gateway.audit.job_report import UnseenReferences
from gateway.errors import ReferenceHeld
from gateway.home import Home
from gateway.jobs import quarantine
from gateway.jobs.job import Job
from gateway.jobs.state import State
from gateway.jobs.vetting import vet
from gateway.records import Outcome, Study
from gateway.sources import Index


@dataclass(frozen=True, slots=True)
class Batch:
    """The studies of a run by new Study Instance UID, whose each instance is, and the items of the files in no study."""

    job: Job
    studies: Mapping[str, Study]
    owners: Mapping[str, str] = field(repr=False)
    files: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, job: Job, index: Index, studies: Iterable[Study]) -> Batch:
        """Gather ``studies`` and the files that ``index`` refused."""
        uid = job.pseudonymizer.uid
        own = {uid(study.uid): study for study in studies}
        owners = {uid(instance.sop_uid): study for study, each in own.items() for instance in each.instances}
        files = {uid(one.sop_uid): job.item_of_refused(one) for one in index.refused if one.sop_uid}
        return cls(job, own, owners, {uid: item for uid, item in files.items() if not job.discarded(item)})

    def recall(self) -> dict[str, Outcome]:
        """The outcomes of earlier runs that still hold, by study.

        A study that was held for a reference is cleaned again as soon as what it waits for may have changed: released or
        discarded since, or about to be cleaned in this run.
        """
        known = {uid: outcome for uid, study in self.studies.items() if (outcome := self.job.remembered(study))}
        waits = {uid: self.look(outcome) for uid, outcome in known.items() if outcome.code == ReferenceHeld.code}
        held = {uid for uid, outcome in known.items() if not outcome.passed and uid not in waits}
        held = self.spread(held | {uid for uid, look in waits.items() if look.items}, waits)
        return {uid: outcome for uid, outcome in known.items() if uid not in waits or uid in held}

    def look(self, outcome: Outcome) -> Look:
        """What the study's references lead to that was not released yet."""
        asked = {reference.instance for reference in outcome.references}
        lacking = asked - self.job.state.released(self.job.zone, asked) if asked else asked
        outside = {uid for uid in lacking if uid not in self.owners}
        items = {self.files[uid] for uid in outside if uid in self.files}
        if outside:
            found = self.job.state.held(self.job.zone, outside).values()
            items.update(item for item in frozenset().union(*found) if self.job.holds(item))
        return Look(items, {self.owners[uid] for uid in lacking - outside})

    def item(self, study: str) -> str:
        """The item under which a study is held; empty if a person discarded it."""
        item = self.job.item(self.studies[study])
        return "" if self.job.discarded(item) else item

    def spread(self, held: set[str], looks: Mapping[str, Look]) -> set[str]:
        """The held studies, and those of ``looks`` that refer to one of them, or to one that does."""
        referrers = defaultdict(list)
        for uid, look in looks.items():
            for awaited in look.awaited:
                referrers[awaited].append(uid)
        reached, front = set(held), sorted(held)
        while front:
            uid = front.pop()
            fresh = [other for other in referrers[uid] if other not in reached] if self.item(uid) else []
            reached.update(fresh)
            front += fresh
        return reached


@dataclass(frozen=True, slots=True)
class Look:
    """Where references lead: items that hold what they name, and studies of the batch that are not decided yet."""

    items: set[str]
    awaited: set[str]


@dataclass(slots=True)
class Waiting:
    """Decides study by study: each when all studies are decided to which it refers."""

    batch: Batch
    held: dict[str, str] = field(default_factory=dict)  # decided to be held: the item
    decided: set[str] = field(default_factory=set)
    outcomes: dict[str, Outcome] = field(default_factory=dict)  # of the studies that wait
    looks: dict[str, Look] = field(default_factory=dict)
    referrers: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, outcome: Outcome, *, released: bool = False) -> Iterator[Outcome]:
        """Take in a study's outcome; yield those that are decided now. What was released before stays released."""
        uid = outcome.study
        waits = (outcome.passed or outcome.code == ReferenceHeld.code) and not released
        look = self.batch.look(outcome) if waits else Look(set(), set())
        look.items.update(self.held[other] for other in look.awaited if other in self.held)
        look.awaited.difference_update(self.decided)
        self.outcomes[uid], self.looks[uid] = outcome, look
        for other in look.awaited:
            self.referrers[other].append(uid)
        front = [uid]
        while front:
            uid = front.pop()
            if uid not in self.looks or self.looks[uid].awaited:
                continue
            yield self._decide(uid)
            for other in self.referrers.pop(uid, ()):
                self.looks[other].awaited.discard(uid)
                self.looks[other].items.update({self.held[uid]} if uid in self.held else ())
                front.append(other)

    def rest(self) -> Iterator[Outcome]:
        """Yield the studies that are left when all were taken in: they wait for one another, so they go or stay together."""
        held = self.batch.spread({uid for uid, look in self.looks.items() if look.items}, self.looks)
        for uid in sorted(self.looks):
            look = self.looks[uid]
            items = (self.batch.item(other) for other in look.awaited & held)
            look.items.update(item for item in items if item)
            yield self._decide(uid)

    def _decide(self, uid: str) -> Outcome:
        outcome, look = self.outcomes.pop(uid), self.looks.pop(uid)
        if look.items:
            held = ReferenceHeld(look.items)
            outcome = Outcome(
                uid,
                patient="",
                code=held.code,
                message=str(held),
                references=outcome.references,
                waits_for=tuple(sorted(look.items)),
            )
        self.decided.add(uid)
        if not outcome.passed and (item := self.batch.item(uid)):
            self.held[uid] = item
        return outcome


def settle(batch: Batch, known: Mapping[str, Outcome], cleaned: Iterable[Outcome]) -> Iterator[tuple[Study, Outcome]]:
    """Yield each study of a batch once it is decided whether it is released; ``known`` are the outcomes of ``Batch.recall``.

    Whatever the order in which the studies come, the same are held: those that did not pass, those that refer to what is in
    the quarantine or to a study that is held, and so on. Studies that refer to each other are released together.
    """
    waiting = Waiting(batch)
    for outcome in known.values():
        yield from _with_study(batch, waiting.take(outcome, released=outcome.passed))
    for outcome in cleaned:
        vetted = vet(batch.job, batch.studies[outcome.study], outcome)
        yield from _with_study(batch, waiting.take(vetted, released=vetted.passed and batch.job.is_there(vetted)))
    yield from _with_study(batch, waiting.rest())


def _with_study(batch: Batch, outcomes: Iterable[Outcome]) -> Iterator[tuple[Study, Outcome]]:
    return ((batch.studies[outcome.study], outcome) for outcome in outcomes)


def unseen(job: Job, outcomes: Sequence[Outcome]) -> tuple[UnseenReferences, ...]:
    """Count the instances to which the studies that passed refer, and that were neither released nor held."""
    passed = [outcome for outcome in outcomes if outcome.passed]
    asked = {one.instance for outcome in passed for one in outcome.references if one.stored}
    if not asked:
        return ()
    here = {PurePosixPath(one.path).stem for outcome in passed for one in outcome.cleaned}
    held = {uid for uid, items in job.state.held(job.zone, asked).items() if any(map(job.holds, items))}
    lacking = asked - here - held - job.state.released(job.zone, asked)
    counts = Counter(
        (outcome.study, one.by)
        for outcome in passed
        for one in outcome.references
        if one.stored and one.instance in lacking
    )
    return tuple(UnseenReferences(study, by, count) for (study, by), count in sorted(counts.items()))


def to_held(job: Job, items: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Those of the items of the quarantine to which studies refer that were released before, with these studies."""
    asked = set(items)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for item, study in job.state.referrers(job.zone):
        if item in asked and job.holds(item):
            found[item].append(study)
    return {item: tuple(studies) for item, studies in found.items()}


def ready(home: Home) -> tuple[str, ...]:
    """The items, of any job, that wait for nothing any more: what they were held for was released or discarded since."""
    items = {item.item: item for item in quarantine.listing(home.quarantine)}
    state = State(home.state)

    def waits(item: quarantine.Item) -> bool:
        others = [items[other] for other in item.waits_for if other in items]
        return any(
            not other.instances or set(other.instances) - state.released(item.zone, other.instances) for other in others
        )

    return tuple(name for name, item in items.items() if item.waits_for and not waits(item))
