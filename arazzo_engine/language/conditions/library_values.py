"""Values as programs read them of an answer: `r.json('token')`, `resp.headers.get("X")`, `token = res.body.token`.

Decides which expression such a value is. A library may do more than its call says in words: what is not in the tables
below is none of these.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.language.expressions.mistakes import as_pointer, is_length
from arazzo_engine.patterns import lazy_pattern

LONGEST: Final = 500
ANSWER: Final = r"(?:await\s+)?(?:(?:(?:pm|insomnia)\.)?response|last_response|resp?|r)(?:\(\))?"
TEXT: Final = r"(?:'[^'\n]*'|\"[^\"\n]*\")"
_PARTS: Final = (
    r"(?P<parts>(?:\??\.[A-Za-z_][\w\-]*|(?:\?\.)?\[\d+\]|\['[^'\]]+'\]|\[\"[^\"\]]+\"\]|\[:\w+\]"
    r"|\.get\((?:'[^'\n]+'|\"[^\"\n]+\")\))*)"
)
_NAMED: Final = rf"\(\s*(?P<named>{TEXT})\s*\)"
_STATUS: Final = lazy_pattern(
    rf"{ANSWER}\.(?:(?:[gG]et)?[sS]tatus_?[cC]ode(?:Value)?|status|code)(?:\(\))?|status_?[cC]ode(?:\(\))?"
)
_BODY: Final = lazy_pattern(
    rf"(?:{ANSWER}\.(?:json\(\)|parsed_body|body|getBody\(\))|jsonData|\(\s*await\s+{ANSWER}\.json\(\)\s*\)"
    rf"|JSON\.parse\(\s*(?:responseBody|{ANSWER}\.(?:body|text|getBody)(?:\(\))?)\s*\)"
    rf"|json\.loads\(\s*{ANSWER}\.(?:text|content|body)\s*\)){_PARTS}"
)
_AT_PATH: Final = lazy_pattern(
    rf"(?:(?:(?:{ANSWER}\.)?(?:then\(\)\.)?extract\(\)\.|{ANSWER}\.)(?:json|path|jsonPath\(\)\.get\w*)"
    rf"|jsonPath\(\)\.get\w*|json_?[pP]ath|res){_NAMED}"
)
# a value that a program gives a name: `self.token = …`, `const token = …;`, `pm.environment.set("token", …)`
_ASSIGNED: Final = lazy_pattern(
    r"(?:(?:const|let|var|val)\s+)?(?:self\.|this\.|@)?[A-Za-z_]\w*(?:\.\w+)*\s*:?=(?![=~])\s*(?P<value>\S.*?)\s*;?"
)
_SET: Final = lazy_pattern(
    rf"(?:(?:pm|bru|insomnia)\.(?:\w+\.)?set\w*|vars\.put|context\.set)\(\s*{TEXT}\s*,\s*(?P<value>.+?)\s*\)\s*;?"
)
# what is done with a value that was read: it is kept under a name, or taken as of a type
_KEPT: Final = lazy_pattern(r"\.(?:saveAs|as|then)\([^()]*\)$|\.ofType(?:\[\w+\]|<\w+>|\([^()]*\))?$")
_ITS: Final = lazy_pattern(
    rf"(?:cy\.get\({TEXT}\)\.)?its\(\s*['\"](?:response\.)?(?P<part>status|body)(?P<parts>(?:\.[\w\-]+)*)['\"]\s*\)"
)
# how many there are, and what is counted from the end
_LENGTH_OF: Final = lazy_pattern(
    r"(?:len|count|sizeof)\(\s*(?P<of>.+)\s*\)|(?P<before>.+)\.(?:length|size|count)(?:\(\))?"
)
_FROM_END: Final = lazy_pattern(r"(?P<before>.*?)\[(?P<index>-\d+)\](?P<rest>.*)")
_FROM_JQ: Final = lazy_pattern(
    r"(?:\$\(|`)\s*(?:[^|`()]*\|\s*)?jq\s+(?:-{1,2}[\w-]+\s+)*(['\"]?)(?P<path>\.[\w.\[\]]+)\1(?:\s+[^|`()]*)?(?:\)|`)"
)
_HEADER: Final = lazy_pattern(
    rf"(?:{ANSWER}|(?:{ANSWER}\.)?(?:then\(\)\.)?extract\(\))\.(?:headers?|getHeader(?:Line)?|headers\.get){_NAMED}"
    rf"|{ANSWER}\.[hH]eaders?\.(?P<word>[A-Z][\w\-]*)"
)
# `.get("user")`, as dictionaries have it
_GET: Final = lazy_pattern(r"\.get\(('[^'\n]+'|\"[^\"\n]+\")\)")
NAME: Final = lazy_pattern(r"[A-Za-z0-9_\-]+")
_ROBOT: Final = lazy_pattern(r"\$\{\s*([^{}]+?)\s*\}")


def as_value(text: str) -> str:
    """Return the expression of what a program reads of an answer, empty for what is none.

    >>> as_value("r.json('token')"), as_value("resp.json()['items'][0].id"), as_value('extract().path("id")')
    ('$response.body#/token', '$response.body#/items/0/id', '$response.body#/id')
    """
    if len(text) > LONGEST or is_length(text):
        return ""
    written = text.strip()
    given = _SET.fullmatch(written) or _ASSIGNED.fullmatch(written)
    inner = _KEPT.sub("", _bare(written if given is None else given["value"]))
    if _STATUS.fullmatch(inner):
        return "$statusCode"
    return _of_jq(written) or _of_body(inner) or _of_header(inner)


def _of_jq(text: str) -> str:
    match = _FROM_JQ.fullmatch(text)
    pointer = "" if match is None else as_pointer(match["path"])
    return f"$response.body#{pointer}" if pointer else ""


def _of_body(text: str) -> str:
    if body := _BODY.fullmatch(text):
        pointer = as_pointer(_GET.sub(r"[\1]", body["parts"].replace("?.", ".")))
        return f"$response.body#{pointer}" if pointer else "$response.body"
    if at := _AT_PATH.fullmatch(text):
        return at_path(at["named"][1:-1])
    its = _ITS.fullmatch(text)
    if its is None:
        return ""
    return "$statusCode" if its["part"] == "status" else f"$response.body#{as_pointer(its['parts'])}"


def _of_header(text: str) -> str:
    header = _HEADER.fullmatch(text)
    name = "" if header is None else header["word"] or header["named"][1:-1]
    return f"$response.header.{name}" if NAME.fullmatch(name) else ""


def as_selector(text: str) -> tuple[str, str, str] | None:
    """Return the pointer, the query and the kind of what a program counts or takes from the end of an answer.

    >>> as_selector('len(r.json()["items"])'), as_selector('r.json()["items"][-1]["id"]')
    (('/items', '', 'length'), ('/items', '$[-1].id', 'one'))
    """
    if len(text) > LONGEST:
        return None
    counted, end = _LENGTH_OF.fullmatch(text), _FROM_END.fullmatch(text)
    if counted is not None and (value := as_value(counted["of"] or counted["before"])):
        return (value.partition("#")[2], "", "length") if value.startswith("$response.body") else None
    value = "" if end is None else as_value(end["before"])
    rest = "" if end is None else as_pointer(end["rest"]).replace("/", ".")
    if end is None or not value.startswith("$response.body") or bool(end["rest"]) != bool(rest):
        return None
    return value.partition("#")[2], f"$[{end['index']}]{rest}", "one"


def _bare(text: str) -> str:
    """Return a value without the braces and signs that a language has around a variable: ``${resp}``, ``$resp->id``."""
    if "->" in text and text.startswith("$"):
        return text[1:].replace("->", ".")
    return _ROBOT.sub(r"\1", text) if _ROBOT.fullmatch(text) else text


def at_path(path: str) -> str:
    """Return the part of the answer that a path of names and indexes leads to, empty for what is no such path."""
    rest = path.removeprefix("$")
    pointer = as_pointer(rest if rest.startswith((".", "[")) else f".{rest}")
    return f"$response.body#{pointer}" if pointer and not is_length(path) else ""
