"""What only the policy ``text`` takes for text stays known in the frames that follow, read again or proven."""

from __future__ import annotations

import pytest
from pixels.moving import still, write

from gateway.pixels.policy import PHI, Policy
from gateway.pixels.reader import FakeReader, Line
from gateway.pixels.regions import FakeJudge
from gateway.pixels.running import Running
from gateway.pixels.texts import Texts
from gateway.records import Box, Identifiers

WEAK = Line(Box(20, 30, 90, 14), "0K0NKW0", 0.3, 0.3, 14.0)  # too weak for text where only what identifies goes
SURE = Line(Box(20, 80, 90, 14), "OKONKWO", 0.9, 0.8, 14.0)


def texts(policy: Policy) -> list[set[str]]:
    """What is known in a frame, in the next one, which is like it, and in one of which parts are read again."""
    running = Running(Texts(Identifiers(), FakeReader(WEAK, SURE), FakeJudge(), policy))
    frames = still(3)
    frames[2] = write(frames[2], "MUELLER HANS", 60, 280)
    return [{line.text for line in running.lines(frame)} for frame in frames]


@pytest.mark.parametrize(("policy", "known"), [(Policy("text"), {"0K0NKW0", "OKONKWO"}), (PHI, {"OKONKWO"})])
def test_every_later_frame_knows_what_the_policy_takes(policy: Policy, known: set[str]) -> None:
    assert texts(policy)[1:] == [known] * 2
