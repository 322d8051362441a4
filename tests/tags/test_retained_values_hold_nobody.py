"""What an option retains (a device, an institution) stays, but no value of the patient or the order that stands in it."""

from __future__ import annotations

from typing import Any

import pytest
from builders import PEOPLE, instance
from pydicom.dataset import FileDataset
from tags.cleaning import cleaned

NAME, ID, _, _ = PEOPLE[0]
KEYWORDS = ("GantryID", "StationName", "InstitutionAddress", "InstitutionName", "DeviceSerialNumber")


def study(**values: Any) -> FileDataset:
    return instance(AccessionNumber="ACC7731", PatientAddress="12 Larkspur Crescent, Nether Wallop", **values)


@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize(
    "own", [ID, "ACC7731", "19610417", "Okonkwo", "Larkspur Crescent 12 Larkspur Crescent, Nether Wallop"]
)
def test_own_values_do_not_stay_in_what_is_retained(retaining: str, keyword: str, own: str) -> None:
    for text in (own, f"axial {own}"):
        after = cleaned(study(**{keyword: text}), retaining).get(keyword)
        assert own not in str(after)


def test_what_belongs_to_devices_and_institutions_stays(retaining: str) -> None:
    kept = {
        "GantryID": "GANTRY 4471",
        "StationName": "KORVETTE7",
        "DeviceSerialNumber": "GANTRY 4471",
        "InstitutionName": "Klinikum Eichenhain",
        "InstitutionAddress": "Quillfeather Lane 5, Nether Wallop",
        "InstitutionalDepartmentName": "Klinikum Eichenhain CT",
    }
    after = cleaned(study(**kept), retaining)
    assert {keyword: after.get(keyword) for keyword in kept} == kept


@pytest.mark.parametrize("station", ["Klinikum Eichenhain CT", "Klinikum Eichenhain", "EICHENHAIN 1", "Wallop CT"])
def test_without_the_other_option_an_institution_does_not_stay_in_a_station(devices: str, station: str) -> None:
    ds = study(InstitutionName="Klinikum Eichenhain", StationName=station, GantryID="KORVETTE7", PlateID="Chest 7")
    after = cleaned(ds, devices)
    assert after.get("StationName") in {None, "", "CT", "DEIDENTIFIED"} or after.StationName.startswith("D")
    assert (after.GantryID, after.PlateID) == ("KORVETTE7", "Chest 7")


def test_a_patients_telephone_does_not_stay_however_it_is_grouped(retaining: str) -> None:
    for said in ("tel 07621 5550199", "+49-7621-555-0199"):
        ds = study(PatientTelephoneNumbers="+49 (0)7621 555-0199", InstitutionAddress=f"Quillfeather Lane 5 {said}")
        assert "0199" not in str(cleaned(ds, retaining).get("InstitutionAddress"))


def test_an_ordinary_word_that_is_a_place_too_stays_in_an_institution(retaining: str) -> None:
    after = cleaned(study(CurrentPatientLocation="Chest", InstitutionName="Eichenhain Chest Clinic"), retaining)
    assert after.InstitutionName == "Eichenhain Chest Clinic"


def test_a_number_that_is_an_order_as_well_does_not_stay(retaining: str) -> None:
    after = cleaned(study(RequestedProcedureID="KORVETTE7", StationName="KORVETTE7"), retaining)
    assert "StationName" not in after or after.StationName != "KORVETTE7"
