"""Measure a recogniser by itself and the judge that asks it: ``python -m models.evaluate [FOLDER]``.

Three sets: lines made from templates, names and institution forms that training never sees (``held_out``), lines made from those
it does see (``trained_forms``: the flattering figure), and lines written by hand before the recogniser was trained, with names
of cultures that training has none of (``independent``: models/evaluation/lines.txt).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Span
from spacy.training import Example
from spacy.util import filter_spans

import gateway.judge.features  # noqa: F401  # the recogniser's own layer
from gateway.judge import TextJudge
from gateway.judge.names import NameReader
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Identifiers, Verdict
from gateway.resources import folder
from models.made_lines import Author
from models.overlay_lines import Line, Writer

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests" / "judge"
SEED, LINES = 20261, 4_000
_MARKED = re.compile(r"\{(\w+)\|([^}]*)\}")

Figures = dict[str, dict[str, float]]


def independent() -> list[Line]:
    """The lines of models/evaluation/lines.txt."""
    lines = (HERE / "evaluation" / "lines.txt").read_text("utf-8").splitlines()
    return [marked(line) for line in lines if line and not line.startswith("#")]


def marked(text: str) -> Line:
    """A line whose spans are written ``{LABEL|text}``."""
    plain, spans, end = "", [], 0
    for found in _MARKED.finditer(text):
        plain += text[end : found.start()]
        spans.append((len(plain), len(plain) + len(found[2]), found[1]))
        plain, end = plain + found[2], found.end()
    return Line(plain + text[end:], tuple(spans))


def held_out(seed: int = SEED, lines: int = LINES) -> list[Line]:
    """Made lines of templates, names and institution forms that training never sees."""
    writer = Writer(seed, held=True)
    return [writer.line() for _ in range(lines)]


def trained_forms(seed: int = SEED, lines: int = LINES) -> list[Line]:
    """Made lines of the forms that training sees."""
    author = Author(seed)
    return [author.line() for _ in range(lines)]


def examples(pipeline: Language, lines: Sequence[Line]) -> list[Example]:
    """Lines for training or scoring; spans that do not fall on tokens are widened to them, a span inside another is dropped."""
    made = []
    for line in lines:
        doc = pipeline.make_doc(line.text)
        spans = [doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in line.spans]
        reference = doc.copy()
        kept = [Span(reference, span.start, span.end, label=span.label_) for span in spans if span is not None]
        reference.ents = tuple(filter_spans(kept))
        made.append(Example(doc, reference))
    return made


def measure(pipeline: Language, lines: Sequence[Line]) -> Figures:
    """Precision, recall and F1 by label (spans must agree exactly).

    For all labels together also ``touched``, the share of spans marked in any part, and ``clean``, the share of lines without a
    span in which nothing is marked.
    """
    data = examples(pipeline, lines)
    scores = pipeline.evaluate(data)
    figures = {
        label: {key: round(value, 3) for key, value in values.items()}
        for label, values in sorted(scores["ents_per_type"].items())
    }
    figures["all"] = {key: round(scores[f"ents_{key}"], 3) for key in ("p", "r", "f")}
    read = list(pipeline.pipe(example.text for example in data))
    found = [
        any(guess.start < span.end and span.start < guess.end for guess in doc.ents)
        for example, doc in zip(data, read, strict=True)
        for span in example.reference.ents
    ]
    plain = [not doc.ents for example, doc in zip(data, read, strict=True) if not example.reference.ents]
    figures["all"] |= {"touched": round(sum(found) / len(found), 3), "clean": round(sum(plain) / len(plain), 3)}
    return figures


def through_the_judge(judge: TextJudge) -> Figures:
    """Of each set the share of identifying lines that are masked and of technical lines that stay; no header is known."""
    made, written = held_out(), independent()
    sets = {
        "independent": (_texts(written, identify=True), _texts(written, identify=False)),
        "held_out": (_texts(made, identify=True), _texts(made, identify=False)),
        "consoles": (_listed("identifying_lines"), _listed("technical_lines")),
        "consoles, written last": (_listed("fresh_identifying_lines"), _listed("fresh_technical_lines")),
    }
    return {
        name: {"masked": _share(judge, identifying, stays=False), "kept": _share(judge, technical, stays=True)}
        for name, (identifying, technical) in sets.items()
    }


def judge_with(place: Path) -> TextJudge:
    """The judge with the recogniser of a folder."""
    return TextJudge(Vocabulary.load(folder("profiles") / "vocabulary"), NameReader.open(place))


def _share(judge: TextJudge, texts: Sequence[str], *, stays: bool) -> float:
    right = [(judge.judge(text, Identifiers()).verdict is Verdict.TECHNICAL) is stays for text in texts]
    return round(sum(right) / len(right), 4)


def _texts(lines: Sequence[Line], *, identify: bool) -> list[str]:
    return [line.text for line in lines if bool(line.spans) is identify]


def _listed(name: str) -> list[str]:
    lines = (TESTS / f"{name}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def figures(place: Path) -> dict[str, Figures]:
    """Everything that the model card states about the recogniser in a folder."""
    pipeline = spacy.load(place)
    sets = {"independent": independent(), "held_out": held_out(), "trained_forms": trained_forms()}
    return {name: measure(pipeline, lines) for name, lines in sets.items()} | {
        "judge": through_the_judge(judge_with(place))
    }


def main() -> None:
    """Print the figures of the recogniser in a folder, ``models/phi_ner`` if none is named."""
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "phi_ner"
    print(json.dumps(figures(place), indent=1))


if __name__ == "__main__":
    main()
