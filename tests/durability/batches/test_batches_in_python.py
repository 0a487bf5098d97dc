"""Batches in Python: rows are taken as they are needed, and what became of each is yielded as soon as it is over."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from loopback import Reply

import arazzo_engine
from arazzo_engine import ArazzoError, Durably, RowStatus, batch

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from loopback import RecordingServer

_DOCUMENT: Final = "orders.arazzo.yaml"
_COMMON: Final = {"token": "secret-token-1", "item": "book"}
pytestmark = pytest.mark.usefixtures("shop")


def _batch(server: RecordingServer, rows: Any, **options: Any) -> Generator[arazzo_engine.Outcome, None, None]:
    return batch(_DOCUMENT, rows, inputs=_COMMON, servers=server.url, **options)


def _charges(server: RecordingServer) -> list[Any]:
    return [each.json["amount"] for each in server.requests if each.method == "POST"]


def test_a_row_that_cannot_be_run_stops_no_other(server: RecordingServer) -> None:
    outcomes = {each.number: each for each in _batch(server, ({"amount": each} for each in (1, -1, 3)))}
    assert {number: each.status for number, each in outcomes.items()} == {
        1: RowStatus.SUCCEEDED, 2: RowStatus.FAILED, 3: RowStatus.SUCCEEDED,
    }  # fmt: skip
    assert "amount" in outcomes[2].diagnostics[0].message
    assert sorted(_charges(server)) == [1, 3]


def test_rows_are_taken_only_as_they_are_needed(server: RecordingServer) -> None:
    taken = []

    def rows() -> Iterator[dict[str, Any]]:
        for amount in range(1, 1000):
            taken.append(amount)
            yield {"amount": amount}

    outcomes = _batch(server, rows(), concurrency=2)
    assert next(outcomes).status is RowStatus.SUCCEEDED
    # whoever has seen enough closes it: what is under way is finished
    outcomes.close()
    assert len(taken) <= 4
    assert len(_charges(server)) == len(taken)


def test_a_file_of_rows_is_read_as_on_the_command_line(server: RecordingServer) -> None:
    Path("rows.csv").write_text("amount,order\n1,a\n2,b\n")
    outcomes = list(_batch(server, "rows.csv", run_id_from="order", concurrency=1))
    assert [each.run_id.partition("-")[2] for each in outcomes] == ["a", "b"]
    assert _charges(server) == [1, 2]


def test_a_document_that_is_wrong_is_told_before_the_first_row(server: RecordingServer) -> None:
    document = Path(_DOCUMENT)
    document.write_text(document.read_text().replace("findItem", "findItems"))
    with pytest.raises(ArazzoError, match="findItems"):
        next(_batch(server, [{"amount": 1}]))
    assert server.requests == []


def test_a_text_of_a_row_names_no_file(server: RecordingServer) -> None:
    document = Path(_DOCUMENT)
    document.write_text(
        document.read_text().replace("note: { type: string }", "note: { type: string, format: binary }")
    )
    Path("secret.txt").write_text("secret")
    list(_batch(server, [{"amount": 1, "note": "@secret.txt"}]))
    assert all(b"@secret.txt" in each.body for each in server.requests if each.method == "POST")


def test_the_same_durable_batch_gives_its_first_results_and_goes_on_with_what_is_new(server: RecordingServer) -> None:
    june = Durably("june")
    first = list(_batch(server, [{"amount": 1}, {"amount": 2}], durably=june))
    again = list(_batch(server, [{"amount": 1}, {"amount": 2}, {"amount": 3}], durably=june))
    assert {each.run_id for each in first} == {"june-1", "june-2"}
    assert {each.run_id for each in again} == {"june-1", "june-2", "june-3"}
    assert all(each.status is RowStatus.SUCCEEDED for each in (*first, *again))
    assert sorted(_charges(server)) == [1, 2, 3]


def test_so_many_rows_are_run_at_a_time(server: RecordingServer) -> None:
    both, released = threading.Barrier(3, timeout=30), threading.Event()

    class Meeting(threading.Event):
        def set(self) -> None:
            both.wait()
            released.set()

    held = Reply(200, body={"id": "item-1", "price": 3.5}).telling(Meeting()).after(released)
    server.script("GET", "/items/book", held)
    outcomes = list(_batch(server, ({"amount": each} for each in range(1, 4)), concurrency=3))
    # each waits until all three have come
    assert [each.status for each in outcomes] == [RowStatus.SUCCEEDED] * 3
