"""``gateway models``: which models judge, and whether they are the ones the manifest names."""

from __future__ import annotations

import typer

from gateway.cli.options import HomeOption

app = typer.Typer(help="The models that read and judge text.", no_args_is_help=True)


@app.command("list")
def list_models(home: HomeOption = None) -> None:  # noqa: ARG001  # every command takes --home
    """List the models with version, licence and origin.

    Example:  gateway models list
    """
    from gateway import models
    from gateway.cli.show import print_rows

    rows = [(model.name, model.version, model.licence, model.origin) for model in models.listing()]
    print_rows(("Name", "Version", "Licence", "Origin"), rows, empty="No model is listed.")


@app.command()
def verify(home: HomeOption = None) -> None:  # noqa: ARG001  # every command takes --home
    """Compare every model file with the SHA-256 of the manifest.

    Example:  gateway models verify
    """
    from gateway import models

    for model in models.listing():
        models.verify(model.name)
        typer.echo(f"OK  {model.name} {model.version}")
