# SPDX-License-Identifier: GPL-3.0-or-later
"""This module plays endless extensions through the audio process, a few seconds at a time: hours need no memory.

A deck repeats what it was given. It is given a ring of some seconds of the extension, and each time some of it has been
heard that part of the ring is filled with what comes later: what lies ahead of the playhead is never touched, so the
deck swaps without a sound.
"""

from __future__ import annotations

import time
from typing import TypeVar

import numpy as np

from engine.dsp.mixdown import mix_down
from engine.errors import DeviceError, NonFiniteClip, UnknownChoice, WorkerHung
from engine.playback import commands
from engine.playback.file.extend import Extension
from engine.playback.player import Player
from engine.values import BakedLoop, FloatArray, LoopRegion, OutputDevice

HOP_S = 4.0
"""Seconds of the ring that are heard before the ring is filled again."""
N_HOPS = 3
JOIN_FADE_MS = 20.0
STOP_FADE_MS = 100.0
ANSWER_LIMIT_S = 20.0
"""Seconds in which the audio process must answer: a device that is slow to open may take some."""
WAIT_STEP_S = 0.1
"""Seconds between looks after the ring while an answer is waited for."""

MessageKind = TypeVar("MessageKind", bound=commands.Message)


class Track:
    """A track is an extension as it is played: in at most two channels, silent before its start."""

    def __init__(self, extension: Extension) -> None:
        self.extension = extension
        self.sample_rate = extension.sample_rate

    def read(self, first: int, n_samples: int) -> FloatArray:
        """Return samples ``[first, first + n_samples)``, float32 ``(n_samples, 1 or 2)``; ``first`` may be negative.

        Raises NonFiniteClip.
        """
        silent = min(max(0, -first), n_samples)
        samples = mix_down(self.extension.read(max(0, first), n_samples - silent))
        n_bad = int(samples.size - np.count_nonzero(np.isfinite(samples)))
        if n_bad:
            raise NonFiniteClip(n_bad=n_bad)
        if not silent:
            return samples
        return np.concatenate([np.zeros((silent, samples.shape[1]), np.float32), samples])


def ring(track: Track, origin: int, filled_from: int, n_samples: int) -> BakedLoop:
    """Return the track from ``origin + filled_from`` on, laid round a ring on which ``origin`` is sample 0."""
    stretch = track.read(origin + filled_from, n_samples)
    turned = np.roll(stretch, filled_from % n_samples, axis=0)
    return BakedLoop(turned, track.sample_rate, LoopRegion(0, n_samples), 0, 0.0)


class Streamer:
    """A streamer plays extensions for ever: ``open``, ``play``, then ``listen`` again and again.

    Methods raise WorkerDied if the audio process is gone. The player stays its owner's, who closes it.
    """

    def __init__(self, player: Player) -> None:
        self._player = player
        self._rate = 0
        self._latency_s = 0.0
        self._track: Track | None = None
        self._origin = 0
        self._filled_from = 0
        self._loop_id = 0
        self._heard = 0
        self._stops_awaited = 0
        self.is_paused = False
        self.xruns = 0
        self.lost: DeviceError | None = None
        """Error that says why there is no sound now; the music goes on unheard until the device is back."""
        self.is_latency_raised = False
        """Whether sound was lost so often that the latency became longer than asked for."""

    def devices(self) -> tuple[OutputDevice, ...]:
        """Return every output device. Raises WorkerHung."""
        self._player.list_devices()
        return self._wait_for(commands.Devices).devices

    def device_named(self, name: str) -> tuple[str, str]:
        """Return the first device that has ``name`` in its own, in any case. Raises UnknownChoice, WorkerHung."""
        devices = self.devices()
        for one in devices:
            if name.lower() in f"{one.host_api}: {one.name}".lower():
                return one.host_api, one.name
        raise UnknownChoice(name="sound output", value=name, choices=", ".join(one.name for one in devices) or "none")

    def open(self, device: tuple[str, str] | None, *, sample_rate: int, latency_s: float) -> None:
        """Open a device ((host API, name), or None for the default). Raises DeviceError, WorkerHung.

        ``sample_rate`` is that of the extensions to come, Hz; a device that refuses it is served all the same.
        """
        self._player.open(device, sample_rate=sample_rate, latency_s=latency_s)
        opened = self._wait_for(commands.Opened, commands.DeviceLost)
        if isinstance(opened, commands.DeviceLost):
            raise opened.error
        assert isinstance(opened, commands.Opened)
        self._rate, self._latency_s = sample_rate, opened.latency_s

    def play(self, extension: Extension, position: int = 0) -> None:
        """Play from ``position`` of the extension on, at once."""
        track = Track(extension)
        # The first sample of a deck is faded in: one of silence takes its place.
        lead, fade_ms = (1, 0.0) if position == 0 else (0, JOIN_FADE_MS)
        self._track, self._origin = track, position - lead
        self._filled_from = self._heard = 0
        self._loop_id += 1
        self.is_paused = False
        self._player.play(self._loop_id, ring(track, self._origin, 0, self._ring_samples), fade_ms=fade_ms)

    def change(self, extension: Extension) -> None:
        """Go on with another extension of the same sound at the same place of the sound (or in its loop)."""
        assert self._track is not None
        self._look()
        ahead = self._heard if self.is_paused else self._heard + round(self._latency_s * self._rate)
        place, _ = self.place if self.is_paused else self._track.extension.place_of(max(0, self._origin + ahead))
        self._track = Track(extension)
        self._origin = _position_of(extension, place) - ahead
        if not self.is_paused:
            self._replace()

    def pause(self) -> None:
        """Fade out and stay."""
        self.is_paused = True
        self._player.stop(STOP_FADE_MS)
        self._stops_awaited += 1

    def resume(self) -> None:
        """Go on where it was paused."""
        assert self._track is not None
        self.play(self._track.extension, self.position)

    def stop(self) -> None:
        """Fade out and wait until that was heard. Raises WorkerHung."""
        self.pause()
        while self._stops_awaited:
            self._wait_for(commands.Stopped)

    @property
    def position(self) -> int:
        """Return the position that is heard, in samples of the extension."""
        assert self._track is not None
        return max(0, self._origin + self._heard)

    @property
    def place(self) -> tuple[int, int]:
        """Return which sample of the sound is heard, and how many turns are over."""
        assert self._track is not None
        return self._track.extension.place_of(self.position)

    def fileno(self) -> int:
        """Return a descriptor that is readable when ``listen`` has an event; call that a few times a second even so."""
        return self._player.fileno()

    def listen(self, timeout_s: float) -> None:
        """Take what the audio process tells, waiting up to ``timeout_s`` for it, and keep the ring filled."""
        while self._player.poll(timeout_s):
            self._take(self._player.receive())
            timeout_s = 0.0
        self._look()

    @property
    def _ring_samples(self) -> int:
        return N_HOPS * round(HOP_S * self._rate)

    def _look(self) -> None:
        """See what is heard now, and fill the ring when enough of it has been heard."""
        snapshot = self._player.snapshot()
        if snapshot is None or snapshot.endless.loop_id != self._loop_id or self.is_paused:
            return
        self.xruns = snapshot.xruns
        self._heard = snapshot.endless.turns * self._ring_samples + snapshot.endless.position_samples
        if self._heard - self._filled_from >= self._ring_samples // N_HOPS:
            self._replace()

    def _take(self, message: commands.Message) -> None:
        match message:
            case commands.DeviceLost(error):
                self.lost = error
            case commands.Opened():
                self.lost, self._latency_s = None, message.latency_s
            case commands.LatencyRaised():
                self.is_latency_raised = True
            case commands.Stopped():
                self._stops_awaited = max(0, self._stops_awaited - 1)
            case _:
                pass

    def _replace(self) -> None:
        """Fill the ring from the hop that is heard on."""
        assert self._track is not None
        hop = self._ring_samples // N_HOPS
        self._filled_from = self._heard // hop * hop
        loop = ring(self._track, self._origin, self._filled_from, self._ring_samples)
        self._player.replace(self._loop_id, loop)

    def _wait_for(self, *kinds: type[MessageKind]) -> MessageKind:
        give_up = time.monotonic() + ANSWER_LIMIT_S
        while (left_s := give_up - time.monotonic()) > 0.0:
            if self._player.poll(min(left_s, WAIT_STEP_S)):
                message = self._player.receive()
                self._take(message)
                if isinstance(message, kinds):
                    return message
            self._look()
        raise WorkerHung(worker="audio", limit_s=ANSWER_LIMIT_S)


def _position_of(extension: Extension, place: int) -> int:
    """Return where in an extension the sound's sample ``place``, or what its loop puts in its place, is heard first."""
    into = place - extension.intro_samples
    return place if into < extension.seam.n_samples else extension.intro_samples + into % extension.seam.n_samples
