"""Deploys metadata to an org; why not by the Tooling API says decision 14.

Source: Salesforce's Metadata API guide ("Deploy Metadata with Apex Testing Using REST", "Check the Status of Your
Deployment Using REST Resources").
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.unanswered import unreadable
from connector.errors import CrmSetupError, OutOfAttemptsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.crms.salesforce.connection import Connection

_PATH = "metadata/deployRequest"
_LOOK_EVERY = 2.0  # seconds
_LOOKS = 150
_LONGEST_PROBLEM = 300
_OPTIONS = {"rollbackOnError": True, "singlePackage": True, "ignoreWarnings": True}


def deploy(connection: Connection, what: str, files: Mapping[str, str], sleep: Callable[[float], None]) -> None:
    """Deploy files, by path, and wait until they are in force. `what` names them in errors.

    Raises:
        CrmSetupError: the org refused them.
        OutOfAttemptsError: five minutes later the deployment is still under way.
    """
    request = Request(f"the deployment of {what}", writing=True)
    parts = {
        "json": (None, json.dumps({"deployOptions": _OPTIONS}), "application/json"),
        "file": ("deploy.zip", _zipped(files), "application/zip"),
    }
    begun = connection.ask(request, _PATH, method="POST", files=parts)
    if not isinstance(begun, dict) or not isinstance(begun.get("id"), str):
        raise unreadable(request)
    for _ in range(_LOOKS):
        result = _result(connection, Request(request.doing), begun["id"])
        if result["done"]:
            if not result.get("success"):
                raise _refused(what, result)
            return
        sleep(_LOOK_EVERY)
    raise OutOfAttemptsError(
        f"The deployment of {what} is not finished after {_LOOKS * _LOOK_EVERY / 60:.0f} minutes.",
        done=f"It goes on in Salesforce as {begun['id']}.",
        todo="Look at Setup > Deployment Status, then run this again.",
    )


def _zipped(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def _result(connection: Connection, request: Request, deployment: str) -> Mapping[str, Any]:
    answer = connection.ask(request, f"{_PATH}/{deployment}", params={"includeDetails": "true"})
    result = answer.get("deployResult") if isinstance(answer, dict) else None
    if not isinstance(result, dict) or not isinstance(result.get("done"), bool):
        raise unreadable(request)
    return result


def _refused(what: str, result: Mapping[str, Any]) -> CrmSetupError:
    """The org's own words are shown: all that was sent are names, and no other text says what is in the way."""
    failures = (result.get("details") or {}).get("componentFailures") or []
    problems = [str(each.get("problem")) for each in failures if isinstance(each, dict) and each.get("problem")]
    said = " ".join("".join(char if char.isprintable() else " " for char in "; ".join(problems)).split())
    return CrmSetupError(
        f"Salesforce did not deploy {what}" + (f': "{said[:_LONGEST_PROBLEM]}"' if said else "."),
        done="Nothing of it was kept.",
    )
