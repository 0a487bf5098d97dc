"""Masking secrets by value in everything that is printed, in each form a value can take on the way.

Decides what is replaced; what a secret is, is decided by the credentials and by the flow of inputs and outputs.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.documents.values import JsonValue

MASK: Final = "***"
# a shorter secret is masked only where it stands alone: `1` in every number would hide the report
_SHORT: Final = 4


class Masker(Struct):
    """Knows the secrets of a run, and replaces them in texts and values."""

    _secrets: set[str] = field(default_factory=set)
    _pattern: re.Pattern[str] | None = None

    def learn(self, secrets: Iterable[str]) -> None:
        """Take more values that must never be shown."""
        new = {form for secret in secrets if secret for form in _forms(secret)} - self._secrets
        if new:
            self._secrets |= new
            self._pattern = re.compile("|".join(map(_as_pattern, sorted(self._secrets, key=len, reverse=True))))

    def text(self, text: str) -> str:
        """Return the text with every secret replaced."""
        return text if self._pattern is None else self._pattern.sub(MASK, text)

    def value(self, value: JsonValue) -> JsonValue:
        """Return the value with every secret in it replaced."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(name): self.value(member) for name, member in value.items()}
            case list():
                return [self.value(element) for element in value]
            case bool() | None:
                return value
            case _:
                return MASK if str(value) in self._secrets else value


def _forms(secret: str) -> tuple[str, ...]:
    escaped = json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]
    return (secret, *escaped, quote(secret, safe=""), quote(secret), quote_plus(secret), secret.replace("'", "''"))


def _as_pattern(secret: str) -> str:
    escaped = re.escape(secret)
    return escaped if len(secret) >= _SHORT else rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])"
