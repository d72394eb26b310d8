# SPDX-License-Identifier: GPL-3.0-or-later
"""Thousands of listeners in one process: each a connection that is read as it comes, and a player that may run dry.

``python -m tests.benchmarks.radio_load HOST PORT PATH N SECONDS`` prints what they heard as JSON.
"""

from __future__ import annotations

import json
import resource
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field

BYTES_PER_S = 16_000
"""Bytes in a second of a stream of 128 kbit/s."""
JOINS_PER_S = 200
_KEPT = 512


@dataclass(slots=True)
class _Player:
    """A player begins with the first byte, and takes so many a second from then on.

    Attributes
    ----------
    first
        The stream's first bytes as this one got them: they tell where in the stream it began.
    dry_s
        How long it had nothing to play, in all.
    """

    connection: socket.socket
    asked_s: float
    began_s: float = 0.0
    n_bytes: int = 0
    head: bytes = b""
    first: bytes = b""
    dry_s: float = 0.0
    is_closed: bool = False
    has_body: bool = field(default=False)

    def ask(self, request: bytes) -> bool:
        """Ask for the stream, once the connection is there; False where it is refused."""
        try:
            return self.connection.send(request) == len(request)
        except OSError:
            return False

    def take(self, content: bytes, now_s: float) -> None:
        if not self.has_body:
            self.head += content
            if b"\r\n\r\n" not in self.head:
                return
            content = self.head.partition(b"\r\n\r\n")[2]
            self.has_body = True
        if not content:
            return
        if not self.began_s:
            self.began_s = now_s
        self._look(now_s)
        self.n_bytes += len(content)
        if len(self.first) < _KEPT:
            self.first += content[: _KEPT - len(self.first)]

    def _look(self, now_s: float) -> None:
        behind_s = (now_s - self.began_s) - self.dry_s - self.n_bytes / BYTES_PER_S
        if self.n_bytes and behind_s > 0.0:
            self.dry_s += behind_s


def run(host: str, port: int, path: str, n_players: int, seconds: float) -> dict[str, object]:
    """Have so many listen for so long, and return what they heard."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    selector = selectors.DefaultSelector()
    players: list[_Player] = []
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: load\r\n\r\n".encode()
    whole, began_s = bytearray(), time.monotonic()
    end_s = began_s + n_players / JOINS_PER_S + seconds
    while (now_s := time.monotonic()) < end_s:
        while len(players) < min(n_players, (now_s - began_s) * JOINS_PER_S + 1):
            connection = socket.socket()
            connection.setblocking(False)
            # A server whose queue is full keeps this one waiting, not all others.
            connection.connect_ex((host, port))
            player = _Player(connection, time.monotonic())
            players.append(player)
            selector.register(connection, selectors.EVENT_WRITE, player)
        for key, events in selector.select(0.02):
            player = key.data
            if events & selectors.EVENT_WRITE:
                if player.ask(request):
                    selector.modify(player.connection, selectors.EVENT_READ, player)
                else:
                    player.is_closed = True
                    selector.unregister(player.connection)
                continue
            try:
                content = player.connection.recv(1 << 17)
            except BlockingIOError:
                continue
            except OSError:
                content = b""
            if not content:
                player.is_closed = True
                selector.unregister(player.connection)
                continue
            had = player.n_bytes
            player.take(content, time.monotonic())
            if player is players[0] and player.n_bytes > had:
                # The first one's stream is all that was sent since: the others began somewhere in it.
                whole += content[-(player.n_bytes - had) :]
    now_s = time.monotonic()
    places = []
    for player in players:
        player._look(now_s)
        at = whole.find(player.first[:_KEPT]) if len(player.first) >= _KEPT else -1
        if at >= 0:
            places.append(at / BYTES_PER_S - player.began_s - player.dry_s)
    spread = (max(places) - min(places)) if places else 0.0
    return {
        "players": len(players),
        "found": len(places),
        "closed": sum(one.is_closed for one in players),
        "starved": sum(one.dry_s > 0.0 for one in players),
        "longest_dry_s": max(one.dry_s for one in players),
        "longest_join_s": max(one.began_s - one.asked_s for one in players),
        "spread_s": spread,
        "soft": soft,
    }


if __name__ == "__main__":
    _, host, port, path, n, seconds = sys.argv
    json.dump(run(host, int(port), path, int(n), float(seconds)), sys.stdout)
