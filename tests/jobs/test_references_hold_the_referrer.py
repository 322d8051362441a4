"""What a study refers to decides with it: held, released, seen or unseen; whatever the order, the batch and the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from builders import instance, uid, write

from gateway import sources, tags
from gateway.errors import reasons
from gateway.home import open_home
from gateway.jobs.decisions import discard_item
from gateway.jobs.job import Job, open_job
from gateway.jobs.references import Batch, ready, settle, to_held, unseen
from gateway.records import CleanedInstance, Outcome, Reference, Study
from gateway.tools import load_recipes

KO = "1.2.840.10008.5.1.4.1.1.88.59"


@cache
def basic() -> tags.Profile:
    return tags.load("basic")


@dataclass
class Gateway:
    """A home with a research zone, into which studies come by number; what cleaning would find is told, not done."""

    place: Path
    refers: Mapping[int, Sequence[int]] = field(default_factory=dict)
    fails: set[int] = field(default_factory=set)
    cleaned: list[int] = field(default_factory=list)

    def new(self, study: int) -> str:
        key = open_home(self.place / "home").key("pseudonym")
        return tags.Pseudonymizer(key).uid(uid(1, study, 1, study))

    def job(self, batch: Iterable[int], out: str = "out") -> Job:
        """The job of a folder that holds these studies, one file each."""
        folder = self.place / ("in" + "-".join(map(str, sorted(batch))))
        for study in batch:
            write(instance(1, study, 1, study), folder / f"{study}.dcm")
        folder.mkdir(exist_ok=True)
        home = open_home(self.place / "home")
        return open_job(home, [str(folder)], self.place / out, basic(), None, load_recipes(home.path))

    def index(self, batch: Iterable[int]) -> sources.Index:
        return sources.index(sources.receive([self.place / ("in" + "-".join(map(str, sorted(batch))))]))

    def run(self, batch: Sequence[int], out: str = "out") -> dict[int, str]:
        """Take the studies in, in this order; return the reason code of each."""
        job, outcomes = self.job(batch, out), []
        index = self.index(batch)
        numbers = {job.pseudonymizer.uid(uid(1, study)): study for study in batch}
        whole = Batch.of(job, index, index.studies)
        known = whole.recall()
        fresh = sorted((u for u in whole.studies if u not in known), key=lambda u: batch.index(numbers[u]))
        self.cleaned = [numbers[u] for u in fresh]
        cleaning = (self.clean(job, whole.studies[u], numbers[u]) for u in fresh)
        for study, outcome in settle(whole, known, cleaning):
            outcomes.append(job.finish(study, outcome))
        for refused in index.refused:
            job.hold_file(refused)
        self.last = job, outcomes
        return {numbers[outcome.study]: outcome.code for outcome in outcomes}

    def clean(self, job: Job, study: Study, number: int) -> Outcome:
        new = job.pseudonymizer.uid(study.uid)
        references = tuple(Reference(self.new(to), KO) for to in self.refers.get(number, ()))
        if number in self.fails:
            return Outcome(new, patient="", code="PIXELS_UNREADABLE", message="Cut.")
        path = f"P-1/{new}/2.25.2/{self.new(number)}.dcm"
        (job.staging / new / path).parent.mkdir(parents=True)
        (job.staging / new / path).write_bytes(b"cleaned")
        written = CleanedInstance(path, 7, sha256(b"cleaned").hexdigest())
        return Outcome(new, "P-1", cleaned=(written,), references=references)

    def items(self) -> dict[str, str]:
        """The held items: the reason and the sentence of each."""
        quarantine = self.place / "home" / "quarantine"
        return {item.name: (item / "item.json").read_text() for item in sorted(quarantine.iterdir())}

    def item(self, batch: Iterable[int], study: int) -> str:
        job = self.job(batch)
        (found,) = (each for each in self.index(batch).studies if each.uid == uid(1, study))
        return job.item(found)

    def released(self) -> set[int]:
        names = {path.stem for path in (self.place / "out").rglob("*.dcm")}
        return {number for number in range(1, 10) if self.new(number) in names}

    def unseen(self) -> int:
        job, outcomes = self.last
        return sum(found.instances for found in unseen(job, outcomes))


HELD, ITSELF = "REFERENCE_HELD", "PIXELS_UNREADABLE"


@pytest.mark.parametrize("order", list(permutations((1, 2, 3, 4)))[::3])
def test_a_chain_is_held_as_far_as_it_leads_to_what_is_held_in_any_order(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    """1 -> 2 -> 3, and 3 cannot be read; 4 refers to nobody."""
    gateway = Gateway(tmp_path, {1: [2], 2: [3]}, {3})
    assert gateway.run(order) == {1: HELD, 2: HELD, 3: ITSELF, 4: ""}
    assert gateway.released() == {4}
    notes = gateway.items()
    assert gateway.item(order, 2) in notes[gateway.item(order, 1)]
    assert gateway.item(order, 3) in notes[gateway.item(order, 2)]


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_studies_that_refer_to_each_other_go_or_stay_together(order: tuple[int, ...], tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2], 2: [3, 1], 3: [1]})
    assert gateway.run(order) == {1: "", 2: "", 3: ""}
    assert gateway.unseen() == 0
    other = Gateway(tmp_path / "other", {1: [2], 2: [1], 3: [2, 4]}, {4})
    (tmp_path / "other").mkdir()
    other.refers = {1: [2], 2: [1, 4], 3: [2]}
    assert other.run((*order, 4)) == {1: HELD, 2: HELD, 3: HELD, 4: ITSELF}
    assert other.run((4, *order)) == {1: HELD, 2: HELD, 3: HELD, 4: ITSELF}
    assert other.cleaned == [], "nothing has changed, so nothing is cleaned again"
    other.fails = set()
    other.job((1, 2, 3, 4)).state.forget(other.job((1, 2, 3, 4)).name, other.last[0].pseudonymizer.uid(uid(1, 4)))
    assert other.run((*order, 4)) == {1: "", 2: "", 3: "", 4: ""}
    assert other.items() == {}


def test_a_study_waits_for_all_that_it_refers_to_and_names_up_to_three_items(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2, 3, 4, 5]}, {2, 3, 4, 5})
    batch = (2, 1, 3, 5, 4)
    gateway.run(batch)
    items = sorted(gateway.item(batch, study) for study in (2, 3, 4, 5))
    message = f"is held, in item {', '.join(items[:3])} and in 1 more."
    assert message in gateway.items()[gateway.item(batch, 1)]
    assert "retry it" in reasons()[HELD].advice


def test_the_referrer_of_another_job_is_held_until_the_item_is_released(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2]}, {2})
    assert gateway.run([2]) == {2: ITSELF}
    assert gateway.run([1]) == {1: HELD}
    assert gateway.item([2], 2) in gateway.items()[gateway.item([1], 1)]
    assert (gateway.run([1]), gateway.cleaned) == ({1: HELD}, [])
    gateway.fails = set()
    job = gateway.job([2])
    job.state.forget(job.name, job.pseudonymizer.uid(uid(1, 2)))
    assert ready(job.home) == ()
    assert gateway.run([2]) == {2: ""}
    assert ready(job.home) == (gateway.item([1], 1),)
    assert (gateway.run([1]), gateway.cleaned) == ({1: ""}, [1])
    assert ready(job.home) == ()
    assert gateway.unseen() == 0
    assert gateway.items() == {}
    assert (gateway.run([1]), gateway.cleaned) == ({1: ""}, [])


def test_once_the_item_is_discarded_the_referrer_goes_and_its_reference_counts_as_unseen(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2], 3: [1]}, {2})
    for batches in ([[2], [1]], [[3, 2, 1]]):
        for batch in batches:
            gateway.run(batch)
        discard_item(open_home(tmp_path / "home"), gateway.item(batches[0], 2))
        outcomes = [gateway.run(batch) for batch in batches]
        assert {study: code for each in outcomes for study, code in each.items()}.items() >= {1: "", 2: ITSELF}.items()
        assert gateway.unseen() == 1
    assert gateway.released() == {1, 3}


def test_a_held_referrer_that_a_person_discarded_holds_nobody(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2], 2: [3], 3: [2, 4]}, {4})
    batch = (1, 2, 3, 4)
    assert gateway.run(batch) == {1: HELD, 2: HELD, 3: HELD, 4: ITSELF}
    discard_item(open_home(tmp_path / "home"), gateway.item(batch, 2))
    assert gateway.run(batch) == {1: "", 2: HELD, 3: HELD, 4: ITSELF}
    assert gateway.unseen() == 1


def test_an_instance_never_seen_is_counted_until_it_comes(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [8, 9]})
    assert gateway.run([1]) == {1: ""}
    assert gateway.unseen() == 2
    gateway.run([8])
    gateway.run([1])
    assert gateway.unseen() == 1


def test_what_only_another_research_zone_got_or_lacks_does_not_count(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2, 3]}, {2})
    gateway.run([2], out="elsewhere")
    gateway.run([3], out="elsewhere")
    assert gateway.run([1]) == {1: ""}
    assert gateway.unseen() == 2


def test_a_released_study_stays_released_and_the_item_tells_who_refers_to_it(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2], 3: [2]}, {2})
    gateway.run([1, 3])
    gateway.run([2])
    job, _ = gateway.last
    item = gateway.item([2], 2)
    studies = tuple(sorted(job.pseudonymizer.uid(uid(1, study)) for study in (1, 3)))
    assert to_held(job, [item]) == {item: studies}
    assert to_held(job, ["q-000000000000"]) == {}
    assert (gateway.run([1, 3]), gateway.cleaned) == ({1: "", 3: ""}, [])
    assert gateway.unseen() == 0, "it was seen: it is held"
    assert gateway.run([1, 3, 2]) == {1: "", 2: ITSELF, 3: ""}, "sent again, it is there already"
    discard_item(open_home(tmp_path / "home"), item)
    assert to_held(gateway.last[0], [item]) == {}


def test_another_version_of_a_released_instance_in_quarantine_holds_nobody(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2]})
    gateway.run([2])
    (tmp_path / "in2-3").mkdir()
    write(instance(1, 2, 1, 2, SeriesDescription="Coronal"), tmp_path / "in2-3" / "2.dcm")
    job = gateway.job([])
    job.state.hold(job.zone, [gateway.new(2)], gateway.item([2], 2))
    (tmp_path / "home" / "quarantine" / gateway.item([2], 2)).mkdir()
    assert gateway.run([1]) == {1: ""}
    assert to_held(gateway.last[0], [gateway.item([2], 2)]) == {}


def test_an_unreadable_file_holds_what_refers_to_it_by_its_own_uid(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2], 3: [2]})
    gateway.job([1, 2])
    path = tmp_path / "in1-2" / "2.dcm"
    whole = path.read_bytes()
    path.write_bytes(whole[:700])
    job = gateway.job([])
    index = gateway.index([1, 2])
    assert [refused.sop_uid for refused in index.refused] == [uid(1, 2, 1, 2)]

    def take(study: int, batch: sources.Index) -> str:
        found = Batch.of(job, batch, batch.studies)
        (its,) = found.studies.values()
        ((_, outcome),) = settle(found, found.recall(), [gateway.clean(job, its, study)])
        return outcome.code

    assert take(1, index) == HELD
    (refused,) = index.refused
    job.hold_file(refused)
    gateway.job([3])
    assert take(3, gateway.index([3])) == HELD
    assert gateway.run([3]) == {3: HELD}
    assert ready(job.home) == ()
    discard_item(open_home(tmp_path / "home"), job.item_of_refused(refused))
    assert ready(job.home) == (gateway.item([3], 3),)
    job = gateway.job([])
    assert take(1, index) == ""


def test_once_the_instance_is_released_from_another_file_the_old_copy_holds_nobody(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2]}, {2})
    gateway.run([2])
    gateway.run([1])
    broken = gateway.item([2], 2)
    gateway.fails = set()
    gateway.run([2, 3])  # another job: the item of the first stays
    assert broken in gateway.items()
    assert ready(open_home(tmp_path / "home")) == (gateway.item([1], 1),)
    assert gateway.run([1]) == {1: ""}


def test_an_instance_released_before_is_there_although_its_study_is_held_now(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2]})
    gateway.run([2])
    gateway.fails = {2}
    assert gateway.run([1, 2]) == {1: "", 2: ITSELF}


def test_the_sentence_names_what_the_study_waits_for_still(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path, {1: [2, 3]}, {2, 3})
    gateway.run([2])
    gateway.run([3])
    gateway.run([1])
    first, second, waits = gateway.item([2], 2), gateway.item([3], 3), gateway.item([1], 1)
    assert all(item in gateway.items()[waits] for item in (first, second))
    discard_item(open_home(tmp_path / "home"), first)
    assert (gateway.run([1]), gateway.cleaned) == ({1: HELD}, [])
    assert first not in gateway.items()[waits]
    assert second in gateway.items()[waits]
