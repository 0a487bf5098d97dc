"""``arazzo test``: what scenarios may say, what passes, and what is told of those that do not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import places
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scripted import OneSource, document, step, workflow

from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.scenarios.scenario import read_scenario
from arazzo_engine.world.authoring.testing import Bench

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.scenarios.verdict import Verdict

_DOCUMENT = "specs/viam/arazzo/viam-bill-customer-location-workflow.yml"
_GIVEN = {
    "scenario": 1,
    "document": f"../{_DOCUMENT}",
    "inputs": {"amount": 10, "locationId": "loc-1", "apiKey": "secret-key-1"},
}
_SCHEMA = json.loads((places.ROOT / "arazzo_engine/scenarios/scenario.schema.json").read_text())
_DECLINED = {"chargeCustomer": {"status": 402, "body": {"code": 9}}}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a scenario beside a copy of the bundled documents."""
    shutil.copytree(places.ROOT / "specs/viam", tmp_path / "specs/viam", ignore=shutil.ignore_patterns("scenarios"))
    (tmp_path / "cases").mkdir()
    monkeypatch.chdir(tmp_path)

    def written(name: str = "one", **fields: Any) -> Path:
        path = Path("cases") / f"{name}.scenario.yaml"
        path.write_text(yaml.safe_dump({**_GIVEN, "name": name, **fields}, sort_keys=False))
        return path

    return written


def _reasons(path: Path) -> str:
    return Bench().run(path).reasons()


@pytest.mark.parametrize(
    "expect",
    [
        {"outcome": "succeeded"},
        {"path": ["readBillingOrg 200", "assignBillingOrg 200", "readUsage 200", "chargeCustomer 200"]},
        {"requests": {"chargeCustomer": {"method": "POST", "body": {"amount": 10.0}}}},
        {"requests": {"chargeCustomer": [{"headers": {"CONTENT-TYPE": "application/json"}}]}},
        {"requests": {"bill-customer-location.readUsage": {"query": {}, "path": {}}}},
        {"requests": {"readUsage": {}}},
        {"requests": {"readBillingOrg": [{}], "chargeCustomer": [{}]}},
    ],
)
def test_what_is_expected_and_done_passes(expect: dict[str, Any], write: Callable[..., Path]) -> None:
    assert _reasons(write(expect=expect)) == ""
    jsonschema.validate({**_GIVEN, "expect": expect}, _SCHEMA)


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"outcome": "succeeded"}, 'the outcome: expected "succeeded", found "failed"'),
        (
            {"path": ["readBillingOrg 200", "assignBillingOrg 201"]},
            'the path, step 2: expected "assignBillingOrg 201", found "assignBillingOrg 200"',
        ),
        ({"path": ["readBillingOrg 200"]}, 'the path, step 2: expected nothing, found "assignBillingOrg 200"'),
        (
            {"requests": {"chargeCustomer": {"body": {"amount": 11, "more": 1}}}},
            (
                "`chargeCustomer`, request 1, body, `amount`: expected 11, found 10\n"
                "`chargeCustomer`, request 1, body, `more`: expected 1, found nothing"
            ),
        ),
        ({"requests": {"chargeCustomer": [{}, {}]}}, "the number of requests of `chargeCustomer`: expected 2, found 1"),
        ({"outputs": {"x": 1}}, "output `x`: expected 1, found nothing"),
        (
            {"requests": {"readUsage": {"headers": {"key": "other"}}}},
            '`readUsage`, request 1, headers, `key`: expected "other", found "***"',
        ),
    ],
)
def test_what_is_done_otherwise_is_told(expect: dict[str, Any], told: str, write: Callable[..., Path]) -> None:
    assert _reasons(write(answers=_DECLINED, expect=expect)) == told


@pytest.mark.parametrize(
    ("fields", "message", "fix"),
    [
        ({"expect": {"outcome": "success"}}, "no run ends as `success`", "did you mean `succeeded`?"),
        ({"expect": {"outcomes": 1}}, "what is expected has no field `outcomes`", "did you mean `outcome`?"),
        (
            {"scenario": 2},
            "this scenario is of version 2, and this engine reads 1",
            "write it as version 1, or use a newer engine",
        ),
        ({"scenario": True}, "`scenario` must be a number, not a boolean", "`arazzo schema scenario` has its form"),
        ({"expect": None}, "`expect` must be an object, not null", "`arazzo schema scenario` has its form"),
        ({"awnsers": {}}, "a scenario has no field `awnsers`", "did you mean `answers`?"),
        (
            {"expect": {"requests": {"a": 1}}},
            "a request must be an object, not an integer",
            "write the parts that matter",
        ),
        ({"expect": {}}, "nothing is expected, so that whatever is done would be right", None),
        ({"expect": {"outputs": {}}}, "`outputs` names nothing that is expected", "leave it out, or name some"),
        ({"expect": {"requests": {}}}, "`requests` names nothing that is expected", "leave it out, or name some"),
        (
            {"expect": {"requests": {"chargeCustomr": []}}},
            "no workflow that is run has a step `chargeCustomr`",
            "did you mean `chargeCustomer`?",
        ),
        ({"expect": {"requests": {"bill.readUsage": []}}}, "no workflow that is run has a step `bill.readUsage`", None),
        ({"answers": {"chargeCustomr": {}}}, None, "did you mean `chargeCustomer`?"),
        ({"document": "nowhere.yaml"}, None, None),
        ({"document": "a\0b"}, "no file can be at this path", "write the path of the Arazzo document from here"),
        ({"document": "a/" * 5_000}, None, None),
        ({"document": "/dev/null"}, None, None),
        ({"workflow": "bill"}, None, None),
        ({"options": {"max-step": 1}}, "a scenario has no option `max-step`", "did you mean `max-steps`?"),
        ({"options": {"servers": {"api": 1}}}, "`servers` must be an object of texts, not an object", None),
        ({"options": {"max-steps": True}}, "`max-steps` must be a whole number, not a boolean", None),
        (
            {"options": {"clock": "2026-01-01"}},
            "`clock` must be a time such as `2026-01-01T00:00:00Z`, not `2026-01-01`",
            None,
        ),
        ({"options": {"check": "warm"}}, "`check` must be `off`, `warn` or `error`, not `warm`", None),
        ({"document": "https://a.test/x.yaml"}, "`document` must be a path, not a URL: nothing is fetched", None),
        ({"options": {"max-steps": 0}}, None, None),
        ({"inputs": {"locationId": {"$file": {"data": "AA=="}}}}, "a file among the inputs cannot be read", None),
    ],
)
def test_a_scenario_that_cannot_be_used_fails_and_is_told(
    fields: dict[str, Any], message: str | None, fix: str | None, write: Callable[..., Path]
) -> None:
    verdict = Bench().run(write(**{"expect": {"outcome": "succeeded"}, **fields}))
    assert not verdict.passed
    assert verdict.report is None
    first = verdict.refused[0]
    assert message is None or first.message == message
    assert fix is None or first.fix == fix


def test_a_document_is_no_scenario_and_none_shows_nothing(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    del write
    assert run_command(["test", _DOCUMENT, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [each["message"] for each in told["scenarios"][0]["refused"]] == [
        "this is an Arazzo document, and no scenario"
    ]
    assert told["share"] == 0


def test_one_that_cannot_be_used_leaves_the_others(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    write("bad", expect=1)
    write("good", expect={"outcome": "succeeded"})
    assert run_command(["test", "cases"]) == 1
    told = capsys.readouterr()
    assert "ok     good" in told.out
    assert told.err == "2 scenarios: 1 passed, 1 failed\n"


def test_no_two_scenarios_have_one_name(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    write("one", expect={"outcome": "succeeded"})
    _named_alike(write)
    assert run_command(["test", "cases"]) == 1
    assert "`one` is the name of a scenario in cases/one.scenario.yaml, too" in capsys.readouterr().out


def _named_alike(write: Callable[..., Path]) -> None:
    path = write("two", expect={"outcome": "succeeded"})
    path.write_text(path.read_text().replace("name: two", "name: one"))


def test_several_processes_say_the_same_in_the_same_order(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(places.ROOT / "specs/reports", tmp_path / "specs/reports")
    shutil.copytree(places.ROOT / "specs/viam/scenarios", tmp_path / "specs/viam/scenarios")
    write("one", expect={"outcome": "failed"})
    _named_alike(write)
    write("refused", expect={"requests": {"noStep": {}}})
    (tmp_path / "cases" / "broken.scenario.yaml").write_text("[")
    told = []
    for jobs in ("1", "3"):
        assert run_command(["test", "specs", "cases", "--coverage", "--jobs", jobs]) == 1
        told.append(capsys.readouterr())
    assert told[0] == told[1]
    assert "4 failed" in told[0].err


def test_where_there_is_none_that_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["test", str(tmp_path)]) == 3
    assert "`arazzo test --init DOC` writes the first ones" in capsys.readouterr().err


def test_what_a_document_does_becomes_its_first_scenarios(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    del write
    assert run_command(["test", "--init", _DOCUMENT, "--output", "first"]) == 0
    for path in Path("first").iterdir():
        jsonschema.validate(yaml.safe_load(path.read_text()), _SCHEMA)
    assert run_command(["test", "first", "--coverage", "--fail-under", "100"]) == 0
    assert "actions   8 of 8" in capsys.readouterr().out
    assert run_command(["test", "--init", _DOCUMENT, "--output", "first"]) == 2
    assert "is there already" in capsys.readouterr().err


def test_what_was_not_shown_fails_below_a_floor(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    write(expect={"outcome": "succeeded"})
    assert run_command(["test", "cases", "--coverage", "--fail-under", "90"]) == 1
    told = capsys.readouterr()
    assert "not shown: " in told.out
    assert "60.0 % was shown, which is less than 90 %" in told.err


def test_an_update_writes_what_is_done_and_leaves_the_rest(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(
        answers=_DECLINED,
        expect={"outcome": "succeeded", "requests": {"chargeCustomer": {"body": {"amount": 3}}}, "path": []},
    )
    path.write_text(path.read_text().replace("outcome: succeeded", "outcome: succeeded # we hope"))
    assert run_command(["test", "cases", "--update"]) == 1
    assert run_command(["test", "cases"]) == 0
    text = path.read_text()
    assert "outcome: failed # we hope" in text
    assert yaml.safe_load(text)["expect"]["requests"] == {"chargeCustomer": {"body": {"amount": 10}}}
    capsys.readouterr()


def test_only_some_are_taken(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    write("bad", expect={"outcome": "failed"})
    write("good", expect={"outcome": "succeeded"})
    assert run_command(["test", "cases", "-k", "goo"]) == 0
    assert capsys.readouterr().err == "1 scenario: 1 passed\n"


def test_where_no_scenario_is_taken_that_is_told(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    write("one", expect={"outcome": "succeeded"})
    assert run_command(["test", "cases", "-k", "two"]) == 2
    assert "no scenario has `two` in its file or name" in capsys.readouterr().err


def test_what_is_not_taken_shows_nothing(write: Callable[..., Path]) -> None:
    write("declined", answers=_DECLINED, expect={"outcome": "failed"})
    write("good", expect={"outcome": "succeeded"})
    assert (
        Bench().verdicts(sorted(Path("cases").iterdir()), "good").share
        < Bench().verdicts(Path("cases").iterdir()).share
    )


def test_what_is_no_file_is_no_scenario(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    write("good", expect={"outcome": "succeeded"})
    os.mkfifo("cases/pipe.scenario.yaml")
    Path("cases/folder.scenario.yaml").mkdir()
    assert run_command(["test", "cases"]) == 1
    told = capsys.readouterr()
    assert told.err == "3 scenarios: 1 passed, 2 failed\n"
    assert told.out.count("is no file") == 2


@pytest.mark.parametrize("expect", [{"outputs": {"x": None}}, {"requests": {"chargeCustomer": [{}, {}]}}])
def test_an_update_writes_nothing_that_could_not_be_read_again(
    expect: dict[str, Any], write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(expect=expect)
    before = path.read_text()
    assert run_command(["test", "cases", "--update"]) == 1
    assert path.read_text() == before
    assert "could not write all of" in capsys.readouterr().err


def test_programs_are_told_the_same(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    write("bad: <one>", expect={"outcome": "failed"})
    assert run_command(["test", "cases", "--format", "json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)["scenarios"]
    assert told["differences"] == [
        {"what": "the outcome", "at": "/expect/outcome", "expected": "failed", "found": "succeeded"}
    ]
    assert run_command(["test", "cases", "--format", "junit"]) == 1
    (suite,) = ET.fromstring(capsys.readouterr().out)
    assert suite.attrib["failures"] == "1"
    assert run_command(["test", "cases", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith(
        "::error file=cases/bad%3A <one>.scenario.yaml,title=bad%3A <one>::the outcome"
    )


def test_no_secret_shows(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    write(expect={"requests": {"readUsage": {"headers": {"key": "other"}, "body": {"no": 1}}}})
    for form in ("text", "json", "junit", "github"):
        assert run_command(["test", "cases", "--format", form]) == 1
        told = capsys.readouterr()
        assert "secret-key-1" not in told.out + told.err


def test_the_bundled_workflows_do_what_their_scenarios_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["test", str(places.ROOT / "specs"), "--fail-under", "100"]) == 0
    assert capsys.readouterr().err == "23 scenarios: 23 passed\n"


def test_the_same_scenario_gives_the_same_report_each_time(write: Callable[..., Path]) -> None:
    path = write(answers=_DECLINED, expect={"outcome": "failed"})
    first, second = (_report(Bench().run(path)) for _ in range(2))
    assert first == second


def _report(verdict: Verdict) -> dict[str, Any]:
    assert verdict.report is not None
    return verdict.report.to_json()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON)
def test_whatever_stands_in_a_scenario_is_told_or_used(value: Any) -> None:
    text = json.dumps({"scenario": 1, "document": "x", "expect": value})
    codes = _codes(text)
    assert codes <= {"scenario-invalid"}
    if not codes:
        jsonschema.validate(json.loads(text), _SCHEMA)


def _codes(text: str) -> set[str]:
    try:
        read_scenario(read_document(text, "file:///x", "x"), "x")
    except ArazzoError as error:
        return {each.code for each in error.diagnostics}
    return set()


def test_pytest_collects_scenarios(write: Callable[..., Path]) -> None:
    write("bad", expect={"outcome": "failed"})
    write("good", expect={"outcome": "succeeded"})
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "cases"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout
    assert 'the outcome: expected "failed", found "succeeded"' in told
    assert "1 failed, 1 passed" in told


def test_options_are_those_of_a_run(write: Callable[..., Path]) -> None:
    given = {"servers": {"": "https://other.example"}, "max-steps": 2, "check": "warn", "no-auth": []}
    path = write(options=given, expect={"outcome": "stopped"})
    verdict = Bench().run(path)
    assert verdict.reasons() == ""
    assert verdict.report is not None
    urls = [each.request.url for each in verdict.report.steps if each.request]
    assert urls
    assert all(each.startswith("https://other.example/") for each in urls)
    jsonschema.validate(yaml.safe_load(path.read_text()), _SCHEMA)


def test_the_clock_of_a_scenario_stands_where_it_says(write: Callable[..., Path]) -> None:
    verdict = Bench().run(write(options={"clock": "2023-06-01T00:00:00Z"}, expect={"outcome": "succeeded"}))
    assert verdict.report is not None
    assert {step.started_at for step in verdict.report.steps} == {1_685_577_600.0}


def test_first_scenarios_name_the_workflow_of_a_step_where_several_have_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call = {"stepId": "call", "workflowId": "two"}
    text = document(workflow(step("a"), call, name="one"), workflow(step("a"), step("b"), name="two"))
    Path("main.json").write_text(text)
    Path("api.json").write_text(json.dumps(OneSource.api.value))
    assert run_command(["test", "--init", "main.json", "--output", "first"]) == 0
    assert [*yaml.safe_load(Path("first/one-1-succeeded.scenario.yaml").read_text())["answers"]] == [
        "one.a",
        "two.a",
        "b",
    ]
    assert run_command(["test", "first"]) == 0
