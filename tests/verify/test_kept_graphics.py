"""Overlays and drawings that the profile keeps: nothing new in them, nothing hidden behind them, nobody's name to be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import instance, pixels
from drawn import annotation, drawn, embed, overlay, presentation, written
from numpy.typing import NDArray
from pixels.pictures import write_text
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import ExplicitVRBigEndian
from verify.handmade import Says, Silent, Staged, clean

from gateway.verify import Reader

OPTION = frozenset({"CleanGraphicsOption"})
BITS = (np.indices((64, 64)).sum(axis=0) % 9 == 0).astype(np.uint8)


def checks(staged: Staged, reader: Silent | Says | Reader | None = None, options: frozenset[str] = OPTION) -> set[str]:
    facts = replace(staged.facts(), options=options)
    return {problem.check for problem in staged.verify(reader, facts)}


def state() -> FileDataset:
    return presentation(
        annotation("LESION", ["liver"], written("LI", 0, 0)), annotation("NOTES", [], [drawn([(1, 1)])])
    )


@pytest.mark.parametrize("original", [overlay(instance(), 0x6000, BITS), overlay(instance(), 0x601E, BITS), state()])
def test_with_the_option_graphics_may_stand(tmp_path: Path, original: FileDataset) -> None:
    staged = Staged(tmp_path)
    staged.add(original)
    assert checks(staged) == set()
    assert checks(staged, options=frozenset()) == {"forbidden-element"}


def test_an_overlay_from_unused_bits_may_stand(tmp_path: Path) -> None:
    staged = Staged(tmp_path)
    original = embed(instance(), 0x6000, BITS, 13)
    cleaned = clean(original)
    cleaned.PixelData = (np.frombuffer(original.PixelData, "<u2") & 0x0FFF).tobytes()
    overlay(cleaned, 0x6000, BITS)
    staged.add(original, cleaned)
    assert checks(staged) == set()
    overlay(cleaned, 0x6000, 1 - BITS)
    other = Staged(tmp_path / "other")
    other.add(original, cleaned)
    assert checks(other) == {"overlay-changed"}


def big_endian() -> FileDataset:
    ds = overlay(instance(), 0x6000, BITS)
    ds.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    for tag in (0x60003000, 0x7FE00010):
        ds[tag].value = np.frombuffer(ds[tag].value, "<u2").astype(">u2").tobytes()
    return ds


def test_a_big_endian_original_is_compared_bit_by_bit(tmp_path: Path) -> None:
    staged = Staged(tmp_path)
    staged.add(overlay(instance(), 0x6000, BITS))
    dcmwrite(staged.pairs[0].original.path, big_endian())
    assert checks(staged) == set()


def erase(ds: FileDataset) -> None:
    overlay(ds, 0x6000, BITS * (np.indices((64, 64))[0] > 20))


def add_bit(ds: FileDataset) -> None:
    overlay(ds, 0x6000, BITS | (np.indices((64, 64))[0] == 1).astype(np.uint8))


def other_size(ds: FileDataset) -> None:
    overlay(ds, 0x6000, BITS[:32])


def other_group(ds: FileDataset) -> None:
    overlay(ds, 0x6002, BITS)


def trailing(ds: FileDataset) -> None:
    ds[0x60003000].value += b"OK-4471902 "[:10]


def spare_bits(ds: FileDataset) -> None:
    overlay(ds, 0x6000, BITS[:63, :63])
    ds[0x60003000].value = ds[0x60003000].value[:-1] + b"\xff"


def too_short(ds: FileDataset) -> None:
    ds[0x60003000].value = ds[0x60003000].value[:-2]


def no_rows(ds: FileDataset) -> None:
    del ds[0x60000010]


def no_data(ds: FileDataset) -> None:
    del ds[0x60003000]


def many_bits(ds: FileDataset) -> None:
    ds[0x60000100].value = 16


def retired(ds: FileDataset) -> None:
    ds.add_new(0x60000800, "CS", "CODE")


def far_group(ds: FileDataset) -> None:
    overlay(ds, 0x6020, BITS)


def nested(ds: FileDataset) -> None:
    item = Dataset()
    item.add_new(0x60000040, "CS", "G")
    ds.ReferencedImageSequence = [item]


def curve(ds: FileDataset) -> None:
    ds.add_new(0x50000020, "CS", "ECG")


def waveform(ds: FileDataset) -> None:
    ds.add_new(0x54000100, "SQ", [])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (erase, set()),
        (add_bit, {"overlay-changed"}),
        (other_size, {"overlay-changed"}),
        (other_group, {"overlay-changed"}),
        (trailing, {"overlay-unreadable"}),
        (spare_bits, {"overlay-unreadable"}),
        (too_short, {"overlay-unreadable"}),
        (no_rows, {"overlay-unreadable"}),
        (no_data, {"overlay-unreadable"}),
        (many_bits, {"overlay-unreadable"}),
        (retired, {"forbidden-element"}),
        (far_group, {"forbidden-element", "overlay-changed"}),
        (nested, {"forbidden-element"}),
        (curve, {"forbidden-element"}),
        (waveform, set()),
    ],
)
def test_what_may_not_become_of_an_overlay(
    tmp_path: Path, change: Callable[[FileDataset], None], expected: set[str]
) -> None:
    staged = Staged(tmp_path)
    staged.add(overlay(instance(), 0x6000, BITS), change=change)
    assert checks(staged) - {"identifier-in-bytes"} == expected


def test_an_original_without_pixels_or_with_too_few_has_no_overlay(tmp_path: Path) -> None:
    for number, short in enumerate((False, True)):
        original = embed(instance(), 0x6000, BITS, 13)
        if short:
            original.PixelData = original.PixelData[:-2]
        else:
            del original.PixelData
        cleaned = overlay(clean(instance(PixelData=None)), 0x6000, BITS)
        staged = Staged(tmp_path / str(number))
        staged.add(original, cleaned)
        assert "overlay-changed" in checks(staged)


def text(row: int = 100) -> NDArray[np.uint8]:
    picture, _ = write_text(np.zeros((256, 384), np.uint8), "OKONKWO ADAEZE", 30, row, 20)
    drawn_bits: NDArray[np.uint8] = (picture > 100).astype(np.uint8)
    return drawn_bits


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def test_names_in_overlays_are_read(tmp_path: Path, reader: Reader) -> None:
    odd = (np.indices((256, 384))[1] % 2).astype(np.uint8)
    frames = np.stack([np.zeros_like(odd), text()])
    layers = overlay(overlay(instance(number=2), 0x6000, text() * odd), 0x6002, text() * (1 - odd))
    for number, original in enumerate((overlay(instance(image=pixels()), 0x6000, frames), layers)):
        staged = Staged(tmp_path / str(number))
        staged.add(original)
        assert checks(staged, reader) == {"identifier-in-graphics"}


@pytest.mark.parametrize("height", [12, 30, 200])
@pytest.mark.parametrize("hand", ["strokes", "one stroke", "compound"])
def test_names_in_drawings_are_read(tmp_path: Path, reader: Reader, height: float, hand: str) -> None:
    strokes = written("OKONKWO", 40, 40, height, one_stroke=hand != "strokes")
    item = annotation("LESION", [], strokes)
    if hand == "compound":
        compound = Dataset()
        compound.CompoundGraphicUnits, compound.CompoundGraphicType = "PIXEL", "MULTILINE"
        compound.GraphicData = strokes[0].GraphicData
        item = annotation("LESION", ["liver"])
        item.CompoundGraphicSequence = [compound]
    staged = Staged(tmp_path)
    staged.add(presentation(item))
    assert checks(staged, reader) == {"identifier-in-graphics"}


def test_drawings_that_name_nobody_pass(tmp_path: Path, reader: Reader) -> None:
    staged = Staged(tmp_path)
    staged.add(presentation(annotation("LESION", ["liver"], [*written("MASS", 0, 0), drawn([(0, 90), (200, 90)])])))
    staged.add(overlay(instance(), 0x6000, BITS))
    assert checks(staged, reader) == set()


def test_letters_read_one_by_one_in_an_overlay_make_a_name(tmp_path: Path) -> None:
    staged = Staged(tmp_path)
    staged.add(overlay(instance(), 0x6000, BITS))
    assert "identifier-in-graphics" in checks(staged, Says(tuple("OKONKWO")))
