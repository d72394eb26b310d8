# SPDX-License-Identifier: GPL-3.0-or-later
"""The transmitter carries the stream on, some times a second: from the source to all its forms, and to who listens."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from engine.broadcast.air_log import AirLog
from engine.broadcast.forms import FORMS, MP3
from engine.broadcast.hls import HlsFolder
from engine.broadcast.icecast import NOT_YET, IcecastSource, icecast_address
from engine.broadcast.listener import Listener, title_block
from engine.broadcast.minutes import Minutes
from engine.broadcast.mount import BURST_S, Mount
from engine.broadcast.reserve import starters_reserve
from engine.broadcast.source import QUIET_S, Source, Taken
from engine.broadcast.watch import StreamWatch
from engine.log_lines import note
from engine.shared import SharedBlock
from engine.tape import TapeReader
from engine.units import seconds_to_samples
from engine.values import FloatArray
from engine.values.radio import RadioPlan

_log = logging.getLogger(__name__)

TICK_S = 0.25
"""Seconds between two pieces of the stream: each is one write a listener."""
DEAD_S = 3.0
"""Seconds of dead air, while the source is heard, after which an encoder is made anew."""


class Transmitter:
    """A transmitter has one programme for all who listen.

    Parameters
    ----------
    goes_on
        Whether it goes on with what another one sent: then it begins with the last seconds of that.

    Attributes
    ----------
    log
        What is on the air.
    mounts
        The forms of the stream by their names.
    hls
        The stream as files; None where none are written.
    icecast
        The servers that it is sent to.
    """

    def __init__(
        self,
        plan: RadioPlan,
        tape: SharedBlock,
        *,
        goes_on: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        reader = TapeReader(tape)
        if goes_on:
            reader.go_back(seconds_to_samples(BURST_S, reader.sample_rate))
        self._clock, rate = clock, reader.sample_rate
        self._source = Source(reader, clock())
        self._reserve_folder = plan.reserve_folder
        self._loading: threading.Thread | None = None
        self.log = AirLog(Path(plan.folder) if plan.folder else None, delay_s=BURST_S)
        self.mounts = {form.name: Mount(form, rate) for form in FORMS}
        self.minutes, self.watch = Minutes(rate), StreamWatch(MP3)
        self._name = plan.name
        self._words, self._title = plan.name, title_block(plan.name)
        self.hls = HlsFolder(Path(plan.hls_folder), rate) if plan.hls_folder else None
        self.icecast = tuple(
            IcecastSource(one, plan.icecast_password, plan.name, one.form.sample_rate or rate)
            for one in map(icecast_address, plan.icecast)
        )
        self._past: deque[tuple[int, FloatArray]] = deque()
        self._n_past = seconds_to_samples(BURST_S + 1.0, rate)
        self._n_out, self._out_s = 0, clock()
        self._was_on_reserve = self._was_dead = False
        for name in {MP3.name, *(one.address.form.name for one in self.icecast)}:
            self.mounts[name].is_kept = True
            self.mounts[name].wake((), self._title)

    @property
    def n_listeners(self) -> int:
        """Return how many listen to a form of the stream."""
        return sum(mount.n_listeners for mount in self.mounts.values())

    @property
    def is_on_reserve(self) -> bool:
        """Return whether the reserve is heard, as nothing comes from the studio."""
        return self._source.is_on_reserve

    @property
    def troubles(self) -> tuple[tuple[str, str], ...]:
        """Return which servers, and whether the files of HLS, are not reached now, each with why."""
        sent = [(f"Icecast at {one.address}", one.trouble) for one in self.icecast if one.trouble != NOT_YET]
        if self.hls is not None:
            sent.append(("HLS", self.hls.trouble))
        return tuple(one for one in sent if one[1])

    @property
    def streamed_s(self) -> float:
        """Return how long the stream is by now, in seconds."""
        return self._n_out / self._source.sample_rate

    @property
    def position_s(self) -> float:
        """Return where the stream is now, in its seconds, between two ticks too."""
        return self.streamed_s + min(self._clock() - self._out_s, TICK_S)

    def tick(self) -> None:
        """Send what came since the last call."""
        self._tick()
        if self._reserve_folder and self._loading is None:
            # Once the stream is there: who waits for it hears the last seconds of the tape meanwhile.
            self._loading = threading.Thread(target=self._load_reserve, name="reserve", daemon=True)
            self._loading.start()

    def _tick(self) -> None:
        now_s = self._clock()
        taken = self._source.take(now_s)
        if not len(taken.frames):
            return
        self._follow_titles(taken)
        self._n_out, self._out_s = self._n_out + len(taken.frames), now_s
        self._past.append((self._n_out, taken.frames))
        while self._past[0][0] < self._n_out - self._n_past:
            self._past.popleft()
        for mount in self.mounts.values():
            content = mount.feed(self._n_out, taken.frames, self._title)
            for one in self.icecast:
                if one.address.form is mount.form:
                    one.feed(mount.head, content, self._words)
            if mount.form is MP3 and content:
                self.minutes.keep(self._n_out, content)
                self._listen(mount, content)
        if self.hls is not None:
            self.hls.feed(self._n_out, taken.frames)
        self._note_changes()

    def join(self, name: str, listener: Listener) -> float:
        """Have somebody listen to a form of the stream from now on; return the second of the stream that it begins at.

        Raises KeyError for an unknown form.
        """
        mount = self.mounts[name]
        mount.wake(self._past, self._title)
        return mount.join(listener) / self._source.sample_rate

    def close(self) -> None:
        """Hang up, and encode nothing more."""
        for mount in self.mounts.values():
            mount.hang_up()
            mount.rest()
        for one in self.icecast:
            one.close()
        if self.hls is not None:
            self.hls.close()

    def _load_reserve(self) -> None:
        self._source.reserve = starters_reserve(Path(self._reserve_folder), self._source.sample_rate)

    def _follow_titles(self, taken: Taken) -> None:
        if taken.tape_frame is None or not self.log.go_to(taken.tape_frame + len(taken.frames)):
            return
        piece = self.log.encoded
        if piece is not None:
            note(
                _log, "a piece begins", number=piece.number, title=piece.title, prompt=piece.prompt, mood=piece.mood,
                recycled=piece.is_recycled, requested=piece.is_requested,
            )  # fmt: skip
            self._words = " - ".join(one for one in (piece.artist or self._name, piece.title) if one)
            self._title = title_block(self._words)

    def _note_changes(self) -> None:
        if self.is_on_reserve != self._was_on_reserve:
            self._was_on_reserve = self.is_on_reserve
            words = "the reserve comes in" if self.is_on_reserve else "music comes from the studio again"
            note(_log, words, listeners=self.n_listeners)
        is_dead = self.watch.dead_s >= QUIET_S
        if is_dead != self._was_dead:
            self._was_dead = is_dead
            words = "nothing is heard in the encoded stream" if is_dead else "the encoded stream is heard again"
            note(_log, words, dead_air_s=round(self.watch.dead_s, 2), longest_s=round(self.watch.most_dead_s, 2))

    def _listen(self, mount: Mount, content: bytes) -> None:
        self.watch.take(content)
        if self.watch.dead_s > DEAD_S and not self._source.is_quiet:
            _log.error("nothing is heard in the encoded stream for %.1f s: its encoder is made anew", self.watch.dead_s)
            mount.renew()
            self.watch.dead_s, self._was_dead = 0.0, False
