"""The runner of the suite itself: what it reads, what it finds different, and what it makes of a broken adapter."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from runner.adapters import Adapter, Speaker
from runner.cases import ROOT
from runner.comparing import differences, unmatched
from runner.reports import between_markers
from runner.server import Received
from runner.yaml_subset import NotInSubsetError, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

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


def _found(expected: dict[str, Any], result: dict[str, Any] | None = None) -> list[str]:
    return differences(
        [{"outcome": "succeeded", **expected}], result or {"outcome": "succeeded", "outputs": {}}, [_SENT]
    )


@pytest.mark.parametrize(
    "request_",
    [
        "POST /a%20b/c?x=1&y=2&x=1",
        {"request": "POST /a b/c?x=1&x=1&y=2", "headers": {"x-one": "1", "X-Two": None}, "json": {"n": 1}},
    ],
)
def test_requests_compare_by_meaning(request_: object) -> None:
    assert _found({"requests": [request_]}) == []


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
    assert _found({"outputs": {"n": 1}}, {"outcome": "succeeded", "outputs": {"n": 1.0}}) == []
    assert len(_found({"outputs": {"n": 1}}, {"outcome": "succeeded", "outputs": {"n": True}})) == 1


@pytest.mark.parametrize(
    ("pointers", "count"),
    [(["/a/0"], 0), (["/a/0/b"], 0), (["/a"], 0), (None, 0), ([], 1), (["/c"], 1), (["/a/0", "/c"], 0)],
)
def test_one_of_the_mistakes_must_be_reported_where_it_is(pointers: list[str] | None, count: int) -> None:
    result = {"outcome": "invalid"} if pointers is None else {"outcome": "invalid", "pointers": pointers}
    assert len(differences([{"invalid": ["/a/0", "/b"]}], result, [])) == count


def test_a_full_report_names_every_mistake_and_nothing_else() -> None:
    assert unmatched(["/a/0", "/b"], ["/a/0/x", "/b"]) == []
    assert unmatched(["/a/0", "/b"], ["/a/0", "/c"]) == ["/b", "/c"]


def test_one_of_several_accepted_results_is_enough() -> None:
    assert differences([{"outcome": "failed"}, {"outcome": "succeeded"}], {"outcome": "succeeded"}, []) == []


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
