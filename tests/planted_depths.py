"""PHI in sequences, in private and unknown elements, in values of the wrong form, and in UIDs."""

from __future__ import annotations

import struct

from builders import ROOT, code
from planted import Place, item, kind
from pydicom.uid import EnhancedCTImageStorage, ImplicitVRLittleEndian


# --- deeper -----------------------------------------------------------------------------------------------------------
@kind
def request_attributes(at: Place) -> str:
    request = item(
        RequestedProcedureDescription=f"For Dr {at.surname}", ScheduledProcedureStepDescription=at.surname,
        ScheduledProcedureStepID=at.surname[:16], RequestedProcedureID=at.surname[:16],
    )  # fmt: skip
    at.write(at.image(RequestAttributesSequence=[request]))
    return at.surname


@kind
def original_attributes(at: Place) -> str:
    before = item(PatientName=at.person, PatientID=at.mrn)
    changed = item(
        ModifiedAttributesSequence=[before], ModifyingSystem=f"{at.surname} PACS", SourceOfPreviousValues=at.surname,
        AttributeModificationDateTime="20200101", ReasonForTheAttributeModification="CORRECT",
    )  # fmt: skip
    at.write(at.image(OriginalAttributesSequence=[changed]))
    return at.surname


@kind
def contributing_equipment(at: Place) -> str:
    inner = item(
        ContributionDescription=f"Anonymised for {at.surname}", OperatorsName=at.person, StationName=at.surname[:16]
    )
    at.write(at.image(ContributingEquipmentSequence=[inner]))
    return at.surname


@kind
def frame_comments_at_depth_two(at: Place) -> str:
    content = item(FrameComments=f"Held still by {at.surname}", FrameLabel=at.surname)
    ds = at.image(PerFrameFunctionalGroupsSequence=[item(FrameContentSequence=[content])], NumberOfFrames=1)
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
    at.write(ds)
    return at.surname


@kind
def name_at_depth_three(at: Place) -> str:
    deepest = item(PersonName=at.person, TextValue=at.surname)
    middle = item(PatientID=at.mrn, ContentSequence=[deepest])
    at.write(at.image(ReferencedImageSequence=[item(PurposeOfReferenceCodeSequence=[item(ContentSequence=[middle])])]))
    return at.surname


@kind
def performed_protocol_code(at: Place) -> str:
    at.write(at.image(ProcedureCodeSequence=[code("CT77", "99LOCAL", f"CT {at.surname} protocol")]))
    return at.surname


@kind
def value_of_a_private_code(at: Place) -> str:
    private = code(f"CT_{at.surname}"[:16], f"99{at.surname}"[:16], "CT")
    at.write(at.image(NameOfPhysiciansReadingStudy=at.person, ProcedureCodeSequence=[private]))
    return at.surname[:12]


@kind
def digital_signature(at: Place) -> str:
    signature = item(
        MACIDNumber=1, DigitalSignatureUID=at.uid(5, 5), CertificateType="X509_1993_SIG", Signature=b"\1\2\3\4"
    )
    signature.CertificateOfSigner = f"CN={at.surname} ".encode() + b" " * (len(at.surname) % 2)
    at.write(at.image(DigitalSignaturesSequence=[signature]))
    return at.surname


@kind
def encrypted_attributes(at: Place) -> str:
    content = at.surname.encode().ljust(32, b"\0")
    sealed = item(EncryptedContentTransferSyntaxUID=ImplicitVRLittleEndian, EncryptedContent=content)
    at.write(at.image(EncryptedAttributesSequence=[sealed]))
    return at.surname


@kind
def referenced_file_id(at: Place) -> str:
    reference = item(ReferencedSOPClassUID=EnhancedCTImageStorage, ReferencedSOPInstanceUID=at.uid(3, 3))
    reference.ReferencedFileID = ["IMAGES", at.surname.upper()]
    at.write(at.image(ReferencedImageSequence=[reference]))
    return at.surname


@kind
def retired_elements(at: Place) -> str:
    ds = at.image(OperatorsName=at.person)
    ds.add_new(0x00203100, "CS", at.surname.upper())
    ds.add_new(0x00080042, "SH", at.surname[:16])
    at.write(ds)
    return at.surname


# --- private and unknown ----------------------------------------------------------------------------------------------
@kind
def private_element(at: Place) -> str:
    ds = at.image()
    ds.private_block(0x0009, "IMAGINARY 1.0", create=True).add_new(0x10, "LO", at.person)
    at.write(ds)
    return at.surname


@kind
def private_creator(at: Place) -> str:
    ds = at.image()
    ds.private_block(0x0011, f"{at.surname} WORKSTATION", create=True).add_new(0x01, "DS", "1.5")
    at.write(ds)
    return at.surname


@kind
def private_sequence(at: Place) -> str:
    ds = at.image()
    block = ds.private_block(0x0029, "IMAGINARY CSA", create=True)
    block.add_new(0x20, "SQ", [item(PatientName=at.person, ReferencedStudySequence=[item(PatientID=at.mrn)])])
    at.write(ds)
    return at.surname


@kind
def private_element_of_unknown_vr(at: Place) -> str:
    ds = at.image()
    block = ds.private_block(0x0029, "IMAGINARY CSA", create=True)
    block.add_new(0x10, "UN", b"SV10\4\3\2\1" + at.surname.encode("utf-16-le"))
    at.write(ds)
    return at.surname


@kind
def private_element_without_creator(at: Place) -> str:
    ds = at.image()
    ds.add_new(0x00131042, "UN", at.person.encode() + b" " * (len(at.person) % 2))
    at.write(ds)
    return at.surname


@kind
def private_element_in_a_sequence(at: Place) -> str:
    inner = item(ReferencedSOPClassUID=EnhancedCTImageStorage, ReferencedSOPInstanceUID=at.uid(3, 1))
    inner.private_block(0x0021, "IMAGINARY 1.0", create=True).add_new(0x01, "PN", at.person)
    at.write(at.image(SourceImageSequence=[inner]))
    return at.surname


def _unknown(at: Place, *elements: tuple[int, bytes]) -> None:
    """Write elements that the standard knows as UN (pydicom would look up their VR)."""
    ds = at.image()
    for tag, data in elements:
        ds.add_new(tag, "OB", data)
    path = at.write(ds)
    written = path.read_bytes()
    for tag, _ in elements:
        header = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
        assert written.count(header + b"OB\0\0") == 1
        written = written.replace(header + b"OB\0\0", header + b"UN\0\0")
    path.write_bytes(written)


@kind
def standard_element_written_as_unknown(at: Place) -> str:
    name = at.surname.encode() + b" " * (len(at.surname) % 2)
    _unknown(at, (0x00101001, name), (0x00180015, name), (0x00181030, name), (0x00400254, name))
    return at.surname


@kind
def standard_sequence_written_as_unknown(at: Place) -> str:
    name = at.person.encode() + b" " * (len(at.person) % 2)
    inside = struct.pack("<HHI", 0x0010, 0x0010, len(name)) + name  # implicit VR, as PS3.5 6.2.2 note 4 has it
    _unknown(at, (0x00081140, struct.pack("<HHI", 0xFFFE, 0xE000, len(inside)) + inside))
    return at.surname


@kind
def other_vr_than_the_dictionary(at: Place) -> str:
    ds = at.image()
    ds.add_new(0x00181114, "LO", at.surname)  # EstimatedRadiographicMagnificationFactor, a DS
    ds.add_new(0x00180050, "LT", f"5 mm for {at.surname}")
    at.write(ds)
    return at.surname


# --- values of the wrong form -----------------------------------------------------------------------------------------
def _instead(at: Place, tag: int, vr: str, value: str) -> None:
    """Write an element whose value its VR does not allow, past pydicom's checks."""
    ds = at.image()
    ds.add_new(tag, vr, None)
    data = value.encode() + b" " * (len(value) % 2)
    path = at.write(ds)
    header = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode() + b"\0\0"
    written = path.read_bytes()
    assert written.count(header) == 1
    path.write_bytes(written.replace(header, header[:6] + struct.pack("<H", len(data)) + data))


@kind
def text_in_a_decimal_string(at: Place) -> str:
    _instead(at, 0x00180088, "DS", f"5.0 {at.surname}")
    return at.surname


@kind
def text_in_an_integer_string(at: Place) -> str:
    _instead(at, 0x00200012, "IS", at.surname[:12])
    return at.surname[:12]


@kind
def text_in_a_date(at: Place) -> str:
    _instead(at, 0x00181012, "DA", at.surname)
    return at.surname


@kind
def text_in_a_time(at: Place) -> str:
    _instead(at, 0x00080032, "TM", f"10h {at.surname}")
    return at.surname


@kind
def text_in_a_date_time(at: Place) -> str:
    _instead(at, 0x0008002A, "DT", f"20200101 {at.surname}")
    return at.surname


@kind
def text_in_an_age(at: Place) -> str:
    _instead(at, 0x00101010, "AS", at.surname[:12])
    return at.surname[:12]


@kind
def own_number_in_a_decimal_string(at: Place) -> str:
    at.write(at.image(OtherPatientIDs=at.mrn, SliceThickness=at.mrn))
    return at.mrn


# --- UIDs -------------------------------------------------------------------------------------------------------------
def _telling(at: Place) -> str:
    """A UID as some devices make them: from the birth date and the patient's number."""
    return f"{ROOT}.{at.born}.{at.mrn}.1"


@kind
def study_uid_with_birth_date_and_number(at: Place) -> str:
    at.write(at.image(StudyInstanceUID=_telling(at)))
    return at.mrn


@kind
def instance_uid_with_number(at: Place) -> str:
    ds = at.image(SOPInstanceUID=_telling(at))
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    at.write(ds)
    return at.mrn


@kind
def referenced_uid_with_number(at: Place) -> str:
    reference = item(ReferencedSOPClassUID=EnhancedCTImageStorage, ReferencedSOPInstanceUID=_telling(at))
    series = item(SeriesInstanceUID=_telling(at), ReferencedSOPSequence=[reference])
    at.write(at.image(ReferencedImageSequence=[reference], ReferencedSeriesSequence=[series]))
    return at.mrn


@kind
def dimension_organization_uid_with_number(at: Place) -> str:
    index = item(DimensionOrganizationUID=_telling(at), DimensionIndexPointer=0x00200032)
    organization = [item(DimensionOrganizationUID=_telling(at))]
    at.write(at.image(DimensionOrganizationSequence=organization, DimensionIndexSequence=[index]))
    return at.mrn


@kind
def uid_that_spells_a_name_in_numbers(at: Place) -> str:
    digits = "".join(str(ord(letter)) for letter in at.surname.upper())
    at.write(at.image(FrameOfReferenceUID=f"{ROOT}.{digits}", DeviceUID=f"{ROOT}.{digits}"))
    return digits


@kind
def malformed_uid_with_letters(at: Place) -> str:
    at.write(at.image(IrradiationEventUID=f"1.2.{at.surname}.3", FrameOfReferenceUID=f"1.2.{at.surname}.4"))
    return at.surname


@kind
def own_number_in_uids_of_a_code(at: Place) -> str:
    region = code("818981001", "SCT", "Abdomen")
    region.CodingSchemeUID, region.ContextUID = f"1.2.{at.mrn}", f"1.2.{at.mrn}.7"
    at.write(at.image(OtherPatientIDs=at.mrn, AnatomicRegionSequence=[region]))
    return at.mrn


@kind
def uid_in_free_text(at: Place) -> str:
    at.write(at.image(ImageComments=f"copied from {_telling(at)}", DerivationDescription=f"see {_telling(at)}"))
    return at.mrn
