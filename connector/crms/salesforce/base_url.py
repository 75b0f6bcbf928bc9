"""The address that stands between us and Salesforce, where the settings name one."""

from __future__ import annotations

from urllib.parse import urlsplit

from connector.errors import ConfigError
from connector.loopback import is_loopback


def checked_base_url(url: str) -> str:
    """The URL, made sure that nothing sent there can be read on the way.

    Raises:
        ConfigError: it is neither an https URL nor an http URL of this machine.
    """
    if not _is_safe(url):
        raise ConfigError(
            "The CRM's `base_url` is neither an https URL nor an http URL of this machine.",
            todo="Use https; plain http is for stand-ins on 127.0.0.1 or localhost only.",
        )
    return url


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and is_loopback(parts.hostname or "")
