"""Settings → ready objects. The only file that names adapters.

Each is imported where it is made: together their libraries take longer to import than any command that needs none of
them (`check`, `test`) takes in all.
"""

# ruff: noqa: PLC0415 -- see above

from __future__ import annotations

import os
import random
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, assert_never

from connector.admin_files import read_mapping
from connector.config import (
    DatabaseSettings,
    SalesforceClientCredentials,
    SalesforceJwt,
    SalesforcePassword,
    SalesforceSession,
    SalesforceSettings,
)
from connector.errors import ConfigError, SetupError
from connector.mapping.apply import compile_mappings
from connector.sparing import without_terminals
from connector.sync.context import Rules
from connector.sync.plan import PlannedCrm
from connector.sync.reasons import OURS
from connector.sync.run import House

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from connector.alert.alert import Alert
    from connector.apten.client import Apten
    from connector.config import AlertSettings, Config, SalesforceLogin
    from connector.crms.salesforce.login import Login
    from connector.findings import Finding
    from connector.mapping.apply import Mapping as CompiledMapping
    from connector.mapping.load import MappingFile
    from connector.ports import Clock, Crm, Log, WholeCrm
    from connector.standing import Summary
    from connector.sync.plan import PlannedWrite

_DEFAULT_DAYS_BACK = 30


def make_source(config: Config) -> Apten:
    """Apten as the config names it; nothing is asked yet."""
    with without_terminals():
        from connector.apten.client import Apten

    settings = config.apten
    return Apten(
        settings.base_url,
        settings.api_key.get_secret_value(),
        connections=config.sync.concurrency,
        ca_file=config.ca_file,
    )


def knock_at_apten(config: Config, clock: Clock) -> datetime | None:
    """Ask Apten for next to nothing, to see that it is there and takes the key; its time, if it tells.

    Raises:
        CredentialsError: it does not take the key.
        UnreachableError: it does not answer.
    """
    with closing(make_source(config)) as source:
        return source.leads(updated_since=clock.now()).server_time


def compile_for(config: Config, mappings: Sequence[MappingFile]) -> list[CompiledMapping]:
    """The mappings as they stand without a schema of the CRM.

    Raises:
        MappingError: a mapping cannot be used.
        ConfigError: a mapping is for another kind of CRM than the config's.
    """
    compiled = compile_mappings((mapping, None) for mapping in mappings)
    refuse_other_crms(config, compiled)
    return compiled


def refuse_other_crms(config: Config, mappings: Sequence[CompiledMapping]) -> None:
    """Go on only with mappings for the kind of CRM that the config names.

    Raises:
        ConfigError: one is for another.
    """
    for mapping in mappings:
        if mapping.crm != config.crm.kind:
            raise ConfigError(
                f"The mapping {mapping.name!r} writes to {mapping.crm}, but crm.kind is {config.crm.kind}.",
                done="Nothing was read or written.",
                todo=f"Name a mapping whose `activity` starts with `{config.crm.kind}/`, or change crm.kind.",
            )


def make_crm(config: Config, mappings: Sequence[MappingFile]) -> WholeCrm:
    """The CRM as the config names it; nothing is asked yet. Raises as `compile_for`."""
    compiled = compile_for(config, mappings)
    settings = config.crm
    if isinstance(settings, SalesforceSettings):
        from connector.crms.salesforce.adapter import Salesforce

        return Salesforce(
            _login(settings),
            api_version=settings.api_version,
            base_url=settings.base_url,
            api_budget=settings.api_budget,
            ca_file=config.ca_file,
        )
    from connector.crms.database.adapter import Database

    return Database(settings.url.get_secret_value(), [mapping.table_schema() for mapping in compiled])


def _login(settings: SalesforceLogin) -> Login:
    from connector.crms.salesforce.login import ClientCredentials, Jwt, Password, Session

    match settings:
        case SalesforceClientCredentials():
            return ClientCredentials(
                domain=settings.domain,
                consumer_key=settings.consumer_key.get_secret_value(),
                consumer_secret=settings.consumer_secret.get_secret_value(),
            )
        case SalesforceJwt():
            return Jwt(
                domain=settings.domain,
                consumer_key=settings.consumer_key.get_secret_value(),
                username=settings.username,
                private_key=settings.private_key_file.get_secret_value(),
            )
        case SalesforcePassword():
            return Password(
                domain=settings.domain,
                username=settings.username,
                password=settings.password.get_secret_value(),
                security_token=settings.security_token.get_secret_value() if settings.security_token else "",
            )
        case SalesforceSession():
            return Session(instance_url=settings.instance_url, session_id=settings.session_id.get_secret_value())
        case _:
            assert_never(settings)


def make_alert(config: Config, settings: AlertSettings) -> Alert:
    """Where a person is told of what needs them; what was told is remembered beside the ledger."""
    with without_terminals():
        from connector.alert.alert import Alert
    from connector.ledger.location import beside, ledger_path

    memory = beside(ledger_path(config.ledger), ".alert")
    return Alert(settings.url.get_secret_value(), memory, ca_file=config.ca_file)


def make_rules(config: Config, clock: Clock) -> Rules:
    """How a run behaves by the config alone."""
    settings = config.sync
    start = (
        datetime.combine(settings.start, time(), tzinfo=UTC)
        if settings.start
        else clock.now() - timedelta(days=_DEFAULT_DAYS_BACK)
    )
    return Rules(
        start=start,
        overlap=settings.overlap,
        concurrency=settings.concurrency,
        requests_per_second=settings.requests_per_second,
        stop_above=settings.stop_above,
    )


def meaning(config: Config, code: str) -> tuple[str, str] | None:
    """What a code for which calls are parked or left over means, and what to do about it; None for an unknown one."""
    if code in OURS:
        return OURS[code]
    if isinstance(config.crm, SalesforceSettings):
        from connector.crms.salesforce import codes

        found = codes.known(code)
        return (found.means, found.todo) if found else None
    from connector.crms.database.errors import meaning_of

    return meaning_of(code)


def requests_to_use(config: Config, allowed: int) -> int:
    """At how many used requests, of those that the CRM allows, the config has a run stop."""
    from connector.crms.salesforce.budget import Budget

    return Budget(config.crm.api_budget).of(allowed) if isinstance(config.crm, SalesforceSettings) else allowed


def check_ledger(config: Config, clock: Clock, crm: str | None) -> Iterable[Finding]:
    """How the ledger stands, and whether it belongs to Apten, CRM and mappings of the config, as far as they are known.

    Raises:
        LedgerError: no run could use it.
    """
    from connector.ledger.doctor import ledger_findings
    from connector.standing import Belonging

    apten, targets = None, frozenset[str]()
    with suppress(SetupError), closing(make_source(config)) as source:
        apten = source.host
    with suppress(SetupError):
        mappings = [read_mapping(path) for path in config.crm.mapping_files]
        targets = frozenset(each.target.name for each in compile_mappings((mapping, None) for mapping in mappings))
    return ledger_findings(config.ledger, clock.now(), Belonging(apten, crm, targets))


def read_standing(config: Config, clock: Clock) -> Summary | None:
    """Where the ledger stands, also while a run is under way; None if there is none yet.

    Raises:
        LedgerError: it cannot be read.
    """
    from connector.ledger.opening import read_summary

    return read_summary(config.ledger, now=clock.now())


@contextmanager
def open_house(
    config: Config, *, clock: Clock, log: Log, progress: Callable[[Mapping[str, int]], None] = lambda _counts: None
) -> Iterator[House]:
    """Everything a run works with, the ledger locked for as long as the context is open.

    Raises:
        SetupError: a mapping or the ledger cannot be used.
        AnotherRunError: another run holds the ledger.
    """
    from connector.ledger.lock import hold_lock
    from connector.ledger.opening import open_ledger

    mappings = [read_mapping(path) for path in config.crm.mapping_files]
    with (
        closing(make_crm(config, mappings)) as crm,
        hold_lock(config.ledger, pause=clock.sleep),
        closing(open_ledger(config.ledger, now=clock.now(), random_bytes=os.urandom)) as ledger,
        closing(make_source(config)) as source,
    ):
        yield House(source, crm, _address(config, crm), ledger, mappings, clock, log, random.random, progress)


@contextmanager
def open_plan(
    config: Config,
    *,
    clock: Clock,
    log: Log,
    tell: Callable[[PlannedWrite], None] = lambda _write: None,
    progress: Callable[[Mapping[str, int]], None] = lambda _counts: None,
) -> Iterator[tuple[House, PlannedCrm]]:
    """A house in which a run leaves nothing behind: a throw-away copy of the ledger, and a CRM that is only read.

    `tell` hears of each write that a run in it would have made. The ledger itself is neither locked nor changed.

    Raises:
        SetupError: a mapping or the ledger cannot be used.
    """
    from connector.ledger.opening import open_copy

    mappings = [read_mapping(path) for path in config.crm.mapping_files]
    with (
        TemporaryDirectory(prefix="apten-crm-plan-") as folder,
        closing(PlannedCrm(make_crm(config, mappings), tell)) as crm,
        closing(make_source(config)) as source,
    ):
        copy = open_copy(config.ledger, Path(folder), now=clock.now(), random_bytes=os.urandom)
        with closing(copy) as ledger:
            address = _address(config, crm)
            yield House(source, crm, address, ledger, mappings, clock, log, random.random, progress), crm


def _address(config: Config, crm: Crm) -> str:
    """Where the CRM is by the config alone; holds no secret."""
    match config.crm:
        case SalesforceSession() as settings:
            return f"salesforce {settings.base_url or ''} {settings.instance_url}"
        case SalesforceClientCredentials() | SalesforceJwt() | SalesforcePassword() as settings:
            return f"salesforce {settings.base_url or ''} {settings.domain}"
        case DatabaseSettings():
            return crm.identity()
        case _:
            assert_never(config.crm)
