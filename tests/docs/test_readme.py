"""The README is executed: its commands give the output it shows, its tables and examples are those of the code."""

from __future__ import annotations

import re
import shlex
import tomllib

import places
import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.cli.exit_codes import MEANINGS
from arazzo_engine.cli.usage import COMMANDS

_ROOT = places.ROOT
_README = (_ROOT / "README.md").read_text()
_CONSOLE = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", _README)


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_ROOT)


def _lines(text: str) -> list[str]:
    return sorted(re.sub(r" +\d+ ms", " N ms", text).splitlines())


@pytest.mark.parametrize(("command", "shown"), _CONSOLE, ids=[command for command, _ in _CONSOLE])
def test_a_command_gives_the_output_that_is_shown(command: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    name, *arguments = shlex.split(command)
    assert name == "arazzo"
    run_command(arguments)
    told = capsys.readouterr()
    # a terminal mixes the two streams, a test does not
    assert _lines(told.out + told.err) == _lines(shown)


def test_the_command_that_runs_is_among_those_that_are_shown() -> None:
    line = next(line for line in _README.splitlines() if line.startswith("pip install . && "))
    assert line.removeprefix("pip install . && ") in [command for command, _ in _CONSOLE]


def test_the_tables_are_those_of_the_code() -> None:
    commands = re.findall(r"^\| `arazzo ([\w-]+)` \| (.+) \|$", _README, re.MULTILINE)
    assert commands == list(COMMANDS.items())
    page = (_ROOT / "docs" / "ci.md").read_text().partition("All exit codes:")[2]
    codes = re.findall(r"^\| (\d+) \| (.+) \|$", page, re.MULTILINE)
    assert codes == [(str(int(code)), meaning) for code, meaning in MEANINGS.items()]


def test_every_page_is_linked_and_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", _README)
    assert all((_ROOT / each).is_file() for each in links)
    pages = {f"docs/{each.name}" for each in (_ROOT / "docs").glob("*.md")}
    assert pages <= set(links)


def test_a_link_to_a_heading_leads_to_one() -> None:
    for page, heading in re.findall(r"\]\(([\w./-]+)#([\w-]+)\)", _README.replace("\n", " ")):
        headings = re.findall(r"^#+ (.+)$", (_ROOT / page).read_text(), re.MULTILINE)
        assert heading in [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings]


def test_the_extras_are_those_of_the_package() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    extras = set(project["optional-dependencies"]) - {"test"}
    assert re.findall(r"^\| `([a-z0-9]+)` \|", _README, re.MULTILINE) == sorted(extras)


def test_it_says_first_what_it_is_and_is_short() -> None:
    # what it is, the picture, and what to type: the first screen of a page
    assert _README.index("docs/run.svg") < _README.index("## Two commands") < 1_500
    assert len(_README.splitlines()) < 140


def test_the_line_that_proves_an_installation_needs_no_extra() -> None:
    line = next(line for line in _README.splitlines() if line.startswith("pip install . && python "))
    script = line.rpartition("python ")[2].split()[0]
    assert (_ROOT / script).is_file()


def test_the_ci_script_runs_the_test_line() -> None:
    script = (_ROOT / ".ci" / "run").read_text()
    assert "README.md" in script
    assert _README.count("pip install -e '.[test]'") == 1
