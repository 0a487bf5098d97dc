"""A page as Markdown. Whatever the document says is text there: no markup and no HTML of its own is left in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.reporting.pages.mermaid import mermaid_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.reporting.pages.page import Page, SourceRow, StepRow, WorkflowPart

_MARKUP: Final = lazy_pattern(r"([\\`*_{}\[\]<>#|!~])")
_FENCE: Final = lazy_pattern(r"`{3,}")


def markdown_of(page: Page) -> str:
    """Return the page as Markdown."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield f"# {_text(page.title)}"
    yield from ("", f"Version {_text(page.version)} · {page.counts}")
    for each in (page.summary, page.description):
        if each:
            yield from ("", _text(each))
    for title, values in (("Tags", page.tags), ("Provider", page.providers)):
        if values:
            yield from ("", f"{title}: {', '.join(map(_text, values))}")
    for workflow in page.workflows:
        yield from _workflow(workflow)
    if page.sources:
        yield from ("", "## Source APIs", "", *map(_source, page.sources))
    fence = "`" * (1 + max((len(each) for each in _FENCE.findall(page.text)), default=2))
    language = "json" if page.text.lstrip().startswith("{") else "yaml"
    yield from ("", "## Document", "", f"{fence}{language}", page.text.rstrip("\n"), fence)


def _workflow(workflow: WorkflowPart) -> Iterator[str]:
    yield from ("", f"## {_text(workflow.workflow_id)}")
    for each in (workflow.summary, workflow.description):
        if each:
            yield from ("", _text(each))
    yield from ("", f"### Steps ({len(workflow.steps)})", "", *map(_step, workflow.steps))
    yield from ("", "### Flow", "", "```mermaid", mermaid_of(workflow.flow), "```")
    if workflow.inputs:
        rows = [
            (each.name, each.type, "yes" if each.required else "no", each.default, each.description)
            for each in workflow.inputs
        ]
        yield from ("", "### Inputs", "", *_table(("name", "type", "required", "default", "description"), rows))
    if workflow.outputs:
        yield from ("", "### Outputs", "", *_table(("name", "from"), workflow.outputs))


def _step(step: StepRow) -> str:
    request = f" {step.method} {_text(step.path)}" if step.method else ""
    told = f": {_text(step.description)}" if step.description else ""
    return f"{step.number}. **{_text(step.step_id)}** {_text(step.calls)}{request}{told}"


def _source(source: SourceRow) -> str:
    url = _text(source.url)
    # a blank or a bracket would end the target of a link
    link = f"[{url}](<{source.link}>)" if source.link and not re.search(r"[<>\s]", source.link) else url
    return f"- **{_text(source.name)}** {link}{f' ({source.type})' if source.type else ''}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(_text, row))} |"


def _text(text: str) -> str:
    """Return a text on one line in which nothing is markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split())).replace("&", "&amp;")
