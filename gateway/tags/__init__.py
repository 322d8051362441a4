"""De-identifies attributes by a profile of PS3.15 Annex E: every element, at every depth."""

from gateway.tags.actions import Context
from gateway.tags.apply import apply
from gateway.tags.explain import Difference, differences, explain
from gateway.tags.identifiers import collect
from gateway.tags.profile import Knobs, Profile, ProfileProblem, load, names, problems
from gateway.tags.pseudonyms import Pseudonymizer
from gateway.tags.references import references
from gateway.tags.rules import Rule

__all__ = [
    "Context",
    "Difference",
    "Knobs",
    "Profile",
    "ProfileProblem",
    "Pseudonymizer",
    "Rule",
    "apply",
    "collect",
    "differences",
    "explain",
    "load",
    "names",
    "problems",
    "references",
]
