"""Each attribute is explained with edition, option and type; two profiles, or editions, are told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from tags.cleaning import profile
from tags.test_tokens_and_numbers import BASIC as FILE

from gateway.tags import Difference, Profile, differences, explain, load, names, standard

BASIC, ENHANCED = "Basic Profile", "Enhanced CT Image Storage"
CT, ENHANCED_CT, KEY_OBJECT = (
    "1.2.840.10008.5.1.4.1.1.2",
    "1.2.840.10008.5.1.4.1.1.2.1",
    "1.2.840.10008.5.1.4.1.1.88.59",
)


def sentences(of: Profile, sop_class: str | None = None) -> dict[str, str]:
    return {keyword: sentence for _, keyword, _, _, sentence in explain(of, sop_class)}


KEYED = "is replaced by a token made with the site's secret key, the same wherever the original stands"
MODIFIED = "Retain Longitudinal Temporal Information Modified Dates Option"
CLEANED = "is cleaned: it loses its identifying and unknown words; if nothing of it may stay, it is removed"
SHIFTED = "is shifted by the patient's secret number of days; if nothing of it may stay, it is emptied"
SELECTION, DUMMY = (
    "Key Object Selection Document Storage",
    "is replaced by a dummy value, because its type is not known here",
)
WEAKEST = (
    "is removed, or is emptied, or is replaced by a dummy value: the weakest that keeps the instance legal in its IOD"
)
ITEMS = "keeps its items, each under these rules, with dummies for codes"
TREE = "keeps its items, each treated as PS3.15 Table E.3.4-1 asks for its concept"


@pytest.mark.parametrize(
    ("name", "edition", "sop_class", "keyword", "said", "option"),
    [
        ("basic", "2026c", CT, "ContrastBolusAgent", "is emptied, because it is type 2 in CT Image Storage", BASIC),
        ("basic", "2021b", CT, "StationName", "is removed, because it is type 3 in CT Image Storage", BASIC),
        ("basic", "2026c", ENHANCED_CT, "DeviceSerialNumber", f"{KEYED}, because it is type 1 in {ENHANCED}", BASIC),
        ("basic", "2026c", "1.2.3", "StationName", "is removed, because type 3 is the strictest that any IOD gives it", BASIC),
        ("basic", "2026c", CT, "InstanceCoercionDateTime", "is removed", BASIC),
        ("basic", "2026c", CT, "ScheduledStationNameCodeSequence", "is removed", BASIC),
        ("basic", "2026c", CT, "VerifyingOrganization", KEYED, BASIC),
        ("basic", "2026c", KEY_OBJECT, "ContentSequence", TREE, BASIC),
        ("basic", "2026c", CT, "ReferencedImageSequence", "keeps its references, with replaced UIDs", BASIC),
        ("basic", "2026c", None, "VerifyingObserverSequence", ITEMS, BASIC),
        ("basic", "2011", KEY_OBJECT, "ContentSequence", TREE, BASIC),
        ("basic", "2026c", CT, "OperatorIdentificationSequence", "is removed, because it is type 3 in CT Image Storage", BASIC),
        ("basic", "2026c", KEY_OBJECT, "StationName", f"is removed, because it is type 3 in {SELECTION}", BASIC),
        ("basic", "2026c", KEY_OBJECT, "ROIName", "is emptied", BASIC),
        ("basic", "2026c", KEY_OBJECT, "DateOfLastDetectorCalibration", DUMMY, BASIC),
        ("research", "2026c", CT, "StudyDate", SHIFTED, MODIFIED),
        ("research", "2017c", CT, "SeriesDescription", CLEANED, "Clean Descriptors Option"),
        ("research", "2026c", None, "SeriesTime", "is kept if it is legal", MODIFIED),
        ("basic", "2008", None, "StudyID", WEAKEST, BASIC),
    ],
)  # fmt: skip
def test_a_sentence_names_edition_option_and_type(
    name: str, edition: str, sop_class: str | None, keyword: str, said: str, option: str
) -> None:
    expected = f"{keyword} {said} (PS3.15 Table E.1-1 {edition}, {option})."
    assert sentences(load(name, edition=edition), sop_class)[keyword] == expected


@pytest.mark.parametrize("edition", standard.editions())
@pytest.mark.parametrize("sop_class", [None, CT, KEY_OBJECT, "1.2.3"])
def test_every_edition_explains_itself(edition: str, sop_class: str | None) -> None:
    rows = list(explain(load("basic", edition=edition), sop_class))
    assert {row[0] for row in rows if row[0]} == set(standard.edition(edition).rows)
    assert all(sentence.endswith(".") and "  " not in sentence for *_, sentence in rows)
    assert all(
        sop_class is None or len(tag) != 8 or "x" in tag or action in set("DZXKCU") for tag, _, action, *_ in rows
    )


def test_the_same_profile_does_the_same() -> None:
    for name in names():
        assert differences(profile(name), load(name)) == ()


def test_two_profiles_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(FILE + "knobs: {oldest_age: 80}\nrules: {Rows: X, StationName: D}\n", encoding="utf-8")
    assert differences(profile("basic"), load(str(path))) == (
        Difference("", "oldest_age", "90", "80"),
        Difference("00081010", "StationName", "X/Z/D", "D"),
        Difference("00280010", "Rows", "K (unlisted-number)", "X"),
    )
    found = differences(profile("basic"), profile("research"))
    assert Difference("", "CleanDescriptorsOption", "no", "yes") in found
    assert Difference("0008103E", "SeriesDescription", "X", "C") in found
    assert all(difference.first != difference.second for difference in found)


def test_two_editions_are_told_apart() -> None:
    newest = profile("basic")
    found = {difference.keyword: difference for difference in differences(newest, load("basic", edition="2008"))}
    assert found["StudyDate"] == Difference("00080020", "StudyDate", "Z", "D (unlisted-date)")
    assert found["SeriesDescription"] == Difference("0008103E", "SeriesDescription", "X", "X/Z/D")
    assert found["AcquisitionComments"].second == "C (unlisted-text)"
    assert "StationAETitle" not in found  # removed by both, in 2008 as a later edition asks
    assert "TrackingUID" not in found  # replaced by both
    assert len(differences(newest, load("basic", edition="2024c"))) < len(found)


@pytest.mark.parametrize(("choice", "word"), [("phi", "read"), ("text", "All text"), ("regions", "recipes")])
def test_the_policy_of_text_in_pixels_is_explained(tmp_path: Path, choice: str, word: str) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(FILE + f"knobs: {{pixels: {choice}}}\n", encoding="utf-8")
    said = [
        (action, sentence) for _, _, action, rule, sentence in explain(load(str(path))) if rule == f"pixels.{choice}"
    ]
    assert [action for action, _ in said] == ["C"]
    assert word in said[0][1]
    told = [(one.keyword, one.second) for one in differences(load("basic"), load(str(path))) if one.keyword == "pixels"]
    assert told == ([] if choice == "phi" else [("pixels", choice)])
