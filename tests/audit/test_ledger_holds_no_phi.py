from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from audit.ledgers import KEY, STUDY

from gateway.audit.events import (
    Changed,
    Event,
    Fault,
    FileQuarantined,
    JobStarted,
    MaskedBox,
    StudyCleaned,
    StudyQuarantined,
    cleaned,
    faults,
    released,
    releasing,
)
from gateway.audit.ledger import Ledger
from gateway.records import Box, Change, ChangeCount, CleanedInstance, Mask, Outcome, Problem
from gateway.tags import profile
from gateway.verify.checks import CHECKS

NAME = "OKONKWO^ADAEZE"
CHANGED: dict[str, Any] = {"path": "00100010", "action": "Z", "rule": "basic", "elements": 1, "instances": 1}
HELD: dict[str, Any] = {"item": "study-0123456789ab", "study": STUDY, "code": "UID_CONFLICT", "instances": 1}
STARTED: dict[str, Any] = {
    "gateway": "0.1.0",
    "profile": "basic",
    "profile_digest": "0" * 64,
    "edition": "2026c",
    "edition_digest": "1" * 64,
}


@pytest.mark.parametrize(
    ("kind", "values", "name"),
    [
        *((Changed, CHANGED, name) for name in ("path", "action", "rule", "elements")),
        *((StudyQuarantined, HELD, name) for name in ("item", "study", "code", "instances", "faults")),
        *((JobStarted, STARTED, name) for name in (*STARTED, "options", "models") if name != "profile"),
        *(
            (FileQuarantined, {"item": "file-0123456789ab", "code": "FILE_UNREADABLE"}, name)
            for name in ("item", "code")
        ),
        *(
            (Fault, {"check": "bytes", "instance": 0, "place": "file meta"}, name)
            for name in ("check", "instance", "place")
        ),
    ],
)
@pytest.mark.parametrize(
    "value", [NAME, "Adaeze Okonkwo", "1961-04-17 ", "é", ("x", NAME), 1.5, None, {"a": 1}, b"x", -2]
)
def test_a_value_that_could_be_phi_is_refused_without_being_told(
    kind: type, values: dict[str, Any], name: str, value: object
) -> None:
    kind(**values)
    with pytest.raises(ValueError, match=rf"^{kind.__name__}\.{name} must not hold such a value: it could be PHI$"):
        kind(**{**values, name: value})


@pytest.mark.parametrize("path", ["0010001", "00100010/", "PatientName", "00100010/0040A123/Okonkwo"])
def test_a_path_is_made_of_tags_only(path: str) -> None:
    with pytest.raises(ValueError, match=r"Changed\.path"):
        Changed(**{**CHANGED, "path": path})


def test_an_endless_text_is_refused() -> None:
    with pytest.raises(ValueError, match=r"MaskedBox\.frames"):
        MaskedBox(instance=STUDY, x=0, y=0, w=1, h=1, frames=",".join(map(str, range(0, 40000, 2))), rules=())


def test_a_number_where_a_text_belongs_is_refused() -> None:
    with pytest.raises(ValueError, match=r"FileQuarantined\.item"):
        FileQuarantined(item=4471902, code="FILE_UNREADABLE")  # type: ignore[arg-type]  # the mistake under test


def test_a_job_name_that_could_be_phi_is_refused_without_being_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with pytest.raises(ValueError, match=r"^a job's name must not hold such a value: it could be PHI$"):
        Ledger(path, KEY).record(NAME, FileQuarantined(item="file-0123456789ab", code="FILE_UNREADABLE"))
    assert path.read_bytes() == b""


def outcome(**changes: Any) -> Outcome:
    masks = (Mask(Box(1, 2, 30, 40), (3, 0, 1, 7, 2), ("header-name", "date")), Mask(Box(0, 0, 9, 9), (5,), ("ner",)))
    values: dict[str, Any] = {
        "study": STUDY,
        "patient": "P0001",
        "cleaned": (
            CleanedInstance("P0001/2.25.11/2.25.3/2.25.5.dcm", 10, "b" * 64),
            CleanedInstance("P0001/2.25.11/2.25.3/2.25.4.dcm", 10, "a" * 64, masks),
        ),
        "changes": (ChangeCount(Change("00100010", "Z", "e1-1:00100010"), 2, 2),),
        "frames_read": 9,
        "regions_found": 4,
    }
    return Outcome(**{**values, **changes})


def test_what_the_ledger_says_of_a_cleaned_study() -> None:
    assert cleaned(outcome()) == StudyCleaned(
        study=STUDY,
        instances=2,
        frames_read=9,
        regions_found=4,
        changes=(Changed(path="00100010", action="Z", rule="e1-1:00100010", elements=2, instances=2),),
        masks=(
            MaskedBox(instance="2.25.4", x=1, y=2, w=30, h=40, frames="0-3,7", rules=("header-name", "date")),
            MaskedBox(instance="2.25.4", x=0, y=0, w=9, h=9, frames="5", rules=("ner",)),
        ),
    )


def test_a_release_is_known_by_names_and_contents_in_any_order() -> None:
    one = outcome()
    assert releasing(one) == releasing(outcome(cleaned=one.cleaned[::-1]))
    assert released(one).digest == releasing(one).digest
    renamed = CleanedInstance("P0001/2.25.11/2.25.3/2.25.6.dcm", 10, "b" * 64)
    assert releasing(one).digest != releasing(outcome(cleaned=(renamed, one.cleaned[1]))).digest


def test_what_the_ledger_says_of_the_verifiers_problems() -> None:
    told = faults((Problem("original-identifier", 2, "0040A730/0040A123"), Problem("pixels", -1, "frame 12")))
    assert [(f.check, f.instance, f.place) for f in told] == [
        ("original-identifier", 2, "0040A730/0040A123"), ("pixels", -1, "frame 12"),
    ]  # fmt: skip


def test_every_event_is_an_event() -> None:
    assert all(issubclass(kind, Event) for kind in (StudyCleaned, StudyQuarantined, JobStarted))


def test_what_is_not_known_to_be_safe_is_withheld_from_an_entry_that_must_be_written() -> None:
    told = faults((Problem("pixels", 0, NAME), Problem("Adaeze Okonkwo", 0, "frame 1")))
    assert [(f.check, f.place) for f in told] == [("pixels", "withheld"), ("withheld", "frame 1")]
    odd = outcome(changes=(ChangeCount(Change("00100010", "Z", NAME), 1, 1),))
    assert cleaned(odd).changes[0].rule == "withheld"


def test_a_profile_may_have_any_name_that_a_profile_can_have() -> None:
    assert JobStarted(**{**STARTED, "profile": "Trial #7 (strict)"}).profile == "Trial #7 (strict)"
    with pytest.raises(ValueError, match=r"JobStarted\.profile"):
        JobStarted(**{**STARTED, "profile": "x" * 33})


@pytest.mark.parametrize("name", profile.names())
def test_every_rule_of_every_profile_can_be_recorded(name: str) -> None:
    for rule in profile.load(name).rules:
        assert Changed(**{**CHANGED, "rule": rule.id}).rule == rule.id


def test_every_check_of_the_verifier_can_be_recorded() -> None:
    told = faults(Problem(check, 0, "preamble") for check in CHECKS)
    assert [fault.check for fault in told] == list(CHECKS)
