#!/usr/bin/env python3
"""Writes identity.json: device ids, pairing proofs and short authentication strings, computed apart from the TypeScript in src/identity.

Run: python3 identity.py          writes identity.json beside this file
     python3 identity.py --check  fails if identity.json is not what would be written
"""

import base64
import hmac
import json
import sys
from hashlib import sha256
from pathlib import Path

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def check_character(group):
    """Luhn mod 32, factors 1, 2, 1, ... from the left."""
    total = 0
    for position, character in enumerate(group):
        addend = ALPHABET.index(character) * (1 + position % 2)
        total += addend // 32 + addend % 32
    return ALPHABET[-total % 32]


def device_id(digest):
    text = base64.b32encode(digest).decode().rstrip("=")
    groups = [text[start : start + 13] for start in range(0, 52, 13)]
    return "".join(group + check_character(group) for group in groups)


def shown(identifier):
    return "-".join(identifier[start : start + 7] for start in range(0, 56, 7))


def device(digest):
    identifier = device_id(digest)
    return {"digest": digest.hex(), "id": identifier, "shown": shown(identifier)}


# DER of a SubjectPublicKeyInfo in front of the key: RFC 8410 section 4, RFC 5480 section 2
ED25519 = bytes.fromhex("302a300506032b6570032100")
P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def key(name, prefix, public_key):
    spki = prefix + bytes.fromhex(public_key)
    return {"key": name, "spki": spki.hex(), **device(sha256(spki).digest())}


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def proof(claimer, inviter, secret):
    message = b"ferry/1 pair" + claimer + inviter
    return {
        "claimerId": device_id(claimer),
        "inviterId": device_id(inviter),
        "secret": base64url(secret),
        "input": message.hex(),
        "proof": base64url(hmac.digest(secret, message, "sha256")),
    }


SYMBOLS = """
dog cat lion horse pig elephant rabbit panda rooster penguin turtle fish octopus butterfly snail bee
crab frog owl ghost robot snowman rose tree cactus mushroom globe moon rainbow fire umbrella banana
apple grapes carrot corn pizza cake cheese bread crown hat glasses shoe hammer key lock bell
book clock hourglass gift lamp balloon phone camera guitar drum trumpet anchor rocket bicycle train house
""".split()


def comparison(initiator, responder, initiator_nonce, responder_nonce, exporter):
    commit_input = b"ferry/1 sas commit" + initiator + responder + initiator_nonce
    sas_input = b"ferry/1 sas" + initiator + responder + initiator_nonce + responder_nonce + exporter
    sas = sha256(sas_input).digest()
    return {
        "initiatorId": device_id(initiator),
        "responderId": device_id(responder),
        "initiatorNonce": base64url(initiator_nonce),
        "responderNonce": base64url(responder_nonce),
        "exporter": exporter.hex(),
        "commitInput": commit_input.hex(),
        "commitment": base64url(sha256(commit_input).digest()),
        "sasInput": sas_input.hex(),
        "sasBytes": sas.hex(),
        "digits": "%06d" % (int.from_bytes(sas[:8], "big") % 1_000_000),
        "symbols": [SYMBOLS[byte & 63] for byte in sas[8:12]],
    }


def leading_zero(initiator, responder):
    for count in range(10_000):
        found = comparison(initiator, responder, count.to_bytes(32, "big"), bytes(32), bytes(32))
        if found["digits"].startswith("00"):
            return found
    raise AssertionError("unlikely")


def main():
    target = Path(__file__).with_name("identity.json")
    first, second = sha256(b"first device").digest(), sha256(b"second device").digest()
    digests = [bytes(32), b"\xff" * 32, bytes(range(32)), first, second]
    vectors = {
        "deviceIds": [device(digest) for digest in digests],
        "keys": [
            # RFC 8032 section 7.1, test 1; the base point of P-256
            key("Ed25519", ED25519, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
            key(
                "P-256",
                P256,
                "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            ),
        ],
        "proofs": [
            proof(first, second, bytes(range(32))),
            proof(second, first, bytes(range(32))),
            proof(first, second, b"\xff" * 32),
        ],
        "symbols": SYMBOLS,
        "comparisons": [
            comparison(first, second, bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))),
            # each changes one thing of the first
            comparison(second, first, bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))),
            comparison(first, second, bytes(range(32, 64)), bytes(range(32)), bytes(range(64, 96))),
            comparison(first, second, bytes(range(32)), bytes(range(32, 64)), bytes(32)),
            # digits that begin with 0
            leading_zero(first, second),
        ],
    }
    if "--check" not in sys.argv:
        target.write_text(json.dumps(vectors, indent=2) + "\n")
    elif json.loads(target.read_text()) != vectors:
        sys.exit("identity.json is not up to date")


main()
