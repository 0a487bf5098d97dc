"""Reading credentials from the command line, a file and the environment.

Decides which of them is used when several give one for the same scheme. What a credential is good for is not known
here, and no value is ever part of a message: a text that cannot be read is told without its excerpt.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from arazzo_engine.apis.security import Credential, Credentials, environment_names
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from arazzo_engine.documents.values import JsonValue

# A source description and a scheme of it; the source "" stands for any
Scheme: TypeAlias = tuple[str, str]
Found: TypeAlias = "Mapping[Scheme, Credential]"


def read_credentials(
    options: Sequence[str],
    auth_file: str | None,
    schemes: Collection[Scheme],
    environment: Mapping[str, str] = os.environ,
) -> Credentials:
    """Return the credentials for the schemes: the command line wins over the file, the file over the environment.

    ``schemes`` are pairs of a source description's name and a scheme's. Raises ``ArazzoError`` (``option-invalid``,
    ``inputs-unreadable`` and the codes of malformed documents).
    """
    from_file = {} if auth_file is None else _from_file(auth_file)
    places = (_from_options(options, schemes), from_file, _from_environment(schemes, environment))
    found = {}
    for source, scheme in schemes:
        credential = next(filter(None, (_find(each, source, scheme) for each in places)), None)
        if credential is not None:
            found[source, scheme] = credential
    return Credentials(found)


def _find(found: Found, source: str, scheme: str) -> Credential | None:
    return found.get((source, scheme)) or found.get(("", scheme))


def _from_environment(schemes: Collection[Scheme], environment: Mapping[str, str]) -> Found:
    return {
        (source, scheme): Credential(environment[name], name)
        for source, scheme in schemes
        # the specific name comes first, and the last one of a key stays
        for name in reversed(environment_names(source, scheme))
        if name in environment
    }


def _from_options(options: Sequence[str], schemes: Collection[Scheme]) -> Found:
    found = {}
    for option in options:
        name, _, value = option.partition("=")
        # a secret that ends in `=` looks like a name without a value: it must not be shown as one
        if not value.strip("="):
            message = "`--auth` needs the form [SOURCE.]SCHEME=VALUE"
            raise ArazzoError(diagnose("option-invalid", message, fix="write `--auth scheme=value`"))
        found[_meant(name, schemes)] = Credential(value, "--auth")
    return found


def _meant(name: str, schemes: Collection[Scheme]) -> Scheme:
    """Return the source and scheme that a name means; a scheme alone is meant for every source that has it."""
    if any(scheme == name for _, scheme in schemes):
        return "", name
    for source, scheme in schemes:
        if name == f"{source}.{scheme}":
            return source, scheme
    known = tuple(dict.fromkeys(each for source, scheme in sorted(schemes) for each in (scheme, f"{source}.{scheme}")))
    message = f"`--auth` names the scheme `{name}`, which no step needs"
    listed = ", ".join(f"`{each}`" for each in known)
    fix = did_you_mean(name, known) or (f"there is {listed}" if known else "remove it: no step needs a credential")
    raise ArazzoError(diagnose("option-invalid", message, fix=fix))


def _from_file(auth_file: str) -> Found:
    """Return what a file gives: it may serve several descriptions, so a scheme that no step needs is no mistake."""
    value = _read(auth_file)
    if not isinstance(value, dict):
        raise ArazzoError(_unreadable(auth_file, "it must be a mapping of schemes to credentials"))
    return dict(_entries(value, auth_file))


def _entries(value: Mapping[str, JsonValue], auth_file: str) -> Iterator[tuple[Scheme, Credential]]:
    for name, each in value.items():
        members = (
            {(name, scheme): member for scheme, member in each.items()}
            if isinstance(each, dict)
            else {("", name): each}
        )
        for key, credential in members.items():
            # a number has lost its leading zeros already
            if not isinstance(credential, str):
                shown = ".".join(filter(None, key))
                raise ArazzoError(
                    _unreadable(auth_file, f"the credential `{shown}` must be a string: put it in quotes")
                )
            yield key, Credential(credential, f"--auth-file {auth_file}")


def _read(auth_file: str) -> JsonValue:
    path = Path(auth_file)
    try:
        return read_document(path.read_bytes(), path.absolute().as_uri(), auth_file).value
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise ArazzoError(_unreadable(auth_file, reason)) from error
    except ValueError as error:
        raise ArazzoError(_unreadable(auth_file, "this is no name of a file")) from error
    except ArazzoError as error:
        raise ArazzoError(*map(_without_excerpt, error.diagnostics)) from None


def _without_excerpt(diagnostic: Diagnostic) -> Diagnostic:
    location = None if diagnostic.location is None else replace(diagnostic.location, source="")
    related = tuple(replace(each, location=replace(each.location, source="")) for each in diagnostic.related)
    return replace(diagnostic, location=location, related=related)


def _unreadable(auth_file: str, reason: str) -> Diagnostic:
    return diagnose("inputs-unreadable", f"the credentials cannot be read: {auth_file}: {reason}")
