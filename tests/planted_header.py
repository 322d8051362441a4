"""PHI in top-level elements of images: people, numbers and places where they belong, and free text."""

from __future__ import annotations

from builders import code
from planted import Place, item, kind


# --- people, numbers and places where they belong ---------------------------------------------------------------------
@kind
def other_patient_names(at: Place) -> str:
    at.write(at.image(OtherPatientNames=[at.person, "Peregrine^Otto"]))
    return at.surname


@kind
def other_patient_ids_sequence(at: Place) -> str:
    at.write(at.image(OtherPatientIDsSequence=[item(PatientID=at.mrn, TypeOfPatientID="TEXT")]))
    return at.mrn


@kind
def mothers_birth_name(at: Place) -> str:
    at.write(at.image(PatientMotherBirthName=at.person))
    return at.surname


@kind
def patient_address(at: Place) -> str:
    at.write(at.image(PatientAddress=f"14 {at.surname} Terrace, Upper Slaughterby"))
    return at.surname


@kind
def telephone_numbers(at: Place) -> str:
    at.write(
        at.image(PatientTelephoneNumbers=f"+44 {at.mrn}", PatientTelecomInformation=f"mailto:{at.mrn}@example.org")
    )
    return at.mrn


@kind
def physicians(at: Place) -> str:
    at.write(
        at.image(
            PerformingPhysicianName=at.person, PhysiciansOfRecord=at.person, NameOfPhysiciansReadingStudy=at.person
        )
    )
    return at.surname


@kind
def operators_name_in_upper_case(at: Place) -> str:
    at.write(at.image(OperatorsName=at.person.upper()))
    return at.surname


@kind
def operator_identification(at: Place) -> str:
    who = code(at.mrn, "99HOSPITAL", at.surname)
    operator = item(PersonIdentificationCodeSequence=[who], PersonTelephoneNumbers=at.mrn, InstitutionName=at.surname)
    at.write(at.image(OperatorIdentificationSequence=[operator]))
    return at.surname


@kind
def responsible_person(at: Place) -> str:
    at.write(at.image(ResponsiblePerson=at.person, ResponsibleOrganization=f"{at.surname} Trust"))
    return at.surname


@kind
def institution(at: Place) -> str:
    at.write(
        at.image(InstitutionName=f"{at.surname} Memorial Hospital", InstitutionalDepartmentName=f"{at.surname} wing")
    )
    return at.surname


@kind
def station_name(at: Place) -> str:
    at.write(at.image(StationName=f"CT-{at.surname}"[:16]))
    return at.surname[:12]


@kind
def device_serial_number(at: Place) -> str:
    at.write(at.image(DeviceSerialNumber=at.mrn, DetectorID=f"D{at.mrn}", GantryID=at.mrn, PlateID=at.mrn))
    return at.mrn


@kind
def admission_and_order_numbers(at: Place) -> str:
    ds = at.image(AdmissionID=at.mrn, ServiceEpisodeID=at.mrn)
    ds.PlacerOrderNumberImagingServiceRequest = ds.FillerOrderNumberImagingServiceRequest = at.mrn
    at.write(ds)
    return at.mrn


@kind
def clinical_trial_site(at: Place) -> str:
    at.write(at.image(ClinicalTrialSubjectID=at.mrn, ClinicalTrialSiteName=at.mrn, ClinicalTrialSponsorName=at.mrn))
    return at.mrn


@kind
def retrieve_url(at: Place) -> str:
    at.write(at.image(RetrieveURL=f"https://pacs.{at.surname}.example/wado?patient={at.surname}"))
    return at.surname


# --- free text --------------------------------------------------------------------------------------------------------
@kind
def patient_comments(at: Place) -> str:
    at.write(at.image(PatientComments=f"Lives with her sister {at.surname}, ring before 9"))
    return at.surname


@kind
def image_comments(at: Place) -> str:
    at.write(at.image(ImageComments=f"Axial contrast, breath hold poor, repeated by {at.surname} on request"))
    return at.surname


@kind
def study_description(at: Place) -> str:
    at.write(at.image(StudyDescription=f"CT Abdomen {at.surname} with contrast"))
    return at.surname


@kind
def series_description_with_lower_case_name(at: Place) -> str:
    at.write(at.image(SeriesDescription=f"axial_5mm_{at.surname.lower()}_portal"))
    return at.surname


@kind
def protocol_name(at: Place) -> str:
    at.write(at.image(ProtocolName=f"Thorax {at.person.split('^')[1]} {at.surname}"))
    return at.surname


@kind
def history_and_reason(at: Place) -> str:
    text = f"Fell at {at.surname} station.\r\nKnown to Dr {at.surname}; bleep 4417."
    at.write(at.image(AdditionalPatientHistory=text, ReasonForStudy=text[:60], AdmittingDiagnosesDescription=text[:60]))
    return at.surname


@kind
def technical_text_with_a_name_of_the_study(at: Place) -> str:
    ds = at.image(OperatorsName=at.person, FilterType=at.surname, ReceiveCoilName=f"HEAD {at.surname}"[:16])
    ds.ImageType = ["ORIGINAL", "PRIMARY", at.surname.upper()]
    ds.FilterMaterial = [at.surname.upper(), "TIN"]
    ds.AnatomicRegionSequence = [code("818981001", "SCT", f"Abdomen of {at.surname}")]
    at.write(ds)
    return at.surname


@kind
def unlisted_free_text(at: Place) -> str:
    at.write(at.image(BarcodeValue=at.surname, SetupTechniqueDescription=at.surname, DataSetDescription=at.surname))
    return at.surname


@kind
def coded_string_with_a_name(at: Place) -> str:
    at.write(at.image(BodyPartExamined=at.surname.upper(), ContentLabel=at.surname.upper()))
    return at.surname


@kind
def multi_valued_text(at: Place) -> str:
    ds = at.image(OperatorsName=["Peregrine^Otto", at.person], ConvolutionKernel=["B30f", at.surname])
    ds.AdmittingDiagnosesDescription, ds.SoftwareVersions = ["Pain", at.surname], ["VB20", at.surname, "7"]
    at.write(ds)
    return at.surname


@kind
def over_long_value(at: Place) -> str:
    ds = at.image()
    ds.add_new(0x00081030, "LO", "CT Abdomen with contrast " * 30 + at.surname)
    ds.add_new(0x00181160, "SH", "WEDGE" * 20 + at.surname)
    at.write(ds)
    return at.surname


@kind
def retired_text_comments(at: Place) -> str:
    ds = at.image()
    ds.add_new(0x40004000, "LT", f"Reviewed with {at.surname}")
    ds.add_new(0x00080010, "SH", at.surname)
    at.write(ds)
    return at.surname


@kind
def element_of_no_dictionary(at: Place) -> str:
    ds = at.image()
    ds.add_new(0x00129998, "LO", at.person)
    ds.add_new(0x00289991, "OB", at.surname.encode() + b"\0" * (len(at.surname) % 2))
    at.write(ds)
    return at.surname
