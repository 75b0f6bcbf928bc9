"""Whom an address is believed to be: the certificates that vouch for it, and whether the environment has a say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def by_environment(host: str) -> bool:
    """Whether proxies and certificates that the environment names are for this host: not for this machine itself."""
    return host not in _LOOPBACK


def trusted(host: str, ca_file: Path | None) -> ssl.SSLContext:
    """The certificates to trust: the usual ones, and those of a file in PEM.

    Raises:
        OSError, ValueError: they cannot be read.
    """
    context = httpx.create_ssl_context(trust_env=by_environment(host))
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
