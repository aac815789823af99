"""Content addressing, listing and pulling files, and serving one (PROTOCOL.md section 6)."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Callable, Iterator

from messages import BLOCK_BYTES, checked
from session import Answer, Session
from wire import Code, ProtocolError, malformed, u32

CHUNK_BYTES = 8_192
BLOCK_CHUNKS = 128
FRAME_CHUNKS = 32
FRAME_HASHES = 8_192
HASH_BYTES = 32
READS_OPEN = 2
READ_BLOCKS = 8  # times the above is the window of 16 MiB


def block_hash(block: bytes) -> bytes:
    return hashlib.sha256(b"\0" + block).digest()


def merkle_root(level: list[bytes]) -> bytes:
    if not level:
        return hashlib.sha256().digest()
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0]


def unexpected(why: str) -> ProtocolError:
    return ProtocolError(Code.UNEXPECTED_MESSAGE, why)


def list_files(session: Session, search: str, limit: int) -> Iterator[dict[str, Any]]:
    """The entries of all pages."""
    query: dict[str, Any] = {"limit": limit, "q": search}
    while query.get("cursor", "") is not None:
        page = session.wait(session.request("files.list", query, "FilesListResponse"))
        yield from page["entries"]
        query["cursor"] = page["nextCursor"]


class Pull:
    """One file on its way. What an interrupted pull has left behind is used as far as its hashes are right."""

    def __init__(self, session: Session, entry_id: str, hashes_at_once: int) -> None:
        self._session, self._entry_id = session, entry_id
        head = self._manifest(0, 0, None)
        if "fileId" not in head:
            raise ProtocolError(Code.FILE_NOT_READY, "still being hashed")
        self._name, self._size, self._file_id = head["name"], head["size"], head["fileId"]
        self._hashes: list[bytes] = []
        for first in range(0, head["blockCount"], hashes_at_once):
            end = min(first + hashes_at_once, head["blockCount"])
            again = self._manifest(first, end - first, lambda payload: self._take_hashes(payload, end))
            if again.get("fileId") != self._file_id or len(self._hashes) != end:
                raise ProtocolError(Code.FILE_CHANGED, "another file now, or too few hashes")
        if merkle_root(self._hashes).hex() != self._file_id:
            raise ValueError("The hashes do not give the file id")

    def run(self, folder: Path) -> Path:
        """Writes the file into `folder`, never over another one."""
        target, part = folder / safe_name(self._name), folder / f".{self._file_id}.part"
        with open(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            self._fetch(file, [block for block in range(len(self._hashes)) if not self._is_there(file, block)])
            file.truncate(self._size)
            os.fsync(file.fileno())
        os.link(part, target)  # unlike a rename, fails if the name is taken
        part.unlink()
        return target

    def _manifest(self, first: int, count: int, on_data: Any) -> dict[str, Any]:
        asked = {"entryId": self._entry_id, "firstBlock": first, "blockCount": count}
        return self._session.wait(self._session.request("file.manifest", asked, "FileManifestHead", on_data))

    def _take_hashes(self, payload: bytes, end: int) -> None:
        first, count = int.from_bytes(payload[:4], "big"), int.from_bytes(payload[4:8], "big")
        fits = 1 <= count <= FRAME_HASHES and len(payload) == 8 + count * HASH_BYTES
        if first != len(self._hashes) or first + count > end or not fits:
            raise unexpected("hashes that were not asked for")
        self._hashes += [payload[at : at + HASH_BYTES] for at in range(8, len(payload), HASH_BYTES)]

    def _length(self, block: int) -> int:
        return min(BLOCK_BYTES, self._size - block * BLOCK_BYTES)

    def _is_there(self, file: BinaryIO, block: int) -> bool:
        file.seek(block * BLOCK_BYTES)
        return block_hash(file.read(self._length(block))) == self._hashes[block]

    def _fetch(self, file: BinaryIO, missing: list[int]) -> None:
        reads: deque[tuple[int, Blocks]] = deque()
        for at in range(0, len(missing), READ_BLOCKS):
            if len(reads) == READS_OPEN:
                self._finish(*reads.popleft())
            blocks = Blocks(missing[at : at + READ_BLOCKS], self._length, lambda block, data: self._keep(file, block, data))
            asked = {"fileId": self._file_id, "ranges": ranges(blocks.missing)}
            reads.append((self._session.request("file.read", asked, "Nothing", blocks.take), blocks))
        for stream, blocks in reads:
            self._finish(stream, blocks)

    def _finish(self, stream: int, blocks: Blocks) -> None:
        self._session.wait(stream)
        if blocks.missing:
            raise unexpected("chunks are missing")

    def _keep(self, file: BinaryIO, block: int, data: bytes) -> None:
        if block_hash(data) != self._hashes[block]:
            raise ValueError(f"Block {block} is not what its hash says")
        file.seek(block * BLOCK_BYTES)
        file.write(data)


class Blocks:
    """Puts the DATA of one `file.read` together: the blocks asked for in their order, every chunk once."""

    def __init__(self, blocks: list[int], length: Callable[[int], int], keep: Callable[[int, bytes], None]) -> None:
        self.missing, self._length, self._keep, self._data = blocks, length, keep, b""

    def take(self, payload: bytes) -> None:
        block, first, count = (int.from_bytes(payload[a:b], "big") for a, b in ((0, 4), (4, 6), (6, 8)))
        if not self.missing or block != self.missing[0] or first * CHUNK_BYTES != len(self._data):
            raise unexpected("chunks out of order")
        end = min((first + count) * CHUNK_BYTES, self._length(block))
        if not 1 <= count <= FRAME_CHUNKS or first + count > BLOCK_CHUNKS:
            raise malformed("a run of chunks that leaves its block")
        if (first + count - 1) * CHUNK_BYTES >= end or len(payload) - 8 != end - len(self._data):
            raise unexpected("a number of bytes that does not fit the chunks")
        self._data += payload[8:]
        if end == self._length(block):
            self._keep(self.missing.pop(0), self._data)
            self._data = b""


def ranges(blocks: list[int]) -> list[list[int]]:
    """Ascending block numbers as `[first, count]` pairs."""
    runs = [[block for _, block in run] for _, run in groupby(enumerate(blocks), lambda pair: pair[1] - pair[0])]
    return [[run[0], len(run)] for run in runs]


def safe_name(name: str) -> str:
    is_bad = any(sign in '/\\<>:"|?*' or not sign.isprintable() for sign in name)
    if is_bad or name in (".", "..") or len(name.encode()) > 255:
        raise ValueError(f"The name {name!r} is not used here")
    return name


class Share:
    """One file for the other side. Block `corrupt` is sent with a wrong bit, for tests of receivers."""

    ENTRY_ID = "shared"

    def __init__(self, path: Path, corrupt: int = -1) -> None:
        self._path, self._corrupt = path, corrupt
        with path.open("rb") as file:
            self._hashes = [block_hash(block) for block in iter(lambda: file.read(BLOCK_BYTES), b"")]
        modified = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
        self._about = {
            "name": path.name,
            "path": path.name,
            "size": path.stat().st_size,
            "mediaType": "application/octet-stream",
            "modifiedAt": f"{modified:%Y-%m-%dT%H:%M:%S}Z",
            "fileId": merkle_root(self._hashes).hex(),
        }
        self.handlers = {"files.list": self._list, "file.manifest": self._manifest, "file.read": self._read}

    def _list(self, data: Any) -> Answer:
        asked = checked("FilesListRequest", data)
        if "cursor" in asked:
            raise malformed("unknown cursor")
        entry = {"id": self.ENTRY_ID, "kind": "file", "state": "ready", **self._about}
        entries = [entry] if asked.get("q", "").lower() in self._path.name.lower() else []
        return Answer(iter(()), {"entries": entries, "nextCursor": None, "total": len(entries)})

    def _manifest(self, data: Any) -> Answer:
        asked = checked("FileManifestRequest", data)
        first, end = asked["firstBlock"], asked["firstBlock"] + asked["blockCount"]
        if asked["entryId"] != self.ENTRY_ID:
            raise ProtocolError(Code.UNKNOWN_FILE, "no such file")
        if end > len(self._hashes):
            raise ProtocolError(Code.INVALID_RANGE, "blocks beyond the file")
        runs = ((at, self._hashes[at : min(at + FRAME_HASHES, end)]) for at in range(first, end, FRAME_HASHES))
        head = {"entryId": self.ENTRY_ID, "blockCount": len(self._hashes), **self._about}
        return Answer((u32(at) + u32(len(run)) + b"".join(run) for at, run in runs), head)

    def _read(self, data: Any) -> Answer:
        asked = checked("FileReadRequest", data)
        if asked["fileId"] != self._about["fileId"]:
            raise ProtocolError(Code.UNKNOWN_FILE, "no such file")
        if sum(asked["ranges"][-1]) > len(self._hashes):
            raise ProtocolError(Code.INVALID_RANGE, "blocks beyond the file")
        return Answer(self._chunks(block for first, count in asked["ranges"] for block in range(first, first + count)), {})

    def _chunks(self, blocks: Iterator[int]) -> Iterator[bytes]:
        run_bytes = FRAME_CHUNKS * CHUNK_BYTES
        for block in blocks:
            with self._path.open("rb") as file:
                file.seek(block * BLOCK_BYTES)
                content = file.read(BLOCK_BYTES)
            if block_hash(content) != self._hashes[block]:
                raise ProtocolError(Code.FILE_CHANGED, "the file is not what it was")
            if block == self._corrupt:
                content = bytes([content[0] ^ 1]) + content[1:]
            for at in range(0, len(content), run_bytes):
                run = content[at : at + run_bytes]
                yield u32(block) + u32(at // CHUNK_BYTES << 16 | -(-len(run) // CHUNK_BYTES)) + run
