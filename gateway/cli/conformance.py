"""``gateway conformance``: what this gateway claims about de-identification, for a reader of conformance statements."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import HomeOption, JsonOption


def conformance(
    profile: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Add what this profile does with each attribute (NAME@EDITION as well)."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the de-identification conformance statement in Markdown, made from the gateway's own tables.

    Examples:

      gateway conformance > statement.md

      gateway conformance --profile research --json
    """
    from gateway.cli.show import print_json
    from gateway.cli.surroundings import load_profile
    from gateway.conformance import as_json as json_of
    from gateway.conformance import as_markdown

    loaded = load_profile(profile, home) if profile else None
    if as_json:
        print_json(json_of(loaded))
    else:
        typer.echo(as_markdown(loaded), nl=False)
