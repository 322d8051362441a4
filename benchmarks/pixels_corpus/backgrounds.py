"""Phantoms: pictures that look like anatomy and are computed.

Every picture is float32 in display units: 0 is black and 1 is white, (rows, columns) or (rows, columns, 3).
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Painter = Callable[[Generator, int, int], Picture]


def noise(rng: Generator, rows: int, columns: int, scale: float) -> Picture:
    """Smooth noise of mean 0 and standard deviation 1; ``scale`` is the size of its blots in pixels."""
    step = max(1, int(scale / 2))
    coarse = rng.standard_normal((rows // step + 4, columns // step + 4)).astype(np.float32)
    fine = cv2.resize(cv2.GaussianBlur(coarse, (0, 0), max(0.6, scale / step / 2)), (columns, rows))
    return np.asarray((fine - fine.mean()) / (fine.std() + 1e-6), np.float32)


def _grid(rows: int, columns: int) -> tuple[Picture, Picture]:
    """Coordinates from -1 to 1 of a centred square: y and x."""
    half = min(rows, columns) / 2
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    return (y - rows / 2) / half, (x - columns / 2) / half


def _ellipse(y: Picture, x: Picture, at: tuple[float, float], half: tuple[float, float], turn: float = 0) -> Picture:
    """1 inside, 0 outside, with a soft edge; ``at`` and ``half`` are (y, x)."""
    cos, sin = np.cos(turn), np.sin(turn)
    dy, dx = y - at[0], x - at[1]
    radius = np.hypot((dy * cos + dx * sin) / half[0], (dx * cos - dy * sin) / half[1])
    return np.asarray(np.clip((1.04 - radius) / 0.05, 0, 1), np.float32)


def ct_body(rng: Generator, rows: int, columns: int) -> Picture:
    """A slice of a chest or an abdomen: fat, muscle, ribs, a vertebra, lungs or a liver, the table below."""
    y, x = _grid(rows, columns)
    wide, high = rng.uniform(0.78, 0.92), rng.uniform(0.56, 0.7)
    picture = 0.28 * _ellipse(y, x, (0, 0), (high, wide))
    picture += 0.17 * _ellipse(y, x, (0, 0), (high - 0.07, wide - 0.08)) * (1 + 0.06 * noise(rng, rows, columns, 9))
    if rng.random() < 0.5:
        for side in (-1, 1):
            lung = _ellipse(y, x, (-0.05, side * 0.42), (high * 0.68, wide * 0.36), side * 0.15)
            vessels = np.clip(noise(rng, rows, columns, 7) - 1.5, 0, 1)
            picture = picture * (1 - lung) + lung * (0.06 + 0.5 * vessels)
        picture += 0.1 * _ellipse(y, x, (0.02, 0.1), (0.27, 0.22))
    else:
        picture += 0.09 * _ellipse(y, x, (-0.1, -0.38), (0.38, 0.34), 0.3) * (1 + 0.1 * noise(rng, rows, columns, 14))
        for _ in range(7):
            at = rng.uniform(-0.25, 0.2), rng.uniform(-0.05, 0.6)
            picture += rng.uniform(-0.12, 0.12) * _ellipse(y, x, at, (0.09, 0.12), rng.uniform(0, 3))
    for angle in np.arange(0.15, 6.2, 0.45) + rng.uniform(-0.12, 0.12):
        at = (high - 0.11) * np.sin(angle), (wide - 0.12) * np.cos(angle)
        half, turn = rng.uniform((0.02, 0.05), (0.034, 0.12)), angle + 1.57 + rng.normal(0, 0.25)
        shell = _ellipse(y, x, at, (half[0], half[1]), turn)
        picture += 0.45 * shell - 0.25 * _ellipse(y, x, at, (half[0] * 0.55, half[1] * 0.75), turn)
    picture += 0.4 * _ellipse(y, x, (high * 0.55, 0), (0.12, 0.13)) + 0.25 * _ellipse(
        y, x, (high * 0.8, 0), (0.1, 0.03)
    )
    table = np.abs(y - high - 0.13 - 0.1 * x * x) < 0.008
    picture = picture + 0.3 * table + 0.012 * noise(rng, rows, columns, 1.5)
    return np.asarray(np.clip(picture, 0, 1), np.float32)


def ct_head(rng: Generator, rows: int, columns: int) -> Picture:
    """A slice of a head: a bright skull, brain, ventricles."""
    y, x = _grid(rows, columns)
    high, wide = rng.uniform(0.76, 0.86), rng.uniform(0.6, 0.68)
    skull, brain = _ellipse(y, x, (0, 0), (high, wide)), _ellipse(y, x, (0, 0), (high - 0.08, wide - 0.08))
    picture = 0.98 * (skull - brain) + brain * (0.4 + 0.025 * noise(rng, rows, columns, 12))
    for side in (-1, 1):
        picture -= 0.2 * _ellipse(y, x, (-0.05, side * 0.12), (0.22, 0.055), side * 0.25)
    picture += 0.15 * _ellipse(y, x, (0, 0), (high + 0.05, wide + 0.05)) * (1 - skull)
    picture += (
        0.25 * _ellipse(y, x, (rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3)), (0.1, 0.07), rng.uniform(0, 3)) * brain
    )
    return np.asarray(np.clip(picture + 0.015 * noise(rng, rows, columns, 1.3), 0, 1), np.float32)


def mr_brain(rng: Generator, rows: int, columns: int) -> Picture:
    """A slice of a brain with folds, in the weighting of T1 or T2."""
    y, x = _grid(rows, columns)
    head, brain = _ellipse(y, x, (0, 0), (0.82, 0.66)), _ellipse(y, x, (0, 0), (0.7, 0.55))
    folds = np.sin(5 * noise(rng, rows, columns, min(rows, columns) / 16))
    depth = np.clip(1.3 - np.hypot(y / 0.7, x / 0.55), 0, 1)
    picture = 0.6 * (head - _ellipse(y, x, (0, 0), (0.76, 0.6))) + brain * (0.42 + 0.14 * folds * (1 - depth))
    sign = rng.choice([-1, 1])
    for side in (-1, 1):
        picture += sign * 0.3 * _ellipse(y, x, (-0.05, side * 0.1), (0.2, 0.06), side * 0.3)
    bias = 1 + 0.15 * noise(rng, rows, columns, min(rows, columns))
    return np.asarray(np.clip(picture * bias + np.abs(0.02 * noise(rng, rows, columns, 1.2)), 0, 1), np.float32)


def mr_spine(rng: Generator, rows: int, columns: int) -> Picture:
    """A spine from the side: vertebrae, discs, the cord, fat behind."""
    y, x = _grid(rows, columns)
    bend = 0.12 * np.sin(2.2 * y + rng.uniform(0, 6))
    picture = 0.22 + 0.08 * noise(rng, rows, columns, 25) + 0.4 * np.clip((x - 0.55) * 4, 0, 1)
    for at in np.arange(-0.95, 1, 0.27):
        picture += 0.32 * _ellipse(y, x - bend, (at, -0.05), (0.1, 0.16)) - 0.15 * _ellipse(
            y, x - bend, (at + 0.135, -0.05), (0.03, 0.15)
        )
    cord = np.exp(-(((x - bend - 0.24) / 0.06) ** 2))
    picture += rng.choice([-0.25, 0.4]) * cord
    picture *= np.clip((1.1 - np.abs(x)) * 6, 0, 1)
    return np.asarray(np.clip(picture + np.abs(0.03 * noise(rng, rows, columns, 1.2)), 0, 1), np.float32)


def _speckle(rng: Generator, rows: int, columns: int, size: float) -> Picture:
    """Rayleigh speckle of mean about 0.5."""
    grain = np.hypot(noise(rng, rows, columns, size), noise(rng, rows, columns, size))
    return np.asarray(np.clip(grain / 2.5, 0, 1), np.float32)


def _tissue(rng: Generator, rows: int, columns: int) -> Picture:
    y, x = _grid(rows, columns)
    tissue = 0.42 + 0.13 * noise(rng, rows, columns, min(rows, columns) / 7)
    for _ in range(int(rng.integers(1, 4))):
        at = rng.uniform(-0.4, 0.5), rng.uniform(-0.5, 0.5)
        tissue -= rng.uniform(0.2, 0.4) * _ellipse(
            y, x, at, (rng.uniform(0.06, 0.25), rng.uniform(0.08, 0.3)), rng.uniform(0, 3)
        )
    return np.asarray(np.clip(tissue, 0.03, 1), np.float32)


def us_sector(rng: Generator, rows: int, columns: int) -> Picture:
    """A sector of speckle on a black screen, as curved and phased arrays show it."""
    picture = _tissue(rng, rows, columns) * (0.3 + 0.9 * _speckle(rng, rows, columns, 2.5))
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    top, opening, near = -rows * rng.uniform(0.0, 0.25), rng.uniform(0.45, 0.75), rows * rng.uniform(0.1, 0.3)
    radius, angle = np.hypot(y - top, x - columns * 0.5), np.arctan2(x - columns * 0.5, y - top)
    inside = (np.abs(angle) < opening) & (radius > near) & (radius < rows * 0.93 - top)
    return np.asarray(np.where(inside, np.clip(picture, 0.02, 1), 0.0), np.float32)


def us_linear(rng: Generator, rows: int, columns: int) -> Picture:
    """A rectangle of speckle with layers, as linear arrays show it."""
    y, _ = _grid(rows, columns)
    layers = 0.12 * np.sin(13 * y + noise(rng, rows, columns, rows / 4)) * np.clip(0.6 - y, 0, 1)
    picture = (_tissue(rng, rows, columns) + layers) * (0.3 + 0.9 * _speckle(rng, rows, columns, 2.0))
    screen = np.zeros((rows, columns), np.float32)
    top, bottom, left, right = (int(part) for part in (rows * 0.12, rows * 0.86, columns * 0.2, columns * 0.78))
    screen[top:bottom, left:right] = np.clip(picture[top:bottom, left:right], 0.02, 1)
    return screen


def us_colour(rng: Generator, rows: int, columns: int) -> Picture:
    """A sector with a box of flow in red and blue."""
    grey = us_sector(rng, rows, columns)
    picture = np.repeat(grey[..., None], 3, axis=2)
    top, bottom, left, right = (int(part) for part in (rows * 0.35, rows * 0.65, columns * 0.38, columns * 0.62))
    flow = noise(rng, rows, columns, min(rows, columns) / 14)
    inside = np.zeros((rows, columns), bool)
    inside[top:bottom, left:right] = True
    picture[inside & (flow > 0.7)] = (0.85, 0.25, 0.05)
    picture[inside & (flow < -0.9)] = (0.1, 0.3, 0.9)
    cv2.rectangle(picture, (left, top), (right, bottom), (0.9, 0.9, 0.2), 1)
    return picture


def cr_chest(rng: Generator, rows: int, columns: int) -> Picture:
    """A radiograph of a chest: bright heart and spine, dark lungs, ribs across."""
    y, x = _grid(rows, columns)
    picture = 0.62 + 0.05 * noise(rng, rows, columns, rows / 5) - 0.25 * np.clip(np.abs(x) - 0.75, 0, 1) * 3
    for side in (-1, 1):
        picture -= 0.4 * _ellipse(y, x, (-0.08, side * 0.4), (0.62, 0.3), side * -0.1)
        for at in np.arange(-0.75, 0.6, 0.17):
            rib = (
                np.exp(-(((y - at - 0.9 * (np.abs(x) - 0.4) ** 2) / 0.03) ** 2))
                * (side * x > 0.08)
                * (np.abs(x) < 0.75)
            )
            picture += 0.09 * rib
    picture += 0.28 * np.exp(-((x / 0.1) ** 2)) + 0.25 * _ellipse(y, x, (0.2, 0.12), (0.32, 0.27), 0.5)
    picture += 0.2 * np.clip((y - 0.55) * 3, 0, 1)
    if rng.random() < 0.5:  # collimated
        picture *= (np.abs(y) < rng.uniform(0.85, 0.97)) & (
            np.abs(x) < rng.uniform(0.8, 0.97) * columns / min(rows, columns)
        )
    return np.asarray(np.clip(picture + 0.01 * noise(rng, rows, columns, 1.4), 0, 1), np.float32)


def dx_limb(rng: Generator, rows: int, columns: int) -> Picture:
    """A limb: long bones with a shell, soft tissue around them, black elsewhere."""
    y, x = _grid(rows, columns)
    lean = rng.uniform(-0.25, 0.25)
    across = x - lean * y
    picture = 0.25 * np.clip((0.5 - np.abs(across)) * 5, 0, 1)
    for at, half in ((-0.15, 0.13), (0.2, 0.08)):
        bone = np.clip((half - np.abs(across - at)) * 30, 0, 1)
        hollow = np.clip((half * 0.55 - np.abs(across - at)) * 20, 0, 1)
        picture += bone * 0.5 - hollow * 0.22 + bone * 0.03 * noise(rng, rows, columns, 4)
    joint = np.exp(-(((y - rng.uniform(-0.3, 0.3)) / 0.03) ** 2))
    picture -= 0.25 * joint * (np.abs(across) < 0.4)
    return np.asarray(np.clip(picture + 0.01 * noise(rng, rows, columns, 1.5), 0, 1), np.float32)


def mammogram(rng: Generator, rows: int, columns: int) -> Picture:
    """A breast at one edge, glandular tissue in it, nothing elsewhere."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    radius = np.hypot((y - rows / 2) / (rows * 0.42), x / (columns * 0.72))
    inside = np.clip((1 - radius) * 9, 0, 1)
    glands = np.clip(noise(rng, rows, columns, columns / 9) + 0.8 - radius, 0, 2) * 0.2
    picture = np.clip(inside * (0.25 + glands + 0.02 * noise(rng, rows, columns, 3)), 0, 1)
    return np.asarray(picture if rng.random() < 0.5 else picture[:, ::-1], np.float32)


def _branches(rng: Generator, canvas: Picture, at: tuple[float, float], angle: float, width: float) -> None:
    """Draw one vessel and, from its end, two thinner ones."""
    while width > 1:
        for _ in range(int(rng.integers(12, 26))):
            angle += rng.normal(0, 0.1)
            then = at[0] + 7 * np.cos(angle), at[1] + 7 * np.sin(angle)
            cv2.line(
                canvas, (int(at[0]), int(at[1])), (int(then[0]), int(then[1])), 1.0, max(1, int(width)), cv2.LINE_AA
            )
            at = then
        width *= 0.72
        _branches(rng, canvas, at, angle + rng.uniform(0.3, 0.8), width * 0.6)
        angle -= rng.uniform(0.1, 0.5)


def xa_vessels(rng: Generator, rows: int, columns: int) -> Picture:
    """Contrast medium in a tree of vessels, dark on grey, within the blades of the collimator."""
    tree = np.zeros((rows, columns), np.float32)
    for _ in range(2):
        start = columns * rng.uniform(0.3, 0.6), rows * rng.uniform(0.1, 0.25)
        _branches(rng, tree, start, rng.uniform(0.8, 2.2), rows / 70)
    y, x = _grid(rows, columns)
    ground = 0.55 + 0.1 * noise(rng, rows, columns, rows / 4) - 0.12 * np.clip(x, -1, 1)
    picture = ground * (1 - 0.6 * cv2.GaussianBlur(tree, (0, 0), 1.5)) + 0.025 * noise(rng, rows, columns, 1.8)
    return np.asarray(np.clip(picture, 0, 1) * (np.hypot(y, x) < rng.uniform(1.1, 1.45)), np.float32)


def mucosa(rng: Generator, rows: int, columns: int) -> Picture:
    """The inside of a bowel in colour: folds, a dark lumen, small vessels, glare, cut to an octagon or a circle."""
    y, x = _grid(rows, columns)
    at = rng.uniform(-0.25, 0.25, 2)
    depth = np.clip(np.hypot(y - at[0], x - at[1]), 0.03, 1.2)
    light = np.clip(0.15 + 0.75 * depth + 0.08 * np.sin(9 * depth + 2 * noise(rng, rows, columns, rows / 4)), 0, 1)
    veins = np.clip(np.abs(noise(rng, rows, columns, rows / 20)) * 8, 0, 1)
    red = light * (0.85 + 0.05 * noise(rng, rows, columns, 6))
    picture = np.stack([red, light * (0.42 + 0.12 * veins), light * (0.32 + 0.1 * veins)], axis=2)
    glare = np.clip(noise(rng, rows, columns, 11) - 2.6, 0, 1)[..., None] * 4
    picture = np.clip(picture + glare, 0, 1)
    inside = np.maximum(np.abs(y), np.abs(x)) + 0.35 * np.minimum(np.abs(y), np.abs(x)) < 1.08
    right = x + rng.uniform(-0.1, 0.3)
    return np.asarray(picture * (inside & (right > -1.0))[..., None], np.float32)


def sc_pale(rng: Generator, rows: int, columns: int) -> Picture:
    """A pale window with panels and a small picture: a report page or a workstation's form."""
    picture = np.full((rows, columns, 3), rng.uniform(0.82, 0.97), np.float32)
    picture[: rows // 14] = rng.uniform(0.15, 0.7, 3)
    small = cv2.resize(ct_body(rng, 128, 128), (columns // 3, rows // 3))[..., None]
    top, left = rows // 2, columns - columns // 3 - 20
    picture[top : top + rows // 3, left : left + columns // 3] = small
    cv2.rectangle(picture, (8, rows // 12), (columns - 9, rows - 9), (0.6, 0.6, 0.65), 1)
    return picture


def sc_dark(rng: Generator, rows: int, columns: int) -> Picture:
    """A dark workstation window with four views and coloured frames."""
    picture = np.full((rows, columns, 3), 0.06, np.float32)
    half = rows // 2 - 6, columns // 2 - 6
    for number, paint in enumerate((ct_body, ct_head, ct_body, mr_brain)):
        top, left = 4 + (number // 2) * (rows // 2), 4 + (number % 2) * (columns // 2)
        picture[top : top + half[0], left : left + half[1]] = paint(rng, *half)[..., None]
        cv2.rectangle(picture, (left, top), (left + half[1], top + half[0]), tuple(rng.uniform(0.3, 0.9, 3)), 1)
    return picture


def sc_surface(rng: Generator, rows: int, columns: int) -> Picture:
    """A shaded surface in colour, as of bones in space, before a dark blue gradient."""
    y, x = _grid(rows, columns)
    height = cv2.GaussianBlur(noise(rng, rows, columns, rows / 6) + 2 * (1 - np.hypot(y, x)), (0, 0), 2)
    slope = np.gradient(height)
    light = np.clip(0.6 + 9 * (slope[0] + slope[1]), 0.1, 1)
    body = (height > 0.6)[..., None]
    picture = light[..., None] * np.array([0.95, 0.85, 0.65]) * body
    ground = np.clip(0.25 * (1 - y), 0, 1)[..., None] * np.array([0.2, 0.3, 0.8])
    return np.asarray(np.clip(np.where(body, picture, ground), 0, 1), np.float32)


PHANTOMS: dict[str, tuple[Painter, ...]] = {
    "CT": (ct_body, ct_head),
    "MR": (mr_brain, mr_spine),
    "US": (us_sector, us_linear, us_colour),
    "CR": (cr_chest, dx_limb),
    "DX": (dx_limb, cr_chest),
    "MG": (mammogram,),
    "XA": (xa_vessels,),
    "ES": (mucosa,),
    "SC": (sc_pale, sc_dark, sc_surface),
}
