"""Ten kinds of objects refer to instances of other studies: whenever they come, what resolved before resolves after."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from batches import command, gateway, run, tree, unmeasured
from builders import instance, write
from pydicom.dataset import FileDataset
from referring import KINDS, edges, key_object

PROFILE = ("--profile", "research")
IMAGES = (101, 102)


def images() -> list[FileDataset]:
    """Two images in two studies."""
    return [instance(1, number, 1, number) for number in IMAGES]


def put(root: Path, datasets: Iterable[FileDataset]) -> Path:
    for ds in datasets:
        write(ds, root / f"{ds.InstanceNumber}.dcm")
    return root


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``images``: two studies; ``referrers``: ten studies, each with one object that refers to both."""
    place = tmp_path_factory.mktemp("originals")
    put(place / "all" / "images", images())
    put(place / "all" / "referrers", [make(number, *images()) for number, make in enumerate(KINDS.values(), 1)])
    return place / "all"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory, originals: Path) -> Path:
    home = tmp_path_factory.mktemp("keys") / "home"
    gateway("run", originals / "images", "--out", home.parent / "unused", "--dry-run", home=home)
    shutil.rmtree(home / "staging")
    return home


@pytest.fixture(scope="module")
def one_batch(tmp_path_factory: pytest.TempPathFactory, originals: Path, keys: Path) -> Path:
    place = tmp_path_factory.mktemp("one")
    shutil.copytree(keys, place / "home")
    result = run([originals], place / "out", place / "home", *PROFILE, "--workers", "2")
    assert (result["released"], result["references_unseen"], result["references_to_held"]) == (12, 0, 0)
    return place / "out"


def test_in_one_batch_every_reference_leads_where_it_led(originals: Path, one_batch: Path) -> None:
    before = edges(originals)
    assert {referrer for referrer, _, _ in before} == set(range(1, len(KINDS) + 1))
    assert {to for _, _, to in before} == {*IMAGES, *(-number for number in IMAGES)}
    assert edges(one_batch) == before


@pytest.mark.parametrize("order", [("images", "referrers"), ("referrers", "images")])
def test_days_apart_in_either_order_the_same_files_come_out(
    originals: Path, keys: Path, one_batch: Path, tmp_path: Path, order: tuple[str, str]
) -> None:
    shutil.copytree(keys, tmp_path / "home")
    results = [run([originals / part], tmp_path / "out", tmp_path / "home", *PROFILE) for part in order]
    first = 0 if order[0] == "images" else 2 * len(KINDS)
    assert [result["references_unseen"] for result in results] == [first, 0]
    assert tree(tmp_path / "out") == tree(one_batch)
    if first:
        page = Path(results[0]["report"]).read_text("utf-8")
        assert "Segmentation" in page
        assert "that the gateway has not seen" in page
        events = gateway("audit", "export", results[0]["job"], "--out", tmp_path / "e.csv", home=tmp_path / "home")
        assert events.returncode == 0
        assert (tmp_path / "e.csv").read_text().count(",ReferencesUnseen,") == len(KINDS)
        assert run([originals / order[0]], tmp_path / "out", tmp_path / "home", *PROFILE)["references_unseen"] == 0


def test_what_refers_to_a_held_instance_waits_for_it_and_goes_when_it_goes(
    originals: Path, keys: Path, one_batch: Path, tmp_path: Path
) -> None:
    """All in one folder, with the pixel data of one image cut off until somebody sends it again."""
    shutil.copytree(keys, tmp_path / "home")
    shutil.copytree(originals, tmp_path / "in")
    broken = tmp_path / "in" / "images" / f"{IMAGES[1]}.dcm"
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-4000])

    def go(*options: str, code: int = 3) -> Mapping[str, Any]:
        return run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", *PROFILE, *options, code=code)

    dry = go("--dry-run")
    first = go("--workers", "2")
    assert [item["code"] for item in first["items"]] == ["PIXELS_UNREADABLE"] + ["REFERENCE_HELD"] * len(KINDS)
    assert [dry[key] for key in ("released", "items")] == [first[key] for key in ("released", "items")]
    assert len(list((tmp_path / "out").rglob("*.dcm"))) == 1
    again = go("--workers", "1")
    assert {**again, "seconds": 0} == {**first, "seconds": 0}
    broken.write_bytes(whole)
    item = first["items"][0]["item"]
    assert "PIXELS_UNREADABLE" in gateway("quarantine", "show", item, home=tmp_path / "home").stdout
    gateway("quarantine", "retry", item, home=tmp_path / "home", code=0)
    assert tree(tmp_path / "out") == tree(one_batch)
    gateway("audit", "verify", home=tmp_path / "home")


def test_a_referrer_in_quarantine_is_released_by_retry_after_the_other_came(keys: Path, tmp_path: Path) -> None:
    shutil.copytree(keys, tmp_path / "home")
    image, other = images()
    put(tmp_path / "a", [key_object(1, image)])
    path = put(tmp_path / "b", [image]) / f"{IMAGES[0]}.dcm"
    put(tmp_path / "c", [key_object(2, image), other])
    whole = path.read_bytes()
    path.write_bytes(whole[:-4000])

    def go(name: str, code: int) -> Mapping[str, Any]:
        return run([tmp_path / name], tmp_path / "out", tmp_path / "home", *PROFILE, code=code)

    early = go("c", 0)
    assert early["references_unseen"] == 1
    held = go("b", 3)
    assert held["references_to_held"] == 1
    assert "A released study refers to an instance that is now held" in Path(held["report"]).read_text("utf-8")
    late = go("a", 3)
    (waits,) = late["items"]
    assert waits["code"] == "REFERENCE_HELD"
    assert held["items"][0]["item"] in waits["message"]
    path.write_bytes(whole)
    done = gateway("quarantine", "retry", held["items"][0]["item"], "--json", home=tmp_path / "home")
    assert json.loads(done.stdout)["ready_to_retry"] == [waits["item"]]
    gateway("quarantine", "retry", waits["item"], home=tmp_path / "home")
    assert gateway("quarantine", "list", home=tmp_path / "home").stdout.startswith("The quarantine is empty")
    assert {(referrer, to) for referrer, _, to in edges(tmp_path / "out") if to > 0} == {
        (1, IMAGES[0]),
        (2, IMAGES[0]),
    }


def test_a_kill_while_studies_wait_loses_and_releases_nothing_half(
    originals: Path, keys: Path, one_batch: Path, tmp_path: Path
) -> None:
    """Killed when all referrers are cleaned and wait for an image that is still being cleaned, and again at the end."""
    shutil.copytree(keys, tmp_path / "home")
    arguments = command("run", originals, "--out", tmp_path / "out", *PROFILE, "--workers", "1", home=tmp_path / "home")
    for enough in (6, 12):
        process = subprocess.Popen(
            arguments, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=unmeasured()
        )
        while process.poll() is None:
            time.sleep(0.02)
            staged = list((tmp_path / "home" / "staging").glob("*/*/*/*"))
            if len(staged) + len(list((tmp_path / "out").glob("*/*"))) >= enough:
                os.killpg(process.pid, signal.SIGKILL)
                break
        assert process.wait() == -signal.SIGKILL
        shown = tree(tmp_path / "out")
        assert shown.items() <= tree(one_batch).items()
        assert edges(tmp_path / "out") <= edges(originals)
    run([originals], tmp_path / "out", tmp_path / "home", *PROFILE)
    assert tree(tmp_path / "out") == tree(one_batch)


def test_a_profile_that_takes_references_out_still_passes_the_verifier_and_holds_nobody(
    keys: Path, tmp_path: Path
) -> None:
    """Table E.1-1 lets (0008,2112) and (0008,1140) go whole; what does not refer any more waits for nothing."""
    shutil.copytree(keys, tmp_path / "home")
    lines = ["name: strict", "edition: 2026c", "description: no references", "options:"]
    lines += ["  - BasicApplicationConfidentialityProfile", "  - CleanPixelDataOption"]
    lines += ["rules: {SourceImageSequence: X, ReferencedImageSequence: X}"]
    (tmp_path / "strict.yaml").write_text("\n".join(lines) + "\n")
    image, _ = images()
    put(tmp_path / "in", [image, KINDS["CT"](1, image)])
    same_study = KINDS["CT"](2, image)
    same_study.StudyInstanceUID = image.StudyInstanceUID
    put(tmp_path / "in", [same_study])
    options = ("--profile", str(tmp_path / "strict.yaml"))
    result = run([tmp_path / "in"], tmp_path / "out", tmp_path / "home", *options)
    assert (result["released"], result["references_unseen"]) == (3, 0)
    assert edges(tmp_path / "out") == set()
    path = tmp_path / "in" / f"{IMAGES[0]}.dcm"
    path.write_bytes(path.read_bytes()[:-4000])
    result = run([tmp_path / "in"], tmp_path / "out2", tmp_path / "home", *options, code=3)
    assert (result["released"], result["quarantined"]) == (1, 2)
