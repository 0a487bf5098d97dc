"""Bytes within JSON values: base64, or a ``data:`` URL that also says the media type and the name of a file.

Decides what text stands for which bytes. A text that is neither is refused, because to guess would send wrong bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose

# RFC 2397: "data:" [ mediatype ] [ ";base64" ] "," data
_DATA_URL: Final = re.compile(r"data:(?P<type>[^;,]*)(?P<parameters>(?:;[^;,]*)*?);base64,(?P<data>.*)", re.DOTALL)
_NAME: Final = re.compile(r";name=([^;,]*)")
_LINE_BREAK: Final = re.compile(r"[\r\n]+")


class Content(Struct, frozen=True):
    """Bytes, with their media type and the name of the file they come from when these are known."""

    data: bytes
    media_type: str = ""
    filename: str = ""


def read_content(text: str) -> Content:
    """Return the bytes that a text stands for; raises ``ArazzoError`` (``request-body-malformed``)."""
    url = _DATA_URL.fullmatch(text)
    if url is None:
        return Content(_from_base64(text))
    name = _NAME.search(url["parameters"])
    return Content(_from_base64(url["data"]), url["type"], unquote(name[1]) if name else "")


def data_url(content: Content) -> str:
    """Return the text that stands for bytes, their media type and their name."""
    name = f";name={quote(content.filename, safe='')}" if content.filename else ""
    return f"data:{content.media_type}{name};base64,{base64.b64encode(content.data).decode('ascii')}"


def _from_base64(text: str) -> bytes:
    # RFC 4648, section 5: the URL-safe alphabet differs in two characters. Lines may be broken; anything else that is
    # not of the alphabet, or not padded, is more likely a text that was meant as it is
    plain = _LINE_BREAK.sub("", text).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError) as error:
        message = "a text stands where bytes are sent, and it is not base64"
        fix = "write the bytes as base64, or give a file as an input: `-i name=@path`"
        raise ArazzoError(diagnose("request-body-malformed", message, fix=fix)) from error
