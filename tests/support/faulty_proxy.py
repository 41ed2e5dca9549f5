"""A proxy between a connector and its server that fails as servers and networks do, when it is told to.

    with FaultyProxy("127.0.0.1", port) as proxy:
        proxy.fail(Status(429, {"Retry-After": "1"}), where="/ticket", times=2)

Works on sockets, with one request a connection, so that nothing of the connector has to know of it.
"""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType

BLOCK = 65536
UPSTREAM_SECONDS = 60.0
GZIP = b"\x1f\x8b"
BETWEEN = b"\r\n\r\n"


@dataclass(frozen=True)
class Refused:
    """The connection is closed before anything is answered; the server never hears of it."""


@dataclass(frozen=True)
class Hangs:
    """Nothing is ever answered.

    Attributes:
        done: whether the server got the request and did it, so that only its answer is lost.
    """

    done: bool = False


@dataclass(frozen=True)
class Cut:
    """The server does it, and its answer ends in the middle."""


@dataclass(frozen=True)
class Status:
    """An answer of HTTP's that the server never gave; it does not hear of the request.

    Attributes:
        done: whether the server got the request and did it all the same.
    """

    code: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"<h1>oh dear</h1>"
    done: bool = False


@dataclass(frozen=True)
class Rewritten:
    """The server's own answer, with another body."""

    body: Callable[[bytes], bytes]


Fault = Refused | Hangs | Cut | Status | Rewritten


@dataclass
class _Plan:
    fault: Fault
    where: bytes
    left: int | None


class FaultyProxy:
    """A proxy on a free port of this machine; a context manager.

    Attributes:
        seen: the first line and the body of every request, in order.
        broken: how many requests met a fault.
    """

    def __init__(self, host: str, port: int) -> None:
        """Listen.

        Args:
            host: of the server.
            port: of the server.
        """
        self._upstream = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._plans: list[_Plan] = []
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.seen: list[tuple[str, bytes]] = []
        self.broken = 0

    @property
    def url(self) -> str:
        """What to tell the connector."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def fail(self, fault: Fault, *, where: str = "", times: int | None = None) -> None:
        """Have requests fail from now on.

        Args:
            fault: how.
            where: only those that have this in their first line or body.
            times: how many of them; all until `heal` when left out.
        """
        with self._lock:
            self._plans.append(_Plan(fault, where.encode(), times))

    def heal(self) -> None:
        """Let everything through again."""
        with self._lock:
            self._plans.clear()

    def __enter__(self) -> FaultyProxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                head, body = _request(client)
                if head:
                    self._answer(client, head, body)
            except OSError:
                return

    def _answer(self, client: socket.socket, head: bytes, body: bytes) -> None:
        match self._fault(head, body):
            case None:
                client.sendall(self._forward(head, body))
            case Refused():
                return
            case Hangs(done=done):
                if done:
                    self._forward(head, body)
                # Until the other side gives up, and never longer than the test.
                client.settimeout(UPSTREAM_SECONDS)
                client.recv(1)
            case Cut():
                answer = self._forward(head, body)
                client.sendall(answer[: answer.index(BETWEEN) + len(BETWEEN) + 5])
            case Status() as status:
                if status.done:
                    self._forward(head, body)
                client.sendall(_written(status))
            case Rewritten(body=rewrite):
                old_head, _, old_body = self._forward(head, body).partition(BETWEEN)
                plain = gzip.decompress(old_body) if old_body.startswith(GZIP) else old_body
                new_body = rewrite(plain)
                client.sendall(
                    _with_length(old_head, len(new_body), b"content-encoding:") + BETWEEN + new_body
                )

    def _fault(self, head: bytes, body: bytes) -> Fault | None:
        first = head.split(b"\r\n", 1)[0]
        with self._lock:
            self.seen.append((first.decode("latin-1"), body))
            for plan in self._plans:
                if plan.left != 0 and (plan.where in first or plan.where in body):
                    plan.left = None if plan.left is None else plan.left - 1
                    self.broken += 1
                    return plan.fault
        return None

    def _forward(self, head: bytes, body: bytes) -> bytes:
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        request = b"\r\n".join([*lines, b"Connection: close"]) + BETWEEN + body
        with socket.create_connection(self._upstream, timeout=UPSTREAM_SECONDS) as server:
            server.sendall(request)
            return _until_closed(server)


def _request(client: socket.socket) -> tuple[bytes, bytes]:
    """The head and the body of one request; an empty head where there is none."""
    received = b""
    while BETWEEN not in received:
        block = client.recv(BLOCK)
        if not block:
            return b"", b""
        received += block
    head, _, body = received.partition(BETWEEN)
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += client.recv(BLOCK)
    return head, body


def _until_closed(server: socket.socket) -> bytes:
    """An answer as a whole, with the end of the connection as its end."""
    blocks = []
    while block := server.recv(BLOCK):
        blocks.append(block)
    head, _, body = b"".join(blocks).partition(BETWEEN)
    if b"transfer-encoding: chunked" in head.lower():
        body = _joined(body)
    return _with_length(head, len(body)) + BETWEEN + body


def _joined(chunks: bytes) -> bytes:
    body = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if not length:
            break
        body += rest[:length]
        chunks = rest[length + 2 :]
    return body


def _with_length(head: bytes, length: int, *more_unwanted: bytes) -> bytes:
    unwanted = (b"content-length:", b"transfer-encoding:", b"connection:", *more_unwanted)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(unwanted)]
    return b"\r\n".join([*lines, b"Content-Length: %d" % length, b"Connection: close"])


def _written(status: Status) -> bytes:
    try:
        phrase = HTTPStatus(status.code).phrase
    except ValueError:
        phrase = "Unknown"
    headers = {"Content-Type": "text/html", **status.headers}
    lines = [f"HTTP/1.1 {status.code} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return _with_length("\r\n".join(lines).encode("latin-1"), len(status.body)) + BETWEEN + status.body


ANYWHERE: dict[str, Fault] = {
    "refused": Refused(),
    "timeout": Hangs(),
    "timeout_though_done": Hangs(done=True),
    "answer_cut": Cut(),
    "error_500": Status(500),
    "error_500_though_done": Status(500, done=True),
    "too_many_requests": Status(429, {"Retry-After": "1"}),
}
"""What can befall any system behind the proxy; tests add what theirs says in its own way."""
