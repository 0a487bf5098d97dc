"""Contract checks: whether requests and answers are what the API description says.

Decides nothing itself: requests and answers have their own files. Whether a run goes on is decided by ``holding``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from msgspec import Struct

from arazzo_engine.world.contracts.answers import check_answer
from arazzo_engine.world.contracts.requests import check_parameters, check_payload, check_value
from arazzo_engine.world.contracts.schemas.dialects import Direction
from arazzo_engine.world.contracts.telling import Contracts, Telling

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation, ParameterDescription
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.exchange import Request, Response
    from arazzo_engine.machine.effects import Send


class Contract(Struct, frozen=True):
    """The contracts of all operations of a program."""

    contracts: Contracts

    def check_request(self, effect: Send, operation: Operation) -> tuple[Diagnostic, ...]:
        """Return how a request differs from what its operation describes."""
        telling = Telling(self.contracts, operation, Direction.REQUEST)
        return telling.told(itertools.chain(check_parameters(telling, effect), check_payload(telling, effect.request)))

    def check_parameter(
        self, description: ParameterDescription, value: JsonValue, operation: Operation
    ) -> tuple[Diagnostic, ...]:
        """Return how the value of a parameter differs from what its operation describes."""
        telling = Telling(self.contracts, operation, Direction.REQUEST)
        return telling.told(check_value(telling, description, value))

    def check_body(self, request: Request, operation: Operation) -> tuple[Diagnostic, ...]:
        """Return how the body of a request differs from what its operation describes."""
        telling = Telling(self.contracts, operation, Direction.REQUEST)
        return telling.told(check_payload(telling, request))

    def check_response(self, operation: Operation, request: Request, response: Response) -> tuple[Diagnostic, ...]:
        """Return how an answer differs from what its operation describes."""
        telling = Telling(self.contracts, operation, Direction.RESPONSE)
        return telling.told(check_answer(telling, request, response))

    def answered_elsewhere(self, operation: Operation) -> Diagnostic:
        """Return what says that an answer was not checked, because a redirect led to what the operation is not."""
        telling = Telling(self.contracts, operation, Direction.RESPONSE)
        return telling.unchecked("an answer that a redirect led to, with another method or at another path,")
