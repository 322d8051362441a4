"""The loaded recipes of a run, and what they say of each study and instance."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydicom.dataset import FileDataset

from gateway.errors import ConfigError, ProfileError, RejectedByRecipe
from gateway.recipes.attributes import named
from gateway.recipes.filters import Filter, view
from gateway.recipes.header import Header
from gateway.recipes.language import ACCEPT, NAME, PROFILE, REJECT, Reading, read
from gateway.records import Box, Change
from gateway.tags import Profile

_LONGEST = 32  # characters of a recipe's name


@dataclass(frozen=True, slots=True)
class Recipes:
    """Loaded recipes. ``digests`` holds the SHA-256 of each by its name, ``profiles`` those that filters route to."""

    filters: tuple[Filter, ...] = ()
    headers: tuple[Header, ...] = ()
    digests: tuple[tuple[str, str], ...] = ()
    profiles: Mapping[str, Profile] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, folders: Iterable[Path], profile: Callable[[str], Profile]) -> Recipes:
        """Read every ``*.dicom`` of the folders; ``profile`` loads a profile by its name.

        Raises:
            ConfigError: a recipe cannot be carried out to the letter; the message names file, line and remedy.
        """
        filters: list[Filter] = []
        headers: list[Header] = []
        digests: list[tuple[str, str]] = []
        profiles: dict[str, Profile] = {}
        for path in (path for folder in folders for path in sorted(folder.glob("*.dicom"))):
            reading, config, digest = _read(path)
            filters += _filters(path.stem, reading, config)
            headers += [_header(path.stem, reading, config)] if reading.header else []
            digests.append((path.stem, digest))
            profiles |= _profiles(path, reading, profile)
        return cls(tuple(filters), tuple(headers), tuple(digests), profiles)

    def apply(self, cleaned: FileDataset, original: FileDataset) -> tuple[Change, ...]:
        """Carry out the header rules of every recipe on a cleaned instance, in place; return what they changed.

        Raises:
            RejectedByRecipe: deid cannot carry out a rule on this instance.
        """
        return tuple(change for header in self.headers for change in header.apply(cleaned, original))

    def summary(self) -> Iterator[str]:
        """Yield what each recipe holds, in a few words."""
        for recipe, _ in self.digests:
            filters = [each for each in self.filters if each.recipe == recipe]
            routed = dict.fromkeys(each.group for each in filters if each.group.startswith(PROFILE))
            parts = ["header rules"] if any(each.recipe == recipe for each in self.headers) else []
            parts += [f"{len(filters)} filter{'s' * (len(filters) > 1)}"] if filters else []
            yield f"{recipe} ({', '.join([*parts, *(group.replace('.', ' ', 1) for group in routed)])})"

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Yield the rule and sentence for whatever the recipes record."""
        for recipe, _ in self.digests:
            yield f"recipe.{recipe}", f"The site's recipe {recipe} asks for it."
            yield f"recipe.{recipe}.keeps", f"Kept against the profile: the site's recipe {recipe} names the attribute."
            for name in self.profiles:
                yield (
                    f"recipe.{recipe}.{PROFILE}{name}",
                    f"The site's recipe {recipe} has the study cleaned by the profile {name}.",
                )


class Route:
    """What the filters say of one study: its instances are shown to ``past`` one by one, as they were received."""

    def __init__(self, recipes: Recipes) -> None:
        self._recipes = recipes
        self._keywords = frozenset(keyword for each in recipes.filters for keyword in each.keywords)
        self._chosen: dict[str, str] = {}
        self.boxes: list[tuple[tuple[Box, str], ...]] = []

    def past(self, originals: Iterable[FileDataset]) -> Iterator[FileDataset]:
        """Hand on each instance after the filters have seen it; ``boxes`` then holds what is to be masked in it.

        Raises:
            RejectedByRecipe: a filter holds such an instance, or no filter accepts it.
        """
        for original in originals:
            self.boxes.append(self._look(original) if self._recipes.filters else ())
            yield original

    @property
    def name(self) -> str:
        """The name of the profile that the study is routed to, empty if it is the run's.

        Raises:
            RejectedByRecipe: the filters name more than one.
        """
        if len(self._chosen) > 1:
            names = " and ".join(sorted(self._chosen))
            raise RejectedByRecipe(f"Recipes route instances of this study to different profiles: {names}.")
        return next(iter(self._chosen), "")

    @property
    def profile(self) -> Profile | None:
        """That profile, None if it is the run's; raises as ``name`` does."""
        return self._recipes.profiles[self.name] if self.name else None

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is recorded for each instance of a study that is routed: its De-identification Method names the profile."""
        return tuple(Change("00120063", "D", f"recipe.{self._chosen[name]}.{PROFILE}{name}") for name in self._chosen)

    def _look(self, original: FileDataset) -> tuple[tuple[Box, str], ...]:
        seen = view(original, self._keywords)
        matching = [each for each in self._recipes.filters if each.matches(seen)]
        if any(each.group == ACCEPT for each in self._recipes.filters) and all(e.group != ACCEPT for e in matching):
            raise RejectedByRecipe("No filter `accept` of the recipes names such an instance.")
        masks = []
        for each in matching:
            if each.group.startswith(PROFILE):
                self._chosen.setdefault(each.group.removeprefix(PROFILE), each.recipe)
            elif each.boxes:
                masks += [(box, f"recipe.{each.recipe}") for box in each.masks(original)]
            elif each.group != ACCEPT:
                raise RejectedByRecipe(f"The recipe {each.recipe} says that such studies are held: {each.label}.")
        return tuple(masks)


def _read(path: Path) -> tuple[Reading, dict[str, Any], str]:
    """Read a recipe twice, strictly and as deid does; the two must agree."""
    if not NAME.fullmatch(path.stem) or len(path.stem) > _LONGEST:
        fault = f"name the file with at most {_LONGEST} letters, digits and single marks . _ - between them"
        raise ConfigError(f"The recipe {path.name}: {fault}; reports and ledger call its rules by that name.")
    try:
        data = path.read_bytes()
        reading = read(data.decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"The recipe {path.name} cannot be read; it must be text in UTF-8.") from None
    faults = sorted(set(reading.faults))
    if faults:
        raise ConfigError("\n".join(f"The recipe {path.name}, line {line}: {says}." for line, says in faults))
    config = _parsed(path)
    _agree(path, reading, config)
    return reading, config, sha256(data).hexdigest()


def _parsed(path: Path) -> dict[str, Any]:
    os.environ["MESSAGELEVEL"] = "QUIET"  # deid talks on the terminal, and its messages may quote values
    from deid.config import DeidRecipe  # noqa: PLC0415  # slow to import; not needed to print a help text

    try:
        found: dict[str, Any] = DeidRecipe(deid=str(path)).deid
    except (SystemExit, AttributeError, ValueError, IndexError, KeyError):  # deid ends the process on a bad recipe
        raise ConfigError(
            f"The recipe {path.name} cannot be read by deid; compare it with recipes/README.md."
        ) from None
    return found


def _agree(path: Path, reading: Reading, config: dict[str, Any]) -> None:
    """Refuse a recipe in which deid would find other rules than stand there."""
    header = [(rule["action"], rule["field"], rule.get("value", "").strip()) for rule in config.get("header", [])]
    for mine, its in zip(reading.header, header, strict=False):
        if (mine.action, mine.field, mine.value) != its:
            raise ConfigError(
                f"The recipe {path.name}, line {mine.line}: deid reads this line otherwise; write it simpler."
            )
    if len(header) != len(reading.header):
        raise ConfigError(f"The recipe {path.name}: deid does not read all header rules; write them simpler.")
    for entry, parsed in zip(reading.entries, _entries(reading, config), strict=True):
        fields = [name for group in parsed["filters"] for name in group["field"]]
        if len(fields) != entry.conditions or set(fields) != entry.keywords:
            fault = "deid reads the conditions below otherwise; write each on its own line"
            raise ConfigError(f"The recipe {path.name}, line {entry.line}: {fault}.")


def _entries(reading: Reading, config: dict[str, Any]) -> list[dict[str, Any]]:
    """Return deid's entries in the order of ours."""
    groups = {name: iter(entries) for name, entries in config.get("filter", {}).items()}
    return [next(groups[entry.group]) for entry in reading.entries]


def _filters(recipe: str, reading: Reading, config: dict[str, Any]) -> Iterator[Filter]:
    from deid.config import DeidRecipe  # noqa: PLC0415  # as above

    for entry, parsed in zip(reading.entries, _entries(reading, config), strict=True):
        group = REJECT[0] if entry.group.lower() in REJECT else entry.group
        alone = DeidRecipe(deid={"format": "dicom", "filter": {group: [parsed]}})
        yield Filter(recipe, group, entry.label, tuple(entry.boxes), frozenset(entry.keywords), alone)


def _header(recipe: str, reading: Reading, config: dict[str, Any]) -> Header:
    from deid.config import DeidRecipe  # noqa: PLC0415  # as above

    single = [(rule, named(rule.field)) for rule in reading.header if "__" not in rule.field]
    tags = {tag: rule.action for rule, tag in single if tag is not None}
    alone = {key: config[key] for key in ("format", "header", "fields") if key in config}
    return Header(recipe, tags, DeidRecipe(deid=alone))


def _profiles(path: Path, reading: Reading, load: Callable[[str], Profile]) -> dict[str, Profile]:
    """Load the profiles that filters route to."""
    found = {}
    for entry in reading.entries:
        if entry.group.startswith(PROFILE):
            name = entry.group.removeprefix(PROFILE)
            try:
                found[name] = load(name)
            except ProfileError as error:
                raise ConfigError(f"The recipe {path.name}, line {entry.line}: {error}") from None
    return found
