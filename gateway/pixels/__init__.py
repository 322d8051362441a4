"""Cleans the pixels: frames, reading, judging, masks, hidden channels. ``gateway.pixels.clean.clean`` is the step."""
