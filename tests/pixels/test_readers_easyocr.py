"""EasyOCR reads with weights of the home alone, the same each time, and nothing but them is loaded or fetched."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from easyocr_here import OURS, bright_craft, home_with_ours, need_easyocr
from numpy.typing import NDArray

from gateway import weights
from gateway.errors import ModelError
from gateway.home import Home, open_home
from gateway.pixels.reader import Line
from gateway.pixels.readers import easyocr, loading
from samples.ink import Line as Ink
from samples.ink import burn

TEXTS = ("OKONKWO ADAEZE", "12/03/1961", "MRN 4471926", "Frequency 7.4 MHz")


@pytest.fixture(scope="module", autouse=True)
def present() -> None:
    need_easyocr()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_with_ours(tmp_path_factory.mktemp("easyocr") / "home")


@pytest.fixture(scope="module")
def reader(home: Home) -> easyocr.EasyOcrReader:
    return easyocr.EasyOcrReader.load(home.path)


def screen(*texts: str, size: int = 22) -> NDArray[np.uint8]:
    image = np.zeros((60 + 50 * len(texts), 420), np.uint8)
    burn(image, [Ink(text, 20, 25 + 50 * row, "sans", size) for row, text in enumerate(texts)], 230)
    return image


def told(lines: tuple[Line, ...], texts: tuple[str, ...]) -> bool:
    """Whether these texts were read, but for case, spaces and a slip of one character in seven: the network is a small one."""
    pairs = zip(("".join(line.text.casefold().split()) for line in lines), texts, strict=False)
    alike = [SequenceMatcher(None, read, "".join(text.casefold().split())).ratio() for read, text in pairs]
    return len(lines) == len(texts) and min(alike) > 0.85


def test_lines_are_found_and_read(reader: easyocr.EasyOcrReader) -> None:
    lines = reader.read(screen(*TEXTS))
    assert told(lines, TEXTS)
    for row, line in enumerate(lines):
        assert line.score > 0.6
        assert line.detection > 0.5
        assert line.box.y < 30 + 50 * row < line.box.y + line.box.h
        assert 12 <= line.height <= 40


def test_colour_and_every_direction(reader: easyocr.EasyOcrReader) -> None:
    image = screen("OKONKWO ADAEZE")
    colour = np.stack([image, image // 2, image], axis=2)
    for turned in (colour, np.rot90(colour), np.rot90(colour, 3), np.rot90(colour, 2)):
        assert told(reader.read(np.ascontiguousarray(turned)), ("OKONKWO ADAEZE",))


def test_nothing_is_read_where_nothing_stands(reader: easyocr.EasyOcrReader) -> None:
    assert reader.read(np.zeros((200, 300), np.uint8)) == ()


def test_nothing_is_fetched(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    before = sorted(path for path in home.path.rglob("*"))
    assert easyocr.EasyOcrReader.load(home.path).read(screen("MRN 4471926"))
    assert sorted(path for path in home.path.rglob("*")) == before  # no byte code, no folder of its own


def test_python_finds_no_more_than_before(home: Home) -> None:
    path = list(sys.path)
    easyocr.EasyOcrReader.load(home.path)
    assert sys.path == path
    assert "gateway_lines" not in sys.modules


READ = """
import sys, numpy as np
from pathlib import Path
from gateway.pixels.readers.easyocr import EasyOcrReader
lines = EasyOcrReader.load(Path(sys.argv[1])).read(np.load(sys.argv[2]))
import torch
print([(line.box, line.text, line.score, line.detection, line.height) for line in lines], torch.get_num_threads())
"""


def test_every_process_reads_the_same(home: Home, tmp_path: Path) -> None:
    noise = np.random.default_rng(5).normal(40, 20, (260, 420))
    image = np.clip(noise + screen(*TEXTS) * 0.5, 0, 255).astype(np.uint8)
    np.save(tmp_path / "image.npy", image)
    said = set()
    for threads in ("1", "2"):
        environment = os.environ | {"OMP_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", READ, str(home.path), str(tmp_path / "image.npy")],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        said.add(done.stdout)
    (same,) = said
    assert same.count("Box") >= 3
    assert same.strip().endswith("1")  # one thread


def test_weights_that_run_code_are_not_loaded(tmp_path: Path) -> None:
    """A pickle may call anything; EasyOCR would let it."""
    usb = shutil.copytree(OURS, tmp_path / "usb")
    mark = tmp_path / "called"

    class Call:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (mark,)

    (usb / "gateway_lines.pth").write_bytes(pickle.dumps({"module.tell.weight": Call()}))
    home = open_home(tmp_path / "home")
    weights.add(home, usb)
    with pytest.raises(ModelError, match=r"gateway_lines\.pth hold more than tensors"):
        easyocr.EasyOcrReader.load(home.path)
    assert not mark.exists()


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    usb = shutil.copytree(OURS, tmp_path / "usb")
    said = (usb / "gateway_lines.yaml").read_text("utf-8")
    (usb / "gateway_lines.yaml").write_text(said.replace("width: 128", "width: 64"), "utf-8")
    home = open_home(tmp_path / "home")
    weights.add(home, usb)
    with pytest.raises(ModelError, match="gateway_lines cannot be loaded"):
        easyocr.EasyOcrReader.load(home.path)


def test_no_reader_without_weights(tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    assert "gateway models add easyocr --from DIR" in easyocr.lacking(home.path)
    with pytest.raises(ModelError, match="no weights in this home"):
        easyocr.EasyOcrReader.load(home.path)


def test_the_reader_says_with_what_it_reads(home: Home) -> None:
    assert easyocr.says(home.path).startswith("PP-OCRv6_det_small and gateway_lines on ")
    assert easyocr.lacking(home.path) == ""


def test_both_readers_agree_on_what_is_easy(home: Home) -> None:
    readers = loading.load(["rapidocr", "rapidocr, easyocr"], home.path)
    alone, both = (readers[knob].read(screen(*TEXTS)) for knob in ("rapidocr", "rapidocr, easyocr"))
    assert [line.box for line in both] == [line.box for line in alone]
    assert [line.text for line in both] == [line.text for line in alone] == list(TEXTS)


@pytest.fixture(scope="module")
def with_craft(home: Home, tmp_path_factory: pytest.TempPathFactory) -> easyocr.EasyOcrReader:
    """EasyOCR's own detection code over weights made by hand: its published ones are not at hand, and no others are let in."""
    easyocr.EasyOcrReader.load(home.path)  # declares what torchvision lacks
    from easyocr.detection import get_detector, get_textbox

    engine: Any = easyocr.engine_of(weights.installed(home.path))
    engine.get_textbox = get_textbox
    engine.detector = get_detector(str(bright_craft(tmp_path_factory.mktemp("craft") / "craft.pth")), quantize=False)
    return easyocr.EasyOcrReader(engine)


def test_lines_that_craft_finds_are_read(with_craft: easyocr.EasyOcrReader) -> None:
    lines = with_craft.read(screen(*TEXTS, size=30))
    assert told(lines, TEXTS)
    assert {line.detection for line in lines} == {0.7}


def test_craft_finds_nothing_on_black(with_craft: easyocr.EasyOcrReader) -> None:
    assert with_craft.read(np.zeros((200, 300), np.uint8)) == ()


def test_figures_of_our_network_are_those_of_its_card() -> None:
    measured = json.loads((OURS / "figures.json").read_text("utf-8"))
    card = (OURS / "MODEL_CARD.md").read_text("utf-8")
    for figures in measured.values():
        assert f"{figures['characters_right']:.3f}" in card
        assert f"{figures['lines_right']:.3f}" in card
