"""The rules on where a request may go, with which credential.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "credential-given-out": Code(
        summary="a step is sent without the credential that it gives out",
        why="the operation's security asks for what later steps get from its own answer, as where a description names"
        " security once for all of its operations, the login among them",
        clause="OpenAPI, Security Requirement Object",
        fix="write `x-arazzo-engine-security: none` in the step if it needs none, or give a credential with `--auth`",
        example=Example(
            Home.DESCRIPTION,
            "operationId: findItem\nsecurity: [{ token: [] }]",
            "operationId: findItem\nsecurity: []",
        ),
        severity="warning",
    ),
    "credential-malformed": Code(
        summary="a credential does not have the form its scheme needs",
        why="the scheme says how a credential is written, and this one cannot be sent",
        clause="OpenAPI, Security Scheme Object",
        fix="write the credential as its scheme needs it, such as `user:password`",
        example=Example(Home.COMMAND, "--auth token=no-colon-here", "--auth token=user:password"),
        kind="usage",
    ),
    "credential-missing": Code(
        summary="an operation needs a credential that nobody gave",
        why="the operation's security needs a credential, and no step parameter sets it",
        clause="OpenAPI, Security Requirement Object",
        fix=(
            "give the credential with `--auth`, `--auth-file` or an environment variable, or set the step's parameter"
        ),
        example=Example(
            Home.DOCUMENT,
            "- name: X-Authorization\n  in: header\n  value: Bearer {$inputs.token}",
            "- name: Authorization\n  in: header\n  value: Bearer {$inputs.token}",
        ),
        kind="usage",
    ),
    "credential-scheme-missing": Code(
        summary="a header has a token, and not the scheme before it",
        why="a server reads a token behind the name of its scheme and a blank, and a header is sent as it is written",
        clause="RFC 9110, section 11.6.2; RFC 6750, section 2.1",
        fix="write `Bearer` and a blank before the token",
        example=Example(Home.DOCUMENT, "value: Bearer{$inputs.token}", "value: Bearer {$inputs.token}"),
        severity="warning",
    ),
    "credential-shared": Code(
        summary="one credential goes to several origins",
        why="whoever has one of the origins could use the credential at the others",
        fix="name each host with `--allow-host` if all of them may have it, or one server with `--server`",
        example=Example(
            Home.COMMAND,
            "--auth token=t0ken-1",
            "--auth token=t0ken-1 --allow-host shop.example.com --allow-host stock.example",
        ),
        severity="warning",
        kind="usage",
    ),
    "credential-unencoded": Code(
        summary="a header has user and password of Basic authentication, and not their base64",
        why="what a step writes into a header is sent as it is, and a server refuses what is no base64",
        clause="RFC 7617, section 2",
        fix="give both with `--auth` to the security scheme, which encodes them, or take their base64 as one input",
        example=Example(Home.DOCUMENT, "value: Basic {$inputs.item}:{$inputs.token}", "value: Basic {$inputs.token}"),
        severity="warning",
    ),
    "credential-withheld": Code(
        summary="a step that wants to be refused as a stranger is sent without a credential",
        why="its success criteria hold for a status of 401 alone, it sets no credential, and a server that is given one"
        " answers something else",
        clause="RFC 9110, section 15.5.2",
        fix="write `x-arazzo-engine-security: none` in the step, or set the credential that is to be refused there",
        example=Example(
            Home.DOCUMENT,
            "- stepId: charge\n    operationId: chargeCustomer",
            "- stepId: charge\n    x-arazzo-engine-security: none\n    operationId: chargeCustomer",
        ),
        severity="warning",
    ),
    "credentials-exposed": Code(
        summary="others may change the file with the credentials",
        why="whoever may change it can have a secret sent to a place of their own",
        fix="`chmod 600` the file, and make sure that nobody has changed it",
        example=Example(Home.COMMAND, "--auth-file open.yaml", "--auth-file credentials.yaml"),
        severity="warning",
        kind="usage",
    ),
    "credentials-unreadable": Code(
        summary="the file with the credentials cannot be read",
        why="a file for `--auth-file` is one YAML or JSON mapping of schemes to credentials",
        fix="name a file with one YAML or JSON mapping of schemes to credentials",
        example=Example(Home.COMMAND, "--auth-file nowhere.yaml", "--auth-file credentials.yaml"),
        kind="usage",
    ),
    "host-not-allowed": Code(
        summary="a request would go to a host that the user did not allow",
        why="with `--allow-host`, requests go to the hosts named and to no other",
        fix="add the host with `--allow-host` if the request may go there",
        example=Example(
            Home.COMMAND, "--allow-host api.example.com --allow-host *.example.org", "--allow-host shop.example.com"
        ),
        kind="usage",
    ),
    "request-not-signed": Code(
        summary="a function that signs requests gave no signature",
        why="a step without a proof of who is asking fails before it sends anything",
        clause="OpenAPI, Security Requirement Object",
        fix="let the function return the headers that sign the request",
        example=Example(
            Home.PROGRAM,
            "def sign(method, url, headers, body):\n    return None",
            "def sign(method, url, headers, body):\n    return {'Authorization': 'Own signature-1'}",
        ),
        kind="run",
    ),
    "security-undefined": Code(
        summary="an operation needs a security scheme that its description does not define",
        why="what a scheme is called does not say how a credential is sent, so none is",
        clause="OpenAPI, Security Requirement Object",
        fix="correct the name, or define the scheme in the API description",
        example=Example(Home.DESCRIPTION, "- tokn: []", "- token: []"),
        severity="warning",
    ),
    "tls-unverified": Code(
        summary="certificates are not verified",
        why="without verification a server can be anyone",
        fix="trust the server's authority with `--ca-bundle FILE` instead",
        example=Example(Home.COMMAND, "--insecure", "--ca-bundle authority.pem"),
        severity="warning",
        kind="usage",
    ),
    "token-not-granted": Code(
        summary="a token endpoint granted no token",
        why="the operation needs a token, and nothing is sent without one",
        clause="RFC 6749, section 5",
        fix="make sure that the token endpoint can be reached, or give the token itself",
        example=Example(Home.COMMAND, "--auth token=shop:secret-token-2", "--auth token=secret-token-2"),
        kind="run",
    ),
    "token-not-kept": Code(
        summary="a token that replaces another is lost with the run",
        why="a server that replaces a refresh token takes the earlier one no more",
        clause="RFC 6749, section 6",
        fix="keep what replaces the token with `--token-store FILE`",
        example=Example(Home.COMMAND, "--auth-file rotating.yaml", "--auth-file credentials.yaml"),
        severity="warning",
        kind="run",
    ),
}
