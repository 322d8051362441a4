"""The verifier and encapsulated documents: what may be released is a placeholder or pictures of pages, and says so."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from documents.objects import document
from documents.pdfs import report
from pydicom.dataset import Dataset, FileDataset
from verify.handmade import Says, Silent, Staged, clean

from gateway.documents.placeholder import placeholder
from gateway.documents.write import write_pdf

A4 = (595.0, 842.0)
ORIGINAL = bytes(report("CT Abdomen", "Torbjorn Lindqvist"))
STL = placeholder("model/stl", "")


def page(size: tuple[float, float] = A4) -> bytes:
    picture = np.full((200, 150, 3), 255, np.uint8)
    picture[50:60, 20:90] = 0
    return write_pdf([(size, picture)])


def found(
    root: Path,
    data: bytes,
    kind: str = "1",
    *,
    documents: str = "clean",
    original: FileDataset | None = None,
    reader: Silent | Says | None = None,
    **attributes: object,
) -> set[tuple[str, str]]:
    """The verifier's problems with a written document: check and place."""
    staged = Staged(root)
    original = original or document(ORIGINAL if kind == "1" else b"before", kind)
    written = clean(original)
    written.EncapsulatedDocument = data + b"\0" * (len(data) % 2)
    written.EncapsulatedDocumentLength = len(data)
    written.BurnedInAnnotation = "NO"
    for keyword, value in attributes.items():
        if value is None:
            delattr(written, keyword)
        else:
            setattr(written, keyword, value)
    staged.add(original, written)
    problems = staged.verify(reader, replace(staged.facts(), documents=documents))
    return {(problem.check, problem.place) for problem in problems}


WRONG = {("document", "00420011")}


def test_a_cleaned_pdf_of_the_same_pages_passes(tmp_path: Path) -> None:
    assert not found(tmp_path, page())


@pytest.mark.parametrize("kind", ["1", "2", "3", "4", "5"])
def test_placeholders_pass(kind: str, tmp_path: Path) -> None:
    mime_type = {"1": "application/pdf", "2": "text/xml", "3": "model/stl", "4": "model/obj", "5": "model/mtl"}[kind]
    assert not found(tmp_path, placeholder(mime_type, "2.25.1234567"), kind, documents="replace")


def test_a_document_is_forbidden_where_the_profile_holds_them(tmp_path: Path) -> None:
    assert found(tmp_path, page(), documents="hold") == {("forbidden-element", "00420011")}


def test_a_document_inside_a_sequence_is_forbidden(tmp_path: Path) -> None:
    item = Dataset()
    item.EncapsulatedDocument = page()
    assert ("forbidden-element", "00420013/00420011") in found(tmp_path, page(), SourceInstanceSequence=[item])


def test_a_document_must_not_get_lost(tmp_path: Path) -> None:
    lost = {"EncapsulatedDocument": None, "BurnedInAnnotation": None}
    assert found(tmp_path, b"", **lost) == WRONG  # type: ignore[arg-type]  # attributes of any name


def test_an_instance_without_a_document_is_left_alone(tmp_path: Path) -> None:
    original = document(b"")
    del original.EncapsulatedDocument
    lost = {"EncapsulatedDocument": None, "BurnedInAnnotation": None}
    assert not found(tmp_path, b"", original=original, **lost)  # type: ignore[arg-type]  # attributes of any name


@pytest.mark.parametrize(
    "attributes",
    [
        {"MIMETypeOfEncapsulatedDocument": "text/XML"},
        {"EncapsulatedDocumentLength": 10},
        {"EncapsulatedDocumentLength": None},
        {"BurnedInAnnotation": "YES"},
    ],
)
def test_type_length_and_mark_are_true(attributes: dict[str, object], tmp_path: Path) -> None:
    wrong = {("marks", "00280301")} if "BurnedInAnnotation" in attributes else WRONG
    assert found(tmp_path, page(), **attributes) == wrong  # type: ignore[arg-type]  # attributes of any name


def test_padding_is_empty(tmp_path: Path) -> None:
    data = page() + b"L" * (len(page()) % 2)
    assert found(tmp_path, page(), EncapsulatedDocument=data, EncapsulatedDocumentLength=len(data) - 1) == WRONG


def _with(old: bytes, new: bytes) -> bytes:
    made = page()
    assert old in made
    return made.replace(old, new, 1)


def _behind_the_picture(hidden: bytes) -> bytes:
    """A PDF with bytes behind the end of its compressed picture, which no reader looks at."""
    made = page()
    found = list(re.finditer(rb"/Length (\d+) >>\nstream\n", made))[-1]
    end = found.end() + int(found[1])
    longer = b"/Length %d >>\nstream\n" % (int(found[1]) + len(hidden))
    return made[: found.start()] + longer + made[found.end() : end] + hidden + made[end:]


@pytest.mark.parametrize(
    "data",
    [
        ORIGINAL,
        b"no PDF",
        _behind_the_picture(b"Lindqvist"),
        _with(b"/Type /Catalog", b"/Type /Catalog /OpenAction 3 0 R"),
        _with(b"/Type /Catalog", b"/Type /Catalog /Lang (Lindqvist)"),
        _with(b"/Type /Catalog", b"/Type /Catalog % Lindqvist\n"),
        _with(b"%%EOF\n", b"%%EOF\nLindqvist"),
        _with(b"cm /P Do Q", b"cm /P Do q"),
        _with(b"\nendstream", b" endstream"),
        _with(b"/Width 150", b"/Width 151"),
        _with(b"/Width 150", b"/Width 999999999"),
        _with(b"/DeviceGray", b"/DeviceCMYK"),
        _with(b"x\x9c", b"yy"),
        page()[:-60],
        write_pdf([]),
    ],
    ids=[
        "original", "no PDF", "behind the picture", "action", "string", "comment", "trailing", "operator", "end", "width", "bomb",
        "colours", "damaged", "cut", "no page",
    ],
)  # fmt: skip
def test_a_pdf_holds_nothing_but_pictures(data: bytes, tmp_path: Path) -> None:
    assert ("document", "00420011") in found(tmp_path, data)


def test_a_picture_that_no_page_shows_is_found(tmp_path: Path) -> None:
    made = page()
    assert b"/Count 1 /Kids [3 0 R]" in made
    hidden = made.replace(b"/Count 1 /Kids [3 0 R]", b"/Count 0 /Kids []     ", 1)
    assert found(tmp_path, hidden) == WRONG


def test_pages_are_as_many_and_as_large_as_before(tmp_path: Path) -> None:
    assert found(tmp_path, page((842.0, 595.0))) == {("document-pages", "00420011")}


def test_an_original_that_cannot_be_opened_has_no_pages(tmp_path: Path) -> None:
    assert found(tmp_path, page(), original=document(b"no PDF")) == {("document-pages", "00420011")}


def test_what_can_be_read_on_a_page_is_found(tmp_path: Path) -> None:
    read = found(tmp_path, page(), reader=Says(("slice 5 mm", "TORBJORN LINDQVIST")))
    assert read == {("identifier-in-pixels", "page 0")}


def test_a_placeholder_is_small(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 150, 3), np.uint8)
    assert found(tmp_path, write_pdf([(A4, noise)]), documents="replace") == WRONG


@pytest.mark.parametrize(
    "text",
    [
        "<ClinicalDocument xmlns='urn:hl7-org:v3'><name>x</name></ClinicalDocument>",
        "<ClinicalDocument xmlns='urn:hl7-org:v3'><id displayName='x'/></ClinicalDocument>",
        "<ClinicalDocument xmlns='urn:hl7-org:v3'><!-- x --></ClinicalDocument>",
        "<!DOCTYPE ClinicalDocument []><ClinicalDocument/>",
        "<ClinicalDocument><?x y?></ClinicalDocument>",
        "<ClinicalDocument><text>Mr Lindqvist</text></ClinicalDocument>",
        "<ClinicalDocument>",
    ],
)
def test_a_cda_document_names_nobody(text: str, tmp_path: Path) -> None:
    assert ("document", "00420011") in found(tmp_path, text.encode(), "2")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("3", b"solid lindq"),
        ("3", b"name" + STL[4:]),
        ("3", STL + b"\1" * 50),
        ("4", b"# by Somebody\nv 1 2 3\n"),
        ("5", b"newmtl Somebody\n"),
        ("9", b"anything"),
    ],
)
def test_solids_hold_numbers_only(kind: str, data: bytes, tmp_path: Path) -> None:
    original = document(b"before", kind, MIMETypeOfEncapsulatedDocument="model/other") if kind == "9" else None
    assert found(tmp_path, data, kind, original=original) == WRONG


def test_the_type_counts_where_the_class_says_none(tmp_path: Path) -> None:
    original = document(ORIGINAL, SOPClassUID="1.2.840.10008.5.1.4.1.1.66")
    original.file_meta.MediaStorageSOPClassUID = original.SOPClassUID
    assert not found(tmp_path, page(), original=original)
