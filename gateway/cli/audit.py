"""``gateway audit``: the ledger and the reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import HomeOption, JsonOption
from gateway.errors import Usage

app = typer.Typer(help="The ledger of every change, and the reports for the privacy officer.", no_args_is_help=True)
JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="As `gateway run` printed it.")]


@app.command()
def report(
    job: JobArgument,
    home: HomeOption = None,
    out: Annotated[Path | None, typer.Option(help="Write a copy there.")] = None,
) -> None:
    """Say where the HTML report of a job lies, or write a copy of it.

    Example:  gateway audit report job-0123456789ab --out report.html
    """
    from gateway.cli.surroundings import existing_home
    from gateway.files import write_whole
    from gateway.jobs.closing import report_of

    opened = existing_home(home)
    page = report_of(opened, job)
    if out:
        try:
            write_whole(out.absolute(), page)
        except OSError as error:
            raise Usage(f"The report cannot be written there ({error.strerror}).") from None
    typer.echo(out or opened.job(job) / "report.html")


@app.command()
def verify(
    job: Annotated[str | None, typer.Argument(metavar="[JOB]", help="Count the entries of this job only.")] = None,
    anchor: Annotated[
        str | None, typer.Option(metavar="ENTRY:HASH", help="The head that a report printed: it must still stand.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the ledger's whole chain.

    Exit code 0: it verifies. 1: it was altered, cut short, rolled back or does not fit its head.

    Example:  gateway audit verify
    """
    from dataclasses import asdict

    from gateway.audit.chain import Head
    from gateway.audit.ledger import verify as verify_ledger
    from gateway.cli.show import print_json
    from gateway.cli.surroundings import existing_home

    opened = existing_home(home)
    printed = Head.parse(anchor) if anchor else None
    found = verify_ledger(opened.ledger, opened.key("ledger"), job, printed)
    if as_json:
        print_json(asdict(found))
    else:
        typer.echo(f"{'OK' if found.ok else 'NOT OK'}: {found.message}")
        typer.echo(f"Head: {found.head}")
    raise typer.Exit(0 if found.ok else 1)


@app.command()
def export(
    job: JobArgument,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    home: HomeOption = None,
    fmt: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "csv",
) -> None:
    """Write the ledger's entries of a job to a file. They hold no PHI.

    Example:  gateway audit export job-0123456789ab --out ledger.csv
    """
    from gateway.cli.surroundings import existing_home, open_ledger

    count = open_ledger(existing_home(home)).export(fmt, out, job)
    typer.echo(f"{count} entries written.", err=True)
