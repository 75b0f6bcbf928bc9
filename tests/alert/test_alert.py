"""One message to a webhook: delivered, or an error of ours that shows neither the address nor a foreign text."""

from __future__ import annotations

import socket
import stat
import traceback
from typing import TYPE_CHECKING

import pytest

from connector.alert.alert import Alert
from connector.alert.webhook import post
from connector.errors import AlertError
from connector.sandbox.faults import Fault
from tests.alert.receiver import TOKEN, receiving
from tests.apten.raw_server import raw_server
from tests.ledger.openings import ordinary_user
from tests.tls_proxy import TlsProxy

if TYPE_CHECKING:
    from pathlib import Path

    import trustme

    from tests.alert.receiver import Receiver

SAID = "canary: what a foreign server says"


def refused(url: str, *, timeout: float = 5.0, ca_file: Path | None = None) -> AlertError:
    """The error of a message that is not delivered; nothing in or around it is secret or foreign."""
    with pytest.raises(AlertError) as caught:
        post(url, "text", timeout=timeout, ca_file=ca_file)
    shown = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in shown
    assert SAID not in shown
    assert caught.value.todo
    return caught.value


def test_a_message_is_posted_as_slack_takes_it(receiver: Receiver) -> None:
    post(receiver.url, "first\n• second <!channel> & <http://x|y>")
    assert receiver.bodies == [{"text": "first\n• second &lt;!channel&gt; &amp; &lt;http://x|y&gt;"}]


@pytest.mark.parametrize(
    ("status", "says", "todo"),
    [
        *((status, "did not take", "next run") for status in (429, 500, 503)),
        *((status, "refused", "alert.url") for status in (400, 403, 404, 410)),
    ],
)
def test_a_webhook_that_does_not_take_it(receiver: Receiver, status: int, says: str, todo: str) -> None:
    receiver.server.faults.add(Fault(status=status, body=SAID.encode()))
    error = refused(receiver.url)
    assert f"{says} the message ({status})" in error.happened
    assert todo in error.todo


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    with receiving() as other:
        receiver.server.faults.add(Fault(status=status, headers={"Location": other.url}))
        assert "redirects elsewhere" in refused(receiver.url).happened
        assert other.server.requests == []


def test_silence_ends_after_the_time_out(receiver: Receiver) -> None:
    receiver.server.faults.add(Fault(delay=30.0))
    assert "in time" in refused(receiver.url, timeout=0.2).happened


def test_a_line_that_is_cut_and_one_that_is_never_there(receiver: Receiver) -> None:
    receiver.server.faults.add(Fault(drop=True))
    assert "could not be delivered" in refused(receiver.url).happened
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert "could not be delivered" in refused(f"http://127.0.0.1:{port}/{TOKEN}").happened


def test_an_answer_that_is_no_http() -> None:
    with raw_server(lambda wire: wire.sendall(SAID.encode())) as port:
        assert "could not be delivered" in refused(f"http://127.0.0.1:{port}/{TOKEN}").happened


def test_a_certificate_is_verified_and_one_of_the_company_may_be_named(
    receiver: Receiver, ca: trustme.CA, ca_file: Path
) -> None:
    with TlsProxy(ca, receiver.server) as server:
        url = f"https://127.0.0.1:{server.port}/services/{TOKEN}"
        assert "could not be delivered" in refused(url).happened
        assert receiver.bodies == []
        post(url, "text", ca_file=ca_file)
    assert receiver.bodies == [{"text": "text"}]


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "SSL_CERT_FILE"])
def test_an_environment_that_cannot_be_used_is_no_crash(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "nonsense://nowhere")
    refused(f"https://hooks.example.invalid/{TOKEN}")


def test_what_was_told_is_remembered_for_the_owner_alone(tmp_path: Path) -> None:
    alert = Alert("https://unused.example", tmp_path / "ledger.db.alert")
    assert alert.told() == {}
    alert.remember({"failed": "3"})
    alert.remember({"parked": "above"})
    assert Alert("https://unused.example", tmp_path / "ledger.db.alert").told() == {"parked": "above"}
    assert stat.S_IMODE((tmp_path / "ledger.db.alert").stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [b"", b"{", b"[1]", b"7", b"\xff", b"[" * 100_000])
def test_a_damaged_memory_counts_as_nothing_told(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "memory").write_bytes(left)
    assert Alert("https://unused.example", tmp_path / "memory").told() == {}


def test_a_memory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with ordinary_user(), pytest.raises(AlertError, match="cannot be remembered"):
        Alert("https://unused.example", tmp_path / "memory").remember({})
