"""`arazzo upgrade`: a document of 1.1 that means what it meant as one of 1.0, or the reason why there is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
import yaml

import arazzo_engine
from arazzo_engine.cli import run_command
from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from pathlib import Path

_SPECS: Final = sorted((places.ROOT / "specs").glob("*/arazzo/*"))
_STEP: Final = {"stepId": "charge", "operationId": "charge"}


def _document(step: dict[str, Any], **fields: Any) -> str:
    workflow = {"workflowId": "order", "steps": [{**_STEP, **step}]}
    sources = [{"name": "shop", "url": "shop.yaml", "type": "openapi"}]
    around = {"arazzo": "1.0.1", "info": {"title": "t", "version": "1"}, "sourceDescriptions": sources}
    return yaml.safe_dump({**around, "workflows": [workflow], **fields}, sort_keys=False)


def _upgraded(text: str) -> arazzo_engine.Rewriting:
    with arazzo_engine.Engine() as engine:
        return engine.upgrade(text, with_sources=False)


def test_only_the_version_is_written() -> None:
    text = _document({})
    upgraded = _upgraded(text)
    assert upgraded.text == text.replace("arazzo: 1.0.1", "arazzo: 1.1.0")
    assert [str(each) for each in upgraded.changes] == [
        "<document>:1:9: `1.0.1` becomes `1.1.0`; write `arazzo: 1.1.0`"
    ]
    assert upgraded.for_a_person == ()
    assert not _upgraded(upgraded.text).is_changed


_SELECTOR: Final = {"context": "$response.body", "selector": "$.id", "type": "jsonpath"}


@pytest.mark.parametrize(
    ("step", "place"),
    [
        ({"parameters": [{"name": "a", "in": "query", "value": _SELECTOR}]}, "/steps/0/parameters/0/value"),
        ({"requestBody": {"payload": {"a": [_SELECTOR]}}}, "/steps/0/requestBody/payload/a/0"),
        (
            {"requestBody": {"payload": {}, "replacements": [{"target": "/a", "value": _SELECTOR}]}},
            "/steps/0/requestBody/replacements/0/value",
        ),
    ],
)
def test_an_object_that_would_become_a_selector_keeps_a_document_from_being_upgraded(
    step: dict[str, Any], place: str
) -> None:
    upgraded = _upgraded(_document(step))
    assert not upgraded.is_changed
    (refused,) = upgraded.refused
    assert refused.location is not None
    assert refused.location.pointer == f"/workflows/0{place}"
    assert refused.message.startswith("the object is a value of 1.0, and a Selector Object in 1.1")


def test_an_object_with_one_more_member_is_no_selector() -> None:
    step = {"requestBody": {"payload": {**_SELECTOR, "more": 1}}}
    assert _upgraded(_document(step)).is_changed


@pytest.mark.parametrize(
    ("step", "fields", "told"),
    [
        ({"timeout": 5}, {}, "the Step Object has no field `timeout`"),
        ({}, {"$self": "https://example.com/a.yaml"}, "the Arazzo Specification Object has no field `$self`"),
        ({"parameters": [{"name": "a", "in": "querystring", "value": "b"}]}, {}, "`in` is `querystring`"),
    ],
)
def test_what_was_an_error_and_says_something_now_is_for_a_person(
    step: dict[str, Any], fields: dict[str, Any], told: str
) -> None:
    upgraded = _upgraded(_document(step, **fields))
    assert upgraded.is_changed
    (remark, *_) = upgraded.for_a_person
    assert remark.message.startswith(f"what is unknown to 1.0 says something in 1.1: {told}")


def test_an_id_that_no_expression_can_name_is_for_a_person() -> None:
    step = {"stepId": "find a pet", "outputs": {"id": "$response.body#/id"}}
    workflow = {"workflowId": "order", "steps": [{**_STEP, **step}], "outputs": {"id": "$steps.find a pet.outputs.id"}}
    upgraded = _upgraded(_document({}, workflows=[workflow]))
    assert [each.fix for each in upgraded.for_a_person] == ["rename `find a pet` to `find-a-pet`"]


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("1.0.0", "`--to` is `1.0.0`, and no document is taken back to 1.0: it may have what only 1.1 can say"),
        ("1.2.0", "`--to` is `1.2.0`, and documents are upgraded to 1.1.0 only"),
        ("newest", "`--to` is `newest`, and documents are upgraded to 1.1.0 only"),
    ],
)
def test_another_version_is_refused(to: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = str(places.SHOP / "orders.arazzo.yaml")
    assert run_command(["upgrade", document, "--to", to]) == 2
    assert capsys.readouterr().err == (
        f"error[option-invalid]: {message}\n"
        " = why: the command cannot do what it is asked for in this way\n"
        " = fix: write `--to 1.1.0`\n"
    )


@pytest.mark.parametrize("version", ["2.0.0", "1.2.0"])
def test_a_document_of_an_unknown_version_is_refused(version: str) -> None:
    with pytest.raises(ArazzoError) as refused:
        _upgraded(_document({}).replace("1.0.1", version))
    assert [each.code for each in refused.value.diagnostics] == ["version-unsupported"]


def test_a_document_is_upgraded_in_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "a.yaml"
    document.write_text(_document({}) + "# the end\n")
    assert run_command(["upgrade", str(document), "--no-sources", "--write"]) == 0
    assert capsys.readouterr().err == "1 document: 1 upgrade written\n"
    assert document.read_text() == _document({}).replace("1.0.1", "1.1.0") + "# the end\n"
    assert run_command(["upgrade", str(document), "--no-sources"]) == 0
    assert capsys.readouterr().err == "1 document: nothing to write\n"


def _rehearsed(text: str, base: Path) -> list[Any]:
    """Return what each workflow of a document does in a rehearsal, or which findings keep it from one."""
    found: list[Any] = []
    with arazzo_engine.Engine(offline=True) as engine:
        program = engine.open(text, base=base)
        for workflow in program.workflow_ids:
            try:
                report = program.rehearse(workflow, run_id="run").to_json()
            except ArazzoError as refused:
                found.append([each.code for each in refused.diagnostics])
                continue
            for step in report["steps"]:
                del step["startedAt"], step["elapsedMs"]
            found.append([report["status"], report["outputs"], report["steps"]])
    return found


@pytest.mark.parametrize("document", _SPECS, ids=lambda path: path.name)
def test_an_upgraded_document_has_the_same_rehearsal(document: Path) -> None:
    text = document.read_text()
    upgraded = arazzo_engine.upgrade(document, offline=True)
    assert upgraded.refused == ()
    assert json.dumps(_rehearsed(upgraded.text, document)) == json.dumps(_rehearsed(text, document))
