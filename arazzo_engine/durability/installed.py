"""Whether what keeps runs is installed: it is an extra. Nothing here imports it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from arazzo_engine.diagnostics import ArazzoError, diagnose

_NEEDED: Final = ("dbos", "cryptography")


def check_installed() -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when one of the packages is not there."""
    missing = missing_package()
    if missing is not None:
        message = f"durable runs need the package `{missing}`, which is not installed"
        raise ArazzoError(diagnose("option-invalid", message, fix="pip install 'arazzo-engine[durable]'"))


def missing_package() -> str | None:
    """Return the first of the packages that is not there, if one is not."""
    return next((each for each in _NEEDED if find_spec(each) is None), None)
