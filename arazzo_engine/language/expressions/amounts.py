"""Whether what an expression names may be an amount of money: `${$inputs.price}` is a price by every letter of it.

Decides it by the last name alone.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.patterns import lazy_pattern

_WORDS: Final = lazy_pattern(r"[A-Z]?[a-z]+|[A-Z]+")
_LAST: Final = lazy_pattern(r"([^./#]*)(?:[/.]\d+)*\Z")
_OF_MONEY: Final = frozenset(
    {
        "amount", "balance", "bid", "bill", "bonus", "budget", "charge", "cost", "credit", "debit", "deposit",
        "discount", "dollar", "fare", "fee", "fund", "income", "limit", "max", "maximum", "min", "minimum",
        "money", "net", "offer", "paid", "premium", "prize", "rent", "due", "gross", "cash", "commission",
        "pay", "payment", "price", "rate", "refund", "revenue", "salary", "spend", "subtotal",
        "sum", "tax", "tip", "total", "usd", "value", "wage", "worth",
    }
)  # fmt: skip
# what names something of an amount, and is none
_NO_AMOUNT: Final = frozenset({"code", "date", "id", "key", "kind", "name", "ref", "status", "token", "type", "url"})


def may_be_amount(expression: str, *, is_number: bool = False) -> bool:
    """Whether the last name of an expression has a word for money in it, or is that of a number which is no key.

    >>> may_be_amount("$inputs.unitPrices"), may_be_amount("$steps.a.outputs.cart#/total"), may_be_amount("$inputs.tag")
    (True, True, False)
    >>> may_be_amount("$inputs.priceId"), may_be_amount("$inputs.count", is_number=True)
    (False, True)
    """
    words = _last_words(expression)
    if words and words[-1] in _NO_AMOUNT:
        return False
    return is_number or any(not _OF_MONEY.isdisjoint(_singular(each)) for each in words)


def names_no_amount(expression: str) -> bool:
    """Whether the last name of an expression says that it is the key or the like of something.

    >>> names_no_amount("$steps.a.outputs.cart#/id"), names_no_amount("$steps.a.outputs.sum")
    (True, False)
    """
    words = _last_words(expression)
    return bool(words) and words[-1] in _NO_AMOUNT


def _last_words(expression: str) -> list[str]:
    last = _LAST.search(expression)
    return [] if last is None else [each.casefold() for each in _WORDS.findall(last[1])]


def _singular(word: str) -> tuple[str, str, str]:
    return word, word.removesuffix("s"), word.removesuffix("es")
