"""Serves one stand-in until it is told to end: `python -m bench.stand_in.serve apten --calls 1000 --latency 0.05`.

Its first line of output is JSON: its address, and for Salesforce a session.
"""

from __future__ import annotations

import json
import socket
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

import uvicorn

from bench.stand_in import apten, salesforce
from bench.stand_in.forgetful import Forgetful
from bench.stand_in.line import Line
from bench.stand_in.world import World


def main() -> None:
    """Serve."""
    options = _options()
    line, told = (_apten if options.stand_in == "apten" else _salesforce)(options)
    # Only where the protocol is named does asyncio switch off Nagle's algorithm, which costs 40 ms an answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}", **told}))
    sys.stdout.flush()
    config = uvicorn.Config(
        line,
        interface="asgi3",
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="off",
        proxy_headers=False,
        log_level="critical",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _apten(options: Namespace) -> tuple[Line, dict[str, str]]:
    world = World(options.calls, options.calls_per_lead, datetime.now(UTC), known=not options.strangers)
    line = Line(
        apten.Apten(world),
        latency=options.latency,
        rate=options.rate,
        kind=apten.kind,
        remember=options.remember,
        control={"revise": world.revise},
    )
    return line, {"begin": world.begin.date().isoformat()}


def _salesforce(options: Namespace) -> tuple[Line, dict[str, str]]:
    stand_in = salesforce.stand_in(0 if options.forgetful else options.contacts)
    app = salesforce.with_bulk(stand_in.org, stand_in.app)
    app = Forgetful(stand_in.org, app) if options.forgetful else app
    line = Line(
        app, latency=options.latency, rate=options.rate, kind=salesforce.kind, remember=options.remember, control={}
    )
    return line, {"session": stand_in.tokens.issue()}


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m bench.stand_in.serve", description=__doc__)
    parser.add_argument("stand_in", choices=["apten", "salesforce"])
    parser.add_argument("--latency", type=float, default=0.05, help="seconds until an answer")
    parser.add_argument("--rate", type=int, help="requests taken in any second")
    parser.add_argument("--remember", action="store_true", help="count requests for what was answered before")
    parser.add_argument("--calls", type=int, default=1_000)
    parser.add_argument("--calls-per-lead", type=int, default=1)
    parser.add_argument("--strangers", action="store_true", help="Apten knows no record ids of its leads")
    parser.add_argument("--contacts", type=int, default=0, help="how many leads the org knows")
    parser.add_argument("--forgetful", action="store_true", help="an org that stores nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
