"""Which text in pixels goes: the knob ``pixels`` of a profile, and what a frame under ``regions`` has to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from gateway.errors import TextOutsideRegions
from gateway.judge.vocabulary import read
from gateway.pixels.scene import Scene
from gateway.records import Box, Finding, Verdict
from gateway.resources import folder

_END, _SIDE = 0.3, 0.1  # of a text's height: how much farther a mask reaches where all text goes, along it and across
_LARGEST = 40  # pixels: what is higher is a bar code or a page
_COVERED = 0.9  # of a text's box: so much of it in the boxes of recipes, and it goes with them


@dataclass(frozen=True, slots=True)
class Policy:
    """What is masked of the text in pixels, by the profile's knob ``pixels``.

    ``phi``: what identifies or is unsure. ``text``: everything but markers. ``regions``: the boxes of recipes alone; text outside
    them that ``phi`` would mask holds the study.
    """

    choice: str = "phi"

    @property
    def all_text(self) -> bool:
        """Whether technical text goes, too."""
        return self.choice == "text"

    @property
    def boxes_only(self) -> bool:
        """Whether nothing but the boxes of recipes is masked."""
        return self.choice == "regions"

    @property
    def rule(self) -> str:
        """The rule of the profile that stands for the policy."""
        return f"pixels.{self.choice}"

    def widened(self, finding: Finding, scene: Scene) -> Finding:
        """A finding whose mask reaches farther: where no text has to stay, what detection cut off its ends goes with it."""
        if finding.verdict is Verdict.TECHNICAL:
            return finding
        box, size = finding.box, min(finding.box.w, finding.box.h, _LARGEST)
        across, down = (round(part * size) for part in ((_END, _SIDE) if box.w >= box.h else (_SIDE, _END)))
        left, top = max(0, box.x - across), max(0, box.y - down)
        right, bottom = min(scene.columns, box.x + box.w + across), min(scene.rows, box.y + box.h + down)
        return replace(finding, box=Box(left, top, max(box.w, right - left), max(box.h, bottom - top)))


PHI = Policy()


def is_marker(text: str) -> bool:
    """Whether a text is a marker of side, view or position: it stays although all text goes."""
    return text.upper().strip(" .()[]") in _markers()


@cache
def _markers() -> frozenset[str]:
    return frozenset(read(folder("profiles") / "vocabulary" / "markers.txt"))


def require_covered(findings: Sequence[Finding], boxes: Sequence[Box]) -> None:
    """Check under ``regions`` that all text that identifies or may identify lies in the boxes of recipes.

    Raises:
        TextOutsideRegions: some does not; the message names the first such frame and the numbers of places.
    """
    outside = [finding for finding in findings if finding.verdict is not Verdict.TECHNICAL]
    outside = [finding for finding in outside if _left(finding.box, boxes) > 1 - _COVERED]
    if outside:
        first = min(finding.frame for finding in outside)
        here = [finding for finding in outside if finding.frame == first]
        sure = sum(finding.verdict is Verdict.PHI for finding in here)
        frames = len({finding.frame for finding in outside})
        raise TextOutsideRegions(first, len(here), sure, frames)


def _left(box: Box, boxes: Sequence[Box]) -> float:
    """The share of ``box`` that none of ``boxes`` covers."""
    free = np.ones((max(1, box.h), max(1, box.w)), bool)
    for other in boxes:
        top, left = other.y - box.y, other.x - box.x
        free[max(0, top) : max(0, top + other.h), max(0, left) : max(0, left + other.w)] = False
    return float(free.mean())
