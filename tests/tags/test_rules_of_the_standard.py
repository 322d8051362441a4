"""The rules of PS3.15 E.1 to E.3 that are not in Table E.1-1, each under every edition that has it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from builders import code, instance, uid
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import CTImageStorage
from tags import tables
from tags.cleaning import PSEUDONYMIZER, context, reread

from gateway.errors import UnsupportedContent
from gateway.tags import Profile, apply, load

EDITIONS = tables.EDITIONS
WITH_OPTIONS = EDITIONS[1:]
DEVICE, UIDS, CHARACTERISTICS = "RetainDeviceIdentityOption", "RetainUidsOption", "RetainPatientCharacteristicsOption"
DESCRIPTORS = "CleanDescriptorsOption"


@cache
def profile(edition: str, *options: str, knobs: str = "{}", rules: str = "{}") -> Profile:
    lines = "\n".join(
        f"  - {option}" for option in ("BasicApplicationConfidentialityProfile", "CleanPixelDataOption", *options)
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "one.yaml"
        path.write_text(
            f"name: one\nedition: {edition}\ndescription: A test.\nknobs: {knobs}\nrules: {rules}\noptions:\n{lines}\n",
            encoding="utf-8",
        )
        return load(str(path))


def cleaned(dataset: Dataset, edition: str, *options: str) -> FileDataset:
    return apply(dataset, profile(edition, *options), context(dataset))[0]


def item(**attributes: Any) -> Dataset:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


@pytest.mark.parametrize("edition", WITH_OPTIONS)
def test_titles_of_devices_are_cleaned_since_2023b(edition: str) -> None:
    """ae_titles_cleaned."""
    dataset = instance(PerformedStationAETitle="CT_HOSPITAL", StationName="CT1")
    out = cleaned(dataset, edition, DEVICE)
    assert out.StationName == "CT1"
    kept = edition < "2023b"
    assert out.PerformedStationAETitle == ("CT_HOSPITAL" if kept else PSEUDONYMIZER.token("CT_HOSPITAL"))


@pytest.mark.parametrize("edition", EDITIONS)
def test_listed_attributes_are_treated_at_every_level(edition: str) -> None:
    """all_levels."""
    inner = item(StationName="CT_HOLLINGBERY", ReferringPhysicianName="Hollingbery^A", StudyInstanceUID=uid(1, 1))
    dataset = instance(SharedFunctionalGroupsSequence=[item(CTExposureSequence=[inner])])
    found = cleaned(dataset, edition).SharedFunctionalGroupsSequence[0].CTExposureSequence[0]
    assert found.StudyInstanceUID == PSEUDONYMIZER.uid(uid(1, 1))
    assert "HOLLINGBERY" not in str(found).upper()


def test_2008_removes_or_replaces_by_type() -> None:
    """attrs_added_2008."""
    dataset = instance(
        InstitutionName="Saint Brannoc",
        AccessionNumber="4471902",
        StudyID="17",
        DeviceSerialNumber="SN1",
        StationName="CT1",
    )
    out = cleaned(dataset, "2008")
    assert (out.get("InstitutionName"), out.get("StationName"), out.get("DeviceSerialNumber")) == (None, None, None)
    assert (out.AccessionNumber, out.StudyID, out.ReferringPhysicianName) == ("", "", "")
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2.1"
    assert cleaned(dataset, "2008").DeviceSerialNumber == PSEUDONYMIZER.token("SN1")


@pytest.mark.parametrize("edition", WITH_OPTIONS)
def test_cleaning_reaches_the_codes_of_a_sequence(edition: str) -> None:
    """c_code_seq, sequence_c."""
    dataset = instance(RequestAttributesSequence=[item(
        RequestedProcedureID="R1", RequestedProcedureDescription="left HOLLINGBERY",
        RequestedProcedureCodeSequence=[code("77", "99SITE", "liver HOLLINGBERY")],
    )])  # fmt: skip
    assert "RequestAttributesSequence" not in cleaned(dataset, edition)
    found = cleaned(dataset, edition, DESCRIPTORS).RequestAttributesSequence[0]
    assert found.RequestedProcedureCodeSequence[0].CodeMeaning == "liver"
    assert found.RequestedProcedureDescription == "left"
    assert "RequestedProcedureID" not in found


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_method_is_added_to_earlier_ones(edition: str) -> None:
    """deid_method, patient_identity_removed."""
    dataset = instance(
        DeidentificationMethod="standard", DeidentificationMethodCodeSequence=[code("113105", "DCM", "Clean")]
    )
    out = cleaned(dataset, edition)
    assert [item.CodeValue for item in out.DeidentificationMethodCodeSequence] == ["113105", "113100", "113101"]
    assert out.DeidentificationMethod[0] == "standard"
    assert out.DeidentificationMethod[1].startswith(f"one, PS3.15 E {edition} #")
    assert out.PatientIdentityRemoved == "YES"


@pytest.mark.parametrize("edition", EDITIONS)
def test_file_meta_is_new_and_classes_stay(tmp_path: Path, edition: str) -> None:
    """file_meta, never_sop_class, sop_instance_uid."""
    dataset = instance(
        ReferencedImageSequence=[item(ReferencedSOPClassUID=CTImageStorage, ReferencedSOPInstanceUID="1.2.9")]
    )
    dataset.file_meta.SourceApplicationEntityTitle = "OKONKWO"
    out = reread(cleaned(dataset, edition), tmp_path)
    assert out.file_meta.MediaStorageSOPInstanceUID == out.SOPInstanceUID == PSEUDONYMIZER.uid(dataset.SOPInstanceUID)
    assert "SourceApplicationEntityTitle" not in out.file_meta
    assert (out.SOPClassUID, out.preamble) == (CTImageStorage, bytes(128))
    found = out.ReferencedImageSequence[0]
    assert (found.ReferencedSOPClassUID, found.ReferencedSOPInstanceUID) == (CTImageStorage, PSEUDONYMIZER.uid("1.2.9"))


@pytest.mark.parametrize("edition", EDITIONS)
def test_directories_are_not_instances(edition: str) -> None:
    """group_0004."""
    dataset = instance()
    dataset.add_new(0x00041130, "CS", "OKONKWO")
    assert 0x00041130 not in cleaned(dataset, edition)
    dataset.SOPClassUID = "1.2.840.10008.1.3.10"
    with pytest.raises(UnsupportedContent):
        cleaned(dataset, edition)


@pytest.mark.parametrize("edition", EDITIONS)
def test_sequences_that_go_go_whole(edition: str) -> None:
    """sequence_x, icon, private_default; in editions that do not list them yet as well."""
    hidden = item(Rows=1, PatientName="OKONKWO")
    dataset = instance(
        IconImageSequence=[hidden], OriginalAttributesSequence=[hidden], ReferencedPatientPhotoSequence=[hidden],
        DigitalSignaturesSequence=[hidden], OtherPatientIDsSequence=[hidden], IssuerOfAdmissionIDSequence=[hidden],
    )  # fmt: skip
    dataset.private_block(0x0009, "OKONKWO", create=True).add_new(1, "LO", "OKONKWO")
    out = cleaned(dataset, edition)
    assert "OKONKWO" not in str(out)
    assert not [element for element in out if element.keyword.endswith("Sequence") and element.keyword in dataset
                and element.tag != 0x00120064]  # fmt: skip


@pytest.mark.parametrize("edition", WITH_OPTIONS)
def test_a_sequence_that_an_option_keeps_is_treated_item_by_item(edition: str) -> None:
    """sequence_k, option_wins."""
    station = code("77", "99SITE", "liver HOLLINGBERY")
    station.InstitutionAddress, station.FrameOfReferenceUID = "Saint Brannoc", "1.2.3"
    dataset = instance(ScheduledStationNameCodeSequence=[station])
    assert "ScheduledStationNameCodeSequence" not in cleaned(dataset, edition)
    found = cleaned(dataset, edition, DEVICE).ScheduledStationNameCodeSequence[0]
    assert (found.CodeMeaning, found.FrameOfReferenceUID) == ("liver", PSEUDONYMIZER.uid("1.2.3"))
    assert "InstitutionAddress" not in found


@pytest.mark.parametrize("edition", WITH_OPTIONS)
@pytest.mark.parametrize(
    ("option", "term", "date"),
    [("", "REMOVED", ""), (tables.FULL, "UNMODIFIED", "20230311"), (tables.MODIFIED, "MODIFIED", "20221201")],
)
def test_dates_say_what_became_of_them(edition: str, option: str, term: str, date: str) -> None:
    """long_temporal_removed, long_temporal_unmodified, long_temporal_modified; 00080020 is type 2 here."""
    out = cleaned(instance(), edition, *filter(None, [option]))
    assert (out.LongitudinalTemporalInformationModified, out.StudyDate) == (term, date)


@pytest.mark.parametrize("edition", WITH_OPTIONS)
def test_the_option_wins_over_the_basic_profile(edition: str) -> None:
    """option_wins, descriptors."""
    dataset = instance(PatientSex="F", PatientAge="047Y", SeriesDescription="Axial chest HOLLINGBERY")
    plain = cleaned(dataset, edition)
    assert (plain.PatientSex, plain.get("PatientAge"), plain.get("SeriesDescription")) == ("", None, None)
    out = cleaned(dataset, edition, CHARACTERISTICS, DESCRIPTORS)
    assert (out.PatientSex, out.PatientAge, out.SeriesDescription) == ("F", "047Y", "Axial chest")


def test_an_attribute_that_its_iod_does_not_define_gets_what_is_legal_everywhere() -> None:
    """not_in_iod, which allows more than it asks for; z_allows_dummy, composite_codes."""
    dataset = instance(VerifyingOrganization="Saint Brannoc", ClinicalTrialProtocolID="T1")
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    out = cleaned(dataset, "2026c")
    assert out.VerifyingOrganization == PSEUDONYMIZER.token("Saint Brannoc")
    assert out.ClinicalTrialProtocolID == PSEUDONYMIZER.token("T1")
    slide = instance(IssuerOfTheContainerIdentifierSequence=[item(LocalNamespaceEntityID="OKONKWO")])
    assert cleaned(slide, "2026c").IssuerOfTheContainerIdentifierSequence == []


@pytest.mark.parametrize("edition", WITH_OPTIONS)
def test_retained_uids_stay_everywhere_unless_they_are_none(edition: str) -> None:
    """sop_instance_uid under the option; at depth, unlisted, in sequences of references."""
    wild = item(ReferencedSOPInstanceUID="1.2.9", VolumeFrameOfReferenceUID="1.2.10")
    dataset = instance(ReferencedImageSequence=[wild], TrackingUID="OKONKWO 1.2", AcquisitionUID="1.2.11")
    out = cleaned(dataset, edition, UIDS)
    assert (out.SOPInstanceUID, out.StudyInstanceUID) == (dataset.SOPInstanceUID, dataset.StudyInstanceUID)
    assert out.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
    found = out.ReferencedImageSequence[0]
    assert (found.ReferencedSOPInstanceUID, found.VolumeFrameOfReferenceUID) == ("1.2.9", "1.2.10")
    assert (out.AcquisitionUID, out.TrackingUID) == ("1.2.11", PSEUDONYMIZER.uid("OKONKWO 1.2"))
