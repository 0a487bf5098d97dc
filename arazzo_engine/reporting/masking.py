"""Masking secrets by value in everything that is printed, in each form a value can take on the way.

Decides what is replaced; what a secret is, is decided by the credentials and by the flow of inputs and outputs. The
forms come from one idea: an encoder leaves the unreserved characters of RFC 3986 as they are and escapes others, each
in a few ways, or it encodes everything, as base64 and hexadecimal do.
"""

from __future__ import annotations

import base64
import json
import re
import string
from itertools import groupby
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from msgspec import Struct, field

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.secret_names import MASK, hide_in_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.documents.values import JsonValue

# a shorter secret is masked only where it stands alone: `1` in every number would hide the report
_SHORT: Final = 4
# a run may be long, and each of its answers may have a token of its own: so many of them are looked for
_MOST_NAMED: Final = 1_000
_UNRESERVED: Final = frozenset(string.ascii_letters + string.digits + "-._")
# A string in a string doubles the backslashes and escapes quotes, at each level again; SQL and YAML double a quote.
# Which backslash belongs to what cannot be told, so any of these stands for any other, as many as there are, and
# backslashes before an escape may be missing. Nothing is given back: a hostile text could make the search try every
# way to share them out.
_ESCAPED_BY_BACKSLASH: Final = frozenset("\\'\"/")
_HEXADECIMAL_OF_THESE: Final = "(?:5[cC]|2[27fF])"
_RUN_OF_ESCAPES: Final = (
    rf"(?:[\\'\"/]|u00{_HEXADECIMAL_OF_THESE}|U000000{_HEXADECIMAL_OF_THESE}|x{_HEXADECIMAL_OF_THESE}"
    rf"|%(?:25)*{_HEXADECIMAL_OF_THESE}|&(?:#(?:0*(?:92|34|39|47)|[xX]0*{_HEXADECIMAL_OF_THESE})|quot|apos);)"
)
_RUN_IN_A_SECRET: Final = lazy_pattern(rf"[\\'\"/]{_RUN_OF_ESCAPES}*")
_NAMED_ENTITIES: Final = {"&": "amp", "<": "lt", ">": "gt"}
_NAMED_ESCAPES: Final = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
# what base64 writes for six bits, in both of its alphabets
_BASE64_CLASSES: Final = {"+": "[+-]", "/": "[/_]"}
_BASE64_CHARACTER: Final = "[A-Za-z0-9+/_-]"
# an escape such as `\n` before a secret ends in a letter, and the secret stands alone all the same
_ALONE_BEFORE: Final = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf]))"
# RFC 6901, section 3: a slash and a tilde in a pointer
_POINTER_ESCAPES: Final = ("~0", "~1")
_ALONE_AFTER: Final = r"(?![A-Za-z0-9])"


class _Form(Struct, frozen=True):
    """One form of a secret: its pattern, and a text that stands in everything that the pattern matches."""

    pattern: str
    anchor: str


class Masker(Struct):
    """Knows the secrets of a run, and replaces them in texts and values.

    What only a name in a message says to be secret is replaced wherever the message is told, and is no secret among the
    outputs: a workflow may be there to give it.
    """

    _secrets: set[str] = field(default_factory=set)
    # patterns with their anchors; compiled when an anchor is met for the first time
    _forms: dict[str, str] = field(default_factory=dict)
    _compiled: dict[str, re.Pattern[str]] = field(default_factory=dict)
    # the forms of each secret of messages, the latest last
    _named: dict[str, dict[str, str]] = field(default_factory=dict)
    _of_messages: Masker | None = None

    def learn(self, secrets: Iterable[str]) -> None:
        """Take more values that must never be shown."""
        for secret in {each for each in secrets if each} - self._secrets:
            self._secrets.add(secret)
            self._of_messages = None
            self._forms |= {form.pattern: form.anchor for form in _forms(secret)}

    def also(self, secrets: Iterable[str]) -> Masker:
        """Return what masks these values, too: itself when it knows them, so that many values leave nothing behind."""
        unknown = {each for each in secrets if each} - self._secrets
        if not unknown:
            return self
        masker = self.copy()
        masker.learn(unknown)
        return masker

    def copy(self) -> Masker:
        """Return one that knows the same, and may learn what this one does not."""
        return Masker(set(self._secrets), dict(self._forms), dict(self._compiled), dict(self._named))

    def learn_named(self, secrets: Iterable[str]) -> None:
        """Take values that a message names like secrets, for ``of_messages``; of many, the earliest are forgotten."""
        taken = [each for each in dict.fromkeys(secrets) if each not in self._secrets]
        for secret in taken:
            known = self._named.pop(secret, None)
            if known is None:
                known = {form.pattern: form.anchor for form in _forms(secret)}
                self._of_messages = None
            self._named[secret] = known
        while len(self._named) > max(_MOST_NAMED, len(taken)):
            del self._named[next(iter(self._named))]
            self._of_messages = None

    def of_messages(self) -> Masker:
        """Return what masks messages, and what is said of them: it knows what they name like secrets, too."""
        if not self._named:
            return self
        if self._of_messages is None:
            forms = dict(self._forms)
            for each in self._named.values():
                forms |= each
            self._of_messages = Masker(_forms=forms)
        return self._of_messages

    def text(self, text: str) -> str:
        """Return the text with every secret replaced; secrets that overlap are replaced as one."""
        return hide_in_urls(_mask_text(text, self._present_in(text)))

    def name(self, text: str) -> str:
        """Return a pointer or a template of a URL, which are names of documents, with every secret that is one of them.

        A secret that only begins like a word of theirs is none there, and the word would be unreadable without it.
        """
        spans = _spans(text, self._present_in(text))
        return hide_in_urls("".join(_replaced(text, [each for each in spans if _stands_alone(text, *each)])))

    def value(self, value: JsonValue) -> JsonValue:
        """Return the value with every secret in it replaced."""
        text = "\n".join(_texts_in(value))
        present = self._present_in(text)
        return _mask_value(value, present) if present or "://" in text else value

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to replace."""
        return bool(self._forms)

    def narrowed(self, value: JsonValue) -> Masker:
        """Return a masker for parts of the value, which looks for nothing that does not stand in it."""
        text = "\n".join(_texts_in(value))
        return Masker(_forms={pattern: anchor for pattern, anchor in self._forms.items() if anchor in text})

    def _present_in(self, text: str) -> list[re.Pattern[str]]:
        # to look for the anchors first, and once for a whole value, is what makes a large one cheap
        present = [pattern for pattern, anchor in self._forms.items() if anchor in text]
        for pattern in present:
            if pattern not in self._compiled:
                self._compiled[pattern] = re.compile(pattern)
        return [self._compiled[pattern] for pattern in present]


def _texts_in(value: JsonValue) -> Iterator[str]:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as members:
                yield from members
                waiting.extend(members.values())
            case list() as elements:
                waiting.extend(elements)
            case leaf:
                yield str(leaf)


def _mask_value(value: JsonValue, patterns: list[re.Pattern[str]]) -> JsonValue:
    match value:
        case str():
            return hide_in_urls(_mask_text(value, patterns))
        case dict():
            return {_mask_text(name, patterns): _mask_value(member, patterns) for name, member in value.items()}
        case list():
            return [_mask_value(element, patterns) for element in value]
        case bool() | None:
            return value
        case _:
            return value if _mask_text(str(value), patterns) == str(value) else MASK


def _mask_text(text: str, patterns: list[re.Pattern[str]]) -> str:
    spans = _spans(text, patterns)
    return "".join(_replaced(text, spans)) if spans else text


def _spans(text: str, patterns: list[re.Pattern[str]]) -> list[tuple[int, int]]:
    return sorted(match.span() for pattern in patterns for match in pattern.finditer(text))


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[:start], text[end : end + 1]
    is_escape = before.endswith(_POINTER_ESCAPES) or before[-3:-2] == "%"
    # what begins or ends with no letter is no part of a word there
    begins = is_escape or not before[-1:].isalnum() or not text[start].isalnum()
    return begins and not (after.isalnum() and text[end - 1].isalnum())


def _replaced(text: str, spans: list[tuple[int, int]]) -> Iterator[str]:
    done = 0
    for start, end in spans:
        if start >= done:
            yield text[done:start]
            yield MASK
        done = max(done, end)
    yield text[done:]


def _forms(secret: str) -> Iterator[_Form]:
    if len(secret) < _SHORT:
        yield _Form(alone(secret, _escaped(secret)), longest_plain(secret))
        return
    # a secret that holds what looks like an escape may have to be looked for as it is
    for plain in {secret, json.dumps(secret)[1:-1], quote(secret, safe="", errors="replace")}:
        yield _Form(re.escape(plain), plain)
    for variant in {secret, secret.lower(), secret.upper()}:
        yield _Form(_escaped(variant), longest_plain(variant))
    # what is no UTF-8 is refused before it is sent, and still has to be masked
    content = secret.encode("utf-8", errors="replace")
    yield from (_base64_form(content, before) for before in range(3))
    yield from (_Form(text, text) for text in (content.hex(), content.hex().upper()))


def longest_plain(secret: str) -> str:
    """Return the longest part of a secret that every encoder but those of bytes leaves as it is."""
    runs = "".join(each if each in _UNRESERVED else " " for each in secret).split()
    return max(runs, key=len, default="")


def _escaped(secret: str) -> str:
    return "".join(pattern for _, pattern in ways_to_write(secret))


def ways_to_write(secret: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a secret, in order, each with the pattern of all ways in which a text can hold it."""
    done = 0
    for run in _RUN_IN_A_SECRET.finditer(secret):
        yield from _plain_ways_to_write(secret[done : run.start()])
        yield run[0], _run_written(run[0])
        done = run.end()
    yield from _plain_ways_to_write(secret[done:])


def _plain_ways_to_write(text: str) -> Iterator[tuple[str, str]]:
    for character, run in groupby(text):
        part = "".join(run)
        yield part, _written(character, len(part))


def _run_written(run: str) -> str:
    """Return the pattern of a run of what is escaped; what only looks like an escape is an element of it, too.

    Where the rest of a text is escaped, what already looked like an escape need not look like one any more.
    """
    elements = re.findall(_RUN_OF_ESCAPES, run)
    literal = (each for each in elements if each not in _ESCAPED_BY_BACKSLASH)
    looking = {"".join(pattern for _, pattern in _plain_ways_to_write(each)) for each in literal}
    element = _any_of((_RUN_OF_ESCAPES, *looking)) if looking else _RUN_OF_ESCAPES
    # an atomic group: early releases of Python 3.11 repeat a group possessively and miss what it matches
    return f"(?>{element}{{{len(elements)},}})"


def alone(secret: str, pattern: str) -> str:
    """Return the pattern of a secret that is looked for where it stands alone, when it is too short for any place."""
    return pattern if len(secret) >= _SHORT else f"{_ALONE_BEFORE}{pattern}{_ALONE_AFTER}"


def _written(character: str, times: int) -> str:
    if character in _UNRESERVED:
        return re.escape(character * times)
    return f"{_any_of(_ways_to_write(character))}{{{times}}}"


def _any_of(patterns: Iterable[str]) -> str:
    # `&` begins `&amp;`: what is longer is tried first
    return f"(?:{'|'.join(sorted(set(patterns), key=len, reverse=True))})"


def _ways_to_write(character: str) -> Iterator[str]:
    """Yield a pattern for each way in which a text can hold a character; escapes may be escaped again."""
    code = ord(character)
    encoded = character.encode("utf-8", errors="replace")
    yield from _ways_in_one_text(character)
    yield "".join(map(_percent, encoded))
    yield rf"&#0*{code};"
    yield rf"&#[xX]0*{_hexadecimal(f'{code:x}')};"
    if code > 0x7F:  # noqa: PLR2004 - the last character of ASCII
        # UTF-8 that was read as ISO 8859-1, as headers are
        yield "".join(_any_of(_ways_in_one_text(each)) for each in encoded.decode("latin-1"))
    if code <= 0xFF:  # noqa: PLR2004 - the last character of ISO 8859-1
        yield _percent(code)
        yield rf"\\*+x{_hexadecimal(f'{code:02x}')}"


def _ways_in_one_text(character: str) -> Iterator[str]:
    yield re.escape(character)
    units = character.encode("utf-16-be", errors="surrogatepass").hex()
    yield "".join(rf"\\*+u{_hexadecimal(unit)}" for unit in re.findall("....", units))
    yield rf"\\*+U{_hexadecimal(f'{ord(character):08x}')}"
    if character == " ":
        yield r"\+"
    if character == "\t":
        yield " "  # as it is shown on a terminal
    if character in _NAMED_ENTITIES:
        yield f"&{_NAMED_ENTITIES[character]};"
    if character in _NAMED_ESCAPES:
        yield rf"\\*+{_NAMED_ESCAPES[character]}"


def _percent(byte: int) -> str:
    return f"%(?:25)*{_hexadecimal(f'{byte:02x}')}"


def _hexadecimal(digits: str) -> str:
    return "".join(f"[{each}{each.upper()}]" if each.isalpha() else each for each in digits)


def _base64_form(content: bytes, before: int) -> _Form:
    """Return the form of a secret in base64 when ``before`` bytes precede it in a group of three."""
    bits = (before * 8, (before + len(content)) * 8)
    text = sure_base64(content, before)
    pattern = "".join(_BASE64_CLASSES.get(each, each) for each in text)
    head = f"{_BASE64_CHARACTER}?" if bits[0] % 6 else ""
    tail = f"{_BASE64_CHARACTER}?" if bits[1] % 6 else ""
    anchor = max(re.split("[+/]", text), key=len)
    return _Form(f"{head}{pattern}{tail}={{0,2}}", anchor)


def sure_base64(content: bytes, before: int) -> str:
    """Return the characters of base64 that a secret decides alone; one at each end may hold bits of others, too."""
    bits = (before * 8, (before + len(content)) * 8)
    first, last = -(-bits[0] // 6), bits[1] // 6
    return base64.b64encode(bytes(before) + content + bytes(3)).decode("ascii")[first:last]
