"""Pictures of lines of text, as a reader cuts them out of frames: for training and measuring a recognition network.

Only fonts that travel with the packages (matplotlib's, Pillow's, OpenCV's strokes). Those of ``HELD_FONTS`` are for measuring.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
HEIGHT = 32  # pixels of a strip
_TTF = Path(mpl.get_data_path()) / "fonts" / "ttf"
FONTS: tuple[str | int, ...] = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSans-Oblique",
    "DejaVuSansMono",
    "DejaVuSansMono-Oblique",
    "DejaVuSerif",
    "STIXGeneral",
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_COMPLEX_SMALL,
)
HELD_FONTS: tuple[str | int, ...] = (
    "",  # Pillow's own
    "DejaVuSansMono-Bold",
    "DejaVuSerif-Bold",
    "STIXGeneralBol",
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
)
_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_ALL = string.ascii_letters + string.digits + _MARKS
_ONSETS = ("", *"bcdfghjklmnprstvwz", "br", "ch", "kr", "sch", "st", "th", "tr", "qu", "x", "y")
_VOWELS = (*"aeiou", "ai", "ee", "ou", "y")
_ENDS = ("", "", *"dklmnrstxz", "ck", "ff", "ll", "nn", "ng", "ss", "tz")


def text(dice: random.Random) -> str:
    """A line: made words, numbers, dates and times, or characters in any order."""
    kinds: Sequence[Callable[[random.Random], str]] = (_words, _words, _number, _mixture)
    return dice.choice(kinds)(dice)


def picture(line: str, dice: random.Random, fonts: Sequence[str | int]) -> Picture:
    """A strip (HEIGHT, columns) in which ``line`` stands, or nothing but its ground if the line is empty."""
    ink = _ink(line or "x", dice.choice(fonts), dice.choice((9, 10, 11, 12, 14, 16, 18, 22, 28, 36)), dice)
    ink = _with_margins(ink, dice)
    ground = _ground(ink.shape, dice)
    if line:
        dark = dice.random() < 0.3
        level = dice.randint(0, 90) if dark else dice.randint(150, 255)
        while abs(level - float(ground.mean())) < 50:
            level = dice.randint(0, 255)
        ground += (level - ground) * (ink.astype(np.float32) / 255)
    return _strip(_worn(ground, dice))


def _words(dice: random.Random) -> str:
    words = ["".join(_syllable(dice) for _ in range(dice.randint(1, 3))) for _ in range(dice.randint(1, 2))]
    style = dice.choice((str.upper, str.capitalize, str.lower, str.capitalize))
    return dice.choice((" ", " ", "^", ", ", "_", "-", ": ")).join(style(word) for word in words)


def _syllable(dice: random.Random) -> str:
    return dice.choice(_ONSETS) + dice.choice(_VOWELS) + dice.choice(_ENDS)


def _number(dice: random.Random) -> str:
    digits = "".join(dice.choices(string.digits, k=dice.randint(2, 10)))
    day, month, year = dice.randint(1, 31), dice.randint(1, 12), dice.randint(1900, 2099)
    return dice.choice(
        (
            digits,
            dice.choice(("ID: ", "MRN ", "#", "No. ", "A", "M-")) + digits,
            dice.choice(("{:02}/{:02}/{}", "{:02}.{:02}.{}", "{:02}-{:02}-{}", "{}.{}.{}")).format(day, month, year),
            f"{dice.randint(0, 23):02}:{dice.randint(0, 59):02}:{dice.randint(0, 59):02}",
            f"{dice.choice('MFTW')}I {dice.random() * 3:.1f} {dice.randint(1, 99)}%",
            f"{dice.random() * 200:.{dice.randint(1, 2)}f} {dice.choice(('mm', 'cm', 'kV', 'mAs', 'dB', 'Hz', 'MHz', 'cm/s'))}",
        )
    )


def _mixture(dice: random.Random) -> str:
    """Characters in any order; a space now and then."""
    drawn = "".join(dice.choice(_ALL) if dice.random() > 0.12 else " " for _ in range(dice.randint(2, 14)))
    return " ".join(drawn.split()) or "?"


def _ink(line: str, font: str | int, size: int, dice: random.Random) -> Picture:
    """The line as white on black, cut to its ink; ``size`` in pixels."""
    if isinstance(font, int):
        scale, thick = size / 30 * (2 if font == cv2.FONT_HERSHEY_PLAIN else 1), 1 if size < 20 else dice.randint(1, 3)
        (width, height), below = cv2.getTextSize(line, font, scale, thick)
        drawn = np.zeros((height + below + 12, width + 12), np.uint8)
        kind = dice.choice((cv2.LINE_8, cv2.LINE_AA))
        cv2.putText(drawn, line, (6, height + 4), font, scale, 255, thick, kind)
    else:
        face = ImageFont.truetype(_TTF / f"{font}.ttf", size) if font else ImageFont.load_default(size)
        left, top, right, bottom = face.getbbox(line)
        canvas = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8))
        pen = ImageDraw.Draw(canvas)
        pen.fontmode = dice.choice(("L", "L", "1"))
        pen.text((4 - left, 4 - top), line, fill=255, font=face)
        drawn = np.asarray(canvas)
    rows, columns = np.flatnonzero(drawn.max(axis=1)), np.flatnonzero(drawn.max(axis=0))
    return drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _with_margins(ink: Picture, dice: random.Random) -> Picture:
    """As detection cuts: mostly some room around the line, sometimes a row of it lost."""
    high = ink.shape[0]
    above, below = (round(high * dice.uniform(-0.04, 0.35)) for _ in range(2))
    before, after = (dice.randint(0, max(2, high // 2)) for _ in range(2))
    ink = ink[max(0, -above) : high - max(0, -below)]
    return np.pad(ink, ((max(0, above), max(0, below)), (before, after)))


def _ground(shape: tuple[int, ...], dice: random.Random) -> NDArray[np.float32]:
    """What a line stands on: one grey, or shades of low frequency, with noise."""
    seen = np.random.default_rng(dice.getrandbits(32))
    base = dice.choice((0.0, 0.0, dice.uniform(0, 120), dice.uniform(120, 255)))
    ground = np.full(shape, base, np.float32)
    if dice.random() < 0.5:
        coarse = seen.normal(0, dice.uniform(5, 35), (3, max(2, shape[1] // 24))).astype(np.float32)
        ground += cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    if dice.random() < 0.5:
        ground += seen.normal(0, dice.uniform(1, 14), shape).astype(np.float32)
    return np.clip(ground, 0, 255)


def _worn(picture: NDArray[np.float32], dice: random.Random) -> Picture:
    """Blurred or compressed, as archives hold them."""
    if dice.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), dice.uniform(0.3, 0.9))
    worn = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    if dice.random() < 0.2:
        data = cv2.imencode(".jpg", worn, [cv2.IMWRITE_JPEG_QUALITY, dice.randint(30, 90)])[1]
        worn = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    return worn


def _strip(picture: Picture) -> Picture:
    """At the height of a strip, resized as EasyOCR does."""
    width = max(HEIGHT // 4, int(HEIGHT * picture.shape[1] / picture.shape[0]))
    return cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_LINEAR)
