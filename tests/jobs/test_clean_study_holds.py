"""What one study may meet on its way, with the real tools but one: what is not proven clean is held and leaves nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from batches import burn
from builders import PEOPLE, instance, write
from numpy.typing import NDArray

from gateway import sources
from gateway.home import open_home
from gateway.pipeline import clean_study
from gateway.pixels.reader import FakeReader, Line
from gateway.records import Outcome
from gateway.tools import Plan, Tools, load_tools

GROUND = np.full((240, 480), 30, np.uint8) + np.eye(240, 480, dtype=np.uint8) * 200
NAME = PEOPLE[0][0].replace("^", " ")


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    place = tmp_path_factory.mktemp("tools")
    (place / "staging").mkdir()
    return load_tools(Plan(open_home(place / "home").path, place / "staging", "basic", None))


@pytest.fixture(autouse=True)
def nothing_stays_staged(tools: Tools) -> Iterator[None]:
    yield
    assert not list(tools.staging.rglob("*.dcm"))


def cleaned(folder: Path, tools: Tools) -> Outcome:
    (study,) = sources.index(sources.receive([folder])).studies
    outcome = clean_study(study, tools)
    if outcome.passed:
        shutil.rmtree(tools.staging / outcome.study)
    return outcome


class Broken:
    """Fails as nobody foresaw, with a name in its message."""

    def read(self, image: NDArray[np.uint8]) -> tuple[Line, ...]:
        raise LookupError(f"{NAME} in {image.shape}")


def test_what_the_cleaners_leave_is_held_by_the_verifier(tmp_path: Path, tools: Tools) -> None:
    write(instance(image=burn(GROUND, NAME), Modality="US"), tmp_path / "1.dcm")
    outcome = cleaned(tmp_path, replace(tools, reader=FakeReader()))  # a reader that sees nothing
    assert (outcome.code, outcome.passed) == ("VERIFICATION_FAILED", False)
    assert [problem.check for problem in outcome.problems] == ["identifier-in-pixels"]


def test_an_error_nobody_foresaw_holds_the_study_and_its_message_stays_unsaid(tmp_path: Path, tools: Tools) -> None:
    write(instance(image=burn(GROUND, NAME), Modality="US"), tmp_path / "1.dcm")
    outcome = cleaned(tmp_path, replace(tools, reader=Broken()))
    assert (outcome.code, outcome.passed) == ("UNEXPECTED_ERROR", False)
    assert "LookupError" in outcome.message
    assert "OKONKWO" not in outcome.message


def test_a_study_of_two_patients_is_held(tmp_path: Path, tools: Tools) -> None:
    write(instance(number=1), tmp_path / "1.dcm")
    write(instance(number=2, PatientID="OTHER-1"), tmp_path / "2.dcm")
    assert cleaned(tmp_path, tools).code == "MIXED_PATIENTS"


def test_a_name_of_one_instance_is_masked_in_the_pixels_of_another(tmp_path: Path, tools: Tools) -> None:
    """The words are technical ones, so nothing but the other instance's header can give them away."""
    for study, operator in ((1, "FRAME^RATE"), (2, "")):
        write(instance(study=study, number=1, image=burn(GROUND, "FRAME RATE")), tmp_path / f"{study}" / "1.dcm")
        write(instance(study=study, number=2, OperatorsName=operator), tmp_path / f"{study}" / "2.dcm")
    assert cleaned(tmp_path / "1", tools).masks == 1
    assert cleaned(tmp_path / "2", tools).masks == 0
