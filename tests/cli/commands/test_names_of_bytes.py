"""Files whose names are no text in UTF-8 are documents like others; what is too long for a name is no file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import places
import pytest

from arazzo_engine.cli import run_command

_NAME = os.fsdecode(b"\xff\xfe.arazzo.yaml")


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("orders.arazzo.yaml").rename(_NAME)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github"])
def test_such_a_document_is_checked_and_told(form: str) -> None:
    assert run_command(["validate", ".", "--format", form]) == 0
    Path(_NAME).write_text(Path(_NAME).read_text().replace("$statusCode == 200", "$statusCode => 200"))
    assert run_command(["validate", _NAME, "--format", form]) == 3


@pytest.mark.parametrize("command", ["validate", "show", "list", "test", "replay", "fix", "rehearse", "run"])
def test_a_text_that_is_too_long_for_a_name_names_no_file(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([command, "n" * 300]) in {1, 2, 3}
    assert "Traceback" not in capsys.readouterr().err


_ORDERS = "orders.arazzo.yaml"


@pytest.mark.parametrize(
    "words",
    [
        ["new", "orders.openapi.yaml", "--output", "n" * 300],
        ["validate", _ORDERS, "--source-dir", "n" * 300],
        ["batch", _ORDERS, "--each", "n" * 300],
        ["login", _ORDERS, "--token-store", "n" * 300],
        ["logout", "--token-store", "n" * 300],
        ["test", "--init", _ORDERS, "--output", "n" * 300],
    ],
    ids=" ".join,
)
def test_an_option_with_a_text_that_is_too_long_for_a_name_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(_NAME).rename(_ORDERS)
    assert run_command(words) in {2, 3}
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("command", ["runs", "workers"])
def test_where_no_file_can_be_no_run_is_kept(command: str) -> None:
    url = f"sqlite:///{'n' * 300}"
    assert (
        run_command([command, "list", "--database-url", url] if command == "runs" else [command, "--database-url", url])
        == 0
    )


@pytest.mark.parametrize("option", ["--each", "--output", "--failed-rows", "--summary"])
def test_links_that_lead_to_each_other_name_no_file_of_a_batch(option: str) -> None:
    Path(_NAME).rename(_ORDERS)
    Path("rows.jsonl").write_text("{}\n")
    for name, other in (("one", "two"), ("two", "one")):
        Path(name).symlink_to(other)
    given = {"--each": "rows.jsonl", option: "one"}
    assert run_command(["batch", _ORDERS, *(word for pair in given.items() for word in pair)]) == 2
