"""A plugin of pytest that collects scenarios: each ``*.scenario.yaml`` is a test.

Decides how a verdict is a result of pytest. Everything else is the same as in ``arazzo test``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arazzo_engine.world.authoring.testing import Bench

_SUFFIXES = (".scenario.yaml", ".scenario.yml", ".scenario.json")
_BENCH: pytest.StashKey[Bench] = pytest.StashKey()


class ScenarioError(Exception):
    """A scenario did not go as it was expected to."""


class ScenarioItem(pytest.Item):
    """The test that a scenario is."""

    def runtest(self) -> None:
        """Rehearse it; raises ``ScenarioError``."""
        verdict = _bench(self.config).run(self.path)
        if not verdict.passed:
            raise ScenarioError(verdict.reasons())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:  # noqa: ANN401 - as the base class has it
        """Return why it failed, without a traceback through the engine."""
        if isinstance(excinfo.value, ScenarioError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where it stands, and what it is called."""
        return self.path, None, self.name


class ScenarioFile(pytest.File):
    """A file with a scenario."""

    def collect(self) -> Iterator[ScenarioItem]:
        """Yield the one test in it."""
        yield ScenarioItem.from_parent(self, name=self.path.name.partition(".")[0])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Collect the files of scenarios."""
    return ScenarioFile.from_parent(parent, path=file_path) if file_path.name.endswith(_SUFFIXES) else None


def _bench(config: pytest.Config) -> Bench:
    """Return the bench of this session, on which a document is loaded once."""
    if _BENCH not in config.stash:
        from arazzo_engine.world.authoring.testing import Bench  # noqa: PLC0415 - only for a session with scenarios

        config.stash[_BENCH] = Bench()
    return config.stash[_BENCH]
