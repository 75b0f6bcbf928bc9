"""Salesforce's two ways of saying no: about a request as a whole, and about one row of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class RequestError(Exception):
    """A request refused as a whole: an HTTP status, and an array of `errorCode` and `message`."""

    def __init__(self, status: int, code: str, message: str, *fields: str) -> None:
        super().__init__(code)
        self.status = status
        error: dict[str, Any] = {"message": message, "errorCode": code}
        self.body = [{**error, "fields": list(fields)} if fields else error]


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row was refused, while the request is answered with 200."""

    code: str
    message: str
    fields: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it stands in a row's `errors`."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}
