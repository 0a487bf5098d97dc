"""Elements as XML text: names, namespaces and escapes.

Decides what is well-formed: every text is escaped, every prefix is declared, and a name or a character that XML cannot
hold is refused. Which elements there are is decided by ``xml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# XML 1.0, section 2.3, NameStartChar and NameChar, both without the colon of Namespaces in XML 1.0, section 4
_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = lazy_pattern(f"[{_START}][{_START}\\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*")
# XML 1.0, section 2.2, Char
_NOT_IN_XML: Final = lazy_pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Namespaces in XML 1.0, section 3: "The prefix xml [...] MAY, but need not, be declared, and MUST NOT be bound to any
# other namespace name."
_XML: Final = {"xml": "http://www.w3.org/XML/1998/namespace"}


class Name(Struct, frozen=True):
    """The name of an element or attribute, as its description has it; ``namespace`` is empty when it has none."""

    local: str
    prefix: str = ""
    namespace: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}:{self.local}" if self.prefix else self.local


NIL: Final = Name("nil", "xsi", "http://www.w3.org/2001/XMLSchema-instance")


class Text(Struct, frozen=True):
    """A text, or a CDATA section."""

    text: str
    is_cdata: bool = False


class Element(Struct, frozen=True):
    """An element with its attributes and what is in it."""

    name: Name
    attributes: tuple[tuple[Name, str], ...] = ()
    content: tuple[Node, ...] = ()


Node: TypeAlias = Element | Text


def element_text(element: Element) -> str:
    """Return the markup of an element; raises ``ArazzoError`` (``request-body-malformed``)."""
    return _element(element, _XML)


def malformed(message: str, fix: str = "") -> ArazzoError:
    """Return the error of a value that cannot be XML."""
    return ArazzoError(diagnose("request-body-malformed", message, fix=fix))


def _element(element: Element, above: Mapping[str, str]) -> str:
    names = (element.name, *(name for name, _ in element.attributes))
    for name in names:
        _check_name(name)
    declared = _declared(names, (element.name,))
    scope = {**above, **declared}
    for name in names:
        # Namespaces in XML 1.0, section 5: "Prefix Declared: The namespace prefix, unless it is xml or xmlns, MUST have
        # been declared in a namespace declaration attribute"
        if name.prefix and name.prefix not in scope:
            fix = "give its `xml` object a `namespace`, or leave the prefix out"
            raise malformed(f"the prefix of `{name}` is not declared: no namespace is described for it", fix)
    start = f"<{element.name}{''.join(_attributes(element, declared))}"
    content = "".join(_text(each) if isinstance(each, Text) else _element(each, scope) for each in element.content)
    return f"{start}>{content}</{element.name}>" if content else f"{start}/>"


def _declared(names: Iterable[Name], elements: tuple[Name, ...]) -> dict[str, str]:
    """Return the namespaces that an element declares: its own, and those of its attributes."""
    declared: dict[str, str] = {}
    for name in names:
        if not name.namespace or (name.prefix in _XML and name.namespace == _XML[name.prefix]):
            continue
        if not name.prefix and name not in elements:
            # section 6.2: "Default namespace declarations do not apply directly to attribute names"
            raise malformed(f"the attribute `{name}` is in a namespace, and has no prefix", "give it a `prefix`")
        if name.prefix in _XML or declared.setdefault(name.prefix, name.namespace) != name.namespace:
            raise malformed(f"the prefix `{name.prefix}` stands for two namespaces in one element")
    return declared


def _attributes(element: Element, declared: Mapping[str, str]) -> Iterable[str]:
    for prefix, namespace in declared.items():
        yield f" xmlns{':' if prefix else ''}{prefix}={quoteattr(_checked(namespace))}"
    seen = set()
    for name, value in element.attributes:
        # XML 1.0, section 3.1: "An attribute name MUST NOT appear more than once in the same start-tag"
        if str(name) in seen:
            raise malformed(f"the element `{element.name}` has the attribute `{name}` twice")
        seen.add(str(name))
        yield f" {name}={quoteattr(_checked(value))}"


def _check_name(name: Name) -> None:
    for each in (name.local, name.prefix) if name.prefix else (name.local,):
        if not _NAME.fullmatch(each) or each == "xmlns":
            raise malformed(f"`{each}` cannot be a name in XML", "name it by `xml: { name: … }` in the schema")


def _text(node: Text) -> str:
    text = _checked(node.text)
    if node.is_cdata:
        return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
    # XML 1.0, section 2.11: what reads it makes a line feed of a carriage return that is no reference
    return escape(text, {"\r": "&#13;"})


def _checked(text: str) -> str:
    if _NOT_IN_XML.search(text):
        raise malformed("the payload has characters that XML cannot hold")
    return text
