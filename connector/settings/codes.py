"""Every kind of problem a config can have. Names are never reused."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from connector.diagnostics import Code, Severity

NO_SETTINGS = Code(
    name="CFG101",
    title="no settings",
    means="The file is empty or is not a list of `name: value` settings.",
    example="apten",
    instead="apten:\n  api_key: ${APTEN_API_KEY}",
)
UNKNOWN = Code(
    name="CFG102",
    title="unknown setting",
    means="No setting has this name here. It would be ignored, so it is refused instead.",
    example="apten:\n  api_kye: ${APTEN_API_KEY}",
    instead="apten:\n  api_key: ${APTEN_API_KEY}",
)
MISSING = Code(
    name="CFG103",
    title="missing setting",
    means="Nothing can run without this setting. One that is empty or `null` counts as not written.",
    example="apten:\n  api_key:",
    instead="apten:\n  api_key: ${APTEN_API_KEY}",
)
WRONG = Code(
    name="CFG104",
    title="wrong value",
    means="The setting exists, but does not take this value.",
    example="sync:\n  overlap: 10 minutes",
    instead="sync:\n  overlap: 10m",
)
OPEN_SECRET = Code(
    name="CFG105",
    title="secret in the config",
    means="Configs get copied, mailed and committed, so a secret is named there and never written out. "
    "A secret that stood in a file like this is best renewed.",
    example="apten:\n  api_key: 0123456789",
    instead="apten:\n  api_key: ${APTEN_API_KEY}   # or file:apten.key",
)
BAD_REFERENCE = Code(
    name="CFG106",
    title="malformed reference",
    means="`${` starts the name of an environment variable: letters, digits and `_`, closed by `}`.",
    example="apten:\n  api_key: ${APTEN-API-KEY}",
    instead="apten:\n  api_key: ${APTEN_API_KEY}",
)
UNSET_VARIABLE = Code(
    name="CFG107",
    title="environment variable not set",
    means="The setting names an environment variable that is not set, or set to nothing, where the program runs. "
    "cron starts programs with an environment of its own.",
    example="apten:\n  api_key: ${APTEN_API_KEY}",
    instead="APTEN_API_KEY=… apten-crm check",
)
BAD_SECRET_FILE = Code(
    name="CFG108",
    title="secret file not usable",
    means="The file is missing, empty or unreadable, or others than its owner can read it. "
    "Files below /run/secrets, where container runtimes put them, may have any mode.",
    example="apten:\n  api_key: file:apten.key   # mode 0644",
    instead="chmod 600 apten.key",
)
BAD_SECRET = Code(
    name="CFG109",
    title="secret not usable",
    means="The secret holds characters that no key has, such as a line break or a typographic quotation mark.",
    example="APTEN_API_KEY=“0123”",
    instead="APTEN_API_KEY=0123",
)
NOT_HTTPS = Code(
    name="CFG110",
    title="unencrypted connection",
    means="Keys and calls travel by TLS only: https, and for a database an option in its URL (`sslmode` of PostgreSQL, "
    "`ssl_ca` of MySQL). This very machine is excepted: localhost, 127.0.0.1, [::1].",
    example="apten:\n  base_url: http://api.example.com/v1",
    instead="apten:\n  base_url: https://api.example.com/v1",
)
NO_FILE = Code(
    name="CFG111",
    title="no such file or folder",
    means="The setting names a file or folder that is not there. Relative paths start at the config's own folder.",
    example="crm:\n  mapping: mapings/salesforce.yaml",
    instead="crm:\n  mapping: mappings/salesforce.yaml",
)
TOO_MANY = Code(
    name="CFG112",
    title="settings that exclude each other",
    means="Only one of these settings may be written.",
    example="crm:\n  mapping: a.yaml\n  mappings: [a.yaml, b.yaml]",
    instead="crm:\n  mappings: [a.yaml, b.yaml]",
)
BAD_PRIVATE_KEY = Code(
    name="CFG113",
    title="private key not usable",
    means="Signing in with `auth: jwt` takes the RSA private key, in PEM and without a passphrase, that belongs to the "
    "certificate uploaded to Salesforce. The certificate itself signs nothing.",
    example="crm:\n  private_key_file: salesforce.crt",
    instead="crm:\n  private_key_file: salesforce.key",
)
NO_CERTIFICATE = Code(
    name="CFG114",
    title="certificates not usable",
    means="`ca_file` names a file of certificates that are trusted besides the usual ones: in PEM, each beginning with "
    "a line that says BEGIN CERTIFICATE.",
    example="ca_file: company.der",
    instead="openssl x509 -inform der -in company.der -out company.pem",
)
ENDS_IN_2027 = Code(
    name="CFG115",
    title="way to sign in that ends in 2027",
    means="Programs may sign in to Salesforce by user name, password and security token until its Summer '27 release; "
    "from then on every sync will fail. New orgs do not allow it at all.",
    example="crm:\n  auth: password",
    instead="crm:\n  auth: client_credentials",
    severity=Severity.WARNING,
)

CODES = {
    code.name: code
    for code in (
        NO_SETTINGS,
        UNKNOWN,
        MISSING,
        WRONG,
        OPEN_SECRET,
        BAD_REFERENCE,
        UNSET_VARIABLE,
        BAD_SECRET_FILE,
        BAD_SECRET,
        NOT_HTTPS,
        NO_FILE,
        TOO_MANY,
        BAD_PRIVATE_KEY,
        NO_CERTIFICATE,
        ENDS_IN_2027,
    )
}


def problem(code: Code, label: str, advice: str = "") -> PydanticCustomError:
    """The error by which a validator reports a problem; label and advice never hold a resolved value."""
    return PydanticCustomError(code.name, "{label}", {"label": label, "help": advice})
