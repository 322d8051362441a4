"""PHI that is drawn: burned into pixels of every kind, overlays, icons, and bits that no viewer shows."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from planted import Place, burned_in, item, kind
from planted_files import coded
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit, JPEGLSLossless, RLELossless

ROWS, COLUMNS = 96, 320
TECHNICAL = "Gain 52 dB"  # a line that may stay
_FONT = ImageFont.load_default(size=24)


def drawn(text: str) -> NDArray[np.bool_]:
    """Where the ink of a text is."""
    image = Image.new("L", (COLUMNS, ROWS))
    ImageDraw.Draw(image).text((14, 12), text, fill=255, font=_FONT)
    ink: NDArray[np.bool_] = np.asarray(image) > 110
    return ink


def ground(value: int = 30, dtype: Any = np.uint8) -> NDArray[Any]:
    """A dark screen with a smooth bright object below where the text goes."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    values: NDArray[Any] = (value + np.clip(90 - np.hypot(y - 110, x - 220) * 2, 0, 80)).astype(dtype)
    return values


def screen(text: str, ink: int = 235) -> NDArray[np.uint8]:
    """An 8-bit screen with a line of text, and a technical one below it."""
    return np.where(drawn(f"{text}\n{TECHNICAL}"), np.uint8(ink), ground())


def lines(at: Place) -> str:
    """The planted person, and a technical line below."""
    return f"{at.surname.upper()}\n{TECHNICAL}"


@burned_in
def burned_in_name(at: Place) -> str:
    at.write(at.image(screen(at.surname.upper()), Modality="US", BurnedInAnnotation="NO"))
    return at.surname


@burned_in
def burned_in_name_of_the_patient(at: Place) -> str:
    ds = at.image(screen(at.surname.upper()), Modality="US")
    ds.PatientName = f"{at.surname}^{ds.PatientName.given_name}"
    at.write(ds)
    return at.surname


@burned_in
def burned_in_number(at: Place) -> str:
    at.write(at.image(screen(at.mrn), Modality="US"))
    return at.mrn


@burned_in
def burned_in_the_second_of_three_frames(at: Place) -> str:
    at.write(at.image(np.stack([ground(), screen(at.surname.upper()), ground()]), Modality="US"))
    return at.surname


@burned_in
def burned_in_the_fourth_of_seven_frames_only_there(at: Place) -> str:
    at.write(
        at.image(
            np.stack([ground() + i for i in range(3)] + [screen(at.surname.upper())] + [ground()] * 3), Modality="XA"
        )
    )
    return at.surname


@burned_in
def burned_in_inverted_monochrome(at: Place) -> str:
    at.write(at.image(255 - screen(at.surname.upper()), Modality="CR", PhotometricInterpretation="MONOCHROME1"))
    return at.surname


@burned_in
def burned_in_dark_on_bright(at: Place) -> str:
    at.write(at.image(255 - screen(at.surname.upper()), Modality="DX"))
    return at.surname


@burned_in
def burned_in_palette_colours(at: Place) -> str:
    ds = at.image(np.where(drawn(lines(at)), 7, ground() // 8 % 6).astype(np.uint8), Modality="US")
    ds.PhotometricInterpretation = "PALETTE COLOR"
    grey = np.arange(256) * 0 + 20
    grey[:6], grey[7] = np.arange(6) * 8, 250
    for colour in ("Red", "Green", "Blue"):
        setattr(ds, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(ds, f"{colour}PaletteColorLookupTableData", (grey * 257).astype("<u2").tobytes())
    at.write(ds)
    return at.surname


@burned_in
def burned_in_colour(at: Place) -> str:
    image = np.repeat(ground()[..., None], 3, axis=2)
    image[drawn(lines(at))] = (250, 220, 40)
    at.write(at.image(image, Modality="US"))
    return at.surname


@burned_in
def burned_in_colour_by_plane(at: Place) -> str:
    image = np.repeat(ground()[..., None], 3, axis=2)
    image[drawn(lines(at))] = (120, 255, 120)
    ds = at.image(image, Modality="US", PlanarConfiguration=1)
    ds.PixelData = np.ascontiguousarray(np.moveaxis(image, 2, 0)).tobytes()
    at.write(ds)
    return at.surname


@burned_in
def burned_in_extreme_values(at: Place) -> str:
    image = ground(900, np.uint16)
    image[drawn(lines(at))] = 65535
    at.write(at.image(image))
    return at.surname


@burned_in
def burned_in_signed_values(at: Place) -> str:
    image = (ground(0, np.int16) * 9) - 1000
    image[drawn(lines(at))] = 3071
    ds = at.image(image.view(np.uint16), PixelRepresentation=1)
    at.write(ds)
    return at.surname


@burned_in
def burned_in_below_the_window(at: Place) -> str:
    image = np.full((ROWS, COLUMNS), 20, np.uint16)
    image[drawn(lines(at))] = 140
    image[70:, 200:] = ground(2500, np.uint16)[70:, 200:]
    at.write(at.image(image, WindowCenter=1500, WindowWidth=400))
    return at.surname


@burned_in
def burned_in_beside_one_outlier(at: Place) -> str:
    image = np.where(drawn(lines(at)), 1180, 1000).astype(np.uint16)
    image[0, 0], image[0, 1] = 65535, 0
    at.write(at.image(image, WindowCenter=32768, WindowWidth=65535))
    return at.surname


@burned_in
def burned_in_upwards(at: Place) -> str:
    at.write(at.image(np.ascontiguousarray(np.rot90(screen(at.surname.upper()))), Modality="US"))
    return at.surname


@burned_in
def burned_in_and_run_length_encoded(at: Place) -> str:
    ds = at.image(screen(at.surname.upper()), Modality="US")
    ds.compress(RLELossless, generate_instance_uid=False)
    at.write(ds)
    return at.surname


@burned_in
def burned_in_and_jpeg_encoded(at: Place) -> str:
    image = screen(at.surname.upper())
    at.write(coded(at, JPEGBaseline8Bit, image, imagecodecs.jpeg8_encode(image, level=92)))
    return at.surname


@burned_in
def burned_in_and_jpeg_2000_encoded(at: Place) -> str:
    image = screen(at.surname.upper())
    frame = imagecodecs.jpeg2k_encode(image, codecformat="j2k", reversible=True, level=0)
    at.write(coded(at, JPEG2000Lossless, image, frame))
    return at.surname


@burned_in
def burned_in_and_jpeg_ls_encoded(at: Place) -> str:
    image = screen(at.surname.upper())
    at.write(coded(at, JPEGLSLossless, image, imagecodecs.jpegls_encode(image)))
    return at.surname


@burned_in
def drawn_in_an_icon(at: Place) -> str:
    icon = item(
        Rows=ROWS, Columns=COLUMNS, SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2", BitsAllocated=8, BitsStored=8,
        HighBit=7, PixelRepresentation=0,
    )  # fmt: skip
    icon.add_new(0x7FE00010, "OB", screen(at.surname.upper()).tobytes())
    at.write(at.image(IconImageSequence=[icon]))
    return at.surname


def _overlay(ds: Any, rows: int, columns: int, allocated: int, position: int) -> None:
    for tag, vr, value in (
        (0x60000010, "US", rows), (0x60000011, "US", columns), (0x60000040, "CS", "G"), (0x60000050, "SS", [1, 1]),
        (0x60000100, "US", allocated), (0x60000102, "US", position),
    ):  # fmt: skip
        ds.add_new(tag, vr, value)


@burned_in
def drawn_in_an_overlay(at: Place) -> str:
    ds = at.image(ground())
    _overlay(ds, ROWS, COLUMNS, 1, 0)
    ds.add_new(0x60003000, "OW", np.packbits(drawn(lines(at)), bitorder="little").tobytes())
    at.write(ds)
    return at.surname


@burned_in
def drawn_in_an_overlay_in_high_bits(at: Place) -> str:
    ds = at.image(ground(900, np.uint16) | drawn(lines(at)).astype(np.uint16) << 13, BitsStored=12, HighBit=11)
    _overlay(ds, ROWS, COLUMNS, 16, 13)
    at.write(ds)
    return at.surname


@burned_in
def drawn_in_unused_high_bits(at: Place) -> str:
    at.write(at.image(ground(900, np.uint16) | drawn(lines(at)).astype(np.uint16) << 12, BitsStored=12, HighBit=11))
    return at.surname


@burned_in
def drawn_in_unused_low_bits(at: Place) -> str:
    image = ground(900, np.uint16) << 4 | drawn(lines(at)).astype(np.uint16) << 1
    at.write(at.image(image, BitsStored=12, HighBit=15))
    return at.surname


@kind
def overlay_label(at: Place) -> str:
    ds = at.image()
    _overlay(ds, 8, 8, 1, 0)
    ds.add_new(0x60003000, "OW", bytes(8))
    ds.add_new(0x60001500, "LO", at.surname)
    ds.add_new(0x60000022, "LO", f"Marked by {at.surname}")
    at.write(ds)
    return at.surname
