"""The Clean Graphics Option in the tag step: what reaches the pixel step, and in which words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from builders import instance
from drawn import annotation, bits_of, embed, overlay, presentation, written
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import ExplicitVRBigEndian
from tags.cleaning import READERS, Read, clean, cleaned, everything, reread

from gateway.tags import explain, load

BITS = (np.arange(64 * 64).reshape(64, 64) % 7 == 0).astype(np.uint8)


def with_overlay() -> FileDataset:
    ds = overlay(instance(), 0x6002, BITS)
    ds.add_new(0x60020022, "LO", "liver Okonkwo")
    ds.add_new(0x60020045, "LO", "Okonkwo")
    ds.add_new(0x60021301, "IS", "12")
    ds.add_new(0x60021302, "DS", "3.5")
    ds.add_new(0x60021500, "LO", "mass Hollingbery")
    ds.add_new(0x60024000, "LT", "seen by Okonkwo")
    ds.add_new(0x60020800, "CS", "RETIRED")
    return ds


def test_overlays_pass_with_their_words_cleaned(tmp_path: Path, graphics: str) -> None:
    out = reread(cleaned(with_overlay(), graphics), tmp_path)
    assert np.array_equal(bits_of(out, 0x6002)[0], BITS)
    assert (out[0x60020022].value, out[0x60021500].value) == ("liver", "mass")
    assert (out[0x60021301].value, out[0x60021302].value, out[0x60020040].value) == (12, 3.5, "G")
    assert all(tag not in out for tag in (0x60020045, 0x60024000, 0x60020800))
    assert "Okonkwo" not in "".join(everything(out))


@pytest.mark.parametrize("read", READERS)
def test_overlays_pass_from_any_byte_order(tmp_path: Path, graphics: str, read: Read) -> None:
    path = tmp_path / "original.dcm"
    original = with_overlay()
    original.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    for tag in (0x60023000, 0x7FE00010):
        original[tag].value = np.frombuffer(original[tag].value, "<u2").astype(">u2").tobytes()
    dcmwrite(path, original)
    out = reread(cleaned(read(path), graphics), tmp_path)
    assert np.array_equal(bits_of(out, 0x6002)[0], BITS)


def test_overlays_in_unused_bits_keep_their_description(graphics: str) -> None:
    out = cleaned(embed(instance(), 0x6000, BITS, 14), graphics)
    assert (out[0x60000100].value, out[0x60000102].value) == (16, 14)
    assert 0x60003000 not in out


@pytest.mark.parametrize("name", ["basic", "research"])
def test_without_the_option_all_graphics_go(name: str) -> None:
    state = presentation(annotation("LESION", ["liver"], written("LI", 0, 0)))
    overlay(state, 0x6000, BITS)
    out, changes = clean(state, name)
    assert "GraphicAnnotationSequence" not in out
    assert not [tag for tag in out.keys() if tag.group == 0x6000]  # noqa: SIM118  # a pydicom data set yields elements
    assert {("00700001", "X", "graphics"), ("60003000", "X", "curves-and-overlays")} <= {
        (change.path, change.action, change.rule) for change in changes
    }


def test_curves_nested_overlays_and_groups_beyond_go_even_so(graphics: str) -> None:
    ds = instance()
    ds.add_new(0x50003000, "OW", b"\1\0")
    ds.add_new(0x60203000, "OW", b"\1\0")
    item = Dataset()
    overlay(item, 0x6000, BITS)  # type: ignore[arg-type]  # an item, where no overlay belongs
    ds.SharedFunctionalGroupsSequence = [item]
    out = cleaned(ds, graphics)
    assert 0x50003000 not in out
    assert 0x60203000 not in out
    assert 0x60003000 not in out.SharedFunctionalGroupsSequence[0]


def test_explanations_tell_what_becomes_of_graphics(graphics: str) -> None:
    for name, kept in ((graphics, True), ("basic", False)):
        said = {tag: (action, rule) for tag, _, action, rule, _ in explain(load(name))}
        assert said["50xxxxxx"] == ("X", "curves-and-overlays")
        assert said["60xx3000"] == (("K", "clean-graphics") if kept else ("X", "curves-and-overlays"))
        assert said["60xx4000"] == (("C", "clean-graphics") if kept else ("X", "curves-and-overlays"))
        assert said["00700001"] == (("C", "clean-graphics") if kept else ("X", "graphics"))


def test_texts_of_annotations_are_cleaned_though_descriptors_are_not(tmp_path: Path, graphics: str) -> None:
    state = presentation(annotation("LESION", ["liver mass Okonkwo", "Hollingbery"], written("LI", 0, 0)))
    state.SeriesDescription = "liver"
    out = reread(cleaned(state, graphics), tmp_path)
    texts = [item.get("UnformattedTextValue") for item in out.GraphicAnnotationSequence[0].TextObjectSequence]
    assert texts == ["liver mass", None]  # what says nothing is taken away by the pixel step, with its object
    assert len(out.GraphicAnnotationSequence[0].GraphicObjectSequence) == len(written("LI", 0, 0))
    assert "SeriesDescription" not in out


def test_annotations_of_waveforms_keep_their_place(graphics: str) -> None:
    made = []
    for text in ("liver mass Okonkwo", "Hollingbery"):
        item = Dataset()
        item.UnformattedTextValue, item.ReferencedWaveformChannels = text, [1, 1]
        made.append(item)
    ds = instance(WaveformAnnotationSequence=made)
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.9.1.1"
    out = cleaned(ds, graphics)
    assert [item.UnformattedTextValue for item in out.WaveformAnnotationSequence] == ["liver mass", "DEIDENTIFIED"]
