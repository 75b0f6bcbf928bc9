"""Every error of ours, named after what happens next.

::

    ConnectorError
    ├── SetupError            a person must change something before any run can succeed (exit 2)
    │   ├── ConfigError           a setting is missing, unknown or wrong
    │   ├── MappingError          the mapping has problems; carries every diagnostic
    │   ├── CredentialsError      Apten or the CRM refused the key, secret or user
    │   ├── LedgerError           the ledger is not one, not ours, corrupt, or newer than this program
    │   │   └── OldLedgerError        or older: a run brings it up to date
    │   └── CrmSetupError         an object, field or right is missing in the CRM
    ├── RunError              this run stopped early; the next one goes on by itself (exit 3)
    │   ├── AnotherRunError       another run holds the ledger
    │   ├── BrakeError            more writes than `sync.stop_above` allows
    │   ├── DiskFullError         the ledger could not be written
    │   ├── OutOfAttemptsError    a request the run cannot go on without kept failing
    │   └── QuotaError            the CRM's API budget is used up; `resume_at` says until when
    ├── RetryableError        send this request again, after `retry_after` seconds if given
    │   ├── RateLimitedError      the other side asked us to slow down
    │   ├── UnreachableError      no answer, or an answer that says "not now"
    │   └── UncertainWriteError   sent, but no answer came: the write may or may not have happened
    ├── ExpiredTokenError     Apten no longer takes this page token: list again from the newest stamp seen
    └── CallError             park this one call with a reason and go on
        ├── CallGoneError         Apten no longer has the call
        ├── BadCallError          Apten's record of the call cannot be read
        ├── LinkError             the person could not be settled and the mapping says not to guess
        └── RejectedError         the CRM refused the row; `code` and `fields` say why

A message says what happened and to what; `done` what was done about it; `todo` what to do now. Messages never hold
secrets, call text or phone numbers, nor text written by a foreign library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


class ConnectorError(Exception):
    """Root of all errors of ours.

    Args:
        happened: what happened, and to which call, field, setting or file:line.
        done: what was done about it, e.g. "Nothing was written."
        todo: what the reader should do now.
    """

    def __init__(self, happened: str, *, done: str = "", todo: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.done = done
        self.todo = todo

    def __str__(self) -> str:
        return " ".join(part for part in (self.happened, self.done, self.todo) if part)


class SetupError(ConnectorError):
    """A person must change something before any run can succeed; no call is blamed."""


class Problem(Protocol):
    """What an error must know of a diagnostic: which it is, whether it is an error, and how it reads."""

    @property
    def code(self) -> str:
        """Stable: `MAP201`."""

    @property
    def about(self) -> str:
        """Tells it from others, wherever it stands in its file: code, file and what is wrong."""

    @property
    def is_error(self) -> bool:
        """Whether it stops a run (warnings do not)."""

    def render(self, *, colour: bool = False) -> str:
        """The whole diagnostic as text: code, place, line with caret, hint."""


class ConfigError(SetupError):
    """A setting is missing, unknown or wrong; `diagnostics` holds every problem that has a place in the config."""

    def __init__(self, happened: str, *, diagnostics: Sequence[Problem] = (), done: str = "", todo: str = "") -> None:
        super().__init__(happened, done=done, todo=todo)
        self.diagnostics = tuple(diagnostics)


class MappingError(SetupError):
    """The mapping has problems; `diagnostics` holds every one of them."""

    def __init__(self, happened: str, diagnostics: Sequence[Problem], *, done: str = "", todo: str = "") -> None:
        super().__init__(happened, done=done, todo=todo)
        self.diagnostics = tuple(diagnostics)


class CredentialsError(SetupError):
    """Apten or the CRM refused the key, secret or user."""


class LedgerError(SetupError):
    """The ledger is not one, belongs to another org, is corrupt, or is newer than this program."""


class OldLedgerError(LedgerError):
    """An older version of this program made the ledger: it cannot be read before a run has brought it up to date."""


class OtherTargetsError(LedgerError):
    """The ledger remembers activities, but none of them where the mappings write to now."""

    def __init__(self, remembered: Iterable[str], configured: Iterable[str]) -> None:
        super().__init__(
            f"The ledger remembers activities in {', '.join(sorted(remembered))}, "
            f"but the mapping now writes to {', '.join(sorted(configured))}.",
            done="Nothing was written.",
            todo="Give this mapping a ledger of its own (`ledger:` in the config), or restore its activity and key; if "
            "this ledger is to go on with the new ones, run `apten-crm ledger adopt`.",
        )


class CrmSetupError(SetupError):
    """An object, field or right is missing in the CRM.

    `code` is the CRM's own, where it gave one; `fields` are those of the activity that it is about.
    """

    def __init__(
        self, happened: str, *, code: str = "", fields: Sequence[str] = (), done: str = "", todo: str = ""
    ) -> None:
        super().__init__(happened, done=done, todo=todo)
        self.code = code
        self.fields = tuple(fields)


class RunError(ConnectorError):
    """This run stopped early; the next one goes on where it stopped."""


class AnotherRunError(RunError):
    """Another run holds the ledger."""


class BrakeError(RunError):
    """The run would make more creates and updates than `sync.stop_above` allows."""


class DiskFullError(RunError):
    """The ledger could not be written; the last transaction was rolled back."""


class OutOfAttemptsError(RunError):
    """A request that the run cannot go on without failed at every attempt."""


class QuotaError(RunError):
    """The CRM's API budget is used up until `resume_at` (aware UTC; None where the CRM does not say)."""

    def __init__(self, happened: str, *, resume_at: datetime | None = None, done: str = "", todo: str = "") -> None:
        super().__init__(happened, done=done, todo=todo)
        self.resume_at = resume_at


class RetryableError(ConnectorError):
    """Send this request again.

    `retry_after` is the wait in seconds that the other side asked for, `code` what it called the trouble, if it did;
    `at_most` is how often the request may be sent in all, where that is less often than usual.
    """

    def __init__(
        self,
        happened: str,
        *,
        retry_after: float | None = None,
        code: str | None = None,
        at_most: int | None = None,
        done: str = "",
        todo: str = "",
    ) -> None:
        super().__init__(happened, done=done, todo=todo)
        self.retry_after = retry_after
        self.code = code or type(self).__name__
        self.at_most = at_most


class RateLimitedError(RetryableError):
    """The other side asked us to slow down."""


class UnreachableError(RetryableError):
    """No answer, or one that says "not now"; nothing was changed over there."""


class UncertainWriteError(RetryableError):
    """A write was sent and no answer came: it may or may not have happened."""


class AlertError(ConnectorError):
    """A message was not delivered; the run that it was about is not concerned."""


class ExpiredTokenError(ConnectorError):
    """Apten no longer takes this page token; the listing starts again from the newest stamp seen."""


class CallError(ConnectorError):
    """Park this one call with a reason and go on. `code` is stable and short: `call_gone`, `STRING_TOO_LONG`."""

    def __init__(self, happened: str, *, code: str, fields: Sequence[str] = (), done: str = "", todo: str = "") -> None:
        super().__init__(happened, done=done, todo=todo)
        self.code = code
        self.fields = tuple(fields)


class CallGoneError(CallError):
    """Apten no longer has the call."""


class BadCallError(CallError):
    """Apten's record of the call cannot be read."""


class LinkError(CallError):
    """The person could not be settled and the mapping says not to guess."""


class RejectedError(CallError):
    """The CRM refused the row: `code` is the CRM's own, `fields` those it names.

    `says` is what an admin of the CRM wrote for this case, cleared of everything that was sent; empty if nobody did.
    """

    def __init__(
        self, happened: str, *, code: str, fields: Sequence[str] = (), says: str = "", done: str = "", todo: str = ""
    ) -> None:
        super().__init__(happened, code=code, fields=fields, done=done, todo=todo)
        self.says = says

    def __str__(self) -> str:
        said = f'The CRM says: "{self.says}"' if self.says else ""
        return " ".join(part for part in (self.happened, said, self.done, self.todo) if part)


class VanishedLinkError(RejectedError):
    """The CRM refused the row for a record it points to, which may have been merged or deleted since it was found."""


class CrowdedError(RejectedError):
    """The CRM refused the row for what its whole batch asked of it; in a smaller one it may pass."""


def exit_code(error: BaseException) -> int:
    """The exit code of a command that ended by this error, named after what is to be done next.

    2 when a person must change something first, 130 when it was interrupted, else 3: the next run goes on by itself.
    """
    if isinstance(error, KeyboardInterrupt):
        return 130
    return 2 if isinstance(error, SetupError | CallError) else 3
