#!/usr/bin/env python3
"""A small ferry/1 peer: pairs by invitation, lists, pulls, and serves one file over the session it dials."""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import parse_qs

from session import Answer, Code, Handlers, ProtocolError, RemoteError, Session
from session import dial, expect, key_digest, openssl, take

ADDRESS = re.compile(r"(\[[^\s\[\]/@]+\]|[^\s\[\]/@:]+):0*[1-9]\d{0,4}")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BLOCK_BYTES, CHUNK_BYTES, RUN_BYTES, HASH_BYTES, FRAME_HASHES = 1_048_576, 8_192, 262_144, 32, 8_192
REQUEST_BLOCKS, READ_BLOCKS, READS_OPEN = 16, 8, 2  # two reads of 8 blocks are the window of 16 MiB
KEY_TYPES = {"ed25519": ["ed25519"], "p256": ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]}


def device_id(digest: bytes) -> str:
    """The canonical form: 4 groups of 13 characters, each with its check character."""

    def checked(group: str) -> str:
        products = [ALPHABET.index(sign) * (1 + position % 2) for position, sign in enumerate(group)]
        return group + ALPHABET[-sum(product // 32 + product % 32 for product in products) % 32]

    text = base64.b32encode(digest).decode()
    return "".join(checked(text[at : at + 13]) for at in range(0, 52, 13))


def digest_of(typed: str) -> bytes:
    """The digest behind a device id as typed or canonical, if no character is wrong."""
    text = "".join(typed.split()).upper().translate(str.maketrans("018", "OIB", "-"))
    digest = base64.b32decode("".join(text[at : at + 13] for at in range(0, 56, 14)) + "====")
    expect(device_id(digest) == text, "no device id: a character is wrong", Code.MALFORMED_MESSAGE)
    return digest


def encode32(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def parse_invitation(link: str) -> tuple[bytes, list[str], bytes]:
    """Digest, addresses and secret in `ferry://pair?...`; ValueError or ProtocolError when it is not right."""
    match = re.fullmatch(r"ferry://pair/?\?((?:[^%]|%[0-9a-f]{2})*)", "".join(link.split()), re.IGNORECASE)
    fields = parse_qs(match[1].replace("+", "%2B"), errors="strict") if match and len(link) <= 8_192 else {}
    ids, secrets, addresses = (fields.get(name, []) for name in ("id", "secret", "addr"))
    is_whole = len(ids) == len(secrets) == 1 <= len(addresses) <= 16
    expect(is_whole and all(map(ADDRESS.fullmatch, addresses)), "not a whole invitation", Code.MALFORMED_MESSAGE)
    secret = base64.urlsafe_b64decode(secrets[0] + "=")
    expect(len(secret) == 32 and encode32(secret) == secrets[0], "a wrong secret", Code.MALFORMED_MESSAGE)
    return digest_of(ids[0]), addresses, secret


def pairing_proof(secret: bytes, claimer: bytes, inviter: bytes) -> str:
    return encode32(hmac.digest(secret, b"ferry/1 pair" + claimer + inviter, "sha256"))


def block_hash(block: bytes) -> bytes:
    return hashlib.sha256(b"\0" + block).digest()


def merkle_root(level: list[bytes]) -> bytes:
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0] if level else hashlib.sha256().digest()


def list_files(session: Session, search: str, limit: int) -> Iterator[Any]:
    """The entries of all pages."""
    query: dict[str, Any] = {"limit": limit, "q": search}
    while query.get("cursor", "") is not None:
        page = session.wait(session.ask("files.list", query))
        yield from take(page, "entries", list)
        query["cursor"] = page.get("nextCursor")


def pull(session: Session, entry_id: str, hashes_at_once: int, folder: Path) -> Path:
    """Writes one file into `folder`, never over another one, and only if all of it is right."""
    block_count, hashes = 0, []
    parts: dict[int, bytearray] = {}  # blocks that were asked for, as far as they have come

    def manifest(first: int, count: int) -> Any:
        asked = {"entryId": entry_id, "firstBlock": first, "blockCount": count}
        return session.wait(session.ask("file.manifest", asked, on_hashes))

    def on_hashes(payload: bytes) -> None:
        first, count = struct.unpack(">II", payload[:8])
        fits = first == len(hashes) and first + count <= block_count and len(payload) == 8 + count * HASH_BYTES
        expect(fits, "hashes that were not asked for")
        hashes.extend(payload[at : at + HASH_BYTES] for at in range(8, len(payload), HASH_BYTES))

    def on_chunks(payload: bytes) -> None:
        block, chunk, count = struct.unpack(">IHH", payload[:8])
        expect(block in parts and len(parts[block]) == chunk * CHUNK_BYTES, "chunks that were not asked for")
        length = min(BLOCK_BYTES, size - block * BLOCK_BYTES)
        parts[block] += payload[8:]
        expect(len(parts[block]) == min((chunk + count) * CHUNK_BYTES, length), "a number of bytes that does not fit")
        if len(parts[block]) == length:
            if block_hash(parts[block]) != hashes[block]:
                raise ValueError(f"block {block} is not what its hash says")
            file.seek(block * BLOCK_BYTES)
            file.write(parts.pop(block))

    head = manifest(0, 0)
    name = take(head, "name", str, lambda name: name.isprintable() and name.strip(".") and not set(name) & set("/\\:"))
    size, file_id = take(head, "size", int, lambda size: 0 <= size <= 2**42), take(head, "fileId", str)
    block_count = -(-size // BLOCK_BYTES)
    for first in range(0, block_count, hashes_at_once):
        manifest(first, min(hashes_at_once, block_count - first))
    if len(hashes) != block_count or merkle_root(hashes).hex() != file_id:
        raise ValueError("the hashes do not give the file id")
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        streams: list[int] = []
        for first in range(0, block_count, READ_BLOCKS):
            if len(streams) == READS_OPEN:
                session.wait(streams.pop(0))
            count = min(READ_BLOCKS, block_count - first)
            parts.update((block, bytearray()) for block in range(first, first + count))
            streams.append(session.ask("file.read", {"fileId": file_id, "ranges": [[first, count]]}, on_chunks))
        for stream in streams:
            session.wait(stream)
        expect(not parts, "chunks are missing")
        file.flush()
        os.link(file.name, folder / name)  # unlike a rename, fails if the name is taken
    return folder / name


def share(path: Path, corrupt: int) -> Handlers:
    """Answers for one file. Block `corrupt` is sent with a wrong bit, for tests of receivers."""
    with path.open("rb") as file:
        hashes = [block_hash(block) for block in iter(lambda: file.read(BLOCK_BYTES), b"")]
    modified = f"{datetime.fromtimestamp(path.stat().st_mtime, timezone.utc):%Y-%m-%dT%H:%M:%S}Z"
    about = {"name": path.name, "path": path.name, "mediaType": "application/octet-stream", "modifiedAt": modified}
    about.update(size=path.stat().st_size, fileId=merkle_root(hashes).hex())

    def files_list(asked: Any) -> Answer:
        yield from ()  # no DATA
        entry = {"id": "shared", "kind": "file", "state": "ready", **about}
        entries = [entry] if take(asked, "q", str, default="").lower() in path.name.lower() else []
        expect("cursor" not in asked, "there is one page only", Code.MALFORMED_MESSAGE)
        return {"entries": entries, "nextCursor": None, "total": len(entries)}

    def file_manifest(asked: Any) -> Answer:
        expect(take(asked, "entryId", str) == "shared", "no such file", Code.UNKNOWN_FILE)
        first, count = (take(asked, name, int, lambda value: value >= 0) for name in ("firstBlock", "blockCount"))
        expect(count == 0 or first + count <= len(hashes), "blocks beyond the file", Code.INVALID_RANGE)
        for at in range(first, first + count, FRAME_HASHES):
            run = hashes[at : min(at + FRAME_HASHES, first + count)]
            yield struct.pack(">II", at, len(run)) + b"".join(run)
        return {"entryId": "shared", "blockCount": len(hashes), **about}

    def file_read(asked: Any) -> Answer:
        expect(take(asked, "fileId", str) == about["fileId"], "no such file", Code.UNKNOWN_FILE)
        ranges = take(asked, "ranges", list, lambda ranges: ranges and all(map(is_range, ranges)))
        edges = [edge for first, count in ranges for edge in (first, first + count)]
        is_small = edges[-1] <= len(hashes) and sum(count for _, count in ranges) <= REQUEST_BLOCKS
        expect(is_small and edges == sorted(edges), "overlapping, descending or too long", Code.INVALID_RANGE)
        for block in (block for first, count in ranges for block in range(first, first + count)):
            with path.open("rb") as file:
                file.seek(block * BLOCK_BYTES)
                content = bytearray(file.read(BLOCK_BYTES))
            expect(block_hash(content) == hashes[block], "the file is not what it was", Code.FILE_CHANGED)
            content[0] ^= block == corrupt
            for at in range(0, len(content), RUN_BYTES):
                run = content[at : at + RUN_BYTES]
                yield struct.pack(">IHH", block, at // CHUNK_BYTES, -(-len(run) // CHUNK_BYTES)) + run
        return {}

    def is_range(pair: Any) -> bool:
        return isinstance(pair, list) and [*map(type, pair)] == [int, int] and pair[0] >= 0 and pair[1] > 0

    return {"files.list": files_list, "file.manifest": file_manifest, "file.read": file_read}


def load_identity(folder: Path, key_type: str) -> bytes:
    """The digest of the own key in `folder`. Key and certificate are made at the first time."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not certificate.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = ["-nodes", "-subj", "/CN=ferry", "-days", "36500", "-keyout", str(key), "-out", str(certificate)]
        openssl("req", "-x509", "-newkey", *KEY_TYPES[key_type], *options)
    return key_digest(certificate.read_text())


def run(args: argparse.Namespace) -> None:
    own, known = load_identity(args.state, args.key), args.state / "peer.json"
    if args.command == "identity":
        return print(device_id(own))
    if args.command == "pair":
        digest, addresses, secret = parse_invitation(args.what[0])
        with dial(args.state, digest, addresses, {}) as session:
            claimed = session.wait(session.ask("pair.claim", {"proof": pairing_proof(secret, own, digest)}))
            peer = {"deviceId": device_id(digest), "name": take(claimed, "name", str), "addresses": addresses}
            known.write_text(json.dumps(peer))  # which escapes what a terminal might obey
        return print(known.read_text())
    peer = json.loads(known.read_text())
    handlers = share(Path(args.what[0]), args.corrupt) if args.command == "serve" else {}
    with dial(args.state, digest_of(peer["deviceId"]), peer["addresses"], handlers) as session:
        if args.command == "list":
            for entry in list_files(session, args.search, args.limit):
                print(json.dumps(entry))
        elif args.command == "pull":
            for entry_id in args.what:
                print(pull(session, entry_id, args.hashes, args.into))
        else:
            print("serving", flush=True)
            while True:
                session.pump()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["identity", "pair", "list", "pull", "serve"])
    parser.add_argument("what", nargs="*", help="pair: the link; pull: ids of entries; serve: the file")
    parser.add_argument("--state", type=Path, default=Path.home() / ".ferry-interop", help="folder of key and peer")
    parser.add_argument("--key", choices=KEY_TYPES, default="ed25519", help="type of a new key")
    parser.add_argument("--search", default="", help="list: part of the name")
    parser.add_argument("--limit", type=int, default=1_000, help="list: entries in a page")
    parser.add_argument("--into", type=Path, default=Path(), help="pull: folder")
    parser.add_argument("--hashes", type=int, default=8_192, help="pull: block hashes in one request")
    parser.add_argument("--corrupt", type=int, default=-1, help="serve: block to send wrong, to test the receiver")
    try:
        run(parser.parse_intermixed_args())
    except (ProtocolError, RemoteError, OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
