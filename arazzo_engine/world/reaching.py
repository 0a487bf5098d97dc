"""How the runs of a document reach the APIs: what the user gave, and below it what the project file says.

Decides which of the two is used, and when a value that is kept elsewhere is asked for: not before a run needs it, and
never for a rehearsal. Which of the project's names a document has is looked at here; what they may be is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.credentials import MADE_UP, Credential, Credentials
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.validation.inputs.schemas import declared_inputs
from arazzo_engine.world.authorizing.credentials import (
    GivenCredentials,
    check_names,
    names_elsewhere,
    names_of,
    read_credentials,
)
from arazzo_engine.world.options import check_sources, check_variables, schemes_of, source_names, variables_of
from arazzo_engine.world.projects.names import misspelt_names
from arazzo_engine.world.projects.references import Reference

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.world.preparing import Checked
    from arazzo_engine.world.projects.kept import Kept
    from arazzo_engine.world.projects.settings import Settings

# it has the form of a key, and of a user and a password
_REHEARSED: Final = "rehearsal:rehearsal"
# what stands for a reference: a credential, or nothing when none is asked for
Ask: TypeAlias = Callable[[Reference], Credential | None]
Whole: TypeAlias = Callable[[], "Checked"]


class Given(Struct, frozen=True):
    """What the user gave to reach the APIs; ``signers`` are names of schemes, ``kept`` has what the project says."""

    sources: Mapping[str, str]
    servers: Mapping[str, str]
    server_vars: Mapping[str, str]
    credentials: GivenCredentials
    auth_file: str | None
    signers: frozenset[str]
    allowed_hosts: tuple[str, ...]
    has_certificate: bool
    kept: Kept


class Reaching(Struct, frozen=True):
    """The access of the runs of a document, and that of its rehearsals, which ask nobody for a credential.

    ``warnings`` are what should be said of the names in the project file.
    """

    find: Callable[[], Access]
    find_given: Callable[[], Access]
    warnings: tuple[Diagnostic, ...] = ()


def reach(given: Given, checked: Checked, whole: Whole) -> Reaching:
    """Return the access to the APIs of a document; ``whole`` is all of it, for names that are not of this workflow.

    Raises ``ArazzoError`` (``option-invalid``, ``project-invalid``, the codes of credentials).
    """
    check_sources(given.sources, given.servers, checked)
    # a step whose operation was not found has no server to ask
    if not checked.errors:
        check_variables(given.server_vars, checked, whole)
    misspelt = misspelt_in(given.kept.standing.settings, checked, whole)
    if any(each.is_error for each in misspelt):
        raise ArazzoError(*(checked.problems if checked.errors else misspelt))
    return replace(_reach(_Finding(given, checked, whole)), warnings=misspelt)


def _reach(finding: _Finding) -> Reaching:
    given, checked = finding.given, finding.checked
    if callable(given.credentials):
        return Reaching(lambda: finding.access(finding.real), lambda: finding.access(finding.made_up))
    try:
        known = finding.access(_stand_in)
    except ArazzoError as error:
        # a credential may be for a step whose operation could not be read
        raise ArazzoError(*(checked.problems if checked.errors else error.diagnostics)) from error
    if not finding.asked:
        return Reaching(lambda: known, lambda: known)
    return Reaching(cache(lambda: finding.access(finding.real)), lambda: finding.access(finding.made_up))


def misspelt_in(settings: Settings, checked: Checked, whole: Whole) -> tuple[Diagnostic, ...]:
    """Return what a project file says of names that were meant as those of a document."""
    if not settings.values:
        return ()
    known = _names(checked)
    return tuple(misspelt_names(settings, known, lambda table: _names(whole())[table]))


def _names(checked: Checked) -> dict[tuple[str, ...], frozenset[str]]:
    sources = frozenset(source_names(checked) | checked.linked.aliases.keys())
    workflows = {each: declared_inputs(checked.workflow(each)) for each in checked.description.workflow_ids}
    return {
        ("sources",): sources,
        ("servers",): sources,
        ("server-vars",): frozenset(variables_of(checked)),
        ("auth",): frozenset(names_of(schemes_of(checked))),
        ("inputs",): frozenset(name for each in checked.linked.workflows.values() for name in declared_inputs(each)),
        ("workflows",): frozenset(workflows),
        **{("workflows", each, "inputs"): frozenset(names) for each, names in workflows.items()},
    }


def _stand_in(reference: Reference) -> Credential:
    return Credential("", reference.origin)


class _Finding(Struct, frozen=True, dict=True):
    given: Given
    checked: Checked
    whole: Whole

    @property
    def asked(self) -> bool:
        """Whether anything has to be asked for."""
        named = self.given.credentials
        values = named.values() if isinstance(named, Mapping) else ()
        return any(isinstance(each, Reference) for each in (*values, *self._of_project().values()))

    def made_up(self, reference: Reference) -> Credential | None:
        """Return what stands for a credential that is kept where it says, for a rehearsal; ``None`` when it is not."""
        return Credential(_REHEARSED, MADE_UP) if self.given.kept.has(reference) else None

    def real(self, reference: Reference) -> Credential:
        return Credential(self.given.kept.secret(reference), reference.origin)

    def access(self, ask: Ask) -> Access:
        given, settings = self.given, self.given.kept.standing.settings
        schemes = schemes_of(self.checked)
        elsewhere = names_elsewhere({*self._named(), *given.signers}, schemes, lambda: schemes_of(self.whole()))
        known = source_names(self.checked) | self.checked.linked.aliases.keys() | {""}
        servers = {name: each.value for name, each in settings.table("servers").items() if name in known}
        variables = {name: each.value for name, each in settings.table("server-vars").items()}
        return Access(
            servers=given.servers if "" in given.servers else {**servers, **given.servers},
            server_variables={**_not_named(variables, given.server_vars), **given.server_vars},
            credentials=self._credentials(ask, elsewhere),
            allowed_hosts=given.allowed_hosts,
            has_client_certificate=given.has_certificate,
            signed=check_names(given.signers - elsewhere, schemes),
        )

    def _credentials(self, ask: Ask, elsewhere: frozenset[str]) -> Credentials:
        """Return what the user gave, below it what the project file says, below that the environment."""
        schemes = schemes_of(self.checked)
        written = self.given.kept.standing.settings.values.get(("auth-file",))
        own_file = None if written is not None and written.value == self.given.auth_file else self.given.auth_file
        above = read_credentials(self._answered(ask, elsewhere), own_file, schemes, {})
        rest = schemes - above.by_scheme.keys()
        meant = names_of(rest)
        asked = {name: ask(each) for name, each in self._of_project().items() if name in meant}
        answered = {name: each for name, each in asked.items() if each is not None}
        project_file = None if written is None else written.value
        below = read_credentials(answered, project_file, rest, self.given.kept.standing.environment.variables)
        return Credentials({**below.by_scheme, **above.by_scheme})

    def _of_project(self) -> dict[str, Reference]:
        known = names_of(schemes_of(self.checked))
        table = self.given.kept.standing.settings.table("auth")
        return {name: each.value for name, each in table.items() if name in known}

    def _named(self) -> Mapping[str, Any]:
        return self.given.credentials if isinstance(self.given.credentials, Mapping) else {}

    def _answered(self, ask: Ask, elsewhere: frozenset[str]) -> GivenCredentials:
        given = self.given.credentials
        match given:
            case Credentials():
                return given
            case Mapping():
                kept = {name: value for name, value in given.items() if name not in elsewhere}
                answers = {name: ask(value) if isinstance(value, Reference) else value for name, value in kept.items()}
                return {name: value for name, value in answers.items() if value is not None}
            case _:
                return lambda source, scheme: _told(given(source, scheme), ask)


def _told(value: Any, ask: Ask) -> Any:  # noqa: ANN401 - what a function of the user's returns
    return ask(value) if isinstance(value, Reference) else value


def _not_named(variables: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the project but those of one source for which the user gave one for all."""
    return {name: each for name, each in variables.items() if name.rpartition(".")[2] not in given}
