"""Frames, JSON and error codes of ferry/1 (PROTOCOL.md sections 3, 5 and 8)."""

from __future__ import annotations

import json
import math
import re
from enum import IntEnum
from typing import Any, Callable, NamedTuple

HEADER_BYTES = 12
JSON_BYTES = 65_536
JSON_DEPTH = 8
LARGEST_INTEGER = 2**53 - 1
Type = IntEnum("Type", "REQUEST RESPONSE DATA ERROR CANCEL PING PONG EVENT GOODBYE")
Code = IntEnum(
    "Code",
    "UNSUPPORTED_VERSION FRAME_TOO_LARGE MALFORMED_FRAME MALFORMED_MESSAGE UNEXPECTED_MESSAGE UNKNOWN_PATTERN NOT_PAIRED"
    " UNKNOWN_FILE FILE_CHANGED INVALID_RANGE CANCELLED TOO_MANY_REQUESTS PAIRING_REJECTED PAIRING_EXPIRED BUSY TIMEOUT"
    " INTERNAL FILE_NOT_READY PAIRING_CLOSED OFFER_REFUSED UNKNOWN_OFFER",
)
RULES = {  # least and most payload bytes, flags (1 = END), stream 0 (None: any stream)
    Type.REQUEST: (1, JSON_BYTES, 0, False),
    Type.RESPONSE: (1, JSON_BYTES, 1, False),
    Type.DATA: (9, 8 + 262_144, 0, False),
    Type.ERROR: (1, JSON_BYTES, 1, None),
    Type.CANCEL: (0, 0, 0, False),
    Type.PING: (8, 8, 0, True),
    Type.PONG: (8, 8, 0, True),
    Type.EVENT: (1, JSON_BYTES, 0, True),
    Type.GOODBYE: (1, JSON_BYTES, 0, True),
}


class ProtocolError(Exception):
    """Somebody broke the protocol, or asked for what there is not. `code` goes into the ERROR frame."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(f"{code.name}: {message}")
        self.code, self.message = code, message


class Frame(NamedTuple):
    type: Type
    stream: int
    payload: bytes = b""


def malformed(why: str) -> ProtocolError:
    return ProtocolError(Code.MALFORMED_MESSAGE, why)


def u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def encode_frame(frame: Frame) -> bytes:
    flags = RULES[frame.type][2]
    return u32(len(frame.payload)) + bytes([frame.type, flags, 0, 0]) + u32(frame.stream) + frame.payload


def decode_header(header: bytes) -> tuple[int, Type, int]:
    """Payload length, type and stream, judged before any payload byte is waited for."""
    length, flags, stream = int.from_bytes(header[:4], "big"), header[5], int.from_bytes(header[8:], "big")
    if not 1 <= header[4] <= len(Type):
        raise ProtocolError(Code.MALFORMED_FRAME, f"unknown frame type {header[4]}")
    kind = Type(header[4])
    least, most, expected_flags, on_session = RULES[kind]
    if length > most:
        raise ProtocolError(Code.FRAME_TOO_LARGE, f"{kind.name} of {length} bytes")
    is_misplaced = on_session is not None and on_session != (stream == 0)
    if length < least or flags != expected_flags or is_misplaced or header[6:8] != b"\0\0":
        raise ProtocolError(Code.MALFORMED_FRAME, f"{kind.name}: length {length}, flags {flags}, stream {stream}")
    return length, kind, stream


def read_frame(receive: Callable[[int], bytes], start: bytes = b"") -> Frame:
    """The next frame; `receive` gives exactly so many bytes, `start` are bytes of the frame that came before."""
    length, kind, stream = decode_header(start + receive(HEADER_BYTES - len(start)))
    return Frame(kind, stream, receive(length))


def dump_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def parse_json(payload: bytes) -> Any:
    """The one JSON value in `payload`, under the rules of section 5."""
    try:
        text = payload.decode("utf-8")
        if json_depth(text) > JSON_DEPTH:
            raise malformed("JSON too deep")
        value = json.loads(text, object_pairs_hook=unique_keys, parse_int=number, parse_float=number, parse_constant=number)
        dump_json(value)  # fails on a lone surrogate
    except ValueError as error:
        raise malformed(f"no JSON: {error}") from error
    return value


def json_depth(text: str) -> int:
    """Open brackets at the deepest place, strings left out."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[{}\]]", re.sub(r'"(?:[^"\\]|\\.)*"', "", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(depth, deepest)
    return deepest


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise malformed("a key is there twice")
    return dict(pairs)


def number(text: str) -> float:
    """An int for every integral value, however it is written; a float for a fraction and for -0."""
    value = float(text)
    if not math.isfinite(value) or (value.is_integer() and abs(value) > LARGEST_INTEGER):
        raise malformed("a number out of range")
    is_minus_zero = value == 0 and text[0] == "-"
    return int(value) if value.is_integer() and not is_minus_zero else value
