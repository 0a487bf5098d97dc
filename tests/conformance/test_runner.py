"""The runner of the suite itself: what it reads, what it finds different, and what it makes of a broken adapter."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from runner.adapters import Adapter, Speaker
from runner.cases import ROOT, Case, documents, read_cases
from runner.comparing import compare, elsewhere
from runner.disagreements import disagreements
from runner.exporting import exported
from runner.pointers import edited
from runner.reports import Column, between_markers, surprises
from runner.running import Result, run_case
from runner.server import Received
from runner.yaml_subset import NotInSubsetError, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMAS = ("case.schema.json", "export.schema.json")
_SENT = Received("POST", "/a%20b/c?y=2&x=1&x=1", (("X-One", "1"), ("Content-Type", "application/json")), b'{"n": 1.0}')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\nb:\n  - x\n  - v: true\n    z: null\n", {"a": 1, "b": ["x", {"v": True, "z": None}]}),
        ("a: {\"b\": [1,\n    2]}  \nc: 'it''s'\n", {"a": {"b": [1, 2]}, "c": "it's"}),
        ("a: |\n  one\n\n   two\nb: >-\n  one\n  two\n", {"a": "one\n\n two\n", "b": "one two"}),
        ("# only\nGET /a?b=c:\n  - - 1\n    - 2\n", {"GET /a?b=c": [[1, 2]]}),
        ('v: 1.1.0 # text\nw: "a # b" # c\n', {"v": "1.1.0", "w": "a # b"}),
    ],
)
def test_the_subset_of_yaml_is_read(text: str, value: object) -> None:
    assert read_yaml(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "a: yes",
        "a: 2024-01-01",
        "a: 012",
        "a: &x 1",
        "a: {b: 1}",
        "a: 1\na: 2",
        "a: b: c",
        "a: 'x",
        "a:\n\t- b",
        "a",
        "a: 1\n  b: 2",
    ],
)
def test_what_is_not_in_the_subset_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(NotInSubsetError, match=r"^case.yaml:[0-9]+: "):
        read_yaml(text)


def _found(expected: dict[str, Any], result: dict[str, Any] | None = None) -> tuple[str, ...]:
    finished = {"outcome": "succeeded", "outputs": {}} if result is None else result
    return compare({"outcome": "succeeded", **expected}, finished, [_SENT]).differences


@pytest.mark.parametrize(
    "request_",
    [
        "POST /a%20b/c?x=1&y=2&x=1",
        {"request": "POST /a b/c?x=1&x=1&y=2", "headers": {"x-one": "1", "X-Two": None}, "json": {"n": 1}},
    ],
)
def test_requests_compare_by_meaning(request_: object) -> None:
    assert _found({"requests": [request_]}) == ()


@pytest.mark.parametrize(
    "request_",
    [
        "GET /a%20b/c?x=1&y=2&x=1",
        "POST /a%20b%2Fc?x=1&y=2&x=1",
        "POST /a%20b/c?x=1&y=2",
        {"request": "POST /a%20b/c?x=1&y=2&x=1", "headers": {"X-One": None}},
        {"request": "POST /a%20b/c?x=1&y=2&x=1", "json": {"n": True}},
        {"request": "POST /a%20b/c?x=1&y=2&x=1", "form": {"n": "1"}},
        {"request": "POST /a%20b/c?x=1&y=2&x=1", "body": "none"},
        {"request": "POST /a%20b/c?x=1&y=2&x=1", "cookies": {"a": "b"}},
        {"request": "POST /a%20b/c?x=1&y=2&x=1", "parts": [{"name": "a"}]},
        {"request": "POST /a%20b/c?x=1&y=2&x=1", "xml": "<a/>"},
    ],
)
def test_a_request_that_means_something_else_is_a_difference(request_: object) -> None:
    assert len(_found({"requests": [request_]})) == 1


def test_a_request_more_or_less_is_a_difference() -> None:
    assert len(_found({"requests": []})) == 1


def test_outputs_compare_by_value_and_true_is_not_one() -> None:
    assert _found({"outputs": {"n": 1}}, {"outcome": "succeeded", "outputs": {"n": 1.0}}) == ()
    assert len(_found({"outputs": {"n": 1}}, {"outcome": "succeeded", "outputs": {"n": True}})) == 1


def test_a_request_that_came_too_early_is_a_difference() -> None:
    expected = {"requests": [{"request": "POST /a%20b/c?x=1&y=2&x=1", "after": 0.05}]}
    for since, count in ((None, 0), (0.05, 0), (0.049, 0), (0.04, 1)):
        sent = Received(_SENT.method, _SENT.target, _SENT.headers, _SENT.body, since)
        found = compare({"outcome": "failed", **expected}, {"outcome": "failed"}, [sent])
        assert len(found.differences) == count


def test_steps_are_compared_where_they_are_told() -> None:
    assert len(_found({"steps": ["main/a"]}, {"outcome": "succeeded", "steps": ["main/b"]})) == 1
    assert _found({"steps": ["main/a"]}, {"outcome": "succeeded"}) == ()


@pytest.mark.parametrize(
    ("pointers", "count"),
    [
        (["/a/0", "/b"], 0),
        (["/a/0/x", "/b", "/c"], 0),
        (["/a/0", ""], 0),
        (["/a", "/b"], 1),
        (["/a/0"], 1),
        (["/b"], 1),
        ([], 2),
        (["/a/01", "/bc"], 2),
    ],
)
def test_each_mistake_must_be_told_where_it_is_or_where_something_is_missing(pointers: list[str], count: int) -> None:
    expected = {"invalid": ["/a/0", {"missing": "/b"}]}
    assert len(compare(expected, {"outcome": "invalid", "pointers": pointers}, []).differences) == count


def test_the_whole_document_is_a_place_of_its_own_and_no_place_is_any() -> None:
    told = {"outcome": "invalid", "pointers": ["/a"]}
    assert len(compare({"invalid": [""]}, told, []).differences) == 1
    assert compare({"invalid": []}, told, []).differences == ()


def test_what_is_told_at_no_place_is_found() -> None:
    assert elsewhere(["/a/0", {"missing": "/b/c"}], ["/a/0/x", "/b", "/c", "/a"]) == ["/c", "/a"]


@pytest.mark.parametrize(
    ("pointer", "new", "value"),
    [
        ("/a/b~1c", 5, {"a": {"b/c": 5}, "l": [1, 2]}),
        ("/l/1", 5, {"a": {"b/c": 1}, "l": [1, 5]}),
        ("/l/2", 5, {"a": {"b/c": 1}, "l": [1, 2, 5]}),
    ],
)
def test_a_document_is_changed_at_a_pointer(pointer: str, new: object, value: object) -> None:
    before = {"a": {"b/c": 1}, "l": [1, 2]}
    assert edited(before, pointer, new) == value
    assert edited(before, "/l/0") == {"a": {"b/c": 1}, "l": [2]}
    assert before == {"a": {"b/c": 1}, "l": [1, 2]}


def _case(tmp_path: Path, expect: Any) -> Case:
    content = {
        "id": "x",
        "level": "must",
        "spec": {"anchor": "a", "clause": "b"},
        "versions": ["1.1.0"],
        "expect": expect,
    }
    return Case("x", "x", "area", "1.1.0", "It is so.", tmp_path, content)


@pytest.mark.parametrize(
    ("expect", "answer", "status", "accepted"),
    [
        ({"outcome": "failed"}, {"outcome": "succeeded"}, "failed", None),
        ([{"outcome": "failed"}, {"outcome": "succeeded"}], {"outcome": "succeeded"}, "passed", 1),
        ({"outcome": "succeeded", "outputs": {}}, {"outcome": "succeeded"}, "skipped", None),
        ([{"outcome": "succeeded", "outputs": {}}, {"outcome": "succeeded"}], {"outcome": "succeeded"}, "passed", 1),
        ([{"outcome": "succeeded", "outputs": {}}, {"outcome": "failed"}], {"outcome": "succeeded"}, "skipped", None),
        ({"invalid": ["/a"]}, {"outcome": "invalid"}, "skipped", None),
        ({"invalid": []}, {"outcome": "invalid"}, "passed", 0),
        ({"invalid": ["/a"]}, {"outcome": "valid"}, "failed", None),
    ],
)
def test_a_result_is_one_of_those_accepted_or_does_not_tell_enough(
    tmp_path: Path, expect: Any, answer: dict[str, Any], status: str, accepted: int | None
) -> None:
    result = run_case(_case(tmp_path, expect), lambda _: {"result": "finished", **answer})
    assert (result.status, result.accepted) == (status, accepted)


_ADAPTER = """
import json, sys, time
for line in sys.stdin:
    message = json.loads(line)
    if message["op"] == "start":
        print(json.dumps({"engine": "broken", "version": "1"}), flush=True)
    elif message["op"] == "run":
        if message["case"] == "dies":
            sys.exit(1)
        if message["case"] == "hangs":
            sys.stdin.read()
        print(json.dumps({"result": "finished", "outcome": "succeeded", "outputs": {}}), flush=True)
    else:
        break
"""


def test_an_adapter_that_dies_or_hangs_has_errored_and_is_started_anew(tmp_path: Path) -> None:
    script = tmp_path / "adapter.py"
    script.write_text(_ADAPTER, encoding="utf-8")
    speaker = Speaker(Adapter("broken", tmp_path, (sys.executable, str(script)), {}, 0.5))
    speaker.start()
    try:
        results = [speaker.run({"case": name})["result"] for name in ("works", "dies", "hangs", "works")]
    finally:
        speaker.stop()
    assert results == ["finished", "errored", "errored", "finished"]


def test_the_example_of_the_protocol_follows_its_schema() -> None:
    schema = Draft202012Validator(json.loads((ROOT / "protocol.schema.json").read_text(encoding="utf-8")))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith(('{"op"', '{"engine"', '{"result"'))]
    assert len(lines) == 5
    for line in lines:
        assert [error.message for error in schema.iter_errors(json.loads(line))] == []


def test_a_matrix_replaces_the_one_before_it() -> None:
    text = "a\n<!-- matrix -->\nold\n<!-- /matrix -->\nb"
    assert between_markers(text, "new") == "a\n<!-- matrix -->\nnew\n<!-- /matrix -->\nb"


def test_another_accepted_result_than_the_known_one_is_a_surprise(tmp_path: Path) -> None:
    (tmp_path / "choices.json").write_text('{"x": 1}', encoding="utf-8")
    adapter = Adapter("one", tmp_path, (), {}, 1.0)
    case = _case(tmp_path, [{"outcome": "failed"}, {"outcome": "succeeded"}])
    assert surprises(adapter, [Result(case, "passed", accepted=1)]) == []
    assert surprises(adapter, [Result(case, "passed", accepted=0)]) == ["x: accepted result 0, expected 1"]


def test_a_case_with_mistakes_is_run_without_them_and_with_each() -> None:
    found = {case.key: case for case in read_cases() if case.id == "a-workflow-has-its-required-fields"}
    assert [key.partition("@")[2] for key in found] == [
        f"{version}{mistake}" for version in ("1.0.1", "1.1.0") for mistake in ("", "/no-id", "/no-steps")
    ]
    case = found["a-workflow-has-its-required-fields@1.0.1/no-steps"]
    assert case.expected == [{"invalid": [{"missing": "/workflows/0/steps"}]}]
    document = json.loads(documents(case)["arazzo.json"])
    assert (document["arazzo"], document["workflows"]) == ("1.0.1", [{"workflowId": "main"}])
    assert found["a-workflow-has-its-required-fields@1.0.1"].expected == [{"valid": True}]


def test_every_case_exports_to_one_file_that_follows_its_schema() -> None:
    named = {name: json.loads((ROOT / name).read_text(encoding="utf-8")) for name in _SCHEMAS}
    registry: Registry[Any] = Registry().with_resources(
        [(name, Resource.from_contents(schema)) for name, schema in named.items()]
    )
    schema = Draft202012Validator(named["export.schema.json"], registry=registry)
    for case in read_cases():
        assert [error.message for error in schema.iter_errors(exported(case))] == []


def test_an_exported_case_holds_all_that_a_run_needs() -> None:
    case = next(case for case in read_cases() if case.key == "a-step-calls-a-workflow-of-another-document@1.1.0")
    found = exported(case)
    assert found["documents"].keys() == {"shop.yaml", "arazzo.yaml", "other.arazzo.yaml"}
    assert found["answers"] == {"GET /items/7": [{"json": {"name": "Hat"}}]}
    assert found["accepted"] == [
        {
            "state": "succeeded",
            "steps": ["lookup/get", "main/call"],
            "outputs": {"name": "Hat"},
            "requests": ["GET /items/7"],
        }
    ]


def test_a_disagreement_is_told_with_what_the_specification_should_say(tmp_path: Path) -> None:
    open_case = _case(tmp_path, [{"outcome": "failed"}, {"outcome": "succeeded", "requests": []}])
    open_case.content["question"] = "a-run-that-recovered"
    decided = _case(tmp_path, {"outcome": "failed"})
    columns = [
        Column("one", "One", "1", (Result(open_case, "passed", accepted=0), Result(decided, "passed", accepted=0))),
        Column("two", "Two", "2", (Result(open_case, "passed", accepted=1), Result(decided, "failed", "it is|not"))),
        Column("three", "Three", "3", (Result(open_case, "skipped", "no"), Result(decided, "skipped", "no"))),
    ]
    text = disagreements(columns, "2026-01-01")
    assert "2 differ: 1 on what the specification leaves open, 1 on what it says." in text
    assert "## A workflow whose failed step was answered" in text
    assert "| `x` | a: “b” | failed | succeeded, nothing sent | — |" in text
    assert "| `x` | a: “b” | One | Two |" in text
