"""Network file systems, where neither SQLite's log nor a lock can be relied upon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connector.errors import LedgerError

if TYPE_CHECKING:
    from pathlib import Path

NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "glusterfs", "lustre"),
        *("beegfs", "gpfs", "davfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.davfs2"),
        *("fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.blobfuse", "fuse.blobfuse2", "fuse.juicefs"),
        *("fuse.mount-s3", "fuse.curlftpfs", "fuse.smbnetfs", "fuse.gvfsd-fuse"),
    }
)
_WORDS = 3
"""A line says at least which device is mounted where, and its kind."""


def refuse_network(path: Path, mounts: str) -> None:
    """Refuse a ledger on a network file system.

    Raises:
        LedgerError: `path` lies on one.
    """
    kind = file_system(path, mounts)
    if kind in NETWORK:
        raise LedgerError(
            f"The ledger {path} lies on a network file system ({kind}), where two runs could damage it.",
            done="Nothing was done.",
            todo="Keep it on a local disk: change the setting `ledger`.",
        )


def file_system(path: Path, mounts: str) -> str | None:
    """The kind of file system that holds the absolute `path`, by a list in the format of `/proc/mounts`.

    The innermost mount point counts, and of several at one place the last; None if there is none.
    """
    kind, depth = None, 0
    for line in mounts.splitlines():
        words = line.split(" ")
        if len(words) < _WORDS:
            continue
        parts = _plain(words[1]).rstrip("/").split("/")
        if len(parts) >= depth and str(path).split("/")[: len(parts)] == parts:
            kind, depth = words[2], len(parts)
    return kind


def _plain(point: str) -> str:
    """Spaces and the like stand there as a backslash and three octal digits."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), point)
