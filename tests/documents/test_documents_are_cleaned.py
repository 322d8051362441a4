"""PDFs inside instances are drawn anew from masked pages: nothing identifying is left, technical words stay."""

from __future__ import annotations

import os
import re
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from batches import leaks
from conftest import need
from documents.objects import content, document, names, outcome, released
from documents.pdfs import Pdf, paper, report
from numpy.typing import NDArray
from reading_back import _read

from gateway.documents.pages import pages

PLAIN = {
    b"/Type", b"/Catalog", b"/Pages", b"/Count", b"/Kids", b"/Page", b"/Parent", b"/MediaBox", b"/Contents", b"/Resources",
    b"/XObject", b"/P", b"/Subtype", b"/Image", b"/Width", b"/Height", b"/BitsPerComponent", b"/ColorSpace", b"/DeviceGray",
    b"/DeviceRGB", b"/Filter", b"/FlateDecode", b"/Length", b"/Size", b"/Root",
}  # fmt: skip


def pictures(pdf: bytes) -> list[NDArray[np.uint8]]:
    """The pages of a PDF as a person sees them, at 200 dpi, in grey."""
    drawn = [page.render(scale=200 / 72).to_numpy() for page in pypdfium2.PdfDocument(pdf)]
    return [np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8) for page in drawn]


def read(pdf: bytes, folder: Path) -> str:
    """What tesseract reads on the pages of a PDF."""
    need("tesseract", "tesseract-ocr")
    views = [("", cv2.resize(page, None, fx=1.5, fy=1.5)) for page in pictures(pdf)]
    return " ".join(_read([(name, np.asarray(view, np.uint8)) for name, view in views], folder).values())


def everything() -> bytes:
    """A PDF of four pages with the patient's name wherever a PDF can have one."""
    pdf = report(
        "Saint Brannoc Infirmary",
        "Patient: Torbjorn Lindqvist   born 03.09.1948   LQ-0093318",
        "CT Abdomen with contrast",
        "Findings: no pleural effusion, normal heart size.",
        "Impression: hepatomegaly, Mr Lindqvist should return in three months for follow-up.",
        "Referred by Dr. Hugo Whittingstall",
    )
    attached = pdf.stream(b"Lindqvist Torbjorn", b"/Type /EmbeddedFile ")
    file = pdf.add(b"<< /Type /Filespec /F (lindqvist.txt) /EF << /F %d 0 R >> >>" % attached)
    script = pdf.add(b"<< /S /JavaScript /JS (app.alert\\('Lindqvist'\\);) >>")
    field = pdf.add(
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Lindqvist Torbjorn) /Rect [60 300 400 330] /F 4"
        b" /DA (/F1 14 Tf 0 g) >>"
    )
    note = pdf.add(
        b"<< /Type /Annot /Subtype /FreeText /Rect [60 250 400 280] /Contents (Lindqvist) /DA (/F1 14 Tf) >>"
    )
    metadata = pdf.stream(b"<x>Lindqvist</x>", b"/Type /Metadata /Subtype /XML ")
    info = pdf.add(b"<< /Author (Torbjorn Lindqvist) /Title (Report Lindqvist) /CreationDate (D:20230311) >>")
    pdf.catalog = (
        b"/Metadata %d 0 R /OpenAction %d 0 R /Names << /EmbeddedFiles << /Names [(a) %d 0 R] >> >>"
        b" /AcroForm << /Fields [%d 0 R] /NeedAppearances true /DA (/F1 14 Tf) /DR << /Font << /F1 3 0 R >> >> >>"
        % (metadata, script, file, field)
    )
    pdf.trailer = b"/Info %d 0 R" % info
    pdf.page(
        (60, 700, 12, "Slice thickness 5 mm"),
        (60, 660, 6, "kVp 120 LINDQVIST TORBJORN"),
        rotate=90,
        extra=b"/Annots [%d 0 R %d 0 R]" % (field, note),
    )
    pdf.scan(paper("LINDQVIST TORBJORN", "Slice thickness 5 mm", "LQ-0093318", "CT Abdomen"))
    pdf.scan(paper("Lindqvist, Torbjorn", "Axial contrast"), layer=[(60, 765, 14, "Lindqvist, Torbjorn")])
    return bytes(pdf)


def test_names_go_and_technical_words_stay(tmp_path: Path) -> None:
    original = everything()
    before = read(original, tmp_path / "before").lower()
    assert "lindqvist" in before
    (ds,) = released(tmp_path, document(original))
    pdf = content(ds)
    assert names(pdf) <= PLAIN
    assert not leaks(tmp_path / "out", ["Lindqvist", "Torbjorn", "Whittingstall", "0093318", "Brannoc"])
    after = read(pdf, tmp_path / "after").lower()
    for name in ("lindqvist", "torbjorn", "whittingstall", "0093318", "1948", "brannoc"):
        assert name not in after
    for word in (
        "ct abdomen with contrast",
        "no pleural effusion",
        "hepatomegaly",
        "slice thickness",
        "axial contrast",
    ):
        assert word in after
    assert ds.BurnedInAnnotation == "NO"
    assert ds.DocumentTitle == "CT report"
    sizes = [tuple(map(round, page.get_size())) for page in pypdfium2.PdfDocument(pdf)]
    assert sizes == [(595, 842), (842, 595), (595, 842), (595, 842)]


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(content(released(tmp_path / name, document(bytes(report("CT Abdomen", "Lindqvist"))))[0]))
    assert made[0] == made[1]


def test_pages_without_anything_identifying_stay_as_they_look(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.page((60, 700, 12, "CT Abdomen with contrast"), content=b"0.8 0.2 0.2 rg 100 100 200 200 re f\n")
    (ds,) = released(tmp_path, document(bytes(pdf)))
    before, after = pictures(bytes(pdf)), pictures(content(ds))
    assert len(before) == len(after) == 1
    assert np.abs(before[0].astype(int) - after[0].astype(int)).max() <= 1


def test_what_the_layer_hides_from_recognition_is_masked(tmp_path: Path) -> None:
    # Grey on nearly the same grey: no reader sees it, whoever stretches the contrast does.
    pdf = Pdf()
    faint = b"0.98 g 0 0 595 842 re f 0.972 g BT /F1 20 Tf 60 500 Td (Torbjorn Lindqvist) Tj ET\n"
    pdf.page((60, 700, 12, "CT Abdomen"), content=faint)
    (ds,) = released(tmp_path, document(bytes(pdf)))
    (page,) = pictures(content(ds))
    assert len(np.unique(page[850:960, 100:800])) <= 3  # the ground, the mask, and its edge


def test_a_layer_that_tells_something_else_than_is_seen_is_not_believed(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.scan(paper("LINDQVIST TORBJORN", "CT Abdomen"), layer=[(58, 765, 16, "CT Abdomen with contrast")])
    (ds,) = released(tmp_path, document(bytes(pdf)))
    after = read(content(ds), tmp_path / "after").lower()
    assert "lindq" not in after
    assert "abdomen" in after


def _locked() -> bytes:
    """A PDF whose encryption asks for a password that nobody gave."""
    pdf = report("CT Abdomen")
    lock = pdf.add(b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <%b> /U <%b> >>" % (b"ab" * 32, b"cd" * 32))
    pdf.trailer = b"/Encrypt %d 0 R /ID [<%b> <%b>]" % (lock, b"12" * 16, b"12" * 16)
    return bytes(pdf)


def _many_pages() -> bytes:
    pdf = Pdf()
    for _ in range(201):
        pdf.page()
    return bytes(pdf)


def _huge_page() -> bytes:
    pdf = Pdf()
    pdf.page(size=(14400, 14400))
    return bytes(pdf)


def _endless() -> bytes:
    """Forms that draw each other, doubling at each of 40 levels."""
    pdf = Pdf()
    inner = pdf.stream(b"0 0 10 10 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] ")
    for _ in range(40):
        inner = pdf.stream(
            b"/X Do " * 16,
            b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << /X %d 0 R >> >> " % inner,
        )
    pdf.page(content=b"/X Do\n", resources=b"/XObject << /X %d 0 R >>" % inner)
    return bytes(pdf)


def _wordy() -> bytes:
    pdf = Pdf()
    pdf.page(content=b"BT /F1 1 Tf 10 10 Td " + b"(%b) Tj " % (b"a" * 1000) * 201 + b"ET\n")
    return bytes(pdf)


def _form_of_scripts() -> bytes:
    """A dynamic XFA form: its contents are in XML, its one page says that the viewer is too old."""
    pdf = report("Please wait... your viewer cannot show this document")
    form = pdf.stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template>Findings</template></xdp:xdp>")
    pdf.catalog = b"/NeedsRendering true /AcroForm << /XFA %d 0 R /Fields [] >>" % form
    return bytes(pdf)


REFUSED = {
    "XFA": (_form_of_scripts(), "XFA form"),
    "password": (_locked(), "password"),
    "cut short": (b"%PDF-1.4\nnothing more", "damaged"),
    "no PDF": (b"plain text", "damaged"),
    "empty": (b"", "damaged"),
    "pages": (_many_pages(), "201 pages"),
    "page": (_huge_page(), "larger than DIN A2"),
    "text": (_wordy(), "more text than a page can show"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What one run over a study with each such document says of the studies it held."""
    folder = tmp_path_factory.mktemp("refused")
    studies = [document(pdf, study=number) for number, (pdf, _) in enumerate(REFUSED.values(), 1)]
    result = outcome(folder, *studies, code=3)
    assert {item["code"] for item in result["items"]} == {"CONTENT_UNSUPPORTED"}
    assert not list((folder / "out").rglob("*.dcm"))
    return [item["message"] for item in result["items"]]


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_cleaned_is_held_with_the_reason(case: str, refused: list[str]) -> None:
    assert len(refused) == len(REFUSED)
    assert any(REFUSED[case][1] in message for message in refused)


def test_a_document_made_to_exhaust_who_draws_it_is_held_in_time(tmp_path: Path) -> None:
    result = outcome(tmp_path, document(_endless()), code=3)
    assert [item["message"] for item in result["items"]] == [
        "The encapsulated PDF cannot be drawn within the limits of time and memory."
    ]


def test_a_scan_that_lies_upside_down_is_read(tmp_path: Path) -> None:
    pdf = Pdf()
    pdf.scan(np.ascontiguousarray(np.rot90(paper("born 03.09.1948", "MRN LQ-0093318", "CT shows no nodule"), 2)))
    (ds,) = released(tmp_path, document(bytes(pdf)))
    shown = [np.ascontiguousarray(np.rot90(page, 2)) for page in pictures(content(ds))]
    said = " ".join(_read([("", cv2.resize(shown[0], None, fx=1.5, fy=1.5))], tmp_path / "read").values())
    assert "no nodule" in said
    assert not [leak for leak in ("1948", "0093318", "born") if leak in said]


def test_what_lies_outside_the_crop_box_is_neither_shown_nor_masked(tmp_path: Path) -> None:
    pdf = Pdf()
    outside = [(-200, 700, 12, "LINDQVIST TORBJORN"), (60, 40, 12, "Lindqvist"), (700, 700, 12, "Lindqvist")]
    pdf.page((60, 700, 12, "CT Abdomen with contrast"), *outside, extra=b"/CropBox [50 100 500 800]")
    (page,) = pages(bytes(pdf))
    assert [piece.text for piece in page.layer] == ["CT Abdomen with contrast"]
    (ds,) = released(tmp_path, document(bytes(pdf)))
    before, after = pictures(bytes(pdf)), pictures(content(ds))
    assert np.abs(before[0].astype(int) - after[0].astype(int)).max() <= 1


def test_who_draws_can_write_no_file_and_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_TOKEN", "secret")
    drawn = pages(bytes(report("Findings", "Impression")))
    next(drawn)
    (child,) = (path for path in Path("/proc").glob("[0-9]*") if _is_drawing(path))
    limits = (child / "limits").read_text()
    assert re.search(r"Max file size +0 +0 ", limits)
    assert re.search(r"Max core file size +0 +0 ", limits)
    assert b"SITE_TOKEN" not in (child / "environ").read_bytes()
    drawn.close()
    assert not child.exists()


def _is_drawing(process: Path) -> bool:
    """Whether a process is the one that draws for this one."""
    try:
        mine = f"PPid:\t{os.getpid()}\n" in (process / "status").read_text()
        return mine and b"gateway.documents.draw" in (process / "cmdline").read_bytes()
    except OSError:  # it has ended
        return False


def test_no_module_of_the_working_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("gateway", "json"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('run')", encoding="ascii")
    monkeypatch.chdir(tmp_path)
    assert [len(page.layer) for page in pages(bytes(report("Findings")))] == [1]
