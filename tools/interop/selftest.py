#!/usr/bin/env python3
"""Runs the vectors of libs/protocol/test-vectors against this client: python3 tools/interop/selftest.py"""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from files import block_hash, merkle_root
from identity import decode32, device_id, digest_of, encode32, pairing_proof, parse_invitation, spki_digest
from messages import BLOCK_BYTES, MESSAGES, checked
from wire import Frame, ProtocolError, encode_frame, parse_json, read_frame

VECTORS = Path(__file__).parents[2] / "libs/protocol/test-vectors"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


def frames_in(data: bytes) -> tuple[list[Frame], bool]:
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
        [frame], _ = frames_in(data)
        header = vector["header"]
        assert (frame.type, frame.stream, len(frame.payload)) == (header["type"], header["stream"], header["length"]), vector
        assert frame.payload.hex() == vector["payload"] and encode_frame(frame) == data, vector
    for vector in frames["invalid"]:
        assert code_of(bytes.fromhex(vector["hex"])) == vector["code"], vector
    for vector in frames["incomplete"]:
        whole, is_partial = frames_in(bytes.fromhex(vector["hex"]))
        assert (len(whole), is_partial) == (vector["frames"], vector["isPartial"]), vector
    return sum(map(len, frames.values()))


def check_messages() -> int:
    """The JSON rules and the messages that this client reads; the vectors hold more."""
    count = 0
    for vector in (vector for all in vectors("messages").values() for vector in all):
        message = vector["message"]
        if message not in MESSAGES and message != "json":
            continue
        payload = bytes.fromhex(vector["hex"]) if "hex" in vector else vector["json"].encode()
        try:
            value = parse_json(payload)
            code = None
            if message != "json":
                checked(message, value)
        except ProtocolError as error:
            code = error.code.name
        assert code == vector.get("code"), vector
        assert "value" not in vector or not vector["canonical"] or value == vector["value"], vector
        count += 1
    return count


def check_invitations() -> int:
    invitations = vectors("invitations")
    for vector in invitations["valid"]:
        got, expected = parse_invitation(vector["text"]), vector["invitation"]
        assert (device_id(got.digest), got.addresses) == (expected["deviceId"], expected["addresses"]), vector
        assert (encode32(got.secret), got.name) == (expected["secret"], expected["name"]), vector
    for vector in invitations["invalid"]:
        try:
            parse_invitation(vector["text"])
        except ValueError:
            continue
        raise AssertionError(vector)
    return sum(map(len, invitations.values()))


def check_identity() -> int:
    identity = vectors("identity")
    for vector in identity["deviceIds"]:
        assert device_id(bytes.fromhex(vector["digest"])) == vector["id"], vector
        assert digest_of(vector["shown"]).hex() == vector["digest"], vector
    for vector in identity["keys"]:
        assert device_id(spki_digest(bytes.fromhex(vector["spki"]))) == vector["id"], vector
    for vector in identity["proofs"]:
        proof = pairing_proof(decode32(vector["secret"]), digest_of(vector["claimerId"]), digest_of(vector["inviterId"]))
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
        "messages": check_messages(),
        "invitations": check_invitations(),
        "identity": check_identity(),
        "merkle": check_merkle(),
    }
    print(json.dumps(counts))
