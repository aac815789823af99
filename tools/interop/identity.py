"""Keys, device ids, invitations and the proof of pairing (PROTOCOL.md sections 2 and 7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import shutil
import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from messages import device_name

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
TYPED = str.maketrans("018", "OIB", "-")
KEY_FORMS = [  # DER in front of the key bytes, number of the key bytes
    (bytes.fromhex("302a300506032b6570032100"), 32),  # Ed25519
    (bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), 64),  # P-256, uncompressed point
]
OPENSSL_KEYS = {"ed25519": ["-newkey", "ed25519"], "p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]}
ADDRESS = re.compile(r"\[?([^\[\]\s/@]+?)\]?:(\d{1,5})")
Address = tuple[str, int]


class Identity(NamedTuple):
    key: Path
    certificate: Path
    digest: bytes  # SHA-256 of the SubjectPublicKeyInfo


def load_identity(folder: Path, key_type: str = "ed25519") -> Identity:
    """The identity in `folder`, made with the openssl command at the first time."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not certificate.exists():
        if not shutil.which("openssl"):
            raise SystemExit("The openssl command is missing: apt-get install openssl (or brew install openssl)")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = ["openssl", "req", "-x509", *OPENSSL_KEYS[key_type], "-nodes", "-subj", "/CN=ferry", "-days", "36500"]
        subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return Identity(key, certificate, key_digest(ssl.PEM_cert_to_DER_cert(certificate.read_text())))


def key_digest(certificate: bytes) -> bytes:
    """The digest behind the device id of who owns this DER certificate."""
    return spki_digest(public_key_info(certificate))


def spki_digest(spki: bytes) -> bytes:
    """Of a SubjectPublicKeyInfo; ValueError unless it is Ed25519 or P-256."""
    if not any(spki.startswith(prefix) and len(spki) == len(prefix) + size for prefix, size in KEY_FORMS):
        raise ValueError("The key is neither Ed25519 nor ECDSA P-256")
    return hashlib.sha256(spki).digest()


def public_key_info(certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a DER certificate (RFC 5280 section 4.1)."""
    at, _ = element(certificate, 0)  # into Certificate
    at, _ = element(certificate, at)  # into TBSCertificate
    fields_before = 6 if certificate[at] == 0xA0 else 5  # [version,] serial, algorithm, issuer, validity, subject
    for _ in range(fields_before):
        at = element(certificate, at)[1]
    return certificate[at : element(certificate, at)[1]]


def element(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of the DER element at `at` begins and ends."""
    length, start = der[at + 1], at + 2
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(der[at + 2 : start], "big")
    return start, start + length


def check_character(group: str) -> str:
    products = [ALPHABET.index(character) * (1 + position % 2) for position, character in enumerate(group)]
    return ALPHABET[-sum(product // 32 + product % 32 for product in products) % 32]


def device_id(digest: bytes) -> str:
    text = base64.b32encode(digest).decode().rstrip("=")
    return "".join(text[at : at + 13] + check_character(text[at : at + 13]) for at in range(0, 52, 13))


def digest_of(typed: str) -> bytes:
    """The digest behind a device id as typed or canonical; ValueError when a character is wrong."""
    text = "".join(typed.split()).upper().translate(TYPED)
    digest = base64.b32decode("".join(text[at : at + 13] for at in range(0, 56, 14)) + "====")
    if device_id(digest) != text:
        raise ValueError("No device id: a character is wrong")
    return digest


def encode32(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode32(text: str) -> bytes:
    """32 bytes from base64url; ValueError unless `text` is the one way to write them."""
    data = base64.urlsafe_b64decode(text.encode("ascii") + b"=")
    if len(data) != 32 or encode32(data) != text:
        raise ValueError("No 32 bytes in base64url")
    return data


class Invitation(NamedTuple):
    digest: bytes
    addresses: list[str]
    secret: bytes
    name: str


def parse_invitation(link: str) -> Invitation:
    """Reads `ferry://pair?...`; ValueError when it is not whole and right."""
    text = "".join(link.split())
    match = re.fullmatch(r"ferry://pair/?\?(.*)", text, re.IGNORECASE)
    if not match or len(link) > 8_192 or re.search(r"%(?![0-9a-fA-F]{2})", text):
        raise ValueError("No invitation")
    fields: dict[str, list[str]] = {}
    for name, _, value in (part.partition("=") for part in match[1].split("&")):
        fields.setdefault(name, []).append(unquote(value, errors="strict"))
    ids, secrets, addresses, names = (fields.get(name, []) for name in ("id", "secret", "addr", "name"))
    if len(ids) != 1 or len(secrets) != 1 or not 1 <= len(addresses) <= 16 or len(names) > 1:
        raise ValueError("A field of the invitation is missing, or there too often")
    for address in addresses:
        parse_address(address)
    return Invitation(digest_of(ids[0]), addresses, decode32(secrets[0]), device_name("".join(names)))


def parse_address(address: str) -> Address:
    match = ADDRESS.fullmatch(address)
    if not match or not 1 <= int(match[2]) <= 65_535 or (":" in match[1]) != address.startswith("["):
        raise ValueError(f"No address: {address}")
    return match[1], int(match[2])


def pairing_proof(secret: bytes, claimer: bytes, inviter: bytes) -> str:
    return encode32(hmac.digest(secret, b"ferry/1 pair" + claimer + inviter, "sha256"))
