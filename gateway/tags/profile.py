"""Profiles: policy as data. A profile names an edition of Table E.1-1, options of PS3.15 E.3, and a few knobs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gateway import resources
from gateway.errors import ProfileError
from gateway.tags import choices, standard, yamlfile
from gateway.tags.building import Built, build
from gateway.tags.choices import FULL_DATES, MODIFIED_DATES, RETAIN_UIDS, Knobs
from gateway.tags.plan import Plan
from gateway.tags.rules import Rule, general_rules, pixel_rule
from gateway.tags.yamlfile import ProfileProblem

__all__ = ["Knobs", "Profile", "ProfileProblem", "load", "names", "problems"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A loaded profile. ``rules`` holds one rule per row of Table E.1-1 and the general rules, each with its sentence.

    ``dates`` says what becomes of dates: ``remove`` (as the table says), ``shift`` or ``keep``.
    """

    name: str
    edition: str
    description: str
    options: tuple[str, ...]
    knobs: Knobs
    rules: tuple[Rule, ...] = field(repr=False)
    _by_tag: dict[str, Rule] = field(repr=False, compare=False, default_factory=dict)
    _plans: dict[str | None, Plan] = field(repr=False, compare=False, default_factory=dict)

    def has(self, option: str) -> bool:
        """Whether the profile takes an option (CID 7050 keyword)."""
        return option in self.options

    @property
    def dates(self) -> str:
        """What becomes of dates: ``shift``, ``keep`` or ``remove``."""
        if self.has(MODIFIED_DATES):
            return "shift"
        return "keep" if self.has(FULL_DATES) else "remove"

    @property
    def edition_hash(self) -> str:
        """The first 12 hex digits of the SHA-256 by which the edition's Table E.1-1 is pinned."""
        return standard.edition(self.edition).sha256[:12]

    @property
    def keeps_uids(self) -> bool:
        """Whether original UIDs stay (Retain UIDs Option)."""
        return self.has(RETAIN_UIDS)

    @property
    def columns(self) -> tuple[str, ...]:
        """The option columns of Table E.1-1 (and E.3.4-1) that count."""
        return choices.columns(self.options)

    @property
    def longitudinal(self) -> str:
        """The term of Longitudinal Temporal Information Modified (0028,0303) for what becomes of dates (PS3.3 C.12.1.1.1)."""
        return {"remove": "REMOVED", "shift": "MODIFIED", "keep": "UNMODIFIED"}[self.dates]

    def rule_of(self, tag: str) -> Rule | None:
        """Return the rule for a listed tag (8 hex digits, upper case), None where Table E.1-1 does not list it."""
        return self._by_tag.get(tag)

    def plan(self, sop_class: str | None) -> Plan:
        """Return the resolved steps for a SOP Class (None: not known)."""
        if sop_class not in self._plans:
            self._plans[sop_class] = Plan(self, sop_class)
        return self._plans[sop_class]


def names() -> tuple[str, ...]:
    """Return the names of the profiles that ship with the gateway."""
    return tuple(sorted(path.stem for path in resources.folder("profiles").glob("*.yaml")))


def load(name_or_path: str, *, edition: str | None = None) -> Profile:
    """Load a profile by name, or from a YAML file; under another edition of Table E.1-1 than its own if one is given.

    Raises:
        ProfileError: it is not there, or something in it cannot be built: the message names each such thing and its line.
    """
    path = _path(name_or_path)
    built = _built(path, edition)
    if built.problems:
        raise ProfileError(
            "\n".join(
                f"{path.name}, {problem}" if problem.line else f"{path.name}: {problem}" for problem in built.problems
            )
        )
    return Profile(
        name=built.name,
        edition=built.edition,
        description=built.description,
        options=built.options,
        knobs=built.knobs,
        rules=(*built.by_tag.values(), pixel_rule(built.knobs.pixels), *general_rules()),
        _by_tag=built.by_tag,
    )


def problems(name_or_path: str) -> tuple[ProfileProblem, ...]:
    """Return everything that is wrong with a profile, in the order of its lines; nothing if it can be built.

    Raises:
        ProfileError: it is not there.
    """
    return tuple(_built(_path(name_or_path), None).problems)


def _path(name_or_path: str) -> Path:
    path = Path(name_or_path)
    if path.suffix in {".yaml", ".yml"}:
        return path
    if name_or_path not in names():
        near = choices.near(name_or_path, names())
        raise ProfileError(
            f"There is no profile {name_or_path!r}; "
            + (f"did you mean {near!r}? " if near else "")
            + f"There are: {', '.join(names())}. A file's name ends in .yaml."
        )
    return resources.folder("profiles") / f"{name_or_path}.yaml"


def _built(path: Path, edition: str | None) -> Built:
    try:
        data = path.read_bytes()
    except OSError:
        raise ProfileError(f"Profile {path.name} cannot be read.") from None
    try:
        root, twice = yamlfile.read(data)
    except yamlfile.NotYaml as error:
        return Built(problems=[error.problem])
    built = build(root, path.name, edition)
    built.problems = sorted([*twice, *built.problems], key=lambda problem: problem.line)
    return built
