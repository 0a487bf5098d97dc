"""Every way in which a server, a library or a shell writes a text again."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable


def _twice(text: str) -> str:
    return json.dumps(json.dumps(text))[3:-3]


def _lower_escapes(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quote(text, safe=""))


def _numbered(text: str) -> str:
    return "".join(each if re.match("[A-Za-z0-9._-]", each) else f"&#{ord(each)};" for each in text)


ENCODERS: dict[str, Callable[[str], str]] = {
    "itself": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": _lower_escapes,
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON with upper case": lambda text: re.sub(
        r"\\u[0-9a-f]{4}", lambda m: "\\u" + m[0][2:].upper(), json.dumps(text)[1:-1]
    ),
    "JSON as it is": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON with slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON in JSON": _twice,
    "JSON in JSON in JSON": lambda text: json.dumps(_twice(text))[1:-1],
    "HTML": html.escape,
    "HTML, numbered": _numbered,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64 after one": lambda text: base64.b64encode(b"u" + text.encode()).decode(),
    "base64 after two, between": lambda text: base64.b64encode(b"u:" + text.encode() + b" and more").decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, upper case": lambda text: text.encode().hex().upper(),
    "Python": lambda text: repr(text)[1:-1],
    "SQL": lambda text: text.replace("'", "''"),
    "UTF-8 read as ISO 8859-1": lambda text: text.encode().decode("latin-1"),
}
