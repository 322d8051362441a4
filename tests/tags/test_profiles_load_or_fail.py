"""A profile is data; what cannot be built stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import INSTITUTION, instance
from pydicom.uid import CTImageStorage
from tags.cleaning import PSEUDONYMIZER, clean, context, profile

from gateway.errors import ProfileError
from gateway.tags import apply, explain, load, names, standard
from gateway.tags.plan import weakest
from gateway.tags.rules import Rule, general_rules

GOOD = """
name: ours
edition: 2026c
description: A test.
options: [BasicApplicationConfidentialityProfile, CleanPixelDataOption]
"""


def written(folder: Path, text: str) -> str:
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_profiles_that_ship_load() -> None:
    assert names() == ("basic", "ct-png", "labelled-cxr", "mammo-ml", "research", "research-mr", "us-research")
    assert tuple(profile(name).name for name in names()) == names()
    assert (profile("basic").dates, profile("research").dates) == ("remove", "shift")


def test_a_profile_loads_from_a_file(tmp_path: Path) -> None:
    loaded = load(written(tmp_path, GOOD))
    assert (loaded.name, loaded.knobs.oldest_age, loaded.columns) == ("ours", 90, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n- b\n", "mapping"),
        ("name: [", "not YAML"),
        (GOOD + "colour: red\n", "colour"),
        (GOOD.replace("name: ours", "name: ''"), "name"),
        (GOOD.replace("name: ours", f"name: {'n' * 33}"), "32"),
        (GOOD.replace("2026c", "1999z"), "1999z"),
        (GOOD.replace("[Basic", "{Basic").replace("Option]", "Option: 1}"), "list"),
        (GOOD.replace("CleanPixelDataOption", "CleanPixelDataOption, RetainEverythingOption"), "is not known"),
        (GOOD.replace("CleanPixelDataOption", "CleanPixelDataOption, 7"), "is not known"),
        (GOOD.replace(", CleanPixelDataOption", ""), "cannot be left out"),
        (GOOD.replace("CleanPixelDataOption", "CleanPixelDataOption, CleanPixelDataOption"), "twice"),
        (
            GOOD.replace(
                "CleanPixelDataOption",
                "CleanPixelDataOption, RetainLongitudinalTemporalInformationModifiedDatesOption,"
                " RetainLongitudinalTemporalInformationFullDatesOption",
            ),
            "exclude each other",
        ),
        (GOOD + "knobs: [1]\n", "knobs"),
        (GOOD + "knobs: {youngest: 1}\n", "youngest"),
        (GOOD + "knobs: {oldest_age: old}\n", "oldest_age"),
        (GOOD + "knobs: {oldest_age: 0}\n", "oldest_age"),
        (GOOD + "knobs: {oldest_age: true}\n", "oldest_age"),
        (GOOD + "knobs: {documents: keep}\n", "documents"),
        (GOOD + "knobs: {accession: [1]}\n", "accession"),
        (GOOD + "knobs: {pixels: some}\n", "phi, text, regions"),
        (GOOD + "rules: [X]\n", "rules"),
        (GOOD + "rules: {NoSuchKeyword: X}\n", "NoSuchKeyword"),
        (GOOD + "rules: {StationName: Q}\n", "StationName"),
        (GOOD + "rules: {StationName: [X]}\n", "StationName"),
        (GOOD + "rules: {Rows: C}\n", "Rows"),
        (GOOD + "rules: {StudyDate: U}\n", "StudyDate"),
        (GOOD + "rules: {FrameOfReferenceUID: K}\n", "break references"),
        (GOOD + "rules: {ContentSequence: X}\n", "break references"),
        (GOOD + "rules: {PatientID: K}\n", "pseudonym"),
    ],
)
def test_what_cannot_be_built_stops_the_start(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        load(written(tmp_path, text))


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"no profile 'nothing'; There are: basic"):
        load("nothing")
    with pytest.raises(ProfileError, match="cannot be read"):
        load(str(tmp_path / "missing.yaml"))


def test_a_sites_own_rule_wins_over_the_table(tmp_path: Path) -> None:
    loaded = load(
        written(tmp_path, GOOD + "rules: {StationName: D, Manufacturer: X, StudyTime: C, FrameOfReferenceUID: U}\n")
    )
    plan = loaded.plan(CTImageStorage)
    assert [plan.step("", tag).action for tag in (0x00081010, 0x00080070, 0x00080030, 0x00200052)] == [
        "D",
        "X",
        "C",
        "U",
    ]
    assert "profile ours.yaml" in next(rule.sentence for rule in loaded.rules if rule.keyword == "StationName")


def test_other_options_can_be_combined(tmp_path: Path) -> None:
    more = "CleanPixelDataOption, RetainLongitudinalTemporalInformationFullDatesOption"
    more += ", RetainDeviceIdentityOption, RetainInstitutionIdentityOption"
    loaded = load(written(tmp_path, GOOD.replace("CleanPixelDataOption", more)))
    assert loaded.dates == "keep"
    step = loaded.plan(CTImageStorage).step
    assert [step("", tag).action for tag in (0x00080020, 0x00081010, 0x00080080, 0x00080090)] == ["K", "K", "K", "Z"]
    dataset = instance(StationAETitle="CT_ROOM_1", StationName="CT1", DeviceUID="1.2.3")
    out, _ = apply(dataset, loaded, context(dataset))
    assert (out.StationName, out.DeviceUID, out.StudyDate) == ("CT1", "1.2.3", "20230311")
    assert out.StationAETitle == PSEUDONYMIZER.token("CT_ROOM_1")
    assert (out.InstitutionName, out.LongitudinalTemporalInformationModified) == (INSTITUTION, "UNMODIFIED")


def test_every_rule_has_its_own_sentence() -> None:
    for name in names():
        sentences = [rule.sentence for rule in profile(name).rules]
        assert len(sentences) == len(set(sentences))
        assert {sentence for *_, sentence in explain(profile(name))} <= set(sentences)
        assert all(sentence.endswith(".") and "  " not in sentence for sentence in sentences)


@pytest.mark.parametrize("sop_class", [None, "1.2.840.10008.5.1.4.1.1.2"])
def test_what_the_gateway_does_whatever_the_table_says_is_explained_so(sop_class: str | None) -> None:
    said = {keyword: (action, rule) for _, keyword, action, rule, _ in explain(profile("basic"), sop_class)}
    assert said["PatientName"] == said["PatientID"] == ("D", "pseudonym")
    assert said["RequestedSOPInstanceUID"] == ("X", "misplaced")


def test_explain_resolves_composite_actions_for_a_sop_class() -> None:
    def actions(sop_class: str | None) -> dict[str, str]:
        return {keyword: action for _, keyword, action, _, _ in explain(profile("basic"), sop_class)}

    assert actions(None)["DeviceSerialNumber"] == "X/Z/D"
    assert actions(CTImageStorage)["DeviceSerialNumber"] == "X"
    assert actions("1.2.840.10008.5.1.4.1.1.2.1")["DeviceSerialNumber"] == "D"
    assert actions("1.2.3.4.5")["DeviceSerialNumber"] == "D"


def test_every_change_names_a_rule_that_explains_itself() -> None:
    for name in names():
        ids = {rule.id for rule in profile(name).rules}
        _, changes = clean(instance(), name)
        assert {change.rule for change in changes} <= ids


@pytest.mark.parametrize(
    ("cell", "kind", "action"),
    [
        ("X/Z/D", "3", "X"), ("X/Z/D", "2", "Z"), ("X/Z/D", "1", "D"), ("X/Z/D", None, "D"),
        ("X/Z", "3", "X"), ("X/Z", "2C", "Z"), ("X/Z", "1", "Z"), ("X/Z", None, "Z"),
        ("X/D", "3", "X"), ("X/D", "2", "D"), ("X/D", "1C", "D"), ("X/D", None, "D"),
        ("Z/D", "3", "Z"), ("Z/D", "2", "Z"), ("Z/D", "1", "D"), ("Z/D", None, "D"),
        ("X/Z/U*", "3", "U"), ("X/Z/U*", "2", "U"), ("X/Z/U*", "1C", "U"), ("X/Z/U*", None, "U"),
        ("X", "1", "X"), ("Z", "1", "D"), ("Z", "2", "Z"), ("Z", None, "Z"), ("D", "3", "D"), ("U", "1", "U"),
    ],
)  # fmt: skip
def test_composite_actions_take_the_weakest_that_keeps_the_instance_legal(
    cell: str, kind: str | None, action: str
) -> None:
    assert weakest(cell, standard.Type(kind, "M") if kind else None) == action


def test_types_are_found_at_nested_paths_and_in_recursive_trees() -> None:
    assert standard.type_in("ct-image", "00081140/00081155") == standard.Type("1", "U")
    once = standard.type_in("comprehensive-sr", "0040A730/0040A124")
    assert once is not None
    assert standard.type_in("comprehensive-sr", "0040A730/0040A730/0040A730/0040A124") == once
    assert standard.type_in("ct-image", "00540220/0008010D") == standard.Type("1C", "M")
    assert standard.type_in("ct-image", "00089999") is None
    assert standard.type_in(None, "00080020") == standard.Type("2", "M")
    assert standard.type_in(None, "00181000") == standard.Type("1", "M")
    assert standard.type_in(None, "00089999") is None


def test_the_tables_fit_the_data_dictionary() -> None:
    kinds = {
        "enumerated": {"CS"},
        "structural": {"UI"},
        "typed": {"CS"},
        "label": {"CS"},
        "technical": {"SH", "LO", "ST", "LT", "UC", "UT", "UR"},
        "product": {"SH", "LO"},
    }
    for tag, decided in standard.unlisted().items():
        attribute = standard.attribute(tag)
        assert attribute is not None
        assert attribute.vr in kinds.get(decided.treatment, {attribute.vr})
        assert f"{tag:08X}" not in standard.edition("2026c").rows
    assert all(standard.attribute(tag) for tag in standard.identifying())
    assert len({rule.id for rule in general_rules()}) == len(general_rules())
    assert isinstance(general_rules()[0], Rule)
