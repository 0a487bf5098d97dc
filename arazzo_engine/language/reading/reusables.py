"""Lists that hold objects or, in their place, Reusable Objects: each reference becomes the component it names.

"Components are scoped to the Arazzo document they are defined in": a ``Shelf`` belongs to one document.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.diagnostics import Related, diagnose, did_you_mean, likeliest
from arazzo_engine.language.expressions.grammar import ExpressionError, Root, parse_expression
from arazzo_engine.language.fixed_fields import REUSABLE
from arazzo_engine.language.objects import Parameter
from arazzo_engine.language.reading.overrides import note_ignored
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.fixed_fields import ObjectFields
    from arazzo_engine.language.reading.nodes import Node

_T = TypeVar("_T")


class Shelf(Struct, Generic[_T], frozen=True, dict=True):
    """One kind of reusable object: where it stands in ``components``, how to read one, and those there are.

    ``reuse`` makes the object that a Reusable Object stands for; ``key`` is what makes two of them duplicates, and
    ``label`` what one is called. ``unread`` are the names of those that are none, and ``is_unread`` says that all are.
    """

    name: str
    fields: ObjectFields
    read: Callable[[Node], _T]
    reuse: Callable[[Node, _T], _T]
    key: Callable[[_T], Hashable]
    label: Callable[[_T], str]
    objects: Mapping[str, _T] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    is_unread: bool = False

    @cached_property
    def names(self) -> Vocabulary:
        """The names of the objects."""
        return Vocabulary(tuple(self.objects))


def fill_shelf(shelf: Shelf[_T], components: Node) -> Shelf[_T]:
    """Return a shelf with the objects of one map of the Components Object."""
    found, unread = {}, set()
    for name, value, at in components.members(shelf.name):
        node = components.node(value, at, shelf.fields)
        if node is None:
            unread.add(name)
        else:
            found[name] = shelf.read(node)
    is_unread = not isinstance(components.value.get(shelf.name, {}), dict)
    return replace(shelf, objects=found, unread=frozenset(unread), is_unread=is_unread)


def read_list(node: Node, name: str, shelf: Shelf[_T]) -> tuple[_T, ...]:
    """Read a list field of objects and Reusable Objects, and note duplicates."""
    found: dict[Hashable, Place] = {}
    objects = []
    for value, at in node.entries(name):
        entry = _read_entry(node, value, at, shelf)
        if entry is None or (isinstance(entry, Parameter) and not entry.name):
            node.reading.lose(at)
            continue
        objects.append(entry)
        key = shelf.key(entry)
        if key in found:
            # "The list MUST NOT include duplicate parameters." and the same for success and failure actions
            node.note_repeated(at, f"`{name}` has {shelf.label(entry)} twice", found[key])
        found.setdefault(key, at)
    return tuple(objects)


def _read_entry(node: Node, value: JsonValue, at: Place, shelf: Shelf[_T]) -> _T | None:
    if isinstance(value, dict) and "$ref" in value:
        # "Runtime expression used to reference the desired object": a reference by `$ref` is none
        fix = f"write `reference: $components.{shelf.name}.<name>`: only components of this document can be referred to"
        node.reading.problems.append(
            diagnose(
                "field-unknown",
                "`$ref` refers to nothing here",
                at.child("$ref").key_location(),
                fix=fix,
                clause="Arazzo 1.1.0, Reusable Object",
            )
        )
        return None
    if isinstance(value, dict) and "reference" in value:
        return _read_reusable(node, value, at, shelf)
    child = node.node(value, at, shelf.fields)
    return None if child is None else shelf.read(child)


def _read_reusable(node: Node, value: dict[str, JsonValue], at: Place, shelf: Shelf[_T]) -> _T | None:
    # "This object cannot be extended with additional properties and any properties added MUST be ignored."
    known = {name: each for name, each in value.items() if name in REUSABLE.allowed(version_1_1=True)}
    reusable = node.node(known, at, REUSABLE)
    reference = None if reusable is None else reusable.optional_text("reference")
    if reusable is None or reference is None:
        return None
    component = _find(reusable, reference, shelf)
    note_ignored(reusable, value, shelf.fields, shelf.name)
    return None if component is None else shelf.reuse(reusable, component)


def _note_unknown(reusable: Node, reference: str, name: str, shelf: Shelf[_T]) -> None:
    fix = did_you_mean(name, shelf.names) or f"define `{name}` in `components/{shelf.name}`"
    near = likeliest(name, shelf.names)
    at = reusable.at.document.root().child("components", shelf.name, near or "")
    related = () if near is None else (Related(f"`{near}` is this component", at.key_location()),)
    where, message = reusable.at.child("reference").location(), f"`{reference}` names no component"
    reusable.reading.problems.append(
        diagnose("unknown-component", message, where, fix=fix, related=related, clause=reusable.clause)
    )


def _find(reusable: Node, reference: str, shelf: Shelf[_T]) -> _T | None:
    try:
        expression = parse_expression(reference)
    except ExpressionError as error:
        is_component = reference.startswith(Root.COMPONENTS.value) and not error.fix.startswith("did you mean")
        fix = f"refer to `$components.{shelf.name}.<name>`" if is_component else error.fix
        reusable.problem("invalid-expression", error.message, "reference", fix)
        return None
    kind, name = expression.names if len(expression.names) == 2 else ("", "")  # noqa: PLR2004 - a type and a name
    if expression.root is not Root.COMPONENTS or kind != shelf.name:
        fix = f"refer to `$components.{shelf.name}.<name>`"
        reusable.problem("unknown-component", f"`{reference}` is none of the `{shelf.name}`", "reference", fix)
        return None
    if name in shelf.unread or (shelf.is_unread and name not in shelf.objects):
        return None  # it could not be read, and that is noted where it stands
    if name not in shelf.objects:
        _note_unknown(reusable, reference, name, shelf)
        return None
    return shelf.objects[name]
