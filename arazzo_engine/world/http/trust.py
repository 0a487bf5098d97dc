"""Whom secure connections trust, and as whom they ask: the user's own files, the environment's, else the usual ones.

Decides how the options of ``wire`` become a context of TLS, and how a file that cannot be used is told. Loading the
usual authorities takes its time, so nobody imports this before it is needed.
"""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import certifi

from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from arazzo_engine.world.http.wire import Wire

_FILE, _FOLDER = "SSL_CERT_FILE", "SSL_CERT_DIR"


def own_context(wire: Wire) -> ssl.SSLContext:
    """Return the TLS context that the user's files make; raises ``ArazzoError`` (``option-invalid``)."""
    context = _trusting(wire)
    if wire.certificate is not None:
        try:
            # without a password: a prompt in the middle of a run would wait for ever
            context.load_cert_chain(wire.certificate, wire.key, password="")
        except (OSError, ValueError) as error:
            raise _refused("--cert", wire.certificate, error) from error
    return context


def usual_context() -> ssl.SSLContext:
    """Return the TLS context that trusts whom the environment names, else the usual authorities."""
    return _trusting_usual(*usual_authorities())


def shared_context() -> ssl.SSLContext:
    """Return the same, loaded once while the authorities stay as they are, for connections that speak HTTP/1.1 alone.

    What a connection may speak is written into its context.
    """
    variable, path = usual_authorities()
    return _kept(variable, path, Path(path).stat().st_mtime_ns)


@lru_cache(1)
def _kept(variable: str, path: str, _changed: int) -> ssl.SSLContext:
    return _trusting_usual(variable, path)


def _trusting_usual(variable: str, path: str) -> ssl.SSLContext:
    if variable == _FOLDER:
        return ssl.create_default_context(capath=path)
    return ssl.create_default_context(cafile=path)


def usual_authorities() -> tuple[str, str]:
    """Return who says which authorities are the usual ones, a variable or a package, and where they are."""
    named = ((name, os.environ.get(name)) for name in (_FILE, _FOLDER))
    return next(((name, path) for name, path in named if path), ("certifi", certifi.where()))


def _trusting(wire: Wire) -> ssl.SSLContext:
    if wire.insecure:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if wire.ca_bundle is None:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=wire.ca_bundle)
    except (OSError, ValueError) as error:
        raise _refused("--ca-bundle", wire.ca_bundle, error) from error


def _refused(option: str, path: str, error: Exception) -> ArazzoError:
    reason = "it holds no usable certificate or key in PEM form"
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        reason = (error.strerror or "it cannot be read").lower()
    message = f"`{option}` cannot be used: {path}: {reason}"
    return ArazzoError(diagnose("option-invalid", message, fix="name a PEM file that can be read without a password"))
