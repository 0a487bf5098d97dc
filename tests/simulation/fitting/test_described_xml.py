"""XML is asked for by the names of elements, and made up by the names of the members that they are written from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import rehearsed, thing

from arazzo_engine.language.messages.exchange import Response

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_OFFER: Final = {**thing(id={"type": "integer", "xml": {"attribute": True}}, Service=_TEXT), "xml": {"name": "Offer"}}
_SCHEMA: Final = {
    **thing(
        offers={"type": "array", "items": _OFFER},
        events={
            "type": "array",
            "xml": {"name": "Events", "wrapped": True},
            "items": {**_TEXT, "xml": {"name": "Event"}},
        },
        state={"type": "string", "enum": ["open", "done"], "xml": {"name": "State"}},
    ),
    "xml": {"name": "Rates"},
}
_EXAMPLE: Final = "<Rates><Offer><Service>FAST</Service></Offer></Rates>"


def _answered(folder: Path, *conditions: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    outputs, media_type = fields.pop("outputs", {}), {"schema": _SCHEMA, **fields}
    criteria = [{"context": "$response.body", "type": "xpath", "condition": each} for each in conditions]
    step = {"stepId": "a", "operationId": "get", "successCriteria": criteria, "outputs": outputs}
    given = {name: each for name, each in step.items() if each}
    operation = {"responses": {"200": {"description": "", "content": {"application/xml": media_type}}}}
    (report,) = rehearsed(folder, [given], {"get": operation}).steps
    assert isinstance(report.response, Response)
    assert not report.notes
    assert all(each.passed for each in report.criteria)
    return bytes(report.response.content).decode().rpartition("\n")[2], dict(report.outputs)


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        ("count(/Rates/Offer) > 0", "open"),
        ("/Rates/Offer", "open"),
        ("/Rates/Offer/Service", "open"),
        ("/Rates/Events/Event", "open"),
        ("boolean(//Event)", "open"),
        ("//Service", "open"),
        ("/Rates/State = 'done'", "done"),
    ],
)
def test_an_element_is_the_member_that_it_is_written_from(tmp_path: Path, condition: str, state: str) -> None:
    answer, _ = _answered(tmp_path, condition)
    events, offer = "<Events><Event>sample</Event></Events>", '<Offer id="1"><Service>sample</Service></Offer>'
    assert answer == f"<Rates>{offer}{events}<State>{state}</State></Rates>"


def test_a_value_is_put_where_the_element_is_written_from(tmp_path: Path) -> None:
    answer, _ = _answered(tmp_path, "/Rates/Offer/Service = 'SLOW'", "/Rates/Offer/@id > 4")
    assert '<Offer id="5"><Service>SLOW</Service></Offer>' in answer
    assert answer.count("<Offer") == 1


def test_what_a_pointer_names_is_the_element_that_is_described(tmp_path: Path) -> None:
    outputs = {"first": "$response.body#/Rates/Offer/Service", "state": "$response.body#/State"}
    answer, found = _answered(tmp_path, outputs=outputs)
    assert found == {"first": "sample", "state": "open"}
    assert answer.count("<Service>sample</Service>") == 1


@pytest.mark.parametrize("conditions", [(), ("count(/Rates/Offer) > 0",), ("/Rates/Offer/Service = 'FAST'",)])
def test_an_example_that_has_what_is_wanted_is_answered(tmp_path: Path, conditions: tuple[str, ...]) -> None:
    outputs = {"service": "$response.body#/Offer/Service"}
    assert _answered(tmp_path, *conditions, outputs=outputs, example=_EXAMPLE) == (_EXAMPLE, {"service": "FAST"})


def test_an_example_without_what_is_wanted_gives_way_to_what_is_described(tmp_path: Path) -> None:
    answer, _ = _answered(tmp_path, "/Rates/State = 'done'", example=_EXAMPLE)
    assert "<State>done</State>" in answer
    assert "<Service>sample</Service>" in answer


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        ("/Rates[State='done']", "<State>done</State>"),
        ("/Rates/Offer[@id = 7]", '<Offer id="7"><Service>sample</Service></Offer>'),
        ("/Rates/Offer[@id = 7 and Service = 'A and B']/Service", '<Offer id="7"><Service>A and B</Service></Offer>'),
        ("count(/Rates/Offer) = 2", 'Offer><Offer id="1"><Service>sample</Service></Offer><Events'),
        ("count(//Event) > 1", "<Events><Event>sample</Event><Event>sample</Event></Events>"),
        ("count(/Rates/Offer) = 0", "<Rates><Events"),
        ("/Rates/Offer[1]/Service = 'SLOW'", "<Service>SLOW</Service>"),
        ("/Rates/Events/Event[2] = 'LATE'", "<Event>sample</Event><Event>LATE</Event>"),
        ("contains(/Rates/Offer/Service, 'S.W (a)')", "<Service>S.W (a)</Service>"),
        ("starts-with(/Rates/State, 'do') and string-length(//Service) = 3", "<Service>sam</Service>"),
        ("not(contains(/Rates/Events/Event, 'sample'))", "<Events><Event/></Events>"),
    ],
)
def test_what_stands_in_brackets_or_is_counted_or_searched_is_made_up(
    tmp_path: Path, condition: str, part: str
) -> None:
    answer, _ = _answered(tmp_path, condition)
    assert part in answer


_BODY: Final = {"context": "$response.body"}
_EITHER: Final = {"application/json": {"schema": _SCHEMA}, "application/xml": {"schema": _SCHEMA}}


@pytest.mark.parametrize(
    ("asked", "is_xml"),
    [
        ({"successCriteria": [{**_BODY, "type": "xpath", "condition": "/Rates/State = 'done'"}]}, True),
        ({"outputs": {"a": {**_BODY, "type": "xpath", "selector": "/Rates/State"}}}, True),
        ({"successCriteria": [{**_BODY, "type": "jsonpath", "condition": "$[?$.State == 'done']"}]}, False),
        ({"outputs": {"a": {**_BODY, "type": "jsonpath", "selector": "$.State"}}}, False),
        ({}, False),
    ],
)
def test_of_json_and_xml_what_the_step_asks_for_is_accepted_and_answered(
    tmp_path: Path, asked: dict[str, Any], *, is_xml: bool
) -> None:
    step = {"stepId": "a", "operationId": "get", **asked}
    accepted = ["application/json", "application/xml"]
    operation = {"responses": {"200": {"description": "", "content": _EITHER}}}
    (report,) = rehearsed(tmp_path, [step], {"get": operation}).steps
    assert isinstance(report.response, Response)
    assert report.request is not None
    assert dict(report.request.headers)["Accept"] == ", ".join(sorted(accepted, reverse=is_xml))
    assert dict(report.response.headers)["Content-Type"] == accepted[is_xml]
    assert all(each.passed for each in report.criteria)
