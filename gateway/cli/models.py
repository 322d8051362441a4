"""``gateway models``: which models read and judge, whether they are unaltered, and how a site installs more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import HomeOption

app = typer.Typer(help="The models that read and judge text.", no_args_is_help=True)


@app.command("list")
def list_models(home: HomeOption = None) -> None:
    """List the models with version, licence and origin: those that ship with the gateway, and what was added to the home.

    Example:  gateway models list
    """
    from gateway import config, models, weights
    from gateway.cli.show import print_rows

    shipped = [(model.name, model.version, model.licence, model.origin) for model in models.listing()]
    own = [(model.name, model.version, model.licence, "home") for model in weights.added(home or config.default_home())]
    print_rows(("Name", "Version", "Licence", "Origin"), [*shipped, *own], empty="No model is listed.")


@app.command()
def verify(home: HomeOption = None) -> None:
    """Compare every model file with the SHA-256 of its manifest: those that ship with the gateway, and those of the home.

    Example:  gateway models verify
    """
    from gateway import config, models, weights

    for model in models.listing():
        models.verify(model.name)
        typer.echo(f"OK  {model.name} {model.version}")
    place = home or config.default_home()
    for model in weights.added(place):
        weights.verify(model, place)
        typer.echo(f"OK  {model.name} {model.version}")


@app.command()
def add(
    reader: Annotated[str, typer.Argument(metavar="READER", help="The reader that the weights are for: easyocr.")],
    source: Annotated[Path, typer.Option("--from", metavar="DIR", help="A folder with the weights.")],
    home: HomeOption = None,
) -> None:
    """Install weights for a reader in the home, from a folder; nothing is fetched.

    EasyOCR's own (craft_mlt_25k.pth, english_g2.pth) must be the files that EasyOCR publishes. A network of your own is three
    files, NAME.pth, NAME.yaml and NAME.py, and runs as code: add only what you trust.

    Example:  gateway models add easyocr --from /media/usb/easyocr
    """
    from gateway import config, weights
    from gateway.errors import ConfigError
    from gateway.home import open_home

    if reader not in weights.READERS:
        raise ConfigError(f"Weights can be added for {', '.join(weights.READERS)}; other readers bring theirs.")
    opened = open_home(home or config.default_home())
    for model in weights.add(opened, source):
        typer.echo(f"Added {model.name} {model.version}")
    typer.echo(weights.summary(opened.path))
