"""Lines with their secrets hidden: before they are written, and once more when a secret is learned after that.

Decides in which parts of a line a secret may stand. The engine's own words and numbers stay, whatever a secret looks
like: an answer of status 200 is one, also when somebody's secret is `200`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.recording.beginning import BEGINNING, read_text, write_text
from arazzo_engine.recording.effects import Free
from arazzo_engine.recording.hiding.replacing import Hiding
from arazzo_engine.recording.lines import encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.recording.hiding.replacing import Present

# the members that hold nothing but what the engine itself says, or a name of a document
_OWN: Final = frozenset(
    (
        *("effect", "step", "type", "workflowId", "stepId", "runId", "attempt", "depth", "status", "action"),
        *("condition", "method", "scheme", "place", "failure", "code", "severity", "why", "uri", "pointer", "seal"),
        *("engine", "python", "document", "name", "texts", "sources", "options"),
    )
)


def as_written(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as it is read back, of a run in which there are no secrets."""
    value: dict[str, Any] = json.loads(encode(_written(line, Hiding().present_in(()))))
    return value


def hidden(line: dict[str, Any], hiding: Hiding) -> dict[str, Any]:
    """Return a line with the secrets in its free parts replaced."""
    written: dict[str, Any] = _written(line, hiding.present_in(_free_parts(line)))
    return written


def _free_parts(value: Any) -> Iterator[Any]:  # noqa: ANN401 - a JSON value with free parts
    match value:
        case Free():
            yield value.value
        case dict():
            for member in value.values():
                yield from _free_parts(member)
        case list() | tuple():
            for element in value:
                yield from _free_parts(element)
        case _:
            pass


def _written(value: Any, present: Present) -> Any:  # noqa: ANN401 - the same
    match value:
        case Free():
            return present.value(value.value)
        case dict():
            return {name: _written(member, present) for name, member in value.items()}
        case list() | tuple():
            return [_written(element, present) for element in value]
        case _:
            return value


def hidden_again(line: dict[str, Any], hiding: Hiding) -> dict[str, Any]:
    """Return a line that was written with the secrets replaced that were not known then."""
    if "text" in line and BEGINNING not in line:
        return write_text(
            line["text"],
            hiding.document(read_text(line).decode("utf-8", errors="surrogateescape")).encode(
                "utf-8", errors="surrogateescape"
            ),
        )
    found: dict[str, Any] = _again(line, hiding)
    return found


def _again(value: Any, hiding: Hiding) -> Any:  # noqa: ANN401 - a JSON value
    match value:
        case dict():
            return {name: each if name in _OWN else _again(each, hiding) for name, each in value.items()}
        case list():
            return [_again(each, hiding) for each in value]
        case str():
            return hiding.text(value)
        case _:
            return value
