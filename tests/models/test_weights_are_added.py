"""Weights that a site installs in its home: only what they are said to be, whole, and unaltered ever after."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from gateway import weights
from gateway.errors import ConfigError, HomeBusy, HomeError, ModelError
from gateway.home import Home, open_home
from gateway.weights import DETECTION, RECOGNITION, STOCK

DESCRIPTION = "network_params: {width: 8}\nimgH: 32\nlang_list: [en]\ncharacter_list: 'abc'\n"
CODE = "class Model: ...\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def folder(place: Path, **files: str) -> Path:
    """A folder with files; ``net_pth="x"`` is the file net.pth."""
    place.mkdir(exist_ok=True)
    for name, content in files.items():
        (place / ".".join(name.rsplit("_", 1))).write_text(content, "utf-8")
    return place


def network(place: Path, name: str = "ward_net", content: str = "tensors") -> Path:
    return folder(place, **{f"{name}_pth": content, f"{name}_py": CODE, f"{name}_yaml": DESCRIPTION})


def pins(**contents: str) -> dict[str, tuple[str, str]]:
    """EasyOCR's two files as they would be known if they held this."""
    made = {
        f"{name}.pth": hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
        for name, content in contents.items()
    }
    return {name: (STOCK[name][0], digest) for name, digest in made.items()}


def test_a_network_of_the_sites_own_is_installed_with_its_hashes(home: Home, tmp_path: Path) -> None:
    (model,) = weights.add(home, network(tmp_path / "usb"))
    assert (model.name, model.version, model.licence) == (RECOGNITION, "ward_net", "the site's own")
    there = weights.installed(home.path)
    assert (there.network, there.detection, there.code) == ("ward_net", "", CODE)
    assert there.pickled == ("ward_net.pth",)
    assert dict(model.files) == {
        f"ward_net.{kind}": hashlib.sha256((tmp_path / "usb" / f"ward_net.{kind}").read_bytes()).hexdigest()
        for kind in ("pth", "py", "yaml")
    }


def test_only_the_owner_reads_what_was_installed(home: Home, tmp_path: Path) -> None:
    weights.add(home, network(tmp_path / "usb"))
    places = [path for path in (home.path / "models").rglob("*") if path.is_file()]
    assert len(places) == 4
    assert {path.stat().st_mode & 0o777 for path in places} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (home.path / "models", home.path / "models" / "easyocr")} == {0o700}


def test_the_published_files_are_known_by_their_digests(home: Home, tmp_path: Path) -> None:
    usb = folder(tmp_path / "usb", craft_mlt_25k_pth="lines", english_g2_pth="characters")
    known = pins(craft_mlt_25k="lines", english_g2="characters")
    added = weights.add(home, usb, known)
    assert [(model.name, model.version, model.licence) for model in added] == [
        (DETECTION, "craft_mlt_25k", "Apache-2.0"),
        (RECOGNITION, "english_g2", "Apache-2.0"),
    ]
    there = weights.installed(home.path)
    assert (there.network, there.detection, there.code) == ("english_g2", "craft_mlt_25k", "")
    assert there.pickled == ("english_g2.pth", "craft_mlt_25k.pth")
    assert "craft_mlt_25k and reads them with english_g2" in weights.summary(home.path)


@pytest.mark.parametrize("name", STOCK)
def test_another_file_under_a_published_name_is_refused(home: Home, tmp_path: Path, name: str) -> None:
    usb = network(tmp_path / "usb")
    (usb / name).write_bytes(b"not what it says")
    with pytest.raises(
        ConfigError, match=rf"{name} is not the file that EasyOCR publishes \(its MD5 is not {STOCK[name][1]}\)"
    ):
        weights.add(home, usb)
    assert weights.added(home.path) == ()  # nor is the network beside it installed
    assert not (home.path / "models").exists()


def test_detection_and_recognition_may_come_one_after_the_other(home: Home, tmp_path: Path) -> None:
    weights.add(home, folder(tmp_path / "one", craft_mlt_25k_pth="lines"), pins(craft_mlt_25k="lines"))
    assert "nothing yet" in weights.summary(home.path)
    with pytest.raises(ModelError, match="no weights in this home: `gateway models add easyocr --from DIR`"):
        weights.installed(home.path)
    weights.add(home, network(tmp_path / "two"))
    assert weights.installed(home.path).detection == "craft_mlt_25k"
    assert [model.name for model in weights.added(home.path)] == [DETECTION, RECOGNITION]


def test_a_network_takes_the_place_of_the_one_before(home: Home, tmp_path: Path) -> None:
    weights.add(home, network(tmp_path / "old", "old_net"))
    weights.add(home, network(tmp_path / "new", "new_net"))
    assert weights.installed(home.path).network == "new_net"
    assert sorted(path.name for path in (home.path / "models" / "easyocr").iterdir()) == [
        "new_net.pth",
        "new_net.py",
        "new_net.yaml",
    ]


def test_the_same_name_may_be_added_anew(home: Home, tmp_path: Path) -> None:
    weights.add(home, network(tmp_path / "usb"))
    before = weights.added(home.path)
    weights.add(home, network(tmp_path / "usb", content="other tensors"))
    assert weights.added(home.path) != before
    assert weights.installed(home.path).network == "ward_net"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "no weights in that folder"),
        ({"readme_txt": "hello"}, "no weights in that folder"),
        ({"net_pth": "x"}, r"no whole network: net\.py and net\.yaml missing beside it"),
        ({"net_pth": "x", "net_py": CODE}, r"no whole network: net\.yaml missing"),
        ({"json_pth": "x", "json_py": CODE, "json_yaml": DESCRIPTION}, "cannot be called json"),
        ({"a-b_pth": "x", "a-b_py": CODE, "a-b_yaml": DESCRIPTION}, "cannot be called a-b"),
        ({"net_pth": "x", "net_py": CODE, "net_yaml": "[1"}, r"net\.yaml does not describe a network"),
        ({"net_pth": "x", "net_py": CODE, "net_yaml": "[" * 5000}, r"net\.yaml does not describe a network"),
        ({"net_pth": "x", "net_py": CODE, "net_yaml": "5"}, r"net\.yaml does not describe a network"),
        ({"net_pth": "x", "net_py": CODE, "net_yaml": "imgH: 32\n"}, "it needs network_params, imgH"),
        ({"net_pth": "x", "net_py": CODE, "net_yaml": DESCRIPTION.replace("en", "de", 2)}, "does not describe"),
        ({"net_pth": "x", "net_py": CODE, "net_yaml": DESCRIPTION.replace("[en]", "[de]")}, "`en` among the languages"),
    ],
)
def test_what_is_no_whole_network_is_refused(home: Home, tmp_path: Path, files: dict[str, str], says: str) -> None:
    usb = folder(tmp_path / "usb", **files)
    with pytest.raises(ConfigError, match=says):
        weights.add(home, usb)
    assert not (home.path / "models").exists()


def test_two_networks_at_once_are_refused(home: Home, tmp_path: Path) -> None:
    network(tmp_path / "usb", "one_net")
    with pytest.raises(ConfigError, match="more than one recognition network"):
        weights.add(home, network(tmp_path / "usb", "two_net"))


def test_a_folder_that_is_not_there_is_told_without_its_name(home: Home, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as told:
        weights.add(home, tmp_path / "Lovelace")
    assert "Lovelace" not in str(told.value)


def test_a_home_that_cannot_take_them_is_told(home: Home, tmp_path: Path) -> None:
    (home.path / "models").write_text("in the way", "utf-8")
    with pytest.raises(HomeError, match="models in the home cannot be written"):
        weights.add(home, network(tmp_path / "usb"))


def test_nothing_is_installed_under_a_run(home: Home, tmp_path: Path) -> None:
    with home.locked(), pytest.raises(HomeBusy):
        weights.add(home, network(tmp_path / "usb"))
    assert weights.added(home.path) == ()


@pytest.mark.parametrize("kind", ["pth", "py", "yaml"])
@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_what_was_altered_since_is_refused(home: Home, tmp_path: Path, kind: str, damage: str) -> None:
    weights.add(home, network(tmp_path / "usb"))
    weights.installed(home.path)  # a first look does not vouch for the second
    file = home.path / "models" / "easyocr" / f"ward_net.{kind}"
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(
        ModelError, match=rf"ward_net\.{kind} is missing or is not the one .*`gateway models add easyocr"
    ):
        weights.installed(home.path)


def test_a_damaged_list_of_what_was_added_stops_everything(home: Home, tmp_path: Path) -> None:
    weights.add(home, network(tmp_path / "usb"))
    (home.path / "models" / "manifest.json").write_text("{", "utf-8")
    with pytest.raises(ModelError, match="manifest"):
        weights.installed(home.path)


def test_a_reader_uses_what_was_added_for_it_alone(home: Home, tmp_path: Path) -> None:
    weights.add(home, network(tmp_path / "usb"))
    assert weights.in_use("rapidocr", home.path) == ()
    for readers in ("easyocr", "rapidocr, easyocr"):
        assert [model.name for model in weights.in_use(readers, home.path)] == [RECOGNITION]


def test_the_manifest_of_a_home_has_the_form_of_the_shipped_one(home: Home, tmp_path: Path) -> None:
    weights.add(home, network(tmp_path / "usb"))
    (entry,) = json.loads((home.path / "models" / "manifest.json").read_text("utf-8"))["models"]
    assert set(entry) >= {"name", "version", "licence", "origin", "path", "files"}
