"""All kinds of reports by their names.

Each is imported when somebody asks for it: a run without reports needs none, and some need libraries of an extra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.reporting.kinds.kind import Kind, Setting, Sink


def _json(sink: Sink, setting: Setting) -> Kind:
    from arazzo_engine.reporting.kinds.json_report import JsonReport  # noqa: PLC0415 - see above

    return JsonReport(sink, setting)


def _json_lines(sink: Sink, setting: Setting) -> Kind:
    from arazzo_engine.reporting.kinds.json_lines import JsonLines  # noqa: PLC0415 - see above

    return JsonLines(sink, setting)


def _junit(sink: Sink, setting: Setting) -> Kind:
    from arazzo_engine.reporting.kinds.junit import JUnit  # noqa: PLC0415 - see above

    return JUnit(sink, setting)


def _har(sink: Sink, setting: Setting) -> Kind:
    from arazzo_engine.reporting.kinds.har import Har  # noqa: PLC0415 - see above

    return Har(sink, setting)


def _html(sink: Sink, setting: Setting) -> Kind:
    from arazzo_engine.reporting.kinds.html import Html  # noqa: PLC0415 - see above

    return Html(sink, setting)


def _markdown(sink: Sink, setting: Setting) -> Kind:
    from arazzo_engine.reporting.kinds.markdown import Markdown  # noqa: PLC0415 - see above

    return Markdown(sink, setting)


# the job summary of GitHub is a page in Markdown
KINDS: Final[dict[str, Callable[[Sink, Setting], Kind]]] = {
    "json": _json,
    "jsonl": _json_lines,
    "junit": _junit,
    "har": _har,
    "html": _html,
    "markdown": _markdown,
    "github": _markdown,
}
# what some of them need, which is installed with the extra `reports`
LIBRARIES: Final = {"junit": "junitparser", "har": "harfile"}
