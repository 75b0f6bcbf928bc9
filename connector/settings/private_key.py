"""The private key that signs in with JWTs: in a file of its own, never in the config."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connector.settings.codes import BAD_PRIVATE_KEY, OPEN_SECRET, problem
from connector.settings.references import expand, secret_file

if TYPE_CHECKING:
    from connector.settings.references import Surroundings

_BEGIN = re.compile(r"^-----BEGIN ([A-Z0-9 ]+)-----$", re.MULTILINE)
_LOCKED = ("ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED")


def private_key(text: str, near: Surroundings) -> str:
    """The key in the file that is named, in PEM.

    What kind of PEM it is shows by its first line; whether there is a key in it, only when it signs.
    """
    if "-----" in text or "\n" in text:
        raise problem(
            OPEN_SECRET, "a private key must not stand here", "write it to a file that only you can read, and name that"
        )
    path = near.folder / expand(text, near)
    pem = secret_file(path)
    kinds = _BEGIN.findall(pem)
    if any(mark in pem for mark in _LOCKED):
        raise problem(
            BAD_PRIVATE_KEY,
            f"the key in {path} needs a passphrase, which nobody can type here",
            f"write one that needs none, for only you to read: (umask 077; openssl pkey -in {path} -out NEW_FILE)",
        )
    if kinds not in (["PRIVATE KEY"], ["RSA PRIVATE KEY"]):
        found = f"{path} begins with {kinds[0]}" if kinds else f"{path} is not PEM"
        raise problem(
            BAD_PRIVATE_KEY,
            f"{found}, not the private key alone",
            "its first line is `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`",
        )
    return pem
