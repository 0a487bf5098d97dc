"""Repairs of criteria as other engines take them: braces, ranges, lists of values, a version beside its type.

Each function takes a Criterion Object as it is written and gives it as it should have been, or ``None``. It must not
change a condition that the grammar has, and leaves alone what has two readings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.grammar import EXTENDED, OWN, is_condition
from arazzo_engine.language.conditions.library_values import as_value
from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.expressions.strings import unquoted
from arazzo_engine.language.queries.expression_types import VERSIONS, Language
from arazzo_engine.language.repairs.criteria.comparisons import with_length
from arazzo_engine.language.repairs.criteria.conditions import quoted_condition, simple_condition
from arazzo_engine.language.repairs.criteria.operators import SIGNS
from arazzo_engine.language.repairs.expressions import DOTTED
from arazzo_engine.language.repairs.values.first_words import BESIDE_BODY, name_root
from arazzo_engine.language.repairs.values.own_outputs import name_judged
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

# text in quotes, which is left alone, or an expression in braces
_EMBEDDED: Final = lazy_pattern(r"""('[^']*'|"[^"]*")|\{\s*(\$[^{}]*[^{}\s])\s*\}""")
_IN_BRACES: Final = lazy_pattern(r"\{\s*\$")
# an expression in the braces of templates or scripts, with its sign or without
_IN_FOREIGN_BRACES: Final = lazy_pattern(
    r"""('[^']*'|"[^"]*")|(?:\$?\{\{|\$\{|(?<![\w/#.\-])\{(?!\$))\s*\$?\.?([A-Za-z][^{}\s]*)\s*\}{1,2}"""
)
# a whole condition in the braces of templates
_TEMPLATE: Final = lazy_pattern(r"\s*\$?\{\{([^{}]+)\}\}\s*|\s*\$\{([^{}]+)\}\s*")
_OF_BODY: Final = lazy_pattern(r"body[.\[#]")
# an expression that lacks its sign
_WITHOUT_SIGN: Final = lazy_pattern(
    r"""('[^']*'|"[^"]*")|(?<![\w.$#/@\[{-])(?:steps\.[\w\-]+\.outputs|workflows\.[\w\-]+\.outputs|inputs)\.[^\s=<>!&|()'",]+"""
)
# how other languages compare texts as Arazzo does
_CASE: Final = lazy_pattern(
    r"""('[^']*'|"[^"]*")|\.(?:toLowerCase|toUpperCase|toLower|toUpper|lower|upper|casefold)\(\)"""
)
_UNDEFINED: Final = lazy_pattern(r"('[^']*'|\"[^\"]*\")|((?:==|!=)\s*)undefined\b|(?<![\w.$#/])undefined(?=\s*[!=]=)")
# text in quotes, or an operator that other languages write in another way
_OPERATORS: Final = lazy_pattern(
    r"""('[^']*'|"[^"]*")|(!==|===|<>|(?<![=!<>])=(?![=~!]))|\s(and|or)(?=\s)|\s+(is\s+not\s+null|is\s+null|exists|is\s+defined|is\s+(?:not\s+defined|undefined))(?![\w(])|\b(not)\s+(?=[$(])"""
    r"""|\s(is\s+not|is|equals)(?=\s+(?:[\d'"$]|true\b|false\b))|(?<=\s)(eq|ne|gte?|ge|lte?|le)(?=\s+[\d'"$-])""",
    re.IGNORECASE,
)
# a comparison that is denied by a word before it, as Python and others have it
_OF: Final = r"""\$[^\s=<>!&|()'"]+"""
_DENIED: Final = lazy_pattern(
    r"""('[^']*'|"[^"]*")"""
    rf"""|(?<![\w.])not\s+({_OF}\s*(?:={{1,3}}|!==?|<>|[<>]=?)\s*(?:'[^']*'|"[^"]*"|[^\s=<>!&|()'"]+))"""
    rf"""|(?:(?<![\w.])not\s+|!\s*)({_OF}\s+(?:exists|is\s+(?:not\s+)?(?:null|defined|undefined))(?![\w(]))""",
    re.IGNORECASE,
)
# a function that asks whether something is there, or, by its name, whether it is not
_THERE: Final = lazy_pattern(
    r"""('[^']*'|"[^"]*")|(!\s*|\bnot\s+)?\b(?:exists|is_?defined|defined|(?:is_?)?not_?null|(is_?null|is_?undefined))"""
    r"""\(\s*(\$[^\s=<>!&|()'"]+)\s*\)""",
    re.IGNORECASE,
)
_WRITTEN: Final = {"=": "==", "===": "==", "!==": "!=", "<>": "!=", "and": " &&", "or": " ||"}
_STATUS: Final = lazy_pattern(
    r"""('[^']*'|"[^"]*")|(?<![\w.$#/])\$?(?:res(?:p|ponse)?\.)?(?:(?:response|http)?_?(?:[sS]tatus(?:_?[cC]ode)?|[cC]ode))\b(?<!\$statusCode)(?:\s*:(?=\s*(?:eq|ne|[gl]te?)\s))?"""
    r"""(?=\s*(?:===?|!==?|[<>]=?|=|(?:in|is|equals|eq|ne|[gl]te?|[gl]e)\b)\s*[\[('"]?[1-5](?:\d\d|[xX]{2}))"""
)
# a comparison whose left side is said once for two
_HALF: Final = lazy_pattern(
    r"""(\$[^\s=<>!&|()'"]+)\s*(?:==|!=|[<>]=?)\s*[^\s&|()]+\s*(&&|\|\||\band\b|\bor\b)\s*((?:==|!=|[<>]=?)(?=\s*[\d'"]))""",
    re.IGNORECASE,
)
# two bounds of one value, without what joins them
_BOUNDS: Final = lazy_pattern(
    r"""(\$[^\s=<>!&|()'"]+)\s*(?:(>=?)\s*(\d[\d.]*)\s*(<=?)\s*(\d[\d.]*)|\s(between)\s+(\d[\d.]*)\s+and\s+(\d[\d.]*))""",
    re.IGNORECASE,
)
# a value between two numbers
_BETWEEN: Final = lazy_pattern(r"(\b\d[\d.]*)\s*(<=?)\s*(\$[^\s=<>!&|()'\"]+)\s*(<=?)\s*(\d[\d.]*)")
_BODY: Final = lazy_pattern(
    r"""('[^']*'|"[^"]*")|(?<![\w.$#/@\[])(?:\$(?=\.[A-Za-z_]|\[\d)|(?:res(?:p|ponse)?\.)?body(?=[.\[#])"""
    # no status is a text of letters
    rf"""|response(?=\.(?!(?:{BESIDE_BODY}|status(?!\s*[=!]=\s*['\"][A-Za-z])\w*)\b)[A-Za-z_][\w.\[\]'\"\-]*\s*[=!<>]))"""
)
# the statuses that begin with a digit or two: `2XX`, `2**`, `2*`, `20x`, `20*`
_CLASS: Final = r"[1-5](?:[xX*]{2}|\d[xX*]|\*|\d\d\s*(?:-|\.{2,3}|\u2013)\s*[1-5]\d\d)"
# a comparison of the status with a range, which may stand in quotes, or any other text in quotes
_RANGE: Final = lazy_pattern(
    rf"\$statusCode\s*(?P<sign>==|!=|\bin\b|\bnot\s+in\b)\s*(?P<open>[\[(])?\s*(?P<quote>['\"]?)(?P<digits>{_CLASS})(?P=quote)"
    rf"(?![\w*])(?(open)\s*[\])])"
    rf"|(?<![\w'\"])(?P<mark>['\"]?)(?P<first>{_CLASS})(?P=mark)\s*(?P<between>==|!=)\s*\$statusCode\b"
    r"|'[^']*'|\"[^\"]*\""
)
_DOTTED: Final = lazy_pattern(
    rf"""('[^']*'|"[^"]*")|(?<![\w.$#/@\[])(?:{DOTTED}|\$\.(?=statusCode\s*(?:[=!<>]=?|in\b)\s*[\[(]?\s*[1-5]\d\d))"""
)
_ABOVE: Final = {"<": ">=", "<=": ">"}
_SIGNS: Final = {"in": "==", "not": "!="}
_LISTED: Final = lazy_pattern(
    r"('[^']*'|\"[^\"]*\")|(\$[^\s=<>!&|()'\"]+)\s+(not\s+)?in\s*[\[(]([^\[\]()]+)[\])]", re.IGNORECASE
)
# what stands between the commas of a list, which may stand in quotes, too
_ENTRY: Final = lazy_pattern(r"(?:'[^']*'|\"[^\"]*\"|[^,'\"])+")
# a letter or sign that stands for a digit, behind one
_ANY_DIGIT: Final = lazy_pattern(r"(?<=[\d\]xX*])[xX*]")
_VALUE: Final = r"(?:-?\d+(?:\.\d+)?|'[^']*'|\"[^\"]*\")"
# several values that one thing may be; of a status they may stand in brackets, as it is never a list
_EACH: Final = lazy_pattern(
    rf"\s*(?:(?P<of>\$[^\s=<>!&|()'\"]+)\s*==\s*)?(?P<open>[\[(])?\s*"
    rf"(?P<values>{_VALUE}(?:\s*(?:,|\|\|?|\bor\b)\s*{_VALUE})+)\s*[\])]?\s*",
    re.IGNORECASE,
)
_LONGEST: Final = 2_000
_LENGTH: Final = lazy_pattern(r"#([^\s#'\"=<>!&|()]*)\.length\b")


def drop_braces(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``{$statusCode} == 200`` and ``{$statusCode == 200}`` are ``$statusCode == 200``."""
    bare = unquoted(criterion.get("condition"))
    text = _unread(criterion if bare is None else {**criterion, "condition": bare})
    if text is None or _IN_BRACES.search(text) is None:
        return None
    whole = text.strip()[1:-1].strip() if re.fullmatch(r"\s*\{.*\}\s*", text, re.DOTALL) else text
    for candidate in (_EMBEDDED.sub(lambda match: match[1] or match[2], text), whole):
        if candidate != text and quoted_condition(_completed(candidate)) is not None:
            return {**criterion, "condition": quoted_condition(candidate) or candidate}
    return None


def drop_foreign_braces(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``${response.body#/id} == {{inputs.id}}`` is ``$response.body#/id == $inputs.id``."""

    def without(match: re.Match[str]) -> str:
        named = "" if match[1] else f"${match[2]}"
        known = is_expression(named) or is_expression(named.partition(".body.")[0] + ".body")
        if named and known and (not is_expression(named) or names.know_text(named)):
            return name_judged(named, names) or named
        # `{{find.id}}` is of step `find`, as it is where a value stands
        rooted = name_root(named, names) if named else None
        if rooted is None or not rooted.startswith(("$steps.", "$inputs.")):
            return _of_answer(match[2] or "") or match[0]
        # the step itself has no outputs yet
        return name_judged(rooted, names) or rooted

    def rewritten(text: str) -> str:
        whole = _TEMPLATE.fullmatch(text)
        return _IN_FOREIGN_BRACES.sub(without, text) if whole is None else (whole[1] or whole[2]).strip()

    return _rewritten(criterion, rewritten)


def _of_answer(inner: str) -> str:
    """Return the expression that `body.state` or `resp.status_code` in braces is, empty for what is none."""
    return as_value(inner) or (f"$response.{inner}" if _OF_BODY.match(inner) else "")


def add_sign(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``steps.find.outputs.id == inputs.id`` is ``$steps.find.outputs.id == $inputs.id``, which both are there."""

    def signed(match: re.Match[str]) -> str:
        return f"${match[0]}" if not match[1] and names.know_text(f"${match[0]}") else match[0]

    return _rewritten(criterion, lambda text: _WITHOUT_SIGN.sub(signed, text))


def drop_case(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$response.body.state.toLowerCase() == 'done'`` is ``$response.body.state == 'done'``."""
    return _rewritten(criterion, _without_case)


def drop_context_braces(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``context: '{$response.body}'`` is ``context: $response.body``."""
    written = criterion.get("context")
    context = written if isinstance(written, str) else unquoted(written)
    match = _EMBEDDED.fullmatch(context) if context is not None else None
    return {**criterion, "context": match[2]} if match and match[2] and names.know_text(match[2]) else None


def drop_word_as_context(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``context: response``, or ``$response``, beside a condition that names what it compares is nothing."""
    text, context = simple_condition(criterion), criterion.get("context")
    is_word = isinstance(context, str) and context.removeprefix("$") in {"response", "request"}
    if text is None or not is_word or not is_condition(text):
        return None
    return {name: each for name, each in criterion.items() if name not in {"context", "type"}}


def put_version_in_type(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``type: jsonpath`` beside ``version: rfc9535`` is a Criterion Expression Type Object."""
    type_, version = criterion.get("type"), criterion.get("version")
    if not isinstance(type_, str) or type_ not in set(Language) or not version:
        return None
    if version not in VERSIONS[Language(type_)]:
        return None
    kept = {name: each for name, each in criterion.items() if name != "version"}
    return {**kept, "type": {"type": type_, "version": version}}


def name_type_alone(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``type: {type: regex}`` is ``type: regex``; what has versions must name one."""
    type_ = criterion.get("type")
    if not isinstance(type_, dict) or type_.keys() != {"type"} or type_["type"] not in ("simple", "regex"):
        return None
    return {**criterion, "type": type_["type"]}


def name_undefined(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``!= undefined`` is ``!= null``: what is absent compares as null."""
    return _rewritten(criterion, _with_null)


def name_status(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$response.status == 200`` and ``statusCode == 200`` are ``$statusCode == 200``."""
    return _rewritten(criterion, _with_status)


def repeat_operand(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$statusCode >= 200 && < 300`` is ``$statusCode >= 200 && $statusCode < 300``."""
    return _rewritten(criterion, _with_operands)


def _joined(match: re.Match[str]) -> str:
    name, over, low, under, high, is_between, least, most = match.groups()
    return f"{name} >= {least} && {name} <= {most}" if is_between else f"{name} {over} {low} && {name} {under} {high}"


def _twice(match: re.Match[str]) -> str:
    low, over, value, under, high = match.groups()
    return f"{low} {over} {value} && {value} {under} {high}"


def _repeated(match: re.Match[str]) -> str:
    return f"{match[0][: -len(match[3])]}{match[1]} {match[3]}"


def drop_dots(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$.response.body.state == 'done'`` is ``$response.body.state == 'done'``."""
    return _rewritten(criterion, _without_dots)


def name_body(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$.state == 'done'`` without a context, and ``response.body.state == 'done'``, are of ``$response.body``."""
    return _rewritten(criterion, _with_body)


def name_operators(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$statusCode = 200 and $response.body#/id exists`` is ``$statusCode == 200 && $response.body#/id != null``."""
    return _rewritten(criterion, _with_operators)


def _operator(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    if match[5]:
        return "!"
    if match[7]:
        return SIGNS[match[7].casefold()]
    if match[6]:
        return " !=" if match[6].casefold().endswith("not") else " =="
    if match[4]:
        words = match[4].casefold().split()
        return " == null" if words[1:] in (["null"], ["undefined"], ["not", "defined"]) else " != null"
    return _WRITTEN[(match[2] or match[3]).casefold()]


def count_elements(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``length($response.body#/items) > 0`` is ``$response.body#/items/length > 0``."""
    written = _rewritten(criterion, _with_count)
    return None if written is None else counting(written)


def counting(criterion: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a criterion with the extension that says so when its condition counts elements."""
    return {**criterion, OWN: EXTENDED} if re.search(r"[/.]length\b", str(criterion["condition"])) else criterion


def compare_range(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$statusCode == 2XX`` is ``$statusCode >= 200 && $statusCode < 300``; no status is the text ``'2XX'``."""
    text = None if "context" in criterion else simple_condition(criterion)
    return None if text is None else _written_anew(criterion, text, _with_ranges)


def match_digits(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    r"""``2XX`` as a pattern of ``$statusCode`` is ``2\d\d``: no status has letters, and a pattern has classes."""
    text = criterion.get("condition")
    if criterion.get("type") != Language.REGEX or not isinstance(text, str) or "{$" in text:
        return None
    if bare(str(criterion.get("context"))) != "$statusCode":
        return None
    from arazzo_engine.language.queries.regexes import statuses_matching  # noqa: PLC0415 - imports two engines

    if statuses_matching(text) != frozenset():
        return None
    written = _ANY_DIGIT.sub(r"\\d", text)
    return {**criterion, "condition": written} if written != text and statuses_matching(written) else None


def compare_each(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$statusCode in [200, 201]`` is ``$statusCode == 200 || $statusCode == 201``; ``not in`` is none of them."""
    if several := _several(criterion):
        kept = {name: each for name, each in criterion.items() if name not in {"context", "type"}}
        written = quoted_condition(" || ".join(several))
        return None if written is None else {**kept, "condition": written}
    return _rewritten(criterion, _with_each)


def _with_each(text: str) -> str:
    whole = _LISTED.fullmatch(text.strip())
    return _each(whole) if whole and whole[2] else _LISTED.sub(lambda match: match[1] or f"({_each(match)})", text)


def _each(match: re.Match[str]) -> str:
    joined, sign = (" && ", "!=") if match[3] else (" || ", "==")
    return _with_ranges(joined.join(f"{match[2]} {sign} {each.strip()}" for each in _ENTRY.findall(match[4])))


def _several(criterion: dict[str, JsonValue]) -> list[str]:
    """Return the comparisons of one thing with several values, none when the condition says something else."""
    text, context = simple_condition(criterion), criterion.get("context")
    match = None if text is None else _EACH.fullmatch(text)
    if text is None or match is None or (match["of"] is None) is (context is None):
        return []
    of = match["of"] or context
    # a value that is compared with nothing holds whatever comes, so it is read so where the grammar has it, too
    if not isinstance(of, str) or (match["open"] and of != "$statusCode"):
        return []
    return [f"{of} == {each}" for each in re.findall(_VALUE, match["values"])]


def bare(context: str) -> str:
    """Return an expression without the braces around it."""
    return context.removeprefix("{").removesuffix("}").strip()


def _unread(criterion: dict[str, JsonValue]) -> str | None:
    """Return the condition of a simple criterion that the grammar does not have."""
    text = simple_condition(criterion)
    if text is None or len(text) > _LONGEST or "context" in criterion:
        return None
    return None if is_condition(text) else text


def _rewritten(criterion: dict[str, JsonValue], rewrite: Callable[[str], str]) -> dict[str, JsonValue] | None:
    text = _unread(criterion)
    return None if text is None else _written_anew(criterion, text, rewrite)


def _written_anew(
    criterion: dict[str, JsonValue], text: str, rewrite: Callable[[str], str]
) -> dict[str, JsonValue] | None:
    """Return a criterion whose condition is written anew, if it is one then, or will be by what other rows write."""
    changed = rewrite(text)
    if changed == text or quoted_condition(_completed(changed)) is None:
        return None
    return {**criterion, "condition": quoted_condition(changed) or changed}


def _completed(text: str) -> str:
    """Return a condition with everything written as it should be that is written as in other languages."""
    for rewrite in () if quoted_condition(text) is not None else _REWRITINGS:
        text = rewrite(text)
    return text


def _with_signs(text: str) -> str:
    return _WITHOUT_SIGN.sub(lambda match: match[1] or f"${match[0]}", text)


def _without_case(text: str) -> str:
    return _CASE.sub(lambda match: match[1] or "", text)


def _with_null(text: str) -> str:
    return _UNDEFINED.sub(lambda match: match[1] or f"{match[2] or ''}null", text)


def _with_status(text: str) -> str:
    return _STATUS.sub(lambda match: match[1] or "$statusCode", text)


def _with_operands(text: str) -> str:
    found = _HALF.sub(_repeated, _BETWEEN.sub(_twice, _BOUNDS.sub(_joined, text)))
    return text if found == text else _with_operators(found)


def _without_dots(text: str) -> str:
    return _DOTTED.sub(lambda match: match[1] or "$", text)


def _with_body(text: str) -> str:
    return _BODY.sub(lambda match: match[1] or "$response.body", text)


def _with_operators(text: str) -> str:
    # a statement of another language ends so
    ended = text.rstrip("; ") if text.rstrip().endswith(";") else text
    denied = _DENIED.sub(lambda match: match[1] or f"!({match[2] or match[3]})", _THERE.sub(_there, ended))
    return _OPERATORS.sub(_operator, denied)


def _there(match: re.Match[str]) -> str:
    return match[0] if match[1] else f"{match[4]} {'==' if bool(match[2]) is not bool(match[3]) else '!='} null"


def _with_count(text: str) -> str:
    return _LENGTH.sub("#\\1/length", with_length(text))


def _with_ranges(text: str) -> str:
    return _RANGE.sub(_range, text)


# in the order of their rows: what one of them leaves as it is may be another one's
_REWRITINGS: Final = (
    *(_with_signs, _without_case, _with_null, _with_status, _with_operands, _without_dots, _with_body, _with_operators),
    *(_with_count, _with_ranges, _with_each),
)


def _range(match: re.Match[str]) -> str:
    sign, digits = match["sign"] or match["between"], match["digits"] or match["first"]
    sign = _SIGNS.get(str(sign).split()[0].casefold(), sign)
    if not digits:
        return match[0]
    known, name = digits.rstrip("xX*"), "$statusCode"
    wide = 10 ** max(0, 3 - len(known))
    least = int(known[:3]) * wide
    above, most = ("<=", int(known[-3:])) if known[3:] else ("<", least + wide)
    if sign == "==":
        return f"({name} >= {least} && {name} {above} {most})"
    return f"({name} < {least} || {name} {_ABOVE[above]} {most})"
