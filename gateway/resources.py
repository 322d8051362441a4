"""Finds the data that ship with the code: profiles, recipes and models, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the folder ``profiles``, ``recipes`` or ``models``.

    In a wheel these lie inside the package (``gateway/_data``), in a checkout beside it.
    """
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
