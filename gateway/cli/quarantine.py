"""``gateway quarantine``: look at what is held, and decide."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import HomeOption, JsonOption

app = typer.Typer(help="Look at what is held, and decide.", no_args_is_help=True)
ItemArgument = Annotated[str, typer.Argument(metavar="ITEM", help="As `gateway quarantine list` names it.")]


@app.command("list")
def list_items(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the held items with their reasons.

    Example:  gateway quarantine list
    """
    from dataclasses import asdict

    from gateway.cli.show import print_json, print_rows
    from gateway.cli.surroundings import existing_home
    from gateway.jobs import quarantine

    items = quarantine.listing(existing_home(home).quarantine)
    if as_json:
        print_json({"items": [asdict(item) for item in items]})
    else:
        rows = [(item.item, str(item.files), item.code, item.message) for item in items]
        print_rows(("Item", "Files", "Reason", "What happened"), rows, empty="The quarantine is empty.")


@app.command()
def show(item: ItemArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show one item: why it is held, what the verifier found, where its originals lie, what to do.

    Example:  gateway quarantine show q-0123456789ab
    """
    from dataclasses import asdict

    from gateway.cli.show import print_item, print_json
    from gateway.cli.surroundings import existing_home
    from gateway.jobs import quarantine
    from gateway.verify import CHECKS

    folder = existing_home(home).quarantine
    found = quarantine.show(folder, item)
    if as_json:
        checks = {problem.check: CHECKS.get(problem.check, "") for problem in found.problems}
        print_json(asdict(found) | {"checks": checks, "folder": str(folder / item)})
    else:
        print_item(found, folder / item)


@app.command()
def discard(
    item: ItemArgument,
    home: HomeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete an item's copies of the originals from the quarantine; the ledger keeps that it was held and discarded.

    Example:  gateway quarantine discard q-0123456789ab --yes
    """
    from gateway.cli.surroundings import existing_home
    from gateway.jobs.decisions import discard_item

    if not yes:
        typer.confirm("Delete the held copies for good?", abort=True)
    discard_item(existing_home(home), item)
    typer.echo(f"{item} is discarded.")


@app.command()
def retry(item: ItemArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Run the item's job again from its sources, with this item judged afresh.

    Example:  gateway quarantine retry q-0123456789ab
    """
    from gateway.cli.show import Progress, show_result
    from gateway.cli.surroundings import existing_home
    from gateway.jobs.decisions import retry_item

    opened = existing_home(home)
    with Progress() as progress:
        result = retry_item(opened, item, progress)
    show_result(result, as_json=as_json)
    if (opened.quarantine / item).exists() and item not in [held.item for held in result.items]:
        typer.echo(
            f"{item} is kept: not all of its originals were released now. Discard it if none is missed.", err=True
        )
    raise typer.Exit(3 if result.quarantined else 0)
