"""Reading credentials from the command line, a file and the environment.

Decides which of them is used when several give one for the same scheme. What a credential is good for is not known
here, and no value is ever part of a message: of a file only the line and column are told.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from arazzo_engine.apis.security import Credential, Credentials, environment_names
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.secret_texts import read_secret_document

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from arazzo_engine.documents.document import Document, Place

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
    places = (_from_options(options, schemes), from_file)
    found = {}
    for source, scheme in schemes:
        given = (_find(each, source, scheme) for each in places)
        credential = next(filter(None, given), None) or _from_environment((source, scheme), schemes, environment)
        if credential is not None:
            found[source, scheme] = credential
    return Credentials(found)


def _find(found: Found, source: str, scheme: str) -> Credential | None:
    return found.get((source, scheme)) or found.get(("", scheme))


def _from_environment(scheme: Scheme, schemes: Collection[Scheme], environment: Mapping[str, str]) -> Credential | None:
    # the specific name comes first
    name = next((each for each in environment_names(*scheme) if environment.get(each)), None)
    if name is None:
        return None
    meanings = _meanings(name, schemes)
    if len(meanings) > 1:
        message = f"`{name}` in the environment stands for more than one credential: {' and '.join(meanings)}"
        options = ", ".join(f"`--auth {each.strip('`')}=…`" for each in meanings)
        fix = f"unset it, and say which one is meant with {options}, or with `--auth-file`"
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))
    return Credential(environment[name], name)


def _meanings(name: str, schemes: Collection[Scheme]) -> tuple[str, ...]:
    """Return the schemes that a variable stands for, each as `--auth` names it."""
    meant = set()
    for source, scheme in schemes:
        specific, general = environment_names(source, scheme)
        meant |= {f"`{source}.{scheme}`"} if specific == name else set()
        meant |= {f"`{scheme}`"} if general == name else set()
    return tuple(sorted(meant))


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
    both = [f"scheme `{scheme}` of source `{source}`" for source, scheme in schemes if name == f"{source}.{scheme}"]
    both += sorted({f"scheme `{scheme}`" for _, scheme in schemes if name == scheme})
    if len(both) > 1:
        message = f"`--auth {name}` stands for more than one credential: {' and '.join(both)}"
        raise ArazzoError(diagnose("option-invalid", message, fix="say which one is meant with `--auth-file`"))
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
    document = _read(auth_file)
    if not isinstance(document.value, dict):
        raise ArazzoError(_unreadable(auth_file, "it must be a mapping of schemes to credentials"))
    return dict(_entries(document, auth_file))


def _entries(document: Document, auth_file: str) -> Iterator[tuple[Scheme, Credential]]:
    for name, each in document.value.items():
        members = (
            {(name, scheme): member for scheme, member in each.items()}
            if isinstance(each, dict)
            else {("", name): each}
        )
        for key, credential in members.items():
            # a number has lost its leading zeros already
            if not isinstance(credential, str):
                at = document.root().child(*filter(None, key))
                raise ArazzoError(_unreadable(auth_file, "a credential must be a string: put it in quotes", at))
            yield key, Credential(credential, f"--auth-file {auth_file}")


def _read(auth_file: str) -> Document:
    path = Path(auth_file)
    try:
        return read_secret_document(path.read_bytes(), path.absolute().as_uri(), auth_file)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise ArazzoError(_unreadable(auth_file, reason)) from error
    except ValueError as error:
        raise ArazzoError(_unreadable(auth_file, "this is no name of a file")) from error


def _unreadable(auth_file: str, reason: str, at: Place | None = None) -> Diagnostic:
    # a key may be a secret too, when somebody wrote the two in the wrong order: the place has no pointer
    location = None if at is None else replace(at.location(), pointer="")
    return diagnose("inputs-unreadable", f"the credentials cannot be read: {auth_file}: {reason}", location)
