"""What cleaning a study needs beside the study itself: policy, keys, models. Loaded once in each process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gateway import config, models, weights
from gateway.errors import UnknownPatient
from gateway.home import Home
from gateway.judge import TextJudge
from gateway.models import Model
from gateway.pixels.reader import TextReader
from gateway.pixels.readers import loading
from gateway.recipes import Recipes
from gateway.records import Study
from gateway.resources import folder
from gateway.tags import Profile, Pseudonymizer, load
from gateway.verify import Reader


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run hands to its processes: small, and the same for all of them.

    ``table`` is the coordinator's ID table, ``threads`` the cores that each process has to itself.
    """

    home: Path
    staging: Path
    profile: str
    table: Mapping[str, str] | None
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Tools:
    """The loaded tools of one process. ``reader`` is the one that the profile asks for, of those that any profile asks for."""

    staging: Path
    profile: Profile
    pseudonymizer: Pseudonymizer
    table: Mapping[str, str] | None
    judge: TextJudge
    reader: TextReader
    recipes: Recipes
    verifier_reader: Reader
    readers: Mapping[str, TextReader]

    def patient(self, study: Study) -> str:
        """The research identifier of the study's patient.

        Raises:
            UnknownPatient: there is an ID table, and the patient is not in it.
        """
        if self.table is None:
            return self.pseudonymizer.patient(study.patient_id, fallback=study.uid)
        try:
            return self.table[study.patient_id.strip()]
        except KeyError:
            raise UnknownPatient("The patient of this study is not in the ID table.") from None

    def under(self, profile: Profile | None) -> Tools:
        """The same tools with another profile, if one is given."""
        return replace(self, profile=profile, reader=self.readers[profile.knobs.readers]) if profile else self


def recipe_folders(home: Path) -> tuple[Path, Path]:
    """Where recipes lie: those that ship with the gateway, and the site's own."""
    return folder("recipes"), home / "recipes"


def load_recipes(home: Path) -> Recipes:
    """Load the recipes that ship with the gateway and the site's own, and the profiles that they route to.

    Raises:
        ConfigError: a recipe holds what cannot be carried out.
    """
    return Recipes.load(recipe_folders(home), lambda name: load(config.find_profile(home, name)))


def asked(profile: Profile, recipes: Recipes) -> tuple[str, ...]:
    """The readers that a profile, and those that recipes route to, ask for: their knobs."""
    return tuple(dict.fromkeys(each.knobs.readers for each in (profile, *recipes.profiles.values())))


def models_used(profile: Profile, recipes: Recipes, home: Path) -> tuple[Model, ...]:
    """The models that a run works with: those that ship with the gateway, and the home's own that its readers use."""
    shipped = (
        model for model in models.listing() if model.name != weights.SHIPPED
    )  # that one is read where it was added
    return (*shipped, *weights.in_use(", ".join(asked(profile, recipes)), home))


def load_tools(plan: Plan) -> Tools:
    """Load everything a process needs.

    Raises:
        ProfileError: the profile cannot be built.
        ModelError: a model is missing or is not the one the manifest names.
        HomeError: a key is missing or exposed.
        ConfigError: a recipe holds what cannot be carried out.
    """
    profile, recipes = load(plan.profile), load_recipes(plan.home)
    readers = loading.load(asked(profile, recipes), plan.home, plan.threads)
    return Tools(
        plan.staging,
        profile,
        Pseudonymizer(Home(plan.home).key("pseudonym")),
        plan.table,
        TextJudge.load(),
        readers[profile.knobs.readers],
        recipes,
        Reader.load(),
        readers,
    )
