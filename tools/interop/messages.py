"""Checks of the messages that this client reads (PROTOCOL.md section 5)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Callable

from wire import LARGEST_INTEGER, Code, ProtocolError, malformed

Check = Callable[[Any], bool]
BLOCK_BYTES = 1_048_576
MOST_BLOCKS = 4_194_304
READ_BLOCKS = 16


def integer(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def text(least: int, most: int, pattern: str = r"[\s\S]*") -> Check:
    """A string of so many UTF-16 units that matches `pattern` from end to end."""

    def check(value: Any) -> bool:
        fits = isinstance(value, str) and least <= len(value.encode("utf-16-le")) // 2 <= most
        return fits and bool(re.fullmatch(pattern, value))

    return check


def items(least: int, most: int, check: Check) -> Check:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(check, value))


def record(**fields: Check) -> Check:
    """An object with these fields and any others; a name that ends with `_` is optional."""

    def check(value: Any) -> bool:
        named = [(name.rstrip("_"), name.endswith("_"), of) for name, of in fields.items()]
        is_object = isinstance(value, dict)
        return is_object and all(of(value[name]) if name in value else optional for name, optional, of in named)

    return check


ANY_TEXT = text(0, LARGEST_INTEGER)
TIME = text(1, 40, r"(\d{4}|[+-]\d{6})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z")
COUNT = integer(0, MOST_BLOCKS)
FILE_ID = text(64, 64, "[0-9a-f]*")
WORDS = text(1, 64, "[a-z][a-z0-9.-]*")
NAMED = {"name": text(1, 512), "path": text(1, 4_096), "mediaType": ANY_TEXT, "modifiedAt": TIME}
REMOTE_ENTRY = record(
    id=text(1, 128),
    **NAMED,
    size=integer(0, LARGEST_INTEGER),
    kind=text(1, 6, "file|folder"),
    state=text(1, 7, "hashing|ready|missing"),
    fileId_=FILE_ID,
)
MESSAGES: dict[str, Check] = {
    "Request": record(pattern=WORDS),
    "Event": record(pattern=WORDS),
    "Error": record(code=integer(1, 65_535), name=text(1, 64, "[A-Z][A-Z0-9_]*"), message=ANY_TEXT),
    "Goodbye": record(code=integer(0, 65_535), message=ANY_TEXT),
    "Hello": record(
        protocol=integer(0, 65_535),
        name=ANY_TEXT,
        features=items(0, 32, text(1, 32, "[a-z][a-z0-9.-]*")),
        port_=integer(1, 65_535),
    ),
    "PairClaimed": record(name=ANY_TEXT),
    "FilesListRequest": record(
        cursor_=text(1, 1_024),
        limit_=integer(1, 1_000),
        q_=text(0, 256),
        sort_=text(1, 11, "-?(name|size|modifiedAt|addedAt)"),
    ),
    "FilesListResponse": record(
        entries=items(0, 1_000, REMOTE_ENTRY),
        nextCursor=lambda value: value is None or text(1, 1_024)(value),
        total=integer(0, LARGEST_INTEGER),
    ),
    "RemoteEntry": REMOTE_ENTRY,
    "FileManifestRequest": record(entryId=text(1, 128), firstBlock=COUNT, blockCount=COUNT),
    "FileManifestHead": record(
        entryId=text(1, 128), **NAMED, size=integer(0, MOST_BLOCKS * BLOCK_BYTES), blockCount=COUNT, fileId_=FILE_ID
    ),
    "FileReadRequest": record(
        fileId=FILE_ID,
        ranges=items(1, 64, lambda pair: items(2, 2, COUNT)(pair) and pair[0] < MOST_BLOCKS and pair[1] > 0),
    ),
    "Nothing": record(),
}


def checked(message: str, value: Any) -> Any:
    """`value` itself, if it is such a message."""
    if not MESSAGES[message](value):
        raise malformed(f"no {message}")
    if message == "Hello" and value["protocol"] != 1:
        raise ProtocolError(Code.UNSUPPORTED_VERSION, f"version {value['protocol']}")
    if message == "FileManifestHead" and value["blockCount"] != -(-value["size"] // BLOCK_BYTES):
        raise malformed("blockCount does not fit the size")
    if message == "FileReadRequest":
        ranges = value["ranges"]
        is_disjoint = all(first + count <= later for (first, count), (later, _) in zip(ranges, ranges[1:]))
        if not is_disjoint or sum(count for _, count in ranges) > READ_BLOCKS:
            raise ProtocolError(Code.INVALID_RANGE, "ranges overlap, descend or are too many")
    return value


def display(value: str, limit: int = 256) -> str:
    """Display text, cleaned for a terminal."""
    bad = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    spaced = "".join(" " if unicodedata.category(sign) in bad else sign for sign in value)
    return " ".join(spaced.split())[:limit].strip()


def device_name(value: str) -> str:
    return display(value, 64) or "unnamed device"
