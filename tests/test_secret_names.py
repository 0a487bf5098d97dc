"""Names that say that their value is a secret, and names that only look like it."""

from __future__ import annotations

import pytest

from arazzo_engine.secret_names import (
    hide_in_urls,
    is_secret_cookie,
    is_secret_header,
    is_secret_member,
    is_secret_query,
)

_MEMBERS = "password userPassword db_password passphrase pwd secret client_secret clientSecret token accessToken "
_MEMBERS += "refresh_token apiKey api_key APIKey api-key private_key secretAccessKey sessionId cvc otp credentials"
_NO_MEMBERS = (
    "key name author passwordHint password_policy token_type tokenUrl max_tokens totalTokens tokens tokenCount "
)
_NO_MEMBERS += "page_token nextPageToken continuation_token next_token syncToken idempotencyKey secretName secret_id "
_NO_MEMBERS += "public_key primaryKey partitionKey session pin monkey keyboard tokenizer secretary"
_HEADERS = "Authorization Proxy-Authorization Cookie X-Api-Key X-API-KEY Ocp-Apim-Subscription-Key X-Auth-Token key "
_HEADERS += "Private-Token X-Vault-Token X-Amz-Security-Token X-Functions-Key X-Csrf-Token X-Session X-Auth apikey "
_HEADERS += "Signature X-Signature DPoP dpop"
_NO_HEADERS = "Idempotency-Key X-Idempotency-Key X-Request-Id Content-Type Accept X-Next-Page-Token Surrogate-Key ETag "
_NO_HEADERS += "Sec-WebSocket-Key X-Correlation-Key If-Match X-Author X-Keyword "
_NO_HEADERS += "Signature-Input Content-Digest"
_QUERIES = "api_key apikey access_token token sig signature X-Amz-Signature client_secret password"
_NO_QUERIES = "page_token key q sort_key cursor nextPageToken designature"
_COOKIES = "session PHPSESSID JSESSIONID sid auth access_token"
_NO_COOKIES = "theme language consent"


@pytest.mark.parametrize(
    ("says", "secret", "other"),
    [
        (is_secret_member, _MEMBERS, _NO_MEMBERS),
        (is_secret_header, _HEADERS, _NO_HEADERS),
        (is_secret_query, _QUERIES, _NO_QUERIES),
        (is_secret_cookie, _COOKIES, _NO_COOKIES),
    ],
    ids=["member", "header", "query", "cookie"],
)
def test_a_name_says_whether_its_value_is_a_secret(says: object, secret: str, other: str) -> None:
    assert callable(says)
    assert [name for name in secret.split() if not says(name)] == []
    assert [name for name in other.split() if says(name)] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:pw@api.example/x", "https://***@api.example/x"),
        ("https://token@api.example/x", "https://***@api.example/x"),
        ("https://a.example/d?access_token=abc&v=1 (404)", "https://a.example/d?access_token=***&v=1 (404)"),
        ("url: 'ftp://u:p@h/x'", "url: 'ftp://***@h/x'"),
        ("me@example.com https://a.example/@me?page_token=x", "me@example.com https://a.example/@me?page_token=x"),
        ("without a host: /n?token=x", "without a host: /n?token=***"),
    ],
)  # fmt: skip
def test_what_is_secret_in_an_address_is_hidden(text: str, shown: str) -> None:
    assert hide_in_urls(text) == shown
