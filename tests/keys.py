"""Keys that sign, and certificates, made anew for each run of the tests."""

from __future__ import annotations

from functools import cache

import trustme
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


@cache
def rsa_key(name: str = "", bits: int = 2048) -> rsa.RSAPrivateKey:
    """The key of this name, always the same one."""
    del name
    return rsa.generate_private_key(public_exponent=65_537, key_size=bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, traditional: bool = False, passphrase: str = "") -> str:
    """The private key as text."""
    shape = PrivateFormat.TraditionalOpenSSL if traditional else PrivateFormat.PKCS8
    locked: KeySerializationEncryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, shape, locked).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    """The public key as text."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@cache
def certificates() -> str:
    """Those of an authority that nobody knows."""
    return trustme.CA().cert_pem.bytes().decode()
