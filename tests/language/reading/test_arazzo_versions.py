"""What each version of the specification allows: 1.0 has no AsyncAPI, and names only the versions that differ."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import document, step, workflow

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import read_description


def _codes(text: str) -> list[str]:
    return [each.code for each in read_description(read_document(text, "file:///main.json")).problems]


@pytest.mark.parametrize(
    ("version", "type_", "codes"),
    [
        ("1.0.1", "jsonpath", []),
        ("1.0.1", {"type": "jsonpath", "version": "draft-goessner-dispatch-jsonpath-00"}, []),
        ("1.0.1", {"type": "jsonpath", "version": "rfc9535"}, ["repaired"]),
        ("1.0.1", {"type": "jsonpath", "version": "xpath-31"}, ["field-value"]),
        ("1.1.0", {"type": "jsonpath", "version": "rfc9535"}, []),
        ("1.1.0", {"type": "jsonpath", "version": ""}, ["field-value"]),
        ("1.1.0", {"type": "jsonpath"}, ["field-missing"]),
        # a number is no text, and nothing else is told of it
        ("1.1.0", {"type": "jsonpath", "version": 9535}, ["field-type"]),
    ],
)
def test_the_versions_of_a_query_language(version: str, type_: Any, codes: list[str]) -> None:
    criterion = {"context": "$response.body", "condition": "$.a", "type": type_}
    assert _codes(document(workflow(step("a", successCriteria=[criterion])), version=version)) == codes


@pytest.mark.parametrize(("version", "codes"), [("1.0.1", ["repaired"]), ("1.1.0", [])])
def test_a_source_may_be_asyncapi_since_1_1(version: str, codes: list[str]) -> None:
    source = {"name": "events", "url": "events.json", "type": "asyncapi"}
    assert _codes(document(workflow(step("a")), version=version, sourceDescriptions=[source])) == codes


_RFC9535: dict[str, Any] = {"context": "$url", "condition": "$", "type": {"type": "jsonpath", "version": "rfc9535"}}


@pytest.mark.parametrize(
    ("changed", "message", "fix"),
    [
        (
            {"parameters": [{"name": "q", "in": "querystring", "value": {}}]},
            "`in` is `querystring`, which Arazzo 1.0 does not have",
            "`querystring` exists since Arazzo 1.1.0: set `arazzo: 1.1.0`",
        ),
        (
            {"successCriteria": [_RFC9535]},
            "`version` is `rfc9535`, which Arazzo 1.0 does not have",
            (
                "`rfc9535` exists since Arazzo 1.1.0: set `arazzo: 1.1.0`, or write `jsonpath` in place of the object,"
                " which is that version"
            ),
        ),
        (
            {"parameters": [{"name": "q", "in": "matrix", "value": {}}]},
            "`in` is `matrix`, which is none of `path`, `query`, `header`, `cookie`",
            "use one of `path`, `query`, `header`, `cookie`",
        ),
    ],
)
def test_a_value_of_1_1_in_a_document_of_1_0_is_told_with_its_version(
    changed: dict[str, Any], message: str, fix: str
) -> None:
    text = document(workflow(step("a", **changed)), version="1.0.1")
    problems = read_description(read_document(text, "file:///w.json")).problems
    assert [(each.message, each.fix) for each in problems] == [(message, fix)]


def test_the_version_that_a_word_alone_has_is_written_as_the_word_in_a_document_of_1_0() -> None:
    text = document(workflow(step("a", successCriteria=[_RFC9535])), version="1.0.1")
    (problem,) = read_description(read_document(text, "file:///w.json")).problems
    (edit,) = problem.edits
    assert (edit.pointer[-2:], edit.json) == (("0", "type"), '"jsonpath"')


def test_a_source_of_asyncapi_in_a_document_of_1_0_is_read_as_one() -> None:
    sources = [{"name": "events", "url": "events.json", "type": "asyncapi"}]
    text = document(workflow(step("a")), version="1.0.1", sourceDescriptions=sources)
    read = read_description(read_document(text, "file:///w.json"))
    assert [each.type for each in read.description.source_descriptions] == ["asyncapi"]
    (problem,) = read.problems
    message = "`type` is `asyncapi`, which Arazzo 1.0 does not have"
    assert (problem.code, problem.severity.value, problem.message) == ("repaired", "warning", message)
    assert problem.fix == (
        "`asyncapi` exists since Arazzo 1.1.0: set `arazzo: 1.1.0`, or write `type: openapi` if the file is an OpenAPI"
        " description"
    )


@pytest.mark.parametrize("written", [".arazzo", "Arazzo", "arrazo"])
def test_a_document_whose_version_is_misspelt_is_told_how_it_is_called(written: str) -> None:
    with pytest.raises(ArazzoError) as refused:
        _codes(document(workflow(step("a"))).replace('"arazzo"', f'"{written}"', 1))
    (problem,) = refused.value.diagnostics
    assert (problem.code, problem.fix) == ("not-arazzo", f"rename `{written}` to `arazzo`")
    assert problem.location is not None
    assert problem.location.pointer == f"/{written}"
