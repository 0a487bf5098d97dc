"""A retry that waits longer than a run does at most is told before the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flowing import retry
from scripted import document, step, workflow

from arazzo_engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine import Diagnostic

_CODE = "retry-too-long"


def _told(*steps: dict[str, Any], **options: Any) -> list[Diagnostic]:
    with Engine(**options) as engine:
        found = engine.validate(document(workflow(*steps)), with_sources=False)
    return [each for each in found if each.code == _CODE]


@pytest.mark.parametrize(
    ("wait", "written", "fix"),
    [
        (2000, "2000", "write `retryAfter: 2`, if milliseconds are meant, or allow it with `--max-wait 2000`"),
        (1500, "1500", "write `retryAfter: 1.5`, if milliseconds are meant, or allow it with `--max-wait 1500`"),
        (301, "301", "write at most 300, or allow it with `--max-wait 301`"),
        (900_000, "900000", "write at most 300, or allow it with `--max-wait 900000`"),
        (10**12, "1000000000000", "write at most 300, or allow it with `--max-wait 31536000`"),
    ],
)
def test_a_retry_that_waits_too_long_is_never_made(wait: float, written: str, fix: str) -> None:
    (told,) = _told(step("a", onFailure=[retry(retryAfter=wait)]))
    assert told.message == f"retry `again` waits {written} s, and a run waits at most 300 s, so it is never made"
    assert told.fix == fix
    assert not told.is_error
    assert told.location is not None
    assert told.location.pointer == "/workflows/0/steps/0/onFailure/0/retryAfter"


@pytest.mark.parametrize("written", [{"retryAfter": 300}, {}, {"retryAfter": 2000, "retryLimit": 0}])
def test_a_retry_that_is_made_or_never_meant_to_be_is_let_be(written: dict[str, Any]) -> None:
    assert _told(step("a", onFailure=[retry(**written)])) == []


def test_the_longest_wait_is_that_of_the_engine() -> None:
    steps = step("a", onFailure=[retry(retryAfter=20)])
    assert _told(steps) == []
    assert _told(steps, max_wait=20) == []
    (told,) = _told(steps, max_wait=10)
    assert told.fix == "write at most 10, or allow it with `--max-wait 20`"


def test_the_longest_wait_is_that_of_the_project(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    path = tmp_path / "doc.json"
    path.write_text(document(workflow(step("a", onFailure=[retry(retryAfter=2000)]))))
    with Engine() as engine:
        assert _CODE in {each.code for each in engine.validate(path, with_sources=False)}
        (tmp_path / "arazzo.toml").write_text("[limits]\nmax-wait = 2000\n")
    with Engine() as engine:
        assert _CODE not in {each.code for each in engine.validate(path, with_sources=False)}


@pytest.mark.parametrize(("timeout", "fix"), [(30, "write `timeout: 30000`, if seconds are meant"), (100, ""), (0, "")])
def test_a_timeout_of_a_few_milliseconds_is_told(timeout: int, fix: str) -> None:
    with Engine() as engine:
        found = engine.validate(document(workflow(step("a", timeout=timeout))), with_sources=False)
    assert [each.fix for each in found if each.code == "timeout-short"] == ([fix] if fix else [])
    assert not any(each.is_error for each in found)
