"""The page about runs that are kept: each command on it is one that there is, with options that there are."""

from __future__ import annotations

import re
import shlex
from typing import Final

import click
import places
import pytest

from arazzo_engine.cli.group import cli

_PAGE: Final = (places.ROOT / "docs" / "durability.md").read_text()
_BLOCKS: Final = "\n".join(re.findall(r"```text\n(.*?)```", _PAGE, re.DOTALL))
_SPOKEN: Final = re.findall(r"`(arazzo [^`]+)`", _PAGE)
_COMMANDS: Final = sorted({*re.findall(r"^arazzo .+$", _BLOCKS, re.MULTILINE), *_SPOKEN})


@pytest.mark.parametrize("line", _COMMANDS)
def test_a_command_is_one_that_there_is(line: str) -> None:
    command: click.Command = cli
    words = shlex.split(line)
    while isinstance(command, click.Group) and len(words) > 1:
        name = words.pop(0)
        found = command.get_command(click.Context(command, info_name=name), words[0])
        assert found is not None, line
        command = found
    known = {option for parameter in command.params for option in parameter.opts}
    assert {each for each in words if each.startswith("-")} <= known


def test_every_option_that_is_spoken_of_is_there() -> None:
    known = set()
    for name in cli.list_commands(click.Context(cli)):
        command = cli.get_command(click.Context(cli), name)
        commands = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
        known |= {option for each in commands if each for parameter in each.params for option in parameter.opts}
    assert set(re.findall(r"`(--[a-z-]+)[^`]*`", _PAGE)) <= known
