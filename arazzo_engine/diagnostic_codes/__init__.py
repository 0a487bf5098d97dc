"""What can be wrong: the page of each diagnostic code, in one module for each kind. ``rule`` says how one is added."""

from __future__ import annotations

from arazzo_engine.diagnostic_codes.table import CODES

__all__ = ("CODES",)
