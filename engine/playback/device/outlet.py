# SPDX-License-Identifier: GPL-3.0-or-later
"""The outlet is where the mix goes: the asked-for device, the default one in its place, or the silent clock.

Whatever happens to devices, the mixer goes on where it was: the next puller takes over at the next sample.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from engine.errors import DeviceError
from engine.playback.commands import DeviceLost, Devices, LatencyRaised, Message, Open, Opened
from engine.playback.device.adapting import AdaptingLatency
from engine.playback.device.device_probe import DeviceProbe
from engine.playback.device.devices import find_device
from engine.playback.device.feed import Feed
from engine.playback.device.inlet import Heard
from engine.playback.device.opener import Listed, NotStarted, Opener, Tried
from engine.playback.device.priority import is_overloaded
from engine.playback.device.stream import DeviceStream, SilentClock

IDLE_CLOSE_S = 5.0
"""Seconds for which a device is kept after the last sound, so that starting again is instant."""
STALLED_S = 0.8
"""Seconds beyond its latency without a callback after which a stream is dead."""
SETTLE_S = 2.5
"""Seconds without a callback after which a new stream is dead: a server may work two seconds ahead first."""
STALLS_APART_S = 60.0
"""Seconds between two stalls below which a stream is not tried again at once: opening it anew is no remedy."""
FIRST_STALL_RETRY_S, LAST_STALL_RETRY_S = 1.0, 30.0
"""Seconds between two tries of a stream that stalls, at first and in the end."""
PATIENCE_S = 1.0
"""Seconds that music waits for a device before it goes on without one."""
RETRY_S = 0.5
LAST_RETRY_S = 1.25
"""Seconds between tries to get a lost device back, in the end (``RETRY_S`` at first); each costs 25 ms of CPU."""
IDLE_RETRY_S = 4.0
"""Seconds between tries to get a lost device back while nothing plays."""
PROBE_S = 2.0
"""Seconds between looks for a lost device while another one stands in."""
FIRST_REOPENING_S = 10.0
LAST_REOPENING_S = 600.0
"""Seconds between tries to reopen a device that is listed but does not open, in the end; each interrupts the music."""


class Outlet:
    """The outlet holds the feed's one puller, and tells of devices by ``tell``; all calls come from one thread."""

    def __init__(self, tell: Callable[[Message], None], opener: Opener | None = None) -> None:
        self._tell = tell
        self._opener = opener or Opener()
        self._probe = DeviceProbe()
        self._asked: Open | None = None
        self._latency = AdaptingLatency(0.0)
        self._tells_latency = False
        self._feed: Feed | None = None
        self._puller: DeviceStream | SilentClock | None = None
        self._is_trying = False
        self._trying_since = 0.0
        self._announces = False
        self._is_lost = False
        self._wants_list = False
        self._retry_at, self._retry_s = 0.0, RETRY_S
        self._reopen_at, self._reopen_s = 0.0, FIRST_REOPENING_S
        self._probe_at = 0.0
        self._idle_since = 0.0
        self._xruns_before = 0
        self._last_callback = (0, 0)
        self._stalled_at, self._stall_retry_s = -STALLS_APART_S, 0.0

    # --- what is asked for --------------------------------------------------------------------------------------------

    def open(self, asked: Open, feed: Feed) -> None:
        """Have ``feed`` go to the asked-for device from now on; until that is open, to where it goes now."""
        puller = self._puller
        self._idle_since = time.monotonic()
        if asked == self._asked and feed is self._feed and isinstance(puller, DeviceStream) and not self._is_lost:
            # It is open already: nothing that plays there is disturbed.
            self._tell_opened(puller)
            return
        if feed is not self._feed:
            self._release(drain=True)
            self._feed = feed
        if asked != self._asked:
            self._latency, self._tells_latency = AdaptingLatency(asked.latency_s, is_overloaded), True
        self._asked, self._is_lost, self._announces = asked, False, True
        self._retry_s, self._reopen_s, self._reopen_at = RETRY_S, FIRST_REOPENING_S, 0.0
        if asked.silent:
            self._release(drain=True)
            self._puller = SilentClock(feed, speed=asked.speed)
            self._tell(Opened("", asked.sample_rate, 0.0))
        else:
            self._try()

    def expect(self, device: tuple[str, str] | None, latency_s: float) -> None:
        """Have this device ready to be opened and to sound at once."""
        self._opener.expect(device, latency_s)

    def close(self) -> None:
        """Give the device back."""
        self._release(drain=True)
        self._asked, self._is_lost = None, False

    def wake(self) -> None:
        """Have the feed pulled, as there is something to play."""
        self._idle_since = time.monotonic()
        asked, feed, puller = self._asked, self._feed, self._puller
        if asked is None or feed is None:
            return
        if isinstance(puller, DeviceStream) and not puller.is_started:
            self._start(puller)
        elif puller is None and asked.silent:
            self._puller = SilentClock(feed, speed=asked.speed)
        elif puller is None:
            if self._is_lost:
                self._puller = SilentClock(feed)
                # A try that is under way may be one that lets nothing stand in.
                self._retry_s = RETRY_S
            self._try()

    def list_devices(self) -> None:
        """List devices anew; the list is told when it is known."""
        self._wants_list = True
        self._list()

    def leave(self, timeout_s: float) -> None:
        """Give the device back, waiting at most ``timeout_s`` for it."""
        self._probe.close()
        self.close()
        give_up = time.monotonic() + timeout_s
        while self._opener.is_busy and time.monotonic() < give_up:
            time.sleep(0.002)

    # --- what is ------------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Return the device's name, or "" where there is none."""
        return "" if self._puller is None else self._puller.name

    @property
    def latency_s(self) -> float:
        return 0.0 if self._puller is None else self._puller.latency_s

    @property
    def is_opening(self) -> bool:
        """Return whether a device is being waited for."""
        puller = self._puller
        is_settling = isinstance(puller, DeviceStream) and puller.is_started and not puller.has_settled
        return self._opener.is_busy or is_settling

    @property
    def is_pulling(self) -> bool:
        """Return whether the mixer is being rendered, or about to be."""
        return isinstance(self._puller, SilentClock) or (self._puller is not None and self._puller.is_started)

    @property
    def xruns(self) -> int:
        """Return the under- and overflows on any device so far."""
        return self._xruns_before + (0 if self._puller is None else self._puller.xruns)

    def heard_sample(self) -> int:
        """Return which of the mixer's output samples is heard now."""
        if self._feed is None:
            return 0
        if self._puller is None or not self.is_pulling:
            # Nothing more comes: what waits in the limiter is as good as heard.
            return self._feed.n_pulled + self._feed.mixer.latency_samples
        return self._puller.heard_sample()

    def heard_at(self, time_s: float) -> Heard | None:
        """Return which frame of the tape was heard at a time of PortAudio's clock; None where nothing was."""
        feed, puller = self._feed, self._puller
        if feed is None or not isinstance(puller, DeviceStream) or not puller.is_started:
            return None
        sample = puller.sample_at(time_s)
        return None if sample is None else Heard(feed.tape_offset + sample, puller)

    def take_load(self) -> float:
        """Return the share of real time that mixing took since the last call, in [0, 1]."""
        return 0.0 if self._puller is None else self._puller.take_load()

    # --- what happens -------------------------------------------------------------------------------------------------

    def take_results(self) -> None:
        """Go on with what the opener and the probe found; to be called often."""
        while self._opener.results:
            result = self._opener.results.popleft()
            match result:
                case Tried():
                    self._on_tried(result)
                case NotStarted(stream, error):
                    if stream is self._puller:
                        self._release(drain=False)
                        self._lose(error)
                case Listed(devices):
                    self._tell(Devices(devices))
        devices_now = self._probe.take()
        if devices_now is None:
            return
        puller, asked = self._puller, self._asked
        if self._wants_list:
            self._wants_list = False
            # A device that is in use may not be told to others.
            used = [puller.device] if isinstance(puller, DeviceStream) and puller.device not in devices_now else []
            self._tell(Devices((*devices_now, *used)))
        if not self._is_lost or asked is None or asked.device is None or not isinstance(puller, DeviceStream):
            return
        if find_device(asked.device, devices_now) is not None:
            self._try()

    def watch(self, *, is_silent: bool) -> None:
        """Notice a dead stream, try for a lost device, give an idle one back; to be called 50 times a second."""
        puller, asked, now = self._puller, self._asked, time.monotonic()
        if self._is_trying and not self._opener.is_busy and not self._opener.results:
            # The try broke down: its fault is in the log. It is tried again like any other that failed.
            self._is_trying = False
            if asked is not None and not isinstance(puller, DeviceStream):
                self._lose(DeviceError(device="", detail="the attempt to open it failed"))
                puller = self._puller
        self._list()
        if asked is None or self._feed is None:
            return
        if isinstance(puller, DeviceStream) and puller.is_started and self._is_dead(puller):
            self._release(drain=False)
            self._lose(DeviceError(device=puller.name, detail="it is gone or no longer takes sound"))
            self._retry_at = max(self._retry_at, now + self._stall_wait_s(now))
        elif isinstance(puller, DeviceStream) and puller.is_started and not self._is_lost:
            self._adapt(asked, now)
        elif puller is None and not is_silent and self._is_trying and now - self._trying_since > PATIENCE_S:
            self._puller = SilentClock(self._feed)
        if self._is_lost and not self._is_trying:
            if isinstance(self._puller, DeviceStream):
                if now >= self._probe_at:
                    self._probe_at = now + PROBE_S
                    self._probe.ask()
            elif now >= self._retry_at:
                self._try()
        if not is_silent:
            self._idle_since = now
        elif self._puller is not None and now - self._idle_since > IDLE_CLOSE_S:
            self._release(drain=True)

    def _adapt(self, asked: Open, now: float) -> None:
        """Change to a stream of another latency where that is due; a latency longer than asked for is told once."""
        if not self._latency.hear(now, self.xruns):
            return
        if self._tells_latency:
            self._tells_latency = False
            self._tell(LatencyRaised(asked.latency_s))
        self._try()

    def _is_dead(self, stream: DeviceStream) -> bool:
        # Counted in rounds, not in seconds: a machine that stands still stops both.
        n_callbacks, rounds = self._last_callback
        waits_to_start = not stream.n_callbacks and self._opener.is_busy
        rounds = rounds + 1 if stream.n_callbacks == n_callbacks and not waits_to_start else 0
        self._last_callback = (stream.n_callbacks, rounds)
        if stream.n_callbacks and not stream.is_active:
            return True
        return rounds > ((STALLED_S if stream.has_settled else SETTLE_S) + stream.latency_s) * 50.0

    def _stall_wait_s(self, now: float) -> float:
        """Return the seconds for which a device that stalled now is to be left alone."""
        is_again = now - self._stalled_at < STALLS_APART_S
        self._stalled_at = now
        longer_s = min(max(2.0 * self._stall_retry_s, FIRST_STALL_RETRY_S), LAST_STALL_RETRY_S)
        self._stall_retry_s = longer_s if is_again else 0.0
        return self._stall_retry_s

    def _try(self) -> None:
        """Try the asked-for device; one try runs at a time."""
        if not self._is_trying and self._asked is not None and not self._asked.silent:
            self._is_trying, self._trying_since = True, time.monotonic()
            # Nothing stands in where nothing is to be heard: it would only be closed again.
            may_stand_in = self._announces or (self._feed is not None and not self._feed.mixer.is_silent)
            asked = replace(self._asked, latency_s=self._latency.seconds)
            self._opener.open(asked, alone=not isinstance(self._puller, DeviceStream), may_stand_in=may_stand_in)

    def _on_tried(self, result: Tried) -> None:
        self._is_trying = False
        stream, error, now = result.stream, result.error, time.monotonic()
        if self._asked is None or result.asked != replace(self._asked, latency_s=self._latency.seconds):
            # Another was asked for meanwhile.
            if stream is not None:
                self._opener.close(stream, drain=False)
            self._try()
        elif stream is not None:
            self._go_to(stream)
            if error is not None:
                self._tell_lost(error)
                self._probe_at = now + PROBE_S
            if self._announces or self._is_lost:
                self._tell_opened(stream)
            self._announces, self._is_lost = False, error is not None
            self._retry_s = RETRY_S
        elif not isinstance(self._puller, DeviceStream):
            assert error is not None
            self._lose(error)
        elif not self._is_lost:
            # What is open may be what is in the way: give it back and look anew.
            self._release(drain=True)
            self._try()
        elif now >= self._reopen_at:
            self._reopen_at, self._reopen_s = now + self._reopen_s, min(2.0 * self._reopen_s, LAST_REOPENING_S)
            self._release(drain=True)
            self._try()

    def _go_to(self, stream: DeviceStream) -> None:
        """Have this stream pull from now on."""
        assert self._feed is not None
        before, self._puller = self._puller, None
        goes_on = isinstance(before, SilentClock) or (before is not None and before.is_started)
        if before is not None:
            before.detach()
            self._xruns_before += before.xruns
        stream.attach(self._feed)
        self._puller = stream
        if isinstance(before, DeviceStream):
            # Heard to its end first: nothing is lost, and nothing sounds twice where both play to one place.
            self._opener.close(before, drain=True)
        if goes_on or not self._feed.mixer.is_silent:
            self._start(stream)

    def _start(self, stream: DeviceStream) -> None:
        stream.is_started = True
        self._last_callback = (stream.n_callbacks, 0)
        self._opener.start(stream)

    def _lose(self, error: DeviceError) -> None:
        """Tell once that there is no sound, and let the music go on in silence."""
        is_idle = self._feed is None or self._feed.mixer.is_silent
        self._retry_at = time.monotonic() + (self._retry_s if self._is_lost else 0.0)
        self._retry_s = min(1.5 * self._retry_s, IDLE_RETRY_S if is_idle else LAST_RETRY_S)
        self._tell_lost(error)
        self._announces = False
        if self._puller is None and self._feed is not None and not is_idle:
            self._puller = SilentClock(self._feed)

    def _tell_lost(self, error: DeviceError) -> None:
        if not self._is_lost:
            self._is_lost = True
            self._tell(DeviceLost(error))

    def _tell_opened(self, stream: DeviceStream) -> None:
        self._tell(Opened(stream.name, stream.sample_rate, stream.latency_s))

    def _release(self, *, drain: bool) -> None:
        """Stop pulling; the mixer stays as it is."""
        puller, self._puller = self._puller, None
        if puller is None:
            return
        puller.detach()
        self._xruns_before += puller.xruns
        if isinstance(puller, DeviceStream):
            self._opener.close(puller, drain=drain)

    def _list(self) -> None:
        if not self._wants_list or self._is_trying:
            return
        if isinstance(self._puller, DeviceStream):
            self._probe.ask()
        else:
            self._wants_list = False
            self._opener.list()
