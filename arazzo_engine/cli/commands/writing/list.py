"""``arazzo list``: the Arazzo documents in files and folders, with their workflows.

It reads the documents by themselves; what they name is not loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.reporting.pages.text import describe_briefly
from arazzo_engine.world.loading.disk_files import is_folder, is_taken, is_there

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.objects import ArazzoDescription

_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})


@click.command("list", short_help="List the Arazzo documents in files and folders.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
def command(paths: tuple[str, ...]) -> int:
    """List the Arazzo documents in each PATH, the current folder when none is given."""
    problems: list[Diagnostic] = []
    found = 0
    for path in _files(paths or (".",), problems):
        description = _read(path, problems)
        if description is not None:
            found += 1
            tell(describe_briefly(str(path), description))
    if problems:
        from arazzo_engine.cli.terminal.telling import tell_found

        tell_found(problems)
        return ExitCode.DOCUMENT
    click.echo(f"{found} Arazzo document{'' if found == 1 else 's'}", err=True)
    return ExitCode.SUCCESS


def _files(paths: tuple[str, ...], problems: list[Diagnostic]) -> Iterator[Path]:
    for path in map(Path, paths):
        if is_folder(path):
            inside = (each for each in sorted(path.rglob("*")) if each.suffix.lower() in _SUFFIXES)
            yield from (each for each in inside if is_there(each) and not _is_hidden(each.relative_to(path)))
        elif is_taken(path):  # a pipe, too
            yield path
        else:
            problems.append(diagnose("source-not-found", f"there is no file or folder {path}", fix="correct the path"))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in path.parts)


def _read(path: Path, problems: list[Diagnostic]) -> ArazzoDescription | None:
    """Return the description in a file; ``None`` for a file that is something else."""
    from arazzo_engine.language.reading.description import read_description
    from arazzo_engine.world.loading.loader import Loader

    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        return read_description(Loader().load_entry(str(path))).description if "arazzo" in text else None
    except OSError as error:
        problems.append(diagnose("source-not-found", f"{path} cannot be read: {error.strerror}"))
    except ArazzoError as error:
        # a file that only mentions the word is no Arazzo document; one that cannot be read might be
        problems.extend(each for each in error.diagnostics if each.code != "not-arazzo")
    return None
