# SPDX-License-Identifier: GPL-3.0-or-later
"""This speaker talks with a MagentaRT server (magenta-rt of jerry4loops), which goes on from a sound in whole bars.

A clip is made at once. Endless music is a jam there: begun with its first part, told what is heard as each further
part is asked for, its styles and knobs turned when the request's have changed, and ended when the music is left, its
tempo changes, or the process ends. A jam that the server lost is begun anew from the last part.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from engine.errors import RemoteError, StudioError
from engine.generators.base import Generation, finished
from engine.generators.capabilities import Capabilities, Limits, Takes
from engine.generators.remote.aside import aside
from engine.generators.remote.asking import Line, Wait, progressing, shown
from engine.generators.remote.magenta_server import MAKING_S, JamGone, Made, MagentaServer
from engine.generators.remote.magenta_wanted import (
    PARAMETERS,
    SOUND_RATE,
    TITLE,
    Knobs,
    Terms,
    WantedMusic,
    sound_of,
    wanted_music,
)
from engine.generators.remote.speaker import Machine, Offer
from engine.values import Clip, ClipRequest, ClipResult, MusicFacts

LONGEST_ASKED_S = 64.0
"""Longest duration that can be asked for, seconds: eight bars of eight beats at the slowest tempo of a jam."""
PARTS_AHEAD = 2
"""Number of parts that are there before they are heard: the one that was asked for so many before is heard."""
NEAR_S = 0.02
"""Seconds by which a clip may be shorter or longer than its bars, and still has that tempo."""
TOLD_BPM = 1.0, 1000.0
"""Tempos that are believed of a server, beats a minute."""
ANCHOR_BARS = range(2, 5)
"""How many bars of what went before a jam can be given to go on from."""

log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Jam:
    """A jam that runs there.

    Attributes
    ----------
    knobs
        Those that it was told last.
    has_sound
        Whether it goes on from a sound of ours, and not from a metronome's, whose style nobody wants.
    newest
        Number of the last part that came.
    rest
        Bars of that which were not asked for yet.
    """

    session: str
    terms: Terms
    knobs: Knobs
    n_reseeded: int
    has_sound: bool
    newest: int = -1
    rest: deque[Made] = field(default_factory=deque)


class MagentaSpeaker:
    """This speaker asks one server, and knows which jams of ours run there."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._model = ""
        self._jams: dict[str, _Jam] = {}
        self._is_watched = False

    def capabilities(self) -> Offer:
        with self._server() as server:
            finished(server.check())
            self._model = finished(server.model())
        capabilities = Capabilities(
            min_duration_s=1.0,
            max_duration_s=LONGEST_ASKED_S,
            sample_rate=SOUND_RATE,
            n_channels=2,
            takes=Takes(bars=True, bpm=True, metre=True, continue_from=True, restyle=True, family=True, endless=True),
            parameters=PARAMETERS,
            limits=Limits(load_s=MAKING_S),
        )
        return Offer(TITLE, capabilities)

    def submit(self, request: ClipRequest, _offer: Offer, /) -> Generation:
        wanted = wanted_music(request)
        with self._server() as server:
            work = (
                self._clip(server, request, wanted) if request.part_of is None else self._part(server, request, wanted)
            )
            made = yield from progressing(work, request.job_id, "generating")
        clip, facts = self._fitting(made, wanted.terms, wanted.bars)
        versions = {TITLE: shown(self._model) or "its own model"}
        return ClipResult(request.job_id, clip, facts, seed=None, versions=versions, asked_bars=wanted.bars)

    def leave(self, music: str) -> None:
        """End the jam that plays this music there, if one does; a server that does not answer ends it by itself."""
        jam = self._jams.pop(music, None)
        if jam is None:
            return
        try:
            with self._server() as server:
                finished(server.stop(jam.session))
        except StudioError as error:
            log.info("a jam there was not ended: %s", error)

    # --- a clip at once ----------------------------------------------------------------------------------------------

    def _clip(self, server: MagentaServer, request: ClipRequest, wanted: WantedMusic) -> Wait[Made]:
        sound, kept = sound_of(request, wanted.terms)
        made = yield from server.clip(sound, wanted.terms, _weighed(wanted.knobs, kept))
        return self._cut(made, wanted.terms, wanted.bars)[0]

    # --- endless music -----------------------------------------------------------------------------------------------

    def _part(self, server: MagentaServer, request: ClipRequest, wanted: WantedMusic) -> Wait[Made]:
        """Return the next part of a jam, which is begun where it does not run."""
        assert request.part_of is not None
        name = request.part_of.name
        jam = self._jams.get(name)
        if jam is not None and jam.terms != wanted.terms:
            del self._jams[name]
            yield from server.stop(jam.session)
            jam = None
        if jam is not None:
            try:
                return (yield from self._next(server, jam, request, wanted))
            except JamGone:
                self._jams.pop(name, None)
        self._jams[name] = jam = yield from self._begun(request, wanted)
        self._watch()
        try:
            return (yield from self._next(server, jam, request, wanted))
        except JamGone as error:
            self._jams.pop(name, None)
            raise RemoteError(machine=self._machine.place, detail="its jam ended as soon as it began") from error

    def _begun(self, request: ClipRequest, wanted: WantedMusic) -> Wait[_Jam]:
        """Begin a jam; one that is cancelled meanwhile is ended once its id is known, as it would block all others."""
        assert request.part_of is not None
        sound, kept = sound_of(request, wanted.terms)
        jam = _Jam(
            "",
            wanted.terms,
            _weighed(wanted.knobs, kept),
            request.part_of.n_reseeded,
            has_sound=request.continue_from is not None,
        )
        is_left = threading.Event()

        def begin() -> str:
            with self._server() as server:
                session = finished(server.start(sound, jam.terms, jam.knobs))
                if is_left.is_set():
                    finished(server.stop(session))
                return session

        try:
            jam.session = yield from aside(begin)
        except GeneratorExit:
            is_left.set()
            raise
        return jam

    def _next(self, server: MagentaServer, jam: _Jam, request: ClipRequest, wanted: WantedMusic) -> Wait[Made]:
        """Return the next bars of a jam that runs, after it was told what has changed. Raises JamGone."""
        assert request.part_of is not None
        if request.part_of.n_reseeded > jam.n_reseeded and request.continue_from is not None:
            jam.rest.clear()
            anchor = min(max(wanted.bars, ANCHOR_BARS[0]), ANCHOR_BARS[-1])
            yield from server.reseed(jam.session, request.continue_from, anchor)
            jam.has_sound = True
        jam.n_reseeded = request.part_of.n_reseeded
        kept = 1.0 - (request.evolve or 0.0) if jam.has_sound else 0.0
        knobs = _weighed(wanted.knobs, kept)
        yield from server.update(jam.session, jam.knobs, knobs)
        if knobs != jam.knobs:
            jam.knobs = knobs
            jam.rest.clear()
        if not jam.rest:
            if (heard := jam.newest + 1 - PARTS_AHEAD) >= 0:
                yield from server.consume(jam.session, heard)
            made = yield from server.next(jam.session)
            jam.newest = made.index
            jam.rest += self._cut(made, jam.terms, wanted.bars)
        return jam.rest.popleft()

    def _watch(self) -> None:
        """Have the jams ended with the process, however it ends by itself."""
        if not self._is_watched:
            self._is_watched = True
            atexit.register(self._leave_all)

    def _leave_all(self) -> None:
        for music in tuple(self._jams):
            self.leave(music)

    # --- what came ---------------------------------------------------------------------------------------------------

    def _cut(self, made: Made, terms: Terms, bars: int) -> list[Made]:
        """Return what was made as clips of so many bars each."""
        n_parts = terms.chunk_bars // bars
        if n_parts == 1:
            return [made]
        edges = [round(one * made.clip.n_samples / n_parts) for one in range(n_parts + 1)]
        samples, rate = made.clip.samples, made.clip.sample_rate
        cuts = [Clip(samples[edges[one] : edges[one + 1]], rate) for one in range(n_parts)]
        return [replace(made, clip=one) for one in cuts]

    def _fitting(self, made: Made, terms: Terms, bars: int) -> tuple[Clip, MusicFacts]:
        """Return so many bars as a clip that goes round, and its tempo. Raises RemoteError for what has not that many.

        A clip that is longer than its bars at the tempo that was asked for is cut, unless the server tells another
        tempo for it: then it has all of them at that one.
        """
        clip, told = made.clip, made.told.get("bpm")
        n_wanted, near = terms.samples_of(bars, clip.sample_rate), round(NEAR_S * clip.sample_rate)
        bpm = terms.bpm
        if not isinstance(told, int | float) or not TOLD_BPM[0] <= told <= TOLD_BPM[1]:
            told = bpm
        if abs(clip.n_samples - n_wanted) > near:
            others = replace(terms, bpm=float(told)).samples_of(bars, clip.sample_rate)
            if abs(clip.n_samples - others) <= near:
                n_wanted, bpm = clip.n_samples, float(told)
        if clip.n_samples < n_wanted - near:
            needed = f"{n_wanted / clip.sample_rate:.1f} s"
            detail = f"its clip lasts {clip.duration_s:.1f} s, where {bars} bars at {bpm:g} bpm take {needed}"
            raise RemoteError(machine=self._machine.place, detail=detail)
        facts = MusicFacts(bpm, beats_per_bar=terms.beats_per_bar, bars=bars)
        return Clip(clip.samples[:n_wanted], clip.sample_rate, wraps=True), facts

    @contextmanager
    def _server(self) -> Iterator[MagentaServer]:
        token = self._machine.token
        with Line(self._machine, TITLE, {"Authorization": f"Bearer {token}"} if token else {}) as line:
            yield MagentaServer(line, self._machine)


def _weighed(knobs: Knobs, kept: float) -> Knobs:
    """Return knobs by which so much of the sound's style is kept, in [0, 1]."""
    return replace(knobs, loop_weight=round(knobs.loop_weight * kept, 3))
