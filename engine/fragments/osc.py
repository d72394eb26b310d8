# SPDX-License-Identifier: GPL-3.0-or-later
"""A station hears verbs and tells of its fragments by OSC over UDP, as Max, SuperCollider and Pure Data speak it.

In: ``/generate``, ``/prompt``, ``/taken``, ``/freeze`` and the other verbs. Out: ``/fragment/ready N path archived``,
``/fragment/silent prompt``, ``/fragment/failed sentence``. Time tags are not waited for: what comes is done at once.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import socket
import struct
import threading
from collections.abc import Callable

from engine.errors import CannotListen, StudioError
from engine.fragments.station import Station
from engine.fragments.verbs import Word, perform
from engine.values.fragments import FragmentFact, FragmentFailed, FragmentReady

_log = logging.getLogger(__name__)

PREFIX = "/fragment/"
_TOLD = ("ready", "silent", "failed")
"""Words that stations tell: heard again, by an echo or from another station, they ask for nothing."""
_MOST_BYTES = 65_535
_MOST_CHARACTERS = 4_000
_BUNDLE, _DEEPEST = b"#bundle\0", 8


class _Untold(logging.Filter):
    """This filter keeps the library's words on what strangers send out of the root logger."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.module not in ("osc_bundle", "osc_message")


_UNTOLD = _Untold()


class OscIn:
    """This ear hears verbs at a port, from ``open`` to ``close``; what is no OSC message does nothing.

    Parameters
    ----------
    host, port
        Of this machine; port 0 is any free one.
    refused
        Is told of each verb that could not be done, from a thread of the ear's.

    Raises
    ------
    CannotListen
    """

    def __init__(self, station: Station, host: str, port: int, refused: Callable[[StudioError], None]) -> None:
        self._station, self._refused = station, refused
        self._socket = hearing_socket(host, port)
        self.host, self.port = (str(self._socket.getsockname()[0]), int(self._socket.getsockname()[1]))
        self._is_closed = False
        self._thread = threading.Thread(target=self._hear, name="OSC", daemon=True)

    def open(self) -> None:
        """Begin to hear."""
        self._thread.start()

    def close(self) -> None:
        """Hear nothing any more."""
        self._is_closed = True
        # Closing alone does not wake who waits for a packet.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _hear(self) -> None:
        while not self._is_closed:
            try:
                packet = self._socket.recv(_MOST_BYTES)
            except OSError:
                # One that was sent too large, or that is closed.
                continue
            if self._is_closed:
                return
            for verb, words in verbs_in(packet):
                if verb in _TOLD:
                    continue
                try:
                    perform(self._station, verb, words)
                except StudioError as error:
                    self._refused(error)
                except Exception:  # noqa: BLE001 - the thread's boundary: whatever a packet does, the next is heard
                    _log.exception("an OSC message was not done")


def verbs_in(packet: bytes) -> list[tuple[str, list[Word]]]:
    """Return the verbs of a packet, each with its words; none of what is no packet."""
    from pythonosc.osc_packet import OscPacket

    if not _is_well_formed(packet):
        return []
    # The library warns the root logger of all that strangers send.
    logging.getLogger().addFilter(_UNTOLD)
    try:
        messages = [timed.message for timed in OscPacket(packet).messages]
        found = []
        for message in messages:
            verb = message.address.removeprefix(PREFIX).strip("/")
            words = [
                one[:_MOST_CHARACTERS] if isinstance(one, str) else one
                for one in message
                if isinstance(one, str | int | float)
            ]
            found.append((verb, words))
    except (Exception, RecursionError):  # noqa: BLE001 - the library's refusals of what strangers send are of many kinds
        return []
    return found


def _is_well_formed(packet: bytes, depth: int = 0) -> bool:
    """Return whether a bundle's parts lie within it, one after the other: the library would read some for ever."""
    if not packet.startswith(_BUNDLE):
        return packet.startswith(b"/")
    at = len(_BUNDLE) + 8
    while at < len(packet):
        if at + 4 > len(packet) or depth > _DEEPEST:
            return False
        (n_bytes,) = struct.unpack_from(">i", packet, at)
        part = packet[at + 4 : at + 4 + max(0, n_bytes)]
        if n_bytes <= 0 or len(part) < n_bytes or not _is_well_formed(part, depth + 1):
            return False
        at += 4 + n_bytes
    return True


def hearing_socket(host: str, port: int) -> socket.socket:
    """Return a socket that hears packets at a port of this machine; port 0 is any free one. Raises CannotListen."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        out = socket.socket(family, socket.SOCK_DGRAM)
        try:
            out.bind(address)
        except BaseException:
            out.close()
            raise
    except (OSError, UnicodeError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0
        detail = os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)
        raise CannotListen(host=host, port=port, detail=detail) from error
    return out


class OscOut:
    """This voice tells facts to a port of this or another machine; nothing is known of whether they are heard.

    Raises
    ------
    CannotListen
        There is no such machine.
    """

    def __init__(self, host: str, port: int) -> None:
        from pythonosc.udp_client import SimpleUDPClient

        try:
            self._client = SimpleUDPClient(host, port)
        except (OSError, UnicodeError, OverflowError) as error:
            detail = getattr(error, "strerror", None) or str(error)
            raise CannotListen(host=host, port=port, detail=detail) from error

    def tell(self, fact: FragmentFact) -> None:
        """Send a fact."""
        if isinstance(fact, FragmentReady):
            if fact.slot is not None:
                self._send("ready", [fact.slot.number, fact.slot.path, fact.archived])
        elif isinstance(fact, FragmentFailed):
            self.refuse(fact.error)
        else:
            self._send("silent", [fact.prompt])

    def refuse(self, error: StudioError) -> None:
        """Send why something was not done."""
        self._send("failed", [str(error)])

    def close(self) -> None:
        """Let the socket be closed."""
        self._client._sock.close()

    def _send(self, name: str, words: list[str | int]) -> None:
        # A path's bytes need not be letters, and OSC knows no others.
        known = [one.encode("utf-8", "replace").decode() if isinstance(one, str) else one for one in words]
        # A machine that is gone cannot be told anything.
        with contextlib.suppress(OSError):
            self._client.send_message(PREFIX + name, known)


def place_of(text: str) -> tuple[str, int]:
    """Return host and port of “9001”, which is on the loopback, or of “HOST:9001”. Raises ValueError."""
    host, _, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise ValueError("it is no port")
    with contextlib.suppress(ValueError):
        host = str(ipaddress.ip_address(host))
    return host, int(port)
