"""What an effect does, in a few words for a person.

Decides how a line of a recording is named; what is shown of a request is its method and its URL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.secret_names import hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Callable


def describe(line: dict[str, Any]) -> str:
    """Return what an effect does."""
    return _EFFECTS[line["effect"]](line)


def _sending(line: dict[str, Any]) -> str:
    request = line["request"]
    asking = _asking(line["step"]) if "step" in line else "the client"
    return f"{asking} sends {request['method']} {hide_in_urls(request['url'])}"


def _asking(step: list[Any] | None) -> str:
    if step is None:
        return "the run, for a token,"
    again = f" in attempt {step[2]}" if step[2] > 1 else ""
    return f"step `{step[1]}` of `{step[0]}`{again}"


_EVENTS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "stepStarted": lambda event: (
        f"goes on with step `{event['stepId']}` of `{event['workflowId']}`, attempt {event['attempt']}"
    ),
    "stepFinished": lambda event: f"step `{event['stepId']}` of `{event['workflowId']}` has {event['status']}",
    "waiting": lambda event: f"waits {event['seconds']:g} s before step `{event['stepId']}`",
    "runStarted": lambda event: f"workflow `{event['workflowId']}` begins",
    "runFinished": lambda event: f"workflow `{event['workflowId']}` ends: {event['status']}",
    "stopping": lambda _: "stops",
}
_EFFECTS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "send": _sending,
    "wait": lambda line: f"waits {line['seconds']:g} s",
    "emit": lambda line: _EVENTS[line["event"]["type"]](line["event"]),
    "sign": lambda line: f"signs a request for `{line['scheme']}`",
    "keep": lambda _: "keeps a token",
    "recall": lambda _: "looks for a token that is kept",
    "draw": lambda _: "draws a text that nobody can guess",
}
