"""Names of documents stay readable: a short secret that happens to stand in a longer word of one is none there."""

from __future__ import annotations

import pytest

from arazzo_engine.diagnostics import Location, diagnose
from arazzo_engine.reporting.diagnostics_text import render_diagnostics
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.plan import Plan, PlannedStep
from arazzo_engine.reporting.report_json import diagnostic_form, written


def _masker(*secrets: str) -> Masker:
    masker = Masker()
    masker.learn(secrets)
    return masker


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/paths/~1users~1{passwd}/get", "/paths/~1users~1{passwd}/get"),
        ("/paths/~1bypass~1x/get", "/paths/~1bypass~1x/get"),
        ("/paths/~1hooks~1pass~1x/get", "/paths/~1hooks~1***~1x/get"),
        ("/components/parameters/pass", "/components/parameters/***"),
        ("http://h/{passwd}/pass?k=pass", "http://h/{passwd}/***?k=***"),
        ("/paths/~0pass", "/paths/~0***"),
        ("https://h/a%2Fpass", "https://h/a%2F***"),
        ("nothing of it", "nothing of it"),
    ],
)
def test_a_secret_is_masked_in_a_name_where_it_stands_alone(text: str, shown: str) -> None:
    assert _masker("pass").name(text) == shown


def test_the_pointer_of_a_diagnostic_is_a_name_and_its_line_is_not() -> None:
    location = Location("api.json", 3, 1, "/paths/~1{passwd}/get", "{passwd}: pass1", 8)
    found = diagnose("api-malformed", "`passwd` is no path", location)
    masker = _masker("pass")
    text = render_diagnostics((found, found), masker)
    assert text.count("(#/paths/~1{passwd}/get)\n") == 2
    assert "3 | {***wd}: ***1\n" in text
    form = written(diagnostic_form(found), masker)
    assert form["location"]["pointer"] == "/paths/~1{passwd}/get"
    assert form["message"] == "`***wd` is no path"


def test_a_plan_names_its_places() -> None:
    step = PlannedStep("call", "GET", "https://h/{passwd}/pass")
    plan = Plan("main", (step,), secrets=("pass",))
    assert plan.to_text().splitlines()[1] == "  1. call: GET https://h/{passwd}/***"
    assert plan.to_json() == {
        "workflowId": "main",
        "steps": [{"stepId": "call", "method": "GET", "target": "https://h/{passwd}/***"}],
        "firstRequest": None,
    }
    assert "word" not in plan.to_text(_masker("word"))
