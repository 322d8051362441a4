"""``gateway profile``: what the policies are and do."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import HomeOption, JsonOption

app = typer.Typer(help="What the profiles are and what they do.", no_args_is_help=True)
NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="A shipped profile, one of <home>/profiles, or a YAML file; NAME@EDITION reads it under another edition.",
    ),
]
EditionOption = Annotated[
    str | None, typer.Option(metavar="EDITION", help="Read it under this edition of Table E.1-1, such as 2021b.")
]


@app.command("list")
def list_profiles(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the profiles that ship with the gateway and the site's own in <home>/profiles.

    Example:  gateway profile list
    """
    from gateway.cli.show import print_json, print_rows
    from gateway.cli.surroundings import listed_profiles, short_option

    rows = list(listed_profiles(home))
    if as_json:
        keys = ("name", "edition", "options", "description")
        print_json({"profiles": [dict(zip(keys, row, strict=True)) for row in rows]})
        return
    table = [(name, edition, "\n".join(map(short_option, options[2:])), says) for name, edition, options, says in rows]
    print_rows(("Name", "Edition", "Options", "What it does"), table, empty="No profile is installed.", lines=True)
    typer.echo("Every profile is the Basic Profile with Clean Pixel Data; the options are what it takes beyond these.")


@app.command()
def show(name: NameArgument, home: HomeOption = None) -> None:
    """Show a profile: its edition of Table E.1-1, its options and knobs.

    Example:  gateway profile show research
    """
    from dataclasses import asdict

    from gateway.cli.surroundings import load_profile

    profile = load_profile(name, home)
    typer.echo(f"{profile.name}: {profile.description}")
    typer.echo(f"Edition of PS3.15 Table E.1-1: {profile.edition}, pinned as {profile.edition_hash}")
    typer.echo("Options (PS3.16 CID 7050):")
    for option in profile.options:
        typer.echo(f"  {option}")
    typer.echo("Knobs:")
    for knob, value in asdict(profile.knobs).items():
        typer.echo(f"  {knob}: {value}")
    own = [rule for rule in profile.rules if rule.id.startswith("profile:")]
    for rule in own:
        typer.echo(f"Rule of its own: {rule.sentence}")


@app.command()
def explain(
    name: NameArgument,
    sop_class: Annotated[
        str | None, typer.Option("--sop-class", metavar="UID", help="Resolve types (X/Z/D) for this SOP Class.")
    ] = None,
    edition: EditionOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say in a sentence what a profile does with each attribute, and why.

    Examples:

      gateway profile explain basic --sop-class 1.2.840.10008.5.1.4.1.1.2

      gateway profile explain research --edition 2021b
    """
    from gateway.cli.show import print_json, print_rows, tag_words
    from gateway.cli.surroundings import load_profile
    from gateway.tags import explain as explain_profile

    profile = load_profile(name, home, edition)
    rows = list(explain_profile(profile, sop_class))
    if as_json:
        keys = ("tag", "keyword", "action", "rule", "sentence")
        rules = [dict(zip(keys, row, strict=True)) for row in rows]
        print_json({"profile": profile.name, "edition": profile.edition, "rules": rules})
        return
    table = [
        (tag_words(tag), action, sentence if keyword in sentence else f"{keyword}: {sentence}")
        for tag, keyword, action, _, sentence in rows
    ]
    print_rows(("Tag", "Action", "Rule"), table, empty="")


@app.command()
def check(name: NameArgument, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Build every rule of a profile; say everything that is wrong with it, line by line (exit code 2).

    Example:  gateway profile check site.yaml
    """
    from gateway.cli.show import print_json
    from gateway.cli.surroundings import load_profile, problems_of

    found = problems_of(name, home)
    if as_json:
        print_json({"profile": name, "problems": [{"line": p.line, "what": p.what, "remedy": p.remedy} for p in found]})
    elif found:
        for problem in found:
            typer.echo(f"{name}, {problem}" if problem.line else f"{name}: {problem}")
    else:
        profile = load_profile(name, home)
        typer.echo(f"{profile.name} is sound: {len(profile.rules)} rules of edition {profile.edition}.")
    raise typer.Exit(2 if found else 0)


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A profile; A@EDITION reads it under that edition.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one, or the same under another edition.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what two profiles, or two editions of one, treat differently.

    Examples:

      gateway profile diff basic research

      gateway profile diff basic@2021b basic@2026c
    """
    from gateway.cli.show import print_json, print_rows, tag_words
    from gateway.cli.surroundings import load_profile, short_option
    from gateway.tags import differences

    found = differences(load_profile(first, home), load_profile(second, home))
    if as_json:
        rows = [{"tag": d.tag, "keyword": d.keyword, "first": d.first, "second": d.second} for d in found]
        print_json({"first": first, "second": second, "differences": rows})
        return
    table = [
        (tag_words(each.tag), each.keyword if each.tag else short_option(each.keyword), each.first, each.second)
        for each in found
    ]
    print_rows(("Tag", "Attribute, option or knob", first, second), table, empty="The two profiles do the same.")
    if found:
        typer.echo("In parentheses: the rule that speaks where that edition lists nothing (gateway profile explain).")
