"""yaml-language-server, which VS Code and most other editors use for YAML: started, and asked as an editor asks it."""

from __future__ import annotations

import itertools
import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = {"yaml": {"schemaStore": {"enable": False}, "validate": True, "completion": True, "hover": True}}


@dataclass(frozen=True)
class Flagged:
    """What the editor underlines: the line (from 1), the text there, and the message."""

    line: int
    text: str
    message: str


class LanguageServer:
    """One server for a folder; files in it are opened by their text."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._folder = folder
        self._ids = itertools.count(1)
        self._process = subprocess.Popen(  # noqa: S603 -- our own pinned package
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._request("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
        self._notify("initialized")
        self._notify("workspace/didChangeConfiguration", settings=_SETTINGS)

    def close(self) -> None:
        self._request("shutdown")
        self._notify("exit")
        self._process.communicate(timeout=30)

    def open(self, name: str, text: str) -> list[Flagged]:
        """Open the file, and wait for what is flagged in it."""
        uri = self._open(name, text)
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                self._notify("textDocument/didClose", textDocument={"uri": uri})
                return [_flagged(text, each) for each in message["params"]["diagnostics"]]

    def offered(self, name: str, text: str) -> dict[str, dict[str, Any]]:
        """What is offered at the `|` in the text, by label."""
        found = self._at("textDocument/completion", name, text)
        return {item["label"]: item for item in found["items"]}

    def hover(self, name: str, text: str) -> str:
        """What is shown over the place of the `|` in the text."""
        found = self._at("textDocument/hover", name, text)
        return str(found["contents"]["value"]) if found else ""

    def _at(self, method: str, name: str, text: str) -> Any:
        before, _, after = text.partition("|@")
        uri = self._open(name, before + after)
        lines = before.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        found = self._request(method, textDocument={"uri": uri}, position=position)
        self._notify("textDocument/didClose", textDocument={"uri": uri})
        return found

    def _open(self, name: str, text: str) -> str:
        uri = (self._folder / name).as_uri()
        # The server keeps what it made of a version of a file.
        document = {"uri": uri, "languageId": "yaml", "version": next(self._ids), "text": text}
        self._notify("textDocument/didOpen", textDocument=document)
        return uri

    def _request(self, method: str, **params: Any) -> Any:
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _notify(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        message: dict[str, Any] = json.loads(stream.read(length))
        if "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})
        return message


def _flagged(text: str, diagnostic: dict[str, Any]) -> Flagged:
    start, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
    lines = text.split("\n")
    last = end["character"] if end["line"] == start["line"] else None
    return Flagged(start["line"] + 1, lines[start["line"]][start["character"] : last], diagnostic["message"])
