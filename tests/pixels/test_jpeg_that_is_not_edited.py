"""JPEG that cannot be edited block by block is stored natively, or not at all: never half edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import write
from pixels.jpegs import BOX, inside, jpeg, masked, noisy, pillow, turbo
from pixels.pictures import frames
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian

from gateway.pixels.huffman import Codes, Damaged
from gateway.pixels.jpeg_edit import edit, grid
from gateway.records import Box, Mask

PLAIN = {
    "progressive": lambda image: jpeg(image, pillow(image, progressive=True)),
    "palette": lambda image: jpeg(
        image[..., 0], turbo(image[..., 0]), PhotometricInterpretation="PALETTE COLOR", **ramp()
    ),
    "signed": lambda image: jpeg(image[..., 0], turbo(image[..., 0]), PixelRepresentation=1),
    "no end": lambda image: jpeg(image, turbo(image)[:-2]),
}


def ramp() -> dict[str, Any]:
    names = [f"{colour}PaletteColorLookupTable" for colour in ("Red", "Green", "Blue")]
    entries = np.arange(256, dtype="<u2").tobytes()
    return {f"{name}Descriptor": [256, 0, 16] for name in names} | {f"{name}Data": entries for name in names}


@pytest.mark.parametrize("kind", PLAIN)
def test_what_cannot_be_edited_is_stored_natively(kind: str, tmp_path: Path) -> None:
    ds = PLAIN[kind](noisy())
    old = frames(ds)[0].pixels
    del ds.LossyImageCompression
    ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = b"\0" * 8, b"\0" * 8
    written, changes = masked(ds)
    after = dcmread(write(ds, tmp_path / "masked.dcm"))
    new, area = frames(after)[0].pixels, inside(old.shape, BOX)
    assert written[0].box == BOX
    assert [change.rule for change in changes] == ["masked frames stored without compression"]
    assert after.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert after.LossyImageCompression == "01"
    assert "ExtendedOffsetTable" not in after
    assert len(after.PixelData) % 2 == 0
    assert np.array_equal(old[~area], new[~area])
    assert (new[area] == new[area][0]).all()
    if old.ndim == 3:
        assert (after.PhotometricInterpretation, after.PlanarConfiguration) == ("RGB", 0)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda coded: coded[:-40] + coded[-2:],  # too few bits
        lambda coded: coded.replace(b"\xff\xdd\x00\x04", b"\xff\xfe\x00\x04"),  # restarts without an interval
        lambda coded: coded.replace(b"\xff\xd1", b"\xff\xd4"),  # restarts out of order
        lambda coded: coded.replace(b"\xff\xda\x00\x0c\x03\x01", b"\xff\xda\x00\x0c\x03\x07"),  # no such component
        lambda coded: coded[:2] + coded[2:].replace(b"\xff\xc0", b"\xff\xc9"),  # arithmetic coding
    ],
)
def test_damaged_frames_are_not_edited(spoil: Callable[[bytes], bytes]) -> None:
    coded = pillow(noisy(), restart_marker_blocks=3)
    assert edit(coded, [BOX], lambda *_: 0) is not None
    assert edit(spoil(coded), [BOX, Box(0, 0, 131, 91)], lambda *_: 0) is None


def test_a_grid_needs_a_frame_header() -> None:
    assert grid(b"\xff\xd8\xff\xda\x00\x02") is None
    assert grid(b"\xff\xd8\xff\xc0\x00\x08\x08\x00\x00\x00\x10\x00") is None
    assert grid(turbo(noisy()).replace(b"\xff\xc0\x00\x11\x08\x00\x5b", b"\xff\xc0\x00\x11\x08\x00\x00")) is None


def test_frames_with_other_blocks_are_stored_natively() -> None:
    image = noisy()
    ds = jpeg(image, turbo(image, subsampling="422"), turbo(image, subsampling="420"))
    old = [frame.pixels for frame in frames(ds)]
    written, changes = masked(ds, Mask(BOX, (0, 1), ("name",)))
    area = inside(image.shape, BOX)
    assert (written[0].box, len(changes)) == (BOX, 1)
    for before, after in zip(old, frames(ds), strict=True):
        assert np.array_equal(before[~area], after.pixels[~area])
        assert not after.pixels[area].any()


def test_a_table_without_room_is_full() -> None:
    counts = [1] * 15 + [2]  # all codes but the one of ones only, and that one
    codes = Codes(0, counts, list(range(17)))
    assert codes.code(16) == "1" * 16
    with pytest.raises(Damaged):
        codes.code(99)
    roomy = Codes(0x10, [0, 1, *[0] * 14], [5])
    assert [roomy.code(5), roomy.code(7), roomy.code(9)] == ["00", "0100000000000000", "0100000000000001"]
    assert roomy.encoded() == bytes([0x10, 0, 1, *[0] * 13, 2, 5, 7, 9])


def test_codes_that_contradict_themselves() -> None:
    with pytest.raises(Damaged):
        Codes(0x10, [3, *[0] * 15], [1, 2, 3]).tables()  # three codes of one bit
    with pytest.raises(Damaged):
        Codes(0x10, [0, 2, *[0] * 14], [1]).tables()  # two codes, one symbol
    with pytest.raises(Damaged):
        Codes(0x10, [0, 2, *[0] * 14], [0x01, 0x20]).tables()  # a run of blocks: progressive


def test_every_cut_and_every_flipped_byte_ends_in_a_frame_or_in_none() -> None:
    coded = pillow(noisy(40, 50), restart_marker_blocks=2)
    start = coded.index(b"\xff\xda") + 14
    every = [Box(0, 0, 50, 40)]
    for at in range(start, len(coded) - 2, 7):
        assert edit(coded[:at] + b"\xff\xd9", every, lambda *_: 0) is None  # there are too few intervals
        edited = edit(coded[:at] + bytes([coded[at] ^ 0x5A]) + coded[at + 1 :], every, lambda *_: 0)
        assert edited is None or grid(edited) == grid(coded)
