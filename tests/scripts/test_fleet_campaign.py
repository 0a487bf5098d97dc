"""The campaign of the fleet, in small: every row has an outcome, and none is charged twice."""

from __future__ import annotations

import subprocess
import sys

import places


def test_workers_that_are_killed_charge_no_row_twice() -> None:
    campaign = str(places.ROOT / "scripts" / "fleet_campaign.py")
    size = ["--rows", "16", "--workers", "2", "--kill-every", "0.5", "--latency", "0.1"]
    ended = subprocess.run([sys.executable, campaign, *size], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "of which twice: 0" in ended.stdout
    assert ended.stdout.endswith("sound\n")
