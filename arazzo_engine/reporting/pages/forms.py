"""The forms that a page, or a catalogue of pages, can be written in, each with the function that writes it.

Decides their names, which are those of the command line. What a form looks like is decided in its own file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.reporting.pages.html import html_of
from arazzo_engine.reporting.pages.markdown import markdown_of
from arazzo_engine.reporting.pages.mermaid import mermaid_of
from arazzo_engine.reporting.pages.page_json import page_as_json
from arazzo_engine.reporting.pages.site import html_site, markdown_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.reporting.pages.page import Page


def _json(page: Page) -> str:
    return json.dumps(page_as_json(page), indent=2, ensure_ascii=False) + "\n"


def _mermaid(page: Page) -> str:
    if len(page.workflows) == 1:
        return mermaid_of(page.workflows[0].flow) + "\n"
    # each chart is a text of its own, which readers of Markdown find by its fence
    return "\n".join(f"```mermaid\n{mermaid_of(each.flow)}\n```\n" for each in page.workflows)


PAGES: Final[dict[str, Callable[[Page], str]]] = {
    "markdown": markdown_of,
    "html": html_of,
    "mermaid": _mermaid,
    "json": _json,
}
CATALOGUES: Final[dict[str, Callable[[Mapping[str, Page]], Iterator[tuple[str, str]]]]] = {
    "html": html_site,
    "markdown": markdown_site,
}
