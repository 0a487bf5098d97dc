"""A row of the table of diagnostic codes, and two parts of the table.

They are the rows on texts meant as something else and on how much a run may make, and those on servers and credentials.

``why`` is one sentence; ``clause`` names the text it rests on. ``kind`` says whose problem it is: the ``document``
(exit 3), the ``usage`` (exit 2) or the ``run`` (exit 4).
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

Kind: TypeAlias = Literal["document", "usage", "run"]


class Code(Struct, frozen=True):
    """One row: what the code stands for, why it is a problem, and the clause that says so."""

    summary: str
    why: str
    clause: str = ""
    severity: Literal["error", "warning"] = "error"
    kind: Kind = "document"


OF_VALUES: Final[dict[str, Code]] = {
    "expression-as-text": Code(
        "a text holds the name of an input, an output or a source, and is no expression",
        "what is not written as an expression is text, and a text that names something that exists was meant as one",
        "Arazzo 1.1.0, Runtime Expressions",
        severity="warning",
    ),
    "extension-ignored": Code(
        "an extension that other engines know would change what is sent, and nothing is done by it",
        "nothing that a document says about its requests is passed over in silence",
        "Arazzo 1.1.0, Specification Extensions",
        severity="warning",
    ),
    "input-file-unread": Code(
        "an input names a file that is not read",
        "a file is read only where the schema of the input asks for one; any other text is sent as it is",
        "docs/http.md, Files",
        severity="warning",
        kind="usage",
    ),
    "literal-refused": Code(
        "a value that a step writes out is not what its operation accepts",
        "a request that the API refuses is known before anything is sent; what may be left out is a warning",
        "OpenAPI, Schema Object",
    ),
    "name-undescribed": Code(
        "a member or parameter that an operation does not describe is nearly one that it does",
        "the API may pass it over without a word, and what was meant is not sent",
        "OpenAPI, Schema Object; Parameter Object",
        severity="warning",
    ),
    "pattern-delimited": Code(
        "a pattern stands between slashes, as JavaScript writes one",
        "a pattern has neither slashes around it nor flags, so these would have to be in the text",
        "Arazzo 1.1.0, Criterion Object",
        severity="warning",
    ),
    "pointer-nowhere": Code(
        "a JSON Pointer leads into a list by a name, or into a text",
        "elements are named by their index and a text has no parts, so the value is absent whatever comes",
        "RFC 6901, section 4",
        severity="warning",
    ),
    "report-too-large": Code(
        "what a run has to tell is larger than the limit",
        "what is kept until the report is written is bounded so that no loop can use up the memory",
        kind="run",
    ),
    "status-impossible": Code(
        "a condition compares `$statusCode` with what is no status of an answer",
        "statuses are numbers from 100 to 599, so the comparison says the same whatever comes",
        "RFC 9110, section 15",
        severity="warning",
    ),
    "value-too-large": Code(
        "a value that is made of others is larger than the limit, or nests deeper",
        "what is made is bounded so that no value that grows from step to step can use up the memory",
        kind="run",
    ),
}

OF_ACCESS: Final[dict[str, Code]] = {
    "credential-malformed": Code(
        "a credential does not have the form its scheme needs",
        "the scheme says how a credential is written, and this one cannot be sent",
        "OpenAPI, Security Scheme Object",
        kind="usage",
    ),
    "credential-missing": Code(
        "an operation needs a credential that nobody gave",
        "the operation's security needs a credential, and no step parameter sets it",
        "OpenAPI, Security Requirement Object",
        kind="usage",
    ),
    "credential-shared": Code(
        "one credential goes to several origins",
        "whoever has one of the origins could use the credential at the others",
        severity="warning",
        kind="usage",
    ),
    "credentials-exposed": Code(
        "others may change the file with the credentials",
        "whoever may change it can have a secret sent to a place of their own",
        severity="warning",
        kind="usage",
    ),
    "credentials-unreadable": Code(
        "the file with the credentials cannot be read",
        "a file for `--auth-file` is one YAML or JSON mapping of schemes to credentials",
        kind="usage",
    ),
    "host-not-allowed": Code(
        "a request would go to a host that the user did not allow",
        "with `--allow-host`, requests go to the hosts named and to no other",
        kind="usage",
    ),
    "request-not-signed": Code(
        "a function that signs requests gave no signature",
        "a step without a proof of who is asking fails before it sends anything",
        "OpenAPI, Security Requirement Object",
        kind="run",
    ),
    "security-undefined": Code(
        "an operation needs a security scheme that its description does not define",
        "what a scheme is called does not say how a credential is sent, so none is",
        "OpenAPI, Security Requirement Object",
        severity="warning",
    ),
    "server-missing": Code(
        "an operation has no server to send requests to",
        "the request's address comes from the API description's servers",
        "Arazzo 1.1.0, Relative References in API URLs",
    ),
    "server-not-named": Code(
        "a source of a called document goes to its own server, while one like it goes to the user's",
        "a server that is named for one source holds for that description alone, whoever calls it",
        severity="warning",
        kind="usage",
    ),
    "server-relative": Code(
        "an operation's server is relative to a description on disk",
        "a relative server is resolved against the description's own URL, and a file has no host",
        "OpenAPI, Server Object, url",
    ),
    "server-variable": Code(
        "a server's URL has a variable without a usable value",
        "each variable needs a value, one of its enum when it has one",
        "OpenAPI, Server Variable Object",
    ),
    "tls-unverified": Code(
        "certificates are not verified",
        "without verification a server can be anyone",
        severity="warning",
        kind="usage",
    ),
    "token-not-granted": Code(
        "a token endpoint granted no token",
        "the operation needs a token, and nothing is sent without one",
        "RFC 6749, section 5",
        kind="run",
    ),
    "token-not-kept": Code(
        "a token that replaces another is lost with the run",
        "a server that replaces a refresh token takes the earlier one no more",
        "RFC 6749, section 6",
        severity="warning",
        kind="run",
    ),
}
