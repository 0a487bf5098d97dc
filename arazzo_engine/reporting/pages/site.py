"""A catalogue of many documents: an index with a search, and a page for each.

Decides the names of the files, and what of a document can be searched for. The index can be read without its script.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.reporting.pages.html import POLICY, framed, html_of
from arazzo_engine.reporting.pages.markdown import markdown_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.reporting.pages.page import Page

_SCRIPT: Final = (
    "const box=document.querySelector('input');box.addEventListener('input',()=>{"
    "const words=box.value.toLowerCase().split(/\\s+/);"
    "for(const card of document.querySelectorAll('.card'))"
    "card.hidden=!words.every(word=>card.dataset.words.includes(word))});box.parentElement.hidden=false"
)
_UNFIT: Final = lazy_pattern(r"[^A-Za-z0-9_-]+")
_SUFFIX: Final = lazy_pattern(r"(\.arazzo)?\.(ya?ml|json)$", re.IGNORECASE)


def html_site(pages: Mapping[str, Page]) -> Iterator[tuple[str, str]]:
    """Yield the files of a catalogue, name and text; ``pages`` are by the path of their document below the folder."""
    names = _names(pages, "html")
    cards = "".join(_card(names[path], path, page) for path, page in pages.items())
    digest = b64encode(sha256(_SCRIPT.encode()).digest()).decode()
    search = '<p class="found" hidden><input type="search" placeholder="Search" aria-label="Search"></p>'
    body = f"<h1>Workflows</h1>{search}{cards}<script>{_SCRIPT}</script>"
    yield "index.html", framed("Workflows", body, policy=f"{POLICY}; script-src 'sha256-{digest}'")
    for path, page in pages.items():
        yield names[path], html_of(page, home="index.html")


def markdown_site(pages: Mapping[str, Page]) -> Iterator[tuple[str, str]]:
    """Yield the files of a catalogue in Markdown: an index, and a page for each document."""
    names = _names(pages, "md")
    lines = (f"- [{_UNFIT.sub(' ', page.title).strip()}]({names[path]})" for path, page in pages.items())
    yield "index.md", "\n".join(("# Workflows", "", *lines)) + "\n"
    for path, page in pages.items():
        yield names[path], markdown_of(page)


def _names(pages: Mapping[str, Page], suffix: str) -> dict[str, str]:
    """Return a name for the file of each page, no two alike where case does not count."""
    taken = {"index"}
    names = {}
    for path in pages:
        stem = _UNFIT.sub("-", _SUFFIX.sub("", path)).strip("-") or "document"
        name, number = stem, 2
        while name.lower() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.lower())
        names[path] = f"{name}.{suffix}"
    return names


def _card(name: str, path: str, page: Page) -> str:
    steps = [step for workflow in page.workflows for step in workflow.steps]
    words = (
        *(page.title, page.summary, page.description, path, *page.tags, *page.providers),
        *(text for each in page.workflows for text in (each.workflow_id, each.summary)),
        *(text for step in steps for text in (step.step_id, step.calls, step.path)),
    )
    workflows = ", ".join(each.workflow_id for each in page.workflows)
    return (
        f'<article class="card" data-words="{escape(" ".join(words).lower())}">'
        f'<h2><a href="{escape(name)}">{escape(page.title)}</a></h2><p>{escape(page.summary or page.description)}</p>'
        f'<p class="counts">{escape(path)} · {escape(workflows)}</p></article>'
    )
