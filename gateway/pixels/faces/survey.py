"""Takes in the originals of a study, one after the other: their kinds, their planes, and their volumes, coarsely."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    EnhancedMRColorImageStorage,
    EnhancedMRImageStorage,
    EnhancedPETImageStorage,
    LegacyConvertedEnhancedCTImageStorage,
    LegacyConvertedEnhancedMRImageStorage,
    LegacyConvertedEnhancedPETImageStorage,
    MRImageStorage,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    MultiFrameSingleBitSecondaryCaptureImageStorage,
    MultiFrameTrueColorSecondaryCaptureImageStorage,
    ParametricMapStorage,
    PositronEmissionTomographyImageStorage,
    RTStructureSetStorage,
    SecondaryCaptureImageStorage,
    SegmentationStorage,
    SurfaceSegmentationStorage,
    VideoPhotographicImageStorage,
    VLPhotographicImageStorage,
    XRay3DAngiographicImageStorage,
    XRay3DCraniofacialImageStorage,
)

from gateway.pixels.faces import regions
from gateway.pixels.faces.geometry import Plane, planes
from gateway.pixels.faces.pages import is_page
from gateway.pixels.faces.regions import Said
from gateway.pixels.faces.volume import Stack
from gateway.pixels.frames import read_frames
from gateway.pixels.layout import KEYWORDS, Layout, layout

_LABELMAP: Final = "1.2.840.10008.5.1.4.1.1.66.7"  # Label Map Segmentation Storage, PS3.4 Table B.5-1
_SECTIONS: Final = frozenset({"CT", "MR", "PT"})  # modalities of sections
_TRIALS: Final = ("1.2.840.10008.5.1.4.1.1.77.1", "1.2.840.10008.5.1.4.1.1.77.2")  # VL images of before 1999, retired


class Kind(Enum):
    """What an instance can show of a face, and how."""

    VOLUME = "planes of a volume"
    SCOUT = "a projection that serves to plan"
    RENDERING = "a picture made of a volume"
    PICTURE = "a capture"
    PHOTOGRAPH = "a photograph"
    LABELS = "labels of voxels"
    CONTOURS = "outlines in planes"
    SURFACE = "a mesh"
    OTHER = "nothing of a face"


_KINDS: Final = {
    str(uid): kind
    for kind, uids in (
        (
            Kind.VOLUME,
            (
                CTImageStorage, EnhancedCTImageStorage, LegacyConvertedEnhancedCTImageStorage, MRImageStorage,
                EnhancedMRImageStorage, EnhancedMRColorImageStorage, LegacyConvertedEnhancedMRImageStorage,
                PositronEmissionTomographyImageStorage, EnhancedPETImageStorage, LegacyConvertedEnhancedPETImageStorage,
                XRay3DAngiographicImageStorage, XRay3DCraniofacialImageStorage, ParametricMapStorage,
            ),
        ),
        (
            Kind.PICTURE,
            (
                SecondaryCaptureImageStorage, MultiFrameSingleBitSecondaryCaptureImageStorage,
                MultiFrameGrayscaleByteSecondaryCaptureImageStorage, MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
                MultiFrameTrueColorSecondaryCaptureImageStorage,
            ),
        ),
        (Kind.PHOTOGRAPH, (VLPhotographicImageStorage, VideoPhotographicImageStorage, *_TRIALS)),
        (Kind.LABELS, (SegmentationStorage, _LABELMAP)),
        (Kind.CONTOURS, (RTStructureSetStorage,)),
        (Kind.SURFACE, (SurfaceSegmentationStorage,)),
    )
    for uid in uids
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of one original. ``frame_of_reference`` is the series where the header has none."""

    kind: Kind
    series: Said
    study: Said
    frame_of_reference: str = field(repr=False)
    planes: tuple[Plane, ...] = ()
    stacks: tuple[int, ...] = ()
    localizer: bool = False
    tells_surface: bool = False


@dataclass(slots=True)
class Group:
    """One stack of the study, and what its headers say. ``absolute``: its values are Hounsfield units."""

    key: tuple[str, ...] = field(repr=False)
    stack: Stack
    frame_of_reference: str = field(repr=False)
    modality: str
    series: Said
    study: Said
    absolute: bool
    inverted: bool
    localizer: bool


class Survey:
    """What was seen of a study."""

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}
        self.groups: list[Group] = []

    def take(self, name: str, dataset: Dataset) -> None:
        """Take in one original, known from now on as ``name``.

        Raises:
            UnreadablePixels, UnsupportedPixels: as ``layout`` and ``read_frames``.
        """
        kind = _kind(dataset)
        if kind is Kind.PICTURE and _is_page(dataset):
            kind = Kind.OTHER
        found = layout(dataset) if kind in (Kind.VOLUME, Kind.LABELS, Kind.SCOUT) else None
        placed = planes(dataset, found.frames) if found else ()
        frame = str(
            dataset.get("FrameOfReferenceUID") or _referenced(dataset) or dataset.get("SeriesInstanceUID") or name
        )
        stacks = self._stacks(dataset, found, placed, frame) if kind is Kind.VOLUME and found and placed else ()
        self.seen[name] = Seen(
            kind,
            regions.of_series(dataset),
            regions.of_study(dataset),
            frame,
            placed,
            stacks,
            regions.localizer(dataset),
            regions.names_a_surface(_labels(dataset)),
        )

    def _stacks(self, dataset: Dataset, found: Layout, placed: tuple[Plane, ...], frame: str) -> tuple[int, ...]:
        """Add each frame to its stack; return the stacks' numbers."""
        key = (str(dataset.get("SeriesInstanceUID")), regions.image_type(dataset), found.photometric)
        numbers = set()
        for plane, pixels in zip(placed, read_frames(dataset, found), strict=True):
            values = pixels.pixels if pixels.pixels.ndim == 2 else pixels.pixels.max(axis=2)
            number = self._group(dataset, plane, (found.rows, found.columns), key, frame)
            self.groups[number].stack.add(plane, values * plane.slope + plane.intercept)
            numbers.add(number)
        return tuple(sorted(numbers))

    def _group(self, dataset: Dataset, plane: Plane, shape: tuple[int, int], key: tuple[str, ...], frame: str) -> int:
        for number, group in enumerate(self.groups):
            if group.key == key and group.frame_of_reference == frame and group.stack.fits(plane, shape):
                return number
        modality = str(dataset.get("Modality") or "")
        self.groups.append(
            Group(
                key,
                Stack(plane, shape),
                frame,
                modality,
                regions.of_series(dataset),
                regions.of_study(dataset),
                absolute=modality == "CT" and plane.units,
                inverted=dataset.get("PhotometricInterpretation") == "MONOCHROME1",
                localizer=regions.localizer(dataset),
            )
        )
        return len(self.groups) - 1


def _kind(dataset: Dataset) -> Kind:
    sop_class, modality = str(dataset.get("SOPClassUID") or ""), str(dataset.get("Modality") or "")
    kind = _KINDS.get(sop_class, Kind.OTHER)
    if sop_class not in UID_dictionary and any(
        keyword in dataset for keyword in KEYWORDS
    ):  # a vendor's own: what it shows, its modality tells
        kind = Kind.VOLUME if modality in _SECTIONS else Kind.PICTURE
    if kind in (Kind.PICTURE, Kind.PHOTOGRAPH) and regions.faceless(dataset):
        return Kind.OTHER
    if kind is Kind.VOLUME and regions.rendered(dataset):
        return Kind.RENDERING
    return Kind.SCOUT if kind is Kind.VOLUME and modality == "CT" and regions.localizer(dataset) else kind


def _is_page(dataset: Dataset) -> bool:
    """Whether all frames of a capture are pages of text."""
    found = layout(dataset)
    if found is None:
        return False
    return all(is_page(frame.pixels) for frame in read_frames(dataset, found))


def _referenced(dataset: Dataset) -> str | None:
    """The frame of reference of a structure set (PS3.3 C.8.8.5)."""
    for keyword in ("ReferencedFrameOfReferenceSequence", "StructureSetROISequence"):
        for item in dataset.get(keyword) or ():
            if uid := item.get("FrameOfReferenceUID") or item.get("ReferencedFrameOfReferenceUID"):
                return str(uid)
    return None


def _labels(dataset: Dataset) -> list[str]:
    """The names of segments and regions of interest."""
    names = [str(item.get("ROIName") or "") for item in dataset.get("StructureSetROISequence") or ()]
    for item in dataset.get("SegmentSequence") or ():
        names.append(str(item.get("SegmentLabel") or ""))
        names += [str(code.get("CodeMeaning") or "") for code in item.get("SegmentedPropertyTypeCodeSequence") or ()]
    return names
