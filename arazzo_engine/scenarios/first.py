"""The text of a scenario for a run that was rehearsed: what was given and answered, and that it ended so.

Decides what a first scenario says: the answers as they were, so that it goes the same way again, and the outcome, the
path and the outputs. It is for runs of which everything was made up, so that nothing in them is a secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.documents.yaml.writing import write_yaml
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.scenarios.comparing import path_of
from arazzo_engine.scenarios.scenario import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.run_report import RunReport

# the server writes these for itself, and no step reads them
_USUAL: Final = frozenset({"content-length", "date", "server"})


def scenario_text(document: str, report: RunReport, inputs: Mapping[str, JsonValue], name: str) -> str:
    """Return the scenario, as YAML, of a run of a document that is at this path from it."""
    value: dict[str, Any] = {"scenario": VERSION, "name": name, "document": document, "workflow": report.workflow_id}
    value |= {"inputs": dict(inputs)} if inputs else {}
    value["answers"] = _answers(report)
    value["expect"] = {"outcome": report.status.value, "path": [*path_of(report)]}
    value["expect"] |= {"outputs": dict(report.outputs)} if report.outputs else {}
    return write_yaml(value)


def _answers(report: RunReport) -> dict[str, list[dict[str, Any]]]:
    answers: dict[str, list[dict[str, Any]]] = {}
    for step in report.steps:
        match step.response:
            case Response() as response:
                answers.setdefault(step.step_id, []).append(_answer(response))
            case NoResponse() as none:
                answers.setdefault(step.step_id, []).append({"error": str(none.failure)})
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
