"""References that lead to no instance, and released studies that refer to what is held: in the ledger and the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit.ledgers import KEY
from audit.reports import report, uid

from gateway.audit import events
from gateway.audit.job_report import UnseenReferences
from gateway.audit.ledger import Ledger
from gateway.audit.report import render, sop_class

KO = "1.2.840.10008.5.1.4.1.1.88.59"
STUDY, ITEM = uid(1), "q-0123456789ab"
UNSEEN = events.ReferencesUnseen(study=STUDY, unseen=(events.Unseen(sop_class=KO, instances=3),))
HELD = events.HeldAfterRelease(item=ITEM, studies=(STUDY,))


def test_what_is_told_of_references_does_not_unsay_where_a_study_or_an_item_stands(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl", KEY)
    released = events.StudyReleased(study=STUDY, instances=1, digest="0" * 64)
    held = events.StudyQuarantined(item=ITEM, study=uid(2), code="REFERENCE_HELD", instances=1)
    decided = events.ItemDecided(item=ITEM, decision="retry")
    for event in (released, held, decided, UNSEEN, HELD):
        assert ledger.record_once("job-1", event)
        assert not ledger.record_once("job-1", event)
    assert all(ledger.says("job-1", event) for event in (released, held, decided, UNSEEN, HELD))
    again = events.ReferencesUnseen(study=STUDY, unseen=(events.Unseen(sop_class=KO, instances=2),))
    assert ledger.record_once("job-1", again)
    assert ledger.says("job-1", released)


@pytest.mark.parametrize("text", ["OKONKWO", "1.2.3.4", "1.2.840.10008.19610417", f"{KO}.4471902", "1.2.840.10008."])
def test_a_class_that_is_none_cannot_be_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"Unseen\.sop_class"):
        events.Unseen(sop_class=text, instances=1)


def test_the_report_says_which_studies_refer_to_what_by_class_and_how_often() -> None:
    page = render(report(unseen=(UnseenReferences(STUDY, KO, 1234), UnseenReferences(uid(2), "", 7))))
    assert "References between studies" in page
    assert "Key Object Selection Document" in page
    assert "objects of an unregistered class" in page
    assert "1,234" in page
    assert STUDY in page
    assert "now held" not in page


def test_the_report_warns_of_released_studies_that_refer_to_what_is_held() -> None:
    page = render(report(to_held=((ITEM, (uid(3), uid(4))),)))
    assert "A released study refers to an instance that is now held" in page
    assert all(text in page for text in (ITEM, uid(3), uid(4)))
    assert "has not seen" not in page


def test_without_such_references_the_report_says_nothing_of_them() -> None:
    assert "References between studies" not in render(report())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (KO, "Key Object Selection Document"),
        ("1.2.840.113619.4.27", "objects of an unregistered class"),
        ("", "objects of an unregistered class"),
    ],
)
def test_classes_are_named_if_dicom_registered_them(text: str, name: str) -> None:
    assert sop_class(text) == name
