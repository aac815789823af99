"""One ferry/1 session that this side dials, in one thread: frames, JSON, streams, TLS (PROTOCOL.md sections 2 to 5)."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import ssl
import struct
import subprocess
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import Any, Callable, Dict, Generator, Iterator, Optional

DIAL_SECONDS, FRAME_SECONDS, WRITE_SECONDS, SILENT_SECONDS = 10, 15, 60, 90
Type = IntEnum("Type", "REQUEST RESPONSE DATA ERROR CANCEL PING PONG EVENT GOODBYE")
LENGTHS = {Type.DATA: range(9, 262_153), Type.CANCEL: range(1), Type.PING: range(8, 9), Type.PONG: range(8, 9)}
JSON_LENGTHS = range(1, 65_537)  # of all other types
ENDING = [Type.RESPONSE, Type.ERROR]  # they carry the flag END
ON_SESSION = [Type.PING, Type.PONG, Type.EVENT, Type.GOODBYE]  # stream 0; ERROR may be there as well
Code = IntEnum(
    "Code",
    "UNSUPPORTED_VERSION FRAME_TOO_LARGE MALFORMED_FRAME MALFORMED_MESSAGE UNEXPECTED_MESSAGE UNKNOWN_PATTERN"
    " NOT_PAIRED UNKNOWN_FILE FILE_CHANGED INVALID_RANGE CANCELLED TOO_MANY_REQUESTS PAIRING_REJECTED PAIRING_EXPIRED"
    " BUSY TIMEOUT INTERNAL FILE_NOT_READY PAIRING_CLOSED OFFER_REFUSED UNKNOWN_OFFER",
)
OnData = Optional[Callable[[bytes], None]]
Answer = Generator[bytes, None, Any]  # yields payloads of DATA, returns the RESPONSE; a ProtocolError becomes ERROR
Handlers = Dict[str, Callable[[Any], Answer]]  # by pattern


class ProtocolError(Exception):
    """Somebody broke the protocol, or asked for what there is not. `content` goes into the ERROR frame."""

    def __init__(self, code: Code, why: str) -> None:
        super().__init__(f"{code.name}: {why}")
        self.code, self.content = code, {"code": code, "name": code.name, "message": why[:100]}


class RemoteError(Exception):
    """The other side answered a request with ERROR."""


def expect(holds: Any, why: str, code: Code = Code.UNEXPECTED_MESSAGE) -> None:
    if not holds:
        raise ProtocolError(code, why)


def encode_frame(kind: Type, stream: int, payload: bytes) -> bytes:
    return struct.pack(">IBBHI", len(payload), kind, kind in ENDING, 0, stream) + payload


def read_frame(receive: Callable[[int], bytes], start: bytes = b"") -> tuple[Type, int, bytes]:
    """The frame that begins with `start`. Its header is judged before the payload is waited for."""
    length, number, flags, reserved, stream = struct.unpack(">IBBHI", start + receive(12 - len(start)))
    expect(1 <= number <= len(Type), f"unknown frame type {number}", Code.MALFORMED_FRAME)
    kind, lengths = Type(number), LENGTHS.get(Type(number), JSON_LENGTHS)
    expect(length < lengths.stop, f"{kind.name} of {length} bytes", Code.FRAME_TOO_LARGE)
    is_placed = kind is Type.ERROR or (kind in ON_SESSION) == (stream == 0)
    is_right = length in lengths and flags == (kind in ENDING) and reserved == 0 and is_placed
    expect(is_right, f"{kind.name}: length {length}, flags {flags}, stream {stream}", Code.MALFORMED_FRAME)
    return kind, stream, receive(length)


def parse_json(payload: bytes) -> Any:
    """The one JSON value in `payload`, under the rules of section 5."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        expect(len(dict(pairs)) == len(pairs), "a key is there twice", Code.MALFORMED_MESSAGE)
        return dict(pairs)

    def number(text: str) -> float:
        value = float(text)
        expect(abs(value) < 2**53, "a number out of range", Code.MALFORMED_MESSAGE)
        return int(value) if value.is_integer() else value

    def depth(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0

    try:
        hooks = {"object_pairs_hook": unique, "parse_int": number, "parse_float": number, "parse_constant": number}
        value = json.loads(payload.decode("utf-8"), **hooks)
        json.dumps(value, ensure_ascii=False).encode()  # fails on a lone surrogate
    except (ValueError, RecursionError) as error:
        raise ProtocolError(Code.MALFORMED_MESSAGE, f"no JSON: {error}") from error
    expect(depth(value) <= 8, "nested too deeply", Code.MALFORMED_MESSAGE)
    return value


def take(message: Any, name: str, kind: type, fits: Callable[[Any], Any] = lambda _: True, default: Any = None) -> Any:
    """The field `name` of a message; MALFORMED_MESSAGE unless it is a `kind` that fits."""
    value = message.get(name, default) if isinstance(message, dict) else None
    expect(type(value) is kind and fits(value), f"{name} is missing or wrong", Code.MALFORMED_MESSAGE)
    return value


def refuse(code: Code) -> Answer:
    """The answer that is nothing but an ERROR."""
    yield from ()
    raise ProtocolError(code, "not answered")


class Session:
    """Asks with `ask` and `wait`; `handlers` answer what the other side asks."""

    def __init__(self, tls: ssl.SSLSocket, handlers: Handlers) -> None:
        self._tls, self._handlers = tls, handlers
        self._asked: dict[int, OnData] = {}  # our open requests, and who takes their DATA
        self._ended: dict[int, tuple[Type, Any]] = {}  # what answered our requests
        self._serving: dict[int, Answer] = {}  # the next one to get a turn first
        self._next_stream, self._their_last = 1, 0

    def ask(self, pattern: str, data: Any, on_data: OnData = None) -> int:
        """Sends a request; DATA of the answer goes to `on_data`. Returns the stream to wait for."""
        stream, self._next_stream = self._next_stream, self._next_stream + 2
        self._asked[stream] = on_data
        self.send(Type.REQUEST, stream, {"pattern": pattern, "data": data})
        return stream

    def wait(self, stream: int) -> Any:
        """The RESPONSE of a stream; its ERROR is raised."""
        while stream not in self._ended:
            self.pump()
        kind, value = self._ended.pop(stream)
        if kind is Type.ERROR:
            code = take(value, "code", int)
            name = Code(code).name if code in list(Code) else "INTERNAL"
            raise RemoteError(f"{name} ({code}): {take(value, 'message', str)!r}")
        return value

    def pump(self) -> None:
        """Handles one frame. While requests of the other side are open, answers instead of waiting for one."""
        try:
            start = self.receive(1, 0 if self._serving else SILENT_SECONDS)
        except ssl.SSLWantReadError:
            return self._serve()
        kind, stream, payload = read_frame(lambda count: self.receive(count, FRAME_SECONDS), start)
        if kind is Type.PING:
            self.send(Type.PONG, 0, payload)
        elif kind is Type.DATA:
            on_data = self._asked.get(stream)
            expect(on_data, "DATA that nobody asked for")
            on_data(payload)
        elif kind is Type.CANCEL:
            expect(stream % 2 == 0 and stream <= self._their_last, f"CANCEL of stream {stream}")
            if stream in self._serving:
                self._serving[stream] = refuse(Code.CANCELLED)
        elif kind is not Type.PONG:
            self._on_json(kind, stream, parse_json(payload))

    def _on_json(self, kind: Type, stream: int, value: Any) -> None:
        if kind is Type.GOODBYE or (kind is Type.ERROR and stream == 0):
            raise ConnectionError(f"the other side ended the session: {take(value, 'message', str)!r}")
        if kind is Type.REQUEST:
            pattern, is_next = take(value, "pattern", str), stream % 2 == 0 and stream > self._their_last
            expect(is_next and pattern != "hello" and len(self._serving) < 128, f"a request on stream {stream}")
            self._their_last = stream
            handler = self._handlers.get(pattern, lambda _: refuse(Code.UNKNOWN_PATTERN))
            is_much = len(self._serving) >= 64
            self._serving[stream] = refuse(Code.TOO_MANY_REQUESTS) if is_much else handler(value.get("data"))
        elif kind is not Type.EVENT:
            expect(stream % 2 == 1 and stream < self._next_stream, f"an answer on stream {stream}")
            if stream in self._asked:
                del self._asked[stream]
                self._ended[stream] = kind, value

    def _serve(self) -> None:
        """One frame of the answer whose turn it is."""
        stream = next(iter(self._serving))
        answer = self._serving.pop(stream)
        try:
            self.send(Type.DATA, stream, next(answer))
            self._serving[stream] = answer  # at the end of the line
        except StopIteration as end:
            self.send(Type.RESPONSE, stream, end.value)
        except ProtocolError as error:
            self.send(Type.ERROR, stream, error.content)

    def receive(self, count: int, seconds: float) -> bytes:
        """Exactly `count` bytes, with at most so many seconds between two of them."""
        self._tls.settimeout(seconds)
        data = b""
        while len(data) < count:
            part = self._tls.recv(count - len(data))
            if not part:
                raise ConnectionError("the other side has gone without a farewell")
            data += part
        return data

    def send(self, kind: Type, stream: int, content: Any) -> None:
        self._tls.settimeout(WRITE_SECONDS)
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        self._tls.sendall(encode_frame(kind, stream, payload))


def openssl(*args: str, given: str = "") -> str:
    return subprocess.run(["openssl", *args], input=given, check=True, capture_output=True, text=True).stdout


def key_digest(certificate_pem: str) -> bytes:
    """The SHA-256 of the SubjectPublicKeyInfo, which is behind the device id of who owns this certificate."""
    public_key_pem = openssl("x509", "-pubkey", "-noout", given=certificate_pem)
    return hashlib.sha256(base64.b64decode("".join(public_key_pem.splitlines()[1:-1]))).digest()


def connect(folder: Path, addresses: list[str]) -> ssl.SSLSocket:
    """TLS 1.3 to the first address that answers. Names and dates in its certificate mean nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["ferry/1"])
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    for host, _, port in (address.rpartition(":") for address in addresses):
        with suppress(OSError):
            return context.wrap_socket(socket.create_connection((host.strip("[]"), port), DIAL_SECONDS))
    raise ConnectionError(f"no answer at {', '.join(addresses)}")


@contextmanager
def dial(folder: Path, digest: bytes, addresses: list[str], handlers: Handlers) -> Iterator[Session]:
    """An open session with the device behind `digest`. Own key and certificate are in `folder`."""
    with connect(folder, addresses) as tls:
        certificate = ssl.DER_cert_to_PEM_cert(tls.getpeercert(binary_form=True) or b"")
        if tls.selected_alpn_protocol() != "ferry/1" or key_digest(certificate) != digest:
            raise ConnectionError("another device, or no ferry/1, answers there; nothing was sent to it")
        session, farewell = Session(tls, handlers), (Type.GOODBYE, 0, {"code": 0, "message": "done"})
        try:
            hello = session.wait(session.ask("hello", {"protocol": 1, "name": "Python client", "features": []}))
            take(hello, "protocol", int, lambda version: version == 1)
            yield session
        except ProtocolError as error:
            farewell = (Type.ERROR, 0, error.content)
            raise
        finally:
            with suppress(OSError):
                session.send(*farewell)
                tls.shutdown(socket.SHUT_WR)
                session.receive(1_048_576, 1)  # unread bytes would make the FIN a reset
