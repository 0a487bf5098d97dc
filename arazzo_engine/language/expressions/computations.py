"""Computations that documents write in braces or behind an expression: choices, arithmetic, calls. Arazzo has none.

Decides what is one, and the words of a fix. It knows nothing of the place: where such a text stops a document, and
where it is repaired no further, is for others to say.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.patterns import lazy_pattern

_NO_CHOICE: Final = (
    "Arazzo has no conditional expression: give the value as an input, with a `default`, or choose a step by `criteria`"
)
_NO_ARITHMETIC: Final = "Arazzo has no arithmetic: give the result as an input, or take it from an answer"
_NO_CALL: Final = "an expression calls nothing: give the result as an input, or take it from an answer"
_STRINGS: Final = lazy_pattern(r"'[^']*'|\"[^\"]*\"")
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
        return _NO_CHOICE
    return _NO_ARITHMETIC if _COMPUTED.search(bare) else ""


def find_computation(text: str) -> tuple[tuple[int, int], str] | None:
    """Return the characters of the first computation that stands in braces, and what to write instead.

    >>> find_computation("a { upper($inputs.name) }")[0]
    (2, 25)
    """
    for braces in _BRACES.finditer(text) if "{" in text and "$" in text else ():
        begun = _BEGINNING.match(braces[0])
        if begun is None:
            continue
        is_call = begun["call"] or begun["method"]
        fix = instead_of_computing(braces[0][begun.end() : -1]) or (_NO_CALL if is_call else "")
        if fix:
            return braces.span(), fix
    return None
