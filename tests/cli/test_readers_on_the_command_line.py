"""Which engine reads: one that is not there, weights that are added, what doctor says. EasyOCR itself may be installed or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from batches import gateway, small_batch

PROFILES = Path(__file__).parents[2] / "profiles"
NETWORK = {
    "pth": "tensors",
    "py": "class Model: ...\n",
    "yaml": "network_params: {width: 8}\nimgH: 32\nlang_list: [en]\ncharacter_list: 'abc'\n",
}


def asking(home: Path, readers: str) -> str:
    """A profile of the home that asks for these readers."""
    basic = (PROFILES / "basic.yaml").read_text("utf-8")
    (home / "profiles").mkdir(parents=True)
    own = basic.replace("name: basic", "name: second-look") + f"  readers: {readers}\n"
    (home / "profiles" / "second-look.yaml").write_text(own, "utf-8")
    return "second-look"


def network(place: Path, name: str = "ward_net") -> Path:
    place.mkdir()
    for kind, content in NETWORK.items():
        (place / f"{name}.{kind}").write_text(content, "utf-8")
    return place


@pytest.mark.parametrize("readers", ["[easyocr]", "[rapidocr, easyocr]"])
def test_a_reader_that_is_not_there_stops_the_start(tmp_path: Path, readers: str) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    batch = small_batch(tmp_path / "in", 1)
    profile = asking(home, readers)
    ended = gateway("run", batch, "--out", out, "--profile", profile, "--json", home=home, code=1)
    said = " ".join(ended.stderr.split())
    assert "The reader easyocr" in said
    assert "make easyocr" in said or "gateway models add easyocr --from DIR" in said  # what to do
    assert not out.exists()
    assert not (home / "ledger" / "ledger.jsonl").exists()  # nothing was begun


def test_nor_does_a_route_to_it_start(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    profile = asking(home, "[easyocr]")
    (home / "recipes").mkdir()
    recipe = f"FORMAT dicom\n\n%filter profile.{profile}\n\nLABEL Looked at twice\n  equals Modality CT\n"
    (home / "recipes" / "twice.dicom").write_text(recipe, "utf-8")
    ended = gateway("run", small_batch(tmp_path / "in", 1), "--out", out, home=home, code=1)
    assert "The reader easyocr" in " ".join(ended.stderr.split())
    assert not out.exists()


def test_doctor_tells_readers_apart(tmp_path: Path) -> None:
    home = tmp_path / "home"
    said = gateway("doctor", home=home).stdout
    assert "OK  Text reader rapidocr: PP-OCRv6_det_small and PP-OCRv6_rec_small on " in said
    assert "OK  Text reader easyocr: no profile here asks for it. The reader easyocr" in said  # it lacks something
    asking(home, "[rapidocr, easyocr]")
    said = gateway("doctor", home=home, code=1).stdout
    assert "OK  Text reader rapidocr" in said
    assert "BAD Text reader easyocr: The reader easyocr" in said


def test_added_weights_are_listed_verified_and_told_by_doctor(tmp_path: Path) -> None:
    home = tmp_path / "home"
    said = gateway("models", "add", "easyocr", "--from", network(tmp_path / "usb"), home=home).stdout
    assert "Added easyocr_recognition ward_net" in said
    assert "finds lines with the detection of rapidocr, as no craft_mlt_25k.pth was added" in said
    assert "reads them with ward_net" in said
    assert "ward_net" in gateway("models", "list", home=home).stdout
    assert "OK  easyocr_recognition ward_net" in gateway("models", "verify", home=home).stdout
    assert (
        "OK  Models of the home: easyocr_recognition ward_net verified"
        in gateway("doctor", home=home, code=None).stdout
    )
    with (home / "models" / "easyocr" / "ward_net.py").open("a", encoding="utf-8") as file:
        file.write("import os\n")
    ended = gateway("models", "verify", home=home, code=1)
    assert "ward_net.py is missing or is not the one" in " ".join(ended.stderr.split())
    assert "BAD Models of the home: Model easyocr_recognition" in gateway("doctor", home=home, code=1).stdout


def test_a_file_under_a_published_name_is_compared(tmp_path: Path) -> None:
    usb = network(tmp_path / "usb")
    (usb / "english_g2.pth").write_bytes(b"\x80\x04.")
    ended = gateway("models", "add", "easyocr", "--from", usb, home=tmp_path / "home", code=2)
    assert "english_g2.pth is not the file that EasyOCR publishes" in " ".join(ended.stderr.split())
    assert not (tmp_path / "home" / "models").exists()


def test_only_readers_that_take_weights_are_known(tmp_path: Path) -> None:
    usb = network(tmp_path / "usb")
    ended = gateway("models", "add", "rapidocr", "--from", usb, home=tmp_path / "home", code=2)
    assert "Weights can be added for easyocr" in " ".join(ended.stderr.split())


def test_readers_are_told_in_the_profile(tmp_path: Path) -> None:
    profile = asking(tmp_path / "home", "[easyocr, rapidocr]")
    assert "readers: rapidocr, easyocr" in gateway("profile", "show", profile, home=tmp_path / "home").stdout
    told = json.loads(gateway("profile", "diff", "basic", profile, "--json", home=tmp_path / "home").stdout)
    assert "rapidocr, easyocr" in json.dumps(told)
