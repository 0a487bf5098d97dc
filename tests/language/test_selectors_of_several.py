"""What a Selector Object gives does not hang on how many values come, where its query asks for several."""

from __future__ import annotations

import pytest

from arazzo_engine.language.queries.jsonpath.forms import spreads


@pytest.mark.parametrize(
    "query", ["$.items[*].sku", "$.images.*", "$..sku", "$..[?@.a]", "$.items[1:]", "$.items[0, 2]", "$['a', 'b']"]
)
def test_a_query_asks_for_several(query: str) -> None:
    assert spreads(query)


@pytest.mark.parametrize("query", ["$.items[0].sku", "$", "$.items[-1]", "$.items[?@.sku == 'a'].id", "$.items["])
def test_a_query_may_look_for_one(query: str) -> None:
    assert not spreads(query)
