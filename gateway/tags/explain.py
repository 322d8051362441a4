"""Says of each attribute what a profile does with it and why, and what two profiles treat differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from gateway.tags import standard
from gateway.tags.profile import Profile
from gateway.tags.rules import Rule, general_rules, is_tag, resolved

_GRAPHICS = ("50xx", "60xx")  # what is so of the first curve and overlay is so of all


@dataclass(frozen=True, slots=True)
class Difference:
    """What two profiles do differently: with an attribute (``tag``, ``keyword``), else by a knob or an option (no tag)."""

    tag: str
    keyword: str
    first: str
    second: str


def explain(profile: Profile, sop_class_uid: str | None = None) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (tag, keyword, action, rule id, sentence) for every rule of a profile.

    Where the gateway does the same whatever Table E.1-1 says (a pseudonym for the patient, no group below 0008), the
    general rule speaks. With a SOP Class, composite actions (``X/Z/D``) are resolved for the top level of its instances
    (PS3.3 types), and the sentence says which type decided.
    """
    plan = profile.plan(sop_class_uid)
    name = standard.sop_class_name(sop_class_uid)
    general = {rule.id: rule for rule in general_rules()}
    for rule in profile.rules:
        said, action, sentence = rule, rule.action, rule.sentence
        if is_tag(rule.tag) or rule.tag.startswith(_GRAPHICS):
            step = plan.step("", int(rule.tag.replace("x", "0"), 16))
            said = general.get(step.rule, rule)
            sentence = said.sentence
            if said is not rule or sop_class_uid is not None:
                action = step.action
            if said is rule and sop_class_uid is not None:
                sentence = resolved(rule, step, name)
        yield rule.tag, rule.keyword, action, said.id, sentence


def differences(first: Profile, second: Profile) -> tuple[Difference, ...]:
    """Return what two profiles (or one under two editions) treat differently: knobs, options, then attributes by tag."""
    found = [
        Difference("", knob.name, str(one), str(other))
        for knob in fields(first.knobs)
        if (one := getattr(first.knobs, knob.name)) != (other := getattr(second.knobs, knob.name))
    ]
    options = dict.fromkeys((*first.options, *second.options))
    found += [
        Difference("", option, *("yes" if profile.has(option) else "no" for profile in (first, second)))
        for option in options
        if first.has(option) != second.has(option)
    ]
    rules = [_table(profile) for profile in (first, second)]
    for tag in sorted(rules[0].keys() | rules[1].keys()):
        one, other = (_action(profile, table, tag) for profile, table in zip((first, second), rules, strict=True))
        if one.split()[0] != other.split()[0]:
            keyword = (rules[0].get(tag) or rules[1][tag]).keyword
            found.append(Difference(tag, keyword, one, other))
    return tuple(found)


def _table(profile: Profile) -> Mapping[str, Rule]:
    return {rule.tag: rule for rule in profile.rules if rule.tag}


def _action(profile: Profile, table: Mapping[str, Rule], tag: str) -> str:
    """What a profile does with an attribute of any instance: the cell, or what the general rules say instead."""
    rule = table.get(tag)
    if not (is_tag(tag) or tag.startswith(_GRAPHICS)):
        return rule.action if rule else "-"
    step = profile.plan(None).step("", int(tag.replace("x", "0"), 16))
    if rule and step.rule == rule.id:
        return rule.action
    action = standard.newest()[tag]["basic"] if step.rule == "listed-later" else step.action
    return f"{action} ({step.rule})"
