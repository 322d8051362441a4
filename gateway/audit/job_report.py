"""What the report of a job says: frozen records, and how they are summed up from the outcomes of its studies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from pydicom.datadict import keyword_for_tag

from gateway.audit.ledger import Verification
from gateway.records import Outcome, Problem

PIXEL_PATHS = ("7FE00008", "7FE00009", "7FE00010")


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a job. The four after ``received`` count input files and add up to it."""

    received: int
    released: int
    quarantined: int
    duplicates: int
    not_dicom: int
    studies: int
    studies_released: int
    frames_read: int
    regions_found: int
    masks: int
    missing_on_media: int = 0
    frames_compared: int = 0

    @property
    def add_up(self) -> bool:
        """Whether every received file is accounted for, once."""
        return self.received == self.released + self.quarantined + self.duplicates + self.not_dicom


@dataclass(frozen=True, slots=True)
class Policy:
    """Under which rules the job ran. ``options`` are the keywords of CID 7050; ``digest`` is the profile's SHA-256.

    ``knobs`` are names and values; ``recipes`` names and SHA-256; ``routes`` name, edition and SHA-256 of the profiles to which
    recipes may route a study.
    """

    gateway: str
    profile: str
    description: str
    edition: str
    digest: str
    options: tuple[str, ...]
    knobs: tuple[tuple[str, str], ...] = ()
    recipes: tuple[tuple[str, str], ...] = ()
    routes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A model that took part, what for, and the SHA-256 of its file."""

    name: str
    version: str
    sha256: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class RuleUse:
    """How often a rule of the profile changed elements by one action."""

    rule: str
    sentence: str
    action: str
    elements: int
    instances: int


@dataclass(frozen=True, slots=True)
class MaskUse:
    """How many masks a rule of the judge asked for, and in how many instances."""

    rule: str
    masks: int
    instances: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A masked frame after the mask: PNG in base64, the research UIDs it belongs to, how many masks it bears and why."""

    png: str = field(repr=False)
    study: str
    instance: str
    frame: int
    masks: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldItem:
    """A quarantined item: its reason as code and sentence, what to do next, and the verifier's findings if it has any."""

    item: str
    code: str
    reason: str
    advice: str
    files: int
    findings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleasedStudy:
    """A study in the research zone, under its research identifiers. ``profile`` cleaned it; empty if it was the job's."""

    patient: str
    study: str
    instances: int
    masks: int
    profile: str = ""


@dataclass(frozen=True, slots=True)
class UnseenReferences:
    """How many instances that the gateway has not seen a released study refers to, by the SOP Class UID of what refers."""

    study: str
    by: str
    instances: int


@dataclass(frozen=True, slots=True)
class JobReport:
    """Everything the report of one job shows. ``started`` and ``finished`` are UTC, ISO 8601 to the second.

    ``checks`` maps the verifier's checks to their sentences; ``pictures_taken`` is how many masked frames there were to
    choose ``pictures`` from; ``warnings`` say what recipes kept against the profile, and which studies another profile
    cleaned. ``to_held`` lists the items that hold an instance to which studies refer that were released before, each with
    these studies.
    """

    job: str
    started: str
    finished: str
    counts: Counts
    policy: Policy
    models: tuple[Model, ...]
    rules: tuple[RuleUse, ...]
    masks: tuple[MaskUse, ...]
    pictures: tuple[Picture, ...]
    pictures_taken: int
    held: tuple[HeldItem, ...]
    studies: tuple[ReleasedStudy, ...]
    ledger: Verification
    checks: Mapping[str, str] = field(default_factory=dict)
    unseen: tuple[UnseenReferences, ...] = ()
    to_held: tuple[tuple[str, tuple[str, ...]], ...] = ()
    warnings: tuple[str, ...] = ()


def rule_uses(outcomes: Iterable[Outcome], sentences: Mapping[str, str]) -> tuple[RuleUse, ...]:
    """Sum up what the rules changed in the headers, in the order of ``sentences`` (rule id to sentence); the rest by name.

    An instance in which a rule changed several places counts once per place: ``instances`` is the greatest count of one
    place in each study, summed over the studies, so it is a lower bound and exact for rules about one element.
    """
    elements: defaultdict[tuple[str, str], int] = defaultdict(int)
    instances: defaultdict[tuple[str, str], int] = defaultdict(int)
    for outcome in outcomes:
        most: defaultdict[tuple[str, str], int] = defaultdict(int)
        for count in outcome.changes:
            if count.change.path not in PIXEL_PATHS:
                use = (count.change.rule, count.change.action)
                elements[use] += count.elements
                most[use] = max(most[use], count.instances)
        for use, number in most.items():
            instances[use] += number
    order = {rule: place for place, rule in enumerate(sentences)}
    uses = sorted(elements, key=lambda use: (order.get(use[0], len(order)), use))
    return tuple(
        RuleUse(rule, sentences.get(rule, ""), action, elements[rule, action], instances[rule, action])
        for rule, action in uses
    )


def routed(outcomes: Iterable[Outcome], profile: str) -> Iterator[str]:
    """Yield a sentence for each profile that cleaned studies instead of the job's, because a recipe routed them there."""
    studies = Counter(outcome.profile for outcome in outcomes if outcome.passed and outcome.profile)
    for name, number in sorted(studies.items()):
        counted = "1 study" if number == 1 else f"{number} studies"
        yield f"Cleaned by the profile {name} instead of {profile}: {counted}, as a recipe says."


def kept_against_profile(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a sentence for each attribute that a recipe kept against the profile (rule ``recipe.<name>.keeps``)."""
    elements: defaultdict[tuple[str, str], int] = defaultdict(int)
    for count in (count for outcome in outcomes for count in outcome.changes):
        if count.change.rule.startswith("recipe.") and count.change.rule.endswith(".keeps"):
            elements[count.change.rule.split(".", 1)[1].removesuffix(".keeps"), count.change.path] += count.elements
    for (recipe, path), number in sorted(elements.items()):
        named = f"{keyword_for_tag(int(path, 16))} ({path[:4]},{path[4:]})"
        yield f"Kept against the profile: {named}, in {number} instance{'s' * (number > 1)}, as the recipe {recipe} says."


def mask_uses(outcomes: Iterable[Outcome]) -> tuple[MaskUse, ...]:
    """Count masks by the rules that asked for them, most frequent first."""
    masks: defaultdict[str, int] = defaultdict(int)
    instances: defaultdict[str, set[str]] = defaultdict(set)
    for instance in (instance for outcome in outcomes for instance in outcome.cleaned):
        for rule in (rule for mask in instance.masks for rule in mask.rules):
            masks[rule] += 1
            instances[rule].add(instance.path)
    return tuple(
        MaskUse(rule, masks[rule], len(instances[rule])) for rule in sorted(masks, key=lambda r: (-masks[r], r))
    )


def pictures(outcomes: Iterable[Outcome], most: int) -> tuple[Picture, ...]:
    """Choose at most ``most`` thumbnails: the first of every study, then the second of every study, and so on."""
    rounds = zip_longest(*(_pictures(outcome) for outcome in outcomes))
    return tuple(picture for picture in chain.from_iterable(rounds) if picture is not None)[:most]


def _pictures(outcome: Outcome) -> list[Picture]:
    masks = {instance.path: instance.masks for instance in outcome.cleaned}
    return [
        Picture(
            shown.png,
            outcome.study,
            shown.path.rpartition("/")[2].removesuffix(".dcm"),
            shown.frame,
            sum(shown.frame in mask.frames for mask in masks[shown.path]),
            shown.rules,
        )
        for shown in outcome.thumbnails
    ]


def released_studies(outcomes: Iterable[Outcome]) -> tuple[ReleasedStudy, ...]:
    """The studies that passed, by patient and study."""
    found = ((o.patient, o.study, len(o.cleaned), o.masks, o.profile) for o in outcomes if o.passed)
    return tuple(ReleasedStudy(*study) for study in sorted(found))
