"""The sample studies, one function each: a real picture, an invented patient, a console's way of writing on the image."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.utils import compress
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit, JPEGLSLossless, RLELossless, UltrasoundImageStorage

from samples.documents import key_object, report
from samples.headers import Planted, Visit, identify, set_picture
from samples.ink import Burned, Line, burn
from samples.people import FERNANDEZ, HALVORSEN, INSTITUTION, KAPOOR, MARSH, OYELARAN, SOKOLOVA, TREMBLAY, WU
from samples.pictures import enlarged, on_screen, scanned


@dataclass(frozen=True, slots=True)
class Sample:
    """One file to write: where below ``studies``, its data set, and the truth about it."""

    path: str
    dataset: FileDataset
    planted: Planted
    burned: tuple[Burned, ...] = ()


def technical(*lines: Line) -> tuple[Line, ...]:
    """The same lines as words that must stay."""
    return tuple(Line(line.text, line.x, line.y, line.font, line.size, identifying=False) for line in lines)


def ct_with_banner(seed: int) -> Iterator[Sample]:
    """Three CT slices and a key object that marks the last.

    Name, ID and date stand across the top in the brightest stored value, technique in the left column.
    """
    visit = Visit(WU, 1, "20230314", "CT Spine without contrast", seed)
    banner = (
        Line("WU, LIAN", 10, 10, "sans", 20),
        Line("HS-448190", 10, 36, "sans", 20),
        Line("14-MAR-1962 F", 10, 62, "sans", 20),
        Line(INSTITUTION, -10, 10, "sans", 18),
        Line("14-MAR-2023 10:15:30", -10, 36, "sans", 18),
    )
    words = technical(
        Line("kV 120", 10, -76, "sans", 18),
        Line("mA 250", 10, -54, "sans", 18),
        Line("W 400 L 40", 10, -32, "sans", 18),
        Line("SL 5.0 mm", 10, -10, "sans", 18),
    )
    for number in (1, 2, 3):
        ds, (frame,) = scanned("CT_small.dcm")
        image = np.roll(enlarged(frame, 4), number * 6, axis=0)
        burned = burn(image, banner + words, ink=3071)
        planted = identify(ds, visit, 1, number)
        set_picture(ds, image, "MONOCHROME2")
        yield Sample(f"ct/{number}.dcm", ds, planted, burned)
    yield Sample("ct/key-object.dcm", *key_object(ds, visit))


def mr_inverted(seed: int) -> Iterator[Sample]:
    """An abdominal MR stored as MONOCHROME1 and RLE, name in the bottom right corner, drawn dark, that is bright."""
    visit = Visit(MARSH, 2, "20230402", "MR Abdomen", seed)
    ds, (frame,) = scanned("examples_overlay.dcm")
    image = (1300 - frame).astype(np.uint16)
    lines = (
        Line("MARSH, APRIL J", -8, -58, "duplex", 18),
        Line("MRN5520937", -8, -33, "duplex", 18),
        Line("DOB 04/09/1971", -8, -8, "duplex", 18),
    )
    words = technical(Line("TR 4.5", 8, 8, "simplex", 16), Line("TE 2.1", 8, 30, "simplex", 16))
    burned = burn(image, lines + words, ink=0)
    planted = identify(ds, visit, 1, 1)
    ds.WindowCenter, ds.WindowWidth = 650, 1300
    ds.BitsStored = 12
    set_picture(ds, image, "MONOCHROME1")
    compress(ds, RLELossless, generate_instance_uid=False)
    yield Sample("media/mr.dcm", ds, planted, burned)


def ultrasound_yellow(seed: int) -> Iterator[Sample]:
    """A colour ultrasound in JPEG 2000, yellow on black; the header's name is written in Cyrillic letters."""
    visit = Visit(SOKOLOVA, 3, "20230517", "US Lymph node", seed)
    ds, (frame,) = scanned("examples_rgb_color.dcm")
    image = on_screen(enlarged(frame[56:165, 18:300], 2), 480, 640, 130)
    lines = (
        Line("SOKOLOVA IRINA", 14, 12, "bitmap", 20),
        Line("SPB-10442-7", 14, 40, "bitmap", 20),
        Line("30.11.1955", 14, 68, "bitmap", 20),
        Line("17.05.2023", -14, 12, "bitmap", 20),
        Line("10:15:30", -14, 40, "bitmap", 20),
    )
    words = technical(
        Line("MI 0.8", 14, -44, "bitmap", 20),
        Line("TIs 0.4", 120, -44, "bitmap", 20),
        Line("Frq 12 MHz", 14, -14, "bitmap", 20),
        Line("Gn 64 dB", 200, -14, "bitmap", 20),
    )
    burned = burn(image, lines + words, ink=(255, 240, 0))
    planted = identify(ds, visit, 1, 1)
    set_picture(ds, image, "RGB")
    compress(ds, JPEG2000Lossless, generate_instance_uid=False)
    yield Sample("us/sokolova.dcm", ds, planted, burned)


def cine(seed: int) -> Iterator[Sample]:
    """A cine of six frames, white over the speckle of each; the patient's ID is 0010."""
    visit = Visit(OYELARAN, 4, "20230601", "US Heart", seed)
    ds, all_frames = scanned("examples_ybr_color.dcm")
    lines = (
        Line("OYELARAN TEMITOPE", 150, 60, "simplex", 20),
        Line("ID: 0010", 150, 90, "simplex", 20),
        Line("26/07/1988", 150, 120, "simplex", 20),
    )
    words = technical(Line("Frq 2.5 MHz", 20, 380, "simplex", 18), Line("Gn 60", 20, 405, "simplex", 18))
    random = np.random.default_rng(seed)
    frames: list[NDArray[Any]] = []
    burned: tuple[Burned, ...] = ()
    for frame in all_frames[:6]:
        image = enlarged(frame, 2)
        speckle = random.rayleigh(28, (110, 330, 1))
        image[44:154, 140:470] = np.clip(image[44:154, 140:470] / 2 + speckle, 0, 120).astype(np.uint8)
        burned = burn(image, lines + words, ink=(255, 255, 255))
        frames.append(image)
    planted = identify(ds, visit, 1, 1)
    set_picture(ds, np.stack(frames), "RGB")
    yield Sample("us/cine.dcm", ds, planted, burned)


def palette(seed: int) -> Iterator[Sample]:
    """A palette ultrasound; what the file already showed of a patient and a clinic gives way to an invented patient."""
    visit = Visit(FERNANDEZ, 5, "20230620", "US Obstetric", seed)
    ds, (image,) = scanned("examples_palette.dcm")
    light, dark = _extremes(ds)
    image[:62] = dark
    lines = (
        Line("FERNANDEZ-QUIROGA, XIMENA", 90, 8, "sans", 22),
        Line("7719204-33", 90, 34, "sans", 22),
        Line("20/06/2023", 420, 34, "sans", 22),
    )
    words = technical(Line("MI 1.1", -12, 8, "sans", 22), Line("TIB 0.2", -12, 34, "sans", 22))
    burned = burn(image, lines + words, ink=light)
    planted = identify(ds, visit, 1, 1)
    set_picture(ds, image, "PALETTE COLOR")
    yield Sample("us/palette.dcm", ds, planted, burned)


def _extremes(ds: FileDataset) -> tuple[int, int]:
    """The brightest and the darkest entry of the palette."""
    tables = (
        ds.RedPaletteColorLookupTableData,
        ds.GreenPaletteColorLookupTableData,
        ds.BluePaletteColorLookupTableData,
    )
    brightness = sum(np.frombuffer(table, "<u2").astype(np.int64) for table in tables)
    return int(np.argmax(brightness)), int(np.argmin(brightness))


def dark_on_light(seed: int) -> Iterator[Sample]:
    """A CT printed to 8 bits with a light strip below it, dark letters on that; stored as JPEG-LS."""
    visit = Visit(HALVORSEN, 6, "20230711", "CT Spine, printed", seed)
    ds, (frame,) = scanned("CT_small.dcm")
    picture = np.clip((enlarged(frame, 4).astype(np.float64) - 128) / 8, 0, 255).astype(np.uint8)
    image = np.vstack([picture, np.full((64, 512), 225, np.uint8)])
    lines = (
        Line("HALVORSEN SIGRID", 12, -36, "duplex", 18),
        Line("NO-150948-1", 12, -10, "duplex", 18),
        Line("15.09.1948", 220, -10, "duplex", 18),
        Line("11.07.2023", -12, -36, "duplex", 18),
    )
    burned = burn(image, lines + technical(Line("W 350 L 50", -12, -10, "duplex", 18)), ink=20)
    planted = identify(ds, visit, 1, 1)
    for keyword in ("RescaleSlope", "RescaleIntercept", "PixelPaddingValue", "WindowCenter", "WindowWidth"):
        if keyword in ds:
            delattr(ds, keyword)
    set_picture(ds, image, "MONOCHROME2")
    compress(ds, JPEGLSLossless, generate_instance_uid=False)
    yield Sample("mixed/print.dcm", ds, planted, burned)
    yield Sample("mixed/report.dcm", *report(ds, visit))


def archived(seed: int) -> Iterator[Sample]:
    """Two instances that come in a zip: a JPEG baseline ultrasound, and an MR in which no text is burned in."""
    visit = Visit(KAPOOR, 7, "20230822", "US Lymph node and MR", seed)
    ds, (frame,) = scanned("examples_jpeg2k.dcm")
    image = on_screen(frame[112:330, 36:600], 480, 640, 120)
    lines = (
        Line("Kapoor, Devika", 16, 14, "sans", 24),
        Line("DK20931144", 16, 46, "sans", 24),
        Line("DOB: 18 Jun 2001", 16, 78, "sans", 24),
    )
    words = technical(Line("MI 0.9", -16, 14, "sans", 24), Line("TIs 0.5", -16, 46, "sans", 24))
    burned = burn(image, lines + words, ink=(235, 235, 235))
    planted = identify(ds, visit, 1, 1)
    set_picture(ds, image, "RGB")
    _to_jpeg(ds, image)
    yield Sample("kapoor.zip!IMG0001", ds, planted, burned)
    mr, _ = scanned("MR_small_RLE.dcm")
    yield Sample("kapoor.zip!sub/IMG0002", mr, identify(mr, visit, 2, 1))


def _to_jpeg(ds: FileDataset, image: NDArray[Any]) -> None:
    """Store ``image`` lossily, as many consoles do."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=92, subsampling="4:2:2")
    ds.PixelData = encapsulate([buffer.getvalue()])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.PhotometricInterpretation = "YBR_FULL_422"
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = UltrasoundImageStorage
    ds.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    ds.LossyImageCompression = "01"


def follow_up(seed: int) -> Iterator[Sample]:
    """The first patient again, 91 days later: dates may be shifted, their distance may not."""
    visit = Visit(WU, 8, "20230613", "MR Spine, follow-up", seed)
    ds, (frame,) = scanned("MR_small.dcm")
    image = enlarged(frame, 8)
    lines = (
        Line("Wu, Lian", 12, 12, "sans", 22),
        Line("HS-448190", 12, 40, "sans", 22),
        Line("13.06.2023", -12, 12, "sans", 22),
    )
    burned = burn(image, lines + technical(Line("TE 15", 12, -12, "sans", 20)), ink=int(image.max()))
    planted = identify(ds, visit, 1, 1)
    set_picture(ds, image, "MONOCHROME2")
    yield Sample("mr/follow-up.dcm", ds, planted, burned)


def cut_short(seed: int) -> Iterator[Sample]:
    """Two MR instances of one study; half of the second's pixel data is missing, so the whole study must be held."""
    visit = Visit(TREMBLAY, 9, "20230905", "MR Knee", seed)
    for number in (1, 2):
        ds, (image,) = scanned("MR_small.dcm")
        planted = identify(ds, visit, 1, number)
        set_picture(ds, image, "MONOCHROME2")
        if number == 2:
            ds.PixelData = ds.PixelData[: len(ds.PixelData) // 2]
        yield Sample(f"mr/knee-{number}.dcm", ds, planted)


ALL = (
    ct_with_banner,
    mr_inverted,
    ultrasound_yellow,
    cine,
    palette,
    dark_on_light,
    archived,
    follow_up,
    cut_short,
)
