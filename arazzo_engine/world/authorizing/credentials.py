"""Reading credentials from the command line, a file and the environment.

Decides which of them is used when several give one for the same scheme. What a credential is good for is not known
here, and no value is ever part of a message: of a file only the line and column are told.

======================  =================================================================================
from                    written as
======================  =================================================================================
``--auth``              ``[SOURCE.]SCHEME=VALUE``
``--auth-file``         ``SCHEME: VALUE``, ``SCHEME: {client_id: …}``, or one of them below ``SOURCE:``
the environment         ``ARAZZO_AUTH_[SOURCE_]SCHEME`` for the value, and the same with ``_CLIENT_ID``, …
======================  =================================================================================
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.security.credentials import Credential, Credentials
from arazzo_engine.apis.security.oauth_client import CLIENT_FIELDS, OAuthClient
from arazzo_engine.apis.security.schemes import environment_names
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.secret_texts import read_secret_document
from arazzo_engine.vocabulary import any_of
from arazzo_engine.world.projects.references import Reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from arazzo_engine.documents.document import Document, Place
    from arazzo_engine.documents.values import JsonValue

# What a mapping may hold: what a client is, and the token that it has already
_TOKEN: Final = "access_token"  # noqa: S105 - the name of a member
FIELDS: Final = (*CLIENT_FIELDS, _TOKEN)
_REPLACEABLE: Final = "refresh_token"
_SCOPES: Final = "scopes"
# what is no misspelling of a member, and means one
_OTHER_WORDS: Final = {"token": _TOKEN, "bearer": _TOKEN, "id": "client_id", "scope": _SCOPES}
_PARAMETERS: Final = "parameters"
_MISSPELT: Final = 0.81
_FORM: Final = "write `scheme: value`, or `scheme: {client_id: …, client_secret: …}`"
# A source description and a scheme of it; the source "" stands for any
Scheme: TypeAlias = tuple[str, str]
Found: TypeAlias = Mapping[Scheme, Credential]
GivenCredential: TypeAlias = str | Credential | OAuthClient | Reference
# A function of a source description's name and a scheme's, which returns `None` when it has none
AskedFor: TypeAlias = Callable[[str, str], GivenCredential | None]
# By `[source.]scheme`
GivenCredentials: TypeAlias = Mapping[str, GivenCredential] | Credentials | AskedFor
_ORIGIN: Final = "credentials"


def read_credentials(
    given: GivenCredentials,
    auth_file: str | None,
    schemes: Collection[Scheme],
    environment: Mapping[str, str] = os.environ,
) -> Credentials:
    """Return the credentials for the schemes: what is given wins over the file, the file over the environment.

    ``schemes`` are pairs of a source description's name and a scheme's. Raises ``ArazzoError`` (``option-invalid``,
    ``credentials-unreadable`` and the codes of malformed documents).
    """
    from_file = {} if auth_file is None else _from_file(auth_file, schemes)
    named = _named(given, schemes)
    places = (named, from_file)
    found = {}
    for source, scheme in schemes:
        candidates = (_find(each, source, scheme) for each in places)
        credential = next(filter(None, candidates), None) or _from_environment((source, scheme), schemes, environment)
        if credential is not None:
            found[source, scheme] = credential
    return Credentials(found)


def names_elsewhere(
    names: Iterable[str], schemes: Collection[Scheme], others: Callable[[], Collection[Scheme]]
) -> frozenset[str]:
    """Return the names that no step of the run needs, and other workflows of the document, which ``others`` gives."""
    unknown = set(names) - names_of(schemes)
    return frozenset(unknown & names_of(others())) if unknown else frozenset()


def names_of(schemes: Collection[Scheme]) -> set[str]:
    """Return the names by which a credential for the schemes can be given, with and without a source."""
    return {name for source, scheme in schemes for name in (scheme, f"{source}.{scheme}")}


def check_names(names: Iterable[str], schemes: Collection[Scheme]) -> frozenset[str]:
    """Return names of schemes; raises ``ArazzoError`` (``option-invalid``) for one that no step needs."""
    known = tuple(names)
    for name in known:
        _meant(name, schemes)
    return frozenset(known)


def _named(given: GivenCredentials, schemes: Collection[Scheme]) -> Found:
    match given:
        case Credentials():
            return given.by_scheme
        case Mapping():
            return _from_mapping(given, schemes)
        case _:
            return _from_function(given, schemes)


def _find(found: Found, source: str, scheme: str) -> Credential | None:
    own = found.get((source, scheme))
    return found.get(("", scheme)) if own is None else replace(own, only_for=source)


def _from_environment(scheme: Scheme, schemes: Collection[Scheme], environment: Mapping[str, str]) -> Credential | None:
    prefixes = environment_names(*scheme)
    _check_spelling(prefixes, schemes, environment)
    specific, general = (_variables(each, environment) for each in prefixes)
    names = {**general, **specific}
    for name in names.values():
        _check_meaning(name, schemes)
    if not names:
        return None
    # the one that a server may replace is the one to be found again
    origin = names.get(_REPLACEABLE) or next(iter((specific or general).values()))
    values = {member: environment[name] for member, name in names.items()}
    found = Credential(values[_TOKEN], origin) if values.keys() == {_TOKEN} else _credential(values, origin)
    return replace(found, only_for=scheme[0]) if specific else found


def _variables(prefix: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that are set, by what each gives."""
    return {member: name for member, name in _names(prefix).items() if environment.get(name)}


def _names(prefix: str) -> dict[str, str]:
    return {_TOKEN: prefix, **{member: f"{prefix}_{member.upper()}" for member in CLIENT_FIELDS}}


def _check_spelling(prefixes: Iterable[str], schemes: Collection[Scheme], environment: Mapping[str, str]) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a variable that was meant as one of those of a credential."""
    from difflib import get_close_matches  # noqa: PLC0415 - few runs have their credentials there

    for prefix in prefixes:
        others = (name for name in environment if name.startswith(f"{prefix}_") and not _meanings(name, schemes))
        for name in sorted(others):
            # what is less alike may be the variable of another document's scheme
            meant = get_close_matches(name.removeprefix(f"{prefix}_").lower(), FIELDS, n=1, cutoff=_MISSPELT)
            if meant:
                message = f"`{name}` in the environment gives no member of a credential"
                fix = f"did you mean `{_names(prefix)[meant[0]]}`?"
                raise ArazzoError(diagnose("option-invalid", message, fix=fix))


def _check_meaning(name: str, schemes: Collection[Scheme]) -> None:
    meanings = _meanings(name, schemes)
    if len(meanings) > 1:
        message = f"`{name}` in the environment stands for more than one credential: {' and '.join(meanings)}"
        options = ", ".join(f"`--auth {each.strip('`')}=…`" for each in meanings)
        fix = f"unset it, and say which one is meant with {options}, or with `--auth-file`"
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))


def _meanings(name: str, schemes: Collection[Scheme]) -> tuple[str, ...]:
    """Return the schemes that a variable stands for, each as `--auth` names it."""
    meant = set()
    for source, scheme in schemes:
        specific, general = environment_names(source, scheme)
        meant |= {f"`{source}.{scheme}`"} if name in _names(specific).values() else set()
        meant |= {f"`{scheme}`"} if name in _names(general).values() else set()
    return tuple(sorted(meant))


def _credential(members: Mapping[str, str], origin: str) -> Credential:
    given = {name: value for name, value in members.items() if name not in {_TOKEN, _SCOPES, _PARAMETERS}}
    scopes = tuple(members.get(_SCOPES, "").split())
    parameters = _pairs(members.get(_PARAMETERS, ""), origin)
    return Credential(members.get(_TOKEN, ""), origin, OAuthClient(**given, scopes=scopes, parameters=parameters))


def _pairs(text: str, origin: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(parse_qsl(text, keep_blank_values=True, strict_parsing=True)) if text else ()
    except ValueError as error:
        message = f"the `parameters` of a credential from {origin} cannot be read"
        raise ArazzoError(diagnose("credential-malformed", message, fix="write `name=value&name=value`")) from error


def _from_mapping(given: Mapping[str, GivenCredential], schemes: Collection[Scheme]) -> Found:
    return {_meant(name, schemes): _taken(value) for name, value in given.items()}


def _from_function(ask: AskedFor, schemes: Collection[Scheme]) -> Found:
    answers = {scheme: ask(*scheme) for scheme in sorted(schemes)}
    return {scheme: _taken(value) for scheme, value in answers.items() if value is not None}


def _taken(value: GivenCredential) -> Credential:
    """Return what a program gave as a credential."""
    match value:
        case Credential():
            return value
        case OAuthClient():
            return Credential("", _ORIGIN, value)
        case str():
            return Credential(value, _ORIGIN)
        case _:
            needed = "a text, a Credential, an OAuthClient or a Reference"
            raise TypeError(f"a credential must be {needed}, not {type(value).__name__}")


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
    without = "remove it: no step needs a credential"
    fix = did_you_mean(name, known) or any_of("use {}", known, otherwise=without)
    raise ArazzoError(diagnose("option-invalid", message, fix=fix))


def _from_file(auth_file: str, schemes: Collection[Scheme]) -> Found:
    """Return what a file gives: it may serve several descriptions, so a scheme that no step needs is no mistake."""
    document = _read(auth_file)
    if not isinstance(document.value, dict):
        raise ArazzoError(_unreadable(auth_file, "it must be a mapping of schemes to credentials"))
    found = {}
    for name, each in document.value.items():
        at = document.root().child(name)
        is_credential = _is_credential(name, each, schemes)
        members = {("", name): at} if is_credential else {(name, key): at.child(key) for key in each}
        found.update({key: _entry(place, auth_file) for key, place in members.items()})
    return found


def _is_credential(name: str, value: JsonValue, schemes: Collection[Scheme]) -> bool:
    """Whether a member of the file is a credential, not a source with its schemes."""
    if not isinstance(value, dict) or any((name, key) in schemes for key in value):
        return not isinstance(value, dict)
    is_source = any(source == name for source, _ in schemes)
    return any(scheme == name for _, scheme in schemes) or (not is_source and not value.keys() - {*FIELDS})


def _entry(at: Place, auth_file: str) -> Credential:
    value, origin = value_at(at), f"--auth-file {auth_file}"
    if isinstance(value, dict):
        return _credential({name: _member(name, at.child(name), auth_file) for name in value}, origin)
    return Credential(_text(at, auth_file), origin)


def _member(name: str, at: Place, auth_file: str) -> str:
    if name not in FIELDS:
        meant = _OTHER_WORDS.get(name.lower(), name)
        fix = did_you_mean(meant, FIELDS) or any_of("use {}", FIELDS, otherwise="remove it")
        raise ArazzoError(_unreadable(auth_file, "there is no such member of a credential", fix, at))
    value = value_at(at)
    if name == _SCOPES and isinstance(value, list):
        return " ".join(_text(at.child(index), auth_file) for index in range(len(value)))
    if name == _PARAMETERS and isinstance(value, dict):
        return urlencode([pair for each in value for pair in _named_texts(each, at.child(each), auth_file)])
    return _text(at, auth_file)


def _named_texts(name: str, at: Place, auth_file: str) -> list[tuple[str, str]]:
    """Return a parameter, once for each text of a list."""
    value = value_at(at)
    places = [at.child(index) for index in range(len(value))] if isinstance(value, list) else [at]
    return [(name, _text(each, auth_file)) for each in places]


def _text(at: Place, auth_file: str) -> str:
    value = value_at(at)
    # a number has lost its leading zeros already
    if not isinstance(value, str):
        raise ArazzoError(_unreadable(auth_file, "a credential must be a string", "put it in quotes", at))
    return value


def _read(auth_file: str) -> Document:
    path = Path(auth_file)
    try:
        return read_secret_document(path.read_bytes(), path.absolute().as_uri(), auth_file)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise ArazzoError(_unreadable(auth_file, reason, "name an existing file")) from error
    except ValueError as error:
        raise ArazzoError(_unreadable(auth_file, "this is no name of a file", "name an existing file")) from error


def _unreadable(auth_file: str, reason: str, fix: str = _FORM, at: Place | None = None) -> Diagnostic:
    # a key may be a secret too, when somebody wrote the two in the wrong order: the place has no pointer
    location = None if at is None else replace(at.location(), pointer="")
    message = f"the credentials of `--auth-file` cannot be read: {auth_file}: {reason}"
    return diagnose("credentials-unreadable", message, location, fix=fix)
