"""The page about projects: its blocks run, and its tables name every key, every kind of reference, every option."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING, Final

import places
import pytest

import arazzo_engine
from arazzo_engine.cli import run_command
from arazzo_engine.world.projects.keys import ASKED_FOR, OF_WORKFLOWS, SCALARS, TABLES
from arazzo_engine.world.projects.references import KINDS

if TYPE_CHECKING:
    from pathlib import Path

_PAGE: Final = (places.ROOT / "docs" / "project.md").read_text()
_API: Final = """\
openapi: 3.1.0
info: { title: Payments, version: '1' }
servers: [{ url: https://live.example.com }]
security: [{ bearer: [] }]
paths:
  /charges:
    post:
      operationId: charge
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Charged. } }
components: { securitySchemes: { bearer: { type: http, scheme: bearer } } }
"""
_DOCUMENT: Final = """\
arazzo: 1.0.1
info: { title: Check out, version: '1' }
sourceDescriptions: [{ name: payments, url: payments.yaml, type: openapi }]
workflows:
- workflowId: checkout
  inputs:
    type: object
    required: [sku]
    properties: { sku: { type: string }, quantity: { type: integer } }
  steps:
  - stepId: charge
    operationId: charge
    requestBody: { payload: { sku: $inputs.sku, quantity: $inputs.quantity } }
    successCriteria: [{ condition: $statusCode == 201 }]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of the page: each block of TOML or text that begins with the name of one is that file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SKU", "a-secret-sku")
    for name in tuple(os.environ):
        # what the machine says of its network and its folders is no part of the page
        if name.upper().endswith("_PROXY") or name.startswith(("SSL_", "ARAZZO_")):
            monkeypatch.delenv(name)
    files = {"flows/checkout.arazzo.yaml": _DOCUMENT, "apis/payments.yaml": _API}
    files |= {"secrets/staging.txt": "a-token-for-staging\n"}
    # the comment that names a file is a line of it
    shown = re.findall(r"```(?:toml|text)\n# (\S+)\n(.*?)```", _PAGE, re.DOTALL)
    files |= {name: f"# {name}\n{text}" for name, text in shown}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "block", re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL), ids=("environment", "reference")
)
def test_a_block_of_the_page_runs(block: str) -> None:
    exec(compile(block, "project.md", "exec"), {"arazzo_engine": arazzo_engine})


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("session", re.findall(r"```console\n\$ arazzo (.*?)\n(.*?)```", _PAGE, re.DOTALL))
def test_a_command_of_the_page_prints_what_the_page_shows(
    session: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    command, shown = session
    assert run_command(shlex.split(command)) == 0
    told = capsys.readouterr()
    assert (told.out[: len(shown)], told.err) == (shown, "")


def test_the_table_of_keys_is_that_of_the_code() -> None:
    table = _PAGE[_PAGE.index("| key |") : _PAGE.index("- A relative path")]
    rows = dict(re.findall(r"^\| `([\w.-]+)` \| (.*) \|$", table, re.MULTILINE))
    keys = {".".join(path): key.meaning for path, key in SCALARS.items()}
    of_workflows = {f"workflows.ID.{name}": key.meaning for name, key in OF_WORKFLOWS.items()}
    assert rows == keys | {name: key.meaning for name, key in TABLES.items()} | of_workflows


def test_what_is_asked_for_with_each_command_is_all_told() -> None:
    (told,) = re.findall(r"is asked for with each command: ([^.]*)\.", _PAGE)
    assert set(re.findall(r"`--([\w-]+)`", told)) == set(ASKED_FOR)


def test_every_kind_of_reference_is_told() -> None:
    assert re.findall(r"^\| `@(\w+):", _PAGE, re.MULTILINE) == list(KINDS)
