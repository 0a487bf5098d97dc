"""What an installation stands on: versions, extras, folders, proxies and certificates, and what of it is wrong.

Decides what somebody should know before looking for a mistake elsewhere. Nothing is changed, nothing is asked of a
network, and no secret is shown.
"""

from __future__ import annotations

import os
import platform
import ssl
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.request import getproxies

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.durability.places import KEY_VARIABLE, URL_VARIABLE, find_place, key_file
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.secret_names import hide_in_address
from arazzo_engine.world.caching.own_files import user_folder
from arazzo_engine.world.http.trust import usual_authorities
from arazzo_engine.world.loading.disk_files import is_taken

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE: Final = "arazzo-engine"
# what is not for those who run workflows
_OF_DEVELOPERS: Final = frozenset({"test"})
_NAME: Final = lazy_pattern(r"[A-Za-z0-9._-]+")
_EXTRA: Final = lazy_pattern(r"""extra == ["']([\w-]+)["']""")


class Fact(Struct, frozen=True):
    """One thing about the installation; ``problem`` is what is wrong with it, ``fix`` what to do."""

    part: str
    name: str
    value: str
    problem: str = ""
    fix: str = ""


def facts() -> Iterator[Fact]:
    """Yield everything about the installation."""
    yield Fact("engine", "arazzo_engine", _version(_PACKAGE) or "not installed, but used from its folder")
    yield Fact("engine", "python", f"{platform.python_version()} ({sys.executable})")
    yield Fact("engine", "system", f"{platform.system()} {platform.machine()}, {sys.getfilesystemencoding()}")
    wanted = _requirements()
    yield from (_library(name) for name in wanted.pop("", ()))
    yield from (_extra(extra, names) for extra, names in sorted(wanted.items()) if extra not in _OF_DEVELOPERS)
    yield _folder("cache", user_folder(), "ARAZZO_CACHE_DIR")
    yield _runs()
    yield _key()
    yield from _network()


def _runs() -> Fact:
    try:
        place = find_place()
    except ArazzoError as error:
        (problem,) = error.diagnostics
        named = URL_VARIABLE if os.environ.get(URL_VARIABLE) else "none"
        return Fact("folders", "runs", named, problem.message, problem.fix)
    return _folder("runs", place.file.parent, "ARAZZO_STATE_DIR") if place.file else Fact("folders", "runs", str(place))


def _key() -> Fact:
    """Tell where the key is that kept runs are opened with, never which it is."""
    if os.environ.get(KEY_VARIABLE):
        return Fact("folders", "key of runs", f"the variable {KEY_VARIABLE}")
    try:
        path = key_file()
    except ArazzoError as error:
        (problem,) = error.diagnostics
        return Fact("folders", "key of runs", "none", problem.message, problem.fix)
    return Fact("folders", "key of runs", f"{path} ({'there' if is_taken(path) else 'made when it is needed'})")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _requirements() -> dict[str, list[str]]:
    """Return the packages that this one needs, by the extra that needs them; the empty one is no extra."""
    wanted: dict[str, list[str]] = {}
    try:
        lines = requires(_PACKAGE) or ()
    except PackageNotFoundError:
        return wanted
    for line in lines:
        name, extra = _NAME.match(line), _EXTRA.search(line)
        names = wanted.setdefault(extra[1] if extra is not None else "", [])
        names += [name[0]] if name is not None and name[0] not in names else []
    return wanted


def _library(name: str) -> Fact:
    found = _version(name)
    if found:
        return Fact("libraries", name, found)
    return Fact("libraries", name, "missing", f"{name} is not installed", f"pip install --upgrade {_PACKAGE}")


def _extra(extra: str, names: list[str]) -> Fact:
    missing = [name for name in names if not _version(name)]
    if missing:
        return Fact("extras", extra, f"not installed: pip install '{_PACKAGE}[{extra}]'")
    return Fact("extras", extra, ", ".join(f"{name} {_version(name)}" for name in names))


def _folder(name: str, folder: Path | None, variable: str) -> Fact:
    if folder is None:
        why = "ARAZZO_NO_CACHE is set" if os.environ.get("ARAZZO_NO_CACHE") else "the user has no home folder"
        return Fact("folders", name, f"none: {why}")
    there = next((each for each in (folder, *folder.parents) if is_taken(each)), folder)
    state = "there" if there == folder else "made when it is needed"
    if os.access(there, os.W_OK | os.X_OK):
        return Fact("folders", name, f"{folder} ({state})")
    return Fact("folders", name, str(folder), f"{there} cannot be written to", f"name another folder in {variable}")


def _network() -> Iterator[Fact]:
    proxies = {name: url for name, url in sorted(getproxies().items()) if url}
    shown = ", ".join(f"{name}: {hide_in_address(url)}" for name, url in proxies.items())
    yield Fact("network", "proxies", shown or "none")
    yield Fact("network", "tls", ssl.OPENSSL_VERSION)
    named, path = usual_authorities()
    if is_taken(Path(path)):
        yield Fact("network", "authorities", f"{path} ({named})")
    else:
        yield Fact("network", "authorities", path, f"{named} names {path}, which is not there", "correct the variable")
