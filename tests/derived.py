"""Objects that refer to images: SEG, parametric map, SR, KO, GSPS and secondary capture built by highdicom, RTSTRUCT by hand."""

from __future__ import annotations

from typing import Any

import highdicom as hd
import numpy as np
from builders import REFERRER, instance
from highdicom.color import CIELabColor
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import UID, ExplicitVRLittleEndian, RTStructureSetStorage

READER = "VANDERMEER^YOLANDA"
EQUIPMENT: dict[str, Any] = {
    "manufacturer": "Imaginary Scanners",
    "manufacturer_model_name": "Workstation",
    "software_versions": "1.0",
    "device_serial_number": "SN-88123",
}
_FROM_IMAGE = (
    "StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName", "PatientName",
    "PatientID", "PatientBirthDate", "PatientSex", "FrameOfReferenceUID", "PositionReferenceIndicator",
)  # fmt: skip


def derived(images: list[FileDataset]) -> dict[str, Dataset]:
    """One object of each kind, of the study of ``images``."""
    return {
        "seg": _segmentation(images),
        "map": _parametric_map(images),
        "sr": _report(images),
        "ko": _key_object(images),
        "gsps": _presentation(images),
        "sc": _capture(images),
        "rtstruct": _structures(images),
    }


def images(patient: int = 4, count: int = 3) -> list[FileDataset]:
    """CT slices whose headers have what derived objects copy."""
    return [
        instance(
            patient,
            number=number,
            ManufacturerModelName="Model 1",
            DeviceSerialNumber="SN-1",
            SoftwareVersions="1",
            PositionReferenceIndicator="",
            PatientPosition="HFS",
            KVP=120,
            AcquisitionNumber=1,
            PatientComments="",
        )
        for number in range(1, count + 1)
    ]


def _ids(images: list[FileDataset], series: int) -> dict[str, Any]:
    root = str(images[0].StudyInstanceUID)
    return {
        "series_instance_uid": f"{root}.{series}",
        "series_number": series,
        "sop_instance_uid": f"{root}.{series}.1",
        "instance_number": 1,
    }


def _segmentation(images: list[FileDataset]) -> Dataset:
    mask = np.zeros((len(images), images[0].Rows, images[0].Columns), bool)
    mask[:, 10:30, 12:40] = True
    algorithm = hd.AlgorithmIdentificationSequence("Finder", codes.cid7162.ArtificialIntelligence, "1.0")
    segment = hd.seg.SegmentDescription(
        1,
        "Liver",
        codes.cid7150.Tissue,
        codes.SCT.Liver,
        hd.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm,
        tracking_uid=f"{images[0].StudyInstanceUID}.70.2",
        tracking_id="Liver 1",
    )
    return hd.seg.Segmentation(
        images,
        mask,
        hd.seg.SegmentationTypeValues.BINARY,
        [segment],
        **_ids(images, 70),
        **EQUIPMENT,
        content_creator_name=READER,
    )


def _parametric_map(images: list[FileDataset]) -> Dataset:
    values = np.linspace(0, 1, len(images) * images[0].Rows * images[0].Columns, dtype=np.float32)
    mapping = hd.pm.RealWorldValueMapping("1", "Probability", codes.UCUM.NoUnits, (0.0, 1.0), slope=1.0, intercept=0.0)
    return hd.pm.ParametricMap(
        images,
        values.reshape(len(images), images[0].Rows, images[0].Columns),
        **_ids(images, 71),
        **EQUIPMENT,
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[mapping],
        voi_lut_transformations=[hd.VOILUTTransformation(0.5, 1.0)],
        content_creator_name=READER,
    )


def _report(images: list[FileDataset]) -> Dataset:
    observer = hd.sr.ObserverContext(codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes(READER))
    tracker = hd.sr.TrackingIdentifier(uid=f"{images[0].StudyInstanceUID}.72.2", identifier="Lesion 1")
    region = hd.sr.ImageRegion(
        hd.sr.GraphicTypeValues.CIRCLE,
        np.array([[20.0, 20.0], [20.0, 25.0]]),
        hd.sr.SourceImageForRegion.from_source_image(images[0]),
    )
    size = hd.sr.Measurement(codes.SCT.Diameter, 12.5, codes.UCUM.Millimeter)
    group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(tracker, region, measurements=[size])
    content = hd.sr.MeasurementReport(
        hd.sr.ObservationContext(observer),
        hd.sr.CodedConcept("363679005", "SCT", "Imaging procedure"),
        imaging_measurements=[group],
    )
    return hd.sr.Comprehensive3DSR(
        images,
        content[0],
        **_ids(images, 72),
        manufacturer="Imaginary Scanners",
        is_complete=True,
        is_verified=True,
        verifying_observer_name=READER,
        verifying_organization="Saint Brannoc Infirmary",
    )


def _key_object(images: list[FileDataset]) -> Dataset:
    content = hd.ko.KeyObjectSelection(codes.DCM.OfInterest, images[:1], description="Lesion in the liver")
    return hd.ko.KeyObjectSelectionDocument(images[:1], content, **_ids(images, 73), manufacturer="Imaginary Scanners")


def _presentation(images: list[FileDataset]) -> Dataset:
    layer = hd.pr.GraphicLayer("LAYER1", 1, "Notes", display_color=CIELabColor(50.0, 0.0, 0.0))
    note = hd.pr.TextObject("Lesion", units=hd.pr.AnnotationUnitsValues.PIXEL, anchor_point=(20.0, 20.0))
    line = hd.pr.GraphicObject(
        hd.pr.GraphicTypeValues.POLYLINE,
        np.array([[10.0, 10.0], [30.0, 30.0]]),
        units=hd.pr.AnnotationUnitsValues.PIXEL,
    )
    annotation = hd.pr.GraphicAnnotation(images, layer, text_objects=[note], graphic_objects=[line])
    return hd.pr.GrayscaleSoftcopyPresentationState(
        images,
        **_ids(images, 74),
        **EQUIPMENT,
        content_label="NOTES",
        content_description="Lesion",
        content_creator_name=READER,
        graphic_layers=[layer],
        graphic_annotations=[annotation],
    )


def _capture(images: list[FileDataset]) -> Dataset:
    return hd.sc.SCImage.from_ref_dataset(
        images[0],
        np.full((64, 64), 30, np.uint8),
        photometric_interpretation=hd.PhotometricInterpretationValues.MONOCHROME2,
        bits_allocated=8,
        coordinate_system=hd.CoordinateSystemNames.PATIENT,
        patient_orientation=("L", "P"),
        manufacturer="Imaginary Scanners",
        **_ids(images, 75),
    )


def _structures(images: list[FileDataset]) -> FileDataset:
    """An RT Structure Set (PS3.3 A.19); its Referenced Study Sequence names the study where an instance is expected."""
    meta = FileMetaDataset()
    ids = _ids(images, 76)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = RTStructureSetStorage
    meta.MediaStorageSOPInstanceUID = UID(ids["sop_instance_uid"])
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    for keyword in _FROM_IMAGE:
        setattr(ds, keyword, getattr(images[0], keyword))
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = RTStructureSetStorage, ids["sop_instance_uid"]
    ds.SeriesInstanceUID, ds.SeriesNumber, ds.InstanceNumber = ids["series_instance_uid"], 76, 1
    ds.Modality, ds.Manufacturer, ds.OperatorsName = "RTSTRUCT", "Imaginary Scanners", READER
    ds.ManufacturerModelName, ds.DeviceSerialNumber, ds.SoftwareVersions = "Planner", "SN-2", "1"
    ds.StructureSetLabel, ds.StructureSetName, ds.StructureSetDescription = "LIVER", "Liver", "CT Abdomen"
    ds.StructureSetDate, ds.StructureSetTime = "20230311", "123000"
    ds.ApprovalStatus, ds.ReviewDate, ds.ReviewTime, ds.ReviewerName = "APPROVED", "20230312", "080000", REFERRER
    series = _item(SeriesInstanceUID=images[0].SeriesInstanceUID, ContourImageSequence=[_to(image) for image in images])
    study = _item(
        ReferencedSOPClassUID="1.2.840.10008.3.1.2.3.1",
        ReferencedSOPInstanceUID=images[0].StudyInstanceUID,
        RTReferencedSeriesSequence=[series],
    )
    frame = images[0].FrameOfReferenceUID
    ds.ReferencedFrameOfReferenceSequence = [_item(FrameOfReferenceUID=frame, RTReferencedStudySequence=[study])]
    ds.StructureSetROISequence = [
        _item(ROINumber=1, ReferencedFrameOfReferenceUID=frame, ROIName="Liver", ROIGenerationAlgorithm="MANUAL")
    ]
    contour = _item(
        ContourImageSequence=[_to(images[0])],
        ContourGeometricType="CLOSED_PLANAR",
        NumberOfContourPoints=3,
        ContourData=[1, 1, 5, 9, 1, 5, 9, 9, 5],
    )
    ds.ROIContourSequence = [_item(ReferencedROINumber=1, ROIDisplayColor=[255, 0, 0], ContourSequence=[contour])]
    ds.RTROIObservationsSequence = [
        _item(ObservationNumber=1, ReferencedROINumber=1, RTROIInterpretedType="ORGAN", ROIInterpreter=READER)
    ]
    return ds


def _item(**attributes: Any) -> Dataset:
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return item


def _to(image: FileDataset) -> Dataset:
    return _item(ReferencedSOPClassUID=image.SOPClassUID, ReferencedSOPInstanceUID=image.SOPInstanceUID)
