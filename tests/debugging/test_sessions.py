"""A run is looked at moment by moment, forward and back, and nothing is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from debugged import busy, orders, session_of
from scripted import ScriptedWorld, answer, document, step, workflow

from arazzo_engine.debugging.evaluating import NotUnderstoodError
from arazzo_engine.debugging.orders import Order
from arazzo_engine.debugging.session import Reason
from arazzo_engine.debugging.telling import (
    document_lines,
    exchange_lines,
    headline,
    judged_lines,
    stack_lines,
    why_here,
)
from arazzo_engine.printable import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.debugging.session import Session, Stop


@pytest.fixture
def session() -> Session:
    return session_of(orders(), busy())


def _moved(session: Session, order: Order) -> Stop:
    stop = session.move(order)
    assert stop is not None
    return stop


def _text(lines: Iterable[str]) -> str:
    return plain("\n".join(lines))


def _all(session: Session, order: Order) -> list[str]:
    found = [plain(headline(session)).split("   ")[0]]
    while session.move(order) is not None:
        found.append(plain(headline(session)).split("   ")[0])
    return found


def test_a_session_goes_through_every_moment_of_a_run_step_by_step(session: Session) -> None:
    assert _all(session, Order.STEP) == [
        "[1/16] main.a begins",
        "[2/16] main.a sends its request",
        "[3/16] main.a succeeded",
        "[4/16] main.b begins",
        "[5/16] main.b sends its request",
        "[6/16] main.b failed",
        "[7/16] main.b waits before it is tried again",
        "[8/16] main.b (attempt 2) begins",
        "[9/16] main.b (attempt 2) sends its request",
        "[10/16] main.b (attempt 2) succeeded",
        "[11/16] main.call begins",
        "[12/16] inner.c begins",
        "[13/16] inner.c sends its request",
        "[14/16] inner.c succeeded",
        "[15/16] main.call succeeded",
        "[16/16] the run of main has ended: succeeded",
    ]


def test_next_passes_requests_and_called_workflows(session: Session) -> None:
    assert _all(session, Order.NEXT)[-4:] == [
        "[10/16] main.b (attempt 2) succeeded",
        "[11/16] main.call begins",
        "[15/16] main.call succeeded",
        "[16/16] the run of main has ended: succeeded",
    ]


def test_out_leaves_the_called_workflow(session: Session) -> None:
    session.breakpoints.add("c")
    assert _moved(session, Order.GO_ON).reason is Reason.BREAKPOINT
    _moved(session, Order.OUT)
    assert "main.call succeeded" in plain(headline(session))


def test_going_back_shows_what_was_there_then(session: Session) -> None:
    _moved(session, Order.END)
    assert session.evaluate("$outputs.id").value == 7
    session.breakpoints.add("b")
    _moved(session, Order.GO_BACK)
    assert session.moment.attempt == 2
    _moved(session, Order.GO_BACK)
    assert (session.moment.step_id, session.moment.attempt) == ("b", 1)
    assert session.evaluate("$steps.a.outputs.id").value == 7
    for _ in range(3):
        _moved(session, Order.BACK)
    assert session.evaluate("$steps.a.outputs.id").text == "not run: step `a` has not run yet"
    assert _moved(session, Order.BACK).reason is Reason.START


def test_a_condition_that_reads_the_answer_stops_when_it_is_judged_whichever_way_one_goes(session: Session) -> None:
    session.breakpoints.add("if $statusCode == 503")
    stop = _moved(session, Order.GO_ON)
    assert (session.moment.name, why_here(stop, session)) == ("main.b", "breakpoint 1 (if $statusCode == 503)")
    _moved(session, Order.END)
    assert _moved(session, Order.GO_BACK).breakpoints == (1,)
    assert session.moment.has_failed


def test_a_line_of_criteria_is_met_when_the_step_is_judged_and_any_other_before_it(session: Session) -> None:
    lines = orders().split("\n")
    session.breakpoints.add(str(1 + next(i for i, line in enumerate(lines) if '"operationId": "b"' in line)))
    session.breakpoints.add(f"main.json:{1 + next(i for i, line in enumerate(lines) if 'statusCode == 200' in line)}")
    assert _moved(session, Order.GO_ON).breakpoints == (1,)
    assert _moved(session, Order.GO_ON).breakpoints == (2,)
    assert session.moment.has_failed


def test_a_failing_step_can_be_waited_for(session: Session) -> None:
    session.breakpoints.add("failure")
    assert _moved(session, Order.GO_ON).breakpoints == (1,)
    assert session.moment.name == "main.b"
    assert _moved(session, Order.GO_ON).reason is Reason.END


def test_a_moment_tells_the_place_the_exchange_the_criteria_and_why_the_action_was_chosen(session: Session) -> None:
    session.breakpoints.add("failure")
    _moved(session, Order.GO_ON)
    assert _text(document_lines(session)).split("\n")[2:4] == ["→ 34 |       {", '  35 |        "name": "again",']
    assert _text(exchange_lines(session)).startswith("> POST https://x.example/b\n< 503 Service Unavailable")
    assert _text(judged_lines(session)) == (
        "criteria  ✗ $statusCode == 200                        503 == 200\n"
        "actions   → again: retry   chosen\n"
        "              ✓ $statusCode == 503                        503 == 503\n"
        "            giveUp: end   not looked at\n"
        "follows   the step is tried again in 2 s: `again` is the first action that applies"
    )


def test_a_retry_that_is_used_up_is_passed_over() -> None:
    world = ScriptedWorld({"a": [answer(201, {"id": 7})], "b": [answer(503)]})
    session = session_of(orders(), world)
    session.breakpoints.add("b if $statusCode == 503")
    for _ in range(3):
        _moved(session, Order.GO_ON)
    told = _text(judged_lines(session))
    assert "again: retry   passed over" in told
    assert "→ giveUp: end   chosen" in told
    assert "retry `again` is used up: 2 of 2 made" in told


def test_the_stack_has_the_workflows_that_led_here_and_each_has_its_own_scope(session: Session) -> None:
    session.breakpoints.add("inner.c")
    _moved(session, Order.GO_ON)
    assert _text(stack_lines(session)).split("\n") == [
        "#0 inner.c   file:///main.json:67:7",
        "#1 main.call   file:///main.json:53:7",
    ]
    assert session.evaluate("$steps.a.outputs.id", frame=1).value == 7
    assert "workflow `inner` has no step `a`" in session.evaluate("$steps.a.outputs.id").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("$statusCode", "503"),
        ("$statusCode == 503 && $method == 'POST'", "true: 503 == 503 && 'POST' == 'POST'"),
        ("$response.body#/why == 'busy'", "true: 'busy' == 'busy'"),
        ("$response.body#/why=='busy'", "true: 'busy' == 'busy'"),
        ("$response.body#/a=b", "absent: `$response.body#/a=b` names nothing: the answer has no `a=b`; it has `why`"),
        ("$response.body", '{\n  "why": "busy"\n}'),
        (
            "$response.body#/wy",
            "absent: `$response.body#/wy` names nothing: the answer has no `wy`; it has `why`: did you mean `why`?",
        ),
        ("$inputs.nam", "absent: there is no input `nam`: did you mean `name`?"),
        ("$steps.aa.outputs.id", "not run: workflow `main` has no step `aa`: did you mean `a`?"),
        ("$steps.a.outputs.ids", "absent: step `a` gave no output `ids`: did you mean `id`?"),
        ("$workflows.inner.outputs.n", "not run: no value is there yet of workflow `inner`"),
    ],
)
def test_any_expression_is_evaluated_in_the_scope_of_the_moment(asked: str, told: str) -> None:
    session = session_of(orders(inputs={"properties": {"name": {}}}), busy(), {"name": "Ada"})
    session.breakpoints.add("failure")
    _moved(session, Order.GO_ON)
    assert session.evaluate(asked).text == told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "nothing was asked: write an expression, such as `$response.body#/id`"),
        (
            "$statusCod",
            "`$statusCod` is no runtime expression: `$statusCod` is not known: did you mean `$statusCode`?",
        ),
        ("$statusCode = 1", "`$statusCode = 1` is no condition: "),
        ("$response.body#/why = 'busy'", "`$response.body#/why = 'busy'` is no condition: "),
    ],
)
def test_what_cannot_be_read_is_told_with_what_may_be_meant(session: Session, asked: str, told: str) -> None:
    with pytest.raises(NotUnderstoodError) as refused:
        session.evaluate(asked)
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("cal", "there is no step `cal`: did you mean `call`?"),
        ("main.aa", "there is no step `main.aa`: did you mean `main.a`?"),
        ("failur", "there is no step `failur`: did you mean `failure`?"),
        ("9999", "no step stands at line 9999 of file:///main.json, or below it"),
        ("a if $statusCode ==", "`$statusCode ==` is no condition: "),
        ("if $steps.cal.outputs.n == 1", "there is no step `cal`: did you mean `call`?"),
        ("failure a", "`break failure` takes nothing behind it: write `break failure` alone"),
        ("difference if $statusCode == 1", "`break difference` takes no condition: write `break if CONDITION`"),
        ("finding response-contrct", "no finding has the code `response-contrct`: did you mean `response-contract`?"),
        ("", "no place was named: write `break STEP`, `break LINE` or `break if CONDITION`"),
    ],
)
def test_a_breakpoint_that_can_never_be_met_is_refused(session: Session, asked: str, told: str) -> None:
    with pytest.raises(NotUnderstoodError) as refused:
        session.breakpoints.add(asked)
    assert str(refused.value).startswith(told)


def test_a_step_that_several_workflows_have_must_be_named_with_its_workflow() -> None:
    text = document(workflow(step("a"), {"stepId": "go", "workflowId": "two"}), workflow(step("a"), name="two"))
    session = session_of(text)
    with pytest.raises(NotUnderstoodError, match=r"several workflows have a step `a`: name one of `main\.a`, `two\.a`"):
        session.breakpoints.add("a")
    session.breakpoints.add("two.a")
    assert _moved(session, Order.GO_ON).reason is Reason.BREAKPOINT
    assert session.moment.workflow_id == "two"


def test_secrets_never_show_whatever_is_evaluated() -> None:
    secret = "hunter2-and-more"
    inputs = {"properties": {"password": {"type": "string"}, "nested": {"type": "object"}}}
    parameter = {"name": "x", "in": "query", "value": "$inputs.password"}
    text = document(workflow(step("a", parameters=[parameter], outputs={"got": "$response.body#/kept"}), inputs=inputs))
    body = {"kept": secret, "access_token": "tok-123456789"}
    given = {"password": secret, "nested": {"password": "deeper-secret"}}
    session = session_of(text, ScriptedWorld({"a": [answer(200, body)]}), given)
    for _ in range(2):
        _moved(session, Order.STEP)
    asked = ["$inputs.password", "$inputs.nested", "$response.body", "$response.body#/access_token", "$url"]
    conditions = ["$inputs.password == 'no'", "$response.body#/kept == 'no'", "$response.body#/access_token == 'no'"]
    told = [session.evaluate(each).text for each in (*asked, *conditions)]
    told += [*exchange_lines(session), *judged_lines(session), *document_lines(session)]
    everything = "\n".join(told)
    assert not any(each in everything for each in (secret, "tok-123456789", "deeper-secret"))
    assert "***" in everything
