"""``docs/cli.md`` is made of the definitions of the commands: ``UPDATE_GOLDEN=1`` writes it."""

from __future__ import annotations

import os
from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING

import click
import places

from arazzo_engine.cli.usage import GROUPS, MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = places.ROOT / "docs" / "cli.md"
_HEAD = """\
# The command line

Every command with its options, made of their definitions. `arazzo COMMAND --help` says the same; the exit codes are in
`docs/ci.md`.
"""


def test_the_page_is_what_the_commands_say() -> None:
    text = "\n".join((_HEAD, *_groups()))
    if "UPDATE_GOLDEN" in os.environ:
        _PAGE.write_text(text, encoding="utf-8")
    assert _PAGE.read_text(encoding="utf-8") == text


def _groups() -> Iterator[str]:
    for group in GROUPS:
        yield f"## {group.title}\n"
        for name in group.commands:
            yield from _command(f"arazzo {name}", import_module(f"arazzo_engine.cli.commands.{MODULES[name]}").command)


def _command(name: str, command: click.Command) -> Iterator[str]:
    names = ["-h", "--help"]
    ctx = click.Context(command, info_name=name, terminal_width=100, help_option_names=names)
    usage = " ".join(command.collect_usage_pieces(ctx))
    yield f"### `{name}`\n\n```text\n{name} {usage}\n```\n"
    yield f"{_prose(command.help)}\n"
    rows = [each.get_help_record(ctx) for each in command.get_params(ctx) if isinstance(each, click.Option)]
    if rows:
        cells = (f"| `{_cell(option)}` | {_cell(told)} |" for option, told in filter(None, rows))
        yield "\n".join(("| option | what it does |", "|---|---|", *cells, ""))
    if isinstance(command, click.Group):
        for each in command.list_commands(ctx):
            inner = command.get_command(ctx, each)
            assert inner is not None
            yield from _command(f"{name} {each}", inner)


def _prose(text: str | None) -> str:
    return "\n\n".join(map(_part, (text or "").split("\n\n")))


def _part(text: str) -> str:
    # a margin may stand before the sign
    if text.lstrip().startswith("\b"):
        return f"```text\n{cleandoc(text.lstrip().removeprefix(chr(8)))}\n```"
    return " ".join(text.split())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _options(name: str, command: click.Command) -> Iterator[tuple[str, click.Option, click.Context]]:
    ctx = click.Context(command, info_name=name)
    yield from ((name, each, ctx) for each in command.get_params(ctx) if isinstance(each, click.Option))
    if isinstance(command, click.Group):
        for each in command.list_commands(ctx):
            inner = command.get_command(ctx, each)
            assert inner is not None
            yield from _options(f"{name} {each}", inner)


def test_an_option_that_may_be_given_again_says_so_and_no_range_is_a_formula() -> None:
    for group in GROUPS:
        for name in group.commands:
            command = import_module(f"arazzo_engine.cli.commands.{MODULES[name]}").command
            for owner, option, ctx in _options(name, command):
                if (record := option.get_help_record(ctx)) is not None:
                    assert option.multiple is ("May be given again." in record[1]), (owner, record)
                    assert "<=" not in record[1], (owner, record)
                    assert ">=" not in record[1], (owner, record)
                    assert "RANGE" not in record[0], (owner, record)
