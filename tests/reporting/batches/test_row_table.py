"""A number for each row of a batch: what is far from all others takes no room for those between."""

from __future__ import annotations

import random
import tracemalloc

from arazzo_engine.reporting.batches.outcomes import MOST_ROWS
from arazzo_engine.reporting.batches.row_table import RowTable


def test_it_is_what_a_dictionary_would_be() -> None:
    drawn = random.Random(13)
    table, expected = RowTable("Q"), {}
    for number in range(1, 3000):
        row = drawn.choice((drawn.randint(1, 500), drawn.randint(1, MOST_ROWS), 1_000_000 + 20 * number))
        table.put(row, number)
        expected[row] = number
    assert {row: table.get(row) for row in expected} == expected
    assert [table.get(row) for row in (501, MOST_ROWS + 1)] == [expected.get(501, 0), 0]
    assert list(table.numbers()) == [expected[row] for row in sorted(expected)]


def test_rows_that_are_far_from_each_other_take_no_room_for_those_between() -> None:
    tracemalloc.start()
    table = RowTable("Q")
    for row in range(MOST_ROWS, MOST_ROWS - 1000, -1):
        table.put(row, 1)
    # each a little behind the room that there is
    for step in range(1, 100):
        table.put(step * 1_000_000, 1)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30_000_000
