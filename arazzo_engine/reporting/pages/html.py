"""A page as one HTML file that asks nobody for anything: style and pictures are in it, scripts are not.

Decides what stands where. Every text of the document is escaped, and a policy in the page forbids whatever a text
could smuggle in after all.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from arazzo_engine.reporting.pages.style import STYLE
from arazzo_engine.reporting.pages.svg import svg_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.reporting.pages.page import InputRow, Page, SourceRow, StepRow, WorkflowPart

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_of(page: Page, *, home: str = "") -> str:
    """Return the page as an HTML file; ``home`` is the address of the catalogue that it belongs to."""
    return framed(page.title, "".join(_parts(page, home)))


def framed(title: str, body: str, *, policy: str = POLICY) -> str:
    """Return a whole HTML file with a body that is HTML already."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main>{body}</main></body></html>\n"
    )


def _parts(page: Page, home: str) -> Iterator[str]:
    yield f'<p class="home"><a href="{escape(home)}">All documents</a></p>' if home else ""
    yield f"<header><h1>{escape(page.title)} <small>{escape(page.version)}</small></h1>"
    yield _prose(page.summary, "lead") + _prose(page.description)
    yield f'<p class="counts">{escape(page.counts)} · <a href="#document">{escape(page.name)}</a></p>'
    yield _chips("tag", page.tags) + _chips("provider", page.providers) + "</header>"
    for workflow in page.workflows:
        yield "".join(_workflow(workflow))
    if page.sources:
        yield "<section><h2>Source APIs</h2><ul>" + "".join(map(_source, page.sources)) + "</ul></section>"
    yield f'<section id="document"><h2>{escape(page.name)}</h2><pre>{"".join(_numbered(page.text))}</pre></section>'


def _workflow(workflow: WorkflowPart) -> Iterator[str]:
    name = escape(workflow.workflow_id)
    yield f'<section id="workflow-{name}"><h2><a href="#L{workflow.line}">{name}</a></h2>'
    yield _prose(workflow.summary, "lead") + _prose(workflow.description)
    steps = "".join(map(_step, workflow.steps))
    title = f"the flow of {workflow.workflow_id}"
    yield f'<div class="beside"><ol class="steps">{steps}</ol>'
    yield f'<div class="drawing">{svg_of(workflow.flow, title)}</div></div>'
    if workflow.inputs:
        heads = ("input", "type", "default", "description")
        yield _table(heads, map(_input, workflow.inputs))
    if workflow.outputs:
        rows = ((f"<code>{escape(one)}</code>", f"<code>{escape(source)}</code>") for one, source in workflow.outputs)
        yield _table(("output", "from"), rows)
    yield "</section>"


def _step(step: StepRow) -> str:
    method = f'<b class="method {step.method.lower()}">{escape(step.method)}</b> ' if step.method else ""
    path = f'<code class="path">{escape(step.path)}</code>' if step.path else ""
    return (
        f'<li><a class="name" href="#L{step.line}">{escape(step.step_id)}</a> '
        f"<code>{escape(step.calls)}</code><div>{method}{path}</div>{_prose(step.description)}</li>"
    )


def _input(row: InputRow) -> Sequence[str]:
    required = ' <b class="required">required</b>' if row.required else ""
    default = f"<code>{escape(row.default)}</code>" if row.default else ""
    return f"<code>{escape(row.name)}</code>{required}", escape(row.type), default, escape(row.description)


def _source(source: SourceRow) -> str:
    url = escape(source.url)
    link = f'<a href="{escape(source.link)}" rel="noreferrer">{url}</a>' if source.link else f"<code>{url}</code>"
    return f"<li><b>{escape(source.name)}</b> {link} {escape(source.type)}</li>"


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are HTML already, without the columns that nothing stands in."""
    table = list(rows)
    columns = [column for column in zip(heads, *table, strict=True) if any(column[1:])]
    head = "".join(f"<th>{escape(column[0])}</th>" for column in columns)
    lines = zip(*(column[1:] for column in columns), strict=True)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _numbered(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        yield f'<span id="L{number}"><a href="#L{number}">{number}</a>{escape(line)}\n</span>'


def _prose(text: str, kind: str = "") -> str:
    if not text:
        return ""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def _chips(kind: str, values: Iterable[str]) -> str:
    chips = "".join(f'<li class="{kind}">{escape(each)}</li>' for each in values)
    return f'<ul class="chips">{chips}</ul>' if chips else ""
