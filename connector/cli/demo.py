"""The demo: a whole sync before the reader's eyes. Whatever it says is checked against what the stand-ins saw."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from connector.cli.demo_calls import show_calls
from connector.cli.demo_changes import break_the_mapping, let_summaries_arrive
from connector.cli.demo_check import fates, must
from connector.cli.demo_folder import Installation
from connector.cli.init import Kind
from connector.cli.printing import counted, say
from connector.log import LogLevel, configure_logging
from connector.sandbox.salesforce.fields import KEY_FIELD

if TYPE_CHECKING:
    from pathlib import Path

    from connector.cli.demo_check import Fates
    from connector.ports import Clock
    from connector.sandbox.together import Sandbox

_NEXT = """\
8. The same with your own account
   apten-crm init --crm salesforce   writes config.yaml and a mapping, both yours to change; without
                                     `--crm salesforce` they are for a table in a database
   edit config.yaml                  your org's domain; your keys go into the environment variables
                                     that it names
   apten-crm check --live            says what is wrong or missing, also in your org
   apten-crm preview --last 5        shows what your last five calls would become; writes nothing
   apten-crm sync                    logs them; let a scheduler (cron) run it every few minutes

   No account at hand? `apten-crm sandbox` serves a made-up Apten and Salesforce to try things on.
   What this demo wrote is kept in {folder}; delete it when you like."""


def play(box: Sandbox, folder: Path, clock: Clock) -> None:
    """Run all steps with these stand-ins; the files go to the folder.

    Raises:
        ConnectorError: a step did not go as it should.
    """
    configure_logging(level=LogLevel.WARNING)
    database = Installation(folder / "database", Kind.DATABASE, box, clock)
    salesforce = Installation(folder / "salesforce", Kind.SALESFORCE, box, clock)
    for each in (database, salesforce):
        each.write_files()
    world = box.world
    calls = len(world.finished_calls()) + len(world.calls_in_progress())
    say("A whole sync with a made-up Apten and a made-up Salesforce. Both run on this computer alone.")
    say("Everything this says is checked against what the two of them saw.\n")
    say("1. What there is")
    say(f"   Apten       {calls} calls with {len(world.leads())} leads")
    say(f"   Salesforce  {len(box.org.people)} leads and contacts, no tasks yet")
    say(f"   Files       config and mapping, as `apten-crm init` writes them, in {folder}\n")
    _log_in_salesforce(salesforce, expected=_log_in_a_database(database))
    show_calls(box)
    _run_again(salesforce)
    let_summaries_arrive(salesforce)
    break_the_mapping(salesforce)
    say(_NEXT.format(folder=folder))


def _log_in_a_database(database: Installation) -> Fates:
    say("2. Log the calls in a database: apten-crm sync")
    ran = database.sync()
    with closing(sqlite3.connect(database.folder / "activities.db")) as connection:
        keys = [key for (key,) in connection.execute("SELECT call_id FROM calls")]
    fate = fates(database.box.world, keys, database.clock.now())
    must(ran.report.counts["created"] == fate.logged, "sync counted its rows wrong")
    say(f"   {fate.logged} rows in {ran.seconds:.1f} seconds, one for each call: `calls` in database/activities.db")
    say(f"   Left out are {fate.under_way} calls still going on, {fate.awaited} whose summary is waited for (as the")
    say(f"   mapping says, for 30 minutes at most), and {fate.deleted} of leads that were deleted in Apten\n")
    return fate


def _log_in_salesforce(salesforce: Installation, expected: Fates) -> None:
    say("3. Log them in Salesforce: apten-crm sync")
    ran, org = salesforce.sync(), salesforce.box.org
    fate = fates(salesforce.box.world, [task[KEY_FIELD] for task in org.tasks.values()], salesforce.clock.now())
    must(fate == expected, "Salesforce has other calls than the database")
    must([write.operation for write in ran.writes] == ["create"] * fate.logged, "a task was written more than once")
    linked = sum(task["WhoId"] in org.people for task in org.tasks.values())
    told = ran.report.counts
    must((told["created"], told["unlinked"]) == (fate.logged, fate.logged - linked), "sync counted its tasks wrong")
    say(f"   {fate.logged} tasks in {ran.seconds:.1f} seconds, one for each call; the same calls are left out")
    say(f"   {linked} of them are linked to the lead or contact; for the others Apten knows no Salesforce id")
    say(f"   {ran.apten_requests} requests to Apten, {ran.salesforce_requests} to Salesforce\n")


def _run_again(salesforce: Installation) -> None:
    say("5. Nothing new, run again: apten-crm sync")
    ran = salesforce.sync()
    must(not ran.writes, "a second run wrote something, though nothing had changed")
    say("   Nothing was written.")
    asked = counted(ran.apten_requests, "request")
    say(f"   {asked} to Apten (what is new?), {ran.salesforce_requests} to Salesforce\n")
