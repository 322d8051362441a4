"""Train the recogniser of names, places, numbers, dates and ages on made overlay lines, measure it, write ``models/phi_ner``.

``python -m models.train_ner`` (some minutes on one core, seeded). The figures of the model card come from lines whose templates,
names and institution forms training never sees. The manifest is written anew.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import (
    compile_infix_regex,
    compile_prefix_regex,
    compile_suffix_regex,
    filter_spans,
    fix_random_seed,
    minibatch,
)

from models import write_manifest
from models.overlay_lines import Line, Writer

HERE = Path(__file__).parent
FOLDER = HERE / "phi_ner"
SEED, LINES, EPOCHS, HELD = 20260, 40_000, 8, 4_000
VERSION = "1.0.0"
CONFIG = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 64,
            "depth": 2,
            "embed_size": 2000,
            "window_size": 1,
            "maxout_pieces": 3,
            "subword_features": True,
        },
    }
}


def blank() -> Language:
    """An empty pipeline whose tokenizer splits at every punctuation mark, and between letters and digits."""
    pipeline = spacy.blank("xx", meta={"name": "phi_ner", "version": VERSION, "license": "Apache-2.0"})
    marks = r"[\^,;:/\\|_=#*()\[\]<>+&\"'.\-]"
    tokenizer = pipeline.tokenizer
    tokenizer.rules = {}
    tokenizer.token_match = tokenizer.url_match = None
    tokenizer.prefix_search = compile_prefix_regex([marks]).search
    tokenizer.suffix_search = compile_suffix_regex([marks]).search
    tokenizer.infix_finditer = compile_infix_regex(
        [marks, r"(?<=[0-9])(?=[^\W\d_])", r"(?<=[^\W\d_])(?=[0-9])"]
    ).finditer
    return pipeline


def examples(pipeline: Language, lines: list[Line]) -> list[Example]:
    """Training examples; spans that do not fall on tokens are widened to them, a span inside another is dropped."""
    made = []
    for line in lines:
        doc = pipeline.make_doc(line.text)
        spans = [doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in line.spans]
        reference = Doc(
            doc.vocab, words=[token.text for token in doc], spaces=[bool(token.whitespace_) for token in doc]
        )
        kept = [Span(reference, span.start, span.end, label=span.label_) for span in spans if span is not None]
        reference.ents = tuple(filter_spans(kept))
        made.append(Example(doc, reference))
    return made


def train() -> Language:
    """Train from the seed."""
    fix_random_seed(SEED)
    shuffle = random.Random(SEED)
    writer = Writer(SEED, held=False)
    pipeline = blank()
    ner = pipeline.add_pipe("ner", config=CONFIG)
    for label in ("PERSON", "PLACE", "ID", "DATE", "AGE_SEX"):
        ner.add_label(label)
    data = examples(pipeline, [writer.line() for _ in range(LINES)])
    optimizer = pipeline.initialize(lambda: data[:500])
    for epoch in range(EPOCHS):
        shuffle.shuffle(data)
        losses: dict[str, float] = {}
        for batch in minibatch(data, size=64 + 32 * epoch):
            pipeline.update(batch, sgd=optimizer, losses=losses, drop=0.2)
        print(f"epoch {epoch}: loss {losses['ner']:.0f}")
    return pipeline


def measure(pipeline: Language, seed: int, lines: int, *, held: bool = True) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 by label (spans must agree exactly), and ``touched``: the share of spans marked in any part."""
    writer = Writer(seed, held=held)
    data = examples(pipeline, [writer.line() for _ in range(lines)])
    scores = pipeline.evaluate(data)
    figures = {
        label: {key: round(value, 3) for key, value in values.items()}
        for label, values in sorted(scores["ents_per_type"].items())
    }
    figures["all"] = {key: round(scores[f"ents_{key}"], 3) for key in ("p", "r", "f")}
    found = [
        any(guess.start < span.end and span.start < guess.end for guess in read.ents)
        for example, read in zip(data, pipeline.pipe(example.text for example in data), strict=True)
        for span in example.reference.ents
    ]
    figures["all"]["touched"] = round(sum(found) / len(found), 3)
    return figures


def rows(figures: dict[str, dict[str, float]]) -> str:
    """The rows of the model card's table."""
    return "".join(
        f"| {label} | {row['p']:.3f} | {row['r']:.3f} | {row['f']:.3f} |\n" for label, row in figures.items()
    )


def main() -> None:
    """Train, measure and write."""
    pipeline = train()
    figures = {
        "held_out": measure(pipeline, SEED + 1, HELD),
        "same_templates_and_names": measure(pipeline, SEED + 2, HELD, held=False),
    }
    pipeline.to_disk(FOLDER)
    write_manifest.main()
    (FOLDER / "figures.json").write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    card = (FOLDER / "MODEL_CARD.md").read_text("utf-8")
    (FOLDER / "MODEL_CARD.md").write_text(
        re.sub(r"(?<=\|---\|\n)(?:\|.*\n)+", rows(figures["held_out"]), card), "utf-8"
    )
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
