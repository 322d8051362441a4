"""With Retain Device Identity and without an option for dates, a device keeps the dates of its calibration, and no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import instance
from pydicom.dataset import FileDataset
from verify.handmade import Staged

from gateway.verify import checks

DEVICE = frozenset({"RetainDeviceIdentityOption"})


@pytest.mark.parametrize(
    ("keyword", "options", "longitudinal", "found"),
    [
        ("DateOfLastCalibration", DEVICE, "REMOVED", set()),
        ("CalibrationDateTime", DEVICE, "REMOVED", set()),
        ("DateOfLastCalibration", frozenset(), "REMOVED", {checks.DATE_UNCHANGED}),
        ("DateOfLastCalibration", DEVICE, "MODIFIED", {checks.DATE_INTERVAL}),
        ("SeriesDate", DEVICE, "REMOVED", {checks.DATE_UNCHANGED}),
    ],
)
def test_which_dates_may_stay(
    tmp_path: Path, keyword: str, options: frozenset[str], longitudinal: str, found: set[str]
) -> None:
    def keep(dataset: FileDataset) -> None:
        setattr(dataset, keyword, "20220704")

    study = Staged(tmp_path, longitudinal=longitudinal)
    original = instance()
    keep(original)
    study.add(original, change=keep)
    problems = study.verify(facts=replace(study.facts(), options=options))
    assert {problem.check for problem in problems} == found
