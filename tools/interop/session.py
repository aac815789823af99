"""One ferry/1 session that this side has dialled: greeting, streams, signs of life (PROTOCOL.md sections 2 and 4).

One thread, one blocking socket: `pump` handles one frame of the other side or sends one of ours.
"""

from __future__ import annotations

import os
import socket
import ssl
import time
from contextlib import contextmanager, suppress
from typing import Any, Callable, Iterator, NamedTuple, Optional

from identity import Address, Identity, key_digest
from messages import checked, display
from wire import Code, Frame, ProtocolError, Type, dump_json, encode_frame, parse_json, read_frame

OPEN_REQUESTS = 64
SILENT_TIMES = 3
DIAL_SECONDS, HELLO_SECONDS, FRAME_SECONDS, PING_SECONDS, WRITE_SECONDS, FAREWELL_SECONDS = 10, 5, 15, 30, 60, 1
LEFT_BYTES = 1_048_576
GREETING = [(Type.RESPONSE, 1), (Type.ERROR, 1), (Type.ERROR, 0), (Type.GOODBYE, 0)]


class SessionOver(Exception):
    """The other side said farewell, or the connection broke."""


class RemoteError(Exception):
    """The other side answered a request with ERROR."""


class Answer(NamedTuple):
    data: Iterator[bytes]  # payloads of DATA
    response: Any


class Pending(NamedTuple):
    message: str  # what the RESPONSE has to be
    on_data: Optional[Callable[[bytes], None]]


class Session:
    """`handlers` answer the requests of the other side, by pattern, or raise a ProtocolError."""

    def __init__(self, tls: ssl.SSLSocket, handlers: dict[str, Callable[[Any], Answer]]) -> None:
        self._tls, self._handlers = tls, handlers
        self._pending: dict[int, Pending] = {}
        self._ended: dict[int, Any] = {}  # what came to be of our requests: a value or RemoteError
        self._serving: dict[int, Answer] = {}  # the next one to get a turn first
        self._next_stream, self._their_last, self._silent, self._is_open = 1, 0, 0, False

    def request(self, pattern: str, data: Any, message: str, on_data: Optional[Callable[[bytes], None]] = None) -> int:
        """Asks, and returns the stream to wait for. The RESPONSE has to be `message`; DATA goes to `on_data`."""
        stream, self._next_stream = self._next_stream, self._next_stream + 2
        self._pending[stream] = Pending(message, on_data)
        self._send(Type.REQUEST, stream, dump_json({"pattern": pattern, "data": data}))
        return stream

    def wait(self, stream: int) -> Any:
        """The RESPONSE of a stream; its ERROR is raised."""
        while stream not in self._ended:
            self.pump()
        result = self._ended.pop(stream)
        if isinstance(result, RemoteError):
            raise result
        return result

    def pump(self) -> None:
        """Handles one frame. While requests of the other side are open, sends DATA instead of waiting for one."""
        start = self._first_byte(0 if self._serving else PING_SECONDS if self._is_open else HELLO_SECONDS)
        if start:
            self._silent, deadline = 0, time.monotonic() + FRAME_SECONDS
            self._handle(read_frame(lambda count: self._receive(count, deadline), start))
        elif self._serving:
            self._serve()
        else:
            self._silent += 1
            if self._silent == SILENT_TIMES or not self._is_open:
                raise ProtocolError(Code.TIMEOUT, "silence")
            self._send(Type.PING, 0, os.urandom(8))

    def close(self, error: Optional[ProtocolError] = None) -> None:
        """GOODBYE, or ERROR if they broke a rule; then FIN."""
        with suppress(OSError, SessionOver, ProtocolError):
            if error:
                self._fail(0, error)
            else:
                self._send(Type.GOODBYE, 0, dump_json({"code": 0, "message": "done"}))
            self._tls.shutdown(socket.SHUT_WR)
            self._receive(LEFT_BYTES, time.monotonic() + FAREWELL_SECONDS)  # unread bytes would make the FIN a reset
        self._tls.close()

    def _first_byte(self, seconds: int) -> bytes:
        self._tls.settimeout(seconds)
        try:
            start = self._tls.recv(1)
        except (socket.timeout, ssl.SSLWantReadError):
            return b""
        if not start:
            raise SessionOver("FIN without a farewell")
        return start

    def _receive(self, count: int, deadline: float) -> bytes:
        data = b""
        while len(data) < count:
            self._tls.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                part = self._tls.recv(count - len(data))
            except socket.timeout as error:
                raise ProtocolError(Code.TIMEOUT, "a frame without an end") from error
            if not part:
                raise SessionOver("FIN in a frame")
            data += part
        return data

    def _handle(self, frame: Frame) -> None:
        kind, stream, payload = frame
        if not self._is_open and (kind, stream) not in GREETING:
            raise ProtocolError(Code.UNEXPECTED_MESSAGE, f"{kind.name} before hello")
        if kind is Type.REQUEST:
            self._on_request(stream, payload)
        elif kind is Type.DATA:
            self._on_data(stream, payload)
        elif kind is Type.CANCEL:
            self._on_cancel(stream)
        elif kind is Type.PING:
            self._send(Type.PONG, 0, payload)
        elif kind is Type.EVENT:
            checked("Event", parse_json(payload))  # none matters to this client
        elif kind is Type.GOODBYE:
            raise SessionOver(display(checked("Goodbye", parse_json(payload))["message"]))
        elif kind in (Type.RESPONSE, Type.ERROR):
            self._on_answer(kind, stream, payload)

    def _on_request(self, stream: int, payload: bytes) -> None:
        request = checked("Request", parse_json(payload))
        pattern = request["pattern"]
        if stream % 2 or stream <= self._their_last or pattern == "hello":
            raise ProtocolError(Code.UNEXPECTED_MESSAGE, f"{pattern} on stream {stream}")
        self._their_last = stream
        try:
            if len(self._serving) == OPEN_REQUESTS:
                raise ProtocolError(Code.TOO_MANY_REQUESTS, f"more than {OPEN_REQUESTS}")
            if pattern not in self._handlers:
                raise ProtocolError(Code.UNKNOWN_PATTERN, "no such request")
            self._serving[stream] = self._handlers[pattern](request.get("data"))
        except ProtocolError as error:
            self._fail(stream, error)

    def _serve(self) -> None:
        """One DATA, or the RESPONSE, of the stream whose turn it is."""
        stream = next(iter(self._serving))
        answer = self._serving.pop(stream)
        try:
            payload = next(answer.data, None)
        except ProtocolError as error:
            return self._fail(stream, error)
        if payload is None:
            return self._send(Type.RESPONSE, stream, dump_json(answer.response))
        self._send(Type.DATA, stream, payload)
        self._serving[stream] = answer  # at the end of the line

    def _on_cancel(self, stream: int) -> None:
        if stream % 2 or stream > self._their_last:
            raise ProtocolError(Code.UNEXPECTED_MESSAGE, f"CANCEL of stream {stream}")
        if self._serving.pop(stream, None):
            self._fail(stream, ProtocolError(Code.CANCELLED, "cancelled"))

    def _on_data(self, stream: int, payload: bytes) -> None:
        pending = self._pending.get(stream)
        if not pending or not pending.on_data:
            raise ProtocolError(Code.UNEXPECTED_MESSAGE, f"DATA on stream {stream}")
        pending.on_data(payload)

    def _on_answer(self, kind: Type, stream: int, payload: bytes) -> None:
        value = parse_json(payload)
        if kind is Type.ERROR:
            error = checked("Error", value)
            value = RemoteError(f"{error['name']} ({error['code']}): {display(error['message'])}")
        if stream == 0:
            raise SessionOver(value)
        if stream % 2 == 0 or stream >= self._next_stream:
            raise ProtocolError(Code.UNEXPECTED_MESSAGE, f"an answer on stream {stream}")
        pending = self._pending.pop(stream, None)
        if pending:
            self._ended[stream] = value if kind is Type.ERROR else checked(pending.message, value)
            self._is_open = True

    def _fail(self, stream: int, error: ProtocolError) -> None:
        content = {"code": error.code, "name": error.code.name, "message": error.message[:100]}
        self._send(Type.ERROR, stream, dump_json(content))

    def _send(self, kind: Type, stream: int, payload: bytes = b"") -> None:
        self._tls.settimeout(WRITE_SECONDS)
        self._tls.sendall(encode_frame(Frame(kind, stream, payload)))


@contextmanager
def dial(
    identity: Identity, digest: bytes, addresses: list[Address], handlers: dict[str, Callable[[Any], Answer]]
) -> Iterator[Session]:
    """An open session with the device behind `digest`, at the first address that answers."""
    with connect(identity, addresses) as tls:
        certificate = tls.getpeercert(binary_form=True)
        if not certificate or key_digest(certificate) != digest or tls.selected_alpn_protocol() != "ferry/1":
            raise SessionOver("another device, or no ferry/1, answers there; nothing was sent to it")
        session = Session(tls, handlers)
        try:
            session.wait(session.request("hello", {"protocol": 1, "name": "Python client", "features": []}, "Hello"))
            yield session
        except ProtocolError as error:
            session.close(error)
            raise
        finally:
            session.close()


def connect(identity: Identity, addresses: list[Address]) -> ssl.SSLSocket:
    """TLS 1.3 with our certificate; names and dates in theirs mean nothing, its key is compared after the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["ferry/1"])
    context.load_cert_chain(identity.certificate, identity.key)
    failures = []
    for address in addresses:
        try:
            return context.wrap_socket(socket.create_connection(address, DIAL_SECONDS))  # no server_hostname, so no SNI
        except OSError as error:
            failures.append(f"{address[0]}:{address[1]}: {error}")
    raise SessionOver(f"no address answers: {', '.join(failures)}")
