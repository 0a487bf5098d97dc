"""Ids and inputs that nothing refers to, spelled otherwise than in what stands beside them."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import OneSource, document, step, workflow

from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document


def _found(*made: dict[str, Any], name: str = "main") -> list[tuple[str, str]]:
    checked = check_document(read_document(document(*made), f"file:///{name}.json"), OneSource())
    found = [each for each in checked.problems if each.code == "name-misspelt"]
    return [(each.message, each.location.pointer if each.location else "") for each in found]


def _step(step_id: str, description: str, **rest: Any) -> dict[str, Any]:
    return {**step("a"), "stepId": step_id, "description": description, **rest}


def test_a_step_whose_id_has_a_word_that_its_description_spells_otherwise() -> None:
    assert _found(workflow(_step("confrimOrder", "Confirm what was ordered."))) == [
        (
            "`confrimOrder` has `confrim`, and what stands beside it has `confirm`, which is spelled nearly alike",
            "/workflows/0/steps/0/stepId",
        )
    ]


def test_a_workflow_whose_id_is_nearly_its_summary_or_the_name_of_its_file() -> None:
    named = workflow(step("a"), name="edzt-cleanup")
    for found in (_found({**named, "summary": "Edit cleanup"}), _found(named, name="my-edit-cleanup")):
        ((message, pointer),) = found
        assert message.startswith("`edzt-cleanup` has `edzt cleanup`, and what stands beside it has `edit cleanup`")
        assert pointer == "/workflows/0/workflowId"
    assert _found(named, workflow(step("a"), name="other"), name="my-edit-cleanup") == []


def test_an_input_that_its_description_spells_otherwise() -> None:
    inputs = {"type": "object", "properties": {"orignatingUser": {"description": "The originating user"}}}
    ((message, pointer),) = _found(workflow(step("a"), inputs=inputs))
    assert message.startswith("`orignatingUser` has `orignating`, and what stands beside it has `originating`")
    assert pointer == "/workflows/0/inputs/properties/orignatingUser"


@pytest.mark.parametrize(
    ("step_id", "description"),
    [
        ("updateUser", "The user is updated."),
        ("listItem", "List items."),
        ("getWifi", "Set wifi"),
        ("createUsers", "Creates users"),
        ("enable", "Disable it"),
        ("waitForState", "Wait until the stage is reached, whatever its state"),
        ("ship", "Shop"),
        ("cancelOrder", "The order is canceled or cancelled"),
        ("authorise", "Authorize the payment"),
        ("readStatus", "Lee el estatus"),
    ],
)
def test_names_that_are_meant_to_differ_are_let_be(step_id: str, description: str) -> None:
    assert _found(workflow(_step(step_id, description))) == []


def test_an_id_that_something_refers_to_is_told_by_nothing_else_than_the_reference() -> None:
    first = _step("confirmuOrder", "Confirm it.", outputs={"x": "$response.body"})
    for read in ("$steps.confirmuOrder.outputs.x", "$steps.confirmOrder.outputs.x"):
        assert _found(workflow(first, outputs={"x": read})) == []
    goto = {"name": "again", "type": "goto", "stepId": "confirmuOrder"}
    assert _found(workflow(first, {**step("b"), "onFailure": [goto]})) == []
