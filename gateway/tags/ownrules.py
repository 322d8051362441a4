"""A profile's own rules: which can be built, and why others cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.tags import choices, standard
from gateway.tags.choices import Knobs
from gateway.tags.plan import ACCESSION_NUMBER, PSEUDONYM_TAGS, TEXT_VRS
from gateway.tags.rules import Rule

_CLEANABLE = TEXT_VRS | {"DA", "TM", "DT", "SQ", "CS"}
# Character set, classes, UIDs of the instance, and what says how it was de-identified.
_ALWAYS_WRITTEN = frozenset({
    0x00080005, 0x00080016, 0x00080018, 0x0020000D, 0x0020000E, 0x00120062, 0x00120063, 0x00120064, 0x00280301, 0x00280302,
    0x00280303,
})  # fmt: skip
_CODE_PARTS = frozenset({0x00080100, 0x00080102, 0x00080104, 0x00080119, 0x00080120})
_DAYS = frozenset({"DA", "DT"})
# Removal comes last: an attribute that its IOD requires stays legal when nothing of it may stay.
_BEHIND = "X/Z/D"


def own_rule(
    keyword: str, action: str, table: Mapping[str, Rule], options: Sequence[str], knobs: Knobs, where: str
) -> Rule | tuple[str, str]:
    """Return the rule of a profile (file ``where``) for one attribute; else why it cannot be built, and what to do."""
    tag, vr = standard.keyword(keyword)
    if tag is None:
        near = choices.near(keyword, standard.keywords())
        return "there is no such attribute", f"did you mean {near!r}?" if near else "write its keyword (PS3.6)"
    possible = "XZDK" + ("C" if vr in _CLEANABLE else "") + ("U" if vr == "UI" else "")
    if action not in tuple(possible):
        return f"{vr} has no such action", f"take one of {', '.join(possible)}"
    name = f"{tag:08X}"
    refused = _fixed(tag, knobs) or _refused(tag, vr, action, table.get(name), options)
    if refused:
        return refused
    option = action if action in "KC" else ""
    return Rule(f"profile:{keyword}", name, keyword, action, _BEHIND if option else action, option, f"profile {where}")


def _fixed(tag: int, knobs: Knobs) -> tuple[str, str] | None:
    """Whether the gateway does the same with the attribute whatever a rule says."""
    leave = "leave the rule out"
    if tag in PSEUDONYM_TAGS:
        return "it always gets the pseudonym", leave
    if tag in _ALWAYS_WRITTEN:
        return "it is written anew in each instance", leave
    if tag in _CODE_PARTS:
        return "codes are judged as a whole", "write a rule for the code sequence instead"
    if tag == standard.CONTENT_SEQUENCE:
        return "it would break references", "take CleanStructuredContentOption, or leave the rule out"
    if tag == ACCESSION_NUMBER and knobs.accession == "numeric":
        return "the knob accession: numeric speaks for the same attribute", "leave one of the two out"
    return None


def _refused(tag: int, vr: str, action: str, listed: Rule | None, options: Sequence[str]) -> tuple[str, str] | None:
    """Whether the rule contradicts an option of the profile, or asks for what the verifier holds back in each study."""
    kept = listed is not None and listed.option == "K"
    checks = (
        (
            vr == "UI" and action == "K" and listed is not None and listed.basic == "U" and not kept,
            "it would keep original UIDs and break references",
            f"take {choices.RETAIN_UIDS}, or leave the rule out",
        ),
        (
            vr == "UI" and action in "DU" and choices.RETAIN_UIDS in options,
            f"{choices.RETAIN_UIDS} keeps UIDs",
            "leave one of the two out",
        ),
        (vr == "PN" and action == "K", "names of persons are never kept", "leave the rule out"),
        (
            vr in _DAYS and action == "C" and choices.MODIFIED_DATES not in options,
            "it would shift a date",
            f"take {choices.MODIFIED_DATES}, or another action",
        ),
        (
            vr in _DAYS and action == "K" and choices.FULL_DATES not in options and not kept,
            "it would keep a date",
            f"take {choices.FULL_DATES}, or another action",
        ),
        (
            action == "K" and tag in standard.identifying() and not kept,
            "it would keep what identifies",
            "take the option that retains it, or D for a token that stands for it",
        ),
    )
    return next(((what, remedy) for wrong, what, remedy in checks if wrong), None)
