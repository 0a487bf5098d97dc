"""Where the files are that tests read: each place is named once, so that a test can move."""

from __future__ import annotations

from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parent.parent
ROOT: Final = TESTS.parent
GOLDEN: Final = TESTS / "golden"
KENNEL: Final = TESTS / "kennel"
SHOP: Final = TESTS / "shop"
CERTIFICATE: Final = TESTS / "parts" / "loopback_certificate.pem"
