"""Names that nobody describes and that are spelled in two ways beside each other."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import OneSource, document, step, workflow
from validated import validated

from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document

INPUTS = {"type": "object", "properties": {"commit": {"type": "string"}, "who": {"type": "object"}}}


def _told(made: dict[str, Any]) -> list[tuple[str, str]]:
    return _found(workflow(made, inputs=INPUTS))


def _found(*made: dict[str, Any]) -> list[tuple[str, str]]:
    text = document(*made)
    problems = check_document(read_document(text, "file:///main.json"), OneSource()).problems
    found = [each for each in problems if each.code == "name-misspelt"]
    return [(each.message, each.location.pointer if each.location else "") for each in found]


def test_an_output_whose_part_is_nearly_its_name() -> None:
    assert _told(step("a", outputs={"webUrl": "$response.body#/links/weab_url", "state": "$response.body#/state"})) == [
        (
            "output `webUrl` is read from `weab_url`, which nobody describes and which is spelled nearly alike",
            "/workflows/0/steps/0/outputs/webUrl",
        )
    ]


def test_a_member_that_is_nearly_the_input_that_it_gets() -> None:
    payload = {"commti": "$inputs.commit", "of": {"brnach": "$inputs.who#/branch"}, "commit": "{$inputs.commit}"}
    assert _told(step("a", requestBody={"payload": payload})) == [
        (
            "member `commti`, which nobody describes, gets `commit`, which is spelled nearly alike",
            "/workflows/0/steps/0/requestBody/payload/commti",
        ),
        (
            "member `brnach`, which nobody describes, gets `branch`, which is spelled nearly alike",
            "/workflows/0/steps/0/requestBody/payload/of/brnach",
        ),
    ]


@pytest.mark.parametrize("given", ["$inputs.commit", "$steps.a.outputs.commit"])
def test_an_output_that_nobody_reads_and_that_is_nearly_what_it_hands_on(given: str) -> None:
    made = workflow(step("a", outputs={"commit": "$response.body"}), inputs=INPUTS, outputs={"commmit": given})
    assert _found(made) == [
        (
            "output `commmit`, which nobody reads, gets `commit`, which is spelled nearly alike",
            "/workflows/0/outputs/commmit",
        )
    ]


@pytest.mark.parametrize(
    ("name", "others", "is_told"),
    [
        ("order_id", ("lineId", "itemCount"), True),
        ("orderid", ("lineId", "itemCount"), True),
        ("OrderId", ("lineId", "state"), True),
        # one other, or others of one word, say nothing of signs, and who writes several so means it
        ("order_id", ("lineId",), False),
        ("order_id", ("state", "price", "size"), False),
        ("order_id", ("line_id", "itemCount", "lineId"), False),
        ("OrderId", ("State", "price"), False),
        ("orderID", ("lineId", "itemCount"), False),
    ],
)
def test_an_output_that_leaves_the_way_in_which_all_others_are_written(
    name: str, others: tuple[str, ...], *, is_told: bool
) -> None:
    outputs = {name: "$steps.a.outputs.orderId", **dict.fromkeys(others, "$steps.a.outputs.x")}
    made = workflow(step("a", outputs={"orderId": "$response.body", "x": "$response.body"}), outputs=outputs)
    message = f"output `{name}`, which nobody reads, gets `orderId`, and every output beside it is written as that is"
    assert _found(made) == ([(message, f"/workflows/0/outputs/{name}")] if is_told else [])


@pytest.mark.parametrize("given", ["$outputs.token", "$steps.a.outputs.token"])
def test_an_output_that_is_nearly_one_of_the_workflow_that_its_step_calls(given: str) -> None:
    inner = step("b", outputs={"token": "$response.body"})
    called = workflow(inner, name="called", outputs={"token": "$steps.b.outputs.token"})
    calling: dict[str, Any] = {"stepId": "a", "workflowId": "called"}
    is_own = given.startswith("$outputs")
    made = workflow({**calling, "outputs": {"toekn": given}} if is_own else calling)
    made = made if is_own else {**made, "outputs": {"toekn": given}}
    assert [each for each, _ in _found(made, called)] == [
        "output `toekn`, which nobody reads, gets `token`, which is spelled nearly alike"
    ]


@pytest.mark.parametrize(
    ("name", "given"), [("resullt", "result"), ("ordre", "order"), ("llocation", "location"), ("di", "id")]
)
def test_a_slip_that_only_looks_like_another_spelling_is_one(name: str, given: str) -> None:
    made = workflow(step("a", outputs={given: "$response.body"}), outputs={name: f"$steps.a.outputs.{given}"})
    assert len(_found(made)) == 1


def test_an_output_that_is_read_by_its_own_name_is_meant() -> None:
    first = step("a", outputs={"commmit": "$inputs.commit"})
    made = workflow(first, inputs=INPUTS, outputs={"is": "$steps.a.outputs.commmit", "commits": "$inputs.commit"})
    assert _found(made) == []


@pytest.mark.parametrize(
    ("name", "part"), [("slug", "slsug"), ("pipelineSlug", "sluf"), ("buildState", "statte"), ("webUrl", "webuurl")]
)
def test_the_last_words_of_a_name_are_what_is_read(name: str, part: str) -> None:
    assert len(_told(step("a", outputs={name: f"$response.body#/{part}"}))) == 1


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("webUrl", "web_url"),
        ("webUrl", "WEB-URL"),
        ("order", "orders"),
        ("itemCount", "items_count"),
        ("user2", "user1"),
        ("color", "colour"),
        ("cancelledAt", "canceled_at"),
        ("license", "licence"),
        ("organise", "organize"),
        ("center", "centre"),
        ("greyLevel", "grayLevel"),
        ("practise", "practice"),
        ("fulfillment", "fulfilment"),
        ("enroll", "enrol"),
        ("id", "ip"),
        ("total", "amount"),
        ("firstItem", "items"),
        ("eTag", "eTag"),
        ("aName", "aname"),
    ],
)
def test_names_that_are_meant_to_differ_are_let_be(name: str, part: str) -> None:
    assert _told(step("a", outputs={name: f"$response.body#/{part}"})) == []


def test_what_the_description_knows_is_for_it_to_judge() -> None:
    known = {"type": "object", "properties": {"stat": {}, "count": {}}}
    content = {"application/json": {"schema": known}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "ok", "content": content}}}
    made = {"requestBody": {"payload": {"cuont": "$inputs.count"}}, "outputs": {"state": "$response.body#/stat"}}
    assert "name-misspelt" not in {each.code for each in validated(made, operation)}
    assert "name-misspelt" in {each.code for each in validated(made)}


@pytest.mark.parametrize(
    ("name", "part", "is_told"),
    [
        ("lastMonified", "lastModified", True),
        ("displayNaem", "displayName", True),
        ("lastChanged", "lastModified", False),
        ("created", "create", False),
        ("stat", "state", False),
    ],
)
def test_an_output_that_nobody_reads_and_that_is_nearly_the_described_part_that_it_hands_on(
    name: str, part: str, is_told: bool
) -> None:
    schema = {"type": "object", "properties": {part: {}, "other": {}}}
    answer = {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}}
    made = {"outputs": {name: f"$response.body#/{part}"}}
    assert ("name-misspelt" in {each.code for each in validated(made, answer)}) is is_told


def test_an_object_of_which_no_member_is_described_says_nothing_of_a_name() -> None:
    answer = {
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}}
    }
    found = validated({"outputs": {"duration": "$response.body#/durativon"}}, answer)
    assert [each.code for each in found] == ["name-misspelt"]
