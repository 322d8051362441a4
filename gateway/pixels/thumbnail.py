"""Small pictures of frames for the report."""

from __future__ import annotations

from itertools import islice

import cv2
from pydicom.dataset import Dataset

from gateway.errors import UnreadablePixels
from gateway.pixels.frames import read_frames
from gateway.pixels.layout import layout
from gateway.pixels.view import views


def thumbnail(dataset: Dataset, frame: int, size: int = 256) -> bytes:
    """A frame (numbered from 0) as a PNG whose longer side has at most ``size`` pixels.

    Raises:
        UnreadablePixels: there is no such frame.
    """
    found = layout(dataset)
    shown = next(islice(read_frames(dataset, found), frame, None), None) if found else None
    if shown is None:
        raise UnreadablePixels("There is no such frame to show.")
    view = views(shown, dataset)[0]
    scale = size / max(view.shape[:2])
    if scale < 1:
        columns, rows = max(1, round(view.shape[1] * scale)), max(1, round(view.shape[0] * scale))
        view = cv2.resize(view, (columns, rows), interpolation=cv2.INTER_AREA)
    png: bytes = cv2.imencode(".png", view[..., ::-1] if view.ndim == 3 else view)[1].tobytes()
    return png
