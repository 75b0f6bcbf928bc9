"""What the org answers, and Salesforce's two ways of saying no: about a request as a whole, and about one row of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is not simply 200: its status, and its body if it has one."""

    status: int
    body: Any = None


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row was refused, while the request is answered with 200."""

    code: str
    message: str
    fields: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it stands in a row's `errors`."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}


class RequestError(Exception):
    """A request refused as a whole: an HTTP status, and an array of `errorCode` and `message`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.body: Any = [{"message": message, "errorCode": code}]

    @classmethod
    def of_row(cls, status: int, errors: Sequence[RowError]) -> RequestError:
        """A request about a single row, refused for what is wrong with the row."""
        refusal = cls(status, errors[0].code, errors[0].message)
        refusal.body = [
            {"message": error.message, "errorCode": error.code, "fields": list(error.fields)} for error in errors
        ]
        return refusal

    @classmethod
    def not_found(cls) -> RequestError:
        """A request for what is not there, or what the user may not know of."""
        return cls(404, "NOT_FOUND", "The requested resource does not exist")

    @classmethod
    def ambiguous(cls, addresses: Sequence[str]) -> RequestError:
        """A request about one record that means several: 300 and their addresses."""
        refusal = cls(300, "MULTIPLE_CHOICES", "")
        refusal.body = list(addresses)
        return refusal
