"""The de-identification conformance statement, made from the tables that the code works by (in the manner of PS3.2)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.conformance.tables import Table, tables
from gateway.tags import Profile

__all__ = ["Table", "as_json", "as_markdown", "tables"]


def as_markdown(profile: Profile | None = None) -> str:
    """Return the statement as one Markdown page; with a profile also what it does with each attribute."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # noqa: S701  # Markdown, and nothing in it comes from patients
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters["cell"] = lambda text: text.replace("|", "\\|").replace("\n", " ")
    page = environment.get_template("statement.md.j2").render(tables=tables(profile), profile=profile)
    return f"{page.rstrip()}\n"


def as_json(profile: Profile | None = None) -> dict[str, object]:
    """Return the tables of the statement by name, as an object for JSON."""
    return {"tables": {name: asdict(table) for name, table in tables(profile).items()}}
