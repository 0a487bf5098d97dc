"""What is wrong with a text, before anybody knows which document it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer


class MalformedText(Exception):  # noqa: N818 - it becomes a diagnostic where the document's name is known
    """A text cannot be read: the code of the diagnostic, what is wrong, at which offset, how to fix it."""

    def __init__(self, code: str, message: str, offset: int, fix: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset
        self.fix = fix


class DuplicateKey(Exception):  # noqa: N818 - the same
    """A mapping has a key twice: the pointer to it, and the offset of the second one."""

    def __init__(self, pointer: Pointer, offset: int) -> None:
        super().__init__(pointer[-1])
        self.pointer = pointer
        self.offset = offset
