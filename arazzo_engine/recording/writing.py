"""Lines with their secrets hidden: before they are written, and once more when a secret is learned after that.

Decides in which members of a line a secret may stand. The engine's own words and numbers stay, whatever a secret looks
like: an answer of status 200 is one, also when somebody's secret is `200`.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.recording.beginning import BEGINNING, read_text, write_text
from arazzo_engine.recording.lines import encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.recording.hiding.replacing import Hiding, Present

# members whose values are free, whatever is in them
_FREE: Final = frozenset(
    (
        *("url", "body", "notes", "explanation", "message", "fix", "reason", "problem", "drawn", "token", "entry"),
        *("tokens", "noted", "hidden", "servers", "server_variables"),
    )
)
_BODY: Final = "body"
_IN_BYTES: Final = b'"base64":"'
# members whose own members are free, but not their names
_NAMED: Final = frozenset({"inputs", "outputs"})
# names and values, of which the last is free
_PAIRS: Final = frozenset({"headers", "credentials"})


def written(line: dict[str, Any], hiding: Hiding) -> bytes:
    """Return the JSON of a line, with the secrets in it replaced."""
    plain = encode(line)
    present = hiding.present_in(searched(line, plain, hiding))
    return plain if present is None else encode(_hidden(line, present))


def searched(line: dict[str, Any], plain: bytes, hiding: Hiding) -> str:
    """Return all texts of a line in which a secret may be seen: its JSON, and its bodies in other charsets."""
    text = plain.decode("utf-8", errors="replace")
    return "\n".join((text, *_in_other_charsets(line, hiding))) if _IN_BYTES in plain else text


def _in_other_charsets(value: Any, hiding: Hiding) -> Iterator[str]:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        for name, member in value.items():
            if name == _BODY and isinstance(member, dict) and "base64" in member:
                content = base64.b64decode(member["base64"])
                charset = hiding.charset_of(content)
                yield from (content.decode(charset, errors="replace"),) if charset is not None else ()
            elif name not in _NAMED:
                yield from _in_other_charsets(member, hiding)


def as_written(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line as it is read back, of a run in which there are no secrets."""
    value: dict[str, Any] = json.loads(encode(line))
    return value


def written_again(line: dict[str, Any], hiding: Hiding) -> bytes:
    """Return the JSON of a line that was written before all secrets were known."""
    if "text" in line and BEGINNING not in line:
        return encode(_text_again(line, hiding))
    return written(line, hiding)


def _text_again(line: dict[str, Any], hiding: Hiding) -> dict[str, Any]:
    try:
        text = read_text(line).decode()
    except UnicodeDecodeError:
        return line
    return {**line, **write_text(line["text"], hiding.document(text).encode())}


def _hidden(value: Any, present: Present) -> Any:  # noqa: ANN401 - a JSON value
    match value:
        case {"capture": int(), "target": str(target)}:
            return {**value, "target": present.value(target)}
        case dict():
            return {name: _member(name, member, present) for name, member in value.items()}
        case list() | tuple():
            return [_hidden(element, present) for element in value]
        case _:
            return value


def _member(name: str, member: Any, present: Present) -> Any:  # noqa: ANN401 - the same
    if name == _BODY and isinstance(member, dict) and "base64" in member:
        return present.body(member)
    if name in _FREE:
        return present.value(member)
    if name in _NAMED and isinstance(member, dict):
        return {each: present.value(value) for each, value in member.items()}
    if name in _PAIRS:
        return [[*each[:-1], present.value(each[-1])] for each in member]
    return _hidden(member, present)
