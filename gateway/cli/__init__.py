"""The command ``gateway``: one file per command group; what is slow to import is imported inside the commands."""

from __future__ import annotations

import sys

import typer

from gateway.cli import audit, conformance, doctor, linkage, models, profile, quarantine, run
from gateway.errors import GatewayError, Quarantine, Usage, where

app = typer.Typer(
    name="gateway",
    help="De-identifies DICOM studies for research: cleans attributes and pixels, verifies, records, and only then releases.",
    epilog="Begin with:  gateway run /data/incoming --out /research",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a pretty traceback prints local variables, and those hold patients
    rich_markup_mode="rich",
)
app.command("run")(run.run)
app.add_typer(profile.app, name="profile")
app.add_typer(audit.app, name="audit")
app.add_typer(linkage.app, name="linkage")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(models.app, name="models")
app.command("conformance")(conformance.conformance)
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 failed (start again), 2 wrong usage, 3 something is quarantined."""
    sys.excepthook = _explain
    # Calling the app itself would put typer's own hook in place of ours.
    typer.main.get_command(app)(prog_name="gateway")


def _explain(_kind: type[BaseException], error: BaseException, _: object) -> None:
    """Say what happened without the message of a foreign error, which may hold a patient's data."""
    if isinstance(error, GatewayError):
        typer.echo(f"Error: {error}", err=True)
        if isinstance(error, Quarantine):
            typer.echo(error.advice, err=True)
        sys.exit(2 if isinstance(error, Usage) else 1)
    typer.echo(
        f"Error: {where(error)} Nothing is half released; start the same command again, and report this line: "
        "it holds no patient data.",
        err=True,
    )
    sys.exit(1)
