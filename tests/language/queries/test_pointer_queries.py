"""A selector that is no JSON Pointer is told with the one that it means."""

from __future__ import annotations

import pytest

from arazzo_engine.language.queries.errors import QueryError
from arazzo_engine.language.queries.json_nodes import PointerQuery


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("options/0/optionId", "write `/options/0/optionId`"),
        ("id", "write `/id`"),
        ("#/a/b", "write `/a/b`"),
        ("$.items[0].id", "write `/items/0/id`"),
        (
            "$..id",
            "a JSON Pointer is written as `/list/0`; of a JSONPath, the type of the query has to say that it is one",
        ),
        ("a.b", ""),
        ("/a~2", ""),
    ],
)
def test_a_text_that_means_a_pointer_is_told_with_it(text: str, fix: str) -> None:
    with pytest.raises(QueryError) as error:
        PointerQuery(text)
    assert error.value.fix == fix
