"""The step for encapsulated documents (PS3.3 A.45, C.24.2): what a profile's knob ``documents`` asks for is done.

PS3.15 E.1.1 asks that encapsulated documents are replaced and has no option that cleans them: ``clean`` is the gateway's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.dataset import Dataset, FileDataset

from gateway.documents.masking import DocumentJudge, masked
from gateway.documents.pages import pages
from gateway.documents.placeholder import placeholder
from gateway.documents.write import Picture, write_pdf
from gateway.errors import UnsupportedContent
from gateway.pixels.policy import Policy
from gateway.pixels.reader import TextReader
from gateway.records import Change, Finding, Identifiers, Mask, PixelResult, Verdict
from gateway.tags.choices import Knobs

MIME_TYPES = {  # by the last part of the SOP Class: 1.2.840.10008.5.1.4.1.1.104.n (PS3.4 B.5)
    "1": "application/pdf",
    "2": "text/XML",
    "3": "model/stl",
    "4": "model/obj",
    "5": "model/mtl",
}
_ENCAPSULATED = "1.2.840.10008.5.1.4.1.1.104."
_CDA_CLASS = f"{_ENCAPSULATED}2"


def clean(
    original: Dataset,
    dataset: FileDataset,
    knobs: Knobs,
    identifiers: Identifiers,
    reader: TextReader,
    judge: DocumentJudge,
) -> PixelResult | None:
    """Put into ``dataset`` what may stay of the document of ``original``. None: it has no document, and is left alone.

    The knob ``documents`` is ``replace`` or ``clean``. A PDF that is cleaned is drawn page by page, what identifies and what
    may identify is masked (all text, where the knob ``pixels`` says so), and a new PDF is made of the pictures; everything else
    is replaced by a placeholder of its type. The result counts pages as frames.

    Raises:
        UnsupportedContent: the document's type is not known, the PDF cannot be drawn, or the instance has pixels as well.
    """
    if "EncapsulatedDocument" not in original and not str(dataset.SOPClassUID).startswith(_ENCAPSULATED):
        return None
    if "PixelData" in dataset:
        raise UnsupportedContent(
            "The instance holds both Encapsulated Document (0042,0011) and Pixel Data (7FE0,0010)."
        )
    mime_type = _mime_type(original)
    if knobs.documents == "clean" and mime_type == "application/pdf":
        drawn = _Drawn(original.get("EncapsulatedDocument") or b"", identifiers, reader, judge, Policy(knobs.pixels))
        document, result = write_pdf(drawn.pictures()), drawn.result()
    else:
        document, result = placeholder(mime_type.lower(), str(dataset.SOPInstanceUID)), PixelResult()
    changes = tuple(
        _put(dataset, document, mime_type, "document-cleaned" if result.frames_read else "document-replaced")
    )
    return PixelResult(result.frames_read, result.findings, result.masks, changes)


def _mime_type(original: Dataset) -> str:
    """The type of the document, in the spelling of PS3.3 C.24.2: by the instance's class, else by what it says."""
    sop_class = str(original.get("SOPClassUID", ""))
    known = MIME_TYPES.get(sop_class.removeprefix(_ENCAPSULATED)) if sop_class.startswith(_ENCAPSULATED) else None
    said = str(original.get("MIMETypeOfEncapsulatedDocument", "")).strip().lower()
    known = known or next((mime_type for mime_type in MIME_TYPES.values() if mime_type.lower() == said), None)
    if known is None:
        raise UnsupportedContent("Encapsulated Document (0042,0011) is of a type that the gateway does not know.")
    return known


def _put(dataset: FileDataset, document: bytes, mime_type: str, rule: str) -> Iterator[Change]:
    """Write a document and the attributes that speak of it."""
    dataset.EncapsulatedDocument = document + b"\0" * (len(document) % 2)
    dataset["EncapsulatedDocument"].VR = "OB"
    yield Change("00420011", "C" if rule == "document-cleaned" else "D", rule)
    dataset.MIMETypeOfEncapsulatedDocument = mime_type
    dataset.EncapsulatedDocumentLength = len(document)
    yield Change("00420015", "D", rule)
    dataset.BurnedInAnnotation = "NO"
    yield Change("00280301", "D", rule)
    if "ListOfMIMETypes" in dataset:  # a placeholder has no parts of other types
        del dataset.ListOfMIMETypes
        yield Change("00420014", "X", rule)
    if "RecognizableVisualFeatures" in dataset and rule == "document-replaced":
        dataset.RecognizableVisualFeatures = "NO"
        yield Change("00280302", "D", rule)
    if dataset.SOPClassUID == _CDA_CLASS:
        dataset.HL7InstanceIdentifier = dataset.SOPInstanceUID  # as the placeholder says
        yield Change("0040E001", "D", rule)


class _Drawn:
    """The pages of one PDF, masked one by one."""

    def __init__(
        self, data: bytes, identifiers: Identifiers, reader: TextReader, judge: DocumentJudge, policy: Policy
    ) -> None:
        self._data, self._policy = data, policy
        self._identifiers, self._reader, self._judge = identifiers, reader, judge
        self._findings: list[Finding] = []
        self._pages = 0

    def pictures(self) -> Iterator[Picture]:
        """Yield each page's size in points and its masked picture."""
        for number, page in enumerate(pages(self._data)):
            picture, found = masked(page, number, self._identifiers, self._reader, self._judge, self._policy)
            self._findings += found
            self._pages = number + 1
            yield page.points, picture

    def result(self) -> PixelResult:
        """What was found and masked, when all pages are drawn."""
        masks = {
            Mask(finding.box, (finding.frame,), tuple(sorted({reason.rule for reason in finding.reasons})))
            for finding in self._findings
            if finding.verdict is not Verdict.TECHNICAL
        }
        ordered = sorted(masks, key=lambda mask: (mask.frames, mask.box, mask.rules))
        return PixelResult(self._pages, tuple(self._findings), tuple(ordered))
