"""The command line against scripts that do the same by hand: processes, from start to end."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.comparing import Comparison, compare
from benchmarks.generated import description_text, many_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT = Path(__file__).resolve().parent.parent
_BILLING = _ROOT / "specs/viam/arazzo/viam-bill-customer-location-workflow.yml"
_INPUTS = _ROOT / "specs/viam/inputs.example.json"
_METHODS = (
    "GetLocationBillingOrganization",
    "UpdateLocationBillingOrganization",
    "GetCurrentMonthUsage",
    "CreateInvoiceAndChargeImmediately",
)
_SCRIPT = """
import json, sys, httpx
inputs = json.load(open(sys.argv[2]))
location, organization = inputs["locationId"], inputs["billingOrganizationId"]
bodies = [
    {"location_id": location},
    {"location_id": location, "billing_organization_id": organization},
    {"org_id": organization},
    {"org_id": organization, "amount": inputs["amount"], "description": inputs["description"]},
]
with httpx.Client(base_url=sys.argv[1], headers={"key": inputs["apiKey"]}) as client:
    for method, body in zip(%r, bodies):
        answer = client.post("/viam.app.v1.BillingService/" + method, json=body)
        assert answer.status_code == 200
print("billingOrganizationId:", organization)
"""


def _run(command: Sequence[str | Path], **variables: str) -> None:
    # pip compiles what it installs; a checkout gets its bytecode in the first round, which is not counted
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(list(map(str, command)), check=True, capture_output=True, env={**environment, **variables})


def _billing(url: str, *options: str) -> list[str | Path]:
    return [sys.executable, "-m", "arazzo_engine", "run", _BILLING, "--inputs", _INPUTS, "--server", url, *options]


def compare_billing_run(url: str, rounds: int) -> Comparison:
    """``arazzo run`` with the four-step billing workflow against a bare httpx script that sends the same requests."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "billing.py"
        script.write_text(_SCRIPT % (_METHODS,), encoding="utf-8")
        floor: list[str | Path] = [sys.executable, script, url, _INPUTS]
        name = "arazzo run, four-step billing / httpx script"
        return compare(name, lambda: _run(_billing(url)), lambda: _run(floor), rounds=rounds)


def compare_checked_run(url: str, rounds: int) -> Comparison:
    """The billing workflow with every request and answer checked against its contract, against the same without."""
    checked = _billing(url, "--check", "warn")
    name = "the same with --check warn / without"
    return compare(name, lambda: _run(checked), lambda: _run(_billing(url)), rounds=rounds)


def compare_screen(url: str, steps: int, rounds: int) -> Comparison:
    """A run of many steps whose screen is painted in a terminal, against the same of which nothing is told."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "api.json").write_text(description_text())
        Path(folder, "steps.json").write_text(many_steps(steps))
        inputs = ["-i", "name=first", "--max-steps", str(steps), "--server", url]
        run = [sys.executable, "-m", "arazzo_engine", "run", f"{folder}/steps.json", *inputs]
        name = f"{steps} steps with the screen in a terminal / with -q"
        return compare(name, lambda: _run_in_a_terminal(run), lambda: _run_in_a_terminal([*run, "-q"]), rounds=rounds)


def _run_in_a_terminal(command: Sequence[str]) -> None:
    main, terminal = pty.openpty()
    reader = threading.Thread(target=_read_all, args=(main,))
    reader.start()
    subprocess.run(command, check=True, stdout=terminal, stderr=terminal, env={**os.environ, "TERM": "xterm"})
    os.close(terminal)
    reader.join()
    os.close(main)


def _read_all(terminal: int) -> None:
    # a terminal that nobody holds open any more says so with an error
    with suppress(OSError):
        while os.read(terminal, 65_536):
            pass


def compare_checks(rounds: int) -> Comparison:
    """``arazzo validate`` of the billing workflow against an interpreter that only imports the libraries of a check."""
    engine = [sys.executable, "-m", "arazzo_engine", "validate", str(_BILLING)]
    floor = [sys.executable, "-c", "import click, msgspec, yaml"]
    name = "arazzo validate, four steps / importing its libraries"
    return compare(name, lambda: _run(engine, ARAZZO_NO_CACHE="1"), lambda: _run(floor), rounds=rounds)


def compare_second_checks(documents: int, rounds: int) -> Comparison:
    """``arazzo validate`` of documents that it has checked before, beside the same without what was kept of that."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(documents):
            shutil.copytree(_BILLING.parent.parent, Path(folder) / "specs" / str(number))
        engine = [sys.executable, "-m", "arazzo_engine", "validate", f"{folder}/specs"]
        name = f"arazzo validate, {documents} documents, the second time / anew"
        return compare(
            name,
            lambda: _run(engine, ARAZZO_CACHE_DIR=f"{folder}/cache"),
            lambda: _run(engine, ARAZZO_NO_CACHE="1"),
            rounds=rounds,
        )


def compare_help(rounds: int) -> Comparison:
    """``arazzo --help`` against the bare interpreter."""
    engine = [sys.executable, "-m", "arazzo_engine", "--help"]
    floor = [sys.executable, "-c", "pass"]
    return compare("arazzo --help / python -c pass", lambda: _run(engine), lambda: _run(floor), rounds=rounds)
