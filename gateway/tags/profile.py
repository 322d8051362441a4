"""Profiles: policy as data. A profile names an edition of Table E.1-1, options of PS3.15 E.3, and a few knobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gateway import resources
from gateway.errors import ProfileError
from gateway.tags import standard
from gateway.tags.plan import PSEUDONYM_TAGS, TEXT_VRS, Plan
from gateway.tags.rules import Rule, general_rules, is_tag, table_rule

REQUIRED_OPTIONS = ("BasicApplicationConfidentialityProfile", "CleanPixelDataOption")
# Options that the gateway can carry out, and their columns in Table E.1-1.
OPTION_COLUMNS: Mapping[str, str] = {
    "RetainLongitudinalTemporalInformationFullDatesOption": "retain_long_full",
    "RetainLongitudinalTemporalInformationModifiedDatesOption": "retain_long_modified",
    "RetainPatientCharacteristicsOption": "retain_patient_chars",
    "RetainDeviceIdentityOption": "retain_device_id",
    "RetainInstitutionIdentityOption": "retain_institution_id",
    "CleanDescriptorsOption": "clean_descriptors",
    "CleanStructuredContentOption": "clean_structured",
    "CleanGraphicsOption": "clean_graphics",
    "RetainUidsOption": "retain_uids",
    "RetainSafePrivateOption": "retain_safe_private",
}
_KNOBS: Mapping[str, tuple[str, ...]] = {
    "descriptors": ("clean", "keep-known-words"),
    "private": ("safe", "safe-numeric"),
    "documents": ("hold", "replace", "clean"),
    "accession": ("table", "numeric"),
}
_KEYS = frozenset({"name", "edition", "description", "options", "knobs", "rules"})
_CLEANABLE = TEXT_VRS | {"DA", "TM", "DT", "SQ", "CS"}


@dataclass(frozen=True, slots=True)
class Knobs:
    """What a profile settles beyond the standard's options.

    Ages of ``oldest_age`` years and more are written as that age. ``descriptors``: free text loses its identifying and
    unknown words (``clean``), or keeps the shipped vocabulary's words only (``keep-known-words``). ``private``: which safe
    private elements Retain Safe Private keeps, all or those of numeric VRs. ``documents``: what becomes of encapsulated
    documents. ``accession``: ``numeric`` gives each order a keyed accession number of 11 digits instead of what
    Table E.1-1 asks for.
    """

    oldest_age: int = 90
    descriptors: str = "clean"
    private: str = "safe"
    documents: str = "hold"
    accession: str = "table"


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
        if "RetainLongitudinalTemporalInformationModifiedDatesOption" in self.options:
            return "shift"
        return "keep" if "RetainLongitudinalTemporalInformationFullDatesOption" in self.options else "remove"

    @property
    def edition_hash(self) -> str:
        """The first 12 hex digits of the SHA-256 by which the edition's Table E.1-1 is pinned."""
        return standard.edition(self.edition).sha256[:12]

    @property
    def keeps_uids(self) -> bool:
        """Whether original UIDs stay (Retain UIDs Option)."""
        return self.has("RetainUidsOption")

    @property
    def columns(self) -> tuple[str, ...]:
        """The option columns of Table E.1-1 (and E.3.4-1) that count."""
        return _columns(self.options)

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


def load(name_or_path: str) -> Profile:
    """Load a profile by name, or from a YAML file.

    Raises:
        ProfileError: it is not there, has an unknown key, or holds a rule or option that cannot be built.
    """
    path = Path(name_or_path)
    if path.suffix not in {".yaml", ".yml"}:
        if name_or_path not in names():
            raise ProfileError(
                f"There is no profile {name_or_path!r}; there are: {', '.join(names())}. A file's name ends in .yaml."
            )
        path = resources.folder("profiles") / f"{name_or_path}.yaml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ProfileError(f"Profile {path.name} cannot be read.") from None
    except yaml.YAMLError:
        raise ProfileError(f"Profile {path.name} is not YAML.") from None
    return _build(_checked(data, path.name), path.name)


def _checked(found: Any, where: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ProfileError(f"Profile {where}: a profile is a mapping of {', '.join(sorted(_KEYS))}.")
    unknown = sorted(str(key) for key in found if key not in _KEYS)
    if unknown:
        raise ProfileError(f"Profile {where}: unknown key {unknown[0]!r}.")
    data: dict[str, Any] = found | {"edition": str(found.get("edition", ""))}  # YAML reads 2011 as a number
    for key in ("name", "edition", "description"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            raise ProfileError(f"Profile {where}: {key} must be text.")
    return data


def _build(data: dict[str, Any], where: str) -> Profile:
    edition = str(data["edition"])
    if edition not in standard.editions():
        raise ProfileError(
            f"Profile {where}: no Table E.1-1 of edition {edition!r}; there are: {', '.join(standard.editions())}."
        )
    if len(data["name"]) > 32 or not data["name"].isascii() or not data["name"].isprintable():
        raise ProfileError(
            f"Profile {where}: name must be at most 32 printable ASCII characters; it is written into each instance."
        )
    options = _options(data.get("options"), where)
    columns = _columns(options)
    by_tag = {tag: table_rule(edition, row, columns) for tag, row in standard.confidentiality(edition).items()}
    by_tag |= _own_rules(data.get("rules", {}), by_tag, where)
    return Profile(
        name=data["name"],
        edition=edition,
        description=data["description"],
        options=options,
        knobs=_knobs(data.get("knobs", {}), where),
        rules=(*by_tag.values(), *general_rules()),
        _by_tag=by_tag,
    )


def _options(options: Any, where: str) -> tuple[str, ...]:
    if not isinstance(options, list):
        raise ProfileError(f"Profile {where}: options must be a list of CID 7050 keywords.")
    for option in options:
        if option not in OPTION_COLUMNS and option not in REQUIRED_OPTIONS:
            raise ProfileError(f"Profile {where}: the option {option!r} cannot be built.")
    missing = [option for option in REQUIRED_OPTIONS if option not in options]
    if missing:
        raise ProfileError(f"Profile {where}: {missing[0]} cannot be left out, the gateway always does it.")
    if len(set(options)) != len(options):
        raise ProfileError(f"Profile {where}: an option is named twice.")
    if {"retain_long_full", "retain_long_modified"} <= {OPTION_COLUMNS.get(option) for option in options}:
        raise ProfileError(f"Profile {where}: full and modified dates exclude each other (PS3.15 E.3.6).")
    return tuple(options)


def _columns(options: Sequence[str]) -> tuple[str, ...]:
    return tuple(OPTION_COLUMNS[option] for option in options if option in OPTION_COLUMNS)


def _knobs(knobs: Any, where: str) -> Knobs:
    known = ("oldest_age", *_KNOBS)
    if not isinstance(knobs, dict) or set(knobs) - set(known):
        raise ProfileError(f"Profile {where}: knobs may hold {', '.join(known)} and nothing else.")
    oldest = knobs.get("oldest_age", 90)
    if isinstance(oldest, bool) or not isinstance(oldest, int) or not 1 <= oldest <= 999:
        raise ProfileError(f"Profile {where}: oldest_age must be a number of years from 1 to 999.")
    for name, choices in _KNOBS.items():
        if knobs.get(name, choices[0]) not in choices:
            raise ProfileError(f"Profile {where}: {name} must be one of {', '.join(choices)}.")
    return Knobs(**knobs)


def _own_rules(rules: Any, by_tag: Mapping[str, Rule], where: str) -> dict[str, Rule]:
    """Build the profile's own rules, keyword to action; they win over Table E.1-1."""
    if not isinstance(rules, dict):
        raise ProfileError(f"Profile {where}: rules must map keywords to actions.")
    built = {}
    for keyword, action in ((str(keyword), str(action)) for keyword, action in rules.items()):
        tag, vr = standard.keyword(keyword)
        possible = {"X", "Z", "D", "K"} | ({"C"} if vr in _CLEANABLE else set()) | ({"U"} if vr == "UI" else set())
        if tag is None or action not in possible:
            raise ProfileError(f"Profile {where}: the rule {keyword!r}: {action!r} cannot be built.")
        name = f"{tag:08X}"
        if tag in PSEUDONYM_TAGS:
            raise ProfileError(
                f"Profile {where}: the rule {keyword!r}: {action!r} cannot be built, it always gets the pseudonym."
            )
        if tag == standard.CONTENT_SEQUENCE or (action == "K" and name in by_tag and by_tag[name].action == "U"):
            raise ProfileError(
                f"Profile {where}: the rule {keyword!r}: {action!r} would keep original UIDs or break references."
            )
        option = action if action in "KC" else ""
        built[name] = Rule(
            f"profile:{keyword}", name, keyword, action, "X" if option else action, option, f"profile {where}"
        )
    return built


def explain(profile: Profile, sop_class_uid: str | None = None) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (tag, keyword, action, rule id, sentence) for every rule of a profile.

    Where the gateway does the same whatever Table E.1-1 says (a pseudonym for the patient, no group below 0008), the
    general rule speaks. With a SOP Class, composite actions (``X/Z/D``) are resolved for the top level of its instances
    (PS3.3 types).
    """
    plan = profile.plan(sop_class_uid)
    general = {rule.id: rule for rule in general_rules()}
    for rule in profile.rules:
        said, action = rule, rule.action
        if is_tag(rule.tag):
            step = plan.step("", int(rule.tag, 16))
            said = general.get(step.rule, rule)
            action = rule.action if said is rule and sop_class_uid is None else step.action
        yield rule.tag, rule.keyword, action, said.id, said.sentence
