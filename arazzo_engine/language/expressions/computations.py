"""Computations that documents write in braces or with an expression: choices, arithmetic, calls. Arazzo has none.

Decides what is one, and the words of a fix. It knows nothing of the place: where such a text stops a document, and
where it is repaired no further, is for others to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_CHOICE: Final = (
    "Arazzo has no conditional expression: give the value as an input, with a `default`, or choose a step by `criteria`"
)
_NO_ARITHMETIC: Final = "Arazzo has no arithmetic: give the result as an input, or take it from an answer"
_NO_CHOICE_OF: Final = (
    "Arazzo has no choice of two values: give `{}` to one step and `{}` to another, and choose by `criteria`"
)
NO_CALL: Final = "an expression calls nothing: give the result as an input, or take it from an answer"
_STRINGS: Final = lazy_pattern(r"'[^']*'|\"[^\"]*\"")
_TWO: Final = 2
_CHOICES: Final = frozenset({"||", "??", "|", "or"})
# braces that hold no others
_BRACES: Final = lazy_pattern(r"\{[^{}]*\}")
_REFERENCE: Final = (
    r"\$(?:statusCode\b|(?:inputs|outputs)\.[\w.\-]+|(?:steps|workflows)\.[\w\-]+\.\w+\.[\w.\-]+"
    r"|(?:request|response)\.(?:body|header|query|path)[\w.\-#/]*)"
)
# a computation begins with a value, which a sign, a bracket or a call may stand before; an object begins with a name
_BEGINNING: Final = lazy_pattern(
    rf"\{{\s*(?:!|\(\s*|(?P<call>[A-Za-z_][\w.]*)\(\s*)*{_REFERENCE}(?P<method>\([^()]*\))?"
)
# a value that is nothing but expressions, numbers and strings with signs between them, and an expression
_OPERAND: Final = rf"[(\s]*(?:{_REFERENCE}|-?\d+(?:\.\d+)?|'[^']*'|\"[^\"]*\")[)\s]*"
_SIGN: Final = r"(?:(?<=[\s)])(?:[-/%|]|or)(?=[\s(])|[+*]|\|\||\?\?)"
_WHOLE: Final = lazy_pattern(rf"(?=[^$]*\$){_OPERAND}(?:{_SIGN}{_OPERAND})+")
_PARTED: Final = lazy_pattern(rf"(?P<operand>{_OPERAND})(?P<sign>{_SIGN})?")
# `a ? b : c`, `a || b`, `a ?? b`; a slash and a minus without spaces could belong to a name
_CHOSEN: Final = lazy_pattern(r"[^?]\?(?![?.])[^?:]*:|\|\||\?\?|&&")
_COMPUTED: Final = lazy_pattern(r"\s+[-+*/%]\s*[\w$(]|[\w)\]]\s*[+*%]\s*[\d$(]")


def instead_of_computing(rest: str) -> str:
    """Return what to write instead of a computation, given what stands behind its first value; empty if it is none.

    >>> instead_of_computing(" + 1")
    'Arazzo has no arithmetic: give the result as an input, or take it from an answer'
    """
    bare = "_" + _STRINGS.sub(lambda found: "_" * len(found[0]), rest)
    if _CHOSEN.search(bare):
        return NO_CHOICE
    return _NO_ARITHMETIC if _COMPUTED.search(bare) else ""


def instead_of_whole(text: str) -> str:
    """Return what to write instead of a value that is a computation as a whole; empty if it is none.

    >>> instead_of_whole("$inputs.a - $inputs.b").partition(": ")[2].partition("; ")[2]
    'if a text is meant, write `{$inputs.a} - {$inputs.b}`'
    >>> instead_of_whole("$inputs.a $inputs.b"), instead_of_whole("$inputs.a/$inputs.b")
    ('', '')
    """
    if "$" not in text or _WHOLE.fullmatch(text) is None:
        return ""
    found = [(each["operand"].strip("() \t\n"), each["sign"] or "") for each in _PARTED.finditer(text)]
    operands, signs = [operand for operand, _ in found], {sign for _, sign in found if sign}
    if signs <= _CHOICES:
        is_of_two = len(operands) == _TWO and all(each.startswith("$") for each in operands)
        return _NO_CHOICE_OF.format(*operands) if is_of_two else NO_CHOICE
    is_text = signs <= {"+"} or (signs <= {"-", "/"} and all(each.startswith("$") for each in operands))
    if not is_text or any(each[-1].isdigit() and each[0] != "$" for each in operands):
        return _NO_ARITHMETIC
    return f"{_NO_ARITHMETIC}; if a text is meant, write `{''.join(_texts(found))}`"


def _texts(found: list[tuple[str, str]]) -> Iterator[str]:
    for operand, sign in found:
        yield f"{{{operand}}}" if operand.startswith("$") else operand[1:-1]
        if sign not in {"", "+"}:
            yield f" {sign} "


# a function of another language that is all of a text, and is given a value without braces
_CALL: Final = lazy_pattern(
    r"\s*\$?(?:(?:JSON|Math|Object|Array|String|Number|json|str)\.)?"
    r"(?:abs|atob|b64|base64\w*|btoa|ceil|coalesce|concat|date\w*|decode\w*|default|encode\w*|first|float|floor"
    r"|format\w*|from_?[jJ]son|get|hash|hex|hmac\w*|if|iff|int|join|jp|json|json_?[pP]ath|last|len|length|lookup|lower"
    r"|lowercase|map|max|md5|merge|min|not|now|number|Number|parse\w*|random\w*|read|replace|round|sha\d+|size|slice"
    r"|split|str|string|String|stringify|sub|subst\w*|sum|to_?[A-Z]\w*|tojson|trim|upper|uppercase|url_?[eE]ncode\w*"
    r"|uuid\w*|xpath)\("
)
_NOT_IN_BRACES: Final = lazy_pattern(rf"(?<![{{\w$]){_REFERENCE}")
_TOKEN: Final = lazy_pattern(r"'[^']*'|\"[^\"]*\"|[()]|[^()'\"]+|.", re.DOTALL)


def instead_of_call(text: str) -> str:
    """Return what to write instead of a text that calls a function with a value, empty if it does not.

    >>> instead_of_call("upper($inputs.name)") == NO_CALL, instead_of_call("startswith(name, '$inputs.name')")
    (True, '')
    """
    begun = _CALL.match(text) if "$" in text else None
    is_call = begun is not None and _ends_at(text, begun.end()) == len(text.rstrip())
    return NO_CALL if is_call and _NOT_IN_BRACES.search(text) else ""


def _ends_at(text: str, start: int) -> int:
    """Return where the bracket closes that was opened right before a place, ``-1`` where it does not."""
    depth = 1
    for token in _TOKEN.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return -1


def find_computation(text: str) -> tuple[tuple[int, int], str] | None:
    """Return the characters of the first computation in braces, or of one that is all of it, and what to write instead.

    >>> find_computation("a { upper($inputs.name) }")[0], find_computation("2 * $inputs.size")[0]
    ((2, 25), (0, 16))
    """
    if whole := instead_of_whole(text):
        return (0, len(text)), whole
    for braces in _BRACES.finditer(text) if "{" in text and "$" in text else ():
        begun = _BEGINNING.match(braces[0])
        if begun is None:
            continue
        is_call = begun["call"] or begun["method"]
        fix = instead_of_computing(braces[0][begun.end() : -1]) or (NO_CALL if is_call else "")
        if fix:
            return braces.span(), fix
    return None
