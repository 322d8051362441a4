"""Recipes of a site in a whole run: ledger, report and the run's own words tell what they did; the verifier still looks."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from batches import gateway, run
from builders import instance, key_object, write
from pydicom import dcmread

SITE = """FORMAT dicom

%header
KEEP ProtocolName
REMOVE SeriesDescription
ADD ClinicalTrialSiteID 07

%filter reject
LABEL scouts are not wanted
contains SeriesDescription scout

%filter profile.research
LABEL cardiac studies keep their descriptions
equals BodyPartExamined HEART
"""


def batch(root: Path) -> Path:
    write(instance(1, 1, ProtocolName="Abdomen routine"), root / "1" / "a.dcm")
    write(key_object(instance(1, 1)), root / "1" / "ko.dcm")
    write(instance(2, 2, SeriesDescription="Scout"), root / "2" / "a.dcm")
    write(instance(3, 3, BodyPartExamined="HEART", ProtocolName="Abdomen routine"), root / "3" / "a.dcm")
    return root


def site(home: Path, text: str) -> Path:
    (home / "recipes").mkdir(mode=0o700, parents=True)
    home.chmod(0o700)
    (home / "recipes" / "site.dicom").write_text(text)
    return home


def test_a_run_carries_out_a_sites_recipe_and_tells_it(tmp_path: Path) -> None:
    home, out = site(tmp_path / "home", SITE), tmp_path / "out"
    result = run([batch(tmp_path / "in")], out, home, code=3)
    assert result["studies_released"] == 2
    assert [(item["code"], item["message"]) for item in result["items"]] == [
        ("RECIPE_REJECTED", "The recipe site says that such studies are held: scouts are not wanted.")
    ]
    assert result["warnings"] == [  # what the profile research leaves as it is was not kept against it
        "Cleaned by the profile research instead of basic: 1 study, as a recipe says.",
        "Kept against the profile: ProtocolName (0018,1030), in 1 instance, as the recipe site says.",
    ]
    released = [ds for ds in map(dcmread, out.rglob("*.dcm")) if ds.Modality == "CT"]
    written = {ds.DeidentificationMethod.partition(",")[0]: ds for ds in released}
    basic, research = written["basic"], written["research"]
    assert {ds.get("ProtocolName") for ds in (basic, research)} == {"Abdomen routine"}
    assert {ds.ClinicalTrialSiteID for ds in (basic, research)} == {"07"}
    assert ("StudyDescription" in basic, research.StudyDescription) == (False, "CT Abdomen with contrast")
    assert research.LongitudinalTemporalInformationModified == "MODIFIED"
    events = [json.loads(line) for line in (home / "ledger" / "ledger.jsonl").read_text().splitlines()]
    told = json.dumps(events)
    for rule in ("recipe.site", "recipe.site.keeps", "recipe.site.profile.research"):
        assert f'"rule": "{rule}"' in told
    started = next(event for event in events if "JobStarted" in json.dumps(event))
    assert '"site"' in json.dumps(started)
    assert '"research"' in json.dumps(started)
    page = (home / "jobs" / result["job"] / "report.html").read_text()
    assert all(warning in page for warning in result["warnings"])
    assert sorted(re.findall(r"<td>(basic|research)</td><td class=\"n\">", page)) == ["basic", "research"]
    assert "has the study cleaned by the profile research" in page
    again = run([tmp_path / "in"], out, home, code=3)
    assert (again["studies_released"], again["warnings"]) == (2, result["warnings"])


def test_what_identifies_is_held_though_a_recipe_keeps_it(tmp_path: Path) -> None:
    home = site(tmp_path / "home", "FORMAT dicom\n%header\nKEEP InstitutionName\n")
    write(instance(), tmp_path / "in" / "a.dcm")
    result = run([tmp_path / "in"], tmp_path / "out", home, code=3)
    assert [item["code"] for item in result["items"]] == ["VERIFICATION_FAILED"]
    assert result["items"][0]["message"].endswith("A recipe keeps (0008,0080) against the profile.")


def test_a_bad_recipe_stops_the_start_and_the_doctor_names_it(tmp_path: Path) -> None:
    home = site(tmp_path / "home", "FORMAT dicom\n%header\nREMOVE PatientNam\n")
    write(instance(), tmp_path / "in" / "a.dcm")
    done = gateway("run", tmp_path / "in", "--out", tmp_path / "out", home=home, code=2)
    assert "site.dicom, line 3: DICOM knows no attribute PatientNam; did you mean PatientName?" in done.stderr
    assert not list((tmp_path / "out").rglob("*.dcm"))
    assert "site.dicom, line 3" in gateway("doctor", home=home, code=1).stdout.replace("\n", " ")


@pytest.mark.parametrize("words", ["site (header rules, 2 filters, profile research)", "philips (1 filter)"])
def test_the_doctor_lists_recipes(tmp_path: Path, words: str) -> None:
    home = site(tmp_path / "home", SITE)
    assert words in gateway("doctor", home=home).stdout


def test_the_linkage_tells_the_uids_that_a_routed_study_was_given(tmp_path: Path) -> None:
    route = "FORMAT dicom\n%filter profile.tracing\nLABEL heart\nequals BodyPartExamined HEART\n"
    home = site(tmp_path / "home", route)
    (home / "profiles").mkdir()
    (home / "profiles" / "tracing.yaml").write_text(
        "name: tracing\nedition: 2026c\ndescription: UIDs stay.\n"
        "options: [BasicApplicationConfidentialityProfile, CleanPixelDataOption, RetainUidsOption]\n"
    )
    originals = [instance(1, 1), instance(2, 2, BodyPartExamined="HEART")]
    for number, ds in enumerate(originals):
        write(ds, tmp_path / "in" / f"{number}.dcm")
    job = run([tmp_path / "in"], tmp_path / "out", home)["job"]
    gateway("linkage", "export", job, "--out", tmp_path / "linkage.csv", home=home)
    with (tmp_path / "linkage.csv").open(newline="") as stream:
        rows = {row["sop_uid"]: row for row in csv.DictReader(stream)}
    for ds, stays in zip(originals, (False, True), strict=True):
        row = rows[ds.SOPInstanceUID]
        assert (row["new_sop_uid"] == ds.SOPInstanceUID) == stays
        assert dcmread(tmp_path / "out" / row["path"]).SOPInstanceUID == row["new_sop_uid"]
