"""Real files with private elements, cleaned with Retain Safe Private: what converters need survives, the verifier lets it pass.

The files are not part of the project: point CORPUS at them (default: ../shared/corpus beside the checkout), else this is skipped.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import FileDataset
from tags.cleaning import PSEUDONYM, context
from verify.handmade import Silent, opened

from gateway.errors import Quarantine
from gateway.records import Pair, SourceFile
from gateway.sources import read_dataset
from gateway.tags import apply, load
from gateway.verify import Facts, verify

CORPUS = Path(os.environ.get("CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not here (CORPUS)")
PROFILE = """\
name: own
edition: 2026c
description: for a test
options:
  - BasicApplicationConfidentialityProfile
  - CleanPixelDataOption
  - RetainLongitudinalTemporalInformationModifiedDatesOption
  - RetainSafePrivateOption
"""


def private(dataset: FileDataset) -> int:
    return sum(element.tag.is_private and element.tag.elem > 0xFF for element in dataset.iterall())


def test_safe_private_elements_of_real_files(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(PROFILE)
    profile = load(str(path))
    kept: Counter[str] = Counter()
    staged = tmp_path / "staged"
    staged.mkdir()
    for file in sorted(path for path in CORPUS.rglob("*") if path.is_file()):
        try:
            original = read_dataset(SourceFile(str(file)))
            if not private(original):
                continue
            cleaned, _ = apply(original, profile, context(original))
        except Quarantine:
            continue
        target = staged / "one.dcm"
        cleaned.save_as(target, enforce_file_format=True)
        written = dcmread(target)
        kept[str(written.get("Manufacturer", ""))[:4].upper()] += private(written)
        pair = Pair(SourceFile(str(file)), str(target))
        facts = Facts(PSEUDONYM, "MODIFIED", (pair.original,), staged, frozenset(profile.options), edition="2026c")
        found = {problem.check for problem in verify([pair], opened, facts, Silent())}
        assert not found & {"private-element", "identifier-in-bytes", "identifier-in-text", "illegal-value"}, file.name
    assert kept["PHIL"] >= 60
    assert kept["GE M"] >= 30
