"""The settings of `config.yaml`, each described once: hints, docs and JSON Schema derive from here.

A setting that is empty or `null` counts as not written. Any text may name environment variables as `${NAME}`; a secret
is only ever named (`${NAME}`, or `file:path`), never written out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from connector.diagnostics import Diagnostic, Place, SourceFile
from connector.errors import ConfigError
from connector.settings.catalogue import catalogue
from connector.settings.codes import ENDS_IN_2027, MISSING, NO_SETTINGS, TOO_MANY, problem
from connector.settings.database_url import passwords
from connector.settings.problems import place_of, plain_data, problems
from connector.settings.references import Surroundings
from connector.settings.types import (
    AlertUrl,
    ApiBudget,
    ApiVersion,
    Certificates,
    DatabaseUrl,
    Day,
    ExistingFile,
    LedgerUrl,
    MyDomain,
    Overlap,
    Password,
    PrivateKeyFile,
    Secret,
    Username,
    WebUrl,
)
from connector.settings.veil import veil
from connector.yaml_text import Mapping as YamlMapping
from connector.yaml_text import YamlError, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path


class _Section(BaseModel):
    """A section of the config: unknown settings are refused, empty ones count as not written."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None or name not in cls.model_fields}


class AptenSettings(_Section):
    """Where the calls come from."""

    base_url: WebUrl = Field(default="https://api.attent.app/v1", description="address of Apten's API")
    api_key: Secret = Field(description="Apten's API key")


class _CrmSection(_Section):
    mapping: ExistingFile | None = Field(default=None, description="the mapping: which fields a call fills, and how")
    mappings: tuple[ExistingFile, ...] = Field(default=(), description="several mappings, in place of `mapping`")

    @field_validator("mappings")
    @classmethod
    def _one_way_or_the_other(cls, mappings: tuple[Path, ...], info: ValidationInfo) -> tuple[Path, ...]:
        if "mapping" in info.data and info.data["mapping"] is None and not mappings:
            raise problem(MISSING, "`crm` needs `mapping`", "mapping: the file that says which fields a call fills")
        if info.data.get("mapping") and mappings:
            raise problem(TOO_MANY, "`mapping` is written already", "keep one of `mapping` and `mappings`")
        return mappings

    @property
    def mapping_files(self) -> tuple[Path, ...]:
        """The mappings, by whichever setting they were named."""
        return (self.mapping,) if self.mapping else self.mappings


_HOW = "how to sign in: client_credentials, jwt, password or session"
_Domain = Annotated[MyDomain, Field(description="the org's My Domain without `.salesforce.com`: acme.my")]
_ConsumerKey = Annotated[Secret, Field(description="the External Client App's consumer key")]
_Username = Annotated[Username, Field(description="the integration user's name in Salesforce")]


class SalesforceSettings(_CrmSection):
    """What every way of signing in to Salesforce has in common."""

    kind: Literal["salesforce"] = Field(description="which CRM: salesforce or database")
    base_url: WebUrl | None = Field(
        default=None, description="a proxy or stand-in; every request to Salesforce, login included, goes there"
    )
    api_version: ApiVersion = Field(default="66.0", description="version of Salesforce's REST API")
    api_budget: ApiBudget = Field(
        default="80%",
        description="how much of the org's API requests of 24 hours may be used, by everybody together, before a run "
        "stops: a share, or a number",
    )


class SalesforceClientCredentials(SalesforceSettings):
    """Signs in as the integration user of an External Client App."""

    auth: Literal["client_credentials"] = Field(description=_HOW)
    domain: _Domain
    consumer_key: _ConsumerKey
    consumer_secret: Secret = Field(description="the External Client App's consumer secret")


class SalesforceJwt(SalesforceSettings):
    """Signs in as a user who lets an External Client App do so, with a private key in place of a secret."""

    auth: Literal["jwt"] = Field(description=_HOW)
    domain: _Domain
    consumer_key: _ConsumerKey
    username: _Username
    private_key_file: PrivateKeyFile = Field(
        description="file of the private key (PEM) to the app's certificate; only its owner may read it"
    )


class SalesforcePassword(SalesforceSettings):
    """Signs in as a person does; Salesforce ends this in 2027."""

    auth: Literal["password"] = Field(description=_HOW)
    domain: _Domain
    username: _Username
    password: Password = Field(description="that user's password")
    security_token: Secret | None = Field(
        default=None, description="that user's security token; none is needed from a network that the org trusts"
    )


class SalesforceSession(SalesforceSettings):
    """Uses a session opened elsewhere, for as long as it lasts."""

    auth: Literal["session"] = Field(description=_HOW)
    session_id: Secret = Field(description="id of a session opened elsewhere; it cannot be renewed")
    instance_url: WebUrl = Field(description="the org's own address: https://acme.my.salesforce.com")


SalesforceLogin = SalesforceClientCredentials | SalesforceJwt | SalesforcePassword | SalesforceSession


class DatabaseSettings(_CrmSection):
    """Writes to a table of a database."""

    kind: Literal["database"] = Field(description="which CRM: salesforce or database")
    url: DatabaseUrl = Field(description="the database's SQLAlchemy URL; a password in it only as `${NAME}`")


class SyncSettings(_Section):
    """How a sync goes about its work."""

    start: Day | None = Field(
        default=None, description="how far back a new ledger looks (a day, UTC); 30 days if not written"
    )
    overlap: Overlap = Field(
        default=timedelta(minutes=10), description="how much of the time before the watermark is read again, 1m to 7d"
    )
    concurrency: int = Field(default=8, ge=1, le=16, description="requests to Apten at the same time, 1 to 16")
    requests_per_second: float | None = Field(
        default=None,
        ge=0.1,
        le=1000,
        description="most requests to Apten in a second, 0.1 to 1000; without it, as many as Apten takes",
    )
    stop_above: int = Field(
        default=2000,
        ge=1,
        description="creates and updates that one sync may make without `--allow N`, but for a new ledger's first",
    )


class AlertSettings(_Section):
    """Where a person is told of what needs them."""

    url: AlertUrl = Field(description="a webhook that takes Slack's messages, told of what needs a person")
    parked_above: int = Field(default=0, ge=0, description="how many calls may be parked before that is told")
    waiting_above: int = Field(default=100, ge=0, description="how many calls may be waiting before that is told")


class Config(_Section):
    """The whole config; relative paths are absolute by now, secrets known but never shown."""

    apten: AptenSettings = Field(description="where the calls come from")
    crm: Annotated[
        Annotated[SalesforceLogin, Field(discriminator="auth")] | DatabaseSettings,
        Field(discriminator="kind"),
    ] = Field(description="where they are logged")
    ledger: LedgerUrl = Field(
        default="sqlite:///apten-crm.db", description="the connector's memory: a SQLite file on a local disk"
    )
    sync: SyncSettings = Field(default_factory=SyncSettings, description="how a sync goes about its work")
    alert: AlertSettings | None = Field(default=None, description="where a person is told of what needs them")
    ca_file: Certificates | None = Field(
        default=None, description="certificates (PEM) to trust besides the usual ones, such as a company proxy's"
    )
    _warnings: tuple[Diagnostic, ...] = PrivateAttr(default=())

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What works today and is to be changed all the same."""
        return self._warnings

    def note(self, root: YamlMapping) -> None:
        """Look for what deserves a warning; `root` is the file it was read from."""
        if isinstance(self.crm, SalesforcePassword):
            self._warnings = (
                ENDS_IN_2027.at(
                    place_of(root, "crm", "auth"),
                    "works until Salesforce's Summer '27 release at the latest",
                    "use `auth: client_credentials` or `auth: jwt` with an External Client App",
                ),
            )

    def secrets(self) -> frozenset[str]:
        """Every secret value, for the log's last line of defence."""
        sections = (self.apten, self.crm, *([self.alert] if self.alert else []))
        values = {value.get_secret_value() for section in sections for value in _secrets(section)}
        return frozenset(values.union(*(passwords(value) for value in values)))


def load_config(path: Path, environ: Mapping[str, str], *, today: date | None = None) -> Config:
    """Read the config. With `today` (UTC), days that are still to come are refused.

    Raises:
        ConfigError: there is none, or it has problems; `diagnostics` holds every one of them.
    """
    file = SourceFile(str(path), _text(path))
    try:
        root = read(file)
    except YamlError as error:
        raise _refused(path, error.diagnostics) from None
    if not isinstance(root, YamlMapping):
        raise _refused(path, [NO_SETTINGS.at(root.place if root else Place(file, 1, 1), "no `name: value` here")])
    near = Surroundings(environ, path.absolute().parent, today)
    try:
        config = Config.model_validate(plain_data(root), context=near)
    except ValidationError as error:
        raise _refused(path, problems(error, root, Config)) from None
    config.note(root)
    return config


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    except FileNotFoundError as error:
        raise ConfigError(
            f"There is no config at {path.absolute()}.",
            todo="Run `apten-crm init` to write one, or name yours with `--config PATH`.",
        ) from error
    except OSError as error:
        raise ConfigError(
            f"The config at {path.absolute()} cannot be read.", todo="Check that it is a file and that you may read it."
        ) from error


def _refused(path: Path, found: Sequence[Diagnostic]) -> ConfigError:
    plain = {each.name for each in catalogue(Config) if not (each.is_secret or each.is_section)}
    count = f"{len(found)} problem{'s' if len(found) > 1 else ''}"
    return ConfigError(
        f"{path} has {count}.",
        diagnostics=veil(found, plain),
        done="Nothing was read or written.",
        todo="Mend what is marked, then run `apten-crm check`.",
    )


def _secrets(section: _Section) -> Iterator[SecretStr]:
    return (value for _, value in section if isinstance(value, SecretStr))
