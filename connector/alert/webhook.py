"""Posts one message to a webhook, as Slack and those that are compatible with it take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from connector.errors import AlertError
from connector.trust import by_environment, trusted

if TYPE_CHECKING:
    from pathlib import Path

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""What Slack reads as the beginning of a link or of a mention, unless it is written so."""
_NEXT_TIME = "The next run tries again."
_CHECK_ADDRESS = "Check `alert.url`: whoever made the webhook can show its address, or make a new one."
_CHECK_NETWORK = f"{_NEXT_TIME} If it goes on, check this machine's network, its proxy settings and `alert.url`."


def post(url: str, text: str, *, ca_file: Path | None = None, timeout: float = 10.0) -> None:
    """Post the text as `{"text": …}`. Redirects are not followed, and nothing of the answer is read but its status.

    Args:
        url: https, or http of this machine. It is a secret: whoever knows it can post, so that no error shows it.
        text: lines of plain text.
        ca_file: certificates in PEM to trust besides the usual ones.
        timeout: seconds to connect in, and that the other side may stay silent.

    Raises:
        AlertError: it was not taken, or it is not known whether it was.
    """
    try:
        host = httpx.URL(url).host
        with (
            httpx.Client(
                headers={"user-agent": "apten-crm-connector"},
                timeout=timeout,
                follow_redirects=False,
                trust_env=by_environment(host),
                verify=trusted(host, ca_file),
            ) as client,
            client.stream("POST", url, json={"text": text.translate(_ESCAPED)}) as response,
        ):
            answer = response
    except httpx.TimeoutException:
        raise AlertError("The alert's address did not answer in time.", todo=_CHECK_NETWORK) from None
    except (httpx.HTTPError, httpx.InvalidURL, ImportError, OSError, ValueError) as error:
        kind = type(error).__name__
        raise AlertError(f"The alert could not be delivered ({kind}).", todo=_CHECK_NETWORK) from None
    if answer.is_redirect:
        raise AlertError(
            f"The alert's address redirects elsewhere ({answer.status_code}); the message was not sent there.",
            todo=_CHECK_ADDRESS,
        )
    if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise AlertError(f"The alert's address did not take the message ({answer.status_code}).", todo=_NEXT_TIME)
    if not answer.is_success:
        raise AlertError(f"The alert's address refused the message ({answer.status_code}).", todo=_CHECK_ADDRESS)
