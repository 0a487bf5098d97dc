"""What pages say, and that nothing in a document is markup of theirs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from page_documents import page_in, step

from arazzo_engine.reporting.pages.forms import CATALOGUES, PAGES
from arazzo_engine.world.authoring.picturing import picture

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.reporting.pages.page import Page

_HOSTILE = (
    "</script></pre><script>alert(1)</script><img src=x onerror=alert(2)> `x` [a](javascript:alert(3)) | \"' ]]> ```"
)
_VOID = frozenset({"meta", "input", "img"})


class _Tags(HTMLParser):
    """Collects the tags of a page, and whether each that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not [name for name in given if name.startswith("on")]
        self.seen.add(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def hostile(tmp_path: Path) -> Page:
    inputs = {"type": "object", "properties": {"a": {"type": "string", "description": _HOSTILE, "default": _HOSTILE}}}
    steps = [step("a", description=_HOSTILE, outputs={"x": _HOSTILE})]
    workflow = {"workflowId": "w", "summary": _HOSTILE, "inputs": inputs, "steps": steps, "outputs": {"x": _HOSTILE}}
    return page_in(tmp_path, [workflow], description=_HOSTILE, **{"x-tags": [_HOSTILE]})


def test_an_html_page_is_well_formed_and_runs_nothing(hostile: Page) -> None:
    tags = _Tags(PAGES["html"](hostile))
    assert tags.open == []
    assert not tags.seen & {"script", "img", "iframe", "object", "form"}
    assert tags.text.count("<script>alert(1)</script>") > 5
    assert escape("default-src 'none'") in PAGES["html"](hostile)


def test_a_table_has_no_column_that_nothing_stands_in(tmp_path: Path) -> None:
    inputs = {"type": "object", "properties": {"sku": {"type": "string"}, "count": {"type": "integer", "default": 3}}}
    page = PAGES["html"](page_in(tmp_path, [{"workflowId": "w", "inputs": inputs, "steps": [step("a")]}]))
    assert re.findall("<th>([a-z]+)</th>", page) == ["input", "type", "default"]
    assert page.count("<td></td>") == 1


def test_each_link_of_an_html_page_leads_somewhere(hostile: Page) -> None:
    tags = _Tags(PAGES["html"](hostile))
    assert len(tags.ids) == len(set(tags.ids))
    assert {link[1:] for link in tags.links if link.startswith("#")} <= set(tags.ids)
    assert [link for link in tags.links if not link.startswith("#")] == ["shop.yaml"]


def test_nothing_in_a_markdown_page_is_markup_of_the_document(hostile: Page) -> None:
    before, _, document = PAGES["markdown"](hostile).partition("## Document")
    assert not re.search(r"(?<!\\)<(?!br/>)", before.replace("(<shop.yaml>)", ""))
    assert not re.search(r"(?<!\\)\[a(?!\\)\]", before)
    fence = document.split("\n")[2]
    assert document.count(fence[: fence.index("yaml")]) == 2


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example.com/x"])
def test_no_link_leads_anywhere_but_to_the_web_and_to_files(url: str, tmp_path: Path) -> None:
    page = page_in(tmp_path, [{"workflowId": "w", "steps": [step("a")]}])
    text = page.text.replace("url: shop.yaml", f"url: {url}")
    (tmp_path / "orders.arazzo.yaml").write_text(text)
    pictured = picture(str(tmp_path / "orders.arazzo.yaml"))
    assert pictured.missing == ("shop",)
    assert not [link for link in _Tags(PAGES["html"](pictured.page)).links if not link.startswith("#")]


def test_a_page_says_what_is_called_and_how(tmp_path: Path) -> None:
    page = page_in(tmp_path, [{"workflowId": "w", "steps": [step("a"), step("b", "poll")]}])
    (workflow,) = page.workflows
    assert [(each.number, each.step_id, each.method, each.path, each.description) for each in workflow.steps] == [
        (1, "a", "POST", "/orders", "Order"),
        (2, "b", "GET", "/jobs", ""),
    ]
    assert page.counts == "1 workflow, 1 source API, 1 provider"
    assert page.providers == ("shop.example.com",)


def test_the_default_of_a_secret_is_masked(tmp_path: Path) -> None:
    secret, named = (
        {"type": "string", "default": "hunter2"},
        {"type": "string", "format": "password", "default": "hunter2"},
    )
    inputs = {"type": "object", "properties": {"apiKey": secret, "other": named, "plain": {"default": 1}}}
    page = page_in(tmp_path, [{"workflowId": "w", "inputs": inputs, "steps": [step("a")]}])
    assert [each.default for each in page.workflows[0].inputs] == ["***", "***", "1"]
    assert [each.type for each in page.workflows[0].inputs] == ["string", "string (password)", "any"]


@pytest.mark.parametrize("form", PAGES)
def test_no_secret_that_a_document_writes_is_on_its_page(form: str, tmp_path: Path) -> None:
    nested = {"type": "object", "properties": {"pin": {"writeOnly": True, "default": 'hunter6&"x'}}}
    properties = {
        "apiKey": {"type": "string", "default": "hunter2"},
        "other": {"type": "string", "format": "password", "examples": ["hunter3", "'hunter4' \u00fc"]},
        "login": {"type": "object", "default": {"user": "me", "password": "hunter5"}, "properties": {"deep": nested}},
        "plain": {"default": "shown"},
    }
    literal = {"name": "X-Api-Key", "in": "header", "value": "hunter7"}
    steps = [step("a", parameters=[literal], description="such as hunter2, hunter3")]
    inputs = {"type": "object", "properties": properties}
    page = page_in(tmp_path, [{"workflowId": "w", "inputs": inputs, "steps": steps, "summary": "hunter2"}])
    written = PAGES[form](page)
    assert "hunter" not in written
    assert "\ufffd" not in written
    assert form == "mermaid" or ("***" in written.replace("\\", "") and "shown" in written)


def test_the_json_of_a_page_has_its_values(tmp_path: Path) -> None:
    value = json.loads(
        PAGES["json"](page_in(tmp_path, [{"workflowId": "w", "steps": [step("a")], "outputs": {"x": "$inputs.y"}}]))
    )
    assert value["workflows"][0]["outputs"] == {"x": "$inputs.y"}
    assert value["workflows"][0]["flow"]["edges"] == [
        {"source": "step a", "target": "end", "kind": "next", "label": ""}
    ]


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_catalogue_has_a_page_of_its_own_for_each_document(form: str, hostile: Page) -> None:
    paths = ("a/b.arazzo.yaml", "a-b.json", "A/B.yml", "index.yaml", "..")
    files = list(CATALOGUES[form](dict.fromkeys(paths, hostile)))
    names = [name.lower() for name, _ in files]
    assert len({*names}) == 1 + len(paths)
    assert all(re.fullmatch(r"[a-z0-9_-]+\.(html|md)", name) for name in names)
    assert all(name in files[0][1] for name, _ in files[1:])


def test_the_script_of_an_index_is_the_one_that_its_policy_lets_run(hostile: Page) -> None:
    index = dict(CATALOGUES["html"]({"a.yaml": hostile}))["index.html"]
    (script,) = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    assert b64encode(sha256(script.encode()).digest()).decode() in index


_BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.skipif(_BROWSER is None, reason="there is no browser")
def test_a_browser_shows_a_page_and_runs_nothing_of_it(hostile: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGES["html"](hostile))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", f"--user-data-dir={tmp_path / 'profile'}"]
    shown = subprocess.run(
        [str(_BROWSER), *options, (tmp_path / "page.html").as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "<script" not in shown.stdout
    assert '<svg class="flow"' in shown.stdout
