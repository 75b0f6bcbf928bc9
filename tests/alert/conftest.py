from collections.abc import Iterator

import pytest

from tests.alert.receiver import Receiver, receiving
from tests.cli.conftest import build, clock, environ, salesforce
from tests.tls_proxy import ca, ca_file

__all__ = ["build", "ca", "ca_file", "clock", "environ", "salesforce"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
