"""The events of a YAML text, from PyYAML's parser, and where they stand.

Decides which parser reads a text, and that nothing but its syntax is taken from it. What the events make is not known
here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import yaml

from arazzo_engine.documents.watch import go_on
from arazzo_engine.documents.yaml.mistakes import explain_escape, explain_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml import Event


_AT_ONCE: Final = 1_000


def read_events(text: str) -> Iterator[Event]:
    """Return the events of a YAML text, from libyaml where PyYAML was built with it.

    Raises ``MalformedText`` (``malformed-yaml``, ``document-too-deep``) when it comes to what is wrong.
    """
    try:
        # the loaders are used as parsers only: nothing of YAML 1.1's types or of PyYAML's constructors takes part
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        for number, event in enumerate(iter(loader.get_event, None)):
            if number % _AT_ONCE == 0:
                go_on()
            yield event
    except yaml.YAMLError as error:
        raise explain_yaml(text, error) from error
    except (ValueError, OverflowError) as error:
        # half a surrogate pair that cannot be encoded for libyaml; `\U00110000` in PyYAML's own scanner
        raise explain_escape(error) from error


def offset_of(event: Event) -> int:
    """Return how many characters stand before an event."""
    return event.start_mark.index if event.start_mark is not None else 0
