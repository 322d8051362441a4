"""Cines that move as real ones do: ultrasound whose speckle drifts and changes, slices of a body, contrast in a vessel, noise."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Frames = list[NDArray[np.uint8]]
ROWS, COLUMNS = 320, 420


def ultrasound(count: int, rows: int = ROWS, columns: int = COLUMNS, seed: int = 0) -> Frames:
    """A sector with a vessel that beats; speckle is the envelope of filtered noise, a third of it new in each frame."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    middle = columns / 2
    angle, depth = np.abs(np.arctan2(x - middle, y - 20)), np.hypot(x - middle, y - 20)
    sector = (angle < 0.65) & (depth < rows * 0.92) & (y > 60)
    field = chance.normal(size=(2, rows + 40, columns)).astype(np.float32)
    found = []
    for number in range(count):
        field = np.sqrt(0.65) * field + np.sqrt(0.35) * chance.normal(size=field.shape).astype(np.float32)
        down = int(20 + 15 * np.sin(number / 8))
        parts = [cv2.GaussianBlur(part, (7, 3), 0)[down : down + rows] for part in field]
        envelope = np.hypot(*parts)
        beat = np.sin(number / 5)
        inside = np.hypot((x - middle - 20) / (60 + 15 * beat), (y - rows / 2) / (40 + 12 * beat))
        values = 60 * envelope / envelope.mean() * (1 - 0.85 * np.exp(-(inside**2))) * sector
        found.append(np.clip(values, 0, 255).astype(np.uint8))
    return found


def slices(count: int, seed: int = 0) -> Frames:
    """Slices of a body whose organs come and go, with noise."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    organs = [chance.uniform((60, 50, 8, 8, -70, -1), (360, 270, 50, 40, 140, 1)) for _ in range(12)]
    found = []
    for number in range(count):
        values = np.where(((x - 210) / 180) ** 2 + ((y - 160) / 140) ** 2 < 1, 90.0, 0.0)
        for phase, (across, down, wide, high, value, drift) in enumerate(organs):
            grown = 1 + 0.4 * np.sin(number / 7 + phase)
            values[((x - across - number * drift) / (wide * grown)) ** 2 + ((y - down) / (high * grown)) ** 2 < 1] += (
                value
            )
        noisy = cv2.GaussianBlur(values + chance.normal(0, 12, values.shape), (3, 3), 0)
        found.append(np.clip(noisy, 0, 255).astype(np.uint8))
    return found


def angiogram(count: int, seed: int = 0) -> Frames:
    """A vessel that fills with contrast and moves, in the noise of fluoroscopy."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    ground = 150 + 40 * np.sin(x / 90) + 30 * np.cos(y / 70)
    found = []
    for number in range(count):
        course = [
            [60 + 6 * i + 8 * np.sin(number / 4 + i / 5), 160 + 60 * np.sin(i / 9 + number / 20)] for i in range(50)
        ]
        vessel = cv2.polylines(
            np.zeros((ROWS, COLUMNS), np.uint8), [np.array(course, np.int32)], isClosed=False, color=255, thickness=5
        )
        values = ground - 70 * min(1, number / 8) * (vessel / 255.0) + chance.normal(0, 14, ground.shape)
        found.append(np.clip(values, 0, 255).astype(np.uint8))
    return found


def still(count: int, rows: int = ROWS, columns: int = COLUMNS, seed: int = 0) -> Frames:
    """One picture, again and again, with the last bits of a sensor."""
    chance = np.random.default_rng(seed)
    (picture,) = ultrasound(1, rows, columns, seed)
    return [np.clip(picture + chance.integers(-2, 3, picture.shape), 0, 255).astype(np.uint8) for _ in range(count)]


KINDS: dict[str, Callable[[int], Frames]] = {
    "ultrasound": ultrasound,
    "slices": slices,
    "angiogram": angiogram,
    "still": still,
}


def write(
    picture: NDArray[np.uint8], text: str, x: int, y: int, size: int = 18, light: float = 1.0
) -> NDArray[np.uint8]:
    """Write a text at full brightness, or fainter."""
    ink = Image.new("L", picture.shape[::-1])
    ImageDraw.Draw(ink).text((x, y), text, fill=255, font=ImageFont.load_default(size))
    share = np.asarray(ink) / 255 * light
    return np.asarray(picture * (1 - share) + 255 * share).astype(np.uint8)
