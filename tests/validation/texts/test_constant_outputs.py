"""An output that is a text is told with what the answer is described to have, and with nothing that it has not."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import codes, validated

ANSWER: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "token": {"type": "string"},
        "member": {
            "type": "object",
            "properties": {"id": {}, "groups": {"type": "array", "items": {"type": "string"}}},
        },
    },
}
_SELECTS: Final = "x-arazzo-engine-selects"


def _fix(text: str, schema: Any = None) -> str:
    content = {"application/json": {"schema": schema or {}}}
    found = validated({"outputs": {"a": text}}, {"responses": {"200": {"description": "ok", "content": content}}})
    assert codes(found) == [("warning", "output-constant")]
    return found[0].fix


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("result.Token", "/token"),
        ("token", "/token"),
        ("data.Member.Id", "/member/id"),
        ("member.groups", "/member/groups"),
        ("book.ID", ""),
        ("result.nothing", ""),
        ("member.nothing", ""),
    ],
)
def test_the_members_of_a_variable_are_those_that_the_answer_has(text: str, pointer: str) -> None:
    begin = "write" if pointer else "write an expression, such as"
    assert _fix(text, ANSWER) == f"{begin} `$response.body{'#' if pointer else ''}{pointer}`"


def test_of_an_answer_that_nobody_describes_a_name_may_be_a_member() -> None:
    assert _fix("result.Token") == "write an expression, such as `$response.body#/result/Token`"


@pytest.mark.parametrize("text", ["$(jq -r .token)", "$(jq -r '.token' <<< $body)", "$(echo $body | jq -r .token)"])
def test_what_a_command_reads_of_an_answer_is_told_as_its_part(text: str) -> None:
    assert _fix(text) == "write `$response.body#/token`"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            'len(r.json()["member"]["groups"])',
            "$response.body#/member/groups, selector: '', type: jsonpointer, %s: length",
        ),
        ('r.json()["groups"][-1]["id"]', "$response.body#/groups, selector: '$[-1].id', type: jsonpath, %s: one"),
        ("resp.json()[-2]", "$response.body, selector: '$[-2]', type: jsonpath, %s: one"),
    ],
)
def test_what_is_counted_or_taken_from_the_end_is_told_with_its_selector(text: str, written: str) -> None:
    assert _fix(text) == f"write `{{context: {written % _SELECTS}}}`"
