"""What several conditions want of one place is held together, and of alternatives the one that can be is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, bodies, rehearsed, thing

from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_ID: Final = "00000000-0000-4000-8000-000000000000"
_STATE: Final = {"type": "string", "enum": ["queued", "running", "done", "lost"]}


@pytest.mark.parametrize(
    ("conditions", "schema", "body"),
    [
        # of one place
        (["$response.body#/n > 5", "$response.body#/n < 7"], {"type": "integer"}, {"n": 6}),
        (["$response.body#/n > 0.5 && $response.body#/n < 0.6"], {"type": "number"}, {"n": 0.55}),
        (["$response.body#/n != 'queued'", "$response.body#/n != 'running'"], _STATE, {"n": "done"}),
        (["!($response.body#/n == 'queued' || $response.body#/n == 'done')"], _STATE, {"n": "running"}),
        (["$response.body#/n != $inputs.id"], {"type": "string", "format": "uuid"}, {"n": f"{_ID[:-1]}1"}),
        # of several ways, the one that the description and the other criteria leave
        (["$response.body#/n == 'gone' || $response.body#/n == 'lost'", "$response.body#/n != 'gone'"], _STATE,
         {"n": "lost"}),
        (["$response.body#/n == 'done' || $response.body#/n == 'lost'", "$response.body#/n != 'done'"], _STATE,
         {"n": "lost"}),
        (["$statusCode == 201 || $response.body#/n == 'lost'"], _STATE, {"n": "lost"}),
        (["($inputs.no || $response.body#/n == 'lost') && $statusCode == 200"], _STATE, {"n": "lost"}),
    ],
)  # fmt: skip
def test_criteria_are_met_together(conditions: list[str], schema: Any, body: Any, tmp_path: Path) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [{"condition": each} for each in conditions]}
    inputs = {"type": "object", "properties": {"no": {"const": False}, "id": {"const": _ID}}}
    report = rehearsed(tmp_path, [step], {"a": answers(thing(n=schema))}, inputs=inputs)
    assert report.status is RunStatus.SUCCEEDED, report.steps
    assert bodies(report) == [body]


_ASKED: Final = {"context": "$response.body", "type": "jsonpath", "condition": "$[?@.n == 'done']"}
_NONE: Final = {**_ASKED, "x-arazzo-engine-condition": "nothing"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], RunStatus.SUCCEEDED),
        ([{"n": "lost"}], RunStatus.SUCCEEDED),
        ([{"n": "lost"}, {"n": "done"}], RunStatus.FAILED),
        # what is not there has nothing to select in, and no criterion holds of it
        (None, RunStatus.FAILED),
    ],
)
def test_a_query_that_must_select_nothing_holds_where_it_does(body: Any, status: RunStatus, tmp_path: Path) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [_NONE]}
    report = rehearsed(tmp_path, [step], {"a": answers()}, asked={"answers": {"a": {"status": 200, "body": body}}})
    assert report.status is status


def test_a_rehearsal_answers_what_selects_nothing_and_what_selects_something(tmp_path: Path) -> None:
    found = {"type": "array", "minItems": 1, "items": thing(n=_STATE)}
    for criterion, wanted in ((_NONE, False), (_ASKED, True)):
        step = {"stepId": "a", "operationId": "a", "successCriteria": [criterion]}
        report = rehearsed(tmp_path, [step], {"a": answers(found)})
        assert report.status is RunStatus.SUCCEEDED
        assert any(each.get("n") == "done" for each in bodies(report)[0]) is wanted


_PARTS: Final = {
    "allOf": [
        {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "output": {}, "all": {}}},
        thing(
            output={**thing(decision={"enum": ["SETTLED", "FAILED"]}), "required": ["decision"]},
            all={"type": "array", "items": True},
        ),
        thing(output=thing(note={"type": "integer"}), all={"items": {"type": "boolean"}}),
    ]
}


@pytest.mark.parametrize("outputs", [{}, {"decision": "$response.body#/output/decision"}])
def test_what_several_parts_say_of_a_member_holds_together(outputs: Any, tmp_path: Path) -> None:
    step = {"stepId": "get", "operationId": "get", **({"outputs": outputs} if outputs else {})}
    report = rehearsed(tmp_path, [step], {"get": answers(_PARTS)})
    assert bodies(report) == [{"id": "sample", "output": {"decision": "SETTLED", "note": 1}, "all": [True]}]
    assert not report.steps[0].notes
