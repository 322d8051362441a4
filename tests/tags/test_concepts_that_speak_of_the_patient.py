"""A private concept that says a patient's id, name, birth date or age in words is treated as the standard's own."""

from __future__ import annotations

import pytest
from builders import code
from pydicom.dataset import Dataset
from tags.cleaning import cleaned, everything
from tags.test_structured_reports_stay_useful import item, report
from tags.test_structured_templates import number, text

from gateway.tags.wording import said_of_patient

IDS = ("Patient ID", "Patienten-ID", "N° de dossier", "Número de historia clínica", "patient_id", "PatientID", "患者ID", "MRN",
       "Medical record number", "Numero del paziente", "Пациента номер", "Patient no.")  # fmt: skip
BIRTHS = (
    "Date of birth",
    "Geburtsdatum",
    "Fecha de nacimiento",
    "Date de naissance",
    "生年月日",
    "DOB",
    "Data di nascita",
)
NAMES = ("Patient name", "Nom du patient", "Patientenname", "Nombre del paciente")


def content(*items: Dataset, name: str = "research") -> list[Dataset]:
    return list(cleaned(report(*items), name).get("ContentSequence") or ())


@pytest.mark.parametrize("scheme", ["99SITE", "SCT"])
@pytest.mark.parametrize("meaning", IDS)
def test_an_id_goes_in_every_form(meaning: str, scheme: str) -> None:
    coded = item("CODE", code("4711", scheme, meaning), ConceptCodeSequence=[code("8812345", "99SITE", "8812345")])
    found = content(number("4711", meaning, "8812345", "1", scheme), text("4711", meaning, "8812345", scheme), coded)
    assert len(found) == 3
    assert not any("8812345" in value for one in found for value in everything(one))


def test_an_id_leaves_its_place_where_items_refer_to_each_other() -> None:
    relation = Dataset()
    relation.RelationshipType, relation.ReferencedContentItemIdentifier = "SELECTED FROM", [1, 1]
    tree = report(number("4711", "Patient ID", "8812345", "1", "99SITE"), relation)
    found = cleaned(tree, "research").ContentSequence
    assert len(found) == 2
    assert not any("8812345" in value for value in everything(found[0]))


@pytest.mark.parametrize("value_type", ["DATE", "DATETIME", "TEXT", "NUM"])
@pytest.mark.parametrize("meaning", BIRTHS)
def test_a_birth_date_goes(meaning: str, value_type: str) -> None:
    keyword = {"DATE": "Date", "DATETIME": "DateTime", "TEXT": "TextValue"}.get(value_type)
    concept = code("4712", "99SITE", meaning)
    said = (
        item(value_type, concept, **{keyword: "19330622"})
        if keyword
        else number("4712", meaning, "1933", "a", "99SITE")
    )
    assert content(said) == []


@pytest.mark.parametrize("meaning", NAMES)
def test_a_name_is_a_dummy(meaning: str) -> None:
    assert [found.TextValue for found in content(text("4713", meaning, "left", "99SITE"))] == ["DEIDENTIFIED"]


@pytest.mark.parametrize("meaning", ["Alter", "âge", "Edad", "Leeftijd", "年齢"])
def test_the_oldest_are_capped_in_every_language(meaning: str) -> None:
    (found,) = content(number("4714", meaning, "97", "a", "99SITE"))
    assert found.MeasuredValueSequence[0].NumericValue == 90


@pytest.mark.parametrize(
    "meaning",
    ["Number of patients", "Number of order", "Lesion number", "Birth weight", "Time since birth", "Patient weight", "Volume",
     "Patient reports no pain", "Series number", "Subject height"],
)  # fmt: skip
def test_counts_and_measurements_stay(meaning: str) -> None:
    (found,) = content(number("4715", meaning, "12", "1", "99SITE"))
    assert found.MeasuredValueSequence[0].NumericValue == 12


def test_what_is_listed_as_a_text_stays_as_a_number_unless_it_says_which_one() -> None:
    assert content(number("121022", "Accession Number", "8812345", "1")) == []
    assert content(number("121021", "Filler Number", "8812345", "1"), name="basic") == []
    for kept in (number("121110", "Patient Presentation", "12", "1"), number("11951-1", "Fetus ID", "2", "1", "LN")):
        assert len(content(kept)) == 1


def test_a_day_is_a_birth_only_where_it_says_so() -> None:
    assert said_of_patient("Birth weight", "DATE") == "birth"
    assert said_of_patient("Scan date", "DATE") == ""
    (found,) = content(item("DATE", code("4716", "99SITE", "Scan date"), Date="20230311"))
    assert found.Date == "20221201"
