# SPDX-License-Identifier: GPL-3.0-or-later
"""The audio process: a control loop that takes commands and tells what is heard, around a stream that pulls the mixer.

Run as ``python -m engine.playback.audio_process``; ``engine.playback.player`` is its other end. The control loop
prepares (unpickles, fits rates, makes curves); the stream's callback, in PortAudio's thread, only mixes.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import select
import sys
import threading
import time
from collections import deque

import numpy as np

from engine.dsp.seam import fit_rate
from engine.errors import DeviceError
from engine.playback import commands
from engine.playback.devices import list_devices, refresh_devices
from engine.playback.listener import Listener
from engine.playback.mixer import Mixer
from engine.playback.stream import MAX_CHANNELS, DeviceStream, SilentClock
from engine.processes import Channel, child_connection
from engine.values import BakedLoop, PlaybackSnapshot

SNAPSHOTS_HZ = 50.0
IDLE_CLOSE_S = 5.0
"""How long a device is kept after the last sound, so that starting again is instant."""
RETRY_S = 2.0
"""Between tries to get a lost device back."""
STALLED_S = 1.5
"""A stream whose callback is not called for so long, beyond its latency, is dead."""
EXIT_FADE_MS = 40.0
EXIT_LIMIT_S = 0.8

_SWITCH_INTERVAL_S = 0.0005
_NICENESS = -11
_KEPT_LOOPS = 4
_REJOIN_FADE_MS = 50.0

_log = logging.getLogger(__name__)


class AudioProcess:
    """Serves one connection: knows the wished device, what pulls the mixer now, and which loops it was given."""

    def __init__(self, connection: Channel) -> None:
        self._connection = connection
        self._outbox: deque[commands.Message] = deque()
        self._wish: commands.Open | None = None
        self._puller: DeviceStream | SilentClock | None = None
        self._mixer: Mixer | None = None
        self._listener: Listener | None = None
        self._loops: dict[int, BakedLoop] = {}
        self._leading: int | None = None
        self._gain = 1.0
        self._lost = False
        self._retry_at = 0.0
        self._idle_since = 0.0
        self._last_callback = (0, 0)

    def serve(self) -> None:
        """Obey and tell until the other end goes; then fade out and return."""
        due = time.monotonic()
        with contextlib.suppress(EOFError, OSError):
            while True:
                while self._connection.poll(max(0.0, due - time.monotonic())):
                    self._obey(self._connection.receive())
                    if time.monotonic() >= due:
                        break
                due = max(due + 1.0 / SNAPSHOTS_HZ, time.monotonic())
                self._watch()
                self._tell()
        self._leave()

    # --- commands -----------------------------------------------------------------------------------------------------

    def _obey(self, command: commands.Command) -> None:
        match command:
            case commands.Open() if command == self._wish and isinstance(self._puller, DeviceStream):
                # It is open already: nothing that plays there is disturbed.
                stream, self._idle_since = self._puller, time.monotonic()
                self._outbox.append(commands.Opened(stream.name, stream.sample_rate, stream.latency_s))
            case commands.Open():
                self._wish, self._lost = command, False
                self._rest()
                self._wake(announce=True)
            case commands.Close():
                self._rest()
                self._wish = None
            case commands.ListDevices():
                self._list_devices()
            case commands.SetVolume(gain):
                self._gain = gain
                if self._mixer is not None:
                    self._mixer.set_volume(gain)
            case commands.Play(loop_id, loop, fade_ms):
                self._leading = loop_id
                self._keep(loop_id, loop)
                self._wake(announce=False)
                if self._mixer is not None:
                    self._mixer.play(loop_id, fit_rate(loop, self._mixer.sample_rate), fade_ms=fade_ms)
                    self._start()
            case _ if self._mixer is not None:
                self._obey_playing(command, self._mixer)

    def _obey_playing(self, command: commands.Command, mixer: Mixer) -> None:
        """What only makes sense once something has been opened."""
        match command:
            case commands.Replace(loop_id, loop):
                if loop_id in self._loops:
                    self._loops[loop_id] = loop
                mixer.replace(loop_id, fit_rate(loop, mixer.sample_rate))
            case commands.TakeOver(loop_id, loop, overlap_ms, entries):
                self._keep(loop_id, loop)
                ratio = mixer.sample_rate / loop.sample_rate
                mixer.take_over(
                    loop_id,
                    fit_rate(loop, mixer.sample_rate),
                    overlap_ms=overlap_ms,
                    entries=tuple(round(entry * ratio) for entry in entries),
                )
            case commands.Stop(fade_ms):
                self._leading = None
                mixer.stop(fade_ms=fade_ms)
                if self._puller is None:
                    # Nobody renders while the device is given back: have the command taken up all the same.
                    mixer.render(np.zeros((0, mixer.n_channels), dtype=np.float32))

    def _keep(self, loop_id: int, loop: BakedLoop) -> None:
        """Remember a loop as it was given: positions are told in its samples, and a new device may begin it again."""
        self._loops.pop(loop_id, None)
        self._loops[loop_id] = loop
        others = [kept for kept in self._loops if kept != self._leading]
        for old in others[:-_KEPT_LOOPS]:
            del self._loops[old]

    def _list_devices(self) -> None:
        try:
            if not isinstance(self._puller, DeviceStream):
                refresh_devices()
            self._outbox.append(commands.Devices(list_devices()))
        except DeviceError as error:
            _log.info("no devices to list: %s", error)
            self._outbox.append(commands.Devices(()))

    # --- the stream ---------------------------------------------------------------------------------------------------

    def _wake(self, *, announce: bool) -> None:
        """Have something pull the mixer: the wished device, or the silent clock if there is none."""
        self._idle_since = time.monotonic()
        wish = self._wish
        if wish is None or self._puller is not None:
            return
        if wish.silent:
            self._puller = SilentClock(self._mixer_for(wish.sample_rate, MAX_CHANNELS), speed=wish.speed)
            self._outbox.append(commands.Opened("", wish.sample_rate, 0.0))
        else:
            self._try_device(wish, announce=announce)

    def _try_device(self, wish: commands.Open, *, announce: bool) -> None:
        try:
            stream = self._open_device(wish)
        except DeviceError as error:
            self._lose(error, wish)
            return
        # Only one may pull at a time.
        self._rest()
        stream.attach(self._mixer_for(stream.sample_rate, stream.n_channels))
        self._puller = stream
        self._last_callback = (0, 0)
        if self._leading is not None:
            self._start()
            if self._puller is not stream:
                return
        if announce or self._lost:
            self._outbox.append(commands.Opened(stream.name, stream.sample_rate, stream.latency_s))
        self._lost = False

    def _open_device(self, wish: commands.Open) -> DeviceStream:
        try:
            return DeviceStream(wish.device, sample_rate=wish.sample_rate, latency_s=wish.latency_s)
        except DeviceError:
            # PortAudio lists devices once per initialisation: look again before giving up.
            refresh_devices()
            return DeviceStream(wish.device, sample_rate=wish.sample_rate, latency_s=wish.latency_s)

    def _start(self) -> None:
        """Have an open device pull, now that there is something to play."""
        stream, wish = self._puller, self._wish
        if wish is None or not isinstance(stream, DeviceStream) or stream.is_started:
            return
        try:
            stream.start()
        except DeviceError as error:
            self._puller = None
            self._lose(error, wish)

    def _lose(self, error: DeviceError, wish: commands.Open) -> None:
        """Tell once that there is no sound, and let the music go on in silence."""
        self._retry_at = time.monotonic() + RETRY_S
        if not self._lost:
            self._lost = True
            self._outbox.append(commands.DeviceLost(error))
        if self._puller is None:
            self._puller = SilentClock(self._mixer or self._mixer_for(wish.sample_rate, MAX_CHANNELS))

    def _mixer_for(self, sample_rate: int, n_channels: int) -> Mixer:
        """The mixer, made anew (and what leads begun again) only where the device's rate or channels changed."""
        mixer = self._mixer
        if mixer is None or (mixer.sample_rate, mixer.n_channels) != (sample_rate, n_channels):
            mixer = self._mixer = Mixer(sample_rate, n_channels)
            self._listener = Listener(mixer)
            mixer.set_volume(self._gain)
            if self._leading is not None and self._leading in self._loops:
                loop = fit_rate(self._loops[self._leading], sample_rate)
                mixer.play(self._leading, loop, fade_ms=_REJOIN_FADE_MS)
        return mixer

    def _rest(self) -> None:
        """Give the device back. The mixer stays as it is."""
        if self._puller is not None:
            self._puller.close(drain=True)
            self._puller = None

    def _watch(self) -> None:
        """Notice a dead stream, try for a lost device, give an idle one back."""
        puller, mixer, wish, now = self._puller, self._mixer, self._wish, time.monotonic()
        if puller is None or mixer is None or wish is None:
            return
        # Counted in rounds of this loop, not in seconds: a machine that stands still stops both.
        n_callbacks, rounds = self._last_callback
        rounds = rounds + 1 if puller.n_callbacks == n_callbacks else 0
        self._last_callback = (puller.n_callbacks, rounds)
        stalled = rounds > (STALLED_S + puller.latency_s) * SNAPSHOTS_HZ
        if isinstance(puller, DeviceStream) and puller.is_started and (stalled or not puller.is_active):
            puller.close()
            self._puller = None
            self._lose(DeviceError(device=puller.name, detail="it is gone or no longer takes sound"), wish)
        elif self._lost and now >= self._retry_at:
            self._try_device(wish, announce=True)
        if not mixer.is_silent or mixer.events:
            self._idle_since = now
        elif now - self._idle_since > IDLE_CLOSE_S:
            self._rest()
            gc.collect()

    # --- messages -----------------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Send what there is to tell, never waiting for the parent. Raises OSError when it is gone."""
        puller, mixer, listener = self._puller, self._mixer, self._listener
        if mixer is not None and listener is not None:
            heard = mixer.rendered_samples if puller is None else puller.heard_sample()
            for event in listener.happened(heard):
                if isinstance(event, commands.TookOver):
                    self._leading = event.loop_id
                self._outbox.append(event)
            if puller is not None and self._writable():
                self._outbox.append(self._snapshot(listener, puller, heard))
        # A parent that does not read gets no more than fits: a full pipe must not hold up the commands.
        while self._outbox and self._writable():
            self._connection.send(self._outbox.popleft())

    def _snapshot(self, listener: Listener, puller: DeviceStream | SilentClock, heard_sample: int) -> PlaybackSnapshot:
        heard = listener.listen(heard_sample)
        position = heard.position_samples
        loop = self._loops.get(heard.loop_id) if heard.loop_id is not None else None
        if loop is not None and loop.sample_rate != puller.sample_rate:
            position = min(round(position * loop.sample_rate / puller.sample_rate), loop.n_samples - 1)
        return PlaybackSnapshot(
            loop_id=heard.loop_id,
            position_samples=position,
            turns=heard.turns,
            peak_db=heard.peak_db,
            rms_db=heard.rms_db,
            xruns=puller.xruns,
            load=puller.take_load(),
            latency_s=puller.latency_s,
            device=puller.name,
        )

    def _writable(self) -> bool:
        return bool(select.select([], [self._connection], [], 0.0)[1])

    def _leave(self) -> None:
        """Fade out and go. The parent may be gone already, so nobody else would end a device that hangs."""
        threading.Thread(target=_exit_at_last, daemon=True).start()
        if self._mixer is not None and self._puller is not None:
            self._mixer.stop(fade_ms=EXIT_FADE_MS)
            while not self._mixer.is_silent:
                time.sleep(0.005)
            self._puller.close(drain=True)


def _exit_at_last() -> None:
    time.sleep(EXIT_LIMIT_S)
    os._exit(0)


def main() -> None:
    """Be the audio process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s audio: %(message)s")
    connection = child_connection()
    # The callback's thread gets the interpreter back soon, and no collection ever makes it wait.
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)
    with contextlib.suppress(DeviceError):
        # Loaded before anybody waits for it.
        list_devices()
    gc.collect()
    gc.freeze()
    gc.disable()
    AudioProcess(connection).serve()


if __name__ == "__main__":
    main()
