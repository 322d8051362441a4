"""Train the recogniser of names, places, numbers, dates and ages on made lines, measure it, write ``models/phi_ner``.

``python -m models.train_ner``: some minutes on one core, seeded; every line is made anew and seen once. The figures of the model
card are those of models/evaluate.py. The manifest is written anew.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, fix_random_seed

from gateway.judge.features import ROWS, features  # CONFIG names its layer
from models import evaluate, write_manifest
from models.made_lines import Author

HERE = Path(__file__).parent
FOLDER = HERE / "phi_ner"
SEED, LINES, BATCH = 20260, 240_000, 64
RATE, LAST = 0.003, 0.03  # learning rate at the start, and the share of it at the end
DROPOUT = 0.1
VERSION = "2.1.0"
_SHOWN = 3000  # lines by which a change of the code that makes them is told
_LISTS = (
    "cultures.yaml", "family_names.txt", "fillings.yaml", "given_names.txt", "layouts.yaml", "templates.txt", "word_names.txt",
)  # fmt: skip
LABELS = ("PERSON", "PLACE", "ID", "DATE", "AGE_SEX")
CONFIG = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {"@architectures": "gateway.WordParts.v1", "width": 64, "table_width": 32},
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": 64,
                "depth": 3,
                "window_size": 1,
                "maxout_pieces": 3,
            },
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


def train(lines: int = LINES) -> Language:
    """Train from the seed on that many lines; the same number gives the same weights on the same machine."""
    fix_random_seed(SEED)
    author = Author(SEED)
    pipeline = blank()
    recogniser = pipeline.add_pipe("ner", config=CONFIG)
    for label in LABELS:
        recogniser.add_label(label)
    optimizer = pipeline.initialize(lambda: evaluate.examples(pipeline, [author.line() for _ in range(500)]))
    for seen in range(0, lines, BATCH):
        optimizer.learn_rate = RATE * (1 - (1 - LAST) * seen / lines)
        batch = evaluate.examples(pipeline, [author.line() for _ in range(BATCH)])
        losses = pipeline.update(batch, sgd=optimizer, drop=DROPOUT)
        if seen % (BATCH * 400) == 0:
            print(f"{seen} lines: loss {losses['ner'] / BATCH:.2f} a line", file=sys.stderr)
    return lean(pipeline)


def lean(trained: Language) -> Language:
    """The trained pipeline without the strings that it saw in training."""
    pipeline = blank()
    recogniser = pipeline.add_pipe("ner", config=CONFIG)
    for label in LABELS:
        recogniser.add_label(label)
    pipeline.initialize()
    recogniser.from_bytes(trained.get_pipe("ner").to_bytes(exclude=["vocab"]), exclude=["vocab"])
    return pipeline


def inputs() -> dict[str, str]:
    """What the weights follow from, as SHA-256: each list, the settings, and what the code makes of them (lines as seen).

    ``meta.json`` keeps it; a test compares it with the tree. Comments and the way the code is written do not count.
    """
    author, pipeline = Author(SEED), blank()
    made = [author.line() for _ in range(_SHOWN)]
    seen = [(line.spans, [features(token.text) for token in pipeline.make_doc(line.text)]) for line in made]
    lists = {file: write_manifest.digest(HERE / "training" / file) for file in _LISTS}
    words = {f"vocabulary/{path.name}": write_manifest.digest(path) for path in author.drawn}
    settings = (SEED, LINES, BATCH, RATE, LAST, DROPOUT, LABELS, CONFIG, ROWS)
    return dict(sorted((lists | words).items())) | {"settings": _sha(settings), "lines": _sha(seen)}


def _sha(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def card(text: str, figures: dict[str, evaluate.Figures]) -> str:
    """A model card with its tables and shares written anew."""
    measured = [figures[name] for name in ("independent", "held_out")]
    tables = iter([*(_rows(one) for one in measured), _judged(figures["judge"])])
    text = re.sub(r"(?<=---\|\n)(?:\|.*\n)+", lambda _: next(tables), text)
    shares = iter(measured)
    text = re.sub(r"[\d.]+% of the spans and [\d.]+% of the lines", lambda _: _shares(next(shares)), text)
    return re.sub(r"(?<=the F1 is )[\d.]+\d", f"{figures['trained_forms']['all']['f']:.3f}", text)


def _rows(figures: evaluate.Figures) -> str:
    return "".join(
        f"| {label} | {row['p']:.3f} | {row['r']:.3f} | {row['f']:.3f} |\n" for label, row in figures.items()
    )


def _judged(figures: evaluate.Figures) -> str:
    return "".join(f"| {name} | {row['masked']:.2%} | {row['kept']:.2%} |\n" for name, row in figures.items())


def _shares(figures: evaluate.Figures) -> str:
    return f"{figures['all']['touched']:.1%} of the spans and {figures['all']['clean']:.1%} of the lines"


def main() -> None:
    """Train, write, measure."""
    begun = inputs()
    pipeline = train()
    pipeline.meta["trained_from"] = begun
    pipeline.to_disk(FOLDER)
    report()


def report() -> None:
    """Measure what is in the folder; write its figures, its card and the manifest."""
    figures = evaluate.figures(FOLDER)
    (FOLDER / "figures.json").write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    write_manifest.main()
    page = FOLDER / "MODEL_CARD.md"
    page.write_text(card(page.read_text("utf-8"), figures), "utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
