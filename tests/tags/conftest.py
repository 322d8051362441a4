"""A profile with the options about graphics and structured content."""

from __future__ import annotations

from pathlib import Path

import pytest

PROFILE = """\
name: graphics
edition: {edition}
description: with the options about graphics and structured content
options: [BasicApplicationConfidentialityProfile, CleanPixelDataOption, CleanGraphicsOption, {more}]
"""


def _written(folder: Path, name: str, more: str, edition: str = "2026c") -> str:
    path = folder / f"{name}.yaml"
    path.write_text(PROFILE.format(more=more, edition=edition), encoding="utf-8")
    return str(path)


@pytest.fixture
def graphics(tmp_path: Path) -> str:
    """A profile with Clean Graphics and Clean Structured Content, without Clean Descriptors."""
    return _written(tmp_path, "graphics", "CleanStructuredContentOption")


@pytest.fixture
def retaining(tmp_path: Path) -> str:
    """A profile that retains devices, institutions and patient characteristics, too."""
    more = "CleanStructuredContentOption, RetainDeviceIdentityOption, RetainInstitutionIdentityOption"
    return _written(tmp_path, "retaining", f"{more}, RetainPatientCharacteristicsOption")


@pytest.fixture
def devices(tmp_path: Path) -> str:
    """A profile that retains devices and no institutions."""
    return _written(tmp_path, "devices", "RetainDeviceIdentityOption")
