"""What a user may ask of an engine: whether it can be done at all, and whether the document knows the names in it.

Decides it as early as it can be known: a server or a folder when the engine is made, the names of sources and variables
when a document is there. How an option is written on a command line is not known here, only how it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.security.redirect_uris import ANY_PORT, RedirectUri, read_redirect_uri
from arazzo_engine.apis.server_templates import variable_names
from arazzo_engine.apis.urls import why_no_base
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.language.objects import SourceType
from arazzo_engine.machine.settings import LONGEST
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.vocabulary import any_of
from arazzo_engine.world.http.wire import check_proxy
from arazzo_engine.world.loading.disk_files import is_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.world.http.wire import Wire
    from arazzo_engine.world.preparing import Checked

_HANDLES: Final = ("handle_request", "handle_async_request")
_SPACE: Final = lazy_pattern(r"\s")
# more says nothing to a reader, and may be more than a float holds
_SHOWN: Final = 10**300


def check_server(url: str) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a URL that no request can go to."""
    if "@" in url.partition("://")[2].partition("/")[0]:
        message = "`--server` has a user or a password in it, which would be shown and never sent"
        raise ArazzoError(diagnose("option-invalid", message, fix="give credentials with `--auth`"))
    if why_no_base(url) or _SPACE.search(url):
        message = f"`--server` needs an http or https URL, not `{url}`"
        raise ArazzoError(diagnose("option-invalid", message, fix="write `--server name=https://host/base`"))


def redirect_uri_of(given: str | None) -> RedirectUri:
    """Return the redirect URI of a login; raises ``ArazzoError`` (``option-invalid``) for one of elsewhere."""
    found = ANY_PORT if given is None else read_redirect_uri(given)
    if found is None:
        message = f"`--redirect-uri` needs an http URL on this machine, not `{given}`"
        fix = "write `http://127.0.0.1:8400/callback`, as the server knows it"
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))
    return found


def check_transport(transport: object) -> None:
    """Raise ``TypeError`` for what cannot carry a request."""
    if transport is not None and not any(callable(getattr(transport, name, None)) for name in _HANDLES):
        raise TypeError(f"`transport` must be a transport of httpx, not {type(transport).__name__}")


def check_wire(wire: Wire) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when the options cannot be used."""
    if wire.key is not None and wire.certificate is None:
        raise ArazzoError(diagnose("option-invalid", "`--key` needs `--cert`", fix="name the certificate of the key"))
    if wire.has_own_trust:
        from arazzo_engine.world.http.trust import own_context  # noqa: PLC0415 - brings ssl along

        own_context(wire)
    if wire.proxy is not None:
        check_proxy(wire.proxy, "--proxy")
    if wire.http2:
        _check_http2()


def _check_http2() -> None:
    try:
        import h2.connection  # noqa: F401, PLC0415 - an extra, needed only for this option
    except ImportError as error:
        message = "`--http2` needs the package `h2`, which is not installed"
        raise ArazzoError(diagnose("option-invalid", message, fix="pip install 'arazzo-engine[http2]'")) from error


def check_source_dirs(folders: Sequence[str]) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a folder that is none."""
    for folder in folders:
        if not is_folder(Path(folder)):
            message = f"`--source-dir` names {folder}, which is no folder"
            raise ArazzoError(diagnose("option-invalid", message, fix="name an existing folder"))


def ignored_codes(listed: Sequence[str]) -> frozenset[str]:
    """Return the diagnostic codes in texts like ``a, b``; raises ``ArazzoError`` (``option-invalid``) for another."""
    codes = frozenset(code for each in listed for code in each.replace(",", " ").split())
    for code in sorted(codes - CODES.keys()):
        fix = did_you_mean(code, CODES) or "`arazzo explain` lists the codes"
        raise ArazzoError(diagnose("option-invalid", f"`--ignore` names `{code}`, which is no code", fix=fix))
    return codes


def check_seconds(name: str, value: object) -> None:
    """Raise ``TypeError`` for what is no number, where one may be given."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise TypeError(f"`{name}` must be a number of seconds, not {type(value).__name__}")


def check_limits(seconds: Mapping[str, float | None], counts: Mapping[str, int]) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a time that no clock can count, or a number below its least."""
    for option, time in seconds.items():
        if time is not None and not 0 < time <= LONGEST:
            told = "not that many" if isinstance(time, int) and abs(time) > _SHOWN else f"not {time:g}"
            message = f"`{option}` must be more than 0 and at most {LONGEST:,} seconds, {told}"
            raise ArazzoError(diagnose("option-invalid", message, fix="give a number of seconds"))
    for option, number in counts.items():
        least = 0 if option == "connect_retries" else 1
        if number < least:
            message = f"`{option}` must be at least {least}, not {number}"
            raise ArazzoError(diagnose("option-invalid", message, fix=f"give {least} or more"))


def check_sources(sources: Mapping[str, str], servers: Mapping[str, str], checked: Checked) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for the name of a source that the document does not have.

    A source of a called document that is one of the documents above has the name that it has there, and no other place.
    """
    known = source_names(checked)
    aliases = checked.linked.aliases
    workflows = {each.name for each in checked.description.source_descriptions if each.type is SourceType.ARAZZO}
    for name in servers.keys() & workflows:
        raise ArazzoError(_no_api(name, sorted(known - workflows)))
    for option, given in (("--source", sources), ("--server", servers)):
        for name in filter(None, given):
            if name in aliases and given[name] != given.get(aliases[name]):
                raise ArazzoError(_another_name(option, name, aliases[name]))
            if name not in known and name not in aliases:
                raise ArazzoError(_unknown_source(option, name, sorted(known)))


def check_variables(given: Iterable[str], checked: Checked, whole: Callable[[], Checked]) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a server variable that no server has; it would change nothing.

    One of another workflow of the ``whole`` document is no mistake.
    """
    names = tuple(dict.fromkeys(variables_of(checked)))
    for name in given:
        if name not in names and name not in set(variables_of(whole())):
            message = f"`--server-var` names `{name}`, which is no variable of a server that the run uses"
            raise ArazzoError(diagnose("option-invalid", message, fix=did_you_mean(name, names)))


def source_names(checked: Checked) -> set[str]:
    """Return the names of all sources: those of the entry document, and those that the steps of others use."""
    used = {operation.source for operation in checked.linked.operations()}
    return used | {source.name for source in checked.description.source_descriptions}


def schemes_of(checked: Checked) -> frozenset[tuple[str, str]]:
    """Return every security scheme that the linked steps could need: source description and scheme."""
    return frozenset(
        (operation.source, requirement.scheme.name)
        for operation in checked.linked.operations()
        for alternative in operation.security
        for requirement in alternative
    )


def variables_of(checked: Checked) -> Iterator[str]:
    """Yield the names of the server variables that the linked steps could need, with and without their source."""
    for operation in checked.linked.operations():
        for variable in variable_names(operation.servers[0]):
            yield from (variable, f"{operation.source}.{variable}")


def _another_name(option: str, name: str, source: str) -> Diagnostic:
    message = f"`{option}` names `{name}`, which is the source description `{source}`, and says something else of it"
    return diagnose("option-invalid", message, fix=f"name `{source}`")


def _no_api(name: str, apis: Iterable[str]) -> Diagnostic:
    """Return the diagnostic for a server that is named for a document of workflows."""
    message = f"`--server` names `{name}`, a document of workflows, which has no server"
    fix = f"name the API whose server it is: {', '.join(f'`{each}`' for each in apis)}"
    return diagnose("option-invalid", message, fix=fix)


def _unknown_source(option: str, name: str, names: Iterable[str]) -> Diagnostic:
    """Return the diagnostic for an option that names a source description the document does not have."""
    listed = tuple(names)
    message = f"`{option}` names source description `{name}`, which the document does not have"
    fix = did_you_mean(name, listed) or any_of("use {}", listed, otherwise=f"leave out `{option}`")
    return diagnose("option-invalid", message, fix=fix)
