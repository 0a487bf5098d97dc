"""Logging in and out apart from a run: what a person grants now is kept for the runs to come, until it is forgotten.

Decides which credentials of a document a person logs in for, and which of those that are kept belong to it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.servers import server_of
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.vocabulary import any_of
from arazzo_engine.world.options import schemes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.world.authorizing.token_store import Kept, TokenStore
    from arazzo_engine.world.authorizing.unsettled import Unsettled
    from arazzo_engine.world.drivers.deadline import Deadline
    from arazzo_engine.world.preparing import Checked
    from arazzo_engine.world.running import Means


class Login(Struct, frozen=True):
    """A login that is kept: for which scheme, until when, and whether runs can go on by themselves after that."""

    source: str
    scheme: str
    store: str
    expires_at: float | None
    is_refreshed: bool


class Guests(Struct, frozen=True):
    """Who needs a login: a checked document, what was given for it, and the means to ask for more."""

    checked: Checked
    access: Access
    means: Means


def log_in(guests: Guests, scheme: str | None, deadline: Deadline) -> Iterator[Login]:
    """Have a person log in for each scheme of a document that needs it, or for the one that is named.

    Raises ``ArazzoError``: ``option-invalid`` when there is no such scheme or nowhere to keep a token, and what keeps
    a run from being begun.
    """
    from arazzo_engine.world.authorizing.settling import nobody, settle  # noqa: PLC0415 - few programs are logged in for

    store = store_of(guests.means.token_store)
    desk = guests.means.desk(deadline, store)
    for each in _logins(guests, scheme):
        if guests.means.person is None:
            raise ArazzoError(nobody(each, "log in at a terminal"))
        credential = settle(each, desk, guests.means.person)
        is_refreshed = credential.client is not None and bool(credential.client.refresh_token)
        yield Login(each.source, each.scheme.name, store.name, credential.granted.expires_at, is_refreshed)


def log_out(guests: Guests | None, scheme: str | None, store: TokenStore) -> tuple[Kept, ...]:
    """Forget what is kept for a document, or for one of its schemes, or everything; return what was forgotten."""
    if guests is None:
        return store.forget(lambda _: True)
    schemes = schemes_of(guests.checked)
    known = {name for each in schemes for name in (each[1], ".".join(each))}
    if scheme is not None and scheme not in known:
        raise ArazzoError(_no_login(scheme, sorted(known)))
    names = {name for source, name in schemes if scheme in {None, name, f"{source}.{name}"}}
    servers = set(_servers(guests))
    return store.forget(lambda kept: kept.entry.scheme in names and not servers.isdisjoint(kept.entry.servers))


def store_of(given: str | None) -> TokenStore:
    """Return the token store that is named; raises ``ArazzoError`` (``option-invalid``) when none is."""
    if given is None:
        message = "a login is kept in a token store, and none is named"
        raise ArazzoError(diagnose("option-invalid", message, fix="name one with `--token-store FILE`"))
    from arazzo_engine.world.authorizing.token_store import open_store  # noqa: PLC0415 - the same

    return open_store(given)


def _logins(guests: Guests, scheme: str | None) -> Sequence[Unsettled]:
    """Return the credentials that only a person can grant."""
    from arazzo_engine.apis.security.grants import INTERACTIVE  # noqa: PLC0415 - the same
    from arazzo_engine.world.authorizing.unsettled import Wants, unsettled_in  # noqa: PLC0415 - the same

    problems: list[Diagnostic] = []
    linked = guests.checked.linked.workflows.values()
    unsettled = unsettled_in(linked, guests.access, Wants(problems=problems))
    found = [each for each in unsettled.values() if each.grant().grant in INTERACTIVE]
    wanted = [each for each in found if scheme in {None, each.scheme.name, f"{each.source}.{each.scheme.name}"}]
    if wanted:
        return wanted
    raise ArazzoError(*(problems or [_no_login(scheme, [each.scheme.name for each in found])]))


def _no_login(scheme: str | None, known: Sequence[str]) -> Diagnostic:
    if scheme is None:
        message = "no step needs a login: a person grants nothing that this document needs"
        return diagnose("option-invalid", message, fix="run it")
    without = "leave it out: no step needs a login"
    fix = did_you_mean(scheme, known) or any_of("use {}", known, otherwise=without)
    return diagnose("option-invalid", f"no step needs a login for `{scheme}`", fix=fix)


def _servers(guests: Guests) -> Iterator[str]:
    for operation in guests.checked.linked.operations():
        # one without a server has nothing that is kept
        with suppress(ArazzoError):
            yield server_of(operation, guests.access).origin
