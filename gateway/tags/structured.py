"""Structured content (PS3.15 E.3.4): which content items of an SR, KO or the like stay, and whose text is cleaned.

Table E.1-1 gives Content Sequence the action D. Dropping the tree, or all its values, would make every report and key
object worthless; so the dummy that stands for the tree is the tree itself, with Table E.3.4-1 applied to its items
(docs/decisions/011-structured-content.md).
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.tags import standard
from gateway.tags.codes import Code
from gateway.tags.profile import Profile

VALUE_TYPE = 0x0040A040
CONCEPT_NAME = 0x0040A043
TEXT_VALUE = 0x0040A160
BY_REFERENCE = 0x0040DB73
# References and geometry carry nothing but UIDs, which are replaced, and numbers.
_STAYS = frozenset({"IMAGE", "COMPOSITE", "WAVEFORM", "UIDREF", "SCOORD", "SCOORD3D", "TCOORD", "TABLE"})
# A concept that is listed for a text says nothing about its coded or numeric form.
_CODED = frozenset({"CODE", "NUM", "CONTAINER"})
_LEGACY_SCHEMES = {"SRT": "SCT", "SNM3": "SCT"}


def item_action(value_type: str, concept: Code | None, profile: Profile) -> str:
    """Return what happens to a content item: K (each element under its own rule), D (its value becomes a dummy) or X.

    Where Table E.3.4-1 does not list the concept, names of persons go and everything else is judged by its elements.
    """
    if value_type in _STAYS:
        return "K"
    rows = _rows(concept, value_type)
    if not rows:
        return "X" if value_type == "PNAME" else "K"
    if any(row.get(column) for row in rows for column in profile.columns):
        return "K"
    return "X" if any(row["basic"] == "X" for row in rows) else "D"


def _rows(concept: Code | None, value_type: str) -> list[Mapping[str, str]]:
    """Return the rows for a concept; if its item has another value type than the table says, those of that type."""
    if concept is None:
        return []
    rows = standard.concepts().get((_LEGACY_SCHEMES.get(concept.scheme, concept.scheme), concept.value), [])
    return [row for row in rows if row["value_type"] == value_type] or ([] if value_type in _CODED else list(rows))
