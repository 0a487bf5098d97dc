"""A request as a command that can be pasted into a shell, with `$NAME` in place of each secret.

Decides how a text is quoted, and what a secret is called: by where it stands, since what it is nobody may see. The
request is masked first, so no secret can come through.
"""

from __future__ import annotations

import base64
import re
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.reporting.messages.named_secrets import named_secrets
from arazzo_engine.secret_names import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.reporting.masking import Masker

# of a body that is longer, the command says only where it must come from
LONGEST_BODY: Final = 65_536
_CONTINUED: Final = " \\\n  "
# curl says these itself
_ITS_OWN: Final = frozenset({"content-length", "accept-encoding", "connection", "transfer-encoding"})
# what curl would say if nothing else was said
_UNLESS_GIVEN: Final = ("Accept", "User-Agent")
# a control character, and what changes the direction of text: written out, so that a terminal shows what is pasted
_UNSAFE: Final = lazy_pattern("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_IN_URL: Final = lazy_pattern(r"[?&;]([^=&;?#]+)=[^&;#]*\Z")
_IN_BODY: Final = lazy_pattern(r"""(?:"([^"\\]+)"\s*:\s*\[?\s*"?[^",\[\]{}]*|(?:\A|[&;])([^=&;]+)=[^&;]*)\Z""")


class _Names(Struct):
    """What the secrets of a command are called, each by where it stands."""

    taken: dict[str, str] = field(default_factory=dict)

    def name(self, place: str) -> str:
        """Return the name of the variable that holds a secret."""
        word = re.sub(r"[^A-Z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", place).upper()).strip("_") or "SECRET"
        word = f"SECRET_{word}" if word[0].isdecimal() else word
        number = 1
        while self.taken.setdefault(word if number == 1 else f"{word}_{number}", place) != place:
            number += 1
        return word if number == 1 else f"{word}_{number}"


def curl_command(request: Request, masker: Masker) -> str:
    """Return the command that sends the same request, secrets aside."""
    masker.learn_named(named_secrets(request))
    masker, names = masker.of_messages(), _Names()
    body = _body(request, masker, names)
    words = [_first(request, masker, names), *_headers(request, masker, names), *body.words]
    command = _CONTINUED.join(words)
    told = [f"# set {', '.join(names.taken)}"] if names.taken else []
    return "\n".join([*told, *body.said, f"{body.before}{command}"])


def _first(request: Request, masker: Masker, names: _Names) -> str:
    url = masker.text(request.url)
    options = [
        *(["--head"] if request.method == "HEAD" else []),
        *(["-X", request.method] if request.method not in {"GET", "HEAD"} or request.content else []),
        *(["--globoff"] if re.search(r"[\[\]{}]", url) else []),
        *(["--path-as-is"] if "/." in url else []),
    ]
    quoted = _quote(url, names, lambda before: (found := _IN_URL.search(before)) and found[1])
    return " ".join(["curl", *options, quoted])


def _headers(request: Request, masker: Masker, names: _Names) -> Iterator[str]:
    host = re.sub(r"\A[a-zA-Z]+://(?:[^/?#]*@)?([^/?#]*).*\Z", r"\1", request.url, flags=re.DOTALL)
    for name, value in request.headers:
        is_its_own = name.lower() in _ITS_OWN and (request.content or name.lower() != "content-length")
        if is_its_own or (name.lower() == "host" and value == host):
            continue
        shown = masker.text(value)
        place = "token" if shown.lower().startswith("bearer ") else name
        text = f"{name}: {shown}" if value else f"{name};"
        yield f"-H {_quote(text, names, partial(_always, place))}"
    given = {name.lower() for name, _ in request.headers}
    missing = [*_UNLESS_GIVEN, *(["Content-Type"] if request.content else [])]
    yield from (f"-H '{name}:'" for name in missing if name.lower() not in given)


def _always(place: str, _before: str) -> str:
    return place


class _Body(Struct, frozen=True):
    """How a body comes to the command: by words of it, from what stands before it, and what must be said."""

    words: tuple[str, ...] = ()
    before: str = ""
    said: tuple[str, ...] = ()


def _body(request: Request, masker: Masker, names: _Names) -> _Body:
    content = request.content
    if not content:
        return _Body()
    if not isinstance(content, bytes) or len(content) > LONGEST_BODY:
        return _elsewhere(len(content))
    try:
        text = content.decode()
    except UnicodeDecodeError:
        encoded = base64.b64encode(content).decode("ascii")
        if masker.text(encoded) != encoded:
            return _elsewhere(len(content))
        return _Body(("--data-binary @-",), f"printf %s {encoded} | base64 -d | ")
    if "\0" in text:
        return _elsewhere(len(content))
    quoted = _quote(masker.text(text), names, _place_in_body)
    return _Body((f"--data-raw {quoted}",))


def _elsewhere(size: int) -> _Body:
    return _Body(
        ("--data-binary @body",),
        said=(f"# its body of {size:,} bytes is not written out: put it into the file `body`",),
    )


def _place_in_body(before: str) -> str:
    found = _IN_BODY.search(before[-LONGEST_BODY:])
    return (found[1] or found[2]) if found is not None else ""


def _quote(text: str, names: _Names, place: Callable[[str], str | None]) -> str:
    """Return a text as one word of a shell, in which a variable stands for each secret."""
    parts = text.split(MASK)
    words = [_word(parts[0])]
    before = parts[0]
    for part in parts[1:]:
        words.append(f'"${names.name(place(before) or "")}"')
        before += MASK + part
        words.append(_word(part) if part else "")
    return "".join(words) or "''"


def _word(text: str) -> str:
    if not text:
        return ""
    if _UNSAFE.search(text):
        escaped = text.replace("\\", "\\\\").replace("'", "\\'")
        return "$'" + _UNSAFE.sub(_escape, escaped) + "'"
    return "'" + text.replace("'", "'\\''") + "'"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0x7F else f"\\u{code:04x}"  # noqa: PLR2004 - the last character of ASCII
