"""The grammar of simple conditions: a tokenizer and recursive descent, from text to a ``Condition``.

Decides which texts are conditions, and says for the ones that are not what to write instead. The names in
a condition are looked up later.

    condition  = conjunction *( "||" conjunction )
    conjunction = comparison *( "&&" comparison )
    comparison = unary [ ( "==" / "!=" / "<" / "<=" / ">" / ">=" ) unary ]
    unary      = "!" unary / "(" condition ")" / literal / reference

The grammar of the engine's own conditions has one literal more, an object or array of JSON; it compares media types,
and `length` after a list counts.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NoReturn

from msgspec import Struct

from arazzo_engine.language.conditions.assertions import as_assertion
from arazzo_engine.language.conditions.condition import (
    And,
    Comparison,
    Condition,
    LiteralValue,
    Node,
    Not,
    Or,
    Reference,
    TextWithValues,
    names_media_type,
)
from arazzo_engine.language.conditions.emptiness import fix_emptiness
from arazzo_engine.language.conditions.foreign import fix_operator, foreign_sign
from arazzo_engine.language.conditions.gjson import fix_gjson
from arazzo_engine.language.conditions.hurl import as_condition, with_expression
from arazzo_engine.language.conditions.judgements import quoted
from arazzo_engine.language.conditions.references import counting, read_reference
from arazzo_engine.language.conditions.shell import as_condition as of_shell
from arazzo_engine.language.conditions.unquoted import fix_unquoted, lacks_sign
from arazzo_engine.language.expressions.grammar import ExpressionError, read_expression
from arazzo_engine.language.expressions.mistakes import TIMEOUT
from arazzo_engine.language.expressions.strings import embedded_spans
from arazzo_engine.language.expressions.suite_texts import read_suite_text
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

# an extension of this engine's own: the condition of a criterion with it may compare with objects and arrays, and media
# types are compared as such in it
OWN: Final = "x-arazzo-engine-condition"
EXTENDED: Final = "extended"
# the query of a criterion with it must select nothing
NOTHING: Final = "nothing"
_DEEPEST: Final = 50
_COMPARISON: Final = lazy_pattern(r"\s*(==|!=|<=?|>=?)(?<![=!]=(?==))")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_NUMBER: Final = lazy_pattern(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![A-Za-z0-9_.])")
_STRING: Final = lazy_pattern(r"'((?:[^']|'')*)'")
_SPACE: Final = lazy_pattern(r"\s*")
# a word where none may stand: unquoted text, up to what could go on with the condition
# a text in quotes, or an expression in braces
_IN_BRACES: Final = lazy_pattern(r"""('[^']*'|"[^"]*")|\{(\$[^{}]+)\}""")
_BARE: Final = lazy_pattern(r"[^\s()&|=!<>'\"]+")
_INSTEAD: Final = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "=": "==",
    "===": "==",
    "!==": "!=",
    "=>": ">=",
    "=!": "!=",
    "=<": "<=",
    "&": "&&",
    "|": "||",
}
_OTHERWISE: Final = frozenset({"else", "otherwise", "default"})
_OTHERWISE_FIX: Final = "remove `criteria`: an action without any is taken where none before it is"
_DIGITS: Final = 400
# so far back is looked for what a word is compared with
_NEAR: Final = 200
_AFTER_TEXT: Final = lazy_pattern(r"\s*(?:$|&&|\|\||\)|[=!<>]=|[<>])")
# what is compared with a text, a number or a word such as `true`
_BEFORE_LITERAL: Final = lazy_pattern(r"\s*(?:[=!]==?|[<>]=?)\s*['\"\w.\-+]")
_BEHIND_LITERAL: Final = lazy_pattern(
    r"(?<![\w/.#\-\[~$])(?:-?\d[\d.]*|'[^']*'|true|false|null)\s*(?:[=!]==?|[<>]=?)\s*$"
)
# an answer in the names of other tools
_ANSWER: Final = r"(?:(?:pm\.)?response|resp?|r)\."
_STATUS: Final = lazy_pattern(
    rf"(?:response|http)_?(?:[sS]tatus|[cC]ode)|(?:{_ANSWER})?(?:statusCode|status_code)|{_ANSWER}(?:status|code)"
)
# how long an answer took: in the words of other tools, or in one that a member of the body may have too
_TOOK: Final = lazy_pattern(
    rf"(?:{_ANSWER})?response_?[tT]ime(?:_?[mM][sS])?|{_ANSWER}(?:timings\.)?(?:time|duration|elapsed|latency)"
)
_MAY_HAVE_TAKEN: Final = lazy_pattern(r"(?:time|duration|elapsed|latency)(?:_?[mM][sS])?")
_PATH: Final = lazy_pattern(
    rf"(?:{_ANSWER}(?=body\.))?(?:response\.)?(?:body\.)?([A-Za-z_][\w\-]*(?:\.[A-Za-z_][\w\-]*)*)"
)
# how a test file asks how many elements there are
_HOW_MANY: Final = lazy_pattern(r"\s+count(?=\s*(?:[=!]=|[<>]=?)\s*\d+\s*$)")
_RANGE: Final = "write a range as two comparisons, such as `$statusCode >= 200 && $statusCode < 300`"
_COMPARISONS_ONLY: Final = (
    "compare expressions and literals by `==`, `!=`, `<`, `<=`, `>` or `>=`: there are no functions"
)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_JSON: Final = json.JSONDecoder(parse_constant=_refuse_constant)


def parse_condition(text: str) -> Condition:
    """Return the parsed condition.

    Raises ``ExpressionError`` (Arazzo 1.1.0, Criterion Object, Simple Conditions).

    >>> parse_condition("$statusCode == 200").text
    '$statusCode == 200'
    """
    outcome = _outcome(text)
    if isinstance(outcome, ExpressionError):
        # one that was raised would keep the frames of everyone who asked
        raise ExpressionError(outcome.message, outcome.start, outcome.end, outcome.fix)
    return outcome


def parse_own_condition(text: str) -> Condition:
    """Return the parsed condition of the engine's own grammar; raises ``ExpressionError``.

    >>> parse_own_condition('$response.body == {"a": [1]}').text
    '$response.body == {"a": [1]}'
    """
    return _parse_own(text)


def _outcome(text: str) -> Condition | ExpressionError:
    return _short_outcome(text) if len(text) <= _SHORT else _long_outcome(text)


def _parse(text: str) -> Condition | ExpressionError:
    """Return the parsed condition, or why it is none: that is asked for as often, and costs more to find."""
    suite = _suite_text(text)
    if suite is not None:
        return suite
    try:
        return _parsed(_Parser(text))
    except ExpressionError as error:
        return _refused(text, error)


def _refused(text: str, error: ExpressionError) -> ExpressionError:
    """Return the error with what to write, and with its cause where braces are not the only mistake: they are read."""
    sign = foreign_sign(text, error.start)
    if sign is not None:
        fix = fix_operator(text) or "compare by `==`, `!=`, `<`, `<=`, `>` or `>=`"
        return ExpressionError(f"`{text[slice(*sign)]}` is no operator", *sign, fix)
    cause = (_refused_within(text) if text.startswith("{$", error.start) else None) or error
    fixes = (fix(text) for fix in _FIXES)
    fix = next(filter(None, fixes), cause.fix)
    return ExpressionError(cause.message, cause.start, cause.end, fix)


def _fix_assertion(text: str) -> str:
    """Return how the assertion of a test file is written as a criterion, empty for what is none."""
    condition = as_condition(text)
    if condition:
        return f"write `{condition}`"
    asked = with_expression(text)
    counted = _HOW_MANY.sub(".length", asked)
    return f"write `{counted}`" if counted != asked else fix_operator(asked) or fix_emptiness(asked)


def _fix_test(text: str) -> str:
    """Return how the test of a shell is written as a condition, empty where none says the same."""
    condition = of_shell(text)
    return f"write `{condition}`" if condition and is_condition(condition) else ""


def _fix_call(text: str) -> str:
    """Return how the assertion of a program is written as a criterion, empty for what is none."""
    found = as_assertion(text)
    if found is None:
        return ""
    if found.is_of_time:
        return TIMEOUT
    if found.type_of:
        return (
            f"no condition asks for a type: ask for the value, such as `{found.type_of} != null`, or for what is in it"
        )
    return fix_operator(found.condition) or f"write `{found.condition}`"


_FIXES: Final = (fix_operator, fix_emptiness, fix_gjson, _fix_assertion, _fix_test, _fix_call, fix_unquoted)


def _refused_within(text: str) -> ExpressionError | None:
    """Return what is wrong with a condition without the braces around its values, each at the same place."""
    bare = _IN_BRACES.sub(lambda match: match[1] or f" {match[2]} ", text)
    try:
        if bare != text:
            _parsed(_Parser(bare))
    except ExpressionError as error:
        return error
    return None


def _suite_text(text: str) -> ExpressionError | None:
    """Return what is wrong with a file or a variable of the test suites of SDKs: as a text, it would hold always."""
    written = text.strip()
    suite = read_suite_text(written.strip("'\""))
    if suite is None:
        return None
    start = text.index(written)
    fix = f"{suite.instead}; compare with it, as `$response.body == $inputs.{suite.input or '<name>'}` does"
    return ExpressionError(f"`{written}` is no condition, and {suite.undone}", start, start + len(written), fix)


@lru_cache(maxsize=100)
def _parse_own(text: str) -> Condition:
    return _parsed(_Parser(text, is_own=True))


def _parsed(parser: _Parser) -> Condition:
    text = parser.text
    node = parser.condition()
    parser.skip_space()
    if parser.position < len(text):
        parser.refuse_rest()
    return Condition(text, node)


# a document has few conditions that differ, and each is asked for by the repairs before it is read
_SHORT: Final = 1_000
_short_outcome: Final = lru_cache(maxsize=1_000)(_parse)
_long_outcome: Final = lru_cache(maxsize=4)(_parse)


def is_own_condition(text: str) -> bool:
    """Whether the whole text is a condition of the engine's own grammar."""
    try:
        parse_own_condition(text)
    except ExpressionError:
        return False
    return True


def is_condition(text: str) -> bool:
    """Whether the whole text is a condition.

    >>> is_condition("$statusCode == 200"), is_condition("$statusCode = 200")
    (True, False)
    """
    return isinstance(_outcome(text), Condition)


class _Parser(Struct):
    text: str
    position: int = 0
    depth: int = 0
    is_own: bool = False

    def condition(self) -> Node:
        operands = self._joined("||", self._and)
        return operands[0] if len(operands) == 1 else Or(operands)

    def skip_space(self) -> None:
        match = _SPACE.match(self.text, self.position)
        self.position = self.position if match is None else match.end()

    def refuse_rest(self) -> NoReturn:
        """Refuse what follows a complete condition."""
        start = self.position
        match = re.compile(r"[=!&|]+[<>]?|\w+|.", re.DOTALL).match(self.text, start)
        found = self.text[start:] if match is None else match[0]
        fix = f"write `{_INSTEAD[found]}`" if found in _INSTEAD else ""
        if found == "not":
            fix = "compare by `!=`, and write `!` before what must not hold"
        if self.text[start] in "<>=!":
            fix = fix or "join comparisons with `&&`"
        if re.match(r"[+*/%]|-\s*\$", self.text[start:]):
            fix = "compare values as they are: a condition has no arithmetic"
        if re.match(r"in\b|-\s*\d|\.\.", self.text[start:]):
            fix = f"{_RANGE}, and a list of values as several with `||`"
        message = f"the condition ends before `{self.text[start:]}`, which cannot follow"
        raise ExpressionError(message, start, start + len(found), fix or "join conditions with `&&` or `||`")

    def _and(self) -> Node:
        operands = self._joined("&&", self._comparison)
        return operands[0] if len(operands) == 1 else And(operands)

    def _joined(self, sign: str, operand: Callable[[], Node]) -> tuple[Node, ...]:
        operands = [operand()]
        while self._take(sign):
            operands.append(operand())
        return tuple(operands)

    def _comparison(self) -> Node:
        left = self._unary()
        sign = _COMPARISON.match(self.text, self.position)
        if sign is None:
            return left
        self.position = sign.end()
        right = self._unary()
        return Comparison(sign[1], left, right, self.is_own and names_media_type(left, right))

    def _unary(self) -> Node:
        self.skip_space()
        self.depth += 1
        if self.depth > _DEEPEST:
            message = f"the condition nests deeper than {_DEEPEST}"
            raise ExpressionError(message, self.position, len(self.text), "split it into several criteria")
        node = self._negated_or_grouped()
        self.depth -= 1
        return node if node is not None else self._operand()

    def _negated_or_grouped(self) -> Node | None:
        if self._take("!"):
            return Not(self._unary())
        start = self.position
        if not self._take("("):
            return None
        node = self.condition()
        if not self._take(")"):
            raise ExpressionError("the parenthesis is not closed", start, start + 1, "add `)`")
        return node

    def _operand(self) -> Node:
        text, start = self.text, self.position
        if text.startswith("$", start):
            reference = read_reference(text, start)
            self.position = reference.span[1]
            return counting(reference) if self.is_own else reference
        string = _STRING.match(text, start)
        if string:
            self.position = string.end()
            return _read_string(string[1], string.span())
        return self._number() or (self._json() if self.is_own else None) or self._word()

    def _json(self) -> Node | None:
        start = self.position
        if self.text[start : start + 1] not in {"{", "["}:
            return None
        try:
            value, self.position = _JSON.raw_decode(self.text, start)
        except (ValueError, RecursionError):
            return None
        return LiteralValue(value, (start, self.position))

    def _number(self) -> Node | None:
        number = _NUMBER.match(self.text, self.position)
        if number is None:
            return None
        if len(number[0]) > _DIGITS:
            raise ExpressionError(f"the number has more than {_DIGITS} digits", *number.span())
        self.position = number.end()
        return LiteralValue(json.loads(number[0]), number.span())

    def _word(self) -> Node:
        start = self.position
        bare = _BARE.match(self.text, start)
        if bare is not None and bare[0] in _WORDS:
            self.position = bare.end()
            return LiteralValue(_WORDS[bare[0]], bare.span())
        return self._refuse(start, bare[0] if bare else "")

    def _refuse(self, start: int, word: str) -> NoReturn:
        text, rest = self.text, self.text[start:]
        if not rest.strip():
            raise ExpressionError("the condition ends where a value should be", max(0, start - 1), start, "add a value")
        if rest.startswith("'"):
            raise ExpressionError("the string is not closed", start, len(text), "add `'`")
        double = re.match(r'"((?:[^"\\]|\\.)*)"', rest, re.DOTALL)
        if double:
            # "Strings MUST use single quotes (') around the string."
            string = quoted(double[1].replace('\\"', '"'))
            fix = f"write `{string}`"
            raise ExpressionError(f"`{double[0]}` is not a string", start, start + double.end(), fix)
        if rest.startswith("{$"):
            fix = "leave out the braces: a simple condition names expressions directly"
            raise ExpressionError(f"`{word}` is not a value", start, start + len(word), fix)
        if word.casefold() in _WORDS:
            raise ExpressionError(f"`{word}` is not a value", start, start + len(word), f"write `{word.casefold()}`")
        if not word:
            sign = re.match(r"[=!&|<>]+|.", rest, re.DOTALL)
            found = rest if sign is None else sign[0]
            raise ExpressionError(f"`{found}` stands where a value should be", start, start + len(found), "add a value")
        fix = _OTHERWISE_FIX if text.strip().casefold() in _OTHERWISE else _fix_word(word, text, start)
        raise ExpressionError(f"`{word}` is not a value", start, start + len(word), fix)

    def _take(self, sign: str) -> bool:
        self.skip_space()
        if not self.text.startswith(sign, self.position):
            return False
        self.position += len(sign)
        return True


def _read_string(written: str, span: tuple[int, int]) -> Node:
    """Return what stands between quotes: a text, or one with expressions.

    "Expressions can be embedded into string values by surrounding the expression with `{}` curly braces."
    """
    parts: list[str | Reference] = []
    done = 0
    for start, end in embedded_spans(written):
        parts += [_unescaped(written[done : start - 1]), _embedded(written[start:end], span[0] + 1 + start)]
        done = end + 1
    if not parts:
        return LiteralValue(_unescaped(written), span)
    return TextWithValues(tuple(part for part in (*parts, _unescaped(written[done:])) if part != ""))


def _unescaped(written: str) -> str:
    # "To use a literal single quote, escape the literal single quote using an additional single quote ('')."
    return written.replace("''", "'")


def _embedded(text: str, start: int) -> Reference:
    try:
        expression = read_expression(text)
    except ExpressionError as error:
        raise ExpressionError(error.message, start + error.start, start + error.end, error.fix) from error
    return Reference(text, ((expression, ()),), (start, start + len(text)))


def _fix_word(word: str, text: str, start: int) -> str:
    """Return what to write for a word that is no value, where it begins in a condition."""
    if re.fullmatch(r"[1-5][\dxX][xX]", word):
        return _RANGE
    if instead := _other_number(word) or (f"${word}" if lacks_sign(word) else ""):
        return f"write `{instead}`"
    # a word before another, or before a parenthesis, is no text that lacks its quotes
    is_text = _AFTER_TEXT.match(text, start + len(word)) is not None
    if is_text and word.casefold() in {"none", "nil"}:
        null, this = ("null", quoted(word)) if text.strip() != word else ("$… == null", f"$… == {quoted(word)}")
        return f"write `{null}` if nothing should be there, `{this}` if this text"
    behind = _BEHIND_LITERAL.search(text[max(0, start - _NEAR) : start])
    if word.startswith("{{") or behind or _BEFORE_LITERAL.match(text, start + len(word)):
        return _fix_name(word)  # two texts that are compared say nothing of what came
    if text.strip() == word and is_text:
        return f"compare it: write `$response.body#/<part> == {quoted(word)}`"  # a text alone holds always
    return f"put it in single quotes: `{quoted(word)}`" if is_text else _COMPARISONS_ONLY


def _other_number(word: str) -> str:
    """Return how a number is written that JSON has in another way, as `.8`; empty for what is none, as `+49`."""
    sign, digits = ("-", word[1:]) if word.startswith("-") else ("", word)
    written = sign + (f"0{digits}" if digits.startswith(".") else digits.removesuffix("."))
    return written if written != word and _NUMBER.fullmatch(written) else ""


def _fix_name(word: str) -> str:
    """Return what to write for a word where the name of a value should be."""
    if _STATUS.fullmatch(word):
        return "write `$statusCode`"
    if _TOOK.fullmatch(word):
        return TIMEOUT
    if _MAY_HAVE_TAKEN.fullmatch(word):
        return f"{TIMEOUT}; for what the answer says, write `$response.body#/{word}`"
    path = _PATH.fullmatch(word)
    member = path[1].replace(".", "/") if path else "<part>"
    return f"write the expression of what is compared: `$statusCode`, `$response.body#/{member}` or another one"
