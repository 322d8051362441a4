"""The initials of whoever took the image: two or three capitals that stand alone on the picture, or beside a marker of side.

Technologists put them there on lead markers or with the console's annotation. Many are abbreviations of the lists as well (CLS,
HAS); what stands alone on a radiograph or a slice and is neither side, view nor position says nothing that research needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gateway.pixels.around import is_weak
from gateway.pixels.policy import is_marker
from gateway.pixels.reader import Line
from gateway.pixels.rows import in_column, on_one_row
from gateway.pixels.scene import Scene
from gateway.records import Finding, Verdict

INITIALS = "capitals that stand alone"
_CAPITALS = re.compile(r"[A-Z]{2,3}")
_NEAR = 12.0  # heights: what stands closer on a row belongs to a text
_Found = Sequence[tuple[Line, Finding]]


def lone_capitals(found: _Found, scene: Scene) -> frozenset[int]:
    """The positions in ``found`` of technical texts that could be initials.

    Where operators write on the picture what it shows, words of consoles and of anatomy stay: what is firmly technical.
    """
    told = [line for line, _ in found if not line.code and not is_marker(line.text.strip())]
    return frozenset(
        i
        for i, (line, finding) in enumerate(found)
        if (is_weak(finding) if scene.annotated else finding.verdict is Verdict.TECHNICAL)
        and _could_be_initials(line.text)
        and not any(_belongs(line, other) for other in told if other is not line)
    )


def _could_be_initials(text: str) -> bool:
    """Whether one group of two or three capitals stands beside nothing but markers: ``L HAS``."""
    words = [word for word in re.split(r"[^\w]+", text) if word and not is_marker(word)]
    return len(words) == 1 and bool(_CAPITALS.fullmatch(words[0]))


def _belongs(line: Line, other: Line) -> bool:
    """Whether a text stands with another in a row or a column of details."""
    gap = max(line.box.x, other.box.x) - min(line.box.x + line.box.w, other.box.x + other.box.w)
    return in_column(line, other) or (on_one_row(line, other) and gap <= _NEAR * max(line.height, other.height))
