"""What went wrong with calls, grouped by cause: 300 failures for two reasons read as two problems."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.errors import CallError, CrmSetupError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from connector.errors import RetryableError
    from connector.mapping.apply import Mapping as CompiledMapping

_EXAMPLES = 3
_CHANGING = re.compile(r"\S*[\d…]\S*")
"""Words of an admin's message that differ from call to call: ids, numbers, and what was taken out."""


@dataclass(slots=True)
class Problem:
    """Calls that failed for one cause.

    Args:
        code: what Apten, the CRM or the program calls it, e.g. `STRING_TOO_LONG`.
        fields: the fields it names.
        lines: where the mapping writes these, as far as it does: `mappings/salesforce.yaml:41`.
        parked: whether the calls were set aside; else they are left over.
        error: that of the first call; says what happened and what to do.
        count: how many times it arose.
        call_ids: the first few calls.
    """

    code: str
    fields: tuple[str, ...]
    lines: Mapping[str, str]
    parked: bool
    error: CallError | RetryableError
    count: int = 0
    call_ids: list[str] = field(default_factory=list)

    @property
    def says(self) -> str:
        """What an admin of the CRM wrote for this case, without a word of the call; empty if nobody did."""
        return self.error.says if isinstance(self.error, RejectedError) else ""


@dataclass(slots=True)
class Problems:
    """A run's problems; iterating gives those with the most calls first."""

    _found: dict[object, Problem] = field(default_factory=dict)

    def add(
        self, call_id: str, error: CallError | RetryableError, lines: Mapping[str, str] | None = None, *, parked: bool
    ) -> Problem:
        """One more call that failed. `lines` tell where the mapping writes which field."""
        fields = error.fields if isinstance(error, CallError) else ()
        at = {name: line for name, line in (lines or {}).items() if name in fields}
        problem = Problem(error.code, fields, at, parked, error)
        key = (parked, error.code, fields, tuple(at.items()), _CHANGING.sub("…", problem.says))
        problem = self._found.setdefault(key, problem)
        problem.count += 1
        if call_id not in problem.call_ids and len(problem.call_ids) < _EXAMPLES:
            problem.call_ids.append(call_id)
        return problem

    def strike_out(self, striking: Callable[[str], str]) -> None:
        """Pass on what admins of the CRM wrote through `striking` only: no secret is shown, whoever wrote it there."""
        for problem in self._found.values():
            if isinstance(problem.error, RejectedError):
                problem.error.says = striking(problem.error.says)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._found.values(), key=lambda problem: -problem.count))


@contextmanager
def tracing(mappings: Iterable[CompiledMapping]) -> Iterator[None]:
    """Errors that name fields also name the lines at which these mappings write them."""
    try:
        yield
    except CrmSetupError as error:
        lines: dict[str, list[str]] = defaultdict(list)
        for mapping in dict.fromkeys(mappings):
            for name in error.fields:
                if name in mapping.lines:
                    lines[name].append(mapping.lines[name])
        for name, at in lines.items():
            error.happened += f" The mapping writes {name} at {', '.join(at)}."
        raise
