"""All paths: each action of each step is rehearsed once, and what cannot be come to is told with the reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import places
import pytest
from rehearsed import answers, thing, written

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.simulation.paths.coverage import Coverage

_STATE: Final = thing(state={"type": "string", "enum": ["queued", "done", "failed"]})


_CREATED: Final = {"successCriteria": [{"condition": "$statusCode == 201"}]}


def _step(name: str, **rest: Any) -> dict[str, Any]:
    return {"stepId": name, "operationId": name, **rest}


def _when(condition: str, **action: Any) -> dict[str, Any]:
    return {**action, "criteria": [{"condition": condition}]}


def _covered(folder: Path, steps: list[dict[str, Any]], operations: dict[str, Any], **workflow: Any) -> Coverage:
    path = written(folder, steps, operations, **workflow)
    with Engine() as engine:
        return engine.load(path).rehearse_all_paths("w")


def _texts(coverage: Coverage) -> list[str]:
    return [" ".join(step.text() for step in path.steps) for path in coverage.paths]


def _reasons(coverage: Coverage) -> dict[str, str]:
    return {each.what: each.why for each in coverage.missed}


def test_a_step_without_actions_succeeds_and_fails(tmp_path: Path) -> None:
    coverage = _covered(tmp_path, [_step("a"), _step("b")], {"a": answers(), "b": answers()})
    assert _texts(coverage) == ["a 200 b 200", "a 200 b 500 ✗", "a 500 ✗"]
    assert coverage.is_complete
    assert (str(coverage.steps), str(coverage.actions), str(coverage.criteria)) == ("2 of 2", "4 of 4", "0 of 0")
    assert "\nactions   4 of 4, 4 of them going on or ending without one\n" in coverage.to_text()


def test_a_step_fails_with_a_status_that_is_documented_before_any_other(tmp_path: Path) -> None:
    documented = {"responses": {each: {"description": "an answer"} for each in ("201", "402", "404")}}
    coverage = _covered(tmp_path, [_step("a", **_CREATED)], {"a": documented})
    assert _texts(coverage) == ["a 201", "a 402 ✗"]


def test_what_an_action_asks_of_a_body_is_answered_where_the_description_has_it(tmp_path: Path) -> None:
    documented = answers(_STATE)
    documented["responses"]["401"] = answers(thing(error={"type": "string"}))["responses"]["200"]
    criteria = [{"condition": "$statusCode == 200"}, {"condition": "$response.body#/state == 'done'"}]
    stop = _when("$response.body#/state == 'failed'", name="stop", type="end")
    coverage = _covered(tmp_path, [_step("a", successCriteria=criteria, onFailure=[stop])], {"a": documented})
    assert _texts(coverage) == ["a 200", "a 200 ✗ (end)", "a 401 ✗"]


def test_a_next_step_is_come_to_with_what_no_action_asks_for(tmp_path: Path) -> None:
    ways = [
        _when(f"$response.body#/state == '{each}'", name=each, type="goto", stepId="c") for each in ("queued", "done")
    ]
    apis = {"a": answers(_STATE), "b": answers(), "c": answers()}
    coverage = _covered(tmp_path, [_step("a", onSuccess=ways), _step("b"), _step("c")], apis)
    assert any(each.startswith("a 200 b") for each in _texts(coverage))
    assert coverage.is_complete


def test_what_steps_that_lead_to_each_other_can_do_is_shown_of_each(tmp_path: Path) -> None:
    pays = [_when("$statusCode >= 100", name="answered", type="end"), {"name": "lost", "type": "goto", "stepId": "ask"}]
    asks = [_when("$response.body#/state == 'queued'", name="again", type="goto", stepId="pay")]
    steps = [
        _step("pay", onSuccess=[{"name": "paid", "type": "end"}], onFailure=pays),
        _step("ask", successCriteria=[{"condition": "$response.body#/state == 'done'"}], onFailure=asks),
    ]
    coverage = _covered(tmp_path, steps, {"pay": answers(), "ask": answers(_STATE)})
    assert coverage.is_complete, coverage.missed
    assert len(coverage.paths) == 4


def test_each_action_is_come_to_in_few_runs(tmp_path: Path) -> None:
    failing = [
        _when("$statusCode == 503", name="again", type="retry", retryLimit=2),
        _when("$statusCode == 404", name="other", type="goto", stepId="c"),
    ]
    ends = [_when("$response.body#/state == 'done'", name="over", type="end")]
    steps = [_step("a", onFailure=failing, onSuccess=ends), _step("b"), _step("c")]
    coverage = _covered(tmp_path, steps, {"a": answers(_STATE), "b": answers(), "c": answers()})
    assert coverage.is_complete, coverage.missed
    assert str(coverage.actions) == "10 of 10"
    assert str(coverage.criteria) == "6 of 6"
    told = " | ".join(_texts(coverage))
    for each in (
        "a 503 ✗ (retry) a 503 ✗ (retry) a 503 ✗",
        "a 404 ✗ (goto c) c",
        "a 200 (end)",
        "a 200 b 200 c 200",
    ):
        assert each in told


def test_the_first_path_is_that_of_the_rehearsal_alone(tmp_path: Path) -> None:
    again = _when("$response.body#/state == 'queued'", name="again", type="goto", stepId="a")
    coverage = _covered(tmp_path, [_step("a", onSuccess=[again]), _step("b")], {"a": answers(_STATE), "b": answers()})
    assert _texts(coverage)[0] == "a 200 (goto a) a 200 b 200"


def test_the_steps_of_a_called_workflow_belong_to_the_paths(tmp_path: Path) -> None:
    inner = {"workflowId": "inner", "steps": [_step("b")]}
    failing = [{"name": "instead", "type": "goto", "stepId": "c"}]
    over = [{"name": "over", "type": "end"}]
    steps = [{"stepId": "call", "workflowId": "inner", "onFailure": failing, "onSuccess": over}, _step("c")]
    coverage = _covered(tmp_path, steps, {"b": answers(), "c": answers()}, others=[inner])
    assert coverage.is_complete, coverage.missed
    assert _texts(coverage) == ["b 200 call (end)", "b 500 ✗ call ✗ (goto c) c 200", "b 500 ✗ call ✗ (goto c) c 500 ✗"]


def test_a_step_fails_without_an_answer_where_every_status_is_accepted(tmp_path: Path) -> None:
    accepts = [{"condition": "$statusCode >= 100"}]
    coverage = _covered(tmp_path, [_step("a", successCriteria=accepts)], {"a": answers()})
    assert _texts(coverage) == ["a 200", "a no connection ✗"]


def test_what_stands_behind_an_action_without_criteria_cannot_be_come_to(tmp_path: Path) -> None:
    ends = [{"name": "over", "type": "end"}, _when("$statusCode == 201", name="never", type="end")]
    coverage = _covered(tmp_path, [_step("a", onSuccess=ends)], {"a": answers()})
    assert _reasons(coverage)["step `a`: action `never`"] == "action `over` stands before it and has no criteria"
    (location,) = (each.location for each in coverage.missed if each.what == "step `a`: action `never`")
    assert location.pointer == "/workflows/0/steps/0/onSuccess/1"


def test_what_does_not_depend_on_the_answer_is_told(tmp_path: Path) -> None:
    ends = [_when("$inputs.now == 'x'", name="now", type="end")]
    inputs = {"type": "object", "properties": {"now": {"const": "y"}}}
    coverage = _covered(tmp_path, [_step("a", onSuccess=ends)], {"a": answers()}, inputs=inputs)
    assert _reasons(coverage)["step `a`: action `now`"] == (
        "no answer was found that leads there; `$inputs.now == 'x'` does not depend on the answer"
    )


def test_an_output_of_the_step_itself_depends_on_the_answer(tmp_path: Path) -> None:
    ends = [_when("$steps.a.outputs.id == $inputs.most", name="stop", type="end")]
    inputs = {"type": "object", "properties": {"most": {"type": "string", "default": "m"}}}
    step = _step("a", onSuccess=ends, outputs={"id": "$response.body#/id"})
    coverage = _covered(tmp_path, [step], {"a": answers(thing(id={"type": "string"}))}, inputs=inputs)
    assert "does not depend" not in _reasons(coverage).get("step `a`: action `stop`", "")


def test_criteria_that_contradict_each_other_let_no_run_come_further(tmp_path: Path) -> None:
    query = {"context": "$response.body", "type": "jsonpath", "condition": "$[?$.state == 'done']"}
    criteria = [query, {"condition": "$response.body#/state == 'failed'"}]
    coverage = _covered(
        tmp_path, [_step("a", successCriteria=criteria), _step("b")], {"a": answers(_STATE), "b": answers()}
    )
    assert _reasons(coverage)["step `b`"] == "no run came to it"
    assert str(coverage.steps) == "1 of 2"


def test_a_retry_of_very_many_times_is_not_used_up(tmp_path: Path) -> None:
    retry = [{"name": "again", "type": "retry", "retryLimit": 500}]
    coverage = _covered(tmp_path, [_step("a", onFailure=retry)], {"a": answers()})
    why = "its limit of 500 retries is more than the 100 that are tried"
    assert _reasons(coverage)["step `a`: action `again` used up"] == why


def test_a_retry_that_would_wait_too_long_is_told_to(tmp_path: Path) -> None:
    retry = [_when("$statusCode >= 500", name="again", type="retry", retryAfter=2000)]
    coverage = _covered(tmp_path, [_step("a", onFailure=retry)], {"a": answers()})
    why = "it would wait 2000 s, and the longest wait is 300 s: raise it with `--max-wait`"
    assert _reasons(coverage) == {"step `a`: action `again`": why, "step `a`: action `again` used up": why}


def test_the_search_is_bounded_and_tells_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arazzo_engine.simulation.paths.walk._MOST_ANSWERS", 50)
    names = [f"s{number}" for number in range(30)]
    coverage = _covered(tmp_path, [_step(name) for name in names], {name: answers() for name in names})
    assert coverage.limit == "50 answers"
    assert not coverage.is_complete
    assert "the search ended at its limit of 50 answers" in coverage.to_text()
    assert "more, which `--format json` lists" in coverage.to_text()


def test_given_answers_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path, [_step("a")], {"a": answers()})
    with Engine() as engine:
        coverage = engine.load(path).rehearse_all_paths(answers={"a": {"status": 404}})
    assert _texts(coverage) == ["a 404 ✗"]


def test_the_same_document_has_the_same_paths(tmp_path: Path) -> None:
    steps = [_step("a"), _step("b")]
    operations = {"a": answers(_STATE), "b": answers()}
    assert _covered(tmp_path, steps, operations) == _covered(tmp_path, steps, operations)


def test_it_ends_when_its_time_is_over(tmp_path: Path) -> None:
    path = written(tmp_path, [_step("a")], {"a": answers()})
    with Engine() as engine, pytest.raises(ArazzoError, match="run-time-limit"):
        engine.load(path).rehearse_all_paths(timeout=1e-9)


_REPORTS: Final = "specs/reports/arazzo/reports-export-workflow.yml"


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_its_json_is_as_its_schema_says(
    format_: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(places.ROOT)
    assert run_command(["rehearse", _REPORTS, "--all-paths", "--format", format_]) == 0
    told = json.loads(capsys.readouterr().out)
    schema = json.loads((places.ROOT / "arazzo_engine/simulation/paths.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema)
    (workflow,) = told["workflows"]
    assert workflow["actions"] == {"shown": 11, "total": 11}
    assert workflow["missed"] == []


def test_a_workflow_whose_own_path_fails_has_the_exit_code_of_a_failure(tmp_path: Path) -> None:
    query = {"context": "$response.body", "type": "jsonpath", "condition": "$[?$.a == 1]"}
    criteria = [query, {"condition": "$response.body#/a == 2"}]
    path = written(tmp_path, [_step("a", successCriteria=criteria)], {"a": answers()})
    assert run_command(["rehearse", str(path), "--all-paths"]) == 1


def test_a_failure_of_its_own_is_not_asked_for_beside_all_paths(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = written(tmp_path, [_step("a")], {"a": answers()})
    assert run_command(["rehearse", str(path), "--all-paths", "--fail", "a"]) == 2
    assert "`--fail` and `--all-paths` exclude each other" in capsys.readouterr().err
