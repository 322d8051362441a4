"""``gateway profile``: what the policies are and do."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import HomeOption, JsonOption

app = typer.Typer(help="What the profiles are and what they do.", no_args_is_help=True)
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="A shipped profile, one of <home>/profiles, or a YAML file.")
]


@app.command("list")
def list_profiles(home: HomeOption = None) -> None:
    """List the profiles that ship with the gateway and the site's own in <home>/profiles.

    Example:  gateway profile list
    """
    from gateway.cli.show import print_rows
    from gateway.cli.surroundings import site_profiles
    from gateway.tags import load, names

    rows = [
        (profile.name, profile.edition, profile.description) for profile in map(load, [*names(), *site_profiles(home)])
    ]
    print_rows(("Name", "Edition", "What it does"), rows, empty="No profile is installed.")


@app.command()
def show(name: NameArgument, home: HomeOption = None) -> None:
    """Show a profile: its edition of Table E.1-1, its options and knobs.

    Example:  gateway profile show research
    """
    from gateway.cli.surroundings import load_profile

    profile = load_profile(name, home)
    typer.echo(f"{profile.name}: {profile.description}")
    typer.echo(f"Edition of PS3.15 Table E.1-1: {profile.edition}")
    typer.echo(
        f"Dates: {profile.dates}; ages of {profile.knobs.oldest_age} years and more are written as "
        f"{profile.knobs.oldest_age:03d}Y"
    )
    typer.echo("Options (PS3.16 CID 7050):")
    for option in profile.options:
        typer.echo(f"  {option}")


@app.command()
def explain(
    name: NameArgument,
    sop_class: Annotated[
        str | None, typer.Option("--sop-class", metavar="UID", help="Resolve for this SOP Class.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print every rule of a profile in a sentence.

    Example:  gateway profile explain basic --sop-class 1.2.840.10008.5.1.4.1.1.2
    """
    from gateway.cli.show import print_json, print_rows
    from gateway.cli.surroundings import load_profile
    from gateway.tags import explain as explain_profile

    rows = list(explain_profile(load_profile(name, home), sop_class))
    if as_json:
        keys = ("tag", "keyword", "action", "rule", "sentence")
        print_json({"profile": name, "rules": [dict(zip(keys, row, strict=True)) for row in rows]})
    else:
        table = [
            (tag, action, sentence if keyword in sentence else f"{keyword}: {sentence}")
            for tag, keyword, action, _, sentence in rows
        ]
        print_rows(("Tag", "Action", "Rule"), table, empty="")


@app.command()
def check(name: NameArgument, home: HomeOption = None) -> None:
    """Build every rule of a profile; exit code 2 and a reason if one cannot be built.

    Example:  gateway profile check site.yaml
    """
    from gateway.cli.surroundings import load_profile

    profile = load_profile(name, home)
    typer.echo(f"{profile.name} is sound: {len(profile.rules)} rules of edition {profile.edition}.")


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A profile, as in `gateway profile list`.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    home: HomeOption = None,
) -> None:
    """Print the attributes that two profiles treat differently.

    Example:  gateway profile diff basic research
    """
    from gateway.cli.show import print_rows
    from gateway.cli.surroundings import load_profile
    from gateway.tags import explain as explain_profile

    one, other = (
        {row[0]: row[:3] for row in explain_profile(load_profile(name, home)) if row[0]} for name in (first, second)
    )
    absent = ("", "", "-")  # a profile's own rule, which the other one does not have
    pairs = [(tag, one.get(tag, absent), other.get(tag, absent)) for tag in sorted(one.keys() | other.keys())]
    rows = [(tag, left[1] or right[1], left[2], right[2]) for tag, left, right in pairs if left[2] != right[2]]
    print_rows(("Tag", "Keyword", first, second), rows, empty="The two profiles do the same.")
