"""``gateway linkage``: the way back, for those who hold the keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import HomeOption

app = typer.Typer(
    help="The way back from research identifiers to originals; every use is recorded.", no_args_is_help=True
)


@app.command()
def export(
    job: Annotated[str, typer.Argument(metavar="JOB", help="As `gateway run` printed it.")],
    out: Annotated[Path, typer.Option(help="The CSV file, or the folder for --format pairs. It will hold PHI.")],
    home: HomeOption = None,
    fmt: Annotated[
        str, typer.Option("--format", help="csv, or pairs: uids.csv and patients.csv for validators.")
    ] = "csv",
) -> None:
    """Write which original became what. The file holds PHI: keep it on the hospital side.

    Example:  gateway linkage export job-0123456789ab --out linkage.csv
    """
    from gateway.audit import events
    from gateway.audit.linkage import Linkage
    from gateway.cli.surroundings import existing_home, open_ledger

    opened = existing_home(home)
    ledger = open_ledger(opened)  # first: what cannot be recorded must not be shown
    rows = Linkage(opened.linkage, opened.key("linkage")).export(job, out, fmt)
    ledger.record(job, events.LinkageUsed(use="export", rows=rows))
    typer.echo(f"{rows} rows written. They hold PHI.", err=True)


@app.command()
def lookup(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="An original or a research identifier or UID.")],
    home: HomeOption = None,
) -> None:
    """Print the linkage rows of one identifier as CSV. The output holds PHI.

    Example:  gateway linkage lookup PABCDEFGHIJKLMN2
    """
    import csv
    import sys
    from dataclasses import astuple, fields

    from gateway.audit import events
    from gateway.audit.linkage import Linkage, LinkageRow
    from gateway.cli.surroundings import existing_home, open_ledger

    opened = existing_home(home)
    ledger = open_ledger(opened)  # first: what cannot be recorded must not be shown
    rows = Linkage(opened.linkage, opened.key("linkage")).lookup(identifier)
    ledger.record("linkage", events.LinkageUsed(use="lookup", rows=len(rows)))
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(each.name for each in fields(LinkageRow))
    table.writerows(astuple(row) for row in rows)
    typer.echo(f"{len(rows)} rows found.{' They hold PHI.' if rows else ''}", err=True)
