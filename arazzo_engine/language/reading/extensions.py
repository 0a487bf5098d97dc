"""Extensions of other engines that would change what is sent, and how the same is said here.

Decides which names of extensions are told. They "may or may not be supported by the available tooling", and nothing is
done by them; but what a document says about its requests is never passed over in silence. Any other extension is for
others to read.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from typing import TypeGuard

    from arazzo_engine.documents.values import JsonValue, Value


class Extension(Struct, frozen=True):
    """A kind of extension: its names, without the signs in them, what is not done, and how it is said here."""

    names: tuple[str, ...]
    undone: str
    instead: str


_SERVER: Final = "--server <source>=https://…"
_CREDENTIAL: Final = (
    "where the operation asks for the credential, give it with `--auth <scheme>=…`, else write a parameter for the"
    " header or query that carries it"
)
# what carries a scheme of these kinds that is written out, but for a key, which names its place
_BEARERS: Final = frozenset({"bearer", "oauth2", "openIdConnect"})
_PLACES_OF_KEYS: Final = frozenset({"query", "header", "cookie"})
_EXTENSIONS: Final = (
    Extension(
        ("security", "auth", "authentication", "authorization", "credentials", "speakeasytestsecurity"),
        "no credential comes from it",
        _CREDENTIAL,
    ),
    Extension(
        ("operation", "method"),
        "no request is made of it",
        "describe the operation in one of the `sourceDescriptions`, and name it by `operationId` or `operationPath`",
    ),
    Extension(
        ("serverurl", "server", "servers", "baseurl", "speakeasytestserver"),
        "requests go to the server of the API description",
        f"name another one with `{_SERVER}`",
    ),
    Extension(
        ("allowreserved", "style", "explode"),
        "the value is written as the API description says",
        "set it on the parameter in the API description",
    ),
    Extension(
        ("header", "headers", "cookies"),
        "nothing of it is sent",
        "write a parameter with `in: header` or `in: cookie`",
    ),
    Extension(
        ("faker", "env", "secrets"),
        "no value comes from it",
        "declare an input, and give it with `-i <name>=…`",
    ),
    Extension(
        ("skip", "skipif", "if", "when", "unless", "runif", "onlyif", "condition", "disabled"),
        "nothing is left out because of it",
        "in the step before, write an entry of `onSuccess` with `type: goto` and `criteria`, which goes past this one",
    ),
    Extension(
        ("retry", "retries", "retrypolicy", "maxretries", "poll", "polling", "until", "while"),
        "nothing is sent again because of it",
        "write an entry of `onFailure` with `type: retry`, `retryAfter` and `retryLimit`",
    ),
    Extension(
        ("foreach", "foreachitem", "loop", "repeat", "iterate"),
        "nothing is done for each of a list",
        "write a step for each, or run the workflow for each of many rows with `arazzo batch`",
    ),
    Extension(
        ("delay", "wait", "sleep", "pause"),
        "nothing waits for it",
        "write `retryAfter` in an action of `type: retry`, if an answer is waited for",
    ),
)  # fmt: skip
# a field of OpenAPI that some write in steps and workflows: whether it changes anything, only the operation can tell
SECURITY: Final = "security"
_BY_NAME: Final = {name: each for each in _EXTENSIONS for name in each.names}
_URL: Final = lazy_pattern(r"https?://[^\s`]+")
_SIGNS: Final = lazy_pattern(r"[^a-z0-9]")


def ignored_extension(name: str) -> Extension | None:
    """Return what is to be told of an extension, ``None`` when it changes nothing that is sent.

    >>> ignored_extension("x-server-url").undone
    'requests go to the server of the API description'
    """
    return _BY_NAME.get(_SIGNS.sub("", name.casefold().removeprefix("x-")))


def instead_of(name: str, value: JsonValue, beside: JsonValue) -> str:
    """Return how the same is said here; ``beside`` is the name that stands beside the extension, if there is one.

    >>> instead_of("x-serverUrl", "https://b.example/v1", "shop")
    'name another one with `--server shop=https://b.example/v1`'
    """
    extension = ignored_extension(name)
    instead = "" if extension is None else extension.instead
    if instead == _CREDENTIAL:
        return _carrying(value) or instead
    url = value if isinstance(value, str) and _URL.fullmatch(value) else ""
    if not url or _SERVER not in instead:
        return instead
    source = quote(beside) if isinstance(beside, str) else "<source>"
    return instead.replace(_SERVER, f"--server {source}={quote(url)}")


def _carrying(value: JsonValue) -> str:
    """Return the parameters that carry what is written out as security, nothing where one of them is not known.

    >>> _carrying([{"scheme": {"type": "http", "scheme": "bearer"}, "values": {"token": "$inputs.token"}}])
    'write the parameter `{name: Authorization, in: header, value: "Bearer {$inputs.token}"}`'
    """
    entries = value if isinstance(value, list) else [value]
    found = [_parameter(each) if isinstance(each, dict) else "" for each in entries]
    is_known = bool(found) and all(found)
    return f"write the parameter{'s' * (len(found) > 1)} {' and '.join(found)}" if is_known else ""


def _parameter(entry: dict[str, JsonValue]) -> str:
    scheme, values = entry.get("scheme"), entry.get("values")
    if not isinstance(scheme, dict) or not isinstance(values, dict) or len(values) != 1:
        return ""
    (given,) = values.values()
    # what is written out may be a secret
    text = given if isinstance(given, str) and given.startswith("$") else ""
    kind = scheme.get("scheme") if scheme.get("type") == "http" else scheme.get("type")
    name, place = scheme.get("name"), scheme.get("in")
    if kind == "apiKey" and isinstance(name, str) and place in _PLACES_OF_KEYS:
        return f"`{{name: {name}, in: {place}, value: {text or '…'}}}`"
    bearer = f"Bearer {{{text}}}" if text else "Bearer …"
    return f'`{{name: Authorization, in: header, value: "{bearer}"}}`' if kind in _BEARERS else ""


def is_security(value: Value) -> TypeGuard[list[dict[str, JsonValue]]]:
    """Whether a value is what OpenAPI calls security: a list of objects, each of names with scopes."""
    return isinstance(value, list) and all(
        isinstance(each, dict) and all(isinstance(scopes, list) for scopes in each.values()) for each in value
    )
