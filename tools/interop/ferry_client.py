#!/usr/bin/env python3
"""A small ferry/1 peer: pairs by invitation, lists, pulls, and serves one file over the session it dials."""

from __future__ import annotations

import sys

if sys.version_info < (3, 9):
    sys.exit("Python 3.9 or newer is needed: apt-get install python3")

import argparse
import json
from pathlib import Path
from typing import Any

from files import Pull, Share, list_files
from identity import device_id, digest_of, load_identity, pairing_proof, parse_address, parse_invitation
from messages import device_name
from session import RemoteError, SessionOver, dial
from wire import ProtocolError


def show_identity(args: argparse.Namespace) -> None:
    print(device_id(args.identity.digest))


def pair(args: argparse.Namespace) -> None:
    invitation = parse_invitation(args.link)
    proof = pairing_proof(invitation.secret, args.identity.digest, invitation.digest)
    with dial(args.identity, invitation.digest, [parse_address(text) for text in invitation.addresses], {}) as session:
        claimed = session.wait(session.request("pair.claim", {"proof": proof}, "PairClaimed"))
        name = device_name(claimed["name"])
        peer = json.dumps({"deviceId": device_id(invitation.digest), "name": name, "addresses": invitation.addresses})
        (args.state / "peer.json").write_text(peer)
        print(peer)


def dial_peer(args: argparse.Namespace, handlers: dict[str, Any]) -> Any:
    """Dials the device that was paired last."""
    peer = json.loads((args.state / "peer.json").read_text())
    return dial(args.identity, digest_of(peer["deviceId"]), [parse_address(text) for text in peer["addresses"]], handlers)


def show_list(args: argparse.Namespace) -> None:
    with dial_peer(args, {}) as session:
        for entry in list_files(session, args.search, args.limit):
            print(json.dumps(entry))


def pull(args: argparse.Namespace) -> None:
    with dial_peer(args, {}) as session:
        for entry_id in args.entry:
            print(Pull(session, entry_id, args.hashes).run(args.into))


def serve(args: argparse.Namespace) -> None:
    with dial_peer(args, Share(args.file, args.corrupt).handlers) as session:
        print("serving", flush=True)
        while True:
            session.pump()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    state = Path.home() / ".ferry-interop"
    parser.add_argument("--state", type=Path, default=state, help="folder of key, certificate and peer")
    parser.add_argument("--key", choices=["ed25519", "p256"], default="ed25519", help="type of a new key")
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: Any, help: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help)
        added.set_defaults(run=run)
        return added

    command("identity", show_identity, "print the own device id")
    command("pair", pair, "pair by invitation").add_argument("link", help="ferry://pair?...")
    listing = command("list", show_list, "list the other side's files, one JSON object a line")
    listing.add_argument("--search", default="", help="part of the name")
    listing.add_argument("--limit", type=int, default=1_000, help="entries in a page")
    pulling = command("pull", pull, "pull files")
    pulling.add_argument("entry", nargs="+", help="entry id, see list")
    pulling.add_argument("--into", type=Path, default=Path.cwd(), help="folder")
    pulling.add_argument("--hashes", type=int, default=8_192, help="block hashes in one request")
    serving = command("serve", serve, "serve one file until the session ends")
    serving.add_argument("file", type=Path)
    serving.add_argument("--corrupt", type=int, default=-1, help="block to send wrong, for tests of receivers")
    return parser.parse_args()


def main() -> None:
    args = parse_arguments()
    try:
        args.identity = load_identity(args.state, args.key)
        args.run(args)
    except (ProtocolError, RemoteError, SessionOver, OSError, ValueError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
