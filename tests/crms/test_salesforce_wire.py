"""Our side of Salesforce's documented exchanges: a change of what we send fails here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import vcr  # type: ignore[import-untyped]  # vcrpy ships no types

from connector.crms.salesforce.adapter import Salesforce
from connector.errors import RejectedError
from connector.model import Record
from tests.crms.conftest import LOGIN, TASK, call

CASSETTES = Path(__file__).parent / "cassettes"


def test_the_documented_exchanges_are_what_we_send_and_understand() -> None:
    tape = vcr.VCR(record_mode=vcr.mode.NONE, match_on=["method", "scheme", "host", "path", "query", "body"])
    crm = Salesforce(LOGIN)
    with tape.use_cassette(str(CASSETTES / "salesforce.yaml")) as cassette:
        schema = crm.describe(TASK)
        written, refused = crm.write(
            TASK,
            [
                call("call-1", Subject="Outbound call", ActivityDate=date(2026, 11, 1)),
                call("call-2", Subject="Inbound call", WhoId="001xx000003DGb2AAG"),
            ],
        )
        [updated] = crm.write(TASK, [call("call-1", "00Txx000004YsSEEA0", Subject=None)])
        records = crm.read(TASK, ["call-1", "it's"], ["Subject", "ActivityDate"])
        last_page = crm.scan(TASK, "00Txx000004YsSEEA0")
        identity = crm.identity()
        assert cassette.all_played
    assert schema.fields["Apten_Call_Id__c"].key
    assert (written.record_id, written.created) == ("00Txx000004YsSEEA0", True)
    assert isinstance(refused.error, RejectedError)
    assert (refused.error.code, refused.error.fields) == ("FIELD_INTEGRITY_EXCEPTION", ("WhoId",))
    assert (updated.record_id, updated.created) == ("00Txx000004YsSEEA0", False)
    assert records == {"call-1": Record("00Txx000004YsSEEA0", {"Subject": None, "ActivityDate": date(2026, 11, 1)})}
    assert (last_page.rows, last_page.next_token) == ((), None)
    assert identity == "00Dxx0000001gPLEAY"
    assert (crm.usage.sent, crm.usage.used, crm.usage.allowed) == (7, 22, 15_000)


def test_cassettes_hold_no_credentials() -> None:
    for cassette in CASSETTES.iterdir():
        text = cassette.read_text(encoding="utf-8")
        assert not [word for word in ("Authorization", "Basic ", "Bearer 0", "consumer-secret", "00D!") if word in text]
