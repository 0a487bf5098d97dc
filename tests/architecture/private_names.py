"""Every private name of a third party that is used: where, which, under which bound, and why.

Private are names with an underscore and modules that no documentation names: a release may change them at will.
"""

from __future__ import annotations

from typing import Final

# the modules within a library that its documentation names; all others are its own affair
DOCUMENTED_MODULES: Final = frozenset(
    {
        "anyio.from_thread",
        *("click.core", "click.shell_completion"),
        "cryptography.fernet",
        *("defusedxml.ElementTree", "defusedxml.minidom"),
        *("django.conf", "django.test"),
        "elementpath.datatypes",
        *("h2.config", "h2.connection", "h2.errors", "h2.events", "h2.exceptions", "h2.settings"),
        "hyperframe.frame",
        *("hypothesis.stateful", "hypothesis.strategies"),
        *("jsonpath_ng.ext", "jsonpath_ng.jsonpath"),
        *("jsonschema.exceptions", "jsonschema.validators"),
        *("msgspec.msgpack", "msgspec.structs"),
        *("opentelemetry.sdk", "opentelemetry.sdk.trace", "opentelemetry.sdk.trace.export"),
        "opentelemetry.sdk.trace.export.in_memory_span_exporter",
        *("opentelemetry.trace", "opentelemetry.trace.propagation", "opentelemetry.trace.propagation.tracecontext"),
        "rich.console",
        *("sqlalchemy.event", "sqlalchemy.exc"),
        *("starlette.datastructures", "starlette.requests"),
        "werkzeug.datastructures",
    }
)

# by the file and the name: the bound in pyproject.toml, and the reason
PRIVATE_NAMES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("language/queries/jsonpath/draft.py", "jsonpath_ng.exceptions"): ("jsonpath-ng<2", "what a parser raises"),
    ("language/queries/jsonpath/draft.py", "jsonpath_ng.ext.filter"): (
        "jsonpath-ng<2",
        "which parts are those of the draft",
    ),
    ("language/queries/jsonpath/draft.py", "jsonpath_ng.ext.string"): ("jsonpath-ng<2", "what a parser raises too"),
    ("language/queries/jsonpath/library_1.py", "jsonpath_rfc9535.filter_expressions"): (
        "jsonpath-rfc9535<2.1",
        "a filter has no other place where its work could be counted",
    ),
    ("language/queries/jsonpath/library_1.py", "jsonpath_rfc9535.function_extensions"): (
        "jsonpath-rfc9535<2.1",
        "a function is taken for one only when it has this base",
    ),
    ("language/queries/jsonpath/library_1.py", "jsonpath_rfc9535.selectors"): (
        "jsonpath-rfc9535<2.1",
        "where filters are",
    ),
    ("language/queries/jsonpath/library_2.py", "jsonpath_rfc9535._ast"): ("jsonpath-rfc9535<2.1", "where filters are"),
    ("language/queries/jsonpath/library_2.py", "jsonpath_rfc9535._resolve_standard"): (
        "jsonpath-rfc9535<2.1",
        "a query has no other place where its work could be counted",
    ),
    ("language/queries/xpath.py", "elementpath.tdop"): (
        "elementpath<5.2",
        "parses without evaluating, which may never end",
    ),
    ("language/queries/xpath_parsers.py", "elementpath.xpath30"): ("elementpath<5.2", "XPath 3.0 has no other name"),
    ("language/queries/xpath_parsers.py", "elementpath.xpath31"): ("elementpath<5.2", "XPath 3.1 has no other name"),
    ("language/queries/xpath_parsers.py", "elementpath.xpath_tokens"): (
        "elementpath<5.2",
        "arrays and maps have no other name, and hold more than they say",
    ),
    ("world/projects/environment.py", "dotenv.parser"): (
        "python-dotenv<2",
        "what is public tells only a log of a line that it cannot read, and no line of any",
    ),
    ("world/contracts/values/form_bodies.py", "openapi_core.deserializing.media_types.util"): (
        "openapi-core<0.24",
        "its readers of forms have no other name, and what stands around them reads schemas too",
    ),
    ("tests/apis/wire_forms/test_serialization.py", "openapi_core.deserializing.styles"): (
        "openapi-core<0.24",
        "reads back what the engine writes",
    ),
    ("world/mocking/connections.py", "uvicorn.protocols.http.h11_impl"): (
        "uvicorn<1",
        "a head that never ends has no other place where it could be given up",
    ),
}
