#!/usr/bin/env python3
"""Runs the vectors of libs/protocol/test-vectors against this client: python3 tools/interop/selftest.py"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from ferry_client import BLOCK_BYTES, block_hash, device_id, digest_of, encode32, merkle_root, pairing_proof
from ferry_client import parse_invitation
from session import ProtocolError, Type, encode_frame, parse_json, read_frame

VECTORS = Path(__file__).parents[2] / "libs/protocol/test-vectors"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


def frames_in(data: bytes) -> tuple[list[tuple[Type, int, bytes]], bool]:
    """The whole frames in `data`, and whether bytes of a further one follow."""
    source, frames = BytesIO(data), []

    def receive(count: int) -> bytes:
        part = source.read(count)
        if len(part) < count:
            raise EOFError
        return part

    while source.tell() < len(data):
        try:
            frames.append(read_frame(receive))
        except EOFError:
            return frames, True
    return frames, False


def code_of(data: bytes) -> str:
    try:
        frames_in(data)
    except ProtocolError as error:
        return error.code.name
    return ""


def check_frames() -> int:
    frames = vectors("frames")
    for vector in frames["valid"]:
        data = bytes.fromhex(vector["hex"])
        [(kind, stream, payload)], _ = frames_in(data)
        header = vector["header"]
        assert (kind, stream, len(payload)) == (header["type"], header["stream"], header["length"]), vector
        assert payload.hex() == vector["payload"] and encode_frame(kind, stream, payload) == data, vector
    for vector in frames["invalid"]:
        assert code_of(bytes.fromhex(vector["hex"])) == vector["code"], vector
    for vector in frames["incomplete"]:
        whole, is_partial = frames_in(bytes.fromhex(vector["hex"]))
        assert (len(whole), is_partial) == (vector["frames"], vector["isPartial"]), vector
    return sum(map(len, frames.values()))


def check_json() -> int:
    """The rules for all JSON. What the fields of a message may be is checked where they are used, without vectors."""
    vectors_of_json = [vector for vector in vectors("messages")["invalid"] if vector["message"] == "json"]
    for vector in vectors_of_json:
        try:
            value = parse_json(bytes.fromhex(vector["hex"]) if "hex" in vector else vector["json"].encode())
        except ProtocolError as error:
            assert error.code.name == vector["code"], vector
        else:
            raise AssertionError((vector, value))
    valid = vectors("messages")["valid"]
    for vector in valid:
        value = parse_json(vector["json"].encode())
        assert value == vector["value"] or not vector["canonical"], vector
    return len(vectors_of_json) + len(valid)


def check_invitations() -> int:
    invitations = vectors("invitations")
    for vector in invitations["valid"]:
        digest, addresses, secret = parse_invitation(vector["text"])
        found = {"deviceId": device_id(digest), "addresses": addresses, "secret": encode32(secret)}
        assert found == {name: vector["invitation"][name] for name in found}, vector
    for vector in invitations["invalid"]:
        try:
            parse_invitation(vector["text"])
        except (ProtocolError, ValueError):
            continue
        raise AssertionError(vector)
    return sum(map(len, invitations.values()))


def check_identity() -> int:
    identity = vectors("identity")
    for vector in identity["deviceIds"]:
        assert device_id(bytes.fromhex(vector["digest"])) == vector["id"], vector
        assert digest_of(vector["shown"]).hex() == vector["digest"], vector
    for vector in identity["keys"]:
        assert device_id(sha256(bytes.fromhex(vector["spki"])).digest()) == vector["id"], vector
    for vector in identity["proofs"]:
        secret = urlsafe_b64decode(vector["secret"] + "=")
        proof = pairing_proof(secret, digest_of(vector["claimerId"]), digest_of(vector["inviterId"]))
        assert proof == vector["proof"], vector
    return len(identity["deviceIds"]) + len(identity["keys"]) + len(identity["proofs"])


def check_merkle() -> int:
    merkle = vectors("merkle")
    for tree in merkle["trees"]:
        leaves = [block_hash(b"ferry block %d" % index) for index in range(tree["blockCount"])]
        assert merkle_root(leaves).hex() == tree["root"], tree["blockCount"]
    for vector in merkle["files"]:
        size = vector["size"]
        content = b"".join(sha256(index.to_bytes(4, "big")).digest() for index in range(-(-size // 32)))[:size]
        leaves = [block_hash(content[at : at + BLOCK_BYTES]) for at in range(0, size, BLOCK_BYTES)]
        assert [leaf.hex() for leaf in leaves] == vector["blockHashes"], size
        assert merkle_root(leaves).hex() == vector["fileId"], size
    return len(merkle["trees"]) + len(merkle["files"])


if __name__ == "__main__":
    counts = {
        "frames": check_frames(),
        "json": check_json(),
        "invitations": check_invitations(),
        "identity": check_identity(),
        "merkle": check_merkle(),
    }
    print(json.dumps(counts))
