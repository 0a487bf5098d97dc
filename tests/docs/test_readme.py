"""The README is executed: its commands give the output it shows, its tables and examples are those of the code."""

from __future__ import annotations

import re
import shlex

import places
import pytest
from loopback import RecordingServer, Reply

from arazzo_engine.cli import run_command
from arazzo_engine.cli.exit_codes import MEANINGS
from arazzo_engine.cli.usage import COMMANDS

_ROOT = places.ROOT
_README = (_ROOT / "README.md").read_text()
_CONSOLE = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", _README)
_BILLING = "specs/viam/arazzo/viam-bill-customer-location-workflow.yml"


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


def test_the_failure_that_is_shown_is_what_a_failure_looks_like(capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"```text\n(✗ .*?)```", _README, re.DOTALL)
    assert shown is not None
    service = "/viam.app.v1.BillingService/"
    with RecordingServer() as server:
        for method in ("GetLocationBillingOrganization", "UpdateLocationBillingOrganization", "GetCurrentMonthUsage"):
            server.script("POST", service + method, Reply(200, body={}))
        declined = Reply(402, body={"code": 9, "message": "the card was declined"})
        server.script("POST", service + "CreateInvoiceAndChargeImmediately", declined)
        run_command(["run", _BILLING, "--inputs", "specs/viam/inputs.example.json", "--server", server.url])
        told = capsys.readouterr().err.replace(server.url, "https://app.viam.com")
    told = re.sub(r" +\d+ ms", " 20 ms", told)
    assert shown[1] in told, told


def test_the_tables_are_those_of_the_code() -> None:
    commands = re.findall(r"^\| `arazzo ([\w-]+)` \| (.+) \|$", _README, re.MULTILINE)
    assert commands == list(COMMANDS.items())
    codes = re.findall(r"^\| (\d+) \| (.+) \|$", _README, re.MULTILINE)
    assert codes == [(str(int(code)), meaning) for code, meaning in MEANINGS.items()]


def test_the_python_example_runs() -> None:
    example = re.search(r"```python\n(.*?)```", _README, re.DOTALL)
    assert example is not None
    exec(compile(example[1], "README.md", "exec"), {})


def test_the_ci_script_runs_the_test_line() -> None:
    script = (_ROOT / ".ci" / "run").read_text()
    assert "README.md" in script
    assert _README.count("pip install -e '.[test]'") == 1
