"""What tests of EasyOCR share: an honest skip where it is absent, a home with our network, a detection made by hand."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from gateway import weights
from gateway.home import Home, open_home
from gateway.resources import folder

OURS = folder("models") / "gateway_lines"


def need_easyocr() -> None:
    """Skip where EasyOCR is absent, for it is an extra; in CI (REQUIRE_ALL) fail instead."""
    if find_spec("easyocr") is None or find_spec("torch") is None:
        message = "easyocr is missing (`make easyocr`)"
        if os.environ.get("REQUIRE_ALL"):
            pytest.fail(message)
        pytest.skip(message)


def home_with_ours(place: Path) -> Home:
    """A home into which the network that ships with the gateway was added."""
    home = open_home(place)
    weights.add(home, OURS)
    return home


def bright_craft(path: Path) -> Path:
    """Weights of the CRAFT architecture that call bright pixels text, and join what is less than 14 pixels apart on a row.

    No network was trained for it: all weights are 0 but those that pass the red channel through to the two maps.
    """
    import torch
    from easyocr.craft import CRAFT

    network: Any = CRAFT(pretrained=False)
    convolutions = [layer for layer in network.modules() if isinstance(layer, torch.nn.Conv2d)]
    with torch.no_grad():
        for layer in convolutions:
            layer.weight.zero_()
            layer.bias.zero_()
        for layer in network.basenet.slice1:
            if isinstance(layer, torch.nn.Conv2d):
                layer.weight[0, 0, 1, 1] = 1
        network.upconv4.conv[0].weight[0, 64, 0, 0] = 1  # behind 64 channels from below come those of the first slice
        network.upconv4.conv[3].weight[0, 0, 1, 1] = 1
        for place, before in ((0, 0), (2, 1), (4, 1)):
            network.conv_cls[place].weight[0, 0, 1, 1] = 1
            network.conv_cls[place].weight[1, before, 1, :] = 1
        for place in (6, 8):
            for channel in (0, 1):
                network.conv_cls[place].weight[channel, channel, 0, 0] = 1
    torch.save(network.state_dict(), path)
    return path
