"""What the place of a text in its image tells of it: a banner, a column of details, a page, the surroundings of ultrasound data.

A text that is technical but says little (a bare number, a letter, two letters) may there be an age, a sex, a room, initials.
Firmly technical text stays, and so do scales.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from gateway.judge.firm import FIRM
from gateway.pixels.reader import Line
from gateway.pixels.rows import SIDES, characters, in_column, on_one_row
from gateway.pixels.scales import is_decimal, scales
from gateway.pixels.scene import Scene
from gateway.records import Box, Finding, Verdict

BANNER, COLUMN, PAGE, OUTSIDE = (
    "a row of a banner",
    "a column of details",
    "a page of text",
    "outside the ultrasound regions",
)
UNREADABLE = "a page that cannot be read"
_EDGE = 0.15  # of the rows of an image: a banner stands in the first or last of them
_CENTRAL, _LINES = 0.25, 8  # of the rows and columns at each side: so many texts between them make a page
_HAND, _FEW = (
    0.15,
    4,
)  # of the texts of a page: if so many cannot be read, it is written by hand, and more is not even detected
_INSIDE = 0.5  # of a text's box: so much of it in a region stands in it
_DARK = ("text that cannot be read", "recognition is unsure")
_Found = Sequence[tuple[Line, Finding]]


def doubtful_by_place(found: _Found, scene: Scene, sides: AbstractSet[int] = frozenset()) -> Mapping[int, str]:
    """The positions in ``found`` of technical texts that have to be masked for where they stand, and the rule for each.

    ``sides`` are the positions of letters of orientation, which stay.
    """
    weak = [i for i, (_, finding) in enumerate(found) if is_weak(finding)]
    if not weak:
        return {}
    graded = scales([line for line, _ in found])
    identifying = [line for line, finding in found if finding.verdict is Verdict.PHI]
    firm = [line for line, finding in found if finding.verdict is Verdict.TECHNICAL and not is_weak(finding)]
    page = bool(identifying) and is_page([line for line, _ in found], scene)
    rules: dict[int, str] = {}
    for i in weak:
        line = found[i][0]
        if page and any(on_one_row(line, other) for other in identifying):
            rules[i] = PAGE
        elif i in graded:
            continue
        elif page and not is_decimal(line.text) and not any(on_one_row(line, other) for other in firm):
            rules[i] = PAGE
        elif line.text.strip() not in SIDES and any(in_column(line, other) for other in identifying):
            rules[i] = COLUMN
        elif i in sides:
            continue
        elif _in_banner(line, identifying, scene):
            rules[i] = BANNER
        elif scene.regions and _says_something(line) and not _in_region(line.box, scene.regions):
            rules[i] = OUTSIDE
    return rules


def is_page(lines: Sequence[Line], scene: Scene) -> bool:
    """Whether text fills an image: a form, a report, a list; around pictures it stands at the edges."""
    across, down = _CENTRAL * scene.columns, _CENTRAL * scene.rows
    middle = Box(round(across), round(down), round(scene.columns - 2 * across), round(scene.rows - 2 * down))
    return sum(not line.code and _is_long(line) and _shared(line.box, middle) > 0 for line in lines) >= _LINES


def _is_long(line: Line) -> bool:
    """Whether a text is more than a character or two: those are read into pictures, too."""
    return max(line.box.w, line.box.h) >= 2 * line.height


def unreadable_page(found: _Found, scene: Scene) -> bool:
    """Whether an image is a page with identifying fields of which a good part cannot be read: then none of it can stay."""
    texts = [finding for line, finding in found if not line.code and _is_long(line)]
    dark = sum(any(reason.rule in _DARK for reason in finding.reasons) for finding in texts)
    identifying = any(finding.verdict is Verdict.PHI for finding in texts)
    return identifying and dark >= max(_FEW, _HAND * len(texts)) and is_page([line for line, _ in found], scene)


def is_weak(finding: Finding) -> bool:
    """Whether a text is technical, but not firmly so."""
    technical = finding.verdict is Verdict.TECHNICAL
    return technical and not any(reason.rule == FIRM for reason in finding.reasons)


def _in_banner(line: Line, identifying: Sequence[Line], scene: Scene) -> bool:
    """Whether a text stands on a row with identifying text, at the upper or lower edge of the image."""
    edge = _EDGE * scene.rows
    middle = line.box.y + line.box.h / 2
    at_edge = middle < edge or middle > scene.rows - edge
    return at_edge and line.text.strip() not in SIDES and any(on_one_row(line, other) for other in identifying)


def _says_something(line: Line) -> bool:
    return characters(line) > 1 and not is_decimal(line.text)


def _in_region(box: Box, regions: Sequence[Box]) -> bool:
    area = max(1, box.w * box.h)
    return any(_shared(box, region) >= _INSIDE * area for region in regions)


def _shared(one: Box, other: Box) -> int:
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(0, across) * max(0, down)
