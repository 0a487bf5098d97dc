"""XML bodies: which elements and attributes a value becomes by the hints of its schema, and that they are well-formed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arazzo_engine.apis.descriptions.openapi import open_api
from arazzo_engine.apis.linking.sources import NoSources
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from arazzo_engine.apis.wire_forms.written import Body


class Described:
    """What an operation of a version of OpenAPI says of its XML, with components that it refers to."""

    def __init__(self, schema: dict[str, Any], version: str = "3.1.0", **components: Any) -> None:
        self._schema = schema
        self._version = version
        self._components = components

    def write(self, payload: Any, content_type: str = "application/xml") -> Body:
        content = {content_type: {"schema": self._schema}}
        value = {
            "openapi": self._version,
            "paths": {"/a": {"post": {"requestBody": {"content": content}}}},
            "components": {"schemas": self._components},
        }
        document = read_document(json.dumps(value), "file:///api.json")
        found = open_api("api", document, NoSources()).operation_at(("paths", "/a", "post"))
        assert found is not None
        return write_body(payload, content_type, describe_body(content_type, found))

    def xml(self, payload: Any) -> str:
        """Return the one element of the document, without the declaration."""
        text = bytes(self.write(payload).content).decode()
        ET.fromstring(text)
        assert text.startswith(_XML_HEAD.decode())
        return text.removeprefix(_XML_HEAD.decode())

    def refused(self, payload: Any, content_type: str = "application/xml") -> Diagnostic:
        with pytest.raises(ArazzoError) as error:
            self.write(payload, content_type)
        (diagnostic,) = error.value.diagnostics
        assert diagnostic.code in {"request-body-malformed", "request-body-unsupported"}
        return diagnostic


_XML_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.mark.parametrize(
    ("schema", "payload", "xml"),
    [
        ({}, {"a": 'x<&>"', "b": 1, "c": True, "d": ""}, '<p><a>x&lt;&amp;&gt;"</a><b>1</b><c>true</c><d/></p>'),
        ({"properties": {"id": {"xml": {"attribute": True}}, "name": {}}}, {"name": "n", "id": '1"<'}, "<p id='1\"&lt;'><name>n</name></p>"),
        ({"properties": {"id": {"xml": {"name": "xml-id"}}}}, {"id": 1}, "<p><xml-id>1</xml-id></p>"),
        ({"properties": {"id": {"xml": {"attribute": True}}}}, {"id": "1\r\n\t", "n": "1\r\n\t"}, '<p id="1&#13;&#10;&#9;"><n>1&#13;\n\t</n></p>'),
        ({"properties": {"name": {"xml": {"namespace": "http://e/s", "prefix": "s"}}}}, {"name": "n"}, '<p><s:name xmlns:s="http://e/s">n</s:name></p>'),
        ({"xml": {"namespace": "http://e/s"}}, {"a": 1}, '<p xmlns="http://e/s"><a>1</a></p>'),
        # the array examples of the XML Object
        ({"properties": {"animals": {"type": "array", "items": {"type": "string"}}}}, {"animals": ["x", "y"]}, "<p><animals>x</animals><animals>y</animals></p>"),
        ({"properties": {"animals": {"items": {"xml": {"name": "animal"}}}}}, {"animals": ["x", "y"]}, "<p><animal>x</animal><animal>y</animal></p>"),
        ({"properties": {"animals": {"items": {"xml": {"name": "animal"}}, "xml": {"name": "aliens"}}}}, {"animals": ["x"]}, "<p><animal>x</animal></p>"),
        ({"properties": {"animals": {"items": {}, "xml": {"wrapped": True}}}}, {"animals": ["x", "y"]}, "<p><animals><animals>x</animals><animals>y</animals></animals></p>"),
        ({"properties": {"animals": {"items": {}, "xml": {"name": "aliens", "wrapped": True}}}}, {"animals": ["x"]}, "<p><aliens><aliens>x</aliens></aliens></p>"),
        ({"properties": {"animals": {"items": {"xml": {"name": "animal"}}, "xml": {"wrapped": True}}}}, {"animals": ["x"]}, "<p><animals><animal>x</animal></animals></p>"),
        ({"properties": {"animals": {"items": {"xml": {"name": "animal"}}, "xml": {"name": "aliens", "wrapped": True}}}}, {"animals": []}, "<p><aliens/></p>"),
        # nodeType of OpenAPI 3.2
        ({"properties": {"id": {"xml": {"nodeType": "attribute"}}, "text": {"xml": {"nodeType": "text"}}}}, {"id": 1, "text": "a<b"}, '<p id="1">a&lt;b</p>'),
        ({"properties": {"code": {"xml": {"nodeType": "cdata"}}}}, {"code": "a]]>b"}, "<p><![CDATA[a]]]]><![CDATA[>b]]></p>"),
        ({"properties": {"group": {"xml": {"nodeType": "none"}}}}, {"group": {"a": 1}}, "<p><a>1</a></p>"),
        ({"properties": {"n": {}, "at": {"xml": {"attribute": True}}}}, {"n": None, "at": None}, '<p><n xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></p>'),
        ({"allOf": [{"$ref": "#/components/schemas/Base"}], "properties": {"b": {"$ref": "#/components/schemas/q"}}}, {"id": 1, "b": {"q": 2}}, '<p id="1"><b><q>2</q></b></p>'),
    ],
)  # fmt: skip
def test_an_object_becomes_xml_by_the_hints_of_its_schema(schema: dict[str, Any], payload: object, xml: str) -> None:
    components: dict[str, Any] = {"p": schema, "q": {}, "Base": {"properties": {"id": {"xml": {"attribute": True}}}}}
    assert Described({"$ref": "#/components/schemas/p"}, "3.1.0", **components).xml(payload) == xml


def test_a_schema_that_contains_itself_is_written() -> None:
    node = {"properties": {"name": {}, "child": {"$ref": "#/components/schemas/node"}}}
    payload = {"name": "a", "child": {"name": "b", "child": {"name": "c"}}}
    described = Described({"$ref": "#/components/schemas/node"}, node=node)
    inner = "<child><name>b</name><child><name>c</name></child></child>"
    assert described.xml(payload) == f"<node><name>a</name>{inner}</node>"


@pytest.mark.parametrize("payload", [{"a b": 1}, {"1": 1}, {"a": "\x00"}, {"x><y": 1}])
def test_what_xml_cannot_hold_is_refused(payload: object) -> None:
    Described({"xml": {"name": "p"}}).refused(payload)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9]*", fullmatch=True), st.text(), max_size=3))
@settings(max_examples=50)
def test_a_text_in_xml_is_read_back_or_refused(members: dict[str, str]) -> None:
    try:
        body = Described({"xml": {"name": "p"}}).write(members)
    except ArazzoError:
        return
    root = ET.fromstring(bytes(body.content))
    found = {each.tag: each.text or "" for each in root}
    assert found == members


# --- the names of OpenAPI 3.2 ---

_PET: dict[str, Any] = {"type": "object", "properties": {"n": {}}}
_TO_PET = {"$ref": "#/components/schemas/Pet"}
_DOCUMENT: dict[str, Any] = {
    "type": "object",
    "properties": {"content": {"type": "string", "xml": {"nodeType": "cdata"}}},
}


@pytest.mark.parametrize(
    ("schema", "payload", "xml"),
    [
        ({"type": "array", "xml": {"nodeType": "element", "name": "Pets"}, "items": _TO_PET}, [{"n": 1}], "<Pets><Pet><n>1</n></Pet></Pets>"),
        ({"xml": {"name": "r"}, "properties": {"pets": {"type": "array", "items": _TO_PET}}}, {"pets": [{}, {"n": 2}]}, "<r><Pet/><Pet><n>2</n></Pet></r>"),
        ({"xml": {"name": "r"}, "properties": {"pet": _TO_PET}}, {"pet": {"n": 1}}, "<r><Pet><n>1</n></Pet></r>"),
        # a reference through another is that to the last
        ({"xml": {"name": "r"}, "properties": {"pet": {"$ref": "#/components/schemas/Alias"}}}, {"pet": {}}, "<r><Pet/></r>"),
        # "This field SHALL be ignored if the `nodeType` is `text`, `cdata`, or `none`."
        ({"xml": {"name": "r"}, "properties": {"pet": {**_TO_PET, "xml": {"name": "animal"}}}}, {"pet": {}}, "<r><Pet/></r>"),
        ({"xml": {"name": "r"}, "properties": {"pet": {**_TO_PET, "xml": {"nodeType": "element", "name": "animal"}}}}, {"pet": {"n": 1}}, "<r><animal><Pet><n>1</n></Pet></animal></r>"),
        ({"xml": {"name": "r"}, "properties": {"key": {"$ref": "#/components/schemas/Key"}}}, {"key": 1}, '<r Key="1"/>'),
        ({"xml": {"name": "r"}, "properties": {"key": {"$ref": "#/components/schemas/Key", "xml": {"nodeType": "attribute"}}}}, {"key": 1}, '<r key="1"/>'),
        ({"$ref": "#/components/schemas/Documentation"}, {"content": "<p>"}, "<Documentation><![CDATA[<p>]]></Documentation>"),
        ({"xml": {"nodeType": "element", "name": "Stored"}, "$ref": "#/components/schemas/Inner"}, {"content": "<p>", "id": 1}, '<Stored id="1"><![CDATA[<p>]]></Stored>'),
    ],
)  # fmt: skip
def test_what_a_reference_leads_to_has_its_own_element_in_3_2(
    schema: dict[str, Any], payload: object, xml: str
) -> None:
    components: dict[str, Any] = {
        "Pet": _PET,
        "Alias": _TO_PET,
        "Key": {"type": "integer", "xml": {"nodeType": "attribute"}},
        "Documentation": _DOCUMENT,
        "Inner": {
            "xml": {"nodeType": "none"},
            "properties": {**_DOCUMENT["properties"], "id": {"xml": {"attribute": True}}},
        },
    }
    assert Described(schema, "3.2.0", **components).xml(payload) == xml


@pytest.mark.parametrize("version", ["3.0.4", "3.1.2"])
def test_a_property_names_the_element_of_a_reference_before_3_2(version: str) -> None:
    schema = {"xml": {"name": "r"}, "properties": {"pet": _TO_PET, "pets": {"type": "array", "items": _TO_PET}}}
    described = Described(schema, version, Pet=_PET)
    assert described.xml({"pet": {"n": 1}, "pets": [{}]}) == "<r><pet><n>1</n></pet><pets/></r>"


@pytest.mark.parametrize("version", ["3.0.4", "3.2.0"])
def test_an_element_of_a_list_that_is_the_document_bears_the_name_of_its_component(version: str) -> None:
    described = Described({"type": "array", "xml": {"name": "Pets"}, "items": _TO_PET}, version, Pet=_PET)
    assert described.xml([{}, {}]) == "<Pets><Pet/><Pet/></Pets>"


def test_the_elements_of_a_list_have_their_order_and_their_names() -> None:
    one_two_three = {
        "xml": {"nodeType": "element", "name": "OneTwoThree"},
        "type": "array",
        "prefixItems": [
            {"xml": {"name": "One"}, "type": "string"},
            {
                "xml": {"name": "Two"},
                "properties": {"unit": {"xml": {"nodeType": "attribute"}}, "value": {"xml": {"nodeType": "text"}}},
            },
            {"xml": {"nodeType": "text"}},
        ],
        "items": {"xml": {"name": "More"}},
    }
    payload = ["x", {"unit": "cubits", "value": 42.0}, "and", True, False]
    assert Described(one_two_three, "3.2.0").xml(payload) == (
        '<OneTwoThree><One>x</One><Two unit="cubits">42</Two>and<More>true</More><More>false</More></OneTwoThree>'
    )


def test_the_attributes_of_a_node_that_has_no_element_are_its_parents() -> None:
    group = {"xml": {"nodeType": "none"}, "properties": {"id": {"xml": {"attribute": True}}, "n": {}}}
    schema = {
        "xml": {"name": "r"},
        "properties": {"a": group, "b": {"xml": {"nodeType": "none"}, "properties": {"c": group}}},
    }
    described = Described(schema, "3.2.0")
    assert described.xml({"a": {"id": 1, "n": 2}, "b": {"c": {"n": 3}}}) == '<r id="1"><n>2</n><n>3</n></r>'
    assert "the attribute `id` twice" in described.refused({"a": {"id": 1}, "b": {"c": {"id": 2}}}).message


# --- one document, well-formed ---

_S = {"namespace": "http://e/s", "prefix": "s"}
_XSI = {"namespace": "http://www.w3.org/2001/XMLSchema-instance", "prefix": "xsi"}


@pytest.mark.parametrize(
    ("properties", "payload", "xml"),
    [
        # declared once for an element, however many of its attributes need it
        ({"a": {"xml": {**_S, "attribute": True}}, "b": {"xml": {**_S, "attribute": True}}}, {"a": 1, "b": 2}, '<r xmlns:s="http://e/s" s:a="1" s:b="2"/>'),
        ({"a": {"xml": _S, "properties": {"b": {"xml": {"prefix": "s"}}}}}, {"a": {"b": 1}}, '<r><s:a xmlns:s="http://e/s"><s:b>1</s:b></s:a></r>'),
        ({"a": {"xml": {"prefix": "xml", "name": "lang", "attribute": True}}}, {"a": "de"}, '<r xml:lang="de"/>'),
        # as S3 has it
        ({"t": {"xml": {**_XSI, "name": "xsi:type", "attribute": True}}}, {"t": "Group"}, '<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"/>'),
        ({"t": {"xml": {**_XSI, "attribute": True}}, "n": {}}, {"t": 1, "n": None}, '<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:t="1"><n xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></r>'),
    ],
)  # fmt: skip
def test_namespaces_are_declared_where_they_are_needed(properties: dict[str, Any], payload: object, xml: str) -> None:
    assert Described({"xml": {"name": "r"}, "properties": properties}).xml(payload) == xml


@pytest.mark.parametrize(
    ("schema", "payload", "message"),
    [
        ({"properties": {"n": {"xml": {"prefix": "q"}}}}, {"n": 1}, "the prefix of `q:n` is not declared"),
        ({"properties": {"n": {"xml": {"prefix": "q", "attribute": True}}}}, {"n": 1}, "the prefix of `q:n` is not declared"),
        ({"properties": {"n": {"xml": {"name": "q:n"}}}}, {"n": 1}, "the prefix of `q:n` is not declared"),
        # what is declared beside it is not declared for it
        ({"properties": {"m": {"xml": _S}, "n": {"xml": {"prefix": "s"}}}}, {"m": 1, "n": 1}, "the prefix of `s:n` is not declared"),
        ({"properties": {"n": {"xml": {"namespace": "http://e/s", "attribute": True}}}}, {"n": 1}, "has no prefix"),
        ({"properties": {"n": {"xml": {"namespace": "http://e/s", "prefix": "xml"}}}}, {"n": 1}, "two namespaces"),
        ({"properties": {"a": {"xml": {**_S, "attribute": True}}, "b": {"xml": {"namespace": "http://e/t", "prefix": "s", "attribute": True}}}}, {"a": 1, "b": 1}, "two namespaces"),
        ({"properties": {"n": {"xml": {"name": "a:b:c"}}}}, {"n": 1}, "cannot be a name in XML"),
        ({"properties": {"xmlns": {}}}, {"xmlns": 1}, "cannot be a name in XML"),
        ({"properties": {"\u00b2": {}}}, {"\u00b2": 1}, "cannot be a name in XML"),
        ({"xml": {"nodeType": "none"}}, {"a": 1, "b": 2}, "would not be one element"),
        ({"xml": {"nodeType": "text"}}, {"a": 1}, "would not be one element"),
    ],
)  # fmt: skip
def test_what_no_parser_would_take_is_refused(schema: dict[str, Any], payload: object, message: str) -> None:
    described = Described({"xml": {"name": "r"}, **schema})
    assert message in described.refused(payload).message


def test_the_declaration_says_the_charset_of_the_content_type() -> None:
    described = Described({"xml": {"name": "r"}})
    latin = described.write({"a": "é"}, "application/xml; charset=ISO-8859-1").content
    assert latin == b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<r><a>\xe9</a></r>'
    assert ET.fromstring(latin).findtext("a") == "é"
    assert described.write({"a": "é"}, "text/xml; charset=utf-8").content == _XML_HEAD + "<r><a>é</a></r>".encode()
    declared = '<?xml version="1.0" encoding="iso-8859-1"?><r>é</r>'
    assert described.write(declared, 'text/xml; charset="latin1"').content == declared.encode("latin-1")


@pytest.mark.parametrize(
    ("content_type", "payload", "message"),
    [
        ("application/xml; charset=utf-8", '<?xml version="1.0" encoding="iso-8859-1"?><r/>', "and its content type names `utf-8`"),
        ("application/xml; charset=martian", {"a": 1}, "`martian` is no charset that is known"),
        ("application/xml", "<?xml version='1.0' encoding='martian'?><r/>", "`martian` is no charset that is known"),
        ("application/xml; charset=us-ascii", {"a": "é"}, "characters that `us-ascii` does not have"),
    ],
)  # fmt: skip
def test_a_charset_that_would_be_a_lie_is_refused(content_type: str, payload: object, message: str) -> None:
    assert message in Described({"xml": {"name": "r"}}).refused(payload, content_type).message
