"""Credentials that are not settled: what the steps need of each, and which entry of a token store would have it.

Decides for which credentials something has to be found out, or granted, before a run. Who is asked is decided by
``settling``.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.security.authorization import TokenNeed
from arazzo_engine.apis.security.credentials import Credential, Entry
from arazzo_engine.apis.security.grants import INTERACTIVE, Grant, TokenGrant, Unplanned, plan_grant
from arazzo_engine.apis.security.requirements import choose_security
from arazzo_engine.apis.servers import server_of
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.apis.security.access import Access
    from arazzo_engine.apis.security.oauth_client import OAuthClient


class Unsettled(Struct):
    """A credential that is not settled, all the scopes that the steps need of it, and the servers that it goes to."""

    source: str
    scheme: SecurityScheme
    credential: Credential
    client: OAuthClient
    scopes: list[str]
    servers: list[str]

    def grant(self) -> TokenGrant:
        """Return the grant that gets its token; raises ``ArazzoError`` (``credential-malformed``)."""
        planned = plan_grant(self.scheme, self.client, tuple(self.scopes))
        if isinstance(planned, Unplanned):
            message = f"`{self.scheme.name}` cannot be used: {planned.reason}"
            fix = planned.fix or "add it to the credential, or give the token itself"
            raise ArazzoError(diagnose("credential-malformed", message, fix=fix))
        return planned

    def entry(self) -> Entry:
        """Return where its token is kept: by who asks which server, for which scopes and APIs."""
        grant = self.grant()
        is_login = grant.grant in INTERACTIVE
        given = "" if is_login else hashlib.sha256(self.client.refresh_token.encode(errors="replace")).hexdigest()
        where = grant.url if grant.is_located else self.scheme.metadata_url
        who = ["login" if is_login else grant.grant.value, where, self.client.client_id, given, self.client.parameters]
        identity = hashlib.sha256(json.dumps(who).encode()).hexdigest()
        return Entry(identity, self.scheme.name, tuple(sorted(grant.scopes)), tuple(sorted(self.servers)))


class Wants(Struct):
    """Which credentials are wanted: those that a token store could have, too; with ``problems``, as far as known."""

    has_store: bool = False
    problems: list[Diagnostic] | None = None


def unsettled_in(workflows: Iterable[LinkedWorkflow], access: Access, wants: Wants) -> dict[tuple[str, str], Unsettled]:
    """Return the credentials that are not settled, by source description and scheme; raises ``ArazzoError``."""
    found: dict[tuple[str, str], Unsettled] = {}
    for operation, need in _needs(workflows, access, wants.problems):
        credential = access.credentials.find(operation.source, need.scheme.name)
        if credential is None or _is_known(need, wants):
            continue
        key = operation.source, need.scheme.name
        fresh = Unsettled(operation.source, need.scheme, credential, need.grant.client, [], [])
        opened = found.setdefault(key, fresh)
        _add(opened.scopes, need.grant.scopes)
        _add(opened.servers, [server_of(operation, access).origin])
    return found


def _is_known(need: TokenNeed, wants: Wants) -> bool:
    grant = need.grant
    if wants.has_store and grant.grant is Grant.REFRESH_TOKEN and need.entry is None:
        return False
    return bool(grant.url) and (grant.grant not in INTERACTIVE or need.initial is not None)


def _needs(
    workflows: Iterable[LinkedWorkflow], access: Access, problems: list[Diagnostic] | None
) -> Iterator[tuple[Operation, TokenNeed]]:
    for step in (each for workflow in workflows for each in workflow.steps):
        if not isinstance(step.target, Operation):
            continue
        try:
            need = choose_security(step.target, step.given, access).need
            if isinstance(need, TokenNeed):
                server_of(step.target, access)
                yield step.target, need
        except ArazzoError as error:
            if problems is None:
                raise
            problems.extend(each for each in error.diagnostics if each not in problems)


def _add(found: list[str], more: Iterable[str]) -> None:
    found.extend(each for each in more if each not in found)
