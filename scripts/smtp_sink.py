#!/usr/bin/env python3
"""An SMTP server for tests: takes every message and prints it as one line of JSON.

    smtp_sink.py [--port 0] [--refuse ADDRESS]... [--user NAME --password WORD]

The first line on stdout is {"port": N}. Then one line per message: {"mail_from", "rcpt_to",
"data"} with the data as Latin-1 text, so that each byte is one character. A recipient given with
`--refuse` is answered with 550; `--defer ADDRESS` with 451. It ends when its standard input does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def tell(value):
    print(json.dumps(value), flush=True)


class Sink:
    def __init__(self, refused, deferred):
        self.refused = refused
        self.deferred = deferred

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        if address in self.deferred:
            return "451 4.2.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        tell(
            {
                "mail_from": envelope.mail_from,
                "rcpt_to": envelope.rcpt_tos,
                "data": envelope.original_content.decode("latin-1"),
            }
        )
        return "250 OK"


def authenticator(user, password):
    def check(server, session, envelope, mechanism, given):
        right = isinstance(given, LoginPassword) and given == LoginPassword(
            user.encode(), password.encode()
        )
        return AuthResult(success=right, handled=False)

    return check


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--refuse", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--defer", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    return parser.parse_args()


async def serve(chosen):
    sink = Sink(set(chosen.refuse), set(chosen.defer))
    options = {"enable_SMTPUTF8": True, "hostname": "sink.example.com"}
    if chosen.user:
        options |= {
            "authenticator": authenticator(chosen.user, chosen.password),
            "auth_required": True,
            "auth_require_tls": False,
        }
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(sink, loop=loop, **options), "127.0.0.1", chosen.port
    )
    tell({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
