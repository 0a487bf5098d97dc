"""Calls of other languages that make a value up: `uuid()`, `${Date.now()}`, `#{SecureRandom.uuid}`, `States.UUID()`.

Decides which texts are one or hold one in the braces of templates, and which read the environment so. By the
specification they are text, and nothing is made up or read; where a payload has such calls of its own, is for others
to say.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.patterns import lazy_pattern

# what a call stands behind: `crypto.`, `T(java.util.UUID).`, `DateTime::`
_BEFORE: Final = r"(?:new\s+)?(?:T\([\w.]+\)\.)?\$?(?:[A-Za-z_]\w*(?:\(\))?(?:\.|::))*"
_NAME: Final = (
    r"(?i:(?:gen(?:erate)?_?|new_?|create_?|random_?)?(?:uuid|guid|ulid|cuid|nanoid)(?:_?v?\d)?(?:_generate_v\d)?"
    r"|gen_random_uuid|(?:utc_?)?now|today|(?:get_?)?(?:current_?)?(?:timestamp|time_?millis|date_?time)"
    r"|random\w*|rand(?:int|range)?)"
)
# what is made of the value: `.toISOString()`
_BEHIND: Final = r"(?:\.\w+(?:\([^(){}\n]*\))?)*"
# what needs no parentheses, or is no call by its own name
_KNOWN: Final = (
    r"SecureRandom\.\w+(?:\(\d*\))?|(?:Time|Date|DateTime)\.(?:now|today|current)|Faker::\w+(?:::\w+)*\.\w+"
    r"|faker\.\w+(?:\.\w+)*\([^(){}\n]*\)|time\.time\(\)|new\s+Date\(\)|moment\(\)"
    r"|date\(\s*['\"][^'\"\n]+['\"]\s*\)|States\.MathRandom\([^(){}\n]*\)"
)
_CALL: Final = rf"(?:(?:{_KNOWN}|{_BEFORE}{_NAME}\([^(){{}}\n]*\)){_BEHIND})"
# a variable of the environment, as languages read it
_KEY: Final = r"\s*['\"]\w+['\"]\s*"
_VARIABLE: Final = (
    rf"(?:(?:os\.)?(?:environ|ENV|\$_ENV)(?:\[{_KEY}\]|\.get\({_KEY}[^()\n]*\))"
    rf"|(?:os\.|System\.)?[gG]etenv\({_KEY}\)|(?:Cypress\.|Deno\.)?env(?:\.get)?\({_KEY}\)"
    rf"|Environment\.GetEnvironmentVariable\({_KEY}\)|__ENV\.\w+|process\.env\.\w+"
    rf"|lookup\(\s*['\"]env['\"]\s*,{_KEY}\))"
)
_VARIABLES: Final = lazy_pattern(rf"\A\s*{_VARIABLE}\s*\Z|\$?\{{\{{\s*{_VARIABLE}\s*\}}\}}|[$#]\{{\s*{_VARIABLE}\s*\}}")
_WHOLE: Final = lazy_pattern(
    rf"\s*(?:{_CALL}|#\(\s*{_CALL}(?:\s*\+\s*'')?\s*\)|\$\((?:uuidgen|date\s+\+[^()\n]*)\))\s*"
)
_IN_BRACES: Final = lazy_pattern(
    rf"\$?\{{\{{\s*{_CALL}\s*(?:\|[^{{}}\n]*)?\}}\}}|[$#]?\{{\s*{_CALL}\s*\}}|<%=?\s*{_CALL}\s*%>"
)
# a command of a shell whose output is meant
_COMMAND: Final = lazy_pattern(
    r"(?:\$\(|`)\s*(?:awk|az|base64|cat|curl|cut|echo|env|gcloud|git|grep|head|hostname|jq|kubectl|aws|openssl|op|printenv"
    r"|printf|pwd|sed|tail|terraform|vault|whoami)\b[^`\n]*(?:\)|`)"
)
_LONGEST: Final = 200


def find_made_up(text: str) -> tuple[int, int] | None:
    """Return the characters of the first such call: all of a text, or what stands in braces.

    >>> find_made_up("uuid()"), find_made_up("made ${Date.now()}"), find_made_up("call now() to {id}")
    ((0, 6), (5, 18), None)
    """
    if len(text) <= _LONGEST and _WHOLE.fullmatch(text):
        return 0, len(text)
    match = _IN_BRACES.search(text) if "{" in text or "<%" in text else None
    return None if match is None else match.span()


def find_variable(text: str) -> tuple[int, int] | None:
    """Return the characters of the first variable of the environment: all of a text, or what stands in braces.

    >>> find_variable("os.environ['KEY']"), find_variable("a {{process.env.KEY}}"), find_variable("set process.env.KEY")
    ((0, 17), (2, 21), None)
    """
    match = _VARIABLES.search(text) if len(text) <= _LONGEST or "{" in text else None
    return None if match is None else match.span()


def find_command(text: str) -> bool:
    """Whether a text is a command of a shell whose output is meant.

    >>> find_command("$(cat key.txt)"), find_command("$(sku)"), find_command("`jq .id`"), find_command("$(see below)")
    (True, False, True, False)
    """
    return len(text) <= _LONGEST and _COMMAND.fullmatch(text.strip()) is not None
