"""The command as people and scripts use it: exit codes, JSON, ID table, dry run, quarantine, linkage, doctor; no PHI shown."""

from __future__ import annotations

import csv
import json
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from batches import command, gateway, leaks, run, tree, unmeasured
from builders import PEOPLE, instance, key_object, write

KEYS = {
    "job",
    "received",
    "released",
    "quarantined",
    "duplicates",
    "not_dicom",
    "studies",
    "frames_read",
    "frames_compared",
    "regions_found",
    "masks",
    "seconds",
}
NAMES = [part for name, *_ in PEOPLE for part in name.split("^") if len(part) > 3 and part not in ("BRAIN", "ROBERT")]
COLUMNS = [
    "source",
    "patient_id",
    "new_patient_id",
    "study_uid",
    "new_study_uid",
    "series_uid",
    "new_series_uid",
    "sop_uid",
    "new_sop_uid",
    "status",
    "path",
]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """One run over a mixed folder with an ID table that lacks person 3; person 2's study is cut short."""
    place = tmp_path_factory.mktemp("cli")
    batch = place / "OKONKWO ADAEZE"
    for number in (1, 2):
        write(instance(1, 1, 1, number), batch / "okonkwo" / f"{number}.dcm")
    write(key_object(instance(1, 1, 1, 1)), batch / "okonkwo" / "ko.dcm")
    shutil.copy(batch / "okonkwo" / "1.dcm", batch / "again.dcm")
    cut = write(instance(2, 1, 1, 1), batch / "LINDQVIST.dcm")
    cut.write_bytes(cut.read_bytes()[:-2000])
    write(instance(3, 1, 1, 1), batch / "fairweather.dcm")
    (batch / "notes.txt").write_text("not DICOM")
    table = place / "ids.csv"
    table.write_text(f"patient_id,research_id\n{PEOPLE[0][1]},TRIAL-001\n{PEOPLE[1][1]},TRIAL-002\n")
    ended = gateway("run", batch, "--out", place / "out", "--ids", table, "--json", home=place / "home", code=3)
    return {"place": place, "batch": batch, "table": table, "json": json.loads(ended.stdout), "stderr": ended.stderr}


def test_json_is_one_object_whose_counts_add_up(done: Mapping[str, Any]) -> None:
    result = done["json"]
    assert result.keys() >= KEYS
    assert (result["received"], result["released"], result["quarantined"]) == (7, 3, 2)
    assert (result["duplicates"], result["not_dicom"]) == (1, 1)
    assert sorted(item["code"] for item in result["items"]) == ["PIXELS_UNREADABLE", "UNKNOWN_PATIENT"]


def test_the_research_zone_is_named_by_research_ids(done: Mapping[str, Any]) -> None:
    out = done["place"] / "out"
    assert [path.name for path in out.iterdir()] == ["TRIAL-001"]
    assert len(list(out.glob("TRIAL-001/2.25.*/2.25.*/2.25.*.dcm"))) == 3


def test_no_name_reaches_messages_ledger_report_or_released_files(done: Mapping[str, Any]) -> None:
    place = done["place"]
    assert not [
        name
        for name in NAMES
        if name.lower() in (json.dumps(done["json"]) + done["stderr"]).lower().replace(str(place).lower(), "")
    ]
    for folder in ("out", "home/ledger", "home/jobs"):
        assert not leaks(place / folder, NAMES)


def test_the_patient_who_is_added_to_the_table_is_released_by_the_same_command(
    done: Mapping[str, Any], tmp_path: Path
) -> None:
    shutil.copytree(done["place"], tmp_path / "copy", dirs_exist_ok=True)
    with done["table"].open("a") as stream:
        stream.write(f"{PEOPLE[2][1]},TRIAL-003\n")
    result = run([done["batch"]], done["place"] / "out", done["place"] / "home", "--ids", str(done["table"]), code=3)
    assert result["job"] == done["json"]["job"]
    assert (result["released"], result["quarantined"]) == (4, 1)
    assert sorted(path.name for path in (done["place"] / "out").iterdir()) == ["TRIAL-001", "TRIAL-003"]


def test_linkage_export_has_the_agreed_columns_and_every_file(done: Mapping[str, Any], tmp_path: Path) -> None:
    home, job = done["place"] / "home", done["json"]["job"]
    gateway("linkage", "export", job, "--out", tmp_path / "linkage.csv", home=home)
    with (tmp_path / "linkage.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == COLUMNS
    assert sorted({row["status"] for row in rows}) == ["duplicate", "not_dicom", "quarantined", "released"]
    assert len(rows) == 7
    for row in rows:
        if row["status"] == "released":
            assert (done["place"] / "out" / row["path"]).is_file()
    gateway("linkage", "export", job, "--out", tmp_path / "pairs", "--format", "pairs", home=home)
    for name in ("uids.csv", "patients.csv"):
        assert (tmp_path / "pairs" / name).read_text().startswith("id_old,id_new\n")
    found = gateway("linkage", "lookup", PEOPLE[0][1], home=home).stdout
    assert "TRIAL-001" in found


def test_audit_answers(done: Mapping[str, Any], tmp_path: Path) -> None:
    home, job = done["place"] / "home", done["json"]["job"]
    assert gateway("audit", "verify", job, home=home).stdout.startswith("OK")
    assert json.loads(gateway("audit", "verify", "--json", home=home).stdout)["ok"]
    gateway("audit", "report", job, "--out", tmp_path / "report.html", home=home)
    assert "<html" in (tmp_path / "report.html").read_text("utf-8")
    gateway("audit", "export", job, "--out", tmp_path / "ledger.jsonl", "--format", "jsonl", home=home)
    assert all(json.loads(line)["job"] == job for line in (tmp_path / "ledger.jsonl").read_text().splitlines())
    assert gateway("audit", "report", "job-000000000000", home=home, code=2).stderr.startswith("Error:")
    nowhere = tmp_path / "nowhere" / "report.html"
    assert "cannot be written" in gateway("audit", "report", job, "--out", nowhere, home=home, code=2).stderr


def test_the_head_that_a_report_prints_is_held_against_the_ledger(done: Mapping[str, Any]) -> None:
    home, page = done["place"] / "home", Path(done["json"]["report"]).read_text("utf-8")
    printed = re.findall(r"gateway audit verify --anchor (\d+:[0-9a-f]{64})", page)[0]
    assert gateway("audit", "verify", "--anchor", printed, home=home).stdout.startswith("OK")
    other = printed.partition(":")[0] + ":" + "0" * 64
    assert "rolled back" in gateway("audit", "verify", "--anchor", other, home=home, code=1).stdout
    assert "ENTRY:HASH" in gateway("audit", "verify", "--anchor", "latest", home=home, code=2).stderr


def test_quarantine_shows_retries_and_discards(done: Mapping[str, Any]) -> None:
    home = done["place"] / "home"
    item = next(item["item"] for item in done["json"]["items"] if item["code"] == "PIXELS_UNREADABLE")
    assert item in gateway("quarantine", "list", home=home).stdout
    shown = json.loads(gateway("quarantine", "show", item, "--json", home=home).stdout)
    assert shown["files"] == 1
    assert "Originals:" in gateway("quarantine", "show", item, home=home).stdout
    again = json.loads(gateway("quarantine", "retry", item, "--json", home=home, code=3).stdout)
    assert item in [held["item"] for held in again["items"]], "its file is still cut short"
    whole = write(instance(2, 1, 1, 1), done["batch"] / "LINDQVIST.dcm")
    assert whole.exists()
    mended = json.loads(gateway("quarantine", "retry", item, "--json", home=home, code=None).stdout)
    assert item not in [held["item"] for held in mended["items"]]
    assert item not in gateway("quarantine", "list", home=home).stdout
    for left in json.loads(gateway("quarantine", "list", "--json", home=home).stdout)["items"]:
        gateway("quarantine", "discard", left["item"], "--yes", home=home)
    assert "empty" in gateway("quarantine", "list", home=home).stdout
    assert gateway("audit", "verify", home=home).stdout.startswith("OK")


def test_what_is_released_later_leaves_the_quarantine_and_nothing_else_does(tmp_path: Path) -> None:
    for number in (1, 2):
        write(instance(number), tmp_path / "in" / f"{number}.dcm")
    table, home, out = tmp_path / "ids.csv", tmp_path / "home", tmp_path / "out"
    table.write_text("patient_id,research_id\nNOBODY,R-0\n")
    assert run([tmp_path / "in"], out, home, "--ids", str(table), code=3)["quarantined"] == 2
    table.write_text(f"patient_id,research_id\n{instance(1).PatientID},R-1\n")
    assert run([tmp_path / "in"], out, home, "--ids", str(table), code=3)["released"] == 1
    (left,) = json.loads(gateway("quarantine", "list", "--json", home=home).stdout)["items"]
    (tmp_path / "in" / "2.dcm").unlink()
    gateway("quarantine", "retry", left["item"], home=home)
    assert left["item"] in gateway("quarantine", "list", home=home).stdout, "it may be the only copy"


def test_a_dry_run_releases_and_records_nothing(tmp_path: Path) -> None:
    write(instance(1), tmp_path / "in" / "1.dcm")
    result = run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", "--dry-run")
    assert (result["dry_run"], result["released"], result["report"]) == (True, 1, None)
    assert not tree(tmp_path / "out")
    assert not list((tmp_path / "home" / "staging").iterdir())
    assert not list((tmp_path / "home" / "jobs").iterdir())
    assert (tmp_path / "home" / "ledger" / "ledger.jsonl").read_bytes() == b""


def test_a_person_gets_tables_and_what_to_do_next(tmp_path: Path) -> None:
    write(instance(1), tmp_path / "in" / "1.dcm")
    (tmp_path / "in" / "2.dcm").write_bytes(write(instance(2), tmp_path / "x.dcm").read_bytes()[:-3000])
    ended = gateway("run", tmp_path / "in", "--out", tmp_path / "out", home=tmp_path / "home", code=3)
    for words in ("released", "Quarantined", "PIXELS_UNREADABLE", "gateway quarantine show ITEM", "Report:"):
        assert words in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["run", "missing", "--out", "out"], "Source 1"),
        (["run", "in", "--out", "in/out"], "inside one another"),
        (["run", "in", "--out", "home/out"], "inside one another"),
        (["run", "in", "--out", "out", "--profile", "nonsense"], "nonsense"),
        (["run", "in", "--out", "out", "--ids", "in"], "ID table"),
        (["run", "in"], "--out"),
        (["profile", "show", "nonsense"], "nonsense"),
        (["quarantine", "list"], "no gateway home"),
        (["audit", "verify"], "no gateway home"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(tmp_path: Path, arguments: list[str], what: str) -> None:
    write(instance(1), tmp_path / "in" / "1.dcm")
    called = [
        str(tmp_path / word) if word.split("/")[0] in ("in", "out", "home", "missing") else word for word in arguments
    ]
    ended = gateway(*called, home=tmp_path / "home", code=2)
    assert what in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not tree(tmp_path / "out") if (tmp_path / "out").exists() else True


def test_exposed_keys_end_the_run_with_1(tmp_path: Path) -> None:
    write(instance(1), tmp_path / "in" / "1.dcm")
    run([tmp_path / "in"], tmp_path / "out", tmp_path / "home")
    (tmp_path / "home" / "keys" / "pseudonym.key").chmod(0o640)
    ended = gateway("run", tmp_path / "in", "--out", tmp_path / "out", home=tmp_path / "home", code=1)
    assert "read by others" in ended.stderr


def test_a_polite_stop_ends_with_1_leaves_no_process_and_resumes(tmp_path: Path) -> None:
    for number in range(1, 9):
        write(instance(1, number, 1, 1), tmp_path / "in" / f"{number}.dcm")
    arguments = command("run", tmp_path / "in", "--out", tmp_path / "out", "--workers", "1", home=tmp_path / "home")
    process = subprocess.Popen(
        arguments, start_new_session=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=unmeasured()
    )
    while process.poll() is None and not list((tmp_path / "home" / "staging").glob("job-*")):
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode in (0, 1)  # 0: it was faster than the signal
    if process.returncode == 1:
        assert b"start the same command again" in stderr
    assert not _alive(process.pid)
    assert run([tmp_path / "in"], tmp_path / "out", tmp_path / "home")["released"] == 8


def _alive(group: int, seconds: float = 10) -> str:
    """The processes of a group that are still there after a moment's grace (a child may still be starting)."""
    for _ in range(round(seconds * 10)):
        found = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True, check=False).stdout
        if not found:
            break
        time.sleep(0.1)
    return found


def test_profiles_and_models_explain_themselves(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "research" in gateway("profile", "list", home=home).stdout
    assert "CleanPixelDataOption" in gateway("profile", "show", "basic", home=home).stdout
    rules = json.loads(gateway("profile", "explain", "basic", "--json", home=home).stdout)["rules"]
    assert len(rules) > 600
    assert all(rule["sentence"].endswith(".") for rule in rules)
    assert "StudyDate" in gateway("profile", "diff", "basic", "research", home=home).stdout
    (home / "profiles").mkdir(parents=True)
    own = (
        (Path(__file__).parents[2] / "profiles" / "basic.yaml").read_text("utf-8").replace("name: basic", "name: ours")
    )
    (home / "profiles" / "ours.yaml").write_text(own)
    assert "ours is sound" in gateway("profile", "check", "ours", home=home).stdout
    assert "ours" in gateway("profile", "list", home=home).stdout
    assert gateway("models", "verify", home=home).stdout.count("OK") >= 3
    assert "Apache-2.0" in gateway("models", "list", home=home).stdout


def test_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    write(instance(1), tmp_path / "in" / "1.dcm")
    run([tmp_path / "in"], tmp_path / "out", tmp_path / "home")
    assert "BAD" not in gateway("doctor", home=tmp_path / "home").stdout
    with (tmp_path / "home" / "ledger" / "ledger.jsonl").open("r+b") as ledger:
        ledger.seek(100)
        ledger.write(b"X")
    assert "BAD Ledger" in gateway("doctor", home=tmp_path / "home", code=1).stdout
