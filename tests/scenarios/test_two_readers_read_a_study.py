"""Frames are read by two engines; the weights of the second one come on a stick, and what either of them finds is masked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from batches import gateway, run, small_batch, tree
from builders import PEOPLE
from easyocr_here import OURS, home_with_ours, need_easyocr

from gateway import config, models, weights
from gateway.home import open_home
from gateway.recipes import Recipes
from gateway.tags import load
from gateway.tools import models_used

PROFILES = Path(__file__).parents[2] / "profiles"
NAME = "read-twice"


@pytest.fixture(autouse=True)
def present() -> None:
    need_easyocr()


def prepared(place: Path) -> Path:
    """A home with a profile that asks for both readers, the weights, and keys that are the same for the same ``place.parent``."""
    home = home_with_ours(place).path
    (home / "profiles").mkdir()
    basic = (PROFILES / "basic.yaml").read_text("utf-8").replace("name: basic", f"name: {NAME}")
    (home / "profiles" / f"{NAME}.yaml").write_text(basic + "  readers: [rapidocr, easyocr]\n", "utf-8")
    return home


def test_a_study_read_by_both_is_released_without_its_text(tmp_path: Path) -> None:
    home, out = prepared(tmp_path / "home"), tmp_path / "out"
    batch = small_batch(tmp_path / "in", 1)
    done = run([batch], out, home, "--profile", NAME, "--workers", "1")
    assert (done["quarantined"], done["masks"] > 0) == (0, True)
    again = run([batch], tmp_path / "again", home, "--profile", NAME, "--workers", "2")
    assert again["masks"] == done["masks"]
    assert tree(tmp_path / "again") == tree(out)  # whichever process read
    ledger = (home / "ledger" / "ledger.jsonl").read_text("utf-8")
    assert "easyocr_recognition" in ledger
    assert PEOPLE[0][0].split("^")[0] not in ledger
    assert "Text reader easyocr: PP-OCRv6_det_small and gateway_lines on " in gateway("doctor", home=home).stdout


def test_other_weights_are_another_policy(tmp_path: Path) -> None:
    home = prepared(tmp_path / "home")
    profile = load(config.find_profile(home, NAME))
    used = models_used(profile, Recipes(), home)
    assert [model.name for model in used if model.path == "easyocr"] == ["easyocr_recognition"]
    assert {model.name for model in models.listing()} - {model.name for model in used} == {"gateway_lines"}
    usb = tmp_path / "usb"
    usb.mkdir()
    for path in OURS.glob("gateway_lines.*"):
        (usb / path.name).write_bytes(path.read_bytes() + b"\n")
    weights.add(open_home(home), usb)
    assert models_used(profile, Recipes(), home) != used
    assert models_used(load("basic"), Recipes(), home) == tuple(model for model in used if model.path != "easyocr")


def test_altered_weights_stop_the_start(tmp_path: Path) -> None:
    home, out = prepared(tmp_path / "home"), tmp_path / "out"
    with (home / "models" / "easyocr" / "gateway_lines.pth").open("ab") as file:
        file.write(b"\0")
    batch = small_batch(tmp_path / "in", 1)
    ended = gateway("run", batch, "--out", out, "--profile", NAME, home=home, code=1)
    assert "gateway_lines.pth is missing or is not the one" in " ".join(ended.stderr.split())
    assert not out.exists()
    told = gateway("run", batch, "--out", out, "--json", home=home)  # a profile that does not ask for it is not held up
    assert json.loads(told.stdout)["quarantined"] == 0
