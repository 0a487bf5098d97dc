"""What is told of each attempt beside its line: the exchange, how its values were found, a command that sends it again.

Decides which of them were asked for. Every text is masked by whoever makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.reporting.events import Event, RunStarted

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from arazzo_engine.cli.telling.volume import Telling
    from arazzo_engine.reporting.exchanges.evaluations import Evaluation
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.scene import Scene
    from arazzo_engine.reporting.step_report import StepReport


class Exchanges(Struct):
    """What is told of attempts; ``scene`` is that of the run which is underway."""

    telling: Telling
    masker: Masker
    scene: Scene | None = None

    def learn(self, event: Event) -> None:
        """Take what an event says of the run."""
        if isinstance(event, RunStarted):
            self.scene = event.scene

    def text(self) -> Callable[[StepReport], str] | None:
        """Return what makes the text that is told of each attempt; ``None`` when nothing is."""
        return self._text if self.telling.verbosity or self.telling.has_trace else None

    def _text(self, step: StepReport) -> str:
        parts = []
        if self.telling.verbosity:
            from arazzo_engine.reporting.exchanges.exchange_text import exchange_text

            parts.append(exchange_text(step, self.masker))
            parts.append(self.curl(step) if self.telling.has_curl else "")
        if self.telling.shows_values:
            from arazzo_engine.reporting.exchanges.evaluations import evaluations_text

            parts.append(evaluations_text(self._evaluations(step)))
        return "\n".join(part for part in parts if part)

    def curl(self, step: StepReport) -> str:
        """Return the request of an attempt as a command, ``""`` when there is none."""
        if step.request is None:
            return ""
        from arazzo_engine.reporting.exchanges.curl import curl_command

        return curl_command(step.request, self.masker)

    def failing(self, report: RunReport) -> str:
        """Return the request that a run failed on as a command, if that was asked for and not told before."""
        if not self.telling.has_curl or self.telling.verbosity:
            return ""
        from arazzo_engine.reporting.ending.causes import failed_steps

        failed = failed_steps(report.status, report.steps)
        return self.curl(failed[0]) if failed else ""

    def trace(self, step: StepReport) -> dict[str, Any]:
        """Return what the JSON of an attempt has besides, when it was asked for."""
        if not self.telling.has_trace:
            return {}
        from msgspec import to_builtins

        from arazzo_engine.reporting.exchanges.evaluations import evaluation_forms

        return {"trace": to_builtins(evaluation_forms(self._evaluations(step)))}

    def _evaluations(self, step: StepReport) -> tuple[Evaluation, ...]:
        from arazzo_engine.reporting.exchanges.evaluations import evaluations_of

        linked = None if self.scene is None else self.scene.step(step.workflow_id, step.step_id)
        return evaluations_of(step, linked, self.masker)
