"""Graphics (PS3.15 E.3.3): removed, or with the Clean Graphics Option kept for the pixel step, which reads and judges them.

Overlays are groups 6000 to 601E (PS3.3 C.9.2), annotations of presentation states are in Graphic Annotation Sequence
(PS3.3 C.10.5). Curves (group 50xx) always go: they were retired in 2004 and nothing draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

OPTION = "CleanGraphicsOption"
ANNOTATION = 0x00700001
# Elements of an overlay group: VR, action, greatest number of values. All others are retired.
_OVERLAY: Mapping[int, tuple[str, str, int | None]] = {
    0x0010: ("US", "K", 1),
    0x0011: ("US", "K", 1),
    0x0015: ("IS", "K", 1),
    0x0022: ("LO", "C", 1),
    0x0040: ("CS", "K", 1),
    0x0045: ("LO", "C", 1),
    0x0050: ("SS", "K", 2),
    0x0051: ("US", "K", 1),
    0x0100: ("US", "K", 1),
    0x0102: ("US", "K", 1),
    0x1001: ("CS", "C", 1),
    0x1301: ("IS", "K", 1),
    0x1302: ("DS", "K", 1),
    0x1303: ("DS", "K", 1),
    0x1500: ("LO", "C", 1),
    0x3000: ("OB or OW", "K", None),
    0x4000: ("LT", "C", 1),
}
_GROUPS = range(0x6000, 0x6020, 2)
LAYERS = frozenset(group << 16 | 0x1001 for group in _GROUPS)  # Overlay Activation Layer: the name of a graphic layer


class Treatment(NamedTuple):
    """Action, fallback, rule, VR and greatest number of values of a step."""

    action: str
    fallback: str
    rule: str
    vr: str
    most: int | None


def is_graphics(tag: int) -> bool:
    """Whether an element is one of a curve, an overlay, or the annotations of a presentation state."""
    return tag == ANNOTATION or tag >> 16 & 0xFF01 in (0x5000, 0x6000)


def treatment(tag: int, *, top: bool, kept: bool) -> Treatment:
    """Return what the tag step does to an element of graphics; ``kept``: the profile has the option."""
    if tag == ANNOTATION:
        return Treatment("C" if kept else "X", "X", "clean-graphics" if kept else "graphics", "SQ", None)
    known = _OVERLAY.get(tag & 0xFFFF) if kept and top and tag >> 16 in _GROUPS else None
    if known is None:
        return Treatment("X", "X", "curves-and-overlays", "UN", None)
    vr, action, most = known
    return Treatment(action, "X", "clean-graphics", vr, most)
