"""Runs one system over the corpus, as files in and files (or boxes) out, in a process of its own, and measures that process."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom
import yaml
from batches import Cost, cost
from numpy.typing import NDArray
from pydicom import FileDataset

from benchmarks.pixels_corpus import truth as truths
from benchmarks.pixels_corpus.truth import Truth
from benchmarks.pixels_score import Score, add, hold
from gateway import sources, tags
from gateway.judge import TextJudge
from gateway.pixels.clean import clean
from gateway.pixels.policy import Policy
from gateway.pixels.readers.rapidocr import RapidOcrReader

ROOT = Path(__file__).parents[1]
PRESIDIO = ROOT / ".venv-presidio" / "bin" / "python"
Frames = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Result:
    """A system's score over some files, and what it cost."""

    system: str
    files: int
    frames: int
    cost: Cost
    score: Score
    note: str = ""

    @property
    def seconds_per_frame(self) -> float:
        """Processor time for one frame."""
        return self.cost.seconds / max(1, self.frames)


def frames_of(dataset: FileDataset) -> Frames:
    """The pixels as (frames, rows, columns[, samples])."""
    pixels: Frames = dataset.pixel_array
    return pixels if int(dataset.get("NumberOfFrames") or 1) > 1 else pixels[None]


def ours(policy: str, corpus: Path, asked: Sequence[Truth], work: Path, workers: int) -> Result:
    """``gateway run`` under the profile ``research`` with this policy for pixels; released files beside the originals.

    A file that the verifier held is counted as the pixel step alone leaves it: the verifier must not hide what it misses.

    Raises:
        RuntimeError: the run failed, or a released file has another shape than its original.
    """
    work.mkdir()
    profile = yaml.safe_load((ROOT / "profiles" / "research.yaml").read_text("utf-8"))
    profile["name"], profile["knobs"]["pixels"] = "bench", policy
    (work / "bench.yaml").write_text(yaml.safe_dump(profile), "utf-8")
    home, out = work / "home", work / "out"
    gateway = (sys.executable, "-m", "gateway")
    used = cost((
        *gateway, "run", *_given(corpus, asked, work), "--out", out, "--home", home, "--profile", work / "bench.yaml",
        "--workers", str(workers), "--json",
    ))  # fmt: skip
    if used.code not in {0, 3}:
        raise RuntimeError(f"gateway run ended with {used.code}: {used.said}")
    (job,) = (path.name for path in (home / "jobs").iterdir() if path.is_dir())
    subprocess.run(
        [*gateway, "linkage", "export", job, "--out", work / "linkage.csv", "--home", home],
        check=True,
        capture_output=True,
    )
    with (work / "linkage.csv").open(newline="", encoding="utf-8") as stream:
        released = {row["sop_uid"]: out / row["path"] for row in csv.DictReader(stream) if row["status"] == "released"}
    score = Score()
    step: _Step | None = None
    for one in asked:
        before = pydicom.dcmread(corpus / "in" / f"{one.name}.dcm")
        if one.uid in released:
            after = frames_of(pydicom.dcmread(released[one.uid]))
        else:
            step = step or _Step(policy)
            left = step.cleaned(corpus / "in" / f"{one.name}.dcm")
            if left is None:
                hold(score, one)
                continue
            score.held.append(one.name)
            after = left
        _count(score, corpus, one, frames_of(before), after, every_text=policy == "text")
    frames = sum(one.frames for one in asked)
    return Result(f"ours, {policy}", len(asked), frames, used, score)


class _Step:
    """The gateway's pixel step by itself."""

    def __init__(self, policy: str) -> None:
        self._policy, self._reader, self._judge = Policy(policy), RapidOcrReader.load(), TextJudge.load()

    def cleaned(self, path: Path) -> Frames | None:
        """The frames as the step leaves them; None where it refuses them."""
        (study,) = sources.index(sources.receive([str(path)])).studies
        dataset = sources.read_dataset(study.instances[0].file, study.instances[0].digest)
        try:
            clean(dataset, tags.collect([dataset]), self._reader, self._judge, (), self._policy)
        except Exception:  # noqa: BLE001  # as in the pipeline: what nobody foresaw holds the file
            return None
        return frames_of(dataset)


def peer(name: str, corpus: Path, asked: Sequence[Truth], work: Path) -> Result:
    """A peer that says which boxes it masks, started as ``pixels_peers.py`` or ``pixels_presidio.py``.

    Raises:
        RuntimeError: it failed as a whole.
    """
    work.mkdir()
    script, python, note = _PEERS[name]
    used = cost((python, ROOT / "benchmarks" / script, name, work, *_given(corpus, asked, work)))
    if used.code:
        raise RuntimeError(f"{name} ended with {used.code}: {used.said}")
    score = Score()
    for one in asked:
        before = frames_of(pydicom.dcmread(corpus / "in" / f"{one.name}.dcm"))
        after = _answer(work, one, before)
        if after is None:
            hold(score, one)
        else:
            _count(score, corpus, one, before, after, every_text=name != "presidio")
    return Result(name, len(asked), sum(one.frames for one in asked), used, score, note)


_PRESIDIO = """\
its list of forbidden words from the header included; in place of en_core_web_lg, which is not on PyPI, it has models/phi_ner of \
this project; files of several frames fail and are left out of its recall"""
_PEERS: dict[str, tuple[str, str | Path, str]] = {
    "rapidocr": ("pixels_peers.py", sys.executable, "its own pipeline; every box that it reads is masked"),
    "tesseract": ("pixels_peers.py", sys.executable, "sparse text (--psm 11); every word that it reads is masked"),
    "presidio": ("pixels_presidio.py", PRESIDIO, _PRESIDIO),
}


def _answer(work: Path, one: Truth, before: Frames) -> Frames | None:
    """The original with a peer's boxes filled; None where it failed."""
    if not (work / f"{one.name}.json").is_file():
        return None
    after = before.copy()
    for frame, boxes in enumerate(json.loads((work / f"{one.name}.json").read_text("utf-8"))):
        for left, top, right, bottom in boxes:
            after[frame, max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = before.min()
    return after


def _count(score: Score, corpus: Path, one: Truth, before: Frames, after: Frames, *, every_text: bool = False) -> None:
    if after.shape != before.shape:
        raise RuntimeError("a result has another shape than its original")
    add(score, one, truths.read_ink(corpus / "ink", one.name), before, after, every_text=every_text)


def _given(corpus: Path, asked: Sequence[Truth], work: Path) -> list[Path]:
    """The corpus' folder if all of it is asked for, else a folder of links to some of its files."""
    if len(asked) == len(list((corpus / "in").iterdir())):
        return [corpus / "in"]
    folder = work / "in"
    folder.mkdir()
    for one in asked:
        (folder / f"{one.name}.dcm").hardlink_to(corpus / "in" / f"{one.name}.dcm")
    return [folder]
