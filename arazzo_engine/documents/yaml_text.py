"""YAML texts: PyYAML's parser gives the events, our own iterative builder the values, by the core schema of YAML 1.2.

Decides what a plain scalar is (``no``, ``12:30`` and dates are strings) and refuses what JSON cannot hold. Nothing
here recurses, and what aliases repeat is counted, so a hostile text ends in a diagnostic.
"""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from arazzo_engine.documents.depth import DEEPEST
from arazzo_engine.documents.malformed import DuplicateKey, MalformedText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue

# the parser in C is many times faster, and not in every wheel
_Parser: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# YAML 1.2.2, section 10.3.2: "Tag Resolution" of the core schema
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,4000}")
_OCTAL: Final = re.compile(r"0o[0-7]{1,4000}")
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]{1,4000}")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_A_NUMBER: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAY_BE_OTHER: Final = frozenset("0123456789-+.~nNtTfF")
_TAG: Final = "tag:yaml.org,2002:"
_NO_KEY: Final = object()


def parse_yaml(text: str, nodes: int) -> JsonValue:
    """Return the value of a YAML text with at most that many nodes; raises ``MalformedText`` or ``DuplicateKey``."""
    with _without_garbage_collection():
        return _Builder(text, nodes).build()


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    # building makes very many values that all live on, and looking for garbage among them takes most of the time
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def yaml_events(text: str) -> Iterator[Any]:
    """Yield the events of a text; raises ``MalformedText``."""
    try:
        parser = _Parser(text)
        while (event := parser.get_event()) is not None:
            yield event
    except yaml.MarkedYAMLError as error:
        raise _malformed(text, error) from error
    except yaml.reader.ReaderError as error:
        message = f"the document is not YAML: {error.reason}"
        raise MalformedText("malformed-yaml", message, max(0, error.position), "remove the character") from error
    except UnicodeEncodeError as error:
        raise MalformedText("malformed-yaml", "the document is not Unicode text", error.start) from error


@dataclass(slots=True)
class _Open:
    """A collection that is being built; ``key`` is the pending key of a mapping."""

    value: Any
    start: int
    anchor: str | None
    key: Any = _NO_KEY
    merged: list[JsonValue] = field(default_factory=list)


@dataclass(slots=True)
class _Builder:
    text: str
    nodes: int
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[JsonValue, int]] = field(default_factory=dict)
    _count: int = 0
    _documents: int = 0
    _root: JsonValue = None

    def build(self) -> JsonValue:
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: lambda event: self._start({}, event),
            yaml.SequenceStartEvent: lambda event: self._start([], event),
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        for event in yaml_events(self.text):
            handle = handlers.get(type(event))
            if handle is not None:
                handle(event)
        return self._root

    def _document(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events have no common type
        self._documents += 1
        if self._documents > 1:
            raise _feature("the text holds several documents", event, "keep one document in a file")

    def _scalar(self, event: Any) -> None:  # noqa: ANN401 - the same
        self._count_nodes(1, event)
        top = self._open[-1] if self._open else None
        if top is not None and top.key is _NO_KEY and type(top.value) is dict:
            self._key(top, event)
            return
        value = _resolve(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, 1
        self._put(value)

    def _key(self, top: _Open, event: Any) -> None:  # noqa: ANN401 - the same
        # a key is a string, whatever it looks like: the statuses of OpenAPI are often written `200:`
        key = event.value
        if key == "<<" and event.implicit[0]:
            top.key = _MERGE
            return
        if key in top.value:
            raise DuplicateKey((*self._pointer(), key), event.start_mark.index)
        top.key = key

    def _start(self, value: JsonValue, event: Any) -> None:  # noqa: ANN401 - the same
        self._count_nodes(1, event)
        top = self._open[-1] if self._open else None
        if top is not None and top.key is _NO_KEY and type(top.value) is dict:
            raise _feature("a key is a mapping or a list", event, "use a string as the key")
        _check_tag(event, "map" if isinstance(value, dict) else "seq")
        if len(self._open) >= DEEPEST:
            message = f"the document nests deeper than {DEEPEST}"
            raise MalformedText("document-too-deep", message, event.start_mark.index)
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        self._open.append(_Open(value, self._count, event.anchor))

    def _end(self, event: Any) -> None:  # noqa: ANN401 - the same
        top = self._open.pop()
        for each in top.merged:
            self._merge(top.value, each, event)
        if top.anchor is not None:
            self._anchors[top.anchor] = top.value, self._count - top.start + 1
        self._put(top.value)

    def _alias(self, event: Any) -> None:  # noqa: ANN401 - the same
        found = self._anchors.get(event.anchor)
        if found is None:
            inside = any(each.anchor == event.anchor for each in self._open)
            what = "refers to the value it stands in" if inside else "has no anchor before it"
            raise _feature(f"the alias `*{event.anchor}` {what}", event, "write the value out")
        value, size = found
        self._count_nodes(size, event)
        top = self._open[-1] if self._open else None
        if top is not None and top.key is _NO_KEY and type(top.value) is dict:
            raise _feature("a key is an alias", event, "write the key out")
        self._put(value)

    def _put(self, value: JsonValue) -> None:
        if not self._open:
            self._root = value
            return
        top = self._open[-1]
        if type(top.value) is list:
            top.value.append(value)
        elif top.key is _MERGE:
            top.merged.append(value)
            top.key = _NO_KEY
        else:
            top.value[top.key] = value
            top.key = _NO_KEY

    def _merge(self, mapping: dict[str, JsonValue], merged: JsonValue, event: Any) -> None:  # noqa: ANN401 - the same
        for each in merged if isinstance(merged, list) else [merged]:
            if not isinstance(each, dict):
                raise _feature("`<<` merges something that is no mapping", event, "merge a mapping, or a list of them")
            for name, value in each.items():
                mapping.setdefault(name, value)

    def _count_nodes(self, number: int, event: Any) -> None:  # noqa: ANN401 - the same
        self._count += number
        if self._count > self.nodes:
            message = f"the document holds more than {self.nodes:,} values, those that its aliases repeat included"
            raise MalformedText("document-too-large", message, event.start_mark.index)

    def _pointer(self) -> Pointer:
        return tuple(
            str(len(each.value)) if isinstance(each.value, list) else str(each.key) for each in self._open[:-1]
        )


_MERGE: Final = object()


def _feature(message: str, event: Any, fix: str) -> MalformedText:  # noqa: ANN401 - the same
    return MalformedText("yaml-feature", message, event.start_mark.index, fix)


def _check_tag(event: Any, kind: str) -> None:  # noqa: ANN401 - the same
    if event.tag is not None and event.tag not in {"!", _TAG + kind}:
        raise _feature(f"the tag `{event.tag}` is none of JSON's types", event, "remove the tag")


def _resolve(event: Any) -> JsonValue:  # noqa: ANN401 - the same
    text: str = event.value
    if event.implicit[0]:
        return text if text and text[0] not in _MAY_BE_OTHER else _resolve_plain(text, event)
    if event.implicit[1] or event.tag in {"!", _TAG + "str"}:
        return text
    value = _resolve_plain(text, event)
    wanted = _TAGGED.get(event.tag)
    if wanted is None or not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        _check_tag(event, "str")
    return float(value) if wanted == (int, float) else value


_TAGGED: Final[dict[str, Any]] = {
    _TAG + "int": int,
    _TAG + "float": (int, float),
    _TAG + "bool": bool,
    _TAG + "null": type(None),
}


def _resolve_plain(text: str, event: Any) -> JsonValue:  # noqa: ANN401 - the same
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if value in {float("inf"), float("-inf")}:
            raise _feature(f"`{text}` is too large for a number", event, "put it in quotes")
        return value
    if _HEXADECIMAL.fullmatch(text):
        return int(text[2:], 16)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _NOT_A_NUMBER.fullmatch(text):
        raise _feature(f"`{text}` is no JSON number", event, "put it in quotes")
    return text


# what libyaml says, and what usually is the matter
_FIXES: Final = (
    (
        re.compile(r"mapping values are not allowed"),
        "put the value in quotes when it holds `: `, or mend the indentation",
    ),
    (re.compile(r"could not find expected ':'"), "add `: ` after the key, or mend the indentation"),
    (re.compile(r"did not find expected key"), "mend the indentation, or the quotes on the line before"),
    (re.compile(r"did not find expected '-' indicator"), "mend the indentation of the list"),
    (re.compile(r"unexpected end of stream"), "close the quotes"),
    (re.compile(r"expected ',' or"), "close the bracket, or add a comma"),
    (re.compile(r"unknown escape|escape character"), "double the backslash, or use single quotes"),
    (re.compile(r"block sequence entries are not allowed"), "start the list on a line of its own"),
)
_SIGNS: Final = {
    "\t": "indent with spaces, not with a tab",
    "@": "put the value in quotes",
    "`": "put the value in quotes",
    "%": "put the value in quotes",
}


def _malformed(text: str, error: yaml.MarkedYAMLError) -> MalformedText:
    mark = error.problem_mark or error.context_mark
    offset = min(0 if mark is None else mark.index, len(text))
    problem = error.problem or "it cannot be parsed"
    if "maximum nesting depth" in problem:
        return MalformedText("document-too-deep", f"the document nests deeper than {DEEPEST}", offset)
    fix = next((fix for pattern, fix in _FIXES if pattern.search(problem)), "")
    if "cannot start any token" in problem:
        fix = _SIGNS.get(text[offset : offset + 1], "put the value in quotes")
    reason = f"{error.context}, {problem}" if error.context else problem
    return MalformedText("malformed-yaml", f"the document is not YAML: {reason}", offset, fix)
