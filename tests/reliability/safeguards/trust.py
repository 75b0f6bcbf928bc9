"""Safeguards of the ledger and of what nobody may read."""

from __future__ import annotations

from tests.reliability.safeguards.safeguard import safeguard

TRUST = [
    safeguard(
        "the lock: one run per ledger",
        "Two cron jobs write the same calls.",
        (
            "ledger/lock.py",
            "if _locked(lock, fcntl.LOCK_EX):\n            return True",
            "if lock:\n            return True",
        ),
        red="tests/ledger/test_lock.py::test_a_second_run_learns_who_holds_it_since_when",
    ),
    safeguard(
        "no lock on a network file system",
        "Two machines run on one ledger, and both hold the lock.",
        (
            "ledger/lock.py",
            '        refuse_network(path, mounts.read_text(encoding="utf-8", errors="surrogateescape"))\n',
            "        pass\n",
        ),
        red="tests/ledger/test_lock.py::test_refuses_a_network_file_system_and_makes_no_file_there",
    ),
    safeguard(
        "the seal: damage to a single value is noticed",
        "A record id that a failing disk has changed is taken at its word.",
        ("ledger/opening.py", "    check_seal(copy_of or file)\n    session = connect", "    session = connect"),
        red="tests/reliability/test_corruption.py::"
        "test_damage_beyond_the_header_is_always_refused_and_nothing_is_written",
    ),
    safeguard(
        "what a killed run left is not laid over a ledger that was put back",
        "What the backup knew is mixed with what it did not, and SQLite finds nothing amiss: calls are forgotten.",
        ("ledger/seal.py", "if _is_put_back(path):", "if path is None:"),
        red="tests/ledger/test_put_back.py::test_a_copy_beside_what_a_killed_run_left_is_refused",
    ),
    safeguard(
        "the ledger knows whose it is",
        "A ledger of the sandbox is taken for that of the org: its calls count as logged.",
        ("ledger/ledger.py", "elif known != owner:", "elif known is owner is None:"),
        red="tests/sync/test_run.py::test_a_ledger_of_another_org_is_refused",
    ),
    safeguard(
        "a transaction takes nothing more after a failure",
        "Half of a batch is recorded when the disk is full.",
        (
            "ledger/session.py",
            "if self._failure:\n                    raise self._failure\n                if self.waiting:",
            "if self.waiting:",
        ),
        red="tests/ledger/test_durability.py::test_a_full_disk_swallowed_inside_a_transaction_still_undoes_all_of_it",
    ),
    safeguard(
        "commits wait for the disk",
        "A power cut takes back what was recorded of calls that are logged.",
        ("ledger/session.py", "PRAGMA synchronous = FULL", "PRAGMA synchronous = OFF"),
        red="tests/ledger/test_opening.py::test_commits_wait_for_the_disk",
    ),
    safeguard(
        "a ledger of a newer version is refused",
        "An older program reads it wrongly, and writes it so.",
        ("ledger/migrations.py", "    if found > newest:\n", "    if found < 0:\n"),
        red="tests/ledger/test_migrations.py::test_a_newer_ledger_is_refused_and_left_as_it_is",
    ),
    safeguard(
        "the ledger is for its owner alone (0600)",
        "Others on the machine learn whom the company calls.",
        ("ledger/session.py", "os.O_EXCL, 0o600)", "os.O_EXCL, 0o644)"),
        ("ledger/session.py", "    _keep_private(file)\n    # SQLite itself", "    # SQLite itself"),
        red="tests/ledger/test_opening.py::test_makes_a_ledger_that_only_its_owner_may_read",
    ),
    safeguard(
        "a file's mode is taken back from others at every run",
        "A ledger that was copied for everybody to read stays so.",
        ("ledger/session.py", "    _keep_private(file)\n    # SQLite itself", "    # SQLite itself"),
        red="tests/ledger/test_opening.py::test_takes_back_from_others_what_a_copy_gave_them",
    ),
    safeguard(
        "https only, but for this machine",
        "API key and calls go over the wire for everybody to read.",
        (
            "settings/types.py",
            (
                '    if parts.scheme == "http" and not is_loopback(host):\n'
                '        raise problem(NOT_HTTPS, "plain http is for this machine only"'
            ),
            '    if parts.scheme == "ftp":\n        raise problem(NOT_HTTPS, "plain http is for this machine only"',
        ),
        red="tests/security/test_tls.py::test_no_address_of_plain_http_is_taken",
    ),
    safeguard(
        "a database elsewhere is reached by TLS",
        "Calls go over the wire for everybody to read, where the server happens to have no TLS.",
        ("settings/database_url.py", "    if missing := lacks_tls(", "    if missing := False and lacks_tls("),
        red="tests/security/test_tls.py::test_no_database_elsewhere_is_taken_without_tls",
    ),
    safeguard(
        "no redirect is followed",
        "The session goes wherever a proxy or a hijacked address points.",
        ("crms/salesforce/transport.py", "session.max_redirects = 0", "session.max_redirects = 5"),
        red="tests/security/test_tls.py::test_neither_secret_nor_session_follows_a_redirect",
    ),
    safeguard(
        "secrets are struck out of the log",
        "An API key stands in a log that many can read.",
        ("log.py", "            text = text.replace(secret, _HIDDEN)\n", "            pass\n"),
        red="tests/test_log.py::test_a_registered_secret_never_gets_through",
    ),
    safeguard(
        "phone numbers are struck out of the log",
        "People's numbers stand in it.",
        ("log.py", "return _PHONE.sub(_HIDDEN, text)", "return text"),
        red="tests/test_log.py::test_secrets_phone_numbers_and_foreign_texts_are_struck_out",
    ),
    safeguard(
        "words of the call are taken out of what the CRM says",
        "A validation rule that quotes the summary brings it into the log.",
        ("sync/conclude.py", "        error.says = without(error.says, known)\n", "        assert known\n"),
        ("crms/salesforce/errors.py", "says = without(message, activity.fields.values()) if", "says = message if"),
        red="tests/security/test_canaries.py::test_no_trouble_says_a_word_too_much",
    ),
    safeguard(
        "answers are no larger than honest ones",
        "A packed answer of a few bytes takes all memory.",
        ("apten/body.py", "if len(body) > LARGEST:", "if len(body) < 0:"),
        red="tests/apten/test_faults.py::test_an_answer_larger_or_deeper_than_any_honest_one_is_not_taken",
    ),
    safeguard(
        "what is done to a copy seals the copy",
        "A plan changes the ledger that it only looks at.",
        ("ledger/ledger.py", "put_seal(self._session.file)", "put_seal(self._session.path)"),
        red="tests/ledger/test_copy.py::test_whatever_is_done_to_a_copy_the_ledger_is_not_touched",
    ),
]
