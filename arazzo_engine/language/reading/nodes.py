"""One JSON object of an Arazzo document while it is read: typed access to its fields, problems collected.

A node never raises for what a document got wrong. It notes the problem with its place and gives a neutral value
(an empty string, an empty list), so that one reading finds everything at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct, field

from arazzo_engine.diagnostics import Diagnostic, Related, diagnose, did_you_mean, likeliest
from arazzo_engine.documents.values import ABSENT, as_integer
from arazzo_engine.documents.watch import go_on
from arazzo_engine.edits import Applicability
from arazzo_engine.language.expressions.strings import unquoted
from arazzo_engine.language.fixed_fields import ARAZZO, COMPONENTS, INFO, SOURCE_DESCRIPTION, STEP, WORKFLOW
from arazzo_engine.language.reading.advice import OF_STEP_OUTPUT, OF_WORKFLOW_OUTPUT, fix_field, fix_missing, fix_type
from arazzo_engine.language.reading.extensions import SECURITY, ignored_extension, instead_of, is_security
from arazzo_engine.language.reading.foreign_calls import instead_of_sources, sources_by_another_name
from arazzo_engine.language.reading.markup import READ_BY_PEOPLE, unsafe_markup
from arazzo_engine.language.reading.other_formats.fields import OddField
from arazzo_engine.language.reading.other_formats.neighbours import Around, StepIds, around
from arazzo_engine.language.reading.written_requests import NAME as WRITTEN
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from enum import StrEnum

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.edits import Edit
    from arazzo_engine.language.fixed_fields import ObjectFields

_E = TypeVar("_E", bound="StrEnum")

# "All the fixed fields declared above are objects that MUST use keys that match the regular expression"
KEY_PATTERN: Final = lazy_pattern(r"[a-zA-Z0-9.\-_]+")

_OF_EXTENSIONS: Final = "Arazzo 1.1.0, Specification Extensions"
_IDENTIFIER: Final = lazy_pattern(r"[A-Za-z0-9_\-]+")

_EDITORS: Final = "$schema"
_OF_SECURITY: Final = (STEP, WORKFLOW)
# by the object and the field; each with what else may be meant
_VALUES_SINCE_1_1: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("Source Description Object", "type"): {
        "asyncapi": ", or write `type: openapi` if the file is an OpenAPI description"
    },
    ("Parameter Object", "in"): {"querystring": ""},
    ("Expression Type Object", "version"): {
        "rfc9535": ", or write `jsonpath` in place of the object, which is that version",
        "xpath-31": ", or write `xpath` in place of the object, which is that version",
    },
}
_OTHER_COMPONENTS: Final = frozenset(
    {"schemas", "responses", "examples", "requestBodies", "headers", "securitySchemes", "links", "callbacks"}
)

_TYPE_NAMES: Final[dict[type, str]] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    type(None): "null",
}


def type_name(value: JsonValue) -> str:
    """Return what a person calls the type of a JSON value.

    >>> type_name([])
    'a list'
    """
    return _TYPE_NAMES[type(value)]


class Reading(Struct):
    """What one reading gathers: the problems so far, whether the document is 1.1, and where something was lost."""

    version_1_1: bool
    problems: list[Diagnostic] = field(default_factory=list)
    lost: set[Pointer] = field(default_factory=set)
    step_ids: dict[Pointer, StepIds] = field(default_factory=dict)

    def lose(self, at: Place) -> None:
        """Remember that what stands at a place could not be read, and so what it is an entry or a member of."""
        self.lost |= {at.pointer, at.pointer[:-1]}


class Node(Struct, frozen=True):
    """An object of the specification (``fields`` says which) as a document wrote it."""

    value: dict[str, JsonValue]
    at: Place
    fields: ObjectFields
    reading: Reading

    @property
    def clause(self) -> str:
        """The clause a problem of this object rests on."""
        return f"Arazzo 1.1.0, {self.fields.name}"

    def check_fields(self) -> None:
        """Note the required fields that are missing and the fields that do not exist."""
        missing = [name for name in self.fields.required if name not in self.value]
        renamed = {misspelt for name in missing if (misspelt := self._missing(name))}
        allowed = self.fields.allowed(version_1_1=self.reading.version_1_1)
        for name in (each for each in self.value if each not in renamed):
            if self.fields is STEP and name == WRITTEN:
                continue  # it may be what the step calls, and is told where that is read
            if name.startswith("x-"):
                self.note_extension(name)
            elif name == _EDITORS and self.fields is ARAZZO and isinstance(self.value[name], str):
                continue  # by which schema an editor checks the document
            elif name == SECURITY and self.fields in _OF_SECURITY and is_security(self.value[name]):
                continue  # what it says is held to what the operation asks for
            elif name not in allowed:
                self._unknown(name, allowed)
            elif name in READ_BY_PEOPLE and (found := unsafe_markup(self.value[name])):
                self._note_markup(name, *found)

    def problem(self, code: str, message: str, name: str | None = None, fix: str = "") -> None:
        """Note a problem of this object, or of its field ``name``."""
        if name is not None and code == "exclusive-fields":
            # it is not the value that is wrong, but that the field is there
            location = self.at.child(name).key_location()
            self.reading.problems.append(diagnose(code, message, location, fix=fix, clause=self.clause))
            return
        self.problem_at(self.at if name is None else self.at.child(name), code, message, fix)

    def problem_at(self, at: Place, code: str, message: str, fix: str = "") -> None:
        """Note a problem at a place below this object."""
        self.reading.problems.append(diagnose(code, message, at.location(), fix=fix, clause=self.clause))

    def raw(self, name: str) -> Value:
        """Return the field as it is, or ``ABSENT``."""
        return self.value.get(name, ABSENT)

    def text(self, name: str) -> str:
        """Return a string field, ``""`` when it is missing or not a string."""
        return self.optional_text(name) or ""

    def filled_text(self, name: str) -> str:
        """Return a string field, ``""`` when it is missing or not a string; note one that is empty."""
        text = self.optional_text(name)
        if text == "":
            self.problem("field-value", f"`{name}` of the {self.fields.name} is empty", name, f"give `{name}` a value")
        return text or ""

    def identifier(self, name: str) -> str:
        """Return a string field that expressions name; note characters that none can."""
        text = self.filled_text(name)
        # "SHOULD conform to the regular expression `[A-Za-z0-9_\-]+`."
        if text and not _IDENTIFIER.fullmatch(text):
            fix = "use letters, digits, `_` and `-` only"
            message = f"`{text}` has characters that an id should not have"
            self.problem("id-characters", message, name, fix)
        return text

    def optional_text(self, name: str) -> str | None:
        """Return a string field, ``None`` when it is missing or not a string."""
        value = self._typed(name, (str,), "a string")
        return None if value is ABSENT else str(value)

    def integer(self, name: str) -> int | None:
        """Return a non-negative integer field, or ``None``."""
        written = as_integer(self.raw(name))
        # JSON Schema 2020-12: "any number with a zero fractional part" is an integer
        value = written if type(written) is int else self._typed(name, (int,), "an integer")
        return None if value is ABSENT else self._non_negative(name, value)

    def number(self, name: str) -> float | None:
        """Return a non-negative number field, or ``None``."""
        value = self._typed(name, (int, float), "a number")
        return None if value is ABSENT else self._non_negative(name, value)

    def choice(self, name: str, choices: type[_E], among: Sequence[_E] | None = None) -> _E | None:
        """Return a field that must be one of an enumeration's values, or ``None``."""
        text = self.optional_text(name)
        if text is None:
            return None
        allowed = tuple(among or choices)
        if text in tuple(allowed):
            return choices(text)
        self.note_choice(name, text, allowed)
        return None

    def entries(self, name: str, *, at_least_one: bool = False) -> Iterator[tuple[JsonValue, Place]]:
        """Yield the entries of a list field with their places; note an empty list that must have one."""
        value = self._typed(name, (list,), "a list")
        if value is ABSENT:
            return
        if at_least_one and not value:
            self.problem("empty-list", f"`{name}` is empty", name, fix=f"give `{name}` at least one entry")
        for index, entry in enumerate(value):
            yield entry, self.at.child(name, index)

    def members(self, name: str) -> Iterator[tuple[str, JsonValue, Place]]:
        """Yield the members of a map field with their places; note keys that are not allowed."""
        value = self._typed(name, (dict,), "an object")
        if value is ABSENT:
            return
        for key, member in value.items():
            at = self.at.child(name, key)
            if not KEY_PATTERN.fullmatch(key):
                fix = f"write `{re.sub(r'[^a-zA-Z0-9.-]+', '_', key.strip())}`: letters, digits, `.`, `-` and `_`"
                message = f"`{name}` has the key `{key}`"
                self.reading.problems.append(
                    diagnose("invalid-name", message, at.key_location(), fix=fix, clause=self.clause)
                )
            yield key, member, at

    def distinct_texts(self, name: str, *, at_least_one: bool = False) -> Iterator[tuple[str, Place]]:
        """Yield the strings of a list field with their places; note and leave out other entries and repeated ones."""
        first: dict[str, Place] = {}
        for entry, at in self.entries(name, at_least_one=at_least_one):
            if not isinstance(entry, str):
                self.note_type(at, f"an entry of `{name}`", "a string", entry)
            elif entry in first:
                self.note_repeated(at, f"`{name}` names `{entry}` twice", first[entry])
            else:
                first[entry] = at
                yield entry, at

    def node(self, value: JsonValue, at: Place, fields: ObjectFields) -> Node | None:
        """Return ``value`` as a node of another object below this one, or ``None`` when it is no object."""
        if not isinstance(value, dict):
            self.note_type(at, f"the {fields.name}", "an object", value)
            return None
        go_on()
        node = Node(value, at, fields, self.reading)
        node.check_fields()
        return node

    def empty(self, name: str, fields: ObjectFields) -> Node:
        """Return a node without fields, for an optional object that is not there."""
        return Node({}, self.at.child(name), fields, self.reading)

    def child(self, name: str, fields: ObjectFields) -> Node | None:
        """Return a field that holds another object, or ``None``."""
        value = self.raw(name)
        return None if value is ABSENT else self.node(value, self.at.child(name), fields)

    def nodes(self, name: str, fields: ObjectFields, *, at_least_one: bool = False) -> Iterator[Node]:
        """Yield the objects of a list field."""
        for entry, at in self.entries(name, at_least_one=at_least_one):
            node = self.node(entry, at, fields)
            if node is not None:
                yield node

    def unread(self, *names: str) -> frozenset[str]:
        """Return those of the fields that hold what could not be read."""
        lost = self.reading.lost
        return frozenset(name for name in names if lost and self.at.child(name).pointer in lost)

    def note_choice(self, name: str, found: str, allowed: Sequence[str], but: str = ", which is none of") -> None:
        """Note a field that is none of the values that it may have."""
        listed = ", ".join(f"`{each}`" for each in allowed)
        fix = self._fix_later(name, found) or did_you_mean(found, allowed) or f"use one of {listed}"
        self.problem("field-value", f"`{name}` is `{found}`{but} {listed}", name, fix)

    def note_later(self, name: str, found: str, instead: JsonValue = None) -> None:
        """Note a value that the next version has, and is read as what it is there; ``instead`` says all of the node."""
        message = f"`{name}` is `{found}`, which Arazzo 1.0 does not have"
        at, fix = self.at.child(name).location(), self._fix_later(name, found)
        kind = "a value exists since Arazzo 1.1.0"
        edits = [] if instead is None else [self.at.written(instead)]
        self.reading.problems.append(
            diagnose("repaired", message, at, fix=fix, edits=edits, clause=self.clause, kind=kind)
        )

    def _fix_later(self, name: str, found: str) -> str:
        """Return the fix for a value that the next version has, empty for any other."""
        later = _VALUES_SINCE_1_1.get((self.fields.name, name), {})
        if self.reading.version_1_1 or found not in later:
            return ""
        return f"`{found}` exists since Arazzo 1.1.0: set `arazzo: 1.1.0`{later[found]}"

    def note_repeated(self, at: Place, message: str, first: Place, code: str = "id-duplicate") -> None:
        """Note an entry of a list that stands there already."""
        related = (Related("the first one", first),)
        self.reading.problems.append(
            diagnose(code, message, at.location(), fix="remove one of them", related=related, clause=self.clause)
        )

    def note_type(self, at: Place, what: str, wanted: str, found: JsonValue) -> None:
        """Note a value of the wrong type."""
        self.reading.lose(at)
        message = f"{what} must be {wanted}, not {type_name(found)}"
        text = unquoted(found)
        fix = fix_type(what, wanted, found) if text is None else f"write `{text[1:-1]}`, without braces"
        if self.fields is WORKFLOW:
            fix = fix.replace(OF_STEP_OUTPUT, OF_WORKFLOW_OUTPUT)  # no answer is there once all steps are made
        self.reading.problems.append(diagnose("field-type", message, at.location(), fix=fix, clause=self.clause))

    def _typed(self, name: str, types: tuple[type, ...], wanted: str) -> JsonValue:
        value = self.raw(name)
        # JSON's booleans are no integers, though Python's are
        if value is ABSENT or (isinstance(value, types) and not isinstance(value, bool)):
            return value
        self.note_type(self.at.child(name), f"`{name}`", wanted, value)
        return ABSENT

    def _non_negative(self, name: str, value: JsonValue) -> JsonValue:
        if value < 0:
            self.problem("field-value", f"`{name}` is {value}, which is negative", name, fix="use zero or more")
            return None
        return value

    def _missing(self, name: str) -> str | None:
        """Note a required field that is missing, and return the one with nearly its name, which is then no other."""
        misspelt = likeliest(name, (each for each in self.value if each not in self.fields.allowed(version_1_1=True)))
        is_of_sources = name == "sourceDescriptions"
        if misspelt is None and is_of_sources:
            misspelt = sources_by_another_name(self.value)
        message = f"the {self.fields.name} has no `{name}`"
        if misspelt is None:
            fix = (instead_of_sources(self.value) if is_of_sources else "") or fix_missing(
                self.fields.name, name, self.value
            )
            self.problem("field-missing", message, fix=fix)
            return None
        at, edit = self.at.child(misspelt).key_location(), self._renaming(misspelt, name)
        fix = f"rename `{misspelt}` to `{name}`"
        self.reading.problems.append(diagnose("field-missing", message, at, fix=fix, clause=self.clause, edits=[edit]))
        return misspelt

    def note_extension(self, name: str) -> None:
        """Note an extension that would change what is sent, and is not read."""
        extension = ignored_extension(name)
        if extension is not None:
            at = self.at.child(name).key_location()
            message = f"`{name}` is an extension that is not read: {extension.undone}"
            # a step or a workflow has no name of a source beside it
            source = self.value.get("name") if self.fields is SOURCE_DESCRIPTION else None
            fix = instead_of(name, self.value[name], source)
            self.reading.problems.append(diagnose("extension-ignored", message, at, fix=fix))

    def _note_markup(self, name: str, what: str, span: tuple[int, int]) -> None:
        location = self.at.child(name).location(span)
        self.reading.problems.append(
            diagnose("markup-unsafe", f"`{name}` has {what}", location, fix="write it as text", clause=self.clause)
        )

    def _around(self) -> Around | None:
        return around(self.at, self.reading.step_ids)

    def _unknown(self, name: str, allowed: Sequence[str]) -> None:
        edits: list[Edit] = []
        if is_later := name in self.fields.since_1_1:
            fix = f"`{name}` exists since Arazzo 1.1.0: set `arazzo: 1.1.0`"
        else:
            fix = fix_field(self.fields.name, OddField(name, self.value, tuple(allowed), self._around()))
            edits = list(self._renamed(name, fix, allowed))
        location = self.at.child(name).key_location()
        message = f"the {self.fields.name} has no field `{name}`"
        code = "repaired" if is_later else "field-unknown"
        kind = "a field exists since Arazzo 1.1.0" if is_later else ""
        problem = diagnose(code, message, location, fix=fix, clause=_OF_EXTENSIONS, edits=edits, kind=kind)
        # a field of the next version is read as what it is there, and no run reads the information on a document, nor
        # the components of other formats, nor by which schema an editor checks it
        is_of_others = (self.fields is COMPONENTS and name in _OTHER_COMPONENTS) or name == _EDITORS
        is_harmless = self.fields is INFO or is_of_others
        self.reading.problems.append(problem.as_warning() if is_harmless else problem)

    def _renamed(self, name: str, fix: str, allowed: Sequence[str]) -> Iterator[Edit]:
        """Yield the edit that gives a field the name that it is said to mean."""
        meant = next((each for each in allowed if fix == f"did you mean `{each}`?"), None)
        if meant is not None:
            yield self._renaming(name, meant)

    def _renaming(self, name: str, meant: str) -> Edit:
        renamed = {meant if each == name else each: value for each, value in self.value.items()}
        return self.at.written(renamed, Applicability.UNSAFE)
