"""Pages whose commands are executed from the first to the last, in a copy of the documents that they name.

``UPDATE_GOLDEN=1`` writes what the commands say into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from typing import TYPE_CHECKING, Final

import click
import places
import pytest
from written_texts import without_times

from arazzo_engine import Engine
from arazzo_engine.cli import run_command
from arazzo_engine.cli.commands.writing.show import command as show
from arazzo_engine.reporting.kinds.table import KINDS

if TYPE_CHECKING:
    from pathlib import Path

_DOCS: Final = places.ROOT / "docs"
_PAGES: Final = ("rehearsal", "screen", "scenarios", "pages", "recipes", "auth", "ci")
_CONSOLE: Final = re.compile(r"(?P<fence>`{3,})console\n\$ (?P<command>.+)\n(?P<shown>(?:.*\n)*?)(?P=fence)\n")
_RECIPES: Final = sorted((_DOCS / "recipes").glob("*.arazzo.yaml"))
_RECIPE: Final = re.compile(r"<!-- ([a-z-]+) -->\n(?:\n```yaml\n((?:.*\n)*?)```\n)?")


@pytest.fixture
def _beside_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(places.ROOT / "specs", tmp_path / "specs")
    shutil.copytree(_DOCS / "recipes", tmp_path / "docs/recipes")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_beside_the_documents")
@pytest.mark.parametrize("name", _PAGES)
def test_each_command_gives_the_output_that_is_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = _DOCS / f"{name}.md"

    def executed(block: re.Match[str]) -> str:
        program, *arguments = shlex.split(block["command"])
        assert program == "arazzo"
        run_command(arguments)
        told = capsys.readouterr()
        shown = without_times(told.err + told.out)
        return f"{block['fence']}console\n$ {block['command']}\n{shown}{block['fence']}\n"

    text = page.read_text(encoding="utf-8")
    found = _CONSOLE.sub(executed, text)
    if "UPDATE_GOLDEN" in os.environ:
        page.write_text(found, encoding="utf-8")
    else:
        assert found == text


def test_the_kinds_of_reports_that_are_told_are_those_that_there_are() -> None:
    told = re.findall(r"^\| `(\w+)` \|", (_DOCS / "screen.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert told == list(KINDS)


def test_the_answers_that_are_shown_are_those_of_the_file() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", (_DOCS / "rehearsal.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown == (places.ROOT / "specs" / "reports" / "answers.example.yaml").read_text(encoding="utf-8")


def test_the_page_on_pages_lists_the_forms_of_the_command() -> None:
    (forms,) = (each.type for each in show.params if each.name == "form")
    assert isinstance(forms, click.Choice)
    assert re.findall(r"^\| `(\w+)` \|", (_DOCS / "pages.md").read_text(), re.MULTILINE) == list(forms.choices)


def test_the_page_of_recipes_shows_each_document_as_it_is() -> None:
    page = _DOCS / "recipes.md"
    text = page.read_text(encoding="utf-8")
    assert sorted(name for name, _ in _RECIPE.findall(text)) == [
        each.name.removesuffix(".arazzo.yaml") for each in _RECIPES
    ]

    def shown(block: re.Match[str]) -> str:
        document = (_DOCS / "recipes" / f"{block[1]}.arazzo.yaml").read_text(encoding="utf-8")
        return f"<!-- {block[1]} -->\n\n```yaml\n{document}```\n"

    found = _RECIPE.sub(shown, text)
    if "UPDATE_GOLDEN" in os.environ:
        page.write_text(found, encoding="utf-8")
    else:
        assert found == text


@pytest.mark.parametrize("recipe", _RECIPES, ids=lambda path: path.stem)
def test_a_recipe_is_right_and_each_of_its_paths_can_be_rehearsed(recipe: Path) -> None:
    with Engine() as engine:
        assert engine.validate(str(recipe)) == ()
        program = engine.load(str(recipe))
        for workflow in program.workflow_ids:
            assert program.rehearse(workflow).succeeded
        covered = [program.rehearse_all_paths(workflow) for workflow in program.workflow_ids]
    assert all(each.paths for each in covered)
