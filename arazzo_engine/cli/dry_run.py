"""``--dry-run``: the plan of a run and its first request, when everything has been checked. Nothing is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_of_all
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.world.planning import plan_runs

if TYPE_CHECKING:
    from arazzo_engine.cli.opening import Opened
    from arazzo_engine.cli.result import Output


def print_plan(opened: Opened, output: Output) -> ExitCode:
    """Check everything that a run would check, and write what it would do."""
    prepared = opened.program.prepare(opened.program.workflow_ids, opened.given)
    output.warn(prepared.warnings)
    reports = []
    for plan in plan_runs(prepared):
        output.masker.learn(plan.secrets)
        output.warn(plan.findings)
        is_text = output.format_ == "text"
        output.write(plan.to_text(output.masker) if is_text else json.dumps(plan.to_json(output.masker)))
        if plan.report is not None:
            reports.append(plan.report)
    for report in reports:
        tell(report.ending(output.masker), err=True)
    return exit_code_of_all(reports)
