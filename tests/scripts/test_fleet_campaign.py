"""The campaign of the fleet, in small: every row has an outcome, and none is charged twice."""

from __future__ import annotations

import subprocess
import sys

import places


def test_workers_that_are_killed_charge_no_row_twice() -> None:
    command = [
        sys.executable,
        str(places.ROOT / "scripts" / "fleet_campaign.py"),
        "--rows",
        "40",
        "--kill-every",
        "1.5",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "of which twice: 0" in ended.stdout
    assert ended.stdout.endswith("sound\n")
