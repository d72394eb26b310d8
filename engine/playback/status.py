# SPDX-License-Identifier: GPL-3.0-or-later
"""The audio process writes its status to shared memory tens of times a second, without ever waiting for a reader."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from engine.shared import SharedBlock
from engine.values import MIXER_CHANNELS, ChannelSnapshot, PlaybackSnapshot
from engine.values.inputs import InputSnapshot

_NAME_BYTES = 256
_HEADER = struct.Struct("=QI")
"""Head of the memory: a sequence number, odd while the body is written, and the body's CRC-32."""
_CHANNEL = "qqqqd?"
_INPUT = f"?ddqd?q?H{_NAME_BYTES}s"
"""An input as it is packed: whether there is one, levels, losses, latency, whether it is aligned, how, and so on."""
_N_INPUT = 10
_BODY = struct.Struct(f"=ddddqddqdd{MIXER_CHANNELS * _CHANNEL}{_INPUT}?QH{_NAME_BYTES}s")
_TRIES = 64
_NO_LOOP = -1


class Heartbeat(NamedTuple):
    """A heartbeat shows that the audio process lives.

    ``beats`` grows while it does, 50 times a second from the first ``Open`` on and at least once a second before.
    ``is_opening``: it waits for a device to open; the music goes on meanwhile, but the device may never answer.
    """

    beats: int
    is_opening: bool


class Status(NamedTuple):
    """The status is all that the audio process tells."""

    snapshot: PlaybackSnapshot
    heartbeat: Heartbeat


def status_block() -> SharedBlock:
    """Return memory for one process's status."""
    return SharedBlock(_HEADER.size + _BODY.size)


class StatusWriter:
    """The status writer is the audio process's end."""

    def __init__(self, block: SharedBlock) -> None:
        self._memory = block.memory
        sequence, _ = _HEADER.unpack_from(self._memory)
        # Odd where a writer was killed as it wrote.
        self._sequence = sequence + sequence % 2

    def write(self, snapshot: PlaybackSnapshot, heartbeat: Heartbeat) -> None:
        """Write this status from now on."""
        name = snapshot.device.encode()[:_NAME_BYTES]
        body = _BODY.pack(
            *snapshot.peak_db,
            *snapshot.rms_db,
            snapshot.xruns,
            snapshot.load,
            snapshot.latency_s,
            snapshot.tape_frame,
            snapshot.bars,
            snapshot.heard_at_s,
            *chain.from_iterable(map(_fields, snapshot.channels)),
            *_input_fields(snapshot.input),
            heartbeat.is_opening,
            heartbeat.beats,
            len(name),
            name,
        )
        _HEADER.pack_into(self._memory, 0, self._sequence + 1, 0)
        self._memory[_HEADER.size : _HEADER.size + _BODY.size] = body
        self._sequence += 2
        _HEADER.pack_into(self._memory, 0, self._sequence, zlib.crc32(body))


class StatusReader:
    """The status reader is the parent's end."""

    def __init__(self, block: SharedBlock) -> None:
        self._memory = block.memory
        self._last: Status | None = None
        self._last_sequence = 0

    def read(self) -> Status | None:
        """Return the newest status, all of it from one ``write``; None before the first."""
        for _ in range(_TRIES):
            sequence, checksum = _HEADER.unpack_from(self._memory)
            if sequence == 0:
                return None
            if sequence == self._last_sequence:
                # Looked at more often than it is written.
                return self._last
            body = self._memory[_HEADER.size : _HEADER.size + _BODY.size]
            # The checksum as well: not every processor's stores are seen in their order.
            if sequence % 2 == 0 and zlib.crc32(body) == checksum:
                self._last, self._last_sequence = _told(body), sequence
                break
        # A writer that was stopped (or killed) as it wrote: what it told before.
        return self._last


def _fields(channel: ChannelSnapshot) -> tuple[int | float | bool, ...]:
    """Return a channel as it is packed."""
    loop_id = _NO_LOOP if channel.loop_id is None else channel.loop_id
    incoming_id = _NO_LOOP if channel.incoming_id is None else channel.incoming_id
    return loop_id, channel.position_samples, channel.turns, incoming_id, channel.fade, channel.is_paused


def _input_fields(heard: InputSnapshot | None) -> tuple[Any, ...]:
    """Return what comes in as it is packed."""
    if heard is None:
        return False, 0.0, 0.0, 0, 0.0, False, 0, False, 0, b""
    name = heard.device.encode()[:_NAME_BYTES]
    ahead = heard.ahead
    return (
        True,
        heard.peak_db,
        heard.rms_db,
        heard.n_lost,
        heard.latency_s,
        ahead is not None,
        ahead or 0,
        heard.is_monitored,
        len(name),
        name,
    )


def _input(fields: Sequence[Any]) -> InputSnapshot | None:
    is_open, peak_db, rms_db, n_lost, latency_s, is_aligned, ahead, is_monitored, n_name, name = fields
    if not is_open:
        return None
    device = name[:n_name].decode(errors="ignore")
    return InputSnapshot(device, peak_db, rms_db, n_lost, latency_s, ahead if is_aligned else None, is_monitored)


def _channel(fields: tuple[Any, ...]) -> ChannelSnapshot:
    loop_id, position, turns, incoming_id, fade, is_paused = fields
    return ChannelSnapshot(
        None if loop_id == _NO_LOOP else loop_id,
        position,
        turns,
        None if incoming_id == _NO_LOOP else incoming_id,
        fade,
        is_paused,
    )


def _told(body: bytes) -> Status:
    (peak_left, peak_right, rms_left, rms_right, xruns, load, latency_s, tape_frame, bars, heard_at_s, *rest) = (
        _BODY.unpack(body)
    )
    *rest, is_opening, beats, n_name, name = rest
    channels, heard_input = rest[:-_N_INPUT], rest[-_N_INPUT:]
    n_fields = len(_CHANNEL)
    snapshot = PlaybackSnapshot(
        channels=tuple(
            _channel(tuple(channels[first : first + n_fields])) for first in range(0, len(channels), n_fields)
        ),
        peak_db=(peak_left, peak_right),
        rms_db=(rms_left, rms_right),
        xruns=xruns,
        load=load,
        latency_s=latency_s,
        device=name[:n_name].decode(errors="ignore"),
        tape_frame=tape_frame,
        bars=bars,
        heard_at_s=heard_at_s,
        input=_input(heard_input),
    )
    return Status(snapshot, Heartbeat(beats, is_opening))
