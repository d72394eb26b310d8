# SPDX-License-Identifier: GPL-3.0-or-later
"""The radio as a source of Icecast servers, each of which passes its stream on to as many as it can."""

from __future__ import annotations

import base64
import contextlib
import http.client
import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from engine.broadcast.forms import FORMS, MP3, OPUS, StreamForm
from engine.broadcast.one_line import in_one_line
from engine.broadcast.patience import give_up_soon
from engine.errors import NotIcecastAddress

_log = logging.getLogger(__name__)

PORT = 8000
"""Port of an Icecast server where none is named."""
NOT_YET = "not connected yet"
"""Trouble of a source that has not tried so far."""
PATIENCE_S = 8.0
"""Seconds that the server may take for an answer, or for a piece of the stream."""
FIRST_WAIT_S, MOST_WAIT_S = 1.0, 60.0
"""Seconds before the first new try, and before each of many: the wait doubles."""
REFUSED_WAIT_S = 300.0
"""Seconds before a new try where the password is wrong: somebody has to do something about it."""
STEADY_S = 30.0
"""Seconds of a connection after which the next wait is a short one again."""
MOST_WAITING = 40
"""Pieces of the stream that may wait for the server: ten seconds."""
_TITLE_AGAIN_S = 5.0
_FORMS = {**{form.name: form for form in FORMS}, "ogg": OPUS}


@dataclass(frozen=True, slots=True)
class IcecastAddress:
    """An address of a mount says where the stream is sent, and as what.

    Attributes
    ----------
    path
        Of the mount, with its “/”.
    """

    host: str
    port: int
    path: str
    form: StreamForm
    user: str = "source"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}{self.path}"


def icecast_address(text: str) -> IcecastAddress:
    """Return what ``icecast://HOST[:PORT]/MOUNT.mp3`` names. Raises NotIcecastAddress."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or PORT
    except ValueError as error:
        raise NotIcecastAddress(address=_shown(text)) from error
    _, dot, ending = parts.path.rpartition(".")
    form = _FORMS.get(ending) if dot else None
    is_plain = not (parts.password or parts.query or parts.fragment) and quote(parts.path) == parts.path
    if parts.scheme != "icecast" or not host or form is None or not is_plain or parts.path.count("/") != 1:
        raise NotIcecastAddress(address=_shown(text))
    return IcecastAddress(host, port, parts.path, form, parts.username or "source")


def _shown(text: str) -> str:
    """Return an address without what may be a password."""
    before, at, after = text.rpartition("@")
    return f"{before.partition('://')[0]}://…@{after}" if at else text


class Waits(NamedTuple):
    """Waits are seconds: between two tries (at first, of many, where the password is wrong), and for the server."""

    first_s: float = FIRST_WAIT_S
    most_s: float = MOST_WAIT_S
    refused_s: float = REFUSED_WAIT_S
    patience_s: float = PATIENCE_S


class _Piece(NamedTuple):
    head: bytes
    content: bytes
    words: str


class _FailedError(Exception):
    """The server does not take the stream; the sentence says why."""


class _RefusedError(_FailedError):
    """The server does not know the password."""


class IcecastSource:
    """An Icecast source sends the stream by a thread of its own: whatever the server does, the radio never waits.

    Parameters
    ----------
    station
        Name of the radio, as the server tells its listeners.
    sample_rate
        Of the stream in its form, Hz.

    Attributes
    ----------
    trouble
        Why nothing is sent; "" while the server takes the stream.
    """

    def __init__(
        self, address: IcecastAddress, password: str, station: str, sample_rate: int, *, waits: Waits | None = None
    ) -> None:
        self.address, self.trouble = address, NOT_YET
        self._password, self._station, self._rate = password, in_one_line(station), sample_rate
        self._waits = waits or Waits()
        self._waiting: queue.Queue[_Piece] = queue.Queue(MOST_WAITING)
        self._is_late = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="icecast", daemon=True)
        self._thread.start()

    def feed(self, head: bytes, content: bytes, words: str) -> None:
        """Take the next piece of the stream, what a decoder has to know first, and the title; never waits."""
        if not self.trouble and content:
            try:
                self._waiting.put_nowait(_Piece(head, content, words))
            except queue.Full:
                self._is_late = True

    def close(self) -> None:
        """Hang up."""
        self._ended.set()
        self._thread.join(1.0)

    # --- by its own thread --------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        wait_s = self._waits.first_s
        while not self._ended.is_set():
            began_s = time.monotonic()
            try:
                self._send()
            except _RefusedError as error:
                self._say(str(error))
                wait_s = self._waits.refused_s
            # ValueError: a host that no name can be, and the like.
            except (OSError, ValueError, http.client.HTTPException, _FailedError) as error:
                if not self.trouble and time.monotonic() - began_s > STEADY_S:
                    wait_s = self._waits.first_s
                self._say(getattr(error, "strerror", None) or str(error) or type(error).__name__)
            self._ended.wait(wait_s)
            wait_s = min(2.0 * wait_s, self._waits.most_s)

    def _say(self, trouble: str) -> None:
        if trouble == self.trouble:
            return
        self.trouble = trouble
        if trouble:
            _log.warning("Icecast at %s: %s", self.address, trouble)
        else:
            _log.info("Icecast at %s takes the stream", self.address)

    def _send(self) -> None:
        """Send the stream until the radio ends. Raises OSError, HTTPException, _FailedError."""
        connection = http.client.HTTPConnection(self.address.host, self.address.port, timeout=self._waits.patience_s)
        with contextlib.closing(connection):
            self._ask(connection)
            with contextlib.suppress(queue.Empty):
                while True:
                    self._waiting.get_nowait()
            self._is_late = False
            self._say("")
            self._carry(connection)

    def _ask(self, connection: http.client.HTTPConnection) -> None:
        form = self.address.form
        info = f"ice-samplerate={self._rate};ice-channels=2"
        # The letters that Icecast takes for those of a name, unless its settings say otherwise.
        letters = "utf-8" if form.container == "ogg" else "latin-1"
        connection.putrequest("PUT", self.address.path, skip_accept_encoding=True)
        for name, value in (
            ("Authorization", self._authorization),
            ("Content-Type", form.media_type),
            ("User-Agent", "Infiniloop"),
            ("ice-name", self._station.encode(letters, "replace")),
            ("ice-description", "Endless music"),
            ("ice-public", "0"),
            ("ice-audio-info", info if form.bit_rate is None else f"{info};ice-bitrate={form.bit_rate // 1000}"),
        ):
            connection.putheader(name, value)
        connection.endheaders()
        give_up_soon(connection.sock)
        # The server answers the head of a body that never ends: http.client itself would ask for the answer after it.
        with http.client.HTTPResponse(connection.sock, method="PUT") as answer:
            answer.begin()
            if answer.status == 401:
                raise _RefusedError("it refuses the password (see --icecast-password-file)")
            if answer.status != 200:
                raise _FailedError(f"it refuses the stream ({answer.status} {answer.reason})")

    def _carry(self, connection: http.client.HTTPConnection) -> None:
        head: bytes | None = None
        told, tell_at_s = "", 0.0
        while not self._ended.is_set():
            try:
                piece = self._waiting.get(timeout=0.5)
            except queue.Empty:
                continue
            if self._is_late:
                raise _FailedError("it takes the stream too slowly")
            if head is None:
                head = piece.head
                connection.send(head)
            elif piece.head != head:
                raise _FailedError("the stream begins anew")
            connection.send(piece.content)
            if self.address.form is MP3 and piece.words != told and time.monotonic() > tell_at_s:
                if self._tell(piece.words):
                    told = piece.words
                tell_at_s = time.monotonic() + _TITLE_AGAIN_S

    def _tell(self, words: str) -> bool:
        """Tell the server the title; return whether it took it."""
        asked = urlencode({"mount": self.address.path, "mode": "updinfo", "charset": "UTF-8", "song": words})
        patience_s = self._waits.patience_s / 4.0
        connection = http.client.HTTPConnection(self.address.host, self.address.port, timeout=patience_s)
        try:
            with contextlib.closing(connection):
                connection.request("GET", f"/admin/metadata?{asked}", headers={"Authorization": self._authorization})
                return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    @property
    def _authorization(self) -> str:
        known = f"{self.address.user}:{self._password}".encode()
        return f"Basic {base64.b64encode(known).decode('ascii')}"
