"""yaml-language-server, by which VS Code and most other editors check and complete YAML, asked as an editor asks it."""

from __future__ import annotations

import itertools
import json
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from tests.node.process import FOLDER, node_with

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PACKAGE = FOLDER / "language-server"
CURSOR = "‸"


@dataclass(frozen=True)
class Flagged:
    """What the editor underlines: the line, counted from 1, the text there, and what it says of it."""

    line: int
    text: str
    message: str


class LanguageServer:
    """A server for the files of a folder, under way while the context is open; their texts are handed over.

    Skips the test where Node.js or the server is not there.
    """

    def __init__(self, folder: Path, *, yaml_version: str = "1.2") -> None:
        node = node_with(PACKAGE)
        server = PACKAGE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
        self._command = [node, str(server), "--stdio"]
        self._folder = folder
        # No list of schemas is fetched from elsewhere.
        self._settings = {"yaml": {"schemaStore": {"enable": False}, "yamlVersion": yaml_version}}
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 -- a pinned package
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._request("initialize", processId=None, rootUri=self._folder.as_uri(), capabilities={})
        self._notify("initialized")
        self._notify("workspace/didChangeConfiguration", settings=self._settings)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def flagged(self, text: str) -> list[Flagged]:
        """What is flagged in a file with this text, in its order."""
        uri = self._open(text)
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found = [_flagged(text, each) for each in message["params"]["diagnostics"]]
                return sorted(found, key=lambda each: each.line)

    def offered(self, text: str) -> dict[str, str]:
        """What is offered where the cursor stands in the text: labels, with what would be inserted."""
        found = self._at_cursor("textDocument/completion", text)
        return {item["label"]: item["insertText"] for item in found["items"]}

    def shown(self, text: str) -> str:
        """What is shown over the place where the cursor stands in the text."""
        found = self._at_cursor("textDocument/hover", text)
        return str(found["contents"]["value"]) if found else ""

    def _at_cursor(self, method: str, text: str) -> Any:
        before, _, after = text.partition(CURSOR)
        uri = self._open(before + after)
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return self._request(method, textDocument={"uri": uri}, position=position)

    def _open(self, text: str) -> str:
        """A file of its own for each text: what the server says of one comes when it likes."""
        uri = (self._folder / f"{next(self._numbers)}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", textDocument=document)
        return uri

    def _request(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
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
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "id" in message and "method" in message:  # it asks for what an editor might add; there is nothing
            self._send({"id": message["id"], "result": None})
        return message


def _flagged(text: str, diagnostic: dict[str, Any]) -> Flagged:
    start, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
    line = text.split("\n")[start["line"]]
    last = end["character"] if end["line"] == start["line"] else None
    return Flagged(start["line"] + 1, line[start["character"] : last], diagnostic["message"])
