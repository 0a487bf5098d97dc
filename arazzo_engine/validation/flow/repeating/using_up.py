"""Steps that may use up what another one lists, so that the same request gives what comes next.

Decides it by methods and by the words that APIs use: what is deleted, changed or dealt with may be listed no more, and
what is only told of, or made of it, is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.words import is_of_reading, words_of

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep

_METHODS: Final = frozenset({"DELETE", "PATCH", "PUT"})
_DEEDS: Final = frozenset(
    {
        *(
            "accept",
            "ack",
            "acknowledge",
            "approve",
            "archive",
            "assign",
            "cancel",
            "capture",
            "claim",
            "clear",
            "close",
        ),
        *("complete", "confirm", "consume", "deny", "dequeue", "destroy", "dismiss", "drain", "expire", "finish"),
        *("fulfil", "fulfill", "handle", "mark", "merge", "move", "pay", "pop", "process", "publish", "purge"),
        *("refund", "reject", "release", "resolve", "settle", "ship", "take", "trash", "unassign", "void"),
        *("change", "delete", "edit", "patch", "put", "remove", "replace", "set", "update", "upsert"),
    }
)
# the end of a path at which one thing is acted upon, as `/orders/{id}/activate` or `/orders/{id}:activate`: of many
# things of one, as `/orders/{id}/comments`, one more is made
_ON_ONE: Final = lazy_pattern(r"[^/{}]*\{[^{}/]+\}(?:/|:)([A-Za-z_\-]+(?:[^s/]|ss))/?")
_TELLING: Final = frozenset(
    {
        *("comment", "email", "log", "mail", "message", "note", "notification", "notify", "ping", "remind", "reminder"),
        *("subscribe", "subscription", "tell"),
    }
)


def uses_up(step: LinkedStep, linked: LinkedDescription) -> bool:
    """Whether a step, or one of a workflow that it calls, may take what is listed off the list."""
    waiting, known = [step], set[WorkflowKey]()
    while waiting:
        target = waiting.pop().target
        if isinstance(target, Operation):
            if _takes_off(target):
                return True
        elif isinstance(target, WorkflowKey) and target not in known and target in linked.workflows:
            known.add(target)
            waiting += linked.workflows[target].steps
    return False


def _takes_off(operation: Operation) -> bool:
    last = operation.path.rstrip("/").rpartition("/")[2]
    words = {*words_of(operation.operation_id or ""), *words_of(last)}
    method = operation.method.upper()
    return method in _METHODS or (method == "POST" and (not words.isdisjoint(_DEEDS) or _acts_on_one(operation)))


def _acts_on_one(operation: Operation) -> bool:
    start = operation.path.rstrip("/").rfind("/{") + 1
    match = _ON_ONE.fullmatch(operation.path, start)
    return match is not None and not is_of_reading(match[1]) and _TELLING.isdisjoint(words_of(match[1]))
