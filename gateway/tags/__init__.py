"""De-identifies attributes by a profile of PS3.15 Annex E: every element, at every depth."""

from gateway.tags.actions import Context
from gateway.tags.apply import apply
from gateway.tags.identifiers import collect
from gateway.tags.profile import Knobs, Profile, explain, load, names
from gateway.tags.pseudonyms import Pseudonymizer
from gateway.tags.rules import Rule

__all__ = ["Context", "Knobs", "Profile", "Pseudonymizer", "Rule", "apply", "collect", "explain", "load", "names"]
