"""Regular expressions that a module names and nobody has asked for yet.

Decides when they are compiled: at their first use, for a command needs few of the hundreds that stand in what it
imports. No module compiles one while it is imported, which a rule of the architecture holds. What is searched for with
them, this must not know.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Final, cast

_OFFERED: Final = tuple(name for name in dir(re.Pattern) if not name.startswith("_"))


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` returns, compiled when it is first used.

    >>> word = lazy_pattern("[a-z]+")
    >>> word.findall("one, two"), word.pattern
    (['one', 'two'], '[a-z]+')
    """
    return cast("re.Pattern[AnyStr]", LazyPattern(text, flags))


class LazyPattern:
    """A text that becomes a pattern: after the first use, its attributes are those of the compiled one."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update((each, getattr(compiled, each)) for each in _OFFERED)
        return getattr(compiled, name)
