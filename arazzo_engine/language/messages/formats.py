"""Media types: which format a body is in, by the name alone.

Decides by one table of formats and one rule of names, for what is sent, what is answered and what a schema calls the
content of a text. How a format is read or written is not known here.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import lru_cache
from typing import Final


class Format(Enum):
    """What the bytes of a body are."""

    JSON = auto()
    JSON_LINES = auto()
    JSON_SEQUENCE = auto()
    XML = auto()
    TEXT = auto()
    BYTES = auto()


# Those of AWS, and of browsers that report what they have blocked, are JSON without saying so by `+json`
_NAMES: Final = {
    Format.JSON: "json amz-json-1.0 amz-json-1.1 csp-report",
    # Spring's `application/stream+json` is lines, whatever its suffix says
    Format.JSON_LINES: "ndjson nd-json jsonl jsonlines json-lines ldjson json-stream stream+json",
    Format.JSON_SEQUENCE: "json-seq",
    Format.XML: "xml xml-dtd xml-external-parsed-entity",
    Format.TEXT: (
        "text txt plain html markdown csv tsv tab-separated-values toml yaml yml json5 hjson sql graphql javascript"
        " ecmascript typescript sh shellscript csh python perl ruby php httpd-php tex latex bibtex jwt jose sdp"
        " www-form-urlencoded pem-file pem-certificate-chain mpegurl vnd.apple.mpegurl subrip openmetrics-text"
        " n-triples n-quads trig turtle sparql-query sparql-update vnd.oai.openapi"
    ),
}
_FORMATS: Final = {name: each for each, names in _NAMES.items() for name in names.split()}
# a run meets the same few media types again and again
_KNOWN_TYPES: Final = 128


@lru_cache(_KNOWN_TYPES)
def format_name(name: str) -> str:
    """Return what the table calls the format of a media type in lower case without parameters; ``""`` for none.

    It is the subtype, else what follows its last ``+``, of any type at all (RFC 6838, section 4.2.8). ``x-`` before
    either says nothing (RFC 6648), and neither does whether it is an ``application`` or a ``text``.

    >>> [format_name(each) for each in ("text/x-jsonl", "application/vnd.shop+jsonl", "application/x-csv", "image/csv")]
    ['jsonl', 'jsonl', 'csv', '']
    """
    kind, _, subtype = name.partition("/")
    stem, plus, suffix = subtype.rpartition("+")
    named = [subtype] if kind in {"application", "text"} else []
    suffixes = [suffix] if plus and stem else []
    found = (each.removeprefix("x-") for each in (*named, *suffixes))
    return next((each for each in found if each in _FORMATS), "")


@lru_cache(_KNOWN_TYPES)
def format_of(name: str) -> Format:
    """Return the format of a media type in lower case without parameters: bytes when nothing is known about it.

    >>> format_of("application/stream+json"), format_of("text/anything"), format_of("application/anything")
    (<Format.JSON_LINES: 2>, <Format.TEXT: 5>, <Format.BYTES: 6>)
    """
    is_text = name.startswith("text/") and len(name) > len("text/")
    return _FORMATS.get(format_name(name), Format.TEXT if is_text else Format.BYTES)
