# SPDX-License-Identifier: GPL-3.0-or-later
"""A wire lies between a client and a server of the tests, and can be cut, or go dead, at any moment."""

from __future__ import annotations

import contextlib
import re
import socket
import threading

_NAME = re.compile(rb"/clips/([0-9a-f]{32})")


class CutWire:
    """This wire passes every byte on, until its connections are cut; new ones can be made afterwards."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self.names: set[str] = set()
        """Names of the clips that passed by."""
        self.loses: list[bytes] = []
        """Words of answers that are lost: the first answer with the first of them, then with the next one."""
        self.is_dead = False
        """Whether new connections are broken off at once."""
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self.is_dead:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._ends += [near, far]
                for one in ((near, far, False), (far, near, True)):
                    self._threads.append(threading.Thread(target=self._pass_on, args=one, daemon=True))
                    self._threads[-1].start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.names |= {one.decode() for one in _NAME.findall(data)}
                if is_answer and self.loses and self.loses[0] in data:
                    del self.loses[0]
                    sink.sendall(data[:10])
                    break
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """End every connection there is."""
        with self._lock:
            ends, self._ends = self._ends, []
        for one in ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._threads[0].join()
        self.cut()
        for thread in self._threads:
            thread.join()
