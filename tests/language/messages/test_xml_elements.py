"""A JSON Pointer into an answer that is XML names elements, and attributes, by their local names."""

from __future__ import annotations

from typing import Any, Final

import pytest

from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.expressions.grammar import parse_expression
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.messages.exchange import Response

_XML: Final = """<?xml version="1.0"?>
<s:List xmlns:s="http://x.example" id="l-1">
  <s:Name>b</s:Name>
  <s:Empty/>
  <s:Contents><Key>k1</Key><Size>1</Size></s:Contents>
  <s:Contents><Key>k2</Key><Size>2</Size></s:Contents>
  <Owners><Owner><Id>o1</Id></Owner><Owner><Id>o2</Id></Owner></Owners>
  <Single><Key>k3</Key></Single>
  <Tag>t1</Tag><Tag>t2</Tag>
</s:List>"""


def _answered(text: str = _XML, content_type: str = "application/xml") -> Response:
    return Response(200, (("Content-Type", content_type),), text.encode())


NAMED: Final = (
    ("/Name", "b"),
    ("/Empty", ""),
    ("/List/Name", "b"),
    ("/id", "l-1"),
    ("/@id", "l-1"),
    ("/Contents/1/Key", "k2"),
    ("/Tag/0", "t1"),
    ("/Tag", ["t1", "t2"]),
    # a list within an element, and a list of one that is the element itself
    ("/Owners/1/Id", "o2"),
    ("/Owners/Owner/0/Id", "o1"),
    ("/Single/0/Key", "k3"),
    ("/Single/Key", "k3"),
)


@pytest.mark.parametrize(("pointer", "value"), NAMED)
@pytest.mark.parametrize("content_type", ["application/xml", "text/xml; charset=utf-8", "application/atom+xml"])
def test_a_pointer_names_elements(pointer: str, value: Any, content_type: str) -> None:
    scope = Scope(response=_answered(content_type=content_type))
    assert parse_expression(f"$response.body#{pointer}").evaluate(scope) == value


@pytest.mark.parametrize(
    "pointer", ["/name", "/Contents", "/Contents/2/Key", "/Contents/Key", "/Name/0/x", "/Owners/9/Id"]
)
def test_what_is_not_there_or_has_elements_in_it_is_absent(pointer: str) -> None:
    assert parse_expression(f"$response.body#{pointer}").evaluate(Scope(response=_answered())) is ABSENT


@pytest.mark.parametrize("text", ["no xml", "<a>", '<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b></a>', ""])
def test_what_is_no_xml_or_has_entities_has_no_parts(text: str) -> None:
    assert _answered(text).part(parse_pointer("/b")) is ABSENT


def test_the_body_itself_stays_a_text_and_a_text_has_no_parts() -> None:
    assert parse_expression("$response.body").evaluate(Scope(response=_answered())) == _XML
    assert _answered(content_type="text/plain").part(("Name",)) is ABSENT


@pytest.mark.parametrize(
    "condition", ["$response.body#/Name == 'B'", "$response.body.Name == 'b'", "$response.body#/Contents/1/Size > 1"]
)
def test_a_condition_compares_what_is_named(condition: str) -> None:
    assert parse_condition(condition).evaluate(Scope(response=_answered())) is True
