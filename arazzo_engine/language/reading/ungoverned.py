"""Fields of other formats that govern what happens, and that Arazzo has nothing like: how the same is said here.

Decides words only. Such a field is never offered to be removed or to be made an extension as if it were a remark: the
document would do another thing than its author means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue

_LOOP: Final = (
    "Arazzo has no loops: write a step for each, or run the workflow for each of many rows with `arazzo batch`"
)
_POLL: Final = (
    "Arazzo has no loops: write what is waited for in `successCriteria`, and an entry of `onFailure` with"
    " `type: retry`, `retryAfter` and `retryLimit`"
)
_PARALLEL: Final = "Arazzo has nothing that runs at once: write the steps in the order in which they are made"
NO_RETRY: Final = (
    "a success is not tried again: write what is waited for in `successCriteria`, and an entry of `onFailure` with"
    " `type: retry`, `retryAfter` and `retryLimit`"
)
PAUSE: Final = (
    "Arazzo has no pauses: to ask again until an answer is there, write an entry of `onFailure` with `type: retry`"
    " and `retryAfter`, in seconds"
)
_RETRY: Final = "write an entry of `onFailure` with `type: retry`, `retryAfter` and `retryLimit`"
_ON_FAILURE: Final = "write it as `{}`: a list of actions, each with `name` and `type: retry`, `goto` or `end`"
_FINALLY: Final = (
    "Arazzo has no step that is always made: write it as a step, to which actions with `type: goto` in `onSuccess` and"
    " `onFailure` of the others lead"
)
_BEFORE: Final = "write it as the first of the `steps`, or as a workflow that a step calls by `workflowId`"
_FAILS: Final = "write the opposite in `successCriteria`: a step fails where one of them does not hold"
_DEPENDS: Final = "write it as `dependsOn`, or put the step behind what it needs"
_BRANCH: Final = "write an entry of `onSuccess` for each case, with `type: goto`, `stepId` and `criteria`"
_STOP: Final = "write an entry of `onSuccess` with `type: end`, and in `criteria` when"
_STOP_ALWAYS: Final = "write `onSuccess: [{name: stop, type: end}]`, or nothing in the last step: a workflow ends there"
_CODE: Final = "Arazzo runs no code: say it by operations, expressions and criteria, or give the result as an input"
_VARIABLES: Final = (
    "Arazzo has no variables: declare an input with a `default`, or write an output of the step that has it"
)
_TIMEOUT: Final = "write it as `timeout`, in milliseconds, which exists since Arazzo 1.1.0"
_NESTED: Final = "a step has no steps: write them beside it, or as a workflow that it calls by `workflowId`"
_CALLED: Final = "a step calls a workflow by `workflowId`, and gives it `parameters`"
_TRIGGER: Final = "Arazzo does not say what starts a workflow: `arazzo run` starts it, by whatever runs that"
_AT_TIMES: Final = (
    "Arazzo has no parameter that is sent at times: one whose value is an input that is not given is left out"
)
_ALWAYS_FAILS: Final = (
    "Arazzo has no criterion that only warns: a step whose criterion does not hold has failed; leave the criterion out,"
    " or go on by an entry of `onFailure`"
)
_GO_ON: Final = (
    "Arazzo has no step that may fail: write an entry at the end of `onFailure`: `{name: go-on, type: goto, stepId:"
    " <the step that follows>}`"
)
_ONE_DELAY: Final = "Arazzo has one delay for all attempts: write `retryAfter`, in seconds"
_HAS_DELAY: Final = "remove `{}`: Arazzo has one delay for all attempts, and `retryAfter` is it"
_ACTION: Final = "an action does nothing itself: write a step that does it, and lead to it by `type: goto` and `stepId`"
_NEGATED: Final = "write the opposite in `condition`: `!(…)`"
_JOINED: Final = "write both in one `condition`, with `||` or `&&` between them"
_OF_STEPS: Final = (
    "Arazzo has no workflow that is left out: where a step or an action leads to it, write `criteria` there"
)


def _names(*named: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each of the names of a line, with what is said of them."""
    yield from ((name, said) for names, said in named for name in names.split())


_LOOPS: Final = (
    "foreach foreachitem each loop loops repeat repeats times iterate iterator iterations items withitems as"
)
_POLLS: Final = "until while dowhile poll polling waituntil waitfor retryuntil"
_PAUSES: Final = "wait sleep delay pause delaybefore delayafter delayms waitms waitseconds throttle"
_CODES: Final = (
    "script scripts code exec shell command function js javascript python prerequest prescript postscript beforescript"
    " afterscript prerequestscript hook hooks transform"
)
_VARIABLE: Final = "vars variables variable set let env environment register const constants globals"
_RETRIES: Final = (
    "retryinterval retrydelay retrypolicy retrystrategy retryconfig retryon retrycount maxattempts attempts backoff"
    " retrybackoff"
)
_ERRORS: Final = "onerror onerrors onexception catch rescue errorhandler errorhandling fallback recover"
_AFTER: Final = "finally always ensure teardown cleanup aftereach afterall"
_PARALLELS: Final = "parallel concurrent concurrency parallelism async background fork"
_TRUSTED: Final = "optional soft softfail mayfail canfail nonblocking severity warnonly"
_OF_ACTIONS: Final = dict(
    _names(
        (
            "backoff backofffactor exponential jitter maxdelay retrybackoff backoffrate backoffmultiplier multiplier",
            _ONE_DELAY,
        ),
        ("steps do run operationid operationpath call requestbody execute", _ACTION),
        ("unless", "write the opposite in `criteria`: `[{condition: '!(…)'}]`"),
        *((_LOOPS, _LOOP), (_CODES, _CODE), ("until while", _POLL)),
    )
)
_BY_OWNER: Final[Mapping[str, Mapping[str, str]]] = {
    "Step Object": dict(
        _names(
            *((_LOOPS, _LOOP), (_POLLS, _POLL), (_PARALLELS, _PARALLEL), (_PAUSES, PAUSE), (_CODES, _CODE)),
            *(
                (_RETRIES, _RETRY),
                (_ERRORS, _ON_FAILURE.format("onFailure")),
                (_AFTER, _FINALLY),
                (_VARIABLE, _VARIABLES),
            ),
            *((_TRUSTED, _GO_ON), ("before setup beforeeach", _BEFORE), ("steps block", _NESTED)),
            ("failurecriteria failurecondition failwhen failif failon errorcriteria", _FAILS),
            ("needs requires require dependencies depends dependency after", _DEPENDS),
            ("switch case cases choice choices branch branches else otherwise elseif", _BRANCH),
            ("break exit stop end return stopif endif", _STOP),
            ("timeoutseconds timeoutms timeoutinseconds timeoutmillis maxduration deadline", _TIMEOUT),
            ("uses use include import extends", _CALLED),
        )
    ),
    "Workflow Object": dict(
        _names(
            *((_LOOPS, _LOOP), (_POLLS, _POLL), (_PARALLELS, _PARALLEL), (_PAUSES, PAUSE), (_CODES, _CODE)),
            *((_AFTER, _FINALLY), (_VARIABLE, _VARIABLES), ("before setup beforeeach beforeall", _BEFORE)),
            (f"{_RETRIES} retry retries maxretries", _RETRY.replace("onFailure", "failureActions")),
            (_ERRORS, _ON_FAILURE.format("failureActions")),
            ("trigger triggers schedule cron on event events", _TRIGGER),
            ("if when condition unless skip skipif enabled disabled runif", _OF_STEPS),
            ("timeoutseconds timeoutms maxduration deadline", "write `timeout` in each step that it is for"),
        )
    ),
    "Arazzo Specification Object": dict(
        _names(
            *((_PARALLELS, _PARALLEL), (_CODES, _CODE), (_VARIABLE, _VARIABLES), (_AFTER, _FINALLY)),
            ("trigger triggers schedule cron on event events", _TRIGGER),
            ("before setup beforeall", _BEFORE),
        )
    ),
    "Parameter Object": dict(
        _names(
            ("optional if when condition unless skip skipif skipifempty omitempty omitifempty omitifnull", _AT_TIMES)
        )
    ),
    "Criterion Object": dict(
        _names(
            (f"{_TRUSTED} level", _ALWAYS_FAILS),
            ("not negate negated invert inverted", _NEGATED),
            ("or and any all anyof allof oneof", _JOINED),
            *((_POLLS, _POLL), (_PAUSES, PAUSE)),
        )
    ),
    "Success Action Object": _OF_ACTIONS,
    "Failure Action Object": _OF_ACTIONS,
}
# what is left out when it is false
_SAID_WHEN: Final = frozenset({"enabled", "if", "when", "condition", "runif"})
_SEVERITIES: Final = frozenset({"severity", "level"})
# a severity that every criterion has
_FAILING: Final = ("error", "critical", "fatal")


def instead_of_governing(owner: str, name: str, beside: Mapping[str, JsonValue]) -> str:
    """Return how Arazzo says what a field governs in other formats; empty for a field that governs nothing known.

    >>> instead_of_governing("Step Object", "needs", {"needs": ["a"]})
    'write it as `dependsOn`, or put the step behind what it needs'
    >>> instead_of_governing("Step Object", "end", {"end": True})
    'write `onSuccess: [{name: stop, type: end}]`, or nothing in the last step: a workflow ends there'
    >>> instead_of_governing("Step Object", "colour", {"colour": "red"})
    ''
    """
    word = name.replace("_", "").replace("-", "").casefold()
    said, value = _BY_OWNER.get(owner, {}).get(word, ""), beside.get(name)
    if said == _ONE_DELAY and "retryAfter" in beside:
        return _HAS_DELAY.format(name)
    is_off = (value is False and word not in _SAID_WHEN) or (word in _SEVERITIES and value in _FAILING)
    if said == _STOP and value is True:
        return _STOP_ALWAYS
    return f"remove `{name}`: it is so without it" if said and is_off else said
