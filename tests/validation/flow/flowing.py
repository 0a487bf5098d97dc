"""Workflows of the operations ``a`` to ``h``, validated: what is found of their flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripted import OneSource, document, step, workflow

from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic


def found(*workflows: dict[str, Any], **rest: Any) -> tuple[Diagnostic, ...]:
    """Return everything that is found in a document of these workflows."""
    return check_document(read_document(document(*workflows, **rest), "file:///main.json"), OneSource()).problems


def found_in(*steps: dict[str, Any], **rest: Any) -> tuple[Diagnostic, ...]:
    """Return everything that is found in a workflow of these steps."""
    return found(workflow(*steps, **rest))


def told(problems: tuple[Diagnostic, ...]) -> list[str]:
    """Return severity, code and message of each finding, and the way that it shows.

    That the operations are no reading ones, and are called again in a loop, is left out: see ``test_repeats``.
    """
    lines = []
    for each in problems:
        if each.code == "request-repeated":
            continue
        lines.append(f"{each.severity.value}[{each.code}]: {each.message}")
        lines += [f"  {related.message}" for related in each.related]
    return lines


def gives(operation: str, **rest: Any) -> dict[str, Any]:
    """Return a step that has the output ``n``."""
    return step(operation, outputs={"n": "$response.body#/n"}, **rest)


def reads(operation: str, *named: str, **rest: Any) -> dict[str, Any]:
    """Return a step whose request reads the output ``n`` of others, and which has one itself."""
    parameters = [{"name": each, "in": "query", "value": f"$steps.{each}.outputs.n"} for each in named]
    return gives(operation, parameters=parameters, **rest)


def goto(step_id: str, *conditions: str, name: str = "jump") -> dict[str, Any]:
    """Return an action that leads to a step, when conditions hold."""
    return {"name": name, "type": "goto", "stepId": step_id, **_criteria(conditions)}


def retry(*conditions: str, name: str = "again", **rest: Any) -> dict[str, Any]:
    """Return an action that tries a step again, when conditions hold."""
    return {"name": name, "type": "retry", **rest, **_criteria(conditions)}


def end(*conditions: str, name: str = "stop") -> dict[str, Any]:
    """Return an action that ends the workflow, when conditions hold."""
    return {"name": name, "type": "end", **_criteria(conditions)}


def _criteria(conditions: tuple[str, ...]) -> dict[str, Any]:
    return {"criteria": [{"condition": each} for each in conditions]} if conditions else {}
