"""The table of a run, from its events: attempts fold into their step, what is called stands beneath, all of it fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import DOWN, ScriptedWorld, answer, document, run_scripted, step, workflow

from arazzo_engine.printable import plain
from arazzo_engine.reporting.events import RunStarted, StepFinished, StepStarted, Waiting
from arazzo_engine.reporting.lines.marks import in_ascii
from arazzo_engine.reporting.lines.widths import cut, cut_beginning, width_of
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.screen.layout import columns_for, footer, heading, how_far, lay_out, lay_out_live
from arazzo_engine.reporting.screen.outline import Outline, outline_of
from arazzo_engine.reporting.screen.rows import Kind, Table

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Response

_RETRY = {"name": "again", "type": "retry", "retryAfter": 2, "retryLimit": 4}


def _table(text: Any, answers: dict[str, list[Response | NoResponse]] | None = None) -> tuple[Table, Outline]:
    world = ScriptedWorld(answers or {})
    run_scripted(text, world)
    table, outline = Table(Masker()), Outline("", "")
    for event in world.events:
        match event:
            case RunStarted(scene=scene) if scene is not None:
                outline = outline_of(scene)
                table = Table(Masker(), scene, outline.steps)
            case StepStarted():
                table.begin(event, 0.0)
            case Waiting():
                table.wait(event, 0.0)
            case StepFinished():
                table.finish(event)
            case _:
                pass
    return table, outline


def _lines(text: Any, answers: dict[str, list[Response | NoResponse]] | None = None) -> list[str]:
    table, outline = _table(text, answers)
    columns = columns_for(outline, 90)
    return [re.sub(r" +", " ", plain(line)).rstrip() for row in table.rows for line in lay_out(row, columns)]


def test_attempts_fold_into_their_step() -> None:
    answers: dict[str, list[Response | NoResponse]] = {"a": [answer(503), DOWN, answer(200, {"n": 7})]}
    lines = _lines(document(workflow(step("a", onFailure=[_RETRY], outputs={"n": "$response.body#/n"}))), answers)
    assert lines == [" ✓ a POST /a 200 4.0 s 3 attempts · n 7"]


def test_what_the_workflow_goes_on_from_is_not_red() -> None:
    led = {"name": "on", "type": "goto", "stepId": "c"}
    table, _ = _table(document(workflow(step("a", onFailure=[led]), step("b"), step("c"))), {"a": [answer(404)]})
    assert [(row.name, row.kind) for row in table.rows] == [("a", Kind.TURNED), ("c", Kind.PASSED)]
    assert table.rows[0].details == "404 is not from 200 to 399 → c"


def test_a_called_workflow_stands_beneath_its_step() -> None:
    call = {"stepId": "call", "workflowId": "other"}
    lines = _lines(document(workflow(call, step("a")), workflow(step("b"), name="other")))
    assert lines == [" ✓ call workflow other 0 ms", " ✓ b POST /b 200 0 ms", " ✓ a POST /a 200 0 ms"]
    table, _ = _table(document(workflow(call, step("a")), workflow(step("b"), name="other")))
    assert [row.depth for row in table.rows] == [0, 1, 0]


def test_a_workflow_that_no_step_calls_has_a_line_of_its_own() -> None:
    main = {
        **workflow(step("a", onSuccess=[{"name": "g", "type": "goto", "workflowId": "last"}])),
        "dependsOn": ["first"],
    }
    lines = _lines(document(main, workflow(step("b"), name="first"), workflow(step("c"), name="last")))
    assert lines == [
        " ▸ workflow first",
        " ✓ b POST /b 200 0 ms",
        " ✓ a POST /a 200 0 ms",
        " ▸ workflow last",
        " ✓ c POST /c 200 0 ms",
    ]


def test_a_retry_that_runs_another_step_first_shows_it_beneath() -> None:
    retry = {**_RETRY, "stepId": "b", "retryAfter": 0}
    table, _ = _table(document(workflow(step("a", onFailure=[retry]), step("b"))), {"a": [answer(401), answer(200)]})
    assert [(row.name, row.depth, row.attempt) for row in table.rows] == [("a", 0, 2), ("b", 1, 1), ("b", 0, 1)]


def test_the_line_of_what_is_done_now_counts_and_waits() -> None:
    table, outline = _table(document(workflow(step("a"))))
    row = table.rows[0]
    row.kind, row.attempt, row.limit, row.wakes, row.details = Kind.RUNNING, 66, 200, 31.0, "status 'running'"
    line, said = lay_out_live(row, columns_for(outline, 90), 30.0, 0)
    assert plain(line).endswith("attempt 67 of 200 · status 'running' · next in 1 s")
    assert said == ""
    line, said = lay_out_live(row, columns_for(outline, 40), 30.0, 0)
    assert said == "attempt 67 of 200"
    assert "attempt" not in line


def test_the_outputs_of_a_step_show_no_secret_by_its_name() -> None:
    outputs = {"accessToken": "$response.body#/t", "n": "$response.body#/n"}
    (line,) = _lines(document(workflow(step("a", outputs=outputs))), {"a": [answer(200, {"t": "opens-it", "n": [1]})]})
    assert line.endswith("accessToken *** · n [1 element]")


@pytest.mark.parametrize(
    ("hosts", "total", "shown"),
    [
        ({"api": "127.0.0.1:80"}, None, "T  d.yaml  api :80"),
        ({"api": "a.example.com"}, 40, "T  d.yaml              api a.example.com"),
        ({"api": "a.example.com"}, 20, "T  d.yaml\napi a.example.com"),
        ({"api": "a.example.com"}, 9, "T"),
        ({"api": ""}, 40, "T  d.yaml"),
    ],
)
def test_a_heading_fits(hosts: dict[str, str], total: int | None, shown: str) -> None:
    assert plain(heading(Outline("T", "d.yaml", hosts), total)) == shown


_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(_TEXTS, st.integers(0, 40))
def test_what_is_cut_is_never_wider_than_its_place(text: str, width: int) -> None:
    assert width_of(cut(text, width)) <= width
    assert width_of(cut_beginning(text, width)) <= width


@given(st.integers(20, 220), _TEXTS, _TEXTS, st.integers(0, 6))
def test_no_line_is_wider_than_the_terminal(total: int, name: str, details: str, depth: int) -> None:
    table, outline = _table(document(workflow(step("a"), step("b"))))
    row = table.rows[0]
    row.name, row.details, row.depth, row.notes, row.target = name, details, depth, (details,), f"/{name}?{details}"
    columns = columns_for(outline, total, width_of(row.target))
    live, said = lay_out_live(row, columns, 5.0, 3)
    last = footer(how_far(1, 2, 3.0), said, total)
    for line in (
        *lay_out(row, columns),
        live,
        last,
        *heading(Outline(name, details, {"a": details}), total).split("\n"),
    ):
        assert width_of(plain(line)) <= total, line
        assert width_of(in_ascii(plain(line))) == width_of(plain(line))
