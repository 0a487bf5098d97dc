"""Whether what checks contracts is installed: it is an extra."""

from __future__ import annotations

from importlib.util import find_spec

from arazzo_engine.diagnostics import ArazzoError, diagnose


def check_installed() -> None:
    """Raise ``ArazzoError`` (``option-invalid``) when openapi-core is not there."""
    if find_spec("openapi_core") is None:
        message = "`--check` needs the package `openapi-core`, which is not installed"
        raise ArazzoError(diagnose("option-invalid", message, fix="pip install 'arazzo-engine[check]'"))
