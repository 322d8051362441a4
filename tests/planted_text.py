"""PHI in odd character sets, and in instances that are no images: reports, key objects, presentation states, plans, waves."""

from __future__ import annotations

import struct

import numpy as np
from builders import code
from planted import Place, item, kind
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import (
    CTImageStorage,
    EncapsulatedPDFStorage,
    EnhancedSRStorage,
    GrayscaleSoftcopyPresentationStateStorage,
    KeyObjectSelectionDocumentStorage,
    RTPlanStorage,
    RTStructureSetStorage,
    TwelveLeadECGWaveformStorage,
)


# --- character sets ---------------------------------------------------------------------------------------------------
def _in(at: Place, charset: str | list[str], name: str, text: str) -> None:
    """A study whose people and texts are written in a character set."""
    ds = at.image(SpecificCharacterSet=charset, OtherPatientNames=name, PatientComments=text, ImageComments=text)
    ds.FilterType = text
    ds.RequestAttributesSequence = [item(RequestedProcedureDescription=text)]
    at.write(ds)


@kind
def japanese(at: Place) -> str:
    name = "Iorodani^Tomoyasu=五百蔵谷^智康=いおろだに^ともやす"
    _in(at, ["", "ISO 2022 IR 87"], name, "五百蔵谷様のご家族")
    return "五百蔵谷"


@kind
def japanese_phonetic_group(at: Place) -> str:
    _in(at, ["", "ISO 2022 IR 87"], "Mizunuma^Tomoyasu=水沼^智康=きりがおか^ともやす", "腹部")
    return "きりがおか"


@kind
def japanese_half_width(at: Place) -> str:
    _in(at, ["ISO_IR 13", "ISO 2022 IR 87"], "ｶﾂﾗﾊﾞﾔｼ^ﾄｼｵ", "ｶﾂﾗﾊﾞﾔｼ")
    return "ｶﾂﾗﾊﾞﾔｼ"


@kind
def chinese(at: Place) -> str:
    _in(at, "GB18030", "Duanmu^Qinghe=端木^清荷", "端木清荷的随访")
    return "端木"


@kind
def korean(at: Place) -> str:
    _in(at, ["", "ISO 2022 IR 149"], "Namgung^Byeol=南宮^별=남궁^별하늬", "남궁별하늬 님")
    return "별하늬"


@kind
def cyrillic(at: Place) -> str:
    _in(at, "ISO_IR 144", "Заболоцковский^Ермолай", "осмотр: Заболоцковский")
    return "Заболоцковский"


@kind
def greek(at: Place) -> str:
    _in(at, "ISO_IR 126", "Παπαχαραλάμπης^Λέων", "Δρ Παπαχαραλάμπης")
    return "Παπαχαραλάμπης"


@kind
def hebrew(at: Place) -> str:
    _in(at, "ISO_IR 138", "ברקוביצקי^נעם", "ברקוביצקי")
    return "ברקוביצקי"


@kind
def latin_letters_of_several_sets(at: Place) -> str:
    _in(at, ["ISO 2022 IR 100", "ISO 2022 IR 101"], "Kwiątkowiczówna^Zoë", "Kwiątkowiczówna")
    return "Kwiątkowiczówna"


def _undeclared(at: Place, charset: str | None, data: bytes) -> None:
    """Names and texts whose bytes are not in the character set that the data set declares."""
    room = "x" * len(data)
    ds = at.image(SpecificCharacterSet=charset, PatientComments=room, SeriesDescription=room, BarcodeValue=room)
    ds.OperatorsName = ds.FilterType = room
    path = at.write(ds)
    path.write_bytes(path.read_bytes().replace(room.encode(), data))


@kind
def latin_bytes_without_a_character_set(at: Place) -> str:
    _undeclared(at, None, "Grünewäldchen".encode("latin-1") + b" ")
    return "Grünewäldchen"


@kind
def latin_bytes_declared_as_utf_8(at: Place) -> str:
    _undeclared(at, "ISO_IR 192", "Löffelhütterl".encode("latin-1") + b" ")
    return "Löffelhütterl"


@kind
def cyrillic_bytes_declared_as_latin(at: Place) -> str:
    _undeclared(at, "ISO_IR 100", "Перевозчикова ".encode("iso8859_5"))
    return "Перевозчикова"


@kind
def name_in_bytes_of_utf_16(at: Place) -> str:
    _undeclared(at, "ISO_IR 192", at.surname.encode("utf-16-le"))
    return at.surname


@kind
def character_set_of_no_standard(at: Place) -> str:
    _undeclared(at, "WINDOWS-1252", f"{at.surname}é ".encode("cp1252"))
    return at.surname


# --- structured reports and key objects -------------------------------------------------------------------------------
def _content(relationship: str, value_type: str, concept: Dataset, **attributes: object) -> Dataset:
    return item(RelationshipType=relationship, ValueType=value_type, ConceptNameCodeSequence=[concept], **attributes)


def _report(at: Place, *content: Dataset, sop_class: str = EnhancedSRStorage, modality: str = "SR") -> FileDataset:
    ds = at.document(sop_class, modality, ValueType="CONTAINER", ContinuityOfContent="SEPARATE")
    ds.ConceptNameCodeSequence = [code("18748-4", "LN", "Diagnostic imaging report")]
    ds.CompletionFlag, ds.VerificationFlag, ds.PerformedProcedureCodeSequence = "COMPLETE", "UNVERIFIED", []
    ds.ContentSequence = list(content)
    return ds


@kind
def report_person_name(at: Place) -> str:
    at.write(
        _report(at, _content("CONTAINS", "PNAME", code("121008", "DCM", "Person Observer Name"), PersonName=at.person))
    )
    return at.surname


@kind
def report_text(at: Place) -> str:
    finding = _content(
        "CONTAINS", "TEXT", code("121071", "DCM", "Finding"), TextValue=f"No change. Told {at.surname} today."
    )
    section = _content("CONTAINS", "CONTAINER", code("121070", "DCM", "Findings"), ContentSequence=[finding])
    at.write(_report(at, section))
    return at.surname


@kind
def report_observer_and_verifier(at: Place) -> str:
    who = _content(
        "HAS OBS CONTEXT", "TEXT", code("121009", "DCM", "Person Observer's Organization Name"), TextValue=at.surname
    )
    ds = _report(at, who)
    ds.VerifyingObserverSequence = [
        item(VerifyingObserverName=at.person, VerifyingOrganization=at.surname, VerificationDateTime="20200101")
    ]
    ds.AuthorObserverSequence = [item(PersonName=at.person, ObserverType="PSN", InstitutionName=at.surname)]
    at.write(ds)
    return at.surname


@kind
def report_subject_number(at: Place) -> str:
    at.write(_report(at, _content("HAS OBS CONTEXT", "TEXT", code("121030", "DCM", "Subject ID"), TextValue=at.mrn)))
    return at.mrn


@kind
def report_code_and_concept_in_words(at: Place) -> str:
    told = _content("CONTAINS", "CODE", code("77", "99LOCAL", f"Asked by {at.surname}"))
    told.ConceptCodeSequence = [code("78", "99LOCAL", f"Yes, {at.surname}")]
    at.write(_report(at, told))
    return at.surname


@kind
def key_object_description(at: Place) -> str:
    image = at.image()
    at.write(image)
    text = _content(
        "CONTAINS", "TEXT", code("113012", "DCM", "Key Object Description"), TextValue=f"Show to {at.surname}"
    )
    ds = _report(at, text, sop_class=KeyObjectSelectionDocumentStorage, modality="KO")
    ds.ConceptNameCodeSequence = [code("113000", "DCM", "Of Interest")]
    sop = item(ReferencedSOPClassUID=CTImageStorage, ReferencedSOPInstanceUID=image.SOPInstanceUID)
    series = item(SeriesInstanceUID=image.SeriesInstanceUID, ReferencedSOPSequence=[sop])
    study = item(StudyInstanceUID=image.StudyInstanceUID, ReferencedSeriesSequence=[series])
    ds.CurrentRequestedProcedureEvidenceSequence = [study]
    at.write(ds, "2.dcm")
    return at.surname


# --- presentation states, plans, structures, waves, documents -----------------------------------------------------------
@kind
def presentation_state_text(at: Place) -> str:
    text = item(UnformattedTextValue=f"{at.surname}: see here", AnchorPoint=[1, 1], AnchorPointAnnotationUnits="PIXEL")
    annotation = item(GraphicLayer="LAYER1", TextObjectSequence=[text])
    ds = at.document(GrayscaleSoftcopyPresentationStateStorage, "PR", GraphicAnnotationSequence=[annotation])
    ds.GraphicLayerSequence = [
        item(GraphicLayer=at.surname.upper(), GraphicLayerOrder=1, GraphicLayerDescription=at.surname)
    ]
    ds.ContentLabel, ds.ContentDescription, ds.ContentCreatorName = at.surname.upper()[:16], at.surname, at.person
    ds.PresentationCreationDate, ds.PresentationCreationTime = at.done, "101010"
    at.write(ds)
    return at.surname[:16]


@kind
def region_of_interest_name(at: Place) -> str:
    ds = at.document(RTStructureSetStorage, "RTSTRUCT", StructureSetLabel=at.surname[:16], StructureSetName=at.surname)
    roi = item(ROINumber=1, ROIName=f"GTV {at.surname}", ROIDescription=at.surname, ROIGenerationAlgorithm="MANUAL")
    roi.ReferencedFrameOfReferenceUID = at.uid(9, 0)
    seen = item(
        ObservationNumber=1, ReferencedROINumber=1, ROIObservationLabel=at.surname[:16], ROIInterpreter=at.person
    )
    ds.StructureSetROISequence, ds.RTROIObservationsSequence = [roi], [seen]
    at.write(ds)
    return at.surname[:12]


@kind
def plan_label_and_reviewer(at: Place) -> str:
    ds = at.document(
        RTPlanStorage, "RTPLAN", RTPlanLabel=at.surname[:16], RTPlanName=at.surname, ReviewerName=at.person
    )
    ds.ApprovalStatus, ds.RTPlanGeometry, ds.RTPlanDescription = "UNAPPROVED", "PATIENT", f"Boost, {at.surname}"
    ds.BeamSequence = [item(BeamNumber=1, BeamName=f"AP {at.surname}", TreatmentMachineName=at.surname[:16])]
    at.write(ds)
    return at.surname[:12]


@kind
def waveform_annotation(at: Place) -> str:
    ds = at.document(TwelveLeadECGWaveformStorage, "ECG")
    channel = item(
        ChannelSourceSequence=[code("2:1", "MDC", "Lead I")], ChannelLabel=at.surname, WaveformBitsStored=16,
        ChannelSampleSkew=0,
    )  # fmt: skip
    group = item(
        WaveformOriginality="ORIGINAL", NumberOfWaveformChannels=1, NumberOfWaveformSamples=100, SamplingFrequency=100,
        MultiplexGroupLabel=at.surname, ChannelDefinitionSequence=[channel], WaveformBitsAllocated=16,
        WaveformSampleInterpretation="SS",
    )  # fmt: skip
    group.add_new(0x54001010, "OW", np.arange(100, dtype="<i2").tobytes())
    ds.WaveformSequence = [group]
    ds.WaveformAnnotationSequence = [
        item(UnformattedTextValue=f"Mr {at.surname} coughs", ReferencedWaveformChannels=[1, 1])
    ]
    at.write(ds)
    return at.surname


@kind
def encapsulated_pdf(at: Place) -> str:
    page = f"%PDF-1.4\n1 0 obj<</Title({at.surname})>>endobj\ntrailer<</Info 1 0 R>>\n%%EOF\n".encode()
    ds = at.document(
        EncapsulatedPDFStorage, "DOC", MIMETypeOfEncapsulatedDocument="application/pdf", DocumentTitle=at.surname
    )
    ds.EncapsulatedDocument = page + b"\n" * (len(page) % 2)
    at.write(ds)
    return at.surname


@kind
def curve(at: Place) -> str:
    ds = at.image()
    for tag, vr, value in (
        (0x50000005, "US", 1), (0x50000010, "US", 20), (0x50000020, "CS", "ECG"), (0x50000022, "LO", f"Lead of {at.surname}"),
        (0x50000103, "US", 0), (0x50003000, "OW", struct.pack("<20H", *at.surname.encode().ljust(20))),
    ):  # fmt: skip
        ds.add_new(tag, vr, value)
    at.write(ds)
    return at.surname
