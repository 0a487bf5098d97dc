"""Hiding secrets in what is recorded: each is replaced by its stand-in, in whichever encoding it is written.

Decides where a secret stands, as masking does, and writes its stand-in there in the same encoding: so a run that is
given the stand-ins sends what the recording shows. Nothing is cut. What a secret is, is for others to say.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import quote

from msgspec import Struct, field

from arazzo_engine.language.messages.charsets import wide_charset
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.recording.hiding.escapes import written_like
from arazzo_engine.recording.hiding.stand_ins import StandIns
from arazzo_engine.reporting.masking import alone, longest_plain, sure_base64, ways_to_write
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# Where a text is replaced, and by what
_Span: TypeAlias = tuple[int, int, str]
_TOKEN: Final = lazy_pattern(r"[A-Za-z0-9+/_-]{4,}={0,2}")
_PLAIN: Final = lazy_pattern(r"[A-Za-z0-9._-]+", re.ASCII)
# a word may be the name of a member, a parameter or a field as well as somebody's secret: a name hides nothing
_NO_NAME: Final = r"(?![\w-]*(?:\\*[\"']\s*:|=))"
_STRONG: Final = 8
_NO_WORD: Final = lazy_pattern(r"[^A-Za-z0-9]")


class _Pattern(Struct, frozen=True):
    """One way in which a secret is written: the text that it always has in it, and what replaces a match."""

    anchor: str
    expression: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]


class _Secret(Struct, frozen=True):
    """A secret with its stand-in: the texts that show that it may be there, its patterns, its bytes."""

    text: str
    stand_in: str
    patterns: tuple[_Pattern, ...]
    encoded: tuple[tuple[str, str], ...]
    anchors: tuple[str, ...]

    @property
    def is_strong(self) -> bool:
        """Whether it can be told from the words of a document."""
        return _is_strong(self.text)

    def is_in(self, text: str) -> bool:
        """Whether it may be in a text."""
        return any(anchor in text for anchor in self.anchors)


class Hiding(SilentState):
    """Knows secrets, and replaces them by their stand-ins."""

    stand_ins: StandIns = field(default_factory=StandIns)
    _secrets: list[_Secret] = field(default_factory=list)
    _spared: set[str] = field(default_factory=set)
    _is_ascii: bool = True

    def spare(self, literals: Iterable[str]) -> None:
        """Leave what a document itself says, and what cannot be told from its words: it stands in there in clear."""
        self._spared.update(each for each in literals if not _is_strong(each))

    @property
    def count(self) -> int:
        """How many secrets are known."""
        return len(self._secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Take more texts that must not be recorded."""
        known = self.stand_ins.by_secret
        new = {each for each in secrets if each and each not in known and each not in self._spared}
        # what is a part of another one comes first
        for text in sorted(new, key=len):
            self._is_ascii = self._is_ascii and text.isascii()
            self._secrets.append(_secret(text, self.stand_ins.make(text, self._parts_of)))

    def _parts_of(self, text: str) -> list[_Span]:
        """Return where the secrets that are known stand in a text."""
        return sorted(_spans(text, self._in(text)), key=_longest_first)

    def charset_of(self, content: bytes) -> str | None:
        """Return the charset of bytes that are no UTF-8, in which a secret would stand otherwise than in that."""
        return wide_charset(content) or (None if self._is_ascii else "latin-1")

    def since(self, count: int) -> bool:
        """Whether more secrets are known than so many."""
        return len(self._secrets) > count

    def text(self, text: str) -> str:
        """Return a text with each secret replaced."""
        return _hide(text, self._in(text))

    def document(self, text: str, names: str = "") -> str:
        """Return the text of a document with each secret replaced that is no word, and no part of some names."""
        return _hide(text, [each for each in self._in(text) if each.is_strong and not each.is_in(names)])

    def present_in(self, written: str) -> Present | None:
        """Return what replaces the secrets that may be in the JSON of a value, ``None`` when there are none."""
        found = self._in(written) if self._secrets else []
        return Present(found, self.charset_of) if found else None

    def is_in(self, text: str, after: int) -> bool:
        """Whether one of the secrets after the first ones may be in a text."""
        return any(each.is_in(text) for each in self._secrets[after:])

    def _in(self, text: str) -> list[_Secret]:
        return [each for each in self._secrets if each.is_in(text)]


class Present(SilentState):
    """The secrets that are in some values."""

    secrets: list[_Secret]
    charset_of: Callable[[bytes], str | None]

    def body(self, written: dict[str, str]) -> dict[str, str]:
        """Return a body with each secret replaced, also in bytes of another charset."""
        hidden: dict[str, str] = self.value(written)
        content = base64.b64decode(hidden["base64"]) if "base64" in hidden else b""
        charset = self.charset_of(content)
        text = content.decode(charset, errors="replace") if charset is not None else ""
        other = self.value(text)
        if charset is None or other == text:
            return hidden
        return {"base64": base64.b64encode(other.encode(charset, errors="replace")).decode("ascii")}

    def value(self, value: Any) -> Any:  # noqa: ANN401 - a JSON value, in which bodies may be bytes
        """Return a JSON value with each secret replaced."""
        return _of_value(value, self.secrets)


def _of_value(value: Any, secrets: list[_Secret]) -> Any:  # noqa: ANN401 - the same
    match value:
        case str():
            return _hide(value, secrets) if secrets else value
        case dict():
            return {_hide(name, secrets): _of_value(member, secrets) for name, member in value.items()}
        case list() | tuple():
            return [_of_value(element, secrets) for element in value]
        case bool() | None:
            return value
        case _:
            return _of_number(value, secrets)


def _of_number(number: float, secrets: list[_Secret]) -> float:
    made = next((each.stand_in for each in secrets if each.text in {str(number), json.dumps(number)}), None)
    found: float = number if made is None else json.loads(made)
    return found


def _is_strong(text: str) -> bool:
    return len(text) >= _STRONG and not text.isalpha() and not text.isdigit()


# --- in one text ---


def _longest_first(span: _Span) -> tuple[int, int]:
    return span[0], -span[1]


def _hide(text: str, secrets: list[_Secret]) -> str:
    for secret in secrets:
        for written, stand_in in secret.encoded:
            if written in text:
                text = _in_base64(text, (written, stand_in), secrets)
    spans = sorted(_spans(text, secrets), key=_longest_first)
    return "".join(_replaced(text, spans)) if spans else text


def _spans(text: str, secrets: list[_Secret]) -> Iterator[_Span]:
    for secret in secrets:
        for pattern in secret.patterns:
            if pattern.anchor in text:
                yield from ((*each.span(), pattern.replace(each)) for each in pattern.expression.finditer(text))


def _replaced(text: str, spans: Iterable[_Span]) -> Iterator[str]:
    done = 0
    for start, end, stand_in in spans:
        if start >= done:
            yield text[done:start]
            yield stand_in
            done = end
    yield text[done:]


def _in_base64(text: str, written: tuple[str, str], secrets: list[_Secret]) -> str:
    """Return a text with the secrets in its base64 replaced; ``written`` is a part of it that a secret decides."""

    def replace(token: re.Match[str]) -> str:
        if written[0] not in token[0]:
            return token[0]
        return _token(token[0], secrets) or token[0].replace(*written)

    return _TOKEN.sub(replace, text)


def _token(token: str, secrets: list[_Secret]) -> str:
    """Return base64 with the secrets in it replaced, ``""`` when none is found in it."""
    # what stands before it may look like a part of it
    for start in range(4):
        head, rest = token[:start], token[start:]
        url_safe = "-" in rest or "_" in rest
        try:
            content = base64.b64decode(_padded(rest), b"-_" if url_safe else None, validate=True)
        except binascii.Error:
            continue
        plain = content.decode("latin-1")
        hidden = "".join(_replaced(plain, sorted(_plain_spans(plain, secrets))))
        if hidden != plain:
            made = base64.b64encode(hidden.encode("latin-1"), b"-_" if url_safe else None).decode("ascii")
            return head + (made if token.endswith("=") else made.rstrip("="))
    return ""


def _padded(text: str) -> str:
    return text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)


def _plain_spans(text: str, secrets: list[_Secret]) -> Iterator[_Span]:
    # what is too short is only looked for where it stands alone, and in bytes nothing does
    for secret in (each for each in secrets if each.encoded):
        written, stand_in = (_bytes(each).decode("latin-1") for each in (secret.text, secret.stand_in))
        at = text.find(written)
        while at >= 0:
            yield at, at + len(written), stand_in
            at = text.find(written, at + len(written))


# --- what is known of one secret ---


def _secret(text: str, stand_in: str) -> _Secret:
    patterns, encoded = tuple(_patterns(text, stand_in)), tuple(_encoded(text, stand_in))
    anchors = (*(each.anchor for each in patterns), *(each for each, _ in encoded))
    return _Secret(text, stand_in, patterns, encoded, tuple(dict.fromkeys(anchors)))


def _encoded(text: str, stand_in: str) -> Iterator[tuple[str, str]]:
    """Yield what bytes of the secret are in base64 and hexadecimal digits, each with what stands in for it."""
    if alone(text, "") != "":
        return
    content, other = _bytes(text), _bytes(stand_in)
    for before in range(3):
        standard = sure_base64(content, before), sure_base64(other, before)
        yield standard
        url_safe = tuple(each.translate(str.maketrans("+/", "-_")) for each in standard)
        if url_safe != standard:
            yield url_safe[0], url_safe[1]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")


def _patterns(text: str, stand_in: str) -> Iterator[_Pattern]:
    name = _NO_NAME if text.isascii() and text.isalpha() else ""
    # a secret that holds what looks like an escape may have to be looked for as it is
    for write in (str, lambda each: json.dumps(each)[1:-1], lambda each: quote(each, safe="", errors="replace")):
        plain = write(text)
        expression = re.compile(alone(text, re.escape(plain)) + name)
        yield _Pattern(plain, expression, _always(write(stand_in)))
    for change in (str, str.lower, str.upper):
        yield _pattern(change(text), change(stand_in), name)
    if alone(text, "") == "":
        for digits in (bytes.hex, lambda each: each.hex().upper()):
            plain = digits(_bytes(text))
            yield _Pattern(plain, re.compile(plain), _always(digits(_bytes(stand_in))))


def _always(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _match: text


def _pattern(text: str, stand_in: str, name: str) -> _Pattern:
    """Return the pattern of all ways in which encoders write a secret character by character."""
    ways = tuple(ways_to_write(text))
    if len(text) != len(stand_in) or any(_is_ambiguous(part) for part, _ in ways):
        # a letter that is two in capitals, or what cannot be told from its own escapes
        whole = "".join(pattern for _, pattern in ways)
        return _Pattern(longest_plain(text), re.compile(whole + name), _always(_NO_WORD.sub("x", stand_in)))
    parts: list[str] = []
    others: list[str] = []
    at = 0
    for part, pattern in ways:
        other, at = stand_in[at : at + len(part)], at + len(part)
        # what stays as it is, is written as it was
        if other == part and not part.isalnum():
            parts.append(pattern)
            continue
        # each of several characters may be written in another way
        single = pattern if len(part) == 1 or _PLAIN.fullmatch(part) else ""
        pieces = (
            [(single, other)] if single else [(each[0], to) for each, to in zip(map(_one, part), other, strict=True)]
        )
        for piece, to in pieces:
            parts.append(f"({piece})")
            others.append(to)
    expression = re.compile(alone(text, "".join(parts)) + name)
    return _Pattern(longest_plain(text), expression, lambda match: _with_groups(match, others))


def _is_ambiguous(part: str) -> bool:
    # a run of what is escaped, and in it the letters of what only looks like an escape
    return not part[0].isalnum() and any(each.isalnum() for each in part)


def _one(character: str) -> tuple[str]:
    ((_, pattern),) = ways_to_write(character)
    return (pattern,)


def _with_groups(match: re.Match[str], others: list[str]) -> str:
    start, whole = match.start(), match[0]
    spans = [(match.start(number) - start, match.end(number) - start) for number in range(1, len(others) + 1)]
    made = ((*span, _put(whole[slice(*span)], other)) for span, other in zip(spans, others, strict=True))
    return "".join(_replaced(whole, made))


def _put(written: str, other: str) -> str:
    # letters and digits of ASCII are written as they are
    return other if other.isascii() else written_like(written, other)
