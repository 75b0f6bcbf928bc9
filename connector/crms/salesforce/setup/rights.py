"""Refusals while an org is set up, told by the right that is missing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector.errors import CrmSetupError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator

SEE_SETUP = "View Setup and Configuration"
MAKE_FIELDS = "Customize Application"
DEPLOY = "Modify Metadata Through Metadata API Functions"
MANAGE_SETS = "Manage Profiles and Permission Sets"
ASSIGN_SETS = "Assign Permission Sets"

BY_FOLDER = "`apten-crm setup --print-metadata FOLDER` writes it all as files, which an admin can deploy without you."
_NO_RIGHT = frozenset({"INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY", "INVALID_TYPE", "NOT_FOUND"})


@contextmanager
def takes(what: str, *rights: str, also: str = "") -> Iterator[None]:
    """Tells a refusal inside as what it is: a missing right, by its label in Salesforce, or a refusal of `what`.

    `also` says what else may be in the way.

    Raises:
        CrmSetupError: it was refused. All errors that are no refusal pass through.
    """
    try:
        yield
    except (CrmSetupError, RejectedError) as error:
        refused = error
    else:
        return
    if not refused.code:
        todo = " ".join(part for part in (refused.todo, BY_FOLDER) if part)
        raise CrmSetupError(refused.happened, done=refused.done, todo=todo)
    done = "What was done before it stays; run this again to go on."
    if refused.code in _NO_RIGHT:
        named = " and ".join(f'"{right}"' for right in rights)
        raise CrmSetupError(
            f"You may not {what}: that takes the permission{'s' if len(rights) > 1 else ''} {named} ({refused.code}).",
            code=refused.code,
            done=done,
            todo=f"Sign in as a user who has {'them' if len(rights) > 1 else 'it'}. Or: {BY_FOLDER}",
        )
    raise CrmSetupError(
        f"Salesforce refused to {what} ({refused.code}).",
        code=refused.code,
        done=done,
        # What a row's refusal calls for is no help here.
        todo=f"{also or (refused.todo if isinstance(refused, CrmSetupError) else '')} {BY_FOLDER}".lstrip(),
    )
