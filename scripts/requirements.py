"""What pyproject.toml asks for, and the lowest version of each library that it allows.

Decides how a lower bound becomes a constraint for pip. Which releases exist, and for which Python, is not known here.
"""

from __future__ import annotations

import re
from typing import Any, Final

_REQUIREMENT: Final = re.compile(r"(?P<name>[\w.-]+)\s*(?:>=\s*(?P<lowest>[^,;\s]+))?[^;]*?(?P<marker>\s*;.*)?")


def requirements(project: dict[str, Any]) -> list[str]:
    """Return every requirement of a ``[project]`` table, those of its extras too."""
    extras = project.get("optional-dependencies", {}).values()
    # an extra may be made of others
    own = f"{project.get('name', '')}["
    named = (each for extra in extras for each in extra)
    return [*project.get("dependencies", ()), *(each for each in named if not each.startswith(own))]


def lowest_versions(project: dict[str, Any]) -> list[str]:
    """Return a constraint for each requirement; raises ``ValueError`` for one without a lower bound."""
    return sorted({_pin(each) for each in requirements(project)})


def libraries_of_a_run(project: dict[str, Any]) -> list[str]:
    """Return the names of what a user gets, with the extras; what only tests the project is left out."""
    extras = {name: each for name, each in project.get("optional-dependencies", {}).items() if name != "test"}
    kept = requirements({**project, "optional-dependencies": extras})
    return sorted({_match(each)["name"].lower() for each in kept})


def _pin(requirement: str) -> str:
    found = _match(requirement)
    if found["lowest"] is None:
        raise ValueError(f"`{requirement}` has no lower bound")
    return f"{found['name']}=={found['lowest']}{found['marker'] or ''}"


def _match(requirement: str) -> re.Match[str]:
    found = _REQUIREMENT.fullmatch(requirement)
    if found is None:
        raise ValueError(f"`{requirement}` is no requirement")
    return found
