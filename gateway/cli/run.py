"""``gateway run``: de-identify and release a batch."""

from __future__ import annotations

import signal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import HomeOption, JsonOption


class Engine(StrEnum):
    """Where studies are cleaned; `local` is the only engine so far."""

    LOCAL = "local"


def run(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, zip archives or a DICOMDIR.")
    ],
    out: Annotated[Path, typer.Option(help="The research zone: gets released studies and nothing else.")],
    profile: Annotated[str | None, typer.Option(help="Name or file of the profile (default: basic).")] = None,
    ids: Annotated[Path | None, typer.Option(help="CSV patient_id,research_id; unknown patients are held.")] = None,
    home: HomeOption = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that clean studies (default: one a core).")
    ] = None,
    engine: Annotated[  # noqa: ARG001  # there is one engine so far; scripts may already name it
        Engine, typer.Option(help="Where studies are cleaned: in processes on this machine.")
    ] = Engine.LOCAL,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Clean and verify, but release and record nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """De-identify SOURCE... and release every study that passes the verifier.

    Exit code 0: all released. 3: handled, but something is quarantined. 1: the run failed; start it again, it resumes.
    2: wrong usage.

    Examples:

      gateway run /data/incoming --out /research

      gateway run cd.zip usb/DICOMDIR --out /research --profile research --ids trial-ids.csv

      gateway run /data/incoming --out /research --dry-run --json
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill is the same as Ctrl-C
    from gateway.cli.show import Progress, show_result
    from gateway.jobs.request import Request
    from gateway.pipeline import run_job

    request = Request(tuple(sources), out, profile, ids, workers, dry_run)
    try:
        with Progress() as progress:
            result = run_job(request, home, progress)
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing is half released; start the same command again and it resumes.", err=True)
        raise typer.Exit(1) from None
    show_result(result, as_json=as_json)
    raise typer.Exit(3 if result.quarantined else 0)
