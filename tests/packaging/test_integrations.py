"""The hook for pre-commit and the action for GitHub: well-formed, naming options that there are, and at work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import places
import pytest
import yaml

from arazzo_engine.cli.commands.writing.validate import command
from arazzo_engine.cli.usage import COMMANDS

_HOOKS: Final = yaml.safe_load((places.ROOT / ".pre-commit-hooks.yaml").read_text())
_ACTION: Final = yaml.safe_load((places.ROOT / "action.yml").read_text())
_PAGE: Final = (places.ROOT / "docs" / "ci.md").read_text()
_OPTIONS: Final = {name for option in command.params for name in option.opts}
_SCRIPT: Final[dict[str, Any]] = _ACTION["runs"]["steps"][-1]


def test_the_hook_runs_a_command_that_there_is() -> None:
    (hook,) = _HOOKS
    program, name, *arguments = hook["entry"].split()
    assert (program, arguments) == ("arazzo", [])
    assert name in COMMANDS
    assert {"id", "name", "entry", "language", "files"} <= hook.keys()


@pytest.mark.parametrize(
    ("path", "is_meant"),
    [
        ("orders.arazzo.yaml", True),
        ("workflows.arazzo.json", True),
        ("docs/arazzo/orders.yml", True),
        ("arazzo.yaml", True),
        ("arazzo.yml", True),
        ("Arazzo.yaml", True),
        ("Orders.Arazzo.YML", True),
        ("bnpl-arazzo.yaml", True),
        ("arazzo/refund-workflow.yml", True),
        ("arazzo/v1/refund.json", True),
        ("arazzo/shop-openapi.arazzo.yaml", True),
        ("arazzo-refund.yaml", True),
        ("openapi.yaml", False),
        ("arazzo/README.yaml", False),
        ("arazzo/openapi.yaml", False),
        ("arazzo/v1/shop.openapi.json", False),
        ("arazzo/events-asyncapi.yml", False),
        ("arazzo/refund.scenario.yaml", False),
        ("arazzo.schema.json", False),
        ("arazzo-ui/package.json", False),
        ("arazzo-ui/src/data.json", False),
        ("arazzo.md", False),
        ("mascarazzo.yaml", False),
    ],
)
def test_the_hook_takes_files_that_are_named_as_arazzo_documents(path: str, *, is_meant: bool) -> None:
    assert (re.search(_HOOKS[0]["files"], path) is not None) is is_meant


def test_the_action_names_options_that_there_are() -> None:
    assert set(re.findall(r" (--[a-z-]+)", _SCRIPT["run"])) <= _OPTIONS
    assert _ACTION["runs"]["using"] == "composite"
    given = set(re.findall(r"inputs\.([a-z-]+)", " ".join(_SCRIPT["env"].values())))
    assert given == set(_ACTION["inputs"])
    # what somebody gives must not be able to become a part of a script
    assert not [step for step in _ACTION["runs"]["steps"] if "${{" in step.get("run", "")]


def _act(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    defaults = {name: _ACTION["inputs"][name]["default"] for name in _ACTION["inputs"]}
    inputs = {**defaults, **{name.replace("_", "-"): value for name, value in given.items()}}
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        **{name: inputs[value[len("${{ inputs.") : -len(" }}")]] for name, value in _SCRIPT["env"].items()},
    }
    script = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", _SCRIPT["run"]]
    return subprocess.run(script, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_action_annotates_writes_sarif_and_fails(tmp_path: Path) -> None:
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    document = tmp_path / "orders.arazzo.yaml"
    assert _act(tmp_path).returncode == 0
    document.write_text(document.read_text().replace("$statusCode == 200", "$statusCode => 200"))
    failed = _act(tmp_path, paths="orders.arazzo.yaml\n\n.\n")
    assert (failed.returncode, failed.stdout.split(",")[0]) == (3, "::error file=orders.arazzo.yaml")
    assert _act(tmp_path, ignore="invalid-condition").returncode == 0
    assert _act(tmp_path, fail_on="never", sarif_file="found/by it.sarif").returncode == 0
    assert json.loads((tmp_path / "found" / "by it.sarif").read_text())["version"] == "2.1.0"


def test_the_page_shows_the_hook_and_the_inputs_of_the_action() -> None:
    assert f"id: {_HOOKS[0]['id']}" in _PAGE
    blocks = re.findall(r"```yaml\n(.*?)```", _PAGE, re.DOTALL)
    shown = yaml.safe_load(next(each for each in blocks if "uses: ./" in each))
    (step,) = [each for each in shown if "arazzo" in each["uses"]]
    assert set(step["with"]) <= set(_ACTION["inputs"])
