"""Reports as their templates build them (PS3.16): names, places, serial numbers and ages go, what a reader needs stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import code, instance, uid
from pydicom.dataset import Dataset, FileDataset
from tags.cleaning import PSEUDONYMIZER, Said, WordJudge, clean, cleaned, context, everything, profile, reread
from tags.test_structured_reports_stay_useful import FINDING, item, report

from gateway.records import Identifiers, Verdict
from gateway.tags import apply, load
from gateway.tags.codes import Code
from gateway.tags.structured import PLAIN
from gateway.tags.structured import item as treatment

PLANTED = re.compile("okonkwo|hollingbery|brannoc|SN4471|BAY7|RM12|STATIONX|bborg|adaeze", re.IGNORECASE)


def text(value: str, meaning: str, said: str, scheme: str = "DCM", **more: Any) -> Dataset:
    return item("TEXT", code(value, scheme, meaning), TextValue=said, **more)


def number(value: str, meaning: str, said: str, unit: str, scheme: str = "DCM") -> Dataset:
    measured = Dataset()
    measured.NumericValue, measured.MeasurementUnitsCodeSequence = said, [code(unit, "UCUM", unit)]
    return item("NUM", code(value, scheme, meaning), MeasuredValueSequence=[measured])


def coded(value: str, meaning: str, chosen: Dataset) -> Dataset:
    return item("CODE", code(value, "DCM", meaning), ConceptCodeSequence=[chosen])


def person() -> list[Dataset]:
    """TID 1003."""
    return [
        coded("121005", "Observer Type", code("121006", "DCM", "Person")),
        item("PNAME", code("121008", "DCM", "Person Observer Name"), PersonName="HOLLINGBERY^EDGAR"),
        text("121009", "Person Observer's Organization Name", "Saint Brannoc Infirmary"),
        text("128774", "Person Observer's Login Name", "bborg"),
        coded("121010", "Person Observer's Role", code("121094", "DCM", "Performing")),
    ]


def device() -> list[Dataset]:
    """TID 1004."""
    return [
        coded("121005", "Observer Type", code("121007", "DCM", "Device")),
        item("UIDREF", code("121012", "DCM", "Device Observer UID"), UID="1.2.3.4.5"),
        text("121013", "Device Observer Name", "STATIONX"),
        text("121014", "Device Observer Manufacturer", "Imaginary Scanners"),
        text("121015", "Device Observer Model Name", "Fantasy 3000"),
        text("121016", "Device Observer Serial Number", "SN4471"),
        text("121017", "Device Observer Physical Location During Observation", "RM12"),
    ]


def subject() -> list[Dataset]:
    """TID 1007."""
    return [
        item("PNAME", code("121029", "DCM", "Subject Name"), PersonName="OKONKWO^ADAEZE"),
        text("121030", "Subject ID", "OK-4471902"),
        item("DATE", code("121031", "DCM", "Subject Birth Date"), Date="19610417"),
        coded("121032", "Subject Sex", code("F", "DCM", "Female")),
        number("121033", "Subject Age", "97", "a"),
    ]


def walk(dataset: Dataset) -> Iterator[Dataset]:
    for found in dataset.get("ContentSequence") or ():
        yield found
        yield from walk(found)


def found(dataset: Dataset, value: str) -> list[Dataset]:
    return [each for each in walk(dataset) if each.ConceptNameCodeSequence[0].CodeValue == value]


def measurement() -> FileDataset:
    """TID 1500: tracked lesions with their measurements."""
    groups: list[Dataset] = []
    for name in ("lesion left", "Okonkwo", "Hollingbery"):
        groups.append(
            item(
                "CONTAINER",
                code("125007", "DCM", "Measurement Group"),
                ContentSequence=[
                    text("112039", "Tracking Identifier", name),
                    item("UIDREF", code("112040", "DCM", "Tracking Unique Identifier"), UID=f"1.2.3.{len(groups)}"),
                    number("410668003", "Length", "12.5", "mm", "SCT"),
                    text("121106", "Comment", "liver mass of Okonkwo"),
                ],
            )
        )
    return report(
        *person(), *device(), item("CONTAINER", code("126010", "DCM", "Imaging Measurements"), ContentSequence=groups)
    )


def dose() -> FileDataset:
    """TID 10001 with TID 10003 and who took part (TID 1020)."""
    part = item(
        "CONTAINER",
        code("113706", "DCM", "Irradiation Event X-Ray Data"),
        ContentSequence=[
            item("UIDREF", code("113769", "DCM", "Irradiation Event UID"), UID="1.2.3.4.6"),
            item("DATETIME", code("111526", "DCM", "DateTime Started"), DateTime="20230311101530"),
            text("113832", "Identification of the X-Ray Source", "A"),
            number("113738", "Dose (RP)", "0.0125", "Gy"),
            text("125203", "Acquisition Protocol", "abdomen Okonkwo"),
            item(
                "PNAME",
                code("113870", "DCM", "Person Name"),
                PersonName="HOLLINGBERY^EDGAR",
                ContentSequence=[
                    text("113871", "Person ID", "bborg"),
                    text("113873", "Organization Name", "Saint Brannoc Infirmary"),
                    coded("113875", "Person Role in Procedure", code("113850", "DCM", "Irradiation Authorizing")),
                ],
            ),
        ],
    )
    return report(*device(), *subject(), part)


def diagnostic() -> FileDataset:
    """TID 2000, with a finding inferred from another by reference."""
    by_reference = Dataset()
    by_reference.RelationshipType, by_reference.ReferencedContentItemIdentifier = "INFERRED FROM", [1, 6, 1]
    section = item(
        "CONTAINER",
        code("121070", "DCM", "Findings"),
        ContentSequence=[
            text("121071", "Finding", "liver mass"),
            text("121077", "Conclusion", "lesion as Hollingbery said", ContentSequence=[by_reference]),
        ],
    )
    return report(*person(), section, *subject(), text("121020", "Placer Number", "RM12"))


def cad() -> FileDataset:
    """TID 4000: an algorithm and what it found."""
    finding = coded("111059", "Single Image Finding", code("F-01796", "SRT", "Mammography breast density"))
    finding.ContentSequence = [
        text("111001", "Algorithm Name", "Fantasy CAD"),
        text("111003", "Algorithm Version", "3.1"),
        number("111012", "Certainty of Finding", "83", "%"),
        item("SCOORD", code("111010", "DCM", "Center"), GraphicType="POINT", GraphicData=[12.0, 34.0]),
    ]
    return report(
        *device(), item("CONTAINER", code("111034", "DCM", "Individual Impression"), ContentSequence=[finding])
    )


REPORTS = {"measurement": measurement, "dose": dose, "diagnostic": diagnostic, "cad": cad}


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("name", ["basic", "research", "graphics"])
def test_nobody_is_named(kind: str, name: str, graphics: str, tmp_path: Path) -> None:
    named = {"graphics": graphics}.get(name, name)
    out = reread(cleaned(REPORTS[kind](), named), tmp_path)
    assert not PLANTED.search("\n".join(everything(out)))


def test_measurements_keep_their_numbers_and_their_tracks() -> None:
    out = cleaned(measurement(), "research")
    names = [each.TextValue for each in found(out, "112039")]
    assert names[0] == "lesion left"
    assert len(set(names)) == 3
    assert [each.UID for each in found(out, "112040")] == [PSEUDONYMIZER.uid(f"1.2.3.{n}") for n in range(3)]
    assert {each.MeasuredValueSequence[0].NumericValue for each in found(out, "410668003")} == {12.5}
    assert {each.TextValue for each in found(out, "121106")} == {"liver mass"}
    assert found(out, "121005")[0].ConceptCodeSequence[0].CodeValue == "121006"
    assert [each.TextValue for each in (*found(out, "121014"), *found(out, "121015"))] == [
        "Imaginary Scanners",
        "Fantasy 3000",
    ]


def test_dose_reports_keep_their_dose_and_a_dummy_where_the_template_asks_for_a_person() -> None:
    out = cleaned(dose(), "research")
    assert found(out, "113738")[0].MeasuredValueSequence[0].NumericValue == 0.0125
    assert found(out, "113870")[0].PersonName == "DEIDENTIFIED"
    assert [each.ConceptNameCodeSequence[0].CodeValue for each in found(out, "113870")[0].ContentSequence] == ["113875"]
    assert found(out, "111526")[0].DateTime == "20221201101530"
    assert found(out, "125203")[0].TextValue == "abdomen"
    assert found(out, "121029")[0].PersonName == "DEIDENTIFIED"
    assert found(out, "121032")[0].ConceptCodeSequence[0].CodeValue == "F"
    assert found(out, "121030")[0].TextValue == "DEIDENTIFIED"
    assert not [each for value in ("121031", "113871", "113873") for each in found(out, value)]


def test_devices_and_institutions_are_retained_if_asked_for(retaining: str) -> None:
    out = cleaned(report(*device(), *person()), retaining)
    kept = {each.ConceptNameCodeSequence[0].CodeValue: each.get("TextValue") for each in walk(out)}
    assert (kept["121013"], kept["121016"], kept["121017"]) == ("STATIONX", "SN4471", "RM12")
    assert kept["121009"] == "Saint Brannoc Infirmary"
    assert "128774" not in kept
    named = cleaned(report(*subject(), text("121013", "Device Observer Name", "Room of Okonkwo")), retaining)
    assert "Okonkwo" not in "".join(everything(named))


def test_computer_findings_keep_who_computed_them() -> None:
    out = cleaned(cad(), "research")
    assert (found(out, "111001")[0].TextValue, found(out, "111003")[0].TextValue) == ("Fantasy CAD", "3.1")
    assert found(out, "111012")[0].MeasuredValueSequence[0].NumericValue == 83
    assert found(out, "111010")[0].GraphicData == [12.0, 34.0]


@pytest.mark.parametrize(
    ("concept", "said", "unit", "basic", "research"),
    [
        (code("121033", "DCM", "Subject Age"), "97", "a", None, "90"),
        (code("121033", "DCM", "Subject Age"), "47", "a", None, "47"),
        (code("121033", "DCM", "Subject Age"), "1150", "mo", None, "1080"),
        (code("121033", "DCM", "Subject Age"), "33000", "d", None, "32872"),
        (code("121033", "DCM", "Subject Age"), "95", "", None, "90"),
        (code("397669002", "SCT", "Age"), "91", "a", None, "90"),
        (code("77", "99SITE", "Subject age"), "91", "a", None, "90"),
        (code("78", "99SITE", "Age at diagnosis"), "91", "a", "90", "90"),
        (code("18185-9", "LN", "Gestational Age"), "30", "wk", "30", "30"),
        (code("410668003", "SCT", "Length"), "97", "mm", "97", "97"),
    ],
)  # fmt: skip
def test_ages_are_capped(concept: Dataset, said: str, unit: str, basic: str | None, research: str) -> None:
    for name, expected in (("basic", basic), ("research", research)):
        measured = Dataset()
        measured.NumericValue, measured.FloatingPointValue = said, float(said)
        if unit:
            measured.MeasurementUnitsCodeSequence = [code(unit, "UCUM", unit)]
        out, changes = clean(report(item("NUM", concept, MeasuredValueSequence=[measured])), name)
        if expected is None:
            assert "ContentSequence" not in out
            continue
        value = out.ContentSequence[0].MeasuredValueSequence[0]
        assert str(value.NumericValue) == expected
        assert ("FloatingPointValue" in value) == (expected == said)
        assert any(change.rule == "content-age" for change in changes) == (expected != said)


@pytest.mark.parametrize(
    ("said", "research"), [("97 years", "DEIDENTIFIED"), ("097Y", "DEIDENTIFIED"), ("58 years", "58 years")]
)
def test_ages_in_words_are_capped_as_well(said: str, research: str) -> None:
    made = report(text("121033", "Subject Age", said))
    out, changes = clean(made, "research")
    assert out.ContentSequence[0].TextValue == research
    assert any(change.rule == "content-age" for change in changes) == (said != research)
    assert "ContentSequence" not in cleaned(made)


def test_ages_without_a_value_are_left_alone() -> None:
    out = cleaned(report(item("NUM", code("121033", "DCM", "Subject Age"), MeasuredValueSequence=[])), "research")
    assert out.ContentSequence[0].MeasuredValueSequence == []
    empty = cleaned(report(item("NUM", code("121033", "DCM", "Subject Age"))), "research")
    assert "MeasuredValueSequence" not in empty.ContentSequence[0]
    nothing = item("NUM", code("121033", "DCM", "Subject Age"), MeasuredValueSequence=[Dataset()])
    assert len(cleaned(report(nothing), "research").ContentSequence[0].MeasuredValueSequence) == 1


def test_where_positions_must_hold_values_become_dummies() -> None:
    by_reference = Dataset()
    by_reference.RelationshipType, by_reference.ReferencedContentItemIdentifier = "INFERRED FROM", [1, 1]
    identifiers = item(
        "CONTAINER",
        code("121000", "DCM", "Unique Device Identifiers"),
        ContentSequence=[text("77", "anything", "liver", "99SITE")],
    )
    out = cleaned(report(*subject(), identifiers, item("CODE", FINDING, ContentSequence=[by_reference])), "basic")
    tree = list(out.ContentSequence)
    assert len(tree) == 7
    assert (tree[0].PersonName, tree[1].TextValue, tree[2].Date) == ("DEIDENTIFIED", "DEIDENTIFIED", "19000101")
    assert tree[3].ConceptCodeSequence[0].CodeValue == "DEIDENTIFIED"
    assert tree[4].MeasuredValueSequence == []
    assert tree[5].ContentSequence[0].TextValue == "DEIDENTIFIED"
    assert tree[6].ContentSequence[0].ReferencedContentItemIdentifier == [1, 1]


@pytest.mark.parametrize(
    ("sequence", "left"),
    [("AcquisitionContextSequence", 1), ("ProtocolContextSequence", 2), ("SpecimenLocalizationContentItemSequence", 2)],
)
def test_content_items_are_cleaned_wherever_they_stand(sequence: str, left: int, graphics: str) -> None:
    items = [text("121041", "Specimen Identifier", "SN4471"), text("77", "Texture", "liver Okonkwo", "99SITE")]
    ds = instance()
    setattr(ds, sequence, items)
    out = cleaned(ds, graphics)
    assert len(out[sequence].value) == left  # what a type 1 sequence holds keeps its place
    assert not PLANTED.search("\n".join(everything(out)))
    assert out[sequence].value[-1].TextValue == "liver"


def test_specimens_keep_how_they_were_prepared(graphics: str) -> None:
    step, preparation = Dataset(), Dataset()
    step.SpecimenPreparationStepContentItemSequence = [
        text("121041", "Specimen Identifier", "SN4471"),
        coded("111701", "Processing type", code("9265001", "SCT", "Specimen processing")),
    ]
    preparation.SpecimenPreparationSequence = [step]
    ds = instance(SpecimenDescriptionSequence=[preparation])
    kept = cleaned(ds, graphics).SpecimenDescriptionSequence[0].SpecimenPreparationSequence[0]
    identifier, processing = kept.SpecimenPreparationStepContentItemSequence
    assert identifier.TextValue == "DEIDENTIFIED"
    assert processing.ConceptCodeSequence[0].CodeValue == "9265001"
    assert cleaned(ds, "basic").SpecimenDescriptionSequence[0].SpecimenPreparationSequence == []


def test_acquisition_context_that_loses_all_its_items_is_empty(graphics: str) -> None:
    ds = instance(AcquisitionContextSequence=[text("121041", "Specimen Identifier", "SN4471")])
    assert cleaned(ds, graphics).AcquisitionContextSequence == []


def test_a_label_that_goes_leaves_a_dummy_of_its_own() -> None:
    sources = [
        text("113832", "Identification of the X-Ray Source", said) for said in ("Okonkwo", "Hollingbery", "Okonkwo")
    ]
    new = [each.TextValue for each in cleaned(report(*sources), "basic").ContentSequence]
    assert new[0] == new[2] != new[1]
    assert all(re.fullmatch("LABEL [B-DF-HJ-NP-TV-Z2-9]{5}", said) for said in new)


class Contextual(WordJudge):
    """A judge that finds a person only where a label says so."""

    def judge(self, text: str, identifiers: Identifiers) -> Said:
        labels = {"physician", "Read by", "Operator"}
        person = not identifiers.names and text in {f"{label}: normal" for label in labels}
        return Said(Verdict.PHI if person else Verdict.TECHNICAL)

    def clean(self, text: str, identifiers: Identifiers) -> tuple[str, tuple[()]]:
        assert identifiers.names
        return text, ()


@pytest.mark.parametrize(
    ("meaning", "said", "stays"),
    [
        ("Examining physician", "Young", False),
        ("Read by", "Young", False),
        ("Operator name", "Young", False),
        (
            "Operator",
            "a text of many words that describes at length how the examination was performed on that day",
            True,
        ),
        ("Texture", "Young", True),
        ("physician note", "Young", True),
        ("", "Young", True),
        ("Finding Site", "Young", True),  # listed by the table, which says what to do
    ],
)
def test_a_text_is_judged_in_the_context_of_its_concept(meaning: str, said: str, stays: bool) -> None:  # noqa: FBT001  # a parameter
    made = report(text("77", meaning, said, "99SITE"), item("TEXT", None, TextValue="Young"))
    told = replace(context(made), judge=Contextual())
    out, _ = apply(made, profile("research"), told)
    assert [each.TextValue for each in out.ContentSequence] == [said if stays else "DEIDENTIFIED", "Young"]


@pytest.mark.parametrize(("edition", "action"), [("2008", "K"), ("2024c", "K"), ("2026c", "X")])
def test_the_table_of_the_edition_counts(edition: str, action: str, tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    options = "[BasicApplicationConfidentialityProfile, CleanPixelDataOption]"
    path.write_text(f"name: old\nedition: {edition}\ndescription: old\noptions: {options}\n")
    old = load(str(path))
    assert treatment("TEXT", Code("131563", "DCM", "Series Description"), old).action == action
    # Before 2019c there was no table of concepts: then the first one counts.
    assert treatment("TEXT", Code("121022", "DCM", "Accession Number"), old).action == "X"
    assert treatment("TEXT", Code("G-C0E3", "SRT", "Finding Site"), old).action == "D"
    assert treatment("IMAGE", None, old) == PLAIN


def test_uid_of_a_report_item_follows_its_study() -> None:
    out = cleaned(report(item("UIDREF", code("110180", "DCM", "Study Instance UID"), UID=uid(1, 1))), "research")
    assert out.StudyInstanceUID == out.ContentSequence[0].UID
