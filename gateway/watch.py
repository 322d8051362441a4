"""How long work tells how far it is, without knowing who looks on."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Is told of each stage and of each unit done in it."""

    def begin(self, stage: str, total: int | None) -> None:
        """Begin a stage of ``total`` units, or of a number not known yet."""
        ...

    def advance(self, units: int = 1) -> None:
        """Count units of the present stage as done."""
        ...


class Unwatched:
    """Nobody looks on."""

    def begin(self, stage: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, units: int = 1) -> None:
        """Say nothing."""
