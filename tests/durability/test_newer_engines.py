"""A newer engine on a run of an older one: it goes on when it records in the same form, and else sends nothing."""

from __future__ import annotations

import base64
import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import places
import pytest
from crashing import Disk, Killed, MortalSteps

from arazzo_engine import Engine
from arazzo_engine.durability.carrying import Task, Watching, carry_out
from arazzo_engine.durability.orders import order_of, read_order
from arazzo_engine.recording.beginning import Texts
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.loading.library import Library

if TYPE_CHECKING:
    from forking import Forker
    from loopback import RecordingServer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

_RUN: Final = ("run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--durable", "--run-id", "order-1")
# what the first release has kept of a run: a release that cannot go on with it needs another form
_GOLDEN: Final = places.ROOT / "tests" / "golden" / "kept-run-1.json"
_SERVER: Final = "shop.example:8080"
_FOLDER: Final = "file:///shop"
# the first request is answered, and the second one is not yet intended
_BETWEEN: Final = 5


@pytest.fixture
def killed(forker: Forker, shop: RecordingServer, tmp_path: Path) -> dict[str, str]:
    """A run that was killed between its requests; the environment of its process."""
    environment = {"TOLD": str(tmp_path / "told.txt")}
    assert forker.run((*_RUN, "--server", shop.url), environment, dies_at=_BETWEEN) == -signal.SIGKILL
    assert [each.method for each in shop.requests] == ["GET"]
    return environment


def test_a_run_that_the_first_release_began_goes_on(shop: RecordingServer, tmp_path: Path) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        _write_golden(shop.url)
    shop.requests.clear()
    kept = json.loads(
        _GOLDEN.read_text().replace(_SERVER, urlsplit(shop.url).netloc).replace(_FOLDER, tmp_path.as_uri())
    )
    texts = {digest: base64.b64decode(each) for digest, each in kept["texts"].items()}
    disk = Disk([(name, value) for name, value in kept["record"]])
    carried = carry_out(Task(read_order(kept["order"]), texts, "order-1"), MortalSteps(disk), Watching())
    assert carried.report.outputs == {"receipt": "receipt-1"}
    assert [each.method for each in shop.requests] == ["POST"]
    assert [each for each, _ in disk.record] == ["1 find", "2 charge: intent", "2 charge"]


def _write_golden(url: str) -> None:
    """Keep a run as it is between its requests, as the engine writes it now."""
    with Engine(servers=url) as engine:
        kept, texts = Library(), Texts()
        program = engine.open("orders.arazzo.yaml", library=kept)
        given = GivenInputs({"token": "secret-token-1", "item": "book", "amount": 12.5})
        order = order_of(engine, program.prepare(("order",), given), kept, texts)
    disk = Disk()
    with pytest.raises(Killed):
        carry_out(Task(order, texts.by_digest, "order-1"), MortalSteps(disk, dies_at=3), Watching())
    encoded = {digest: base64.b64encode(each).decode() for digest, each in texts.by_digest.items()}
    written = json.dumps({"order": order.to_json(), "texts": encoded, "record": disk.record}, indent=1)
    _GOLDEN.write_text(written.replace(urlsplit(url).netloc, _SERVER).replace(Path.cwd().as_uri(), _FOLDER) + "\n")


def test_a_run_that_is_recorded_in_another_form_is_refused_and_nothing_is_sent(
    forker: Forker, killed: dict[str, str], shop: RecordingServer, tmp_path: Path
) -> None:
    newer: dict[str, Any] = {**killed, "RECORD": "2"}
    (tmp_path / "told.txt").write_text("")
    assert forker.run(("runs", "resume", "order-1"), newer) == 2
    told = (tmp_path / "told.txt").read_text()
    assert "run `order-1` was recorded in form 1, and this engine goes on with form 2 only" in told
    assert "go on with it with the release of `arazzo-engine` that it was started with" in told
    assert len(shop.requests) == 1
    # nothing of it is lost: the one that recorded it goes on
    assert forker.run(("runs", "resume", "order-1"), killed) == 0
    assert [each.method for each in shop.requests] == ["GET", "POST"]
