"""Reading credentials from the command line, a file and the environment. No value is ever part of a message."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.security import Credential, Credentials, environment_names
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from arazzo_engine.documents.values import JsonValue


def read_credentials(
    options: Sequence[str], auth_file: str | None, schemes: Collection[tuple[str, str]]
) -> Credentials:
    """Return the credentials for the schemes: the command line wins over the file, the file over the environment.

    ``schemes`` are pairs of a source description's name and a scheme's. Raises ``ArazzoError`` (``option-invalid``,
    ``inputs-unreadable``).
    """
    found = dict(_from_environment(schemes))
    if auth_file is not None:
        found |= dict(_from_file(auth_file, schemes))
    found |= dict(_from_options(options, schemes))
    return Credentials(found)


def _from_environment(schemes: Collection[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Credential]]:
    for source, scheme in schemes:
        for name in environment_names(source, scheme):
            if name in os.environ:
                yield (source, scheme), Credential(os.environ[name], name)
                break


def _from_options(
    options: Sequence[str], schemes: Collection[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], Credential]]:
    for option in options:
        name, separator, value = option.partition("=")
        if not separator:
            message = "`--auth` needs the form [SOURCE.]SCHEME=VALUE"
            raise ArazzoError(diagnose("option-invalid", message, fix="write `--auth scheme=value`"))
        yield _find(name, schemes, "--auth"), Credential(value, "--auth")


def _from_file(auth_file: str, schemes: Collection[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Credential]]:
    value = _read(auth_file)
    if not isinstance(value, dict):
        raise ArazzoError(_unreadable(auth_file, "it must be a mapping of schemes to credentials"))
    for name, each in value.items():
        members = each.items() if isinstance(each, dict) else [("", each)]
        for scheme, credential in members:
            if not isinstance(credential, str | int):
                raise ArazzoError(_unreadable(auth_file, f"the credential `{name}` must be a string"))
            key = _find(f"{name}.{scheme}" if scheme else name, schemes, f"--auth-file {auth_file}")
            yield key, Credential(str(credential), f"--auth-file {auth_file}")


def _read(auth_file: str) -> JsonValue:
    path = Path(auth_file)
    try:
        return read_document(path.read_bytes(), path.absolute().as_uri(), auth_file).value
    except OSError as error:
        raise ArazzoError(_unreadable(auth_file, error.strerror or "it cannot be opened")) from error
    except ArazzoError as error:
        raise ArazzoError(*(_without_excerpt(each) for each in error.diagnostics)) from error


def _without_excerpt(diagnostic: Diagnostic) -> Diagnostic:
    location = None if diagnostic.location is None else replace(diagnostic.location, source="")
    return replace(diagnostic, location=location)


def _unreadable(auth_file: str, reason: str) -> Diagnostic:
    return diagnose("inputs-unreadable", f"the credentials cannot be read: {auth_file}: {reason}")


def _find(name: str, schemes: Collection[tuple[str, str]], option: str) -> tuple[str, str]:
    """Return the source and scheme that a name means; a scheme alone is meant for every source that has it."""
    if any(scheme == name for _, scheme in schemes):
        return "", name
    for source, scheme in schemes:
        if name == f"{source}.{scheme}":
            return source, scheme
    known = [each for source, scheme in sorted(schemes) for each in (scheme, f"{source}.{scheme}")]
    message = f"`{option}` names the scheme `{name}`, which no step needs"
    fix = did_you_mean(name, known) or (
        f"there is {', '.join(f'`{each}`' for each in known)}" if known else "remove it"
    )
    raise ArazzoError(diagnose("option-invalid", message, fix=fix))
