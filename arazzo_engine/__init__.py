"""Runs Arazzo workflows of API calls, and says exactly what happened.

The public API. A name is imported when it is first used, so that importing the package costs nothing.

>>> import arazzo_engine
>>> report = arazzo_engine.rehearse("specs/reports/arazzo/reports-export-workflow.yml", inputs={"report": "sales"})
>>> report.status.value, report.steps[0].response.status
('succeeded', 202)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from arazzo_engine.apis.security.credentials import Credential, Credentials
    from arazzo_engine.apis.security.oauth_client import OAuthClient
    from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Location, Severity
    from arazzo_engine.durability.batches.calls import Durably, batch
    from arazzo_engine.language.schema.document import document_schema
    from arazzo_engine.machine.endings import report_of
    from arazzo_engine.reporting.batches.outcomes import Outcome, RowStatus
    from arazzo_engine.reporting.events import RunFinished, RunStarted, StepFinished, StepStarted, Stopping, Waiting
    from arazzo_engine.reporting.outcomes import RunStatus, StepStatus
    from arazzo_engine.reporting.plan import Plan
    from arazzo_engine.reporting.run_report import RunFailed, RunReport
    from arazzo_engine.reporting.step_report import StepReport
    from arazzo_engine.world.calls import check, fix, rehearse, run, run_async, upgrade
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.program import Program
    from arazzo_engine.world.projects.references import Reference
    from arazzo_engine.world.rewriting.rewriting import Rewriting
    from arazzo_engine.world.rewriting.writing_back import write_back

# Each public name and the module it comes from: a name is imported when it is first used
_HOMES: Final = {
    "ArazzoError": "diagnostics",
    "Credential": "apis.security.credentials",
    "Credentials": "apis.security.credentials",
    "Diagnostic": "diagnostics",
    "Durably": "durability.batches.calls",
    "Engine": "world.engine",
    "Location": "diagnostics",
    "OAuthClient": "apis.security.oauth_client",
    "Outcome": "reporting.batches.outcomes",
    "Plan": "reporting.plan",
    "Program": "world.program",
    "Reference": "world.projects.references",
    "Rewriting": "world.rewriting.rewriting",
    "RowStatus": "reporting.batches.outcomes",
    "RunFailed": "reporting.run_report",
    "RunFinished": "reporting.events",
    "RunReport": "reporting.run_report",
    "RunStarted": "reporting.events",
    "RunStatus": "reporting.outcomes",
    "Severity": "diagnostics",
    "StepFinished": "reporting.events",
    "StepReport": "reporting.step_report",
    "StepStarted": "reporting.events",
    "StepStatus": "reporting.outcomes",
    "Stopping": "reporting.events",
    "Waiting": "reporting.events",
    "batch": "durability.batches.calls",
    "check": "world.calls",
    "document_schema": "language.schema.document",
    "fix": "world.calls",
    "rehearse": "world.calls",
    "report_of": "machine.endings",
    "run": "world.calls",
    "run_async": "world.calls",
    "upgrade": "world.calls",
    "write_back": "world.rewriting.writing_back",
}

__all__ = (
    "ArazzoError",
    "Credential",
    "Credentials",
    "Diagnostic",
    "Durably",
    "Engine",
    "Location",
    "OAuthClient",
    "Outcome",
    "Plan",
    "Program",
    "Reference",
    "Rewriting",
    "RowStatus",
    "RunFailed",
    "RunFinished",
    "RunReport",
    "RunStarted",
    "RunStatus",
    "Severity",
    "StepFinished",
    "StepReport",
    "StepStarted",
    "StepStatus",
    "Stopping",
    "Waiting",
    "batch",
    "check",
    "document_schema",
    "fix",
    "rehearse",
    "report_of",
    "run",
    "run_async",
    "upgrade",
    "write_back",
)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attributes have no common type
    if name not in _HOMES:
        raise AttributeError(f"module `arazzo_engine` has no attribute `{name}`")
    return getattr(importlib.import_module(f"arazzo_engine.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
