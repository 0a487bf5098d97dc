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
        ("1.0.1", {"type": "jsonpath", "version": "rfc9535"}, ["field-value"]),
        ("1.1.0", {"type": "jsonpath", "version": "rfc9535"}, []),
        ("1.1.0", {"type": "jsonpath", "version": ""}, ["field-value"]),
        ("1.1.0", {"type": "jsonpath"}, ["field-missing"]),
    ],
)
def test_the_versions_of_a_query_language(version: str, type_: Any, codes: list[str]) -> None:
    criterion = {"context": "$response.body", "condition": "$.a", "type": type_}
    assert _codes(document(workflow(step("a", successCriteria=[criterion])), version=version)) == codes


@pytest.mark.parametrize(("version", "codes"), [("1.0.1", ["field-value"]), ("1.1.0", [])])
def test_a_source_may_be_asyncapi_since_1_1(version: str, codes: list[str]) -> None:
    source = {"name": "events", "url": "events.json", "type": "asyncapi"}
    assert _codes(document(workflow(step("a")), version=version, sourceDescriptions=[source])) == codes


@pytest.mark.parametrize("written", [".arazzo", "Arazzo", "arrazo"])
def test_a_document_whose_version_is_misspelt_is_told_how_it_is_called(written: str) -> None:
    with pytest.raises(ArazzoError) as refused:
        _codes(document(workflow(step("a"))).replace('"arazzo"', f'"{written}"', 1))
    (problem,) = refused.value.diagnostics
    assert (problem.code, problem.fix) == ("not-arazzo", f"rename `{written}` to `arazzo`")
    assert problem.location is not None
    assert problem.location.pointer == f"/{written}"
