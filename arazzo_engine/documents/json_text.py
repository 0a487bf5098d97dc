"""JSON texts (RFC 8259): parsed by the standard library, with duplicate keys and constants that are not JSON refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn

from arazzo_engine.documents.depth import DEEPEST, is_too_deep
from arazzo_engine.documents.malformed import DuplicateKey, MalformedText

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue


def parse_json(text: str) -> JsonValue:
    """Return the value of a JSON text; raises ``MalformedText`` or ``DuplicateKey``."""
    try:
        value = json.loads(text, object_pairs_hook=_members, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _malformed(text, error) from error
    except _DuplicateMember as error:
        raise _locate_duplicate(text, str(error)) from error
    except _NotJson as error:
        message = f"the document is not JSON: `{error}` is no JSON value"
        raise MalformedText(
            "malformed-json", message, max(0, text.find(str(error))), "write a number or `null`"
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise MalformedText("malformed-json", "the document is not JSON: a number has too many digits", 0) from error
    if is_too_deep(value, text.count("{") + text.count("[")):
        raise _too_deep()
    return value


class _DuplicateMember(Exception):  # noqa: N818 - where it stands is not known yet
    pass


class _NotJson(Exception):  # noqa: N818 - the same
    pass


def _too_deep() -> MalformedText:
    return MalformedText("document-too-deep", f"the document nests deeper than {DEEPEST}", 0)


def _members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        raise _DuplicateMember(next(name for name, _ in pairs if name in seen or seen.add(name)))
    return members


def _refuse_constant(name: str) -> NoReturn:
    # RFC 8259, section 6: "Numeric values that cannot be represented in the grammar below (such as Infinity and NaN)
    # are not permitted."
    raise _NotJson(name)


def _locate_duplicate(text: str, name: str) -> Exception:
    """Return the error with its place, which only a parser that keeps positions knows: JSON is YAML, too."""
    from arazzo_engine.documents.yaml_text import parse_yaml  # noqa: PLC0415 - needed for this mistake only

    try:
        parse_yaml(text, nodes=len(text))
    except DuplicateKey as found:
        return found
    except MalformedText:
        pass
    return MalformedText(
        "duplicate-key", f"the key `{name}` stands twice in one object", max(0, text.find(f'"{name}"'))
    )


def _malformed(text: str, error: json.JSONDecodeError) -> MalformedText:
    offset, fix = _explain(text, error)
    reason = error.msg[0].lower() + error.msg[1:]
    return MalformedText("malformed-json", f"the document is not JSON: {reason}", offset, fix)


# what stands where a JSON value or key should be, and what to write instead
_INSTEAD: Final = (
    (re.compile(r"'"), "use double quotes"),
    (re.compile(r"True\b|False\b"), "write `true` or `false`"),
    (re.compile(r"None\b|undefined\b"), "write `null`"),
    (re.compile(r"//|/\*|#"), "remove the comment: JSON has none"),
    (re.compile(r"\+|\."), "write the number as JSON does: `0.5`, without `+`"),
)
_FIXES: Final = {
    "Expecting ',' delimiter": "add a comma, or close the quotes before",
    "Expecting ':' delimiter": "add a colon after the key",
    "Expecting property name enclosed in double quotes": "put the key in double quotes",
    "Unterminated string starting at": 'close the string with `"`',
    "Invalid control character at": "write it as an escape, such as `\\n`",
    "Invalid \\escape": "double the backslash",
    "Extra data": "remove what follows the value",
}


def _explain(text: str, error: json.JSONDecodeError) -> tuple[int, str]:
    before = text[: error.pos].rstrip()
    at = text[error.pos : error.pos + 20].lstrip()
    if at[:1] in {"}", "]"} and before.endswith(","):
        return len(before) - 1, "remove the trailing comma"
    if error.msg.startswith("Illegal trailing comma"):
        return error.pos, "remove the trailing comma"
    if error.msg.startswith("Expecting"):
        for pattern, fix in _INSTEAD:
            if pattern.match(at):
                return error.pos, fix
    return error.pos, _FIXES.get(error.msg, "")
