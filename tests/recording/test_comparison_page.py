"""The page of a comparison stands alone, runs nothing, escapes every text, and shows what the text tells."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from recorded_runs import Script, recorded
from scripted import DOWN, answer, document, step, workflow

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Response

_BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
_HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[2J"
_TWO = document(
    workflow(step("a", outputs={"n": "$response.body#/n"}), step("b"), step("c"), outputs={"n": "$steps.a.outputs.n"})
)


def _compare(words: str) -> int:
    return run_command(["compare", *words.split()])


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of two runs: what one answers differs, then its status, and one step is not come to."""
    runs: dict[str, dict[str, list[Response | NoResponse]]] = {
        "one": {"a": [answer(200, {"n": 1, "why": "<b>&"})], "b": [answer(200)]},
        "two": {"a": [answer(200, {"n": _HOSTILE, "why": "<b>&"})], "b": [answer(503)]},
    }
    for name, script in runs.items():
        _, content = recorded(tmp_path / name, _TWO, Script(script))
        (tmp_path / f"{name}.jsonl").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert _compare("one.jsonl two.jsonl --format html --output page.html") == 1
    return Path("page.html").read_text()


def test_a_page_shows_fields_bodies_decisions_and_times(page: str) -> None:
    cells = re.findall(r"<tr><th>([^<]*)</th><td><code>([^<]*)</code></td><td><code>([^<]*)</code></td></tr>", page)
    found = {field: (then, now) for field, then, now in cells}
    assert found["answer body/n"][0] == "1"
    assert found["answer status"] == ("200", "503")
    assert found["action"] == ("next", "end")
    assert found["attempt"] == ("run", "not run")
    assert "<b>200 → 503</b>" in page
    assert "succeeded, then next<" in page
    assert re.search(r'<span class="counts">\d+ ms / \d+ ms</span>', page)
    assert "<b>200 → not run</b>" in page


def test_nothing_of_a_run_is_more_than_a_text_in_it(page: str) -> None:
    assert "<script" not in page
    assert "<img" not in page
    assert "\x1b" not in page
    assert "&lt;/pre&gt;&lt;script&gt;alert(1)" in page
    assert "default-src &#x27;none&#x27;" in page
    assert not re.findall(r"<[^>]*\s(?:src|href)=", page)


@pytest.mark.skipif(_BROWSER is None, reason="there is no browser")
def test_a_browser_shows_the_page(page: str, tmp_path: Path) -> None:
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", f"--user-data-dir={tmp_path / 'profile'}"]
    place = (tmp_path / "page.html").as_uri()
    shown = subprocess.run([str(_BROWSER), *options, place], check=True, capture_output=True, text=True, timeout=60)
    assert "<script" not in shown.stdout
    assert shown.stdout.count('<details class="attempt" open="">') == page.count("<details") == 3


def test_a_run_is_the_same_as_itself_and_a_connection_that_fails_is_shown(
    page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, content = recorded(tmp_path / "down", _TWO, Script({"a": [DOWN]}))
    (tmp_path / "down.jsonl").write_bytes(content)
    assert _compare("down.jsonl down.jsonl --format html") == 0
    told = capsys.readouterr().out
    assert '<h1 class="same">' in told
    assert "no response: " in told
    assert " open>" not in told
    assert _compare("one.jsonl down.jsonl --format html --output page.html") == 2
    assert "`--output` cannot be written: page.html: file exists" in capsys.readouterr().err
    assert Path("page.html").read_text() == page


def test_reports_are_shown_as_recordings_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report, _ = recorded(tmp_path / "one", _TWO, Script({"b": [DOWN]}))
    Path("one.json").write_text(json.dumps(report.to_json()))
    assert _compare("one.json one.json --format html --output page.html") == 0
    assert "no response: " in Path("page.html").read_text()
    assert _compare("one.json one.json --format text --output same.txt") == 0
    assert Path("same.txt").read_text().startswith("one.json and one.json: same: 2 attempts")
