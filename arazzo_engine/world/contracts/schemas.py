"""How openapi-core holds a value to a schema: with patterns of ECMA-262 that cannot hang, and not without end.

Decides which keywords are judged by the engine itself, and when a schema is given up. A description is untrusted, and
what is checked has happened already: a check that never ends would lose a report of a charge.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Final

from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from arazzo_engine.language.queries.regexes import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.language.queries.regexes import Searcher

# each reference may lead to two more: nothing else makes the work grow faster than the description and the value
_MOST_REFERENCES: Final = 100_000
_OF_REFERENCES: Final = ("$ref", "$dynamicRef")


class TooMuchWorkError(Exception):
    """The schema leads on to others without an end in sight."""


def bounded(factory: Any) -> Any:  # noqa: ANN401 - of a library
    """Return the same factory of schema validators for one message, with the keywords that are judged here."""
    keywords, following = _Keywords(), copy(factory)
    following.get_validator_cls = lambda spec, schema: keywords.extended(factory.get_validator_cls(spec, schema))
    return following


class _Keywords:
    def __init__(self) -> None:
        self._searchers: dict[str, Searcher] = {}
        self._references = 0

    def extended(self, usual: Any) -> Any:  # noqa: ANN401 - a class that jsonschema has made
        own = {
            "pattern": self._pattern,
            "patternProperties": self._pattern_properties,
            "additionalProperties": self._additional_properties,
            **{name: self._counted(usual.VALIDATORS[name]) for name in _OF_REFERENCES if name in usual.VALIDATORS},
        }
        known = {name: each for name, each in own.items() if name in usual.VALIDATORS}
        return extend(usual, known)  # type: ignore[no-untyped-call]  # jsonschema has no types

    def _matches(self, pattern: str, text: str) -> bool:
        if pattern not in self._searchers:
            self._searchers[pattern] = compile_pattern(pattern)
        return self._searchers[pattern].search(text)

    def _pattern(self, _validator: object, pattern: str, value: object, _schema: object) -> Iterator[ValidationError]:
        if isinstance(value, str) and not self._matches(pattern, value):
            yield ValidationError("the text does not match the pattern")

    def _pattern_properties(
        self,
        validator: Any,  # noqa: ANN401 - the protocol of jsonschema leaves out what keywords use
        patterns: dict[str, Any],
        value: object,
        _schema: object,
    ) -> Iterator[ValidationError]:
        for name, each in value.items() if isinstance(value, dict) else ():
            for pattern, schema in patterns.items():
                if self._matches(pattern, name):
                    yield from validator.descend(each, schema, path=name, schema_path=pattern)

    def _additional_properties(
        self,
        validator: Any,  # noqa: ANN401 - the protocol of jsonschema leaves out what keywords use
        wanted: object,
        value: object,
        schema: dict[str, Any],
    ) -> Iterator[ValidationError]:
        if not isinstance(value, dict):
            return
        extras = [name for name in value if not self._is_described(name, schema)]
        if isinstance(wanted, dict):
            for name in extras:
                yield from validator.descend(value[name], wanted, path=name)
        elif wanted is False and extras:
            yield ValidationError("the object has members that the schema does not know")

    def _is_described(self, name: str, schema: dict[str, Any]) -> bool:
        patterns: Iterable[str] = schema.get("patternProperties", ())
        return name in schema.get("properties", ()) or any(self._matches(each, name) for each in patterns)

    def _counted(self, keyword: Callable[..., Iterator[ValidationError]]) -> Callable[..., Iterator[ValidationError]]:
        def judge(validator: object, *rest: object) -> Iterator[ValidationError]:
            self._references += 1
            if self._references > _MOST_REFERENCES:
                raise TooMuchWorkError
            yield from keyword(validator, *rest)

        return judge
