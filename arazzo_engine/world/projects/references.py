"""Values that are kept elsewhere: ``@env:NAME``, ``@file:PATH`` and ``@cmd:COMMAND``, written in place of a value.

Decides what such a text names and what value it has. It is asked for by whoever types it, or by a project file, never
by a document, an answer, or the value of an input. What came of it is a secret, wherever it is used.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location, diagnose, nearest
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.typed import Reticent
from arazzo_engine.world.loading.disk_files import NoFileError, is_there, read_bounded
from arazzo_engine.world.loading.project import real_path, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.world.projects.environment import Environment

_FORM: Final = lazy_pattern(r"@([A-Za-z]{2,12}):(.*)", re.DOTALL)
KINDS: Final = ("env", "file", "cmd")
# what others call them
_OTHER_WORDS: Final = {"environment": "env", "command": "cmd", "exec": "cmd", "shell": "cmd", "path": "file"}
_LARGEST: Final = 1_000_000


class Reference(Reticent, frozen=True):
    """A value that is kept elsewhere, as ``text`` says: ``@env:NAME``, ``@file:PATH`` or ``@cmd:COMMAND``.

    ``subject`` is what it is the value of, ``location`` where it is written, when that is a project file: a relative
    path starts at the ``folder``, and may not leave the ``root``, when there is one. ``needs_leave`` is a command that
    runs only when the user allows it.
    """

    text: str
    subject: str = "a value"
    location: Location | None = None
    folder: str = "."
    root: str | None = None
    needs_leave: bool = False

    def __post_init__(self) -> None:
        found = _FORM.fullmatch(self.text)
        if found is None or found[1] not in KINDS:
            raise ValueError("a reference is written `@env:NAME`, `@file:PATH` or `@cmd:COMMAND`")

    def _shown(self) -> str:
        return str(self)

    def __str__(self) -> str:
        # what a command is told may be a secret
        return f"@{self.kind}:{self.named.split()[0]} …" if self.kind == "cmd" and " " in self.named else self.text

    @property
    def kind(self) -> str:
        """What is asked: the environment, a file or a command."""
        return self.text[1:].partition(":")[0]

    @property
    def named(self) -> str:
        """The variable, the path or the command."""
        return self.text.partition(":")[2].strip()

    @property
    def path(self) -> Path:
        """The file that is named: absolute, below the user's home, or from the folder of where it is written."""
        named = Path(self.named)
        if self.named.startswith("~/"):
            return Path(os.path.expanduser(self.named))  # noqa: PTH111 - which raises where there is no home
        return Path(self.folder) / named

    @property
    def origin(self) -> str:
        """Where its value comes from, for those who ask."""
        return f"{self}" if self.location is None else f"{self} ({self.location.uri}:{self.location.line})"


def is_reference(text: object) -> bool:
    """Whether a text is written as a reference: also one of a kind that there is not."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    return found is not None and _meant(found[1]) is not None


def read_reference(text: str, subject: str, location: Location | None = None) -> Reference:
    """Return the reference in a text; raises ``ArazzoError`` (``value-reference-failed``) for what is nearly one."""
    found = _FORM.fullmatch(text)
    kind = "" if found is None else found[1]
    if found is None or kind not in KINDS:
        message = f"{subject} is written `@{kind}:…`, and there is no such reference"
        raise ArazzoError(_failed(message, location, f"did you mean `@{_meant(kind)}:`?"))
    if not found[2].strip() or "\0" in found[2]:
        message = f"{subject} is written `@{kind}:`, which names nothing"
        raise ArazzoError(_failed(message, location, f"write {_EXAMPLES[kind]}"))
    return Reference(text, subject, location)


def resolve(reference: Reference, environment: Environment, *, may_run: bool = False) -> str:
    """Return the value that a reference has; raises ``ArazzoError`` (``value-reference-failed``).

    ``may_run`` is the leave for a command that needs one.
    """
    if reference.kind == "cmd" and reference.needs_leave and not may_run:
        message = f"{reference.subject} is to come from a command, `{reference}`, and no command may be run"
        fix = "look at the command, then allow it with `--allow-commands`, or give the value in another way"
        raise ArazzoError(_failed(message, reference.location, fix))
    return _READERS[reference.kind](reference, environment)


def resolve_secret(reference: Reference, environment: Environment, *, may_run: bool = False) -> str:
    """Return the credential that a reference gives, which is never empty; raises as ``resolve`` does."""
    value = resolve(reference, environment, may_run=may_run)
    if not value:
        message = f"{reference.subject} has no value: what `{reference}` gives is empty"
        raise ArazzoError(_failed(message, reference.location, "put the value there"))
    return value


def is_kept(reference: Reference, environment: Environment, *, may_run: bool = False) -> bool:
    """Whether a reference seems to have a value; no file is read for it, and no command run."""
    match reference.kind:
        case "env":
            return bool(environment.variables.get(reference.named))
        case "file":
            return is_there(reference.path)
        case _:
            return may_run or not reference.needs_leave


def check_place(reference: Reference) -> None:
    """Raise ``ArazzoError`` (``value-reference-failed``) when a file lies where its project file may not lead."""
    if reference.root is None:
        return
    if not real_path(reference.path).is_relative_to(real_path(Path(reference.root))):
        message = f"{reference.subject} is to come from the file `{reference.named}`, which is not of the project"
        fix = f"name a file below {shown(Path(reference.root))}, or name the project file itself with `--config`"
        raise ArazzoError(_failed(message, reference.location, fix))


def _from_environment(reference: Reference, environment: Environment) -> str:
    name = reference.named
    value = environment.variables.get(name)
    if value is None:
        message = f"{reference.subject} has no value: the variable `{name}` is not set"
        meant = nearest(name, [each for each in environment.variables if each != name])
        fix = f"did you mean `@env:{meant}`?" if meant else f"set `{name}`, or write `{name}=…` into `.env`"
        told = f" ({'; '.join(environment.unread)})" if environment.unread else ""
        raise ArazzoError(_failed(message + told, reference.location, fix))
    return value


def _from_file(reference: Reference, _: Environment) -> str:
    check_place(reference)
    try:
        return _one_line_less(read_bounded(reference.path, _LARGEST).decode("utf-8-sig"))
    except NoFileError as error:
        reason = str(error)
    except UnicodeDecodeError:
        reason = "it is not UTF-8 text"
    message = f"{reference.subject} has no value: the file `{reference.named}` cannot be read: {reason}"
    raise ArazzoError(_failed(message, reference.location, "name a file that can be read"))


def _from_command(reference: Reference, _: Environment) -> str:
    from arazzo_engine.world.projects.commands import CommandError, output_of  # noqa: PLC0415 - few values are of one

    try:
        return _one_line_less(output_of(reference.named, reference.folder))
    except CommandError as error:
        message = f"{reference.subject} has no value: `{reference}` {error}"
        fix = "try the command by itself; it is started without a shell"
        raise ArazzoError(_failed(message, reference.location, fix)) from error


_READERS: Final[dict[str, Callable[[Reference, Environment], str]]] = {
    "env": _from_environment,
    "file": _from_file,
    "cmd": _from_command,
}
_EXAMPLES: Final = {
    "env": "`@env:NAME`, with the name of a variable",
    "file": "`@file:PATH`, with the path of a file",
    "cmd": "`@cmd:COMMAND`, with a command and its arguments",
}


def _one_line_less(text: str) -> str:
    """Return a text without the end of its last line, which editors and commands put there."""
    return text.removesuffix("\n").removesuffix("\r")


def _meant(kind: str) -> str | None:
    return kind if kind in KINDS else _OTHER_WORDS.get(kind.lower()) or nearest(kind, KINDS)


def _failed(message: str, location: Location | None, fix: str) -> Diagnostic:
    return diagnose("value-reference-failed", message, location, fix=fix)
