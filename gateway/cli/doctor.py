"""``gateway doctor``: whether this machine is fit to run the gateway."""

from __future__ import annotations

import typer

from gateway.cli.options import HomeOption


def doctor(home: HomeOption = None) -> None:
    """Check what is installed, the models, the decoders, the home and its keys. Exit code 1 if something is wrong.

    Example:  gateway doctor --home /srv/gateway-home
    """
    from gateway.doctor import examine

    fit = True
    for finding in examine(home):
        fit = fit and finding.fit
        typer.echo(f"{'OK ' if finding.fit else 'BAD'} {finding.what}: {finding.says}")
    raise typer.Exit(0 if fit else 1)
