"""The examples of codes to which a Python program leads: the wrong part leads to the code, the right one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import places
import pytest
import yaml
from loopback import RecordingServer, Reply

from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostic_codes.rule import Home
from arazzo_engine.machine.endings import report_of
from arazzo_engine.world.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable

_INPUTS: Final = {"token": "secret-token-1", "item": "book", "amount": 12}


def _function(name: str, text: str) -> Callable[..., Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "example", "exec"), names)
    found: Callable[..., Any] = names[name]
    return found


def _codes(observe: Callable[..., Any] | None, sign: Callable[..., Any] | None) -> list[str]:
    """Run the shop with an observer and with a function that signs, and return the codes of what is found."""
    document = yaml.safe_load((places.SHOP / "orders.arazzo.yaml").read_text())
    document["workflows"][0]["steps"][1]["parameters"] = []
    with RecordingServer() as server:
        server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
        server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))
        auth = {"token": sign or _function("sign", CODES["request-not-signed"].example.right)}  # type: ignore[union-attr] # it has one
        with Engine(servers={"shopApi": server.url}, auth=auth) as engine:
            try:
                report = engine.load(document, base=places.SHOP).run(inputs=_INPUTS, on_event=observe)
            except AttributeError as error:
                ended = report_of(error)
                assert ended is not None
                report = ended
    return [
        each.code for each in (*report.diagnostics, *(found for step in report.steps for found in step.diagnostics))
    ]


@pytest.mark.parametrize("code", ["observer-bug", "request-not-signed"])
def test_the_wrong_example_leads_to_the_code_and_the_right_one_does_not(code: str) -> None:
    example = CODES[code].example
    assert example is not None
    name = example.wrong.partition("(")[0].removeprefix("def ")
    for text, found in ((example.wrong, [code]), (example.right, [])):
        given = {"observe": None, "sign": None, name: _function(name, text)}
        assert _codes(**given) == found


def test_these_are_all_the_examples_of_programs() -> None:
    programs = {code for code, page in CODES.items() if page.example and page.example.home is Home.PROGRAM}
    assert programs == {"observer-bug", "request-not-signed"}
