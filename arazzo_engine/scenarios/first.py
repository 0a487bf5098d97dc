"""The text of a scenario for a run that there was: what was given and answered, and that it ended so.

Decides what such a scenario says: the answers as they were, so that it goes the same way again, and the outcome, the
path and the outputs. It is for runs in which nothing is a secret: everything was made up, or stands for something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.documents.yaml.writing import write_yaml
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.scenarios.comparing import path_of
from arazzo_engine.scenarios.scenario import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.run_report import RunReport

# the server writes these for itself, and no step reads them
_USUAL: Final = frozenset({"content-length", "date", "server"})


class Ran(Struct, frozen=True):
    """What a run was given, and what it did; ``answers`` are by step."""

    workflow_id: str
    inputs: Mapping[str, JsonValue]
    answers: Mapping[str, list[dict[str, Any]]]
    outcome: str
    path: tuple[str, ...]
    outputs: Mapping[str, JsonValue]
    options: Mapping[str, JsonValue] = {}


def ran(report: RunReport, inputs: Mapping[str, JsonValue], named: Callable[[str, str], str]) -> Ran:
    """Return what a run did; ``named`` gives the name of a step by the ids of its workflow and its own."""
    path = tuple(path_of(report))
    return Ran(report.workflow_id, inputs, _answers(report, named), report.status.value, path, report.outputs)


def scenario_text(document: str, did: Ran, name: str) -> str:
    """Return the scenario, as YAML, of a run of a document that is at this path from it."""
    value: dict[str, Any] = {"scenario": VERSION, "name": name, "document": document, "workflow": did.workflow_id}
    value |= {"inputs": dict(did.inputs)} if did.inputs else {}
    value |= {"options": dict(did.options)} if did.options else {}
    value["answers"] = dict(did.answers)
    value["expect"] = {"outcome": did.outcome, "path": [*did.path]}
    value["expect"] |= {"outputs": dict(did.outputs)} if did.outputs else {}
    return write_yaml(value)


def _answers(report: RunReport, named: Callable[[str, str], str]) -> dict[str, list[dict[str, Any]]]:
    answers: dict[str, list[dict[str, Any]]] = {}
    for step in report.steps:
        name = named(step.workflow_id, step.step_id)
        match step.response:
            case Response() as response:
                answers.setdefault(name, []).append(_answer(response))
            case NoResponse() as none:
                answers.setdefault(name, []).append({"error": str(none.failure)})
            case _:
                pass
    return answers


def _answer(response: Response) -> dict[str, Any]:
    answer: dict[str, Any] = {"status": response.status}
    headers = {name: value for name, value in response.headers if name.lower() not in _USUAL}
    answer |= {"headers": headers} if headers else {}
    if response.content and response.payload is not ABSENT:
        answer["body"] = response.payload
    return answer
