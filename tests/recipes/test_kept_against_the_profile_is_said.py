"""What recipes keep against the profile becomes one sentence an attribute, and each profile they route to one sentence."""

from __future__ import annotations

from gateway.audit.job_report import kept_against_profile, routed
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


def test_studies_that_another_profile_cleaned_are_counted_by_profile() -> None:
    studies = [Outcome("2.25.1", "P1", profile=name) for name in ("", "research", "ct-png", "research")]
    held = Outcome("2.25.2", "", code="VERIFICATION_FAILED", profile="ct-png")
    assert list(routed([*studies, held], "basic")) == [
        "Cleaned by the profile ct-png instead of basic: 1 study, as a recipe says.",
        "Cleaned by the profile research instead of basic: 2 studies, as a recipe says.",
    ]
    assert list(routed(studies[:1], "basic")) == []
