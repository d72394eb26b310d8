# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what stand-ins for servers share: a real HTTP server on loopback that notes all it is asked."""

from __future__ import annotations

import json
import re
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

POLL_S = 0.02


@dataclass
class Asked:
    """A question as it came: a form's fields and files, or a JSON object as fields."""

    method: str
    path: str
    key: str
    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    api_key: str = ""


@dataclass
class Reply:
    """A reply is what is sent back; ``sent_bytes`` breaks it off after so many."""

    status: int
    body: bytes
    kind: str = "application/json"
    sent_bytes: int | None = None


def told(status: int, /, **values: Any) -> Reply:
    """Return a reply that is a JSON object."""
    return Reply(status, json.dumps(values).encode())


class StandInServer:
    """A server on a free port of loopback, used within ``with``; ``reply`` says what it answers.

    Attributes
    ----------
    asked
        All questions, in the order in which they came.
    hung_up
        Set when a client closed its connection while it waited.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.hung_up = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._serve(b"")

            def do_POST(self) -> None:
                self._serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

            def _serve(self, body: bytes) -> None:
                asked = Asked(self.command, self.path, self.headers.get("Authorization", ""))
                asked.api_key = self.headers.get("X-API-Key", "")
                kind = self.headers.get("Content-Type", "")
                if kind.startswith("multipart/form-data"):
                    asked.fields, asked.files = read_form(kind, body)
                elif body:
                    asked.fields = json.loads(body)
                outer.asked.append(asked)
                reply = outer.reply(asked, self.connection)
                if reply is None:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.kind)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body[: reply.sent_bytes])
                if reply.sent_bytes is not None:
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # clients that hang up are part of the tests

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": POLL_S})
        self._ends = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def paths(self) -> list[str]:
        """Return the paths that were asked for."""
        return [one.path for one in self.asked]

    def reply(self, asked: Asked, connection: socket.socket) -> Reply | None:
        """Return the reply to a question; None hangs up."""
        raise NotImplementedError

    def stay(self, connection: socket.socket, seconds: float) -> None:
        """Work for so long, unless the client hangs up or the server ends."""
        for _ in range(max(1, round(seconds / POLL_S))):
            if self._ends.wait(POLL_S):
                return
            try:
                gone = connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
            except BlockingIOError:
                gone = False
            except OSError:
                gone = True
            if gone:
                self.hung_up.set()
                return

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ends.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def read_form(kind: str, body: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the fields and the files of a multipart form."""
    match = re.search(r"boundary=([^;]+)", kind)
    assert match is not None
    fields: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for part in body.split(b"--" + match[1].encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        names = dict(re.findall(r'(\bname|filename)="([^"]*)"', head.decode()))
        if "filename" in names:
            files[names["name"]] = content
        else:
            fields[names["name"]] = content.decode()
    return fields, files
