"""Train the recognition network that EasyOCR loads by its name, measure it, write ``models/gateway_lines``.

``python -m models.train_easyocr`` in an environment with the extra ``easyocr`` (ten minutes on one core, seeded). It learns from
pictures of made lines; the figures come from other lines, and from fonts that training never sees.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
import yaml
from torch import nn

from models import write_manifest
from models.gateway_lines.gateway_lines import Model
from models.line_pictures import FONTS, HEIGHT, HELD_FONTS, Picture, picture, text

FOLDER = Path(__file__).parent / "gateway_lines"
SEED, STEPS, AT_ONCE, POOL, RATE = 20361, 3_000, 32, 16, 3e-3
EMPTY = 0.04  # of the lines: nothing stands there
HELD = 2_000
Pair = tuple[Picture, str]


def settings() -> tuple[dict[str, int], str]:
    """The network's parameters and its characters, as EasyOCR reads them."""
    said = yaml.safe_load((FOLDER / "gateway_lines.yaml").read_text("utf-8"))
    return said["network_params"], said["character_list"]


def pairs(dice: random.Random, count: int, fonts: Sequence[str | int]) -> list[Pair]:
    """``count`` pictures and what stands in them."""
    lines = ("" if dice.random() < EMPTY else text(dice) for _ in range(count))
    return [(picture(line, dice, fonts), line) for line in lines]


def batches(dice: random.Random) -> Iterator[list[Pair]]:
    """Batches of lines of like length, without end."""
    while True:
        pool = sorted(pairs(dice, AT_ONCE * POOL, FONTS), key=lambda pair: pair[0].shape[1])
        cut = [pool[start : start + AT_ONCE] for start in range(0, len(pool), AT_ONCE)]
        dice.shuffle(cut)
        yield from cut


def tensor(pictures: Sequence[Picture]) -> torch.Tensor:
    """A batch as EasyOCR makes it: -1 to 1, filled up to one width with each strip's last column."""
    width = -(-max(strip.shape[1] for strip in pictures) // HEIGHT) * HEIGHT
    filled = [np.pad(strip, ((0, 0), (0, width - strip.shape[1])), mode="edge") for strip in pictures]
    return torch.from_numpy(np.stack(filled)[:, None].astype(np.float32) / 127.5 - 1)


def train(network: Model, characters: str, dice: random.Random) -> None:
    """Connectionist temporal classification (Graves et al., 2006), one cycle of the learning rate."""
    number = {character: place + 1 for place, character in enumerate(characters)}
    steps = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
    rate = torch.optim.lr_scheduler.OneCycleLR(steps, RATE, total_steps=STEPS, pct_start=0.15)
    loss_of = nn.CTCLoss(zero_infinity=True)
    network.to(memory_format=torch.channels_last)
    mean = 0.0
    for step, batch in zip(range(STEPS), batches(dice), strict=False):
        told = network(tensor([strip for strip, _ in batch]).to(memory_format=torch.channels_last)).log_softmax(2)
        wanted = torch.tensor([number[character] for _, line in batch for character in line])
        lengths = torch.tensor([len(line) for _, line in batch])
        columns = torch.full((len(batch),), told.shape[1])
        loss = loss_of(told.transpose(0, 1), wanted, columns, lengths)
        steps.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        steps.step()
        rate.step()
        mean += (loss.item() - mean) / min(step + 1, 100)
        if step % 250 == 249:
            print(f"step {step + 1}: loss {mean:.3f}", flush=True)


@torch.no_grad()
def read(network: Model, characters: str, strip: Picture) -> str:
    """What the network reads in a strip (best path)."""
    best = network(tensor([strip]))[0].argmax(1).tolist()
    return "".join(characters[index - 1] for index, _ in groupby(best) if index)


def slips(one: str, other: str) -> int:
    """How many characters have to be changed, added or dropped (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, character in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (character != wanted))
    return row[-1]


def figures(network: Model, characters: str, fonts: Sequence[str | int], seed: int) -> dict[str, float]:
    """How much of lines that training never saw is read rightly."""
    held = [pair for pair in pairs(random.Random(seed), HELD, fonts) if pair[1]]
    told = [read(network, characters, strip) for strip, _ in held]
    wrong = sum(slips(said, line) for said, (_, line) in zip(told, held, strict=True))
    folded = [(said.casefold(), line.casefold()) for said, (_, line) in zip(told, held, strict=True)]
    return {
        "lines": len(held),
        "characters_right": round(1 - wrong / sum(len(line) for _, line in held), 4),
        "lines_right": round(sum(said == line for said, (_, line) in zip(told, held, strict=True)) / len(held), 4),
        "lines_right_but_for_case": round(sum(said == line for said, line in folded) / len(held), 4),
    }


def main() -> None:
    """Train, measure, write weights, figures and manifest."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    torch.manual_seed(SEED)
    params, characters = settings()
    network = Model(num_class=len(characters) + 1, **params)
    train(network, characters, random.Random(SEED))
    network.eval().to(memory_format=torch.contiguous_format)
    weights = {f"module.{name}": value.contiguous() for name, value in network.state_dict().items()}
    torch.save(weights, FOLDER / "gateway_lines.pth")
    measured = {
        "fonts of the training": figures(network, characters, FONTS, SEED + 1),
        "other fonts": figures(network, characters, HELD_FONTS, SEED + 2),
    }
    (FOLDER / "figures.json").write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    print(json.dumps(measured, indent=1))
    write_manifest.main()


if __name__ == "__main__":
    main()
