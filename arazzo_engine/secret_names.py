"""Names that say that what they name is a secret, though no description does: of headers, query parameters and members.

Decides it from tables, word by word, and errs on neither side lightly: a secret that shows cannot be taken back, and a
value that is masked for nothing hides what a person has to see. A cursor (``page_token``) is a judgement: it opens
nothing but the next page, and is what one looks at when paging goes wrong, so it is shown.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

MASK: Final = "***"

# a run meets the same names again and again
_KNOWN_NAMES: Final = 1_024

# a name is split where a word begins: `clientSecret`, `client_secret`, `X-Client-Secret`
_WORD: Final = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# a name that ends in one of these names a secret, wherever it stands
_ENDS: Final = (
    *("password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "authorization"),
    *("api key", "access key", "secret key", "private key", "signing key", "encryption key", "subscription key"),
    *("auth key", "shared key", "master key", "account key", "license key", "client assertion", "refresh tokens"),
    *("credential", "credentials", "otp", "totp", "cvc", "cvv", "session id", "sessionid", "bearer", "jwt"),
    *("connection string", "access code", "passcode", "secret access key", "webhook url"),
)
# and these do not, whatever they end in
_HARMLESS: Final = (
    *("page token", "continuation token", "sync token", "cursor token", "next token", "previous token", "start token"),
    *("skip token", "resume token", "change token", "delta token", "scroll token", "sort token", "position token"),
    *("idempotency key", "idempotence key", "idempotency token", "client request token", "max token"),
    *("has password", "public token"),
)
# in a header, a key proves who is asking; these do not
_HARMLESS_HEADER_KEYS: Final = (
    *("idempotency key", "idempotence key", "cache key", "surrogate key", "partition key", "routing key", "sort key"),
    *("web socket key", "websocket key", "public key", "request key", "dedup key", "correlation key"),
)
# RFC 9449: "DPoP" has a proof that is signed with the key of the client
_HEADER_ENDS: Final = ("key", "session", "signature", "cookie", "auth", "d po p", "dpop")
_COOKIE_ENDS: Final = ("session", "sid", "sess", "sessid", "auth", "phpsessid", "jsessionid")
_LONG_COOKIE: Final = 16
# where no description says what is secret: names that are too common to be hidden where one does
_UNDESCRIBED: Final = (
    *("auth", "session", "sid", "pin", "assertion", "code verifier", "saml response", "signature", "sig", "hmac"),
)
# and of a query parameter, which is no member of anything
_UNDESCRIBED_QUERY: Final = ("key",)
# RFC 6749: what stands beside a code that is to become a token
_BESIDE_CODES: Final = frozenset({"grant type", "state", "client id", "redirect uri", "code verifier"})
_CODES: Final = frozenset({"code", "device code"})
# what stands before the host of a URL, and a query parameter; a URL is recognised by its scheme
_USER: Final = lazy_pattern(r"(?<=://)[^\s/?#@'\"`<>]*:[^\s/?#@'\"`<>]*(?=@)|(?<=://)[^\s/?#@:'\"`<>]+(?=@)")
_QUERY: Final = lazy_pattern(r"(?<=[?&;#])([A-Za-z0-9_.~%\[\]-]+)=([^\s&#;'\"`<>]+)")

# a parameter of a header, long enough to prove something
_PARAMETER: Final = lazy_pattern(r"""([A-Za-z][A-Za-z0-9_-]*)\s*=\s*"?([^\s",;]{16,})""")
_PROOFS: Final = frozenset({"response", "mac", "hmac"})


# a word of each of them that no way to write a name parts, without those that have another one in them
_LONGEST_WORDS: Final = {max(each.split(), key=len) for each in _ENDS}
_TELLING: Final = tuple(word for word in _LONGEST_WORDS if not any(other in word for other in _LONGEST_WORDS - {word}))


def may_name_secrets(text: str) -> bool:
    """Whether there may be a name in a text that says that what it names is a secret: quickly, and with false alarms.

    >>> may_name_secrets('{"accessToken": "x"}'), may_name_secrets('{"id": 1}')
    (True, False)
    """
    folded = text.lower()
    # a generator would take longer than the search
    for word in _TELLING:
        if word in folded:
            return True
    return "\\u" in text


@lru_cache(_KNOWN_NAMES)
def is_secret_member(name: str) -> bool:
    """Whether an input, or a member of an object, that has this name holds a secret.

    >>> [name for name in ("clientSecret", "page_token", "max_tokens", "user_password") if is_secret_member(name)]
    ['clientSecret', 'user_password']
    """
    words = _words(name)
    return _ends(words, _ENDS) and not _ends(words, _HARMLESS)


def is_secret_query(name: str) -> bool:
    """Whether a query parameter of this name holds a secret: a signature of the URL does, too."""
    words = _words(name)
    return is_secret_member(name) or words in {"sig", "signature", "x amz signature", "x goog signature"}


def is_secret_header(name: str) -> bool:
    """Whether a header of this name holds a secret.

    >>> list(map(is_secret_header, ("X-Api-Key", "Private-Token", "Idempotency-Key", "X-Next-Page-Token")))
    [True, True, False, False]
    """
    words = _words(name)
    by_header = _ends(words, _HEADER_ENDS) and not _ends(words, _HARMLESS_HEADER_KEYS)
    return by_header or is_secret_member(name)


def is_secret_cookie(name: str, value: str = "") -> bool:
    """Whether a cookie of this name holds a secret: one whose value is so long opens something, whatever its name."""
    return len(value) >= _LONG_COOKIE or _ends(_words(name), _COOKIE_ENDS) or is_secret_member(name)


def is_secret_undescribed(name: str, beside: Iterable[str] = ()) -> bool:
    """Whether a member of this name holds a secret where no description says so; ``beside`` names those beside it.

    >>> is_secret_undescribed("PIN"), is_secret_undescribed("code"), is_secret_undescribed("code", ["grant_type"])
    (True, False, True)
    """
    words = _words(name)
    if words in _CODES:
        return any(_words(each) in _BESIDE_CODES for each in beside)
    return words in _UNDESCRIBED or is_secret_member(name)


def is_secret_query_undescribed(name: str, beside: Iterable[str] = ()) -> bool:
    """Whether a query parameter of this name holds a secret where no description says so."""
    return _words(name) in _UNDESCRIBED_QUERY or is_secret_query(name) or is_secret_undescribed(name, beside)


def texts_of_proof(value: str) -> tuple[str, ...]:
    """Return what must not be shown of a header that proves who is asking: it, what follows its scheme, and the proof.

    >>> texts_of_proof('Digest username="me", response="0123456789abcdef"')[1:]
    ('username="me", response="0123456789abcdef"', '0123456789abcdef')
    """
    parts = (part for name, part in _PARAMETER.findall(value) if name.lower() in _PROOFS or is_secret_query(name))
    return tuple(filter(None, (value, value.partition(" ")[2], *parts)))


def hide_in_urls(text: str) -> str:
    """Return a text without the users, passwords and secret parameters of the URLs in it.

    >>> hide_in_urls("https://me:pw@api.example/x?api_key=k&page=2")
    'https://***@api.example/x?api_key=***&page=2'
    >>> hide_in_urls("see /cb#access_token=t&state=1")
    'see /cb#access_token=***&state=1'
    """
    shown = _USER.sub(MASK, text) if "://" in text else text
    return _QUERY.sub(_hidden_parameter, shown) if _may_have_query(shown) else shown


def hide_in_address(address: str) -> str:
    """Return what is one address and nothing else, without whatever may be secret in it, however badly it is written.

    >>> [hide_in_address(each) for each in ("me:p@w@proxy:3128", "postgresql://me:p/w@host/db?sslpassword=x")]
    ['***@proxy:3128', 'postgresql://***@host/db?***']
    """
    scheme, slashes, rest = address.partition("://") if "://" in address else ("", "", address)
    user, at, place = rest.rpartition("@")
    if "?" in user:
        # a password with a question mark, or a query with an at sign: what would be shown may be the secret
        return f"{scheme}{slashes}{MASK}"
    shown, mark, _ = place.partition("?")
    return f"{scheme}{slashes}{MASK * bool(at)}{at}{shown}{mark}{MASK * bool(mark)}"


def secrets_in_urls(text: str) -> tuple[str, ...]:
    """Return the users, passwords and secret parameters of the URLs in a text, as they are written there.

    >>> secrets_in_urls("https://me:pw@api.example/x?api_key=k&page=2")
    ('me:pw', 'k')
    """
    users = _USER.findall(text) if "://" in text else ()
    found = _QUERY.findall(text) if _may_have_query(text) else ()
    return (*users, *(value for name, value in found if is_secret_query(name)))


def _may_have_query(text: str) -> bool:
    """Whether a URL in a text may have parameters, also one without a host: quickly, and with false alarms."""
    return "=" in text and ("?" in text or "#" in text)


def _hidden_parameter(found: re.Match[str]) -> str:
    return f"{found[1]}={MASK}" if is_secret_query(found[1]) else found[0]


@lru_cache(_KNOWN_NAMES)
def _words(name: str) -> str:
    return " ".join(word.lower() for word in _WORD.findall(name))


def _ends(words: str, ends: tuple[str, ...]) -> bool:
    return any(words == end or words.endswith(f" {end}") for end in ends)
