"""Under the date options everything that is computed from dates and times gives the same result before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import instance
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import PositronEmissionTomographyImageStorage
from pydicom.valuerep import DA
from tags.cleaning import SHIFT, cleaned, context, innermost, nested, put_raw, reread

from gateway.tags import Pseudonymizer, apply, load

MODIFIED, FULL = (f"RetainLongitudinalTemporalInformation{kind}DatesOption" for kind in ("Modified", "Full"))
HALF_LIFE = 6586.2  # seconds, fluorine-18


def pet() -> FileDataset:
    """A PET image whose injection lies before midnight and whose series starts after it."""
    dose = Dataset()
    dose.RadionuclideHalfLife, dose.RadionuclideTotalDose = HALF_LIFE, 370e6
    dose.RadiopharmaceuticalStartTime = "232210.500"
    dose.RadiopharmaceuticalStartDateTime = "20230310232210.500000+0100"
    dataset = instance(SOPClassUID=PositronEmissionTomographyImageStorage, Modality="PT")
    dataset.StudyDate = "20230310"
    dataset.SeriesDate = dataset.AcquisitionDate = "20230311"
    dataset.SeriesTime = dataset.AcquisitionTime = "002510"
    dataset.AcquisitionDateTime = "20230311002510.000000+0100"
    dataset.TimezoneOffsetFromUTC = "+0100"
    dataset.DecayCorrection, dataset.DecayFactor, dataset.FrameReferenceTime = "START", "1.47", "150000"
    dataset.RadiopharmaceuticalInformationSequence = [dose]
    return dataset


def decay(dataset: Dataset) -> tuple[float, ...]:
    """The decay factor as viewers compute it: from date-times, and from a time that may lie on the day before."""
    dose = dataset.RadiopharmaceuticalInformationSequence[0]
    injected = datetime.strptime(dose.RadiopharmaceuticalStartDateTime, "%Y%m%d%H%M%S.%f%z")
    series = datetime.strptime(
        f"{dataset.SeriesDate}{dataset.SeriesTime}{dataset.TimezoneOffsetFromUTC}", "%Y%m%d%H%M%S%z"
    )
    acquired = datetime.strptime(dataset.AcquisitionDateTime, "%Y%m%d%H%M%S.%f%z")
    clock = datetime.strptime(f"{dataset.SeriesDate}{dose.RadiopharmaceuticalStartTime}", "%Y%m%d%H%M%S.%f").replace(
        tzinfo=series.tzinfo
    )
    if clock > series:  # injected before midnight
        clock -= timedelta(days=1)
    return tuple(2 ** (-(scanned - start).total_seconds() / HALF_LIFE) for start, scanned in (
        (injected, series), (injected, acquired), (clock, series),
    ))  # fmt: skip


def profile_text(edition: str, option: str) -> str:
    return (
        f"name: own\nedition: {edition}\ndescription: for a test\noptions:\n  - BasicApplicationConfidentialityProfile\n"
        f"  - CleanPixelDataOption\n  - {option}\n"
    )


@pytest.mark.parametrize("edition", ["2011", "2017c", "2021b", "2023b", "2024c", "2026c"])
@pytest.mark.parametrize("option", [MODIFIED, FULL])
def test_suv_can_be_computed_after_as_before(tmp_path: Path, edition: str, option: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(profile_text(edition, option))
    dataset = pet()
    before = decay(dataset)
    written = reread(apply(dataset, load(str(path)), context(dataset))[0], tmp_path)
    assert decay(written) == pytest.approx(before, rel=1e-12)
    assert (written.DecayFactor, written.FrameReferenceTime, written.TimezoneOffsetFromUTC) == (1.47, 150000, "+0100")
    dose = written.RadiopharmaceuticalInformationSequence[0]
    assert (dose.RadionuclideHalfLife, dose.RadionuclideTotalDose) == (HALF_LIFE, 370e6)
    moved = option == MODIFIED
    assert (written.SeriesDate != "20230311") == moved


def test_all_dates_of_a_patient_move_by_the_same_days_in_every_study_and_job() -> None:
    moved = set()
    for study, number in ((1, 1), (1, 2), (9, 1)):
        dataset = instance(study=study, number=number)
        days = Pseudonymizer(b"an invented key for the tests only").shift(
            dataset.PatientID
        )  # made anew, as by another job
        written = apply(dataset, load("research"), replace(context(dataset), shift_days=days))[0]
        moved.add((written[0x00080020].value, days))
        assert (DA(written.StudyDate) - DA(dataset.StudyDate)).days == days
    assert len({days for _, days in moved}) == 1
    assert Pseudonymizer(b"another key of another site").shift("OK-4471902") not in {days for _, days in moved}


@pytest.mark.parametrize("depth", range(4))
@pytest.mark.parametrize("option", [MODIFIED, FULL])
def test_no_option_keeps_or_moves_a_birth_date(tmp_path: Path, depth: int, option: str) -> None:
    inner = Dataset()
    inner.PatientBirthDate = inner.ExpiryDate = "19610417"
    inner.DateOfSecondaryCapture = "20230311"
    put_raw(inner, 0x0008002A, "DT", b"19610417120000")
    dataset = instance()
    dataset.update(nested(inner, depth))
    path = tmp_path / "own.yaml"
    path.write_text(profile_text("2026c", option))
    written = reread(apply(dataset, load(str(path)), context(dataset))[0], tmp_path)
    born = datetime(1961, 4, 17)  # noqa: DTZ001  # a day has no zone
    days = {f"{born + timedelta(days=shift):%Y%m%d}" for shift in (0, SHIFT)}
    text = str(written)
    assert not any(day in text for day in days)
    assert innermost(written, depth).DateOfSecondaryCapture == ("20230311" if option == FULL else "20221201")


def test_a_newborn_keeps_the_dates_of_the_study() -> None:
    dataset = instance(PatientBirthDate="20230311", ExpiryDate="20230311")
    written = cleaned(dataset, "research")
    assert (written.StudyDate, written.SeriesDate, written.ExpiryDate) == ("20221201",) * 3
    assert not written.PatientBirthDate


def test_a_birth_date_that_is_none_hides_nothing() -> None:
    for data in (b"", b"unknown ", b"1961"):
        dataset = put_raw(instance(ExpiryDate="19610417"), 0x00100030, "DA", data)
        assert cleaned(dataset, "research").ExpiryDate == "19610107"
    del dataset.PatientBirthDate
    assert cleaned(dataset, "research").ExpiryDate == "19610107"
    dataset.add_new(0x00100030, "SQ", [Dataset()])
    assert cleaned(dataset, "research").ExpiryDate == "19610107"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("+0100", "+0100"), ("-03:30", "-0330"), ("+1400", "+1400"), ("CET", None), ("+9900", None), ("", "")],
)
def test_the_offset_from_utc_stays_with_the_dates(text: str, expected: str | None) -> None:
    written = cleaned(instance(TimezoneOffsetFromUTC=text), "research")
    assert (written.TimezoneOffsetFromUTC if "TimezoneOffsetFromUTC" in written else None) == expected
    assert "TimezoneOffsetFromUTC" not in cleaned(instance(TimezoneOffsetFromUTC="+0100"), "basic")


@pytest.mark.parametrize(("profile", "text"), [("basic", "+0100"), ("research", "Mombasa")])
def test_an_offset_that_must_be_there_becomes_one_that_tells_nothing(profile: str, text: str) -> None:
    """An unknown class may require the attribute; readers count with its value."""
    assert cleaned(instance(TimezoneOffsetFromUTC=text, SOPClassUID="1.2.3"), profile).TimezoneOffsetFromUTC == "+0000"


@pytest.mark.parametrize(
    "text",
    [
        "11.03.2023", "2023-03-11", "11/03/23", "03/11/2023", "Mar 11, 2023", "11 März 2023", "11Mar2023", "11-mars-23",
        "2023 03 11", "20230311", "11. marca 2023",
    ],
)  # fmt: skip
@pytest.mark.parametrize("template", ["B30 {}", "{}", "v1.2 {} standard"])
def test_a_date_of_the_study_goes_from_technical_text(text: str, template: str) -> None:
    written = cleaned(instance(SoftwareVersions=template.format(text)), "research")
    assert "23" not in str(written.SoftwareVersions)


@pytest.mark.parametrize("text", ["syngo 11.3.2024", "11.03", "V 2023 R 11", "12 Mar 2023"])
def test_other_numbers_in_technical_text_stay(text: str) -> None:
    assert cleaned(instance(SoftwareVersions=text), "research").SoftwareVersions == text
