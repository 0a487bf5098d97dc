"""The help texts of commands with many options: every option under one heading, and examples that could be typed."""

from __future__ import annotations

import re
import shlex
from importlib import import_module

import click
import pytest

from arazzo_engine.cli import run_command
from arazzo_engine.cli.terminal.grouped_help import _PLACES, GroupedCommand
from arazzo_engine.cli.usage import MODULES


def _grouped() -> dict[str, GroupedCommand]:
    commands = {name: import_module(f"arazzo_engine.cli.commands.{MODULES[name]}").command for name in MODULES}
    return {name: command for name, command in commands.items() if isinstance(command, GroupedCommand)}


_COMMANDS = _grouped()


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_option_is_told_once(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([name, "--help"]) == 0
    told = re.findall(r"^  (?:-\w, )?(--[\w-]+)", capsys.readouterr().out, re.MULTILINE)
    options = [each.opts for each in _COMMANDS[name].params if isinstance(each, click.Option)]
    assert sorted(told) == sorted(["--help", *(each[-1] for each in options)])


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_examples_can_be_typed(name: str) -> None:
    for example in _COMMANDS[name].examples:
        words = shlex.split(example)
        assert words[:2] == ["arazzo", name]
        _COMMANDS[name].make_context(name, words[2:])


def test_every_option_that_has_a_place_is_one_of_a_command() -> None:
    options = {option for command in _COMMANDS.values() for each in command.params for option in each.opts}
    assert set(_PLACES) <= options
