"""How everything that is kept of runs is kept: as JSON, encrypted, with a key that is never beside it.

Decides where the key is and what is said when it is the wrong one. What is sealed is not known here.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from dbos import Serializer

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.durability.places import KEY_FILE, KEY_VARIABLE, key_file
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.loading.disk_files import is_taken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_NEW_KEY: Final = "make one with `Fernet.generate_key()` of the package `cryptography`"
_KEY: Final = lazy_pattern(r"[A-Za-z0-9_-]{43}=")
# the member that stands for an exception
_RAISED: Final = "$raised"


class RecordedError(Exception):
    """An exception that was recorded; only its text outlived the process."""


class Seal(Serializer):
    """Writes values as encrypted JSON. Of several keys the first one seals, and each opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(each) for each in keys])

    def serialize(self, data: object) -> str:
        """Return a JSON value, or an exception, as a text that says nothing."""
        plain = {_RAISED: f"{type(data).__name__}: {data}"} if isinstance(data, BaseException) else data
        return self._fernet.encrypt(json.dumps(plain, default=_plainly).encode()).decode("ascii")

    def deserialize(self, serialized_data: str) -> object:
        """Return the value; raises ``ArazzoError`` (``state-key-wrong``)."""
        try:
            value = json.loads(self._fernet.decrypt(serialized_data.encode("ascii")))
        except (InvalidToken, UnicodeEncodeError) as error:
            raise ArazzoError(wrong_key()) from error
        return RecordedError(value[_RAISED]) if isinstance(value, dict) and value.keys() == {_RAISED} else value

    def name(self) -> str:
        """Return what the engine beneath calls this way of writing."""
        return "arazzo-sealed-json"


def _plainly(value: object) -> str:
    """Return a time, which the engine beneath gives to what it starts by a schedule, as a text."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON value")


def read_keys(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> tuple[str, ...]:
    """Return the keys of the environment, the first one being the newest; else the one of the user's own file.

    The file is made when it is not there. Raises ``ArazzoError`` (``state-key-wrong``) for what is no key.
    """
    variable = environment.get(KEY_VARIABLE, "").strip()
    given = tuple(filter(None, (each.strip() for each in variable.split(","))))
    if variable:
        given = given or (variable,)
        return tuple(_checked(each, f"`{KEY_VARIABLE}`") for each in given)
    return (_key_of_file(key_file() if folder is None else folder / KEY_FILE),)


def _key_of_file(path: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(path)
        return _checked(path.read_text(encoding="ascii", errors="replace").strip(), str(path))
    except OSError as error:
        message = f"the key of the kept runs, {path}, cannot be read: {error.strerror}"
        raise ArazzoError(diagnose("state-key-wrong", message, fix=f"set `{KEY_VARIABLE}`, or {_NEW_KEY}")) from error


def _make(path: Path) -> None:
    """Make the file of the key, whole or not at all: of two processes that do so at once, one wins."""
    if is_taken(path):
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - with its rights from the first byte
        file.write(Fernet.generate_key() + b"\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _checked(key: str, place: str) -> str:
    # what decodes base64 overlooks what is none of it: of two keys with another separator, the second one
    if not _KEY.fullmatch(key):
        message = f"{place} holds no key: a key is 32 bytes in URL-safe base64"
        raise ArazzoError(diagnose("state-key-wrong", message, fix=_NEW_KEY))
    return key


def wrong_key() -> Diagnostic:
    """Return the problem that what is kept was sealed with another key."""
    message = "the kept runs cannot be read: they were sealed with another key"
    fix = f"give that key in `{KEY_VARIABLE}`, before or after the one that is used now, with a comma between them"
    return diagnose("state-key-wrong", message, fix=fix)
