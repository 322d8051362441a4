"""Documents that are not cleaned are replaced by legal ones of their type, which say nothing of anybody."""

from __future__ import annotations

import struct
from pathlib import Path

import pypdfium2
import pytest
from batches import leaks
from documents.objects import TYPES, content, document, outcome, released
from documents.pdfs import report
from pydicom.dataset import Dataset, FileDataset

from gateway.documents.placeholder import SAYS, placeholder

CDA = b"<ClinicalDocument xmlns='urn:hl7-org:v3'><recordTarget>Torbjorn Lindqvist</recordTarget></ClinicalDocument>"
STL = b"Lindqvist skull".ljust(80, b"\0") + struct.pack("<I", 1) + bytes(50)
DOCUMENTS = {
    "1": bytes(report("Torbjorn Lindqvist")),
    "2": CDA,
    "3": STL,
    "4": b"# Lindqvist\nv 1 2 3\n",
    "5": b"newmtl Lindqvist\n",
}


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileDataset]:
    """One released instance for each kind of document, by kind."""
    folder = tmp_path_factory.mktemp("replaced")
    made = [document(data, kind, number=int(kind)) for kind, data in DOCUMENTS.items()]
    made[1].ListOfMIMETypes = ["text/XML", "image/jpeg"]
    made[1].HL7InstanceIdentifier = "1.2.3.4^LQ-0093318"
    made[2].RecognizableVisualFeatures = "YES"
    source = Dataset()
    source.ReferencedSOPClassUID, source.ReferencedSOPInstanceUID = made[0].SOPClassUID, made[0].SOPInstanceUID
    made[3].SourceInstanceSequence = [source]
    found = released(folder, *made, documents="replace")
    assert not leaks(folder / "out", ["Lindqvist", "0093318"])
    return dict(zip(DOCUMENTS, found, strict=True))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_what_speaks_of_the_document_is_true(kind: str, replaced: dict[str, FileDataset]) -> None:
    ds = replaced[kind]
    assert ds.MIMETypeOfEncapsulatedDocument == TYPES[kind]
    assert ds.BurnedInAnnotation == "NO"
    assert "ListOfMIMETypes" not in ds
    assert content(ds) == placeholder(TYPES[kind].lower(), str(ds.SOPInstanceUID))


def test_a_pdf_has_one_page(replaced: dict[str, FileDataset]) -> None:
    assert len(pypdfium2.PdfDocument(content(replaced["1"]))) == 1


def test_a_cda_document_is_named_as_its_instance_says(replaced: dict[str, FileDataset]) -> None:
    text = content(replaced["2"]).decode()
    assert '<ClinicalDocument xmlns="urn:hl7-org:v3">' in text
    assert f'<id root="{replaced["2"].HL7InstanceIdentifier}"/>' in text
    assert SAYS in text


def test_a_solid_is_a_solid_and_shows_no_face(replaced: dict[str, FileDataset]) -> None:
    solid = content(replaced["3"])
    assert len(solid) == 84 + 50 * struct.unpack("<I", solid[80:84])[0]
    assert replaced["3"].RecognizableVisualFeatures == "NO"


def test_references_to_other_documents_stay_true(replaced: dict[str, FileDataset]) -> None:
    (source,) = replaced["4"].SourceInstanceSequence
    assert source.ReferencedSOPInstanceUID == replaced["1"].SOPInstanceUID


def test_other_types_and_mixtures_are_held(tmp_path: Path) -> None:
    other = document(b"x", "9", study=1, MIMETypeOfEncapsulatedDocument="application/other")
    mixed = document(b"x", study=2, PixelData=b"\0\0", Rows=1, Columns=2, BitsAllocated=8)
    mixed["PixelData"].VR = "OB"
    result = outcome(tmp_path, other, mixed, documents="replace", code=3)
    messages = sorted(item["message"] for item in result["items"])
    assert "of a type that the gateway does not know" in messages[0]
    assert "both" in messages[1]


def test_documents_are_held_unless_the_profile_says_more(tmp_path: Path) -> None:
    result = outcome(tmp_path, document(CDA, "2"), documents="hold", code=3)
    assert [item["code"] for item in result["items"]] == ["CONTENT_UNSUPPORTED"]
