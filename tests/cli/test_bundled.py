"""The bundled workflows: all rehearse, and the other two run against a real server as well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import RecordingServer

_SPECS = places.ROOT / "specs"
_WORKFLOWS = {
    "viam": ("viam/arazzo/viam-bill-customer-location-workflow.yml", "bill-customer-location"),
    "reports": ("reports/arazzo/reports-export-workflow.yml", "export-report"),
    "travel": ("travel/arazzo/travel-book-trip-workflow.yml", "book-trip"),
}


def _run(capsys: pytest.CaptureFixture[str], command: str, name: str, *options: str) -> dict[str, Any]:
    document, workflow = _WORKFLOWS[name]
    inputs = _SPECS / name / "inputs.example.json"
    arguments = [command, str(_SPECS / document), "--workflow", workflow, "--inputs", str(inputs), "--format", "json"]
    run_command([*arguments, *options])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_every_document_that_is_bundled_is_tested_here() -> None:
    assert {str(each.relative_to(_SPECS)) for each in _SPECS.glob("*/arazzo/*")} == {
        document for document, _ in _WORKFLOWS.values()
    }


@pytest.mark.parametrize("name", _WORKFLOWS)
def test_a_bundled_document_has_no_finding(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["validate", "--strict", str(_SPECS / _WORKFLOWS[name][0])]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", _WORKFLOWS)
def test_a_bundled_workflow_rehearses_with_its_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = _run(capsys, "rehearse", name)
    assert report["status"] == "succeeded"
    assert report["diagnostics"] == []
    assert None not in report["outputs"].values()


@pytest.mark.parametrize("name", _WORKFLOWS)
def test_a_bundled_workflow_rehearses_without_any_input(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["rehearse", str(_SPECS / _WORKFLOWS[name][0]), "--workflow", _WORKFLOWS[name][1]]) == 0
    assert "made up: " in capsys.readouterr().err


def test_an_export_is_asked_for_until_it_is_done(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    job = {"job_id": "job 7", "state": "running"}
    server.script("POST", "/exports", Reply(202, (("Location", "/exports/7"),), job))
    running, done = Reply(200, body=job), Reply(200, body={"job_id": "job 7", "state": "done", "kept_for_hours": 48})
    server.script("GET", "/exports/job%207", running, running, done)
    result = {"download_url": "https://x.example/7", "row_count": 3, "checksum": {"sha256": "abc"}}
    server.script("GET", "/exports/job%207/result", Reply(200, body=result))

    report = _run(capsys, "run", "reports", "--server", server.url)

    assert report["outputs"] == {
        "jobUrl": "/exports/7",
        "downloadUrl": "https://x.example/7",
        "rowCount": 3,
        "sha256": "abc",
    }
    assert [each["stepId"] for each in report["steps"]] == ["startExport", *["awaitExport"] * 3, "readResult"]
    assert [each["attempt"] for each in report["steps"]] == [1, 1, 2, 3, 1]
    assert report["steps"][3]["action"] == {
        "type": "goto",
        "name": "keptLongEnough",
        "target": "readResult",
        "wait": None,
    }
    assert {each.header("authorization") for each in server.requests} == {"Bearer example-token-not-a-real-secret"}


def test_an_export_that_failed_ends_the_workflow(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.script("POST", "/exports", Reply(202, body={"job_id": "7", "state": "running"}))
    server.script("GET", "/exports/7", Reply(200, body={"job_id": "7", "state": "failed"}))
    report = _run(capsys, "run", "reports", "--server", server.url)
    assert report["status"] == "failed"
    assert report["steps"][-1]["action"]["name"] == "exportFailed"
    assert len(server.requests) == 2


def test_a_trip_is_booked_over_two_apis(server: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    offers = {"offers": [{"offer_id": "o/1", "arrival_date": "2026-09-15"}]}
    server.script("GET", "/flights/flights", Reply(503), Reply(200, body=offers))
    booking = {"booking_id": "b1", "flight_number": "EX 1"}
    server.script("POST", "/flights/bookings", Reply(201, body=booking))
    server.script("GET", "/hotels/towns/LIS/hotels", Reply(200, body={"hotels": [{"hotel_id": "h1", "name": "Arms"}]}))
    server.script("POST", "/hotels/reservations", Reply(201, body={"reservation_id": "r1"}))
    server.script("PUT", "/hotels/reservations/r1/arrival", Reply(204))

    servers = ("--server", f"flightsApi={server.url}/flights", "--server", f"hotelsApi={server.url}/hotels")
    report = _run(capsys, "run", "travel", *servers)

    assert report["status"] == "succeeded", report
    assert report["outputs"] == {
        "flightBookingId": "b1",
        "flightNumber": "EX 1",
        "reservationId": "r1",
        "hotel": "Arms",
    }
    keys = [(each.path.split("/")[1], each.header("x-api-key")) for each in server.requests]
    assert set(keys) == {
        ("flights", "example-flights-key-not-a-real-secret"),
        ("hotels", "example-hotels-key-not-a-real-secret"),
    }
    assert server.requests[-1].json == {"flight_number": "EX 1", "note": "Lands on 2026-09-15"}
