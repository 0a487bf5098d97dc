"""JSON values written as YAML that is read back as the same values.

Decides which texts are put in quotes: those that YAML 1.1 takes for something else, and those that YAML 1.2 does, which
the library that writes does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from arazzo_engine.documents.yaml.scalars import resolve_plain
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

_TEXT: Final = "tag:yaml.org,2002:str"
_WIDTH: Final = 120
_BREAKS: Final = lazy_pattern(r"[\r\x85\u2028\u2029]")


class _Writer(yaml.SafeDumper):
    """Writes each value where it stands: an anchor would be a riddle to a reader."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401 - any JSON value
        del data
        return True


def write_yaml(value: JsonValue) -> str:
    """Return a JSON value as YAML, its members in their order."""
    return yaml.dump(value, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if _BREAKS.search(text):
        # one reader's line break is another's character: it is written as an escape
        return writer.represent_scalar(_TEXT, text, style='"')
    return writer.represent_scalar(_TEXT, text, style=None if _is_text(text) else "'")


def _is_text(text: str) -> bool:
    try:
        return isinstance(resolve_plain(text), str)
    except ValueError:
        # a number that is too large for JSON
        return False


_Writer.add_representer(str, _text)
