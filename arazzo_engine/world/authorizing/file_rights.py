"""Who else may change a file that the user gave credentials in: whoever may could have them sent elsewhere.

Decides what is told of it; nothing is refused, as the file is the user's to judge. Where a system does not say who may
what, nothing is known.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from arazzo_engine.diagnostics import Diagnostic, diagnose


def rights_warnings(auth_file: str | None) -> tuple[Diagnostic, ...]:
    """Return the warning that others may change the file with the credentials."""
    if auth_file is None or not hasattr(os, "getuid"):
        return ()
    try:
        found = Path(auth_file).stat()
    except (OSError, ValueError):
        # what cannot be read is told when it is
        return ()
    if not stat.S_ISREG(found.st_mode) or not _others_may_write(found):
        return ()
    message = f"others may change the credentials of `--auth-file`: {auth_file}"
    return (diagnose("credentials-exposed", message, fix="`chmod 600` it, and make sure that nobody has changed it"),)


def _others_may_write(found: os.stat_result) -> bool:
    # root reads the files of all
    is_anothers = os.getuid() not in {found.st_uid, 0} and found.st_uid != 0
    if found.st_mode & stat.S_IWOTH or is_anothers:
        return True
    return bool(found.st_mode & stat.S_IWGRP) and not _is_alone(found.st_gid)


def _is_alone(group: int) -> bool:
    """Whether a group is the one that many systems make for each user, with nobody else in it."""
    import grp  # noqa: PLC0415 - Windows has none
    import pwd  # noqa: PLC0415 - the same

    try:
        named, user = grp.getgrgid(group), pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return named.gr_name == user.pw_name and set(named.gr_mem) <= {user.pw_name}
