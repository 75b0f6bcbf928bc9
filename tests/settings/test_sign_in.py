"""Files that signing in and TLS need, and what a config warns of."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme
from pydantic_core import PydanticCustomError

from connector.config import SalesforceJwt, SalesforcePassword
from connector.diagnostics import Severity
from connector.settings.references import secret_file
from tests.keys import ec_key, pem, public_pem, rsa_key
from tests.ledger.openings import ordinary_user
from tests.settings.pieces import APTEN, CREDENTIALS, DATABASE, JWT, PASSWORD, SESSION, load, refused, told


@pytest.mark.parametrize("traditional", [True, False])
def test_a_private_key_is_read_from_a_file_beside_the_config(folder: Path, traditional: bool) -> None:
    key = pem(rsa_key(), traditional=traditional)
    (folder / "salesforce.key").write_text(key)
    crm = load(folder, APTEN + JWT).crm
    assert isinstance(crm, SalesforceJwt)
    assert crm.private_key_file.get_secret_value() == key.strip()
    assert crm.username == "integration@acme.com"


def test_a_private_key_that_others_can_read_is_refused_as_any_secret_file_is(folder: Path) -> None:
    key = folder / "salesforce.key"
    key.chmod(0o640)
    (found,) = refused(folder, APTEN + JWT)
    assert (found.code, found.place.line, found.label) == ("CFG108", 10, f"others can read or change {key}")
    assert found.help == f"chmod 600 {key}"
    key.unlink()
    assert told(folder, APTEN + JWT) == [f"CFG108 10 {key} is not there"]
    key.write_bytes(b"\xff")
    assert told(folder, APTEN + JWT) == [f"CFG108 10 {key} cannot be read as text"]


def test_a_secret_that_is_somebody_elses_is_told_as_that() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        key = Path(folder) / "apten.key"
        key.touch(0o600 if os.geteuid() == 0 else 0)
        with ordinary_user(), pytest.raises(PydanticCustomError, match="may not be read by this user"):
            secret_file(key)


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (public_pem(rsa_key()), "{} begins with PUBLIC KEY, not the private key alone"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "{} begins with CERTIFICATE, not the private"),
        (pem(ec_key(), traditional=True), "{} begins with EC PRIVATE KEY, not the private key alone"),
        ("3MVG9.consumer-key", "{} is not PEM, not the private key alone"),
        (pem(rsa_key(), passphrase="x"), "the key in {} needs a passphrase, which nobody can type here"),
        (pem(rsa_key(), passphrase="x", traditional=True), "the key in {} needs a passphrase"),
    ],
)
def test_a_file_that_holds_no_private_key_says_what_it_holds(folder: Path, content: str, label: str) -> None:
    (folder / "salesforce.key").write_text(content)
    (found,) = refused(folder, APTEN + JWT)
    assert found.code == "CFG113"
    assert found.label.startswith(label.format(folder / "salesforce.key"))
    assert found.help


def test_a_private_key_is_no_setting(folder: Path) -> None:
    pasted = JWT.replace("salesforce.key", "|\n    " + pem(rsa_key()).replace("\n", "\n    ").strip())
    (found,) = refused(folder, APTEN + pasted)
    assert (found.code, found.label) == ("CFG105", "a private key must not stand here")


def test_a_password_may_hold_letters_that_no_key_has(folder: Path) -> None:
    config = load(folder, APTEN + PASSWORD)
    assert isinstance(config.crm, SalesforcePassword)
    assert config.crm.password.get_secret_value() == "canary-pässword"
    assert {"canary-pässword", "canary-token"} <= config.secrets()


def test_a_security_token_may_be_left_out(folder: Path) -> None:
    crm = load(folder, APTEN + PASSWORD.replace("  security_token: ${SALESFORCE_SECURITY_TOKEN}\n", "")).crm
    assert isinstance(crm, SalesforcePassword)
    assert crm.security_token is None


@pytest.mark.parametrize("name", ["integration", "Integration User", "a@b@c", '""'])
def test_a_user_name_looks_like_an_address(folder: Path, name: str) -> None:
    (found,) = refused(folder, APTEN + JWT.replace("integration@acme.com", name))
    assert (found.code, found.label) == ("CFG104", "not a user name of Salesforce")


def test_the_way_to_sign_in_that_ends_in_2027_is_warned_of_where_it_stands(folder: Path) -> None:
    (found,) = load(folder, APTEN + PASSWORD).warnings
    assert (found.code, found.severity, found.place.line, found.place.column) == ("CFG115", Severity.WARNING, 6, 9)
    assert "client_credentials" in found.help


@pytest.mark.parametrize("crm", [CREDENTIALS, JWT, SESSION, DATABASE])
def test_nothing_else_is_warned_of(folder: Path, crm: str) -> None:
    assert load(folder, APTEN + crm).warnings == ()


def test_certificates_to_trust_are_looked_at_when_the_config_is_read(folder: Path) -> None:
    path = folder / "company.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    text = APTEN + DATABASE + "ca_file: company.pem\n"
    assert load(folder, text).ca_file == path
    path.write_bytes(ssl.PEM_cert_to_DER_cert(path.read_text()))
    assert told(folder, text) == [f"CFG114 7 {path} holds no certificates in PEM, or may not be read"]
    path.write_text("")
    assert told(folder, text) == [f"CFG114 7 {path} holds no certificates in PEM, or may not be read"]
    path.unlink()
    assert told(folder, text) == [f"CFG111 7 there is no file {path}"]
