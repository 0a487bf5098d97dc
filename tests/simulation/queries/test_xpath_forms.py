"""What an XPath asks of an answer in XML, by the form that it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rehearsed import answers, rehearsed, thing

from arazzo_engine.simulation.queries.xpath import denials_of_xpath

if TYPE_CHECKING:
    from pathlib import Path

_ITEM = {**thing(sku={"type": "string"}, qty={"type": "integer"}), "xml": {"name": "item"}}
_ORDER = {
    **thing(
        state={"type": "string"},
        total={"type": "number"},
        error={"type": "string"},
        items={"type": "array", "xml": {"wrapped": True}, "items": _ITEM},
    ),
    "xml": {"name": "order"},
}


@pytest.mark.parametrize(
    "condition",
    [
        "/order/state/text() = 'done'",
        "'done' = /order/state",
        "5 < /order/total",
        "/*[local-name()='order']/*[local-name()='state'] = 'done'",
        "/*[local-name(.) = \"order\"]/state = 'done'",
        "//*[local-name()='state' and text()='done']",
        "/order/state = 'done' or /order/state = 'shipped'",
        "(/order/state = 'done' or /order/state = 'shipped') and /order/total > 5",
        "/order/items/item[sku = 'A1' or sku = 'B2']",
        "/order/state = ('done', 'shipped')",
        "count(/order/items/item[qty > 1]) = 2",
        "count(/order/error) = 0",
        "count(/order/items/item) = 0",
        "empty(/order/error)",
        "exists(/order/state)",
        "sum(/order/items/item/qty) > 3",
        "(/order/items/item)[2]/sku = 'A1'",
        "/order/items/item[position() = 2]/sku = 'B2'",
        "/order//sku = 'A1'",
        "/child::order/child::state = 'done'",
        "/descendant::state = 'done'",
        "ends-with(/order/state, 'ne')",
        "matches(/order/state, '^do')",
        "lower-case(/order/state) = 'done'",
        "not(/order/error or /order/total > 100)",
        "not(/order/state != 'done' or (/order/error))",
    ],
)
def test_an_answer_in_xml_is_what_an_xpath_holds_on(tmp_path: Path, condition: str) -> None:
    kind = {"type": "xpath", "version": "xpath-20"}
    criterion = {"context": "$response.body", "type": kind, "condition": condition}
    step = {"stepId": "a", "operationId": "get", "successCriteria": [criterion]}
    assert rehearsed(tmp_path, [step], {"get": answers(_ORDER, media="application/xml")}).succeeded


@pytest.mark.parametrize(
    ("condition", "paths"),
    [
        ("/order/state = 'done' or /order/total > 5", ["state", "total"]),
        ("/order/state = 'done' and /order/total > 5", ["state"]),
        ("/order/state = 'done' or /order/total + 1 = 2", []),
    ],
)
def test_alternatives_are_denied_together_or_not_at_all(condition: str, paths: list[str]) -> None:
    assert [each.path[0] for each in denials_of_xpath(condition)] == paths
