"""The house itself: documentation equal to the code, quick help, a wheel that carries its data, no stray addresses."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import typer
from batches import cost

from gateway.cli import app
from gateway.errors import Quarantine, reasons

ROOT = Path(__file__).parent.parent
COMMANDS = typer.main.get_command(app)


def documented() -> list[tuple[str, str]]:
    """Every line of a fenced block in the documentation, and every example in the help, that calls ``gateway``."""
    found = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *(ROOT / "samples").glob("*.md")]:
        for block in re.findall(r"```(?:sh|console|bash)\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            found += [
                (page.name, line.removeprefix("$ ")) for line in block.splitlines() if re.match(r"(\$ )?gateway ", line)
            ]
    for name, _, text in helps():
        found += [
            (f"help of {name}", line.strip())
            for line in re.findall(r"^\s*(?:Example:)?\s*(gateway .*)$", text, re.MULTILINE)
        ]
    return found


def helps() -> list[tuple[str, object, str]]:
    """Name, command and help text of every command that does something."""
    found = []

    def visit(name: str, command: object) -> None:
        for child, sub in getattr(command, "commands", {}).items():
            visit(f"{name} {child}", sub)
        if not getattr(command, "commands", None):
            found.append((name, command, str(getattr(command, "help", ""))))

    visit("gateway", COMMANDS)
    return found


@pytest.mark.parametrize(("where", "line"), documented())
def test_documented_commands_exist_with_their_options(where: str, line: str) -> None:
    words = line.split("#", maxsplit=1)[0].split()[1:]
    command: object = COMMANDS
    while words and words[0] in getattr(command, "commands", {}):
        command = getattr(command, "commands")[words.pop(0)]  # noqa: B009  # typed by click, not by us
    assert not getattr(command, "commands", None), f"{where}: no such command: {line}"
    known = {option for parameter in getattr(command, "params", ()) for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known | {"--help"}, f"{where}: {line}"


@pytest.mark.parametrize("name", [name for name, _, _ in helps()])
def test_every_command_has_an_example_and_a_home(name: str) -> None:
    _, command, text = next(found for found in helps() if found[0] == name)
    assert f"{name}" in text, "the help of each command shows an example of it"
    assert any("--home" in parameter.opts for parameter in getattr(command, "params", ()))


def test_help_comes_in_under_half_a_second() -> None:
    """Seconds of the processor, for other tests run beside this one; the least disturbed of nine counts."""
    runs = [cost([sys.executable, "-m", "gateway", "--help"]) for _ in range(9)]
    assert not any(run.code for run in runs)
    assert min(run.seconds for run in runs) < 0.5


def test_an_installed_wheel_finds_profiles_recipes_and_models(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    code = (
        "from gateway import models, resources, tags; from pathlib import Path; import gateway;"
        "assert Path(gateway.__file__).is_relative_to(Path.cwd()), gateway.__file__;"
        "assert resources.folder('profiles').is_relative_to(Path.cwd()) and resources.folder('recipes').is_dir();"
        "[tags.load(name) for name in tags.names()]; [models.verify(model.name) for model in models.listing()];"
        "from gateway.judge import TextJudge; TextJudge.load(); from gateway.conformance import as_markdown; as_markdown();"
        "print(*tags.names())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "site", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == sorted(path.stem for path in (ROOT / "profiles").glob("*.yaml"))


def test_the_lock_pins_versions_and_names_no_index() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    locked = {re.split("==", line)[0].lower().replace("_", "-") for line in lines}
    asked = re.findall(r'^    "([A-Za-z0-9_-]+)[><=!~]', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert {name.lower().replace("_", "-") for name in asked} <= locked


def test_except_exception_stands_in_the_pipeline_only() -> None:
    broad = []
    for path in sorted((ROOT / "gateway").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                kind = ast.unparse(node.type) if node.type else "everything"
                broad += [path.name] if kind in ("everything", "Exception", "BaseException") else []
    assert broad == ["pipeline.py"]


def test_the_coordinators_guide_tells_what_to_do_for_every_reason() -> None:
    page = (ROOT / "docs" / "coordinator-guide.md").read_text("utf-8")
    told = re.findall(r"^\| `([A-Z_]+)` (.+) \| (.+) \|$", page, re.MULTILINE)
    known = {code: error for code, error in reasons().items() if error is not Quarantine}
    assert {code: (what, advice) for code, what, advice in told} == {
        code: ((error.__doc__ or "").splitlines()[0], error.advice) for code, error in known.items()
    }
