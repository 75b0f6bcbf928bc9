"""A server that speaks in bytes, for what no well-behaved HTTP server would say."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


@contextmanager
def raw_server(speak: Callable[[socket.socket], None], *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Let `speak` answer each connection's first request, then close it; gives the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            with suppress(OSError):
                connection, _ = listening.accept()
                with tls.wrap_socket(connection, server_side=True) if tls else connection as wire:
                    if wire.recv(65536):
                        speak(wire)

    thread = threading.Thread(target=serve, name="raw-server")
    thread.start()
    port = listening.getsockname()[1]
    try:
        yield port
    finally:
        ended.set()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            pass
        thread.join()
        listening.close()


def reset(wire: socket.socket) -> None:
    """Close with a reset instead of a farewell."""
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
