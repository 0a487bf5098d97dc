"""What a repair tells: one text is read as another one, and the two never look the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.repairs.corrections import repair
from arazzo_engine.language.repairs.rows import read_as

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOTH: Final = re.compile(r"`(.*)` is read as `(.*)`", re.DOTALL)
_SPACE: Final = st.sampled_from(("", " ", "\n", "\t", "  "))
_LONG: Final = st.sampled_from(("", "x" * 90, "a b " * 60))


@given(st.text(), st.text())
def test_two_texts_never_look_the_same(found: str, written: str) -> None:
    match = _BOTH.fullmatch(read_as(found, written))
    assert match is not None
    assert (match[1] == match[2]) == (found == written)


@given(long=_LONG, space=_SPACE, behind=_SPACE)
def test_no_repair_of_a_document_tells_of_the_same(long: str, space: str, behind: str) -> None:
    step: dict[str, Any] = {
        "stepId": "a",
        "operationId": "op",
        "parameters": [{"name": "q", "in": f"Query{space}", "value": f"{long} {{{{$inputs.a}}}}{space}"}],
        "requestBody": {"payload": f'{{"a": "{long}", "b": "{{$inputs.a[0]}}"{space}}}'},
        "successCriteria": [{"condition": f"'{long}' != 'a'{space} && $statusCode === 200{behind}"}],
        "onFailure": [{"name": "again", "type": f"Retry{behind}", "retryAfter": "1"}],
        "outputs": {"o": f"{space}$response.body.{'x' * len(long)}.id{behind}"},
    }
    inputs = {"type": "object", "properties": {"a": {"type": "array"}}}
    workflow = {"workflowId": f"w{space}", "inputs": inputs, "steps": [step]}
    document = {"arazzo": "1.0.1", "info": {"title": "t", "version": "1"}, "workflows": [workflow]}
    told = list(_told(document))
    assert told
    assert all(one != other for one, other in told)


def test_a_field_of_another_name_is_told_with_its_name() -> None:
    named = "$components.parameters.page"
    step = {"stepId": "a", "operationId": "op", "parameters": [{"$ref": named}]}
    components = {"parameters": {"page": {"name": "page", "in": "query", "value": 1}}}
    info = {"title": "t", "version": "1"}
    workflow = {"workflowId": "w", "steps": [step]}
    document = {"arazzo": "1.0.1", "info": info, "workflows": [workflow], "components": components}
    assert list(_told(document)) == [(f"$ref: {named}", f"reference: {named}")]


def _told(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for problem in repair(read_document(json.dumps(document), "file:///a.json")).problems:
        if match := _BOTH.match(problem.message):
            yield match[1], match[2]
