"""The document that the project was created from, unchanged, runs against a real server that records what it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

_ROOT = places.ROOT
_SEED = _ROOT.parent / "shared" / "seed"
_NAME = "arazzo/viam-bill-customer-location-workflow.yml"
_DOCUMENTS = [
    pytest.param(_SEED / _NAME, id="seed", marks=pytest.mark.skipif(not _SEED.exists(), reason="no such folder here")),
    pytest.param(_ROOT / "specs/viam" / _NAME, id="bundled"),
]
_SERVICE = "/viam.app.v1.BillingService/"
_INPUTS = {
    "apiKey": "key-that-must-not-show",
    "locationId": "location-1",
    "billingOrganizationId": "organization-1",
    "amount": 12.5,
    "description": "May",
}
_EXPECTED = [
    ("GetLocationBillingOrganization", {"location_id": "location-1"}),
    (
        "UpdateLocationBillingOrganization",
        {"location_id": "location-1", "billing_organization_id": "organization-1"},
    ),
    ("GetCurrentMonthUsage", {"org_id": "organization-1"}),
    ("CreateInvoiceAndChargeImmediately", {"org_id": "organization-1", "amount": 12.5, "description": "May"}),
]


@pytest.mark.parametrize("document", _DOCUMENTS)
@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_four_posts_in_order_with_the_key_and_the_exact_bodies(
    document: Path, format_: str, server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for method, _ in _EXPECTED:
        server.script("POST", _SERVICE + method, Reply(200, body={"echo": _INPUTS["apiKey"]}))
    inputs = tmp_path / "inputs.json"
    inputs.write_text(json.dumps(_INPUTS))

    arguments = ["run", str(document), "--inputs", str(inputs), "--server", server.url, "--format", format_]
    assert run_command(arguments) == 0

    told = capsys.readouterr()
    assert [(each.method, each.path) for each in server.requests] == [
        ("POST", _SERVICE + name) for name, _ in _EXPECTED
    ]
    assert [each.json for each in server.requests] == [body for _, body in _EXPECTED]
    assert {each.header("key") for each in server.requests} == {_INPUTS["apiKey"]}
    assert {each.header("content-type") for each in server.requests} == {"application/json"}
    assert len({each.connection for each in server.requests}) == 1
    assert "organization-1" in told.out
    assert str(_INPUTS["apiKey"]) not in told.out + told.err


@pytest.mark.parametrize("document", _DOCUMENTS)
@pytest.mark.parametrize("failing", range(4))
def test_nothing_is_sent_after_the_step_that_failed(
    document: Path, failing: int, server: RecordingServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, (method, _) in enumerate(_EXPECTED):
        server.script("POST", _SERVICE + method, Reply(402 if number == failing else 200, body={}))
    inputs = tmp_path / "inputs.json"
    inputs.write_text(json.dumps(_INPUTS))

    assert run_command(["run", str(document), "--inputs", str(inputs), "--server", server.url]) == 1
    assert len(server.requests) == failing + 1
    assert " 402 is not 200 " in capsys.readouterr().err
