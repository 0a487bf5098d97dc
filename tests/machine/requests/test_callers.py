"""An input that a called workflow needs is told by what its caller has to write, for nobody else can give it."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import document, make_workflows_ready, step, workflow

from arazzo_engine.diagnostics import ArazzoError, Diagnostic

_WHO = {"type": "object", "properties": {"who": {"type": "string"}, "id": {"type": "string"}}}
_GETS = step("a", parameters=[{"name": "for", "in": "header", "value": "it is {$inputs.who}"}])
_SUB = workflow(_GETS, name="sub", inputs=_WHO)


def _calls(step_id: str, workflow_id: str, **parameters: Any) -> dict[str, Any]:
    passed = [{"name": name, "value": value} for name, value in parameters.items()]
    return {"stepId": step_id, "workflowId": workflow_id, **({"parameters": passed} if passed else {})}


def _told(*workflows: dict[str, Any], inputs: dict[str, Any] | None = None, code: str = "input-needed") -> Diagnostic:
    with pytest.raises(ArazzoError) as refusal:
        make_workflows_ready(document(*workflows, _SUB), inputs=inputs)
    (found,) = [each for each in refusal.value.diagnostics if each.code == code]
    return found


def _fix(entry: str, owner: str) -> str:
    return f"add `{entry}` to the `parameters` of step {owner}"


def test_a_caller_that_has_an_input_of_that_name_hands_it_on() -> None:
    found = _told(workflow(_calls("call", "sub"), inputs=_WHO), inputs={"who": "me"})
    assert found.fix == _fix("{name: who, value: $inputs.who}", "`call`") + ", or leave the field out of the request"
    (related,) = found.related
    assert (related.message, related.location.pointer) == ("it is called here", "/workflows/0/steps/0/workflowId")


def test_a_caller_that_has_no_such_input_gives_a_value() -> None:
    found = _told(workflow(_calls("call", "sub")))
    assert found.fix == _fix("{name: who, value: …}", "`call`") + ", or leave the field out of the request"


def test_what_is_handed_on_and_not_given_is_to_be_given_too() -> None:
    found = _told(workflow(_calls("call", "sub"), inputs=_WHO))
    written = _fix("{name: who, value: $inputs.who}", "`call`")
    assert found.fix == f"{written}, and give the input, or leave the field out of the request"


def test_an_input_that_is_handed_on_under_another_name_is_the_one_to_give() -> None:
    found = _told(workflow(_calls("call", "sub", who="$inputs.id"), inputs=_WHO))
    assert found.fix == "give `id`, which step `call` hands on, or leave the field out of the request"


def test_a_part_that_is_handed_on_of_an_input_that_is_given_is_the_one_to_give() -> None:
    env = {"type": "object", "properties": {"who": {"type": "string"}}}
    main = workflow(
        _calls("call", "sub", who="$inputs.env#/who"), inputs={"type": "object", "properties": {"env": env}}
    )
    found = _told(main, inputs={"env": {}})
    assert found.fix == "give `$inputs.env#/who`, which step `call` hands on, or leave the field out of the request"


def test_every_caller_on_the_way_hands_it_on() -> None:
    middle = workflow(_calls("on", "sub", who="$inputs.id"), name="middle", inputs=_WHO)
    found = _told(workflow(_calls("call", "middle")), middle)
    assert found.fix == _fix("{name: id, value: …}", "`call`") + ", or leave the field out of the request"
    found = _told(workflow(_calls("call", "middle")), workflow(_calls("on", "sub"), name="middle", inputs=_WHO))
    ways = (
        _fix("{name: who, value: $inputs.who}", "`on` of workflow `middle`"),
        _fix("{name: who, value: …}", "`call`"),
    )
    assert found.fix == f"{', and '.join(ways)}, or leave the field out of the request"


def test_an_input_of_the_workflow_that_is_run_is_given() -> None:
    found = _told(workflow(_GETS, inputs=_WHO))
    assert (found.fix, found.related) == ("give the input, or leave the field out of the request", ())


def test_a_required_input_that_a_caller_hands_on_without_having_it_is_told_on_the_whole_way() -> None:
    strict = workflow(step("a"), name="strict", inputs={**_WHO, "required": ["who"]})
    middle = workflow(_calls("on", "strict", who="$inputs.id"), name="middle", inputs=_WHO)
    found = _told(workflow(_calls("call", "middle")), middle, strict, code="input-missing")
    assert found.message == "input `who` is missing, and workflow `strict` requires it"
    assert found.fix == _fix("{name: id, value: …}", "`call`")
    (related,) = found.related
    assert (related.message, related.location.pointer) == ("it is called here", "/workflows/1/steps/0/workflowId")
    found = _told(workflow(_calls("call", "strict", who="$inputs.id"), inputs=_WHO), strict, code="input-missing")
    assert found.fix == "give `id`, which step `call` hands on"
