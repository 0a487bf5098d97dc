"""The languages that conditions, selectors and targets may be written in, and the versions of each.

Decides which language has which versions, and which of them is meant when a document names none. How a language is
compiled is not known here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Language(StrEnum):
    """The language of a criterion's condition or a selector."""

    SIMPLE = "simple"
    REGEX = "regex"
    JSONPATH = "jsonpath"
    XPATH = "xpath"
    JSONPOINTER = "jsonpointer"


class ExpressionType(Struct, frozen=True):
    """The language of a condition or selector, with the version when the language has several."""

    type: Language
    version: str = ""


RFC9535: Final = "rfc9535"
GOESSNER_DRAFT: Final = "draft-goessner-dispatch-jsonpath-00"
RFC6901: Final = "rfc6901"
XPATH_10: Final = "xpath-10"
XPATH_20: Final = "xpath-20"
XPATH_30: Final = "xpath-30"
XPATH_31: Final = "xpath-31"
# Expression Type Object: "The supported expression selector types and versions", the default first
VERSIONS: Final[dict[Language, tuple[str, ...]]] = {
    Language.SIMPLE: ("",),
    Language.REGEX: ("",),
    Language.JSONPATH: (RFC9535, GOESSNER_DRAFT),
    Language.XPATH: (XPATH_31, XPATH_30, XPATH_20, XPATH_10),
    Language.JSONPOINTER: (RFC6901,),
}
CRITERION_LANGUAGES: Final = (Language.SIMPLE, Language.REGEX, Language.JSONPATH, Language.XPATH)
SELECTOR_LANGUAGES: Final = (Language.JSONPATH, Language.XPATH, Language.JSONPOINTER)


def default_type(language: Language) -> ExpressionType:
    """Return a language with its default version."""
    # "If this object is not defined, the default version for the selector type MUST be used."
    return ExpressionType(language, VERSIONS[language][0])
