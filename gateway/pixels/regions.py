"""Which lines of text in a frame have to be masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from gateway.pixels.around import UNREADABLE, doubtful_by_place, unreadable_page
from gateway.pixels.cutting import cut
from gateway.pixels.initials import INITIALS, lone_capitals
from gateway.pixels.letters import is_strokes, runs, spelled
from gateway.pixels.pieces import wholes
from gateway.pixels.policy import PHI, Policy, is_marker
from gateway.pixels.reader import Line
from gateway.pixels.readings import surest
from gateway.pixels.rows import bridged, characters, companions, parted
from gateway.pixels.scene import Scene
from gateway.records import Box, Finding, Identifiers, Reason, Verdict

# Of 108 detections on the text-free images of the corpus 2 reach this product of the two scores with more than one
# character; of lines that are text, down to 7 px and JPEG quality 10, 1 in 50 stays below (docs/decisions/030).
_TEXT = 0.15
_LARGE = 64.0  # pixels: characters higher than the network reads (48) lose nothing when it reads them
_LARGE_SURE = 0.9  # their score: what is read into a body or an organ has 0.85 at most
_DETECTED = 0.65  # lines of text have 0.65 to 0.85; anatomy of their shape had 0.48 at most (docs/decisions/030)
_LONG = 3.0  # times its height: what is shorter may be a structure of the body
_LONG_SURE = 2.0  # the same of a level line where recognition is sure of the little that it read
_BLANK, _LONG_BLANK = 0.5, 1.4  # detection and length where nothing at all is read: of the body always one character is
_NAME, _LIKELY = 5.0, 0.55  # times its height: a given and a family name are longer; how sure detection is of them
_SPARSE = 0.5  # characters in a length of one height: lines that are read have 0.85 or more, letters far apart 0.6
_PERHAPS, _PERHAPS_READ, _ELONGATED = 0.35, 0.05, 1.5  # as above, where all text goes: what reading is unsure of
_OWN = 0.9  # the judge's score of a value that stands there whole
_SURE = 0.6  # below this mean score the characters are a guess, and a guess cannot be called technical
_PLACES = ("place.", "own.place")  # rules of the judge
_WORSE = (Verdict.TECHNICAL, Verdict.UNSURE, Verdict.PHI)


class Judged(Protocol):
    """What a judge says of a text."""

    @property
    def verdict(self) -> Verdict:
        """Identifying, unsure or technical."""
        ...

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rules that decided."""
        ...

    @property
    def part(self) -> tuple[int, int] | None:
        """The place of the text that has to go, where all the rest of it is firmly technical; None if all has to go."""
        ...


class Judge(Protocol):
    """Says whether a text identifies somebody."""

    def judge(self, text: str, identifiers: Identifiers) -> Judged:
        """Judge one line as a whole."""
        ...


@dataclass(frozen=True, slots=True)
class FakeAnswer:
    """What :class:`FakeJudge` says."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    part: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class FakeJudge:
    """Finds the identifiers' own values and nothing else: for tests of what happens after judging."""

    unsure: frozenset[str] = field(default=frozenset(), repr=False)

    def judge(self, text: str, identifiers: Identifiers) -> FakeAnswer:
        """PHI if ``text`` is one of the values, unsure if it was made so, else technical."""
        known = {
            value.casefold() for values in (identifiers.names, identifiers.ids, identifiers.dates) for value in values
        }
        if text.casefold() in known:
            return FakeAnswer(Verdict.PHI, (Reason("own value", 1.0),))
        if text in self.unsure:
            return FakeAnswer(Verdict.UNSURE, (Reason("unknown word", 1.0),))
        return FakeAnswer(Verdict.TECHNICAL, (Reason("vocabulary", 1.0),))


def findings(
    lines: Sequence[Line],
    frame: int,
    identifiers: Identifiers,
    judge: Judge,
    policy: Policy = PHI,
    scene: Scene | None = None,
) -> tuple[Finding, ...]:
    """Judge all lines of one frame, which ``scene`` describes. What is no text at all is left out.

    A scrap of text that says nothing by itself is kept where it stands alone (a side marker, a scale's figure) and masked
    beside a text that is masked: it may be the rest of it.
    """
    found = [
        piece
        for line in surest(lines)
        if counts(line, policy)
        for piece in cut(line, *_judged(line, frame, identifiers, judge))
    ]
    found = _made_whole(_joined(found, identifiers, judge), identifiers, judge)
    sides = frozenset(i for i, (line, _) in enumerate(found) if scene and scene.shows_side(line.box, line.text.strip()))
    found = _masked_too(found, dict.fromkeys(companions(found, sides), "beside a masked text"))
    if scene and unreadable_page(found, scene):
        whole = Box(0, 0, scene.columns, scene.rows)
        return (*(finding for _, finding in found), Finding(frame, whole, Verdict.UNSURE, (Reason(UNREADABLE, 1.0),)))
    if scene:
        found = _masked_too(found, doubtful_by_place(found, scene, sides))
        found = _masked_too(found, dict.fromkeys(lone_capitals(found, scene), INITIALS))
    if policy.all_text:
        found = _masked_too(
            found,
            {i: "all text" for i, (line, _) in enumerate(found) if not all(map(is_marker, (line.text, *line.others)))},
        )
    made = bridged(found if policy.all_text else parted(found))
    return tuple(policy.widened(finding, scene) for finding in made) if policy.all_text and scene else made


def _masked_too(found: Sequence[tuple[Line, Finding]], rules: Mapping[int, str]) -> list[tuple[Line, Finding]]:
    """Technical texts become unsure, by their position and for a rule."""
    return [
        (line, _unsure(finding, rules[i]) if i in rules and finding.verdict is Verdict.TECHNICAL else finding)
        for i, (line, finding) in enumerate(found)
    ]


def _may_be_text(line: Line) -> bool:
    """Whether something has the shape of text, even if neither detection nor recognition is sure of it."""
    large = line.height > _LARGE and line.score < _LARGE_SURE
    long = max(line.box.w, line.box.h) >= _ELONGATED * max(1.0, line.height) and line.detection >= _PERHAPS
    return not large and (long or line.score * line.detection >= _PERHAPS_READ)


def counts(line: Line, policy: Policy) -> bool:
    """Whether a line is judged under ``policy``: it is text, or could be where all text goes."""
    if policy.all_text and characters(line) == 1 and not _hides_more(line):  # of anatomy, most often
        return is_text(line) and line.detection >= _PERHAPS and line.height <= _LARGE
    return is_text(line) or (policy.all_text and _may_be_text(line))


def is_text(line: Line) -> bool:
    """Whether detection and recognition together are sure enough that this is text, not anatomy or noise.

    Small text may be hard to recognise; large text never is. What is large and yet not recognised is no text.
    """
    if _is_unreadable(line):
        return True
    return line.score * line.detection >= _TEXT and (line.height <= _LARGE or line.score >= _LARGE_SURE)


def _is_unreadable(line: Line) -> bool:
    """Whether detection is sure of a line, by its shape and size, that recognition cannot read: handwriting, a foreign script.

    Recognition may be sure of the one character it knows, and of blanks: then a line is too long for what was read in it.
    """
    length, read = max(line.box.w, line.box.h) / max(1.0, line.height), "".join(line.text.split())
    if line.height > _LARGE:
        return False
    if not read:
        return line.detection >= _BLANK and length >= _LONG_BLANK
    guessed = line.score < _SURE
    long = length >= (_LONG if guessed or line.box.h > line.box.w else _LONG_SURE)
    return line.detection >= _DETECTED and long and (guessed or len(read) < _SPARSE * length)


def _hides_more(line: Line) -> bool:
    """Whether a line of which one character was read is as long as a whole name: the rest is of a script that is not read."""
    one = len("".join(line.text.split())) == 1 and characters(line) == 1 and not is_strokes(line.text)
    return one and max(line.box.w, line.box.h) >= _NAME * max(1.0, line.height) and line.detection >= _LIKELY


def _judged(line: Line, frame: int, identifiers: Identifiers, judge: Judge) -> tuple[Finding, tuple[int, int] | None]:
    """Judge a line by each of its readings; the worst verdict counts. With the part of its text that goes, None for all."""
    if line.code:
        return Finding(frame, line.box, Verdict.UNSURE, (Reason("barcode", 1.0),)), None
    if _is_unreadable(line) or _hides_more(line):
        return Finding(frame, line.box, Verdict.UNSURE, (Reason("text that cannot be read", line.detection),)), None
    readings = [replace(line, text=text) for text in (line.text, *line.others)]
    judged = [_judged_reading(reading, frame, identifiers, judge) for reading in readings]
    return max(judged, key=lambda found: _WORSE.index(found[0].verdict))


def _judged_reading(
    line: Line, frame: int, identifiers: Identifiers, judge: Judge
) -> tuple[Finding, tuple[int, int] | None]:
    if characters(line) <= 1 or is_strokes(line.text):  # one character identifies nobody
        return Finding(frame, line.box, Verdict.TECHNICAL, (Reason("a single character", 1.0),)), None
    answer = judge.judge(line.text.strip(), identifiers)
    word = spelled(line.text) if answer.verdict is Verdict.TECHNICAL else ""
    if word:
        answer = judge.judge(word, identifiers)
    finding = Finding(frame, line.box, answer.verdict, tuple(answer.reasons))
    if finding.verdict is Verdict.TECHNICAL and line.score < _SURE:
        return _unsure(finding, "recognition is unsure"), None
    if answer.part is None:
        return finding, None
    blank = len(line.text) - len(line.text.lstrip())
    return finding, (blank + answer.part[0], blank + answer.part[1])


def _joined(
    found: Sequence[tuple[Line, Finding]], identifiers: Identifiers, judge: Judge
) -> list[tuple[Line, Finding]]:
    """Judge letters that were detected one by one as the text they make, and mask it whole."""
    result = list(found)
    for run in runs([line for line, _ in found]):
        answer = judge.judge(run.text, identifiers)
        if answer.verdict is Verdict.TECHNICAL or (run.series and not _is_own(answer)):
            continue
        for i, after in zip(run.positions, (*run.positions[1:], run.positions[-1]), strict=True):
            line, finding = result[i]
            if finding.verdict is Verdict.TECHNICAL:
                reasons = (*answer.reasons, Reason("letters written apart", 1.0))
                box = union((line.box, result[after][0].box))  # and what detection lost between them
                result[i] = line, Finding(finding.frame, box, answer.verdict, reasons)
    return result


def _made_whole(
    found: Sequence[tuple[Line, Finding]], identifiers: Identifiers, judge: Judge
) -> list[tuple[Line, Finding]]:
    """Judge pieces of an institution's name as the whole that they make: technical words are part of one (``Medical Center``)."""
    result = list(found)
    for whole in wholes([line for line, _ in found]):
        verdicts = {found[i][1].verdict for i in whole.positions}
        if verdicts >= {Verdict.PHI, Verdict.TECHNICAL}:
            answer = judge.judge(whole.text, identifiers)
            if answer.part is None and any(reason.rule.startswith(_PLACES) for reason in answer.reasons):
                result = _masked_too(result, dict.fromkeys(whole.positions, "a piece of an identifying text"))
    return result


def _is_own(answer: Judged) -> bool:
    """Whether a text is a value of the study itself: then it is no scale, whatever it looks like."""
    return any(reason.rule.startswith("own") and reason.score >= _OWN for reason in answer.reasons)


def _unsure(finding: Finding, rule: str) -> Finding:
    return replace(finding, verdict=Verdict.UNSURE, reasons=(*finding.reasons, Reason(rule, 1.0)))


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all ``boxes``."""
    listed = list(boxes)
    left, top = min(box.x for box in listed), min(box.y for box in listed)
    right, bottom = max(box.x + box.w for box in listed), max(box.y + box.h for box in listed)
    return Box(left, top, right - left, bottom - top)


def shared(one: Box, other: Box) -> int:
    """The area that two boxes share, in pixels."""
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(0, across) * max(0, down)
