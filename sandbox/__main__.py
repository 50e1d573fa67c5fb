"""The workspace as a process of its own: its page, and the bot's counterpart."""

import argparse
import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from sandbox import manifest
from sandbox.manifest import BrokenManifest
from sandbox.people import grid, hospital
from sandbox.server import Server, Tokens


def main() -> int:
    """Serves until SIGTERM or SIGINT; the exit status: 0 fine, 1 the port is taken, 2 something is set wrong."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=_port, default=8400, help="the page's port (8400)")
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest: its commands and scopes")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--bot-url", help="where the bot hears, like http://127.0.0.1:8401/slack/events")
    way.add_argument("--socket-mode", action="store_true", help="the bot comes by a socket")
    parser.add_argument("--clock-file", type=Path, help="a file with seconds to add to the bot's clock")
    parser.add_argument("--print-tokens", action="store_true", help="print address and tokens as JSON once it serves")
    parser.add_argument(
        "--grid", action="store_true", help="the hospital belongs to an organization on Enterprise Grid"
    )
    parser.add_argument(
        "--org-install", action="store_true", help="the app is installed for the organization (with --grid)"
    )
    chosen = parser.parse_args()
    if chosen.org_install and not chosen.grid:
        parser.error("--org-install goes with --grid: without one there is no organization")
    try:
        return asyncio.run(_serve(chosen))
    except BrokenManifest as broken:
        sys.stderr.write(f"{broken}\n")
    except OSError as problem:
        sys.stderr.write(f"{problem.filename}: {problem.strerror}\n")
    return 2


async def _serve(chosen: argparse.Namespace) -> int:
    names = {"bot": "SANDBOX_BOT_TOKEN", "app": "SANDBOX_APP_TOKEN", "signing_secret": "SANDBOX_SIGNING_SECRET"}
    tokens = Tokens(**{which: os.environ[name] for which, name in names.items() if os.environ.get(name)})
    allowed = manifest.read(chosen.manifest)
    cast = grid(is_org_install=chosen.org_install) if chosen.grid else hospital()
    server = Server(cast, allowed, tokens, bot_url=chosen.bot_url, clock_file=chosen.clock_file)
    stop = asyncio.Event()
    for which in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(which, stop.set)
    try:
        await server.start(chosen.port)
    except OSError as problem:
        why = os.strerror(problem.errno or 0)
        sys.stderr.write(f"Port {chosen.port} can't be used: {why}. Choose another with --port.\n")
        return 1
    if chosen.print_tokens:
        sys.stdout.write(json.dumps({"address": server.address} | asdict(tokens)) + "\n")
        sys.stdout.flush()
    await stop.wait()
    await server.stop()
    return 0


def _port(written: str) -> int:
    if not written.isdecimal() or int(written) > 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 (any that is free) to 65535")
    return int(written)


if __name__ == "__main__":
    sys.exit(main())
