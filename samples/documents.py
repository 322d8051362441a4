"""Instances without pixels: a key object that marks an image, a report that names the patient in its text."""

from __future__ import annotations

import io

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import UID, BasicTextSRStorage, KeyObjectSelectionDocumentStorage

from samples.headers import Planted, Visit, identify


def key_object(of: FileDataset, visit: Visit) -> tuple[FileDataset, Planted]:
    """A Key Object Selection that marks ``of`` as of interest."""
    ds = _document(KeyObjectSelectionDocumentStorage, "KO")
    planted = _identify(ds, visit, 9998)
    del ds.CompletionFlag, ds.VerificationFlag
    ds.ConceptNameCodeSequence = [_coded(codes.DCM.OfInterest)]
    ds.CurrentRequestedProcedureEvidenceSequence = [_evidence(of)]
    mark = Dataset()
    mark.RelationshipType, mark.ValueType = "CONTAINS", "IMAGE"
    mark.ReferencedSOPSequence = [_reference(of)]
    ds.ContentSequence = [mark]
    return ds, planted


def report(of: FileDataset, visit: Visit) -> tuple[FileDataset, Planted]:
    """A Basic Text SR about ``of`` whose free text names the patient."""
    ds = _document(BasicTextSRStorage, "SR")
    planted = _identify(ds, visit, 9999)
    ds.ConceptNameCodeSequence = [_coded(codes.cid7000.DiagnosticImagingReport)]
    person = visit.person
    given = person.name.replace("^", " ").split()
    sentence = Dataset()
    sentence.RelationshipType, sentence.ValueType = "CONTAINS", "TEXT"
    sentence.ConceptNameCodeSequence = [_coded(codes.DCM.Finding)]
    sentence.TextValue = (
        f"{given[1].title()} {given[0].title()}, seen again: no fracture. Call {person.phone} with questions."
    )
    picture = Dataset()
    picture.RelationshipType, picture.ValueType = "CONTAINS", "IMAGE"
    picture.ReferencedSOPSequence = [_reference(of)]
    ds.ContentSequence = [sentence, picture]
    ds.CurrentRequestedProcedureEvidenceSequence = [_evidence(of)]
    planted.add(f"{given[1].title()} {given[0].title()}", given[0].title())
    return ds, planted


def _document(sop_class: UID, modality: str) -> FileDataset:
    """An empty document."""
    ds = FileDataset(io.BytesIO(), Dataset(), file_meta=FileMetaDataset())
    ds.SOPClassUID, ds.Modality = sop_class, modality
    ds.ValueType, ds.ContinuityOfContent = "CONTAINER", "SEPARATE"
    ds.CompletionFlag, ds.VerificationFlag = "COMPLETE", "UNVERIFIED"
    return ds


def _identify(ds: FileDataset, visit: Visit, series: int) -> Planted:
    """As ``identify``, but a document has no frame of reference."""
    planted = identify(ds, visit, series, 1)
    planted.strings.discard(ds.FrameOfReferenceUID)
    del ds.FrameOfReferenceUID
    return planted


def _coded(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return item


def _reference(of: FileDataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = of.SOPClassUID, of.SOPInstanceUID
    return item


def _evidence(of: FileDataset) -> Dataset:
    series, study = Dataset(), Dataset()
    series.ReferencedSOPSequence, series.SeriesInstanceUID = [_reference(of)], of.SeriesInstanceUID
    study.ReferencedSeriesSequence, study.StudyInstanceUID = [series], of.StudyInstanceUID
    return study
