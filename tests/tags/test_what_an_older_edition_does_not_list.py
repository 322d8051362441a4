"""Under an older edition, what only later ones list is no less safe: removed, replaced, cleaned or shifted."""

from __future__ import annotations

from typing import Any

import pytest
from builders import code, instance
from tags import tables
from tags.cleaning import PSEUDONYMIZER, context
from tags.test_outcomes_equal_the_tables import VALUES
from tags.test_rules_of_the_standard import cleaned, item, profile

from gateway.tags import apply

OLDER = tables.EDITIONS[:-1]
NEWEST = tables.EDITIONS[-1]
MARKER = "HOLLINGBERY"
DOCUMENT = "00420011"  # held, whatever the edition
BINARY = {"OB", "OW", "UN"}


def missing(edition: str) -> list[str]:
    """The attributes that a later edition lists and this one does not, and that a data set may hold."""
    return [
        tag
        for tag in tables.table(NEWEST)
        if tag not in {*tables.table(edition), DOCUMENT}
        and "x" not in tag
        and tables.vr_of(tag)
        and "0008" <= tag[:4] < "FFFA"
    ]


def marked(vr: str) -> Any:
    if vr == "SQ":
        return [item(PatientComments=MARKER, TextString=MARKER, PersonName=MARKER)]
    if vr in BINARY:
        return MARKER.encode() + b" "
    return {"PN": MARKER, "UI": "1.2.3.4.5", "AE": MARKER, "CS": MARKER, "UR": f"http://{MARKER}"}.get(
        vr, f"left {MARKER}" if VALUES.get(vr) == "left Quenby" else VALUES.get(vr, 7)
    )


@pytest.mark.parametrize("edition", OLDER)
@pytest.mark.parametrize("sop_class", ["1.2.840.10008.5.1.4.1.1.2", "1.2.3.4"])
def test_nothing_identifying_stays(edition: str, sop_class: str) -> None:
    assert missing(edition)
    dataset = instance()
    dataset.SOPClassUID = sop_class
    for tag in missing(edition):
        dataset.add_new(int(tag, 16), tables.vr_of(tag), marked(tables.vr_of(tag)))
    out = cleaned(dataset, edition)
    assert MARKER not in str(out)
    for tag in missing(edition):
        vr = tables.vr_of(tag)
        if int(tag, 16) in out and vr in {"DA", "DT", "TM", "UI", "CS", "DS", "IS", "US", "AS", *BINARY}:
            assert out[int(tag, 16)].value != marked(vr), (tag, vr)


@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        ("SeriesDate", "20230311", "19000101"),
        ("GPSLatitude", "51.5", None),
        ("SmokingStatus", "YES", None),
        ("PregnancyStatus", 4, None),
        ("AcquisitionComments", f"left lesion {MARKER}", "left lesion"),
        ("ClinicalTrialProtocolID", MARKER, PSEUDONYMIZER.token(MARKER)),
        ("OperatorsName", MARKER, None),
        ("ConsultingPhysicianName", MARKER, ""),
        ("StationAETitle", MARKER, None),
        ("TrackingUID", "1.2.3", PSEUDONYMIZER.uid("1.2.3")),
        ("PlacerOrderNumberProcedure", "left", None),
        ("ScheduledStationName", MARKER, None),
        ("ContainerIdentifier", MARKER, PSEUDONYMIZER.token(MARKER)),
    ],
)
def test_by_kind_of_value_under_2008(keyword: str, value: Any, expected: Any) -> None:
    dataset = instance()
    setattr(dataset, keyword, value)
    out = cleaned(dataset, "2008")
    assert (out.get(keyword) if keyword in out else None) == expected


@pytest.mark.parametrize("edition", OLDER)
def test_references_stay_where_no_edition_speaks_of_them(edition: str) -> None:
    referred = item(ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2", ReferencedSOPInstanceUID="1.2.9")
    out = cleaned(instance(SourceImageSequence=[referred]), edition)
    assert out.SourceImageSequence[0].ReferencedSOPInstanceUID == PSEUDONYMIZER.uid("1.2.9")


def test_the_rule_is_named() -> None:
    dataset = instance(GPSLatitude="51.5", PlacerOrderNumberProcedure="17")
    for edition, rule in (("2011", "listed-later"), ("2021b", "basic:GPSLatitude")):
        _, changes = apply(dataset, profile(edition), context(dataset))
        rules = {change.path: change.rule for change in changes}
        assert rules[f"{int(dataset['GPSLatitude'].tag):08X}"] == rule
        assert rules["00401006"] == "unlisted-identifying"


def test_dates_and_options_are_the_edition_s_own() -> None:
    dataset = instance(FrameAcquisitionDateTime="20230311", EthnicGroupCodeSequence=[code("1", "SCT", "liver")])
    out = cleaned(dataset, "2017c", tables.MODIFIED, "RetainPatientCharacteristicsOption")
    assert out.FrameAcquisitionDateTime == "20221201"
    assert "EthnicGroupCodeSequence" not in out  # an option of 2017c does not speak of what came later
