"""The token store: logins and refresh tokens that outlive a run, in a file of the user's or in the system's key store.

Decides whom to believe: a file that anybody else may read or write is not used. A file is replaced as a whole, and by
one run at a time; what a server has replaced is never there beside what replaces it.
"""

from __future__ import annotations

import importlib
import os
import stat
import threading
import time
from abc import ABC, abstractmethod
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from arazzo_engine.apis.security.credentials import Entry  # noqa: TC001 - it is read when a token is
from arazzo_engine.apis.security.grants import Token
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.typed import Reticent
from arazzo_engine.world.loading.disk_files import is_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

# instead of the name of a file; `./keyring` is one
KEYRING: Final = "keyring"
_SERVICE: Final = "arazzo-engine"
_INDEX: Final = "tokens"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LARGEST: Final = 10_000_000  # bytes
# another run has the file for as long as it refreshes a token
_PATIENCE: Final = 60.0
_PAUSE: Final = 0.02
_OWN_FILE: Final = "name a file that is yours alone, or one that is not there yet"


class Kept(Reticent, frozen=True):
    """A token as it is kept, and what it is good for."""

    entry: Entry
    access_token: str = ""
    refresh_token: str = ""
    expires_at: float | None = None

    def _shown(self) -> str:
        return self.entry.scheme

    @property
    def token(self) -> Token:
        """The token, as it was granted."""
        return Token(self.access_token, self.expires_at, self.refresh_token)


Tokens = dict[str, Kept]


class TokenStore(ABC):
    """Where tokens are kept; each method raises ``ArazzoError`` (``option-invalid``) when that cannot be done."""

    name = ""  # what a person calls it

    def check(self) -> None:
        """Do nothing but find out whether it can be read, and written to."""
        with self.alone():
            self._read()

    def find(self, entry: Entry) -> Kept | None:
        """Return the token that is kept for an entry, or for one that is good for it, too."""
        tokens = self._read()
        return tokens.get(entry.key) or next((each for each in tokens.values() if each.entry.serves(entry)), None)

    def recall(self, entry: Entry) -> Token | None:
        """Return the token that is kept for an entry alone."""
        kept = self._read().get(entry.key)
        return None if kept is None else kept.token

    def keep(self, entry: Entry, token: Token) -> None:
        """Keep a token in place of the one before it."""
        kept = Kept(entry, token.value, token.refresh_token, token.expires_at)
        with self.alone():
            self._write({**self._read(), entry.key: kept})

    def forget(self, is_meant: Callable[[Kept], bool]) -> tuple[Kept, ...]:
        """Forget the tokens that are meant, and return them."""
        with self.alone():
            tokens = self._read()
            meant = {key: each for key, each in tokens.items() if is_meant(each)}
            if meant:
                self._write({key: each for key, each in tokens.items() if key not in meant})
        return tuple(meant.values())

    @abstractmethod
    def alone(self) -> AbstractContextManager[None]:
        """Keep other runs from changing it for a while."""

    @abstractmethod
    def _read(self) -> Tokens: ...

    @abstractmethod
    def _write(self, tokens: Tokens) -> None: ...


def open_store(given: str) -> TokenStore:
    """Return the store of this name; raises ``ArazzoError`` (``option-invalid``) when it cannot be read or written."""
    store = Keyring() if given == KEYRING else TokenFile(given)
    store.check()
    return store


class TokenFile(TokenStore):
    """Tokens in a file that is the user's alone."""

    def __init__(self, path: str) -> None:
        self.name = path
        # a link stays one
        self._path = Path(os.path.realpath(path))
        self._thread = threading.RLock()
        self._has_lock = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other runs from changing the file for a while; a lock that is held already is enough."""
        with self._thread:
            if self._has_lock:
                yield
                return
            with self._locked():
                yield

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if is_folder(self._path):
            # a lock beside it would be left for ever
            raise self._unusable("it is no file")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unusable(_reason(error)) from error
        try:
            self._lock(lock)
            self._has_lock = True
            yield
        finally:
            self._has_lock = False
            os.close(lock)

    def _lock(self, lock: int) -> None:
        try:
            import fcntl  # noqa: PLC0415 - Windows has none
        except ImportError:
            return
        ends = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= ends:
                    raise self._unusable("another run does not let go of it") from None
                time.sleep(_PAUSE)
            else:
                return

    def _read(self) -> Tokens:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._unusable(_reason(error)) from error
        try:
            self._check(os.fstat(descriptor))
        except ArazzoError:
            os.close(descriptor)
            raise
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(_LARGEST)
        try:
            return msgspec.json.decode(content, type=Tokens) if content else {}
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self._unusable("it holds something else than tokens") from error

    def _check(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise self._unusable("it is no file")
        if not hasattr(os, "getuid"):
            return
        if found.st_uid != os.getuid():
            raise self._unusable("it is somebody else's file")
        if found.st_mode & _OTHERS:
            fix = f"`chmod 600 {self.name}`, and log in anew if others may have read it"
            raise self._unusable("others may read or write it", fix)

    def _write(self, tokens: Tokens) -> None:
        from tempfile import mkstemp  # noqa: PLC0415 - few runs write

        try:
            # made for its user alone
            descriptor, temporary = mkstemp(dir=self._path.parent)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(msgspec.json.format(msgspec.json.encode(tokens)) + b"\n")
                    file.flush()
                    os.fsync(descriptor)
                Path(temporary).replace(self._path)
            finally:
                with suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108 - it is there only when something went wrong
        except OSError as error:
            raise self._unusable(_reason(error)) from error

    def _unusable(self, reason: str, fix: str = _OWN_FILE) -> ArazzoError:
        return _unusable(self.name, reason, fix)


class Keyring(TokenStore):
    """Tokens in the system's key store, by way of the package ``keyring``."""

    name = "the system's key store"

    def __init__(self) -> None:
        try:
            self._library: Any = importlib.import_module("keyring")
            self._errors: Any = importlib.import_module("keyring.errors")
        except ImportError as error:
            fix = "pip install 'arazzo-engine[keyring]', or name a file"
            raise _unusable(KEYRING, "the package `keyring` is not installed", fix) from error
        self._thread = threading.RLock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep the other threads from changing it: a key store has no lock that runs could share."""
        with self._thread:
            yield

    def _read(self) -> Tokens:
        found = self._ask(lambda: self._library.get_password(_SERVICE, _INDEX))
        try:
            return msgspec.json.decode(found, type=Tokens) if found else {}
        except (msgspec.DecodeError, RecursionError) as error:
            raise _unusable(KEYRING, "it holds something else than tokens", "remove what is there") from error

    def _write(self, tokens: Tokens) -> None:
        self._ask(lambda: self._library.set_password(_SERVICE, _INDEX, msgspec.json.encode(tokens).decode()))

    def _ask(self, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - the package says nothing of its types
        try:
            return act()
        except self._errors.KeyringError as error:
            fix = "unlock it, or name a file"
            raise _unusable(KEYRING, f"it does not answer ({type(error).__name__})", fix) from error


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be opened").lower()


def _unusable(name: str, reason: str, fix: str) -> ArazzoError:
    return ArazzoError(diagnose("option-invalid", f"`--token-store {name}` cannot be used: {reason}", fix=fix))
