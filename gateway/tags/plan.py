"""What happens to each element of one SOP Class under one profile: the profile and the standard, resolved and cached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.tags import graphics, standard

if TYPE_CHECKING:  # at run time it imports this module
    from gateway.tags.profile import Profile

PSEUDONYM_TAGS = frozenset({0x00100010, 0x00100020})
ACCESSION_NUMBER = 0x00080050
OFFSET_FROM_UTC = 0x00080201
TEXT_VRS = frozenset({"SH", "LO", "ST", "LT", "UC", "UT"})
NUMBER_VRS = frozenset({"US", "SS", "UL", "SL", "FL", "FD", "SV", "UV", "AT", "US or SS", "US or SS or OW"})
DATE_VRS = frozenset({"DA", "TM", "DT"})
_EMPTIED = NUMBER_VRS | {"DS", "IS"}
# One line of text: what it identifies can be told apart by a token of 16 characters.
_LINE_VRS = frozenset({"AE", "SH", "LO", "UC"})

# Actions and rules for attributes that Table E.1-1 does not list, by VR; dates follow the profile.
_BY_VR: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(NUMBER_VRS, ("K", "unlisted-number")),
    **dict.fromkeys(TEXT_VRS, ("C", "unlisted-text")),
    "DS": ("K", "unlisted-number"),
    "IS": ("K", "unlisted-number"),
    "AS": ("K", "unlisted-number"),
    "CS": ("K", "unlisted-code"),
    "SQ": ("K", "unlisted-sequence"),
    "UI": ("U", "unlisted-uid"),
    "PN": ("X", "unlisted-name"),
    "AE": ("X", "unlisted-address"),
    "UR": ("X", "unlisted-address"),
}
_TREATMENTS: Mapping[str, tuple[str, str]] = {
    "enumerated": ("K", "structural-code"),
    "structural": ("K", "structural-uid"),
    "binary": ("K", "unlisted-binary"),
    "technical": ("K", "unlisted-technical"),
    "product": ("K", "unlisted-technical"),
    "typed": ("C", "unlisted-typed"),
    "label": ("C", "unlisted-typed"),
    "remove": ("X", "unlisted-identifying"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to the element ``tag`` at ``path`` (tags joined by ``/``).

    ``action`` is one of D, Z, X, K, C, U; ``fallback`` (X, Z or D) happens when nothing legal remains after K or C;
    ``rule`` names the rule; ``vr`` is the dictionary's; ``most`` is the greatest number of values (None: no limit).
    ``keyed``: the dummy is a token made from the original, so that what was the same or different stays so.
    ``type``: the attribute's type at this place in the IOD (PS3.3); empty where it decides nothing or is not known.
    """

    tag: int
    path: str
    action: str
    fallback: str
    rule: str
    vr: str
    most: int | None
    keyed: bool = False
    type: str = ""


class Plan:
    """The steps of one profile for one SOP Class, resolved when first asked for."""

    def __init__(self, profile: Profile, sop_class: str | None) -> None:
        self._profile = profile
        self._iod = standard.iod(sop_class)
        self._steps: dict[str, dict[int, Step]] = {}

    def steps(self, parent: str) -> dict[int, Step]:
        """Return the cache of steps below ``parent`` (``""``: top level; else tags joined by ``/`` with a last ``/``)."""
        return self._steps.setdefault(parent, {})

    def step(self, parent: str, tag: int) -> Step:
        """Return the step for the element ``tag`` below ``parent``."""
        known = self.steps(parent)
        found = known.get(tag)
        if found is None:
            found = known[tag] = self._resolve(parent, tag)
        return found

    def _resolve(self, parent: str, tag: int) -> Step:
        name = f"{tag:08X}"
        path = parent + name
        if graphics.is_graphics(tag):
            kept = self._profile.has(graphics.OPTION)
            return Step(tag, path, *graphics.treatment(tag, top=not parent, kept=kept))
        rule = self._profile.rule_of(name)
        attribute = standard.attribute(tag)
        outside = _outside(tag) or (None if attribute else rule.id if rule else "unknown")
        if outside or attribute is None:
            return Step(tag, path, "X", "X", outside or "unknown", "UN", None)
        kind = standard.type_in(self._iod, path)
        if tag in PSEUDONYM_TAGS:
            action, fallback, rule_id = "D", "D", "pseudonym"
        elif tag == ACCESSION_NUMBER and self._profile.knobs.accession == "numeric":
            action, fallback, rule_id = "D", "D", "accession"
        elif rule is None:
            action, fallback, rule_id = self._unlisted(tag, attribute.vr, kind)
        else:
            fallback = weakest(rule.basic, kind)
            if fallback == "X" and kind and kind.usage == "M" and attribute.vr != "SQ":
                # Every instance of the IOD has to have it (Presentation Creation Date): a dummy tells as little.
                fallback = {"1": "D", "2": "Z"}.get(kind.type, "X")
            action, rule_id = rule.option or fallback, rule.id
        if attribute.vr == "UI" and action in {"D", "U"}:
            # A keyed UID is the dummy that keeps different UIDs apart; where UIDs are retained, all are: references stay true.
            action, rule_id = ("K", "retained-uid") if self._profile.keeps_uids else ("U", rule_id)
        keyed = attribute.vr in _LINE_VRS and _identifies(tag) and rule_id != "pseudonym" and tag != OFFSET_FROM_UTC
        return Step(
            tag, path, action, fallback, rule_id, attribute.vr, attribute.most, keyed, kind.type if kind else ""
        )

    def _unlisted(self, tag: int, vr: str, kind: standard.Type | None) -> tuple[str, str, str]:
        """Return action, fallback and rule of an attribute that the edition does not list (docs/decisions/010)."""
        later = standard.newest().get(f"{tag:08X}")
        if later and vr not in DATE_VRS and vr != "UI" and (not later["clean_descriptors"] or vr not in TEXT_VRS):
            action = weakest(later["basic"], kind)
            return action, action, "listed-later"
        # What may be left of a value that cannot stay. The tables hold no types of what no edition lists: a number that is
        # empty is legal as type 2 and 3, and says as little as one that is gone.
        legal = weakest("X/Z/D", kind) if kind else "Z" if vr in _EMPTIED else "X"
        if tag in standard.identifying():
            return legal, legal, "unlisted-identifying"
        decided = standard.unlisted().get(tag)
        if decided:
            action, rule = _TREATMENTS[decided.treatment]
            fallback = {"binary": "X", "typed": legal, "remove": legal}.get(decided.treatment, "D")
            return fallback if action == "X" else action, fallback, rule
        if vr in DATE_VRS:
            return {"shift": "C", "keep": "K", "remove": "D"}[self._profile.dates], "D", "unlisted-date"
        action, rule = _BY_VR.get(vr, ("X", "unlisted-opaque"))
        if rule in {"unlisted-name", "unlisted-address"}:
            return legal, legal, rule
        # A text or UID may be required by its IOD even where that is not known.
        return action, "D" if action in "CU" else legal, rule


def _identifies(tag: int) -> bool:
    """Whether a text says which one (a device, a specimen, an order), and not what it is like (PS3.15 E.3.5)."""
    row = standard.newest().get(f"{tag:08X}")
    return tag in standard.identifying() or (row is not None and not row["clean_descriptors"])


def _outside(tag: int) -> str | None:
    """Return the rule for tags that no data set may hold after de-identification, whatever their meaning."""
    group = tag >> 16
    if group % 2:
        return "private"
    if group < 0x0008 or group >= 0xFFFA:
        return "misplaced"
    if tag & 0xFFFF == 0:
        return "group-length"
    return None


def weakest(cell: str, kind: standard.Type | None) -> str:
    """Return the weakest action of a cell of Table E.1-1 that keeps the instance legal (PS3.15 Table E.1-1a).

    Type 3 -> X, type 2 -> Z, type 1 -> D. Where the type is not known, the choice is what is legal under every type: D,
    else Z. Sequences of references (U*) are kept with replaced UIDs whatever their type: see
    docs/decisions/003-references-stay.md.
    """
    choices = cell.split("/")
    if cell == "Z" and kind is not None and kind.type.startswith("1"):
        return "D"
    if len(choices) == 1:
        return cell
    if "U*" in choices:
        return "U"
    order = {"3": ("X", "Z", "D"), "2": ("Z", "D"), "1": ("D", "Z")}[kind.type[0] if kind else "1"]
    return next(choice for choice in order if choice in choices)[0]
