"""What recipes keep against the profile becomes one sentence an attribute, whatever study it was in."""

from __future__ import annotations

from gateway.audit.job_report import kept_against_profile
from gateway.records import Change, ChangeCount, Outcome


def outcome(*changes: tuple[str, str, int]) -> Outcome:
    counts = (ChangeCount(Change(path, "K", rule), number, number) for path, rule, number in changes)
    return Outcome("2.25.1", "P1", changes=tuple(counts))


def test_elements_are_summed_over_the_studies() -> None:
    one = outcome(
        ("00181030", "recipe.site-7.keeps", 2), ("00081030", "recipe.site-7.keeps", 1), ("00080080", "recipe.a", 9)
    )
    other = outcome(("00181030", "recipe.site-7.keeps", 3), ("00181030", "basic:ProtocolName", 9))
    assert list(kept_against_profile([one, other])) == [
        "Kept against the profile: StudyDescription (0008,1030), in 1 instance, as the recipe site-7 says.",
        "Kept against the profile: ProtocolName (0018,1030), in 5 instances, as the recipe site-7 says.",
    ]


def test_a_run_without_such_recipes_has_nothing_to_say() -> None:
    assert list(kept_against_profile([outcome(("00181030", "basic:ProtocolName", 9))])) == []
