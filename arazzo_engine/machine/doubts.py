"""Requests whose outcome is unknown: sent, and never answered. None of them is sent again by itself.

Decides what may be repeated, and stops the run before a request in doubt would be. What becomes of a doubt is for a
person to say, or for a step of the workflow that finds out and then names the step with a ``goto``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import header

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedStep, WorkflowKey
    from arazzo_engine.language.messages.exchange import Request, Response

# RFC 9110, section 9.2.2: "PUT, DELETE, and safe request methods are idempotent"; safe are the methods of section
# 9.2.1, and QUERY is defined as safe
IDEMPOTENT_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"})


class InDoubt(ArazzoError):  # noqa: N818 - a state of the run, that a person resolves
    """The run ends because nobody knows whether a request of it was acted upon."""


class Doubts(Struct):
    """The requests in doubt, by the step that sent them. ``latest`` is that of a run's last exchange, if any.

    The runs of a session share ``pending``: what one of them left in doubt, none of the others sends again.
    """

    latest: Diagnostic | None = None
    pending: dict[tuple[WorkflowKey, str], Request] = field(default_factory=dict)

    def check(self, key: WorkflowKey, linked: LinkedStep, request: Request) -> None:
        """Raise ``InDoubt`` (``request-in-doubt``) when the step's request, or the same one of another, is in doubt."""
        if (key, linked.step.step_id) in self.pending or any(_is_same(request, each) for each in self.pending.values()):
            message = (
                f"step `{linked.step.step_id}` would send {request.method} {request.url} again, and the outcome of"
            )
            raise InDoubt(_diagnose(f"{message} the first is unknown", linked))

    def note(self, key: WorkflowKey, linked: LinkedStep, request: Request, result: Response | NoResponse) -> None:
        """Remember what is in doubt after an exchange, and forget what no longer is."""
        place = (key, linked.step.step_id)
        self.pending.pop(place, None)
        self.latest = None
        if isinstance(result, NoResponse) and result.sent and not _is_repeatable(request, linked):
            self.pending[place] = request
            message = (
                f"step `{linked.step.step_id}` sent {request.method} {request.url} and got no answer: {result.reason}"
            )
            self.latest = _diagnose(message, linked)

    def settle(self, key: WorkflowKey, step_id: str) -> None:
        """Take a step that a successful step leads to as one that may be sent again."""
        self.pending.pop((key, step_id), None)


def _is_repeatable(request: Request, linked: LinkedStep) -> bool:
    declared = linked.target.parameters if isinstance(linked.target, Operation) else ()
    keys = (each.name for each in declared if each.location is In.HEADER and "idempotency" in each.name.lower())
    return request.method in IDEMPOTENT_METHODS or any(header(request.headers, key) is not None for key in keys)


def _is_same(one: Request, other: Request) -> bool:
    return (one.method, one.url, one.content) == (other.method, other.url, other.content)


def _diagnose(message: str, linked: LinkedStep) -> Diagnostic:
    step_id = linked.step.step_id
    fix = (
        f"find out whether it happened before anything sends it again; a workflow does so with a step that asks, and"
        f" `goto` `{step_id}` when it did not"
    )
    return diagnose("request-in-doubt", message, linked.step.at.child("stepId").location(), fix=fix)
