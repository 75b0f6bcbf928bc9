"""Errors of requests that got no answer, or one that cannot be Salesforce's."""

from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING

from connector.errors import ConfigError, CrmSetupError, UncertainWriteError, UnreachableError
from connector.unreached import causes, why

if TYPE_CHECKING:
    from connector.crms.salesforce.exchange import Answer, Request
    from connector.errors import ConnectorError

_NO_CERTIFICATE = "NO_CERTIFICATE_OR_CRL_FOUND"


def of_environment(error: Exception) -> ConnectorError | None:
    """The error of proxies or certificates that the environment names and that cannot be used; None for another."""
    from requests import exceptions as network  # noqa: PLC0415  # loaded by then, see errors.of_failure

    # Addresses of Salesforce always begin with https, so that an unknown scheme is a proxy's.
    if isinstance(error, network.InvalidProxyURL | network.InvalidSchema):
        return ConfigError(
            "The proxy settings of the environment cannot be used.",
            done="Nothing was sent.",
            todo="Check HTTPS_PROXY, ALL_PROXY and NO_PROXY; a SOCKS proxy needs `pip install pysocks`.",
        )
    empty = any(getattr(cause, "reason", None) == _NO_CERTIFICATE for cause in causes(error))
    if type(error) is OSError or empty:  # a plain OSError is that of a file that is not there
        return ConfigError(
            "The certificates that the environment names as trusted cannot be read.",
            done="Nothing was sent.",
            todo="Check REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE, or unset them and write `ca_file` into the config.",
        )
    return None


def no_answer(error: Exception, request: Request) -> ConnectorError:
    """The error of a request on which the network failed, from the exception of `requests`."""
    from requests import exceptions as network  # noqa: PLC0415  # loaded by then, see errors.of_failure

    if isinstance(error, network.InvalidURL | network.MissingSchema | network.InvalidHeader):
        return CrmSetupError(
            "The address of Salesforce, or of a proxy before it, is not valid.",
            done="Nothing was sent.",
            todo="Check `domain` or `instance_url` in the config, and HTTPS_PROXY in the environment.",
        )
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error)):
        return CrmSetupError(
            "The certificate of the server that answered for Salesforce could not be verified.",
            done="Nothing was sent.",
            todo="Check the domain; if a proxy here opens TLS, name its certificate in `ca_file`.",
        )
    if isinstance(error, network.ProxyError):
        return UnreachableError(
            f"The proxy did not let {request.doing} through to Salesforce.", todo="Check HTTPS_PROXY and NO_PROXY."
        )
    if request.writing and not _never_sent(error):
        return UncertainWriteError(f"No answer came to {request.doing}; it may or may not have happened.")
    return UnreachableError(
        f"Salesforce could not be reached for {request.doing}{why(error)}.",
        todo="The next run tries again by itself. If it goes on, check this machine's network, HTTPS_PROXY, if it "
        "is set, and `domain`, `instance_url` or `base_url` in the config.",
    )


def _never_sent(error: Exception) -> bool:
    """Whether the connection failed before the request went out."""
    from requests.exceptions import ConnectTimeout, ProxyError  # noqa: PLC0415  # loaded by then, see errors.of_failure
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415  # ditto

    return any(isinstance(cause, ConnectTimeout | ProxyError | NewConnectionError) for cause in causes(error))


def unreadable(request: Request, answer: Answer | None = None) -> ConnectorError:
    """The error of an answer that is not what Salesforce documents."""
    if answer and HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return CrmSetupError(
            f"Salesforce redirected {request.doing} elsewhere (HTTP {answer.status}).",
            done="The redirect was not followed.",
            todo="Set the domain to the org's present My Domain.",
        )
    text = f"The answer to {request.doing} was not one of Salesforce's"
    if request.writing:
        return UncertainWriteError(f"{text}; it may or may not have happened.")
    return UnreachableError(f"{text}; a proxy or a login page may have answered instead.")
