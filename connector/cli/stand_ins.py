"""`sandbox` and `demo`: the connector without any account."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from connector.cli.printing import say
from connector.clock import SystemClock
from connector.errors import SetupError

_LAST_PORT = 65_535
_DEMO_CALLS, _DEMO_LEADS, _DEMO_SEED = 300, 80, 76
"""A world in which everything that the demo shows happens; a test holds it to that."""

_SERVING = """\
A made-up Apten and a made-up Salesforce answer on this computer until you press Ctrl-C.

  Apten       {apten}   {calls:,} calls with {leads:,} leads, up to this minute
  Salesforce  {salesforce}      {people:,} leads and contacts, no tasks yet

To try apten-crm on them, open another terminal in an empty folder.

1. Write a mapping:

apten-crm init --crm salesforce

2. Replace all of config.yaml by:

apten:
  base_url: {apten}
  api_key: ${{APTEN_API_KEY}}
crm:
  kind: salesforce
  mapping: mappings/salesforce.yaml
  auth: client_credentials
  domain: sandbox.my
  consumer_key: ${{SALESFORCE_CONSUMER_KEY}}
  consumer_secret: ${{SALESFORCE_CONSUMER_SECRET}}
  base_url: {salesforce}
ledger: sqlite:///sandbox.db
sync:
  start: {begin:%Y-%m-%d}

3. Set the keys, which open nothing but these two:

export APTEN_API_KEY={api_key}
export SALESFORCE_CONSUMER_KEY={consumer_key}
export SALESFORCE_CONSUMER_SECRET={consumer_secret}

4. Look first, then log the calls:

apten-crm doctor
apten-crm preview --last 3
apten-crm sync --plan
apten-crm sync

When the sandbox is started again, its Salesforce is empty again: delete sandbox.db then.
"""


def sandbox(
    apten_port: Annotated[
        int, typer.Option("--apten-port", min=0, max=_LAST_PORT, help="Where Apten answers; 0 takes any free port.")
    ] = 8701,
    salesforce_port: Annotated[
        int, typer.Option("--salesforce-port", min=0, max=_LAST_PORT, help="Where Salesforce answers.")
    ] = 8702,
    calls: Annotated[int, typer.Option("--calls", min=1, help="How many calls Apten has.")] = 300,
    leads: Annotated[int, typer.Option("--leads", min=2, help="How many leads they are with.")] = 80,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes up the same calls.")] = 1,
) -> int:
    """Serve a made-up Apten and a made-up Salesforce on this computer, to try every command on. Writes no file."""
    # Both commands load the stand-ins' web server only here: no other command needs it.
    from connector.sandbox.together import Sandbox  # noqa: PLC0415  # see above
    from connector.sandbox.world import make_world  # noqa: PLC0415  # see above

    clock = SystemClock()
    world = make_world(seed=seed, calls=calls, leads=leads, now=clock.now())
    box = Sandbox(world, now=clock.now, apten_port=apten_port, salesforce_port=salesforce_port)
    with ExitStack() as serving:
        try:
            serving.enter_context(box)
        except OSError as error:
            raise SetupError(
                f"Port {apten_port} or {salesforce_port} of this computer is taken.",
                done="Nothing was started.",
                todo="End what listens there, or: apten-crm sandbox --apten-port 0 --salesforce-port 0",
            ) from error
        facts = {"calls": calls, "leads": leads, "people": len(box.org.people), "begin": box.begin}
        keys = {"api_key": box.API_KEY, "consumer_key": box.CONSUMER_KEY, "consumer_secret": box.CONSUMER_SECRET}
        say(_SERVING.format(apten=box.apten_url, salesforce=box.salesforce_url, **facts, **keys))
        sys.stdout.flush()
        try:
            Event().wait()
        except KeyboardInterrupt:
            say("Ended.")
    return 0


def demo(
    folder: Annotated[
        Path | None,
        typer.Option("--folder", file_okay=False, help="An empty or new folder for its files; else a temporary one."),
    ] = None,
) -> int:
    """Show a whole sync step by step, with a made-up Apten and a made-up Salesforce on this computer."""
    from connector.cli.demo import play  # noqa: PLC0415  # see `sandbox`
    from connector.sandbox.together import Sandbox  # noqa: PLC0415  # see `sandbox`
    from connector.sandbox.world import make_world  # noqa: PLC0415  # see `sandbox`

    if folder and folder.exists() and any(folder.iterdir()):
        raise SetupError(
            f"{folder} is not empty.",
            done="Nothing was written.",
            todo="Name a new folder, or leave --folder out.",
        )
    clock = SystemClock()
    world = make_world(seed=_DEMO_SEED, calls=_DEMO_CALLS, leads=_DEMO_LEADS, now=clock.now())
    with Sandbox(world, now=clock.now) as box:
        play(box, folder or Path(tempfile.mkdtemp(prefix="apten-crm-demo-")), clock)
    return 0
