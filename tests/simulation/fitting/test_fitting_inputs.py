"""A made-up value is one that every place takes to which it goes; what is refused all the same is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, thing, written

import arazzo_engine
from arazzo_engine.validation.inputs.given import GivenInputs

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_TARGETS: Final[dict[str, tuple[dict[str, Any], Any]]] = {
    "enum": ({"enum": ["open", "closed"]}, "open"),
    "pattern": ({"type": "string", "pattern": "^[A-Z]{3}$"}, "AAA"),
    "format": ({"type": "string", "format": "date"}, "2026-01-31"),
    "const": ({"const": "fixed"}, "fixed"),
    "bounds": ({"type": "integer", "minimum": 10}, "10"),
    "length": ({"type": "string", "maxLength": 4}, "samp"),
}


def _made_up(path: Path, workflow: str = "w") -> dict[str, Any]:
    with arazzo_engine.Engine() as engine:
        program = engine.load(path)
        given = program.fill_in((workflow,), GivenInputs({})).given
    return {name: given.values[name] for name in given.made_up}


def _step(name: str, **members: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, **members}


def _parameter(name: str, place: str, schema: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": schema, "required": place == "path"}


@pytest.mark.parametrize("keyword", _TARGETS)
@pytest.mark.parametrize("place", ["query", "header", "cookie"])
def test_an_input_fits_the_parameter_that_it_goes_to(place: str, keyword: str, tmp_path: Path) -> None:
    schema, wanted = _TARGETS[keyword]
    operation = {**answers(), "parameters": [_parameter("p", place, schema)]}
    step = _step("get", parameters=[{"name": "p", "in": place, "value": "$inputs.a"}])
    path = written(tmp_path, [step], {"get": operation}, inputs=thing(a=_TEXT))
    assert _made_up(path) == {"a": wanted}
    assert not arazzo_engine.rehearse(path, "w").steps[0].notes


@pytest.mark.parametrize("payload", [{"deep": {"a": "$inputs.a"}}, '{"deep": {"a": "{$inputs.a}"}}'])
def test_an_input_fits_the_member_of_a_body_that_it_goes_to(payload: Any, tmp_path: Path) -> None:
    schema = thing(deep=thing(a={"enum": ["x", "y"]}))
    operation = {**answers(), "requestBody": {"content": {"application/json": {"schema": schema}}}}
    step = _step("get", requestBody={"contentType": "application/json", "payload": payload})
    assert _made_up(written(tmp_path, [step], {"get": operation}, inputs=thing(a=_TEXT))) == {"a": "x"}


_LONG: Final = "samplexxxxxx"
_BODIES: Final[dict[str, dict[str, Any]]] = {
    "a member": {"payload": {"a": "$inputs.a"}},
    "a member that is a text": {"payload": {"a": "{$inputs.a}"}},
    "a text": {"payload": '{"a": "{$inputs.a}"}'},
    "a replacement": {"payload": {"a": None}, "replacements": [{"target": "/a", "value": "$inputs.a"}]},
}


@pytest.mark.parametrize("body", _BODIES)
@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": "string", "minLength": 12}, _LONG),
        ({"type": "string", "minLength": 8, "maxLength": 9}, "sample-a"),
        ({"type": "string", "pattern": "^[A-Z]+$", "minLength": 5}, "AAAAA"),
        ({"allOf": [_TEXT, {"minLength": 12}]}, _LONG),
        ({"anyOf": [{"type": "string", "minLength": 12}, {"type": "integer"}]}, _LONG),
    ],
)
def test_an_input_is_as_long_as_it_has_to_be_where_it_goes(body: str, schema: Any, wanted: str, tmp_path: Path) -> None:
    operation = {**answers(), "requestBody": {"content": {"application/json": {"schema": thing(a=schema)}}}}
    step = _step("get", requestBody={"contentType": "application/json", **_BODIES[body]})
    path = written(tmp_path, [step], {"get": operation}, inputs=thing(a=_TEXT))
    assert _made_up(path) == {"a": wanted}
    assert not arazzo_engine.rehearse(path, "w").steps[0].notes


@pytest.mark.parametrize(
    ("own", "schema", "wanted"),
    [
        ({"type": "array"}, {"type": "array", "minItems": 2, "items": _TEXT}, ["sample", "sample"]),
        ({"type": "array", "items": _TEXT}, {"type": "array", "items": {**_TEXT, "minLength": 12}}, [_LONG]),
        (thing(b=_TEXT), thing(b={**_TEXT, "minLength": 12}), {"b": _LONG}),
    ],
)
def test_an_input_of_several_values_is_as_long_as_it_has_to_be(
    own: Any, schema: Any, wanted: Any, tmp_path: Path
) -> None:
    operation = {**answers(), "requestBody": {"content": {"application/json": {"schema": thing(a=schema)}}}}
    step = _step("get", requestBody={"contentType": "application/json", **_BODIES["a member"]})
    assert _made_up(written(tmp_path, [step], {"get": operation}, inputs=thing(a=own))) == {"a": wanted}


def test_an_input_is_as_long_as_its_own_schema_wants(tmp_path: Path) -> None:
    path = written(
        tmp_path, [_step("get")], {"get": answers()}, inputs={**thing(a={**_TEXT, "minLength": 12}), "required": ["a"]}
    )
    assert _made_up(path) == {"a": _LONG}


def test_an_input_fits_all_of_the_places_that_it_goes_to(tmp_path: Path) -> None:
    one, other = ({"enum": ["a", "b"]}, {"enum": ["c", "b"]})
    operations = {
        "get": {**answers(), "parameters": [_parameter("p", "query", one)]},
        "put": {**answers(), "parameters": [_parameter("p", "query", other)]},
    }
    parameters = [{"name": "p", "in": "query", "value": "$inputs.a"}]
    steps = [_step(name, parameters=parameters) for name in operations]
    assert _made_up(written(tmp_path, steps, operations, inputs=thing(a=_TEXT))) == {"a": "b"}


def test_an_input_fits_the_input_of_a_called_workflow(tmp_path: Path) -> None:
    called = {"workflowId": "v", "inputs": thing(b={"enum": ["x"]}), "steps": [_step("get")]}
    step = {"stepId": "call", "workflowId": "v", "parameters": [{"name": "b", "value": "$inputs.a"}]}
    path = written(tmp_path, [step], {"get": answers()}, inputs=thing(a=_TEXT), others=[called])
    assert _made_up(path) == {"a": "x"}


def test_an_output_fits_the_parameter_that_it_goes_to(tmp_path: Path) -> None:
    operations = {
        "find": answers(thing(state=_TEXT)),
        "get": {**answers(), "parameters": [_parameter("p", "query", {"enum": ["open"]})]},
    }
    found = {"state": "$response.body#/state"}
    steps = [
        _step("find", outputs=found),
        _step("get", parameters=[{"name": "p", "in": "query", "value": "$steps.find.outputs.state"}]),
    ]
    report = arazzo_engine.rehearse(written(tmp_path, steps, operations), "w")
    assert report.steps[0].outputs == {"state": "open"}
    assert not report.steps[1].notes


def test_a_value_that_the_description_refuses_is_told(tmp_path: Path) -> None:
    operation = {**answers(), "parameters": [_parameter("p", "query", {"enum": ["open"]})]}
    step = _step("get", parameters=[{"name": "p", "in": "query", "value": "$inputs.a"}])
    path = written(tmp_path, [step], {"get": operation}, inputs=thing(a={"type": "string", "default": "soon"}))
    (told,) = arazzo_engine.rehearse(path, "w").steps[0].notes
    assert told == "query parameter `p` must be one of `open`, as the description has it"


def test_a_value_that_is_written_out_is_told_once_before_the_run(tmp_path: Path) -> None:
    operation = {**answers(), "parameters": [_parameter("p", "query", {"type": "string", "format": "date"})]}
    step = _step("get", parameters=[{"name": "p", "in": "query", "value": "soon"}])
    path = written(tmp_path, [step], {"get": operation})
    assert [each.code for each in arazzo_engine.check(path)] == ["literal-refused"]
    assert not arazzo_engine.rehearse(path, "w").steps[0].notes


def test_one_name_has_a_value_of_its_own_in_a_workflow_that_takes_no_other(tmp_path: Path) -> None:
    get = {**answers(), "parameters": [_parameter("p", "query", {"type": "integer"})]}
    step = _step("get", parameters=[{"name": "p", "in": "query", "value": "$inputs.a"}])
    other = {"workflowId": "v", "inputs": thing(a={"enum": [7]}), "steps": [step]}
    path = written(tmp_path, [step], {"get": get}, inputs=thing(a={"type": "integer"}), others=[other])
    with arazzo_engine.Engine() as engine:
        filled = engine.open(path).fill_in(("w", "v"), GivenInputs({}))
        assert [*filled.made_up()] == ["a = 1", "a of v = 7"]
        filled.prepare()


def _depending(folder: Path, **inputs: Any) -> Path:
    """Return a document whose workflow depends on one that depends on a third, which alone has an input."""
    get = {**answers(), "parameters": [_parameter("id", "query", {"type": "integer"}) | {"required": True}]}
    step = _step("get", parameters=[{"name": "id", "in": "query", "value": "$inputs.id"}])
    others = [
        {"workflowId": "v", "dependsOn": ["u"], "steps": [_step("ping")], **inputs},
        {"workflowId": "u", "inputs": thing(id={"type": "integer"}), "steps": [step]},
    ]
    operations = {"get": get, "ping": answers()}
    return written(folder, [_step("ping")], operations, dependsOn=["v"], inputs=thing(), others=others)


def test_an_input_of_a_workflow_that_is_depended_on_is_made_up(tmp_path: Path) -> None:
    path = _depending(tmp_path)
    assert _made_up(path) == {"id": 1}
    report = arazzo_engine.rehearse(path, "w")
    assert [each.step_id for each in report.steps] == ["get", "ping", "ping"]
    assert not report.diagnostics


def test_a_workflow_that_allows_no_other_inputs_hands_none_on(tmp_path: Path) -> None:
    path = _depending(tmp_path, inputs={"type": "object", "additionalProperties": False})
    assert json.dumps(_made_up(path)) == "{}"


def _requiring(folder: Path, **more: Any) -> Path:
    """Return a document whose workflow depends on one that requires an input."""
    other = {
        "workflowId": "v",
        "inputs": {**thing(id={"type": "string"}), "required": ["id"]},
        "steps": [_step("ping")],
    }
    return written(folder, [_step("ping")], {"ping": answers()}, dependsOn=["v"], **{"others": [other], **more})


def test_a_required_input_of_what_is_depended_on_is_told_to_be_declared(tmp_path: Path) -> None:
    path = _requiring(tmp_path)
    (told,) = arazzo_engine.check(path)
    assert (told.code, told.severity.value) == ("input-of-dependency", "warning")
    assert told.message == (
        "workflow `v` requires `id`, which `w` does not declare: it is taken from what is given to `w`"
    )
    assert told.fix == "declare `id` in the `inputs` of workflow `w`"
    assert _made_up(path) == {"id": "sample-id"}
    assert arazzo_engine.rehearse(path, "w").succeeded


def test_a_run_does_not_start_without_what_is_required_below_it(tmp_path: Path) -> None:
    path = _requiring(tmp_path)
    with pytest.raises(arazzo_engine.ArazzoError) as refused:
        arazzo_engine.run(path, "w")
    (told,) = (each for each in refused.value.diagnostics if each.is_error)
    assert (told.code, told.message) == ("input-missing", "input `id` is missing, and workflow `v` requires it")


def test_what_allows_no_other_inputs_must_declare_those_of_what_it_depends_on(tmp_path: Path) -> None:
    (told,) = arazzo_engine.check(_requiring(tmp_path, inputs={"type": "object", "additionalProperties": False}))
    assert (told.code, told.severity.value) == ("input-not-passed", "error")


def test_what_a_step_calls_must_declare_the_inputs_of_what_it_depends_on(tmp_path: Path) -> None:
    other = {"workflowId": "v", "inputs": {**thing(id={}), "required": ["id"]}, "steps": [_step("ping")]}
    caller = {"workflowId": "u", "steps": [{"stepId": "call", "workflowId": "w"}]}
    (told,) = arazzo_engine.check(_requiring(tmp_path, others=[other, caller]))
    assert (told.code, told.severity.value) == ("input-not-passed", "error")


def test_an_input_of_which_nothing_is_said_is_a_text_unless_it_goes_to_something_else(tmp_path: Path) -> None:
    schema = thing(count={"type": "integer"}, whole={"type": "object"}, part={})
    operation = {**answers(), "requestBody": {"content": {"application/json": {"schema": schema}}}}
    payload = {name: f"$inputs.{name}" for name in ("count", "whole", "part")}
    step = _step(
        "get",
        parameters=[
            {"name": "X-Request-ID", "in": "header", "value": "$inputs.request"},
            {"name": "X-Of-Member", "in": "header", "value": "$inputs.members#/one"},
        ],
        requestBody={"contentType": "application/json", "payload": payload},
    )
    inputs = thing(request={}, members={}, count={}, whole={}, part={"description": "any"}, empty={"type": "object"})
    path = written(tmp_path, [step], {"get": operation}, inputs={**inputs, "required": ["empty"]})
    assert _made_up(path) == {
        "request": "sample-request",
        "members": {"one": "sample-one"},
        "count": 1,
        "whole": {},
        "part": "sample-part",
        "empty": {},
    }


def test_of_alternatives_that_exclude_each_other_the_one_that_is_needed_first_is_made_up(tmp_path: Path) -> None:
    parts = [{**thing(**{name: _TEXT}), "required": [name]} for name in ("name", "link")]
    operation = {**answers(), "parameters": [_parameter("p", "query", _TEXT)]}

    def reading(step: str, part: str) -> dict[str, Any]:
        return _step(step, parameters=[{"name": "p", "in": "query", "value": f"$inputs.a#/{part}"}])

    steps = [reading("one", "link"), reading("two", "name")]
    path = written(tmp_path, steps, {"one": operation, "two": operation}, inputs=thing(a={"oneOf": parts}))
    assert _made_up(path) == {"a": {"link": "sample"}}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"dependentRequired": {"a": ["c"]}}, {"a", "b", "c"}),
        ({"not": {"required": ["b"]}}, {"a"}),
        (
            {
                "if": {"properties": {"a": {"const": "x"}}},
                "then": {"required": ["b"]},
                "else": {"not": {"required": ["b"]}},
            },
            {"b"},
        ),
        ({"if": {"required": ["a"]}, "then": {"required": ["c"]}}, {"a", "b", "c"}),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"b"}),
        ({"anyOf": [{"required": ["c"]}, {"required": ["d"]}]}, {"a", "b", "c"}),
        ({"maxProperties": 1}, {"b"}),
    ],
)
def test_inputs_are_made_up_that_a_workflow_takes_together(rule: Any, expected: set[str], tmp_path: Path) -> None:
    inputs = {**thing(a=_TEXT, b=_TEXT, c=_TEXT, d=_TEXT), **rule}
    step = _step("get", parameters=[{"name": name, "in": "query", "value": f"$inputs.{name}"} for name in "ab"])
    operation = {**answers(), "parameters": [_parameter(name, "query", _TEXT) for name in "ab"]}
    path = written(tmp_path, [step], {"get": operation}, inputs=inputs)
    assert _made_up(path).keys() == expected
    assert arazzo_engine.rehearse(path, "w").status.name == "SUCCEEDED"


def test_an_input_that_was_given_is_not_left_out_for_another(tmp_path: Path) -> None:
    inputs = {**thing(a=_TEXT, b=_TEXT), "not": {"required": ["a", "b"]}}
    step = _step("get", parameters=[{"name": name, "in": "query", "value": f"$inputs.{name}"} for name in "ab"])
    operation = {**answers(), "parameters": [_parameter(name, "query", _TEXT) for name in "ab"]}
    path = written(tmp_path, [step], {"get": operation}, inputs=inputs)
    with arazzo_engine.Engine() as engine:
        given = engine.load(path).fill_in(("w",), GivenInputs({"b": "x"})).given
    assert given.values == {"b": "x"}
