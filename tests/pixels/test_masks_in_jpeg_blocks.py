"""A mask in JPEG changes the blocks under it; all others keep their coefficients, and so their pixels in every decoder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from builders import write
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pixels.jpegs import BOX, grown, inside, jpeg, masked, noisy, pillow, scans, stream, turbo, with_sampling
from pixels.pictures import compressed, frames
from pydicom import dcmread
from pydicom.dataset import FileDataset
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import ExplicitVRLittleEndian
from verify.handmade import Staged

from gateway.pixels.codestream import strip
from gateway.pixels.jpeg_edit import edit, grid
from gateway.pixels.layout import layout
from gateway.records import Box, Mask

COLOUR: dict[str, tuple[Callable[[NDArray[np.uint8]], bytes], tuple[int, int]]] = {
    "4:4:4": (lambda image: turbo(image, subsampling="444"), (8, 8)),
    "4:2:2": (lambda image: turbo(image, subsampling="422"), (16, 8)),
    "4:2:0": (lambda image: turbo(image, subsampling="420"), (16, 16)),
    "4:4:0": (lambda image: turbo(image, subsampling="440"), (8, 16)),
    "4:1:1": (lambda image: turbo(image, subsampling="411"), (32, 8)),
    "own tables": (lambda image: turbo(image, subsampling="420", optimize=True), (16, 16)),
    "restarts": (lambda image: pillow(image, subsampling="4:2:0", restart_marker_blocks=3), (16, 16)),
    "restarts in rows": (
        lambda image: pillow(image, subsampling="4:4:4", restart_marker_rows=1, optimize=True),
        (8, 8),
    ),
    "coarse": (lambda image: bytes(imagecodecs.jpeg8_encode(image, level=5, subsampling="420")), (16, 16)),
    "fine": (lambda image: bytes(imagecodecs.jpeg8_encode(image, level=100, subsampling="444")), (8, 8)),
}


@pytest.mark.parametrize("kind", COLOUR)
@pytest.mark.parametrize("decoder", ["gdcm", "pillow", "turbo"])
def test_colour_outside_the_blocks_stays_in_every_decoder(kind: str, decoder: str, tmp_path: Path) -> None:
    encode, (across, down) = COLOUR[kind]
    image = noisy()
    ds, before = jpeg(image, encode(image)), jpeg(image, encode(image))
    written, changes = masked(ds)
    box = written[0].box
    assert changes == ()
    assert (box.x % across, box.y % down) == (0, 0)
    assert (box.w % across == 0 or box.x + box.w == 131, box.h % down == 0 or box.y + box.h == 91) == (True, True)
    assert BOX.x - across < box.x <= BOX.x
    assert BOX.y - down < box.y <= BOX.y
    old, new = decoded(before, decoder), decoded(dcmread(write(ds, tmp_path / "masked.dcm")), decoder)
    area, ring = inside(image.shape, box), 0 if kind in ("4:4:4", "fine", "restarts in rows") else 1
    assert np.array_equal(old[~grown(area, ring)], new[~grown(area, ring)])
    assert not new[grown(area, -ring)].any()
    assert ds.PhotometricInterpretation == "YBR_FULL_422"


def decoded(ds: FileDataset, decoder: str) -> NDArray[Any]:
    if decoder == "turbo":
        return np.asarray(imagecodecs.jpeg8_decode(stream(ds)))
    return get_decoder(ds.file_meta.TransferSyntaxUID).as_array(ds, decoding_plugin=decoder)[0]


@pytest.mark.skipif(not shutil.which("dcmdjpeg"), reason="needs dcmtk")
@pytest.mark.parametrize("kind", ["4:2:0", "4:4:4", "restarts", "own tables"])
def test_dcmtk_reads_the_same(kind: str, tmp_path: Path) -> None:
    encode, _ = COLOUR[kind]
    image = noisy()
    pictures = []
    ds, before = jpeg(image, encode(image)), jpeg(image, encode(image))
    box = masked(ds)[0][0].box
    for number, one in enumerate((before, ds)):
        path, plain = write(one, tmp_path / f"{number}.dcm"), tmp_path / f"{number}.raw.dcm"
        subprocess.run(["dcmdjpeg", "--conv-photometric", path, plain], check=True, capture_output=True)
        pictures.append(dcmread(plain).pixel_array)
    area = inside(image.shape, box)
    assert np.array_equal(pictures[0][~grown(area)], pictures[1][~grown(area)])
    assert pictures[1][grown(area, -1)].max() == 0


@pytest.mark.skipif(not shutil.which("dcmcjpeg"), reason="needs dcmtk")
@pytest.mark.parametrize(("option", "bits"), [("+eb", 8), ("+ee", 12), ("+eb", 12)])
def test_what_dcmtk_encoded(option: str, bits: int, tmp_path: Path) -> None:
    values = noisy()[..., 0].astype(np.uint16) << (bits - 8)
    image = values.astype(np.uint8) if bits == 8 else values
    plain = compressed(ExplicitVRLittleEndian, image[None], [], NumberOfFrames=1, BitsStored=bits, HighBit=bits - 1)
    plain.PixelData = image.tobytes() + b"\0" * (image.nbytes % 2)
    plain["PixelData"].is_undefined_length = False
    plain["PixelData"].VR = "OB" if bits == 8 else "OW"
    path = tmp_path / "jpeg.dcm"
    subprocess.run(["dcmcjpeg", option, write(plain, tmp_path / "plain.dcm"), path], check=True, capture_output=True)
    ds = dcmread(path)
    old = frames(ds)[0].pixels
    written, changes = masked(ds)
    new, area = frames(ds)[0].pixels, inside(image.shape, written[0].box)
    assert changes == ()
    assert written[0].box == Box(16, 16, 48, 16)
    assert np.array_equal(old[~area], new[~area])
    assert len(np.unique(new[area])) == 1
    assert old.min() <= new[area][0] <= old.min() + 32


GREY: dict[str, tuple[Callable[[NDArray[Any]], bytes], int]] = {
    "8 bit": (turbo, 8),
    "8 bit, own tables": (lambda image: turbo(image, optimize=True), 8),
    "12 bit": (turbo, 12),
    "sampled 2 x 2": (lambda image: with_sampling(turbo(image), 0x22), 8),
}


@pytest.mark.parametrize("kind", GREY)
@pytest.mark.parametrize("photometric", ["MONOCHROME2", "MONOCHROME1"])
@pytest.mark.parametrize("low", [0, 40])
def test_grey_outside_the_blocks_stays_and_the_fill_occurs_in_the_picture(
    kind: str, photometric: str, low: int
) -> None:
    encode, bits = GREY[kind]
    image: NDArray[Any] = np.clip(noisy()[..., 0], low, 255 - low)
    image = image.astype(np.uint16) * 16 if bits == 12 else image
    ds = jpeg(image, encode(image), PhotometricInterpretation=photometric)
    old = frames(ds)[0].pixels
    written, changes = masked(ds)
    new, area = frames(ds)[0].pixels, inside(image.shape, written[0].box)
    assert (written[0].box, changes) == (Box(16, 16, 48, 16), ())
    assert np.array_equal(old[~area], new[~area])
    assert len(np.unique(new[area])) == 1
    fill, dark = float(new[area][0]), float(old.max() if photometric == "MONOCHROME1" else old.min())
    assert old.min() <= fill <= old.max()
    assert abs(fill - dark) <= (4 if bits == 8 else 16)


def test_only_the_masked_frame_of_several_changes(tmp_path: Path) -> None:
    coded = [turbo(noisy(seed=seed), subsampling="422") for seed in range(3)]
    ds = jpeg(noisy(), *coded)
    found = layout(ds)
    assert found is not None
    kept = [strip(frame, found) for frame in coded]
    masks = (Mask(BOX, (1,), ("name",)), Mask(Box(90, 70, 30, 12), (1, 2), ("date",)))
    written, _ = masked(ds, *masks)
    assert [mask.box for mask in written] == [Box(16, 16, 48, 16), Box(80, 64, 48, 24)]
    assert [mask.frames for mask in written] == [(1,), (1, 2)]
    after = dcmread(write(ds, tmp_path / "masked.dcm"))
    new = [frame.rstrip(b"\0") for frame in generate_frames(after.PixelData, number_of_frames=3)]
    assert new[0] == kept[0]
    assert new[1] != kept[1]
    assert new[2] != kept[2]
    assert [strip(frame, found) for frame in new] == new  # nothing is left to strip


def test_what_stood_beside_the_image_is_gone_and_on_record() -> None:
    image = noisy()
    coded = [turbo(image), turbo(image)]
    coded[1] = coded[1][:2] + b"\xff\xfe\x00\x09OKONKWO" + coded[1][2:]
    ds = jpeg(image, *coded)
    _, changes = masked(ds)
    assert b"OKONKWO" not in ds.PixelData
    assert [(change.path, change.rule) for change in changes] == [
        ("7FE00010", "data beside the image in compressed frames")
    ]


def test_tables_get_the_codes_that_they_lack() -> None:
    image = np.full((64, 64), 200, np.uint8)
    image[:8, :8] = 190
    coded = turbo(image, optimize=True)
    ds = jpeg(image, coded)
    old = frames(ds)[0].pixels
    written, changes = masked(ds, Mask(Box(0, 0, 64, 8), (0,), ("name",)), Mask(Box(8, 40, 8, 8), (0,), ("name",)))
    area = inside(image.shape, written[0].box) | inside(image.shape, written[1].box)
    new = frames(ds)[0].pixels
    assert changes == ()
    assert np.array_equal(old[~area], new[~area])
    assert len(np.unique(new[area])) == 1


def test_rgb_without_a_transform() -> None:
    image = noisy()
    ds = jpeg(image, pillow(image, keep_rgb=True, subsampling=0), PhotometricInterpretation="RGB")
    old = frames(ds)[0].pixels
    written, changes = masked(ds)
    new, area = frames(ds)[0].pixels, inside(image.shape, written[0].box)
    assert (changes, ds.PhotometricInterpretation) == ((), "RGB")
    assert np.array_equal(old[~area], new[~area])
    assert not new[area].any()


@pytest.mark.parametrize(("across", "down"), [(1, 1), (2, 1), (2, 2)])
def test_components_in_scans_of_their_own(across: int, down: int) -> None:
    image = noisy(73, 89)
    coded = scans(image, across, down)
    ds = jpeg(image, coded)
    old = imagecodecs.jpeg8_decode(coded, outcolorspace="YCBCR")
    written, changes = masked(ds)
    new = imagecodecs.jpeg8_decode(stream(ds), outcolorspace="YCBCR")
    area = inside(image.shape, written[0].box)
    assert changes == ()
    assert np.array_equal(old[..., 0][~area], new[..., 0][~area])
    assert np.array_equal(old[~grown(area)], new[~grown(area)])
    assert (new[grown(area, -1)] == (0, 128, 128)).all()


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_any_boxes_in_any_picture(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    image = np.random.default_rng(data.draw(st.integers(0, 9))).integers(0, 256, (rows, columns, 3), np.uint8)
    sampling = data.draw(st.sampled_from(["444", "422", "420", "440"]))
    coded = turbo(image, subsampling=sampling, optimize=data.draw(st.booleans()))
    sides = st.tuples(
        st.integers(0, columns - 1), st.integers(0, rows - 1), st.integers(1, columns), st.integers(1, rows)
    )
    boxes = [Box(*one) for one in data.draw(st.lists(sides, min_size=1, max_size=3))]
    found = grid(coded)
    assert found is not None
    edited = edit(coded, boxes, lambda part, quantiser, bits: 0 if part else -(-(8 << bits - 1) // quantiser))
    assert edited is not None
    old, new = (imagecodecs.jpeg8_decode(one, outcolorspace="YCBCR") for one in (coded, edited))
    area = np.logical_or.reduce([inside(image.shape, found.widened(box)) for box in boxes])
    wanted = np.logical_or.reduce([inside(image.shape, box) for box in boxes])
    assert (area | ~wanted).all()
    assert np.array_equal(old[..., 0][~area], new[..., 0][~area])
    ring = 0 if sampling == "444" else 1
    assert np.array_equal(old[~grown(area, ring)], new[~grown(area, ring)])
    flat = new[grown(area, -ring)]
    assert (flat[:, 0] == 0).all() or (flat[:, 0] == 255).all()
    assert (flat[:, 1:] == 128).all()


@pytest.mark.parametrize("kind", COLOUR)
def test_the_verifier_agrees(kind: str, tmp_path: Path) -> None:
    study, image = Staged(tmp_path), noisy()
    ds = jpeg(image, COLOUR[kind][0](image))
    masks = masked(jpeg(image, COLOUR[kind][0](image)))[0]

    def change(copy: FileDataset) -> None:
        masked(copy)

    study.add(ds, change=change, masks=masks)
    assert study.verify() == ()
