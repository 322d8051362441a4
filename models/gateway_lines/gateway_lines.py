"""Our recognition network, which EasyOCR loads by its name (its custom-model mechanism): from a strip of 32 pixels to characters.

Convolutions only: they see 25 pixels to either side, two letters or so: letters are read, no words guessed.
"""

from __future__ import annotations

import torch
from torch import nn


def _look(inputs: int, outputs: int, size: tuple[int, int], padding: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, size, padding=padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def _along(width: int) -> list[nn.Module]:
    return [nn.Conv1d(width, width, 5, padding=2, bias=False), nn.BatchNorm1d(width), nn.ReLU()]


class Model(nn.Module):
    """From (n, 1, 32, w) to (n, w / 2, classes): one guess every two pixels; class 0 is "no new character"."""

    def __init__(self, width: int, num_class: int) -> None:
        super().__init__()
        self.look = nn.Sequential(
            *_look(1, 24, (3, 3), 1),
            nn.MaxPool2d(2),
            *_look(24, 48, (3, 3), 1),
            nn.MaxPool2d((2, 1)),
            *_look(48, 64, (3, 3), 1),
            nn.MaxPool2d((2, 1)),
            *_look(64, 96, (3, 3), 1),
            nn.MaxPool2d((2, 1)),
            *_look(96, width, (2, 1), 0),
        )
        self.along = nn.Sequential(*(layer for _ in range(4) for layer in _along(width)))
        self.tell = nn.Linear(width, num_class)

    def forward(self, strips: torch.Tensor, text: torch.Tensor | None = None) -> torch.Tensor:
        """Tell the characters; ``text`` is what EasyOCR hands to networks that need it, this one does not."""
        del text
        told: torch.Tensor = self.tell(self.along(self.look(strips).squeeze(2)).transpose(1, 2))
        return told
