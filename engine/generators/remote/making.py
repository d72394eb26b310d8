# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has other machines make clips: one of them, or the best of several."""

from __future__ import annotations

import time
from dataclasses import replace

from engine.errors import RemoteError, RemoteNone, RemoteTooSlow, UserError
from engine.generators.base import Generation, PlaysOn
from engine.generators.remote.declared import SLOWEST, SPEAKS
from engine.generators.remote.fitting import fitted, in_turn
from engine.generators.remote.inquiry import CONNECTING, Inquiry
from engine.generators.remote.machines import machines_of
from engine.generators.remote.pool import Pool
from engine.generators.remote.speaker import SPEAKERS, Machine, Offer, Speaker
from engine.values import ClipRequest, ClipResult, Progress

LOADING_S = 60.0
"""Seconds that a machine may need before it makes music at its own speed: its model may have to be loaded."""
WAITING = "waiting"
"""Stage in which a machine has not begun with the clip."""


class Making:
    """Making has the best of the machines make each clip; it remembers how fast each of them is."""

    def __init__(self) -> None:
        self._pool = Pool()
        # By endless music, which machine plays it.
        self._homes: dict[str, tuple[Machine, Speaker]] = {}

    def generate(self, request: ClipRequest) -> Generation:
        """Ask every machine what it can do, and the best of them for the clip. Raises RemoteError, UserError."""
        values = request.parameters
        speaker = SPEAKERS[values.text(SPEAKS.name)]
        speakers = {one: speaker(one) for one in machines_of(values)}
        slowest = values.number(SLOWEST.name)
        inquiry = Inquiry(speakers)
        failures: list[RemoteError] = []
        refusals: list[UserError] = []
        tried: set[Machine] = set()
        telling = _Telling()
        # What one fails at, or is too slow for, is asked of the next; it may answer while the first one fails.
        while True:
            yield Progress(request.job_id, None, CONNECTING)
            offers = yield from inquiry.answers(request.job_id, besides=tried)
            asked: dict[Machine, ClipRequest] = {}
            for machine, offer in offers.items():
                try:
                    self._pool.check(machine, slowest)
                    asked[machine] = fitted(request, offer, machine.place)
                except RemoteError as error:
                    failures.append(error)
                except UserError as error:
                    refusals.append(error)
                if machine not in asked:
                    tried.add(machine)
            if not offers:
                break
            if not asked:
                continue
            home = self._home_of(request)
            machine = self._pool.best({one: offers[one] for one in asked}, request.duration_s)
            if home is not None and home in asked:
                machine = home
            tried.add(machine)
            self._settle(asked[machine], machine, speakers[machine])
            making = self._made(speakers[machine], machine, asked[machine], offers[machine], slowest)
            try:
                result = yield from telling.of(making)
            except RemoteError as error:
                failures.append(error)
            else:
                return _told(result, offers[machine])
        # What no machine takes, the person can change; more so than what they fail at.
        if refusals:
            raise refusals[0]
        raise _none_of(len(speakers), [*inquiry.failures, *failures])

    def leave(self, music: str) -> None:
        """Have the machine that plays endless music end it."""
        _, speaker = self._homes.pop(music, (None, None))
        if isinstance(speaker, PlaysOn):
            speaker.leave(music)

    def _home_of(self, request: ClipRequest) -> Machine | None:
        """Return the machine that plays the music whose next part is asked for."""
        part_of = request.part_of
        return self._homes[part_of.name][0] if part_of is not None and part_of.name in self._homes else None

    def _settle(self, request: ClipRequest, machine: Machine, speaker: Speaker) -> None:
        """Take note that a machine plays this music now; the one that did before is to end it."""
        home, part_of = self._home_of(request), request.part_of
        if part_of is not None:
            if home is not None and home != machine:
                self.leave(part_of.name)
            self._homes[part_of.name] = machine, speaker

    def _made(
        self, speaker: Speaker, machine: Machine, request: ClipRequest, offer: Offer, slowest: float
    ) -> Generation:
        """Have one machine make all clips of a request. Raises RemoteError, UserError."""
        made: list[ClipResult] = []
        telling = _Telling()
        for one in in_turn(request, offer.capabilities.takes.n_clips):
            result = yield from telling.of(self._watched(speaker, machine, one, offer, slowest))
            made += (replace(result, others=()), *result.others)
        return replace(made[0], others=tuple(made[1:]))

    def _watched(
        self, speaker: Speaker, machine: Machine, request: ClipRequest, offer: Offer, slowest: float
    ) -> Generation:
        """Have one machine make a clip, and measure how fast it is. Raises RemoteTooSlow."""
        loading_s = max(LOADING_S, offer.capabilities.limits.load_s) if self._pool.pace(machine) is None else 0.0
        music_s = request.duration_s * request.n_clips
        limit_s = loading_s + slowest * max(music_s, 1.0)
        began_s: float | None = None
        steps = speaker.submit(request, offer)
        try:
            while True:
                progress = next(steps)
                if began_s is None and progress.stage != WAITING:
                    began_s = time.monotonic()
                if began_s is not None and (took_s := time.monotonic() - began_s) > limit_s:
                    self._pool.measured(machine, took_s=took_s, music_s=music_s)
                    pace = took_s / max(music_s, 1.0)
                    raise RemoteTooSlow(machine=machine.place, pace=pace, limit=slowest)
                yield progress
        except StopIteration as end:
            result: ClipResult = end.value
        finally:
            steps.close()
        if began_s is not None:
            music_s = sum(one.clip.duration_s for one in (result, *result.others))
            took_s = time.monotonic() - began_s
            # The first clip may have waited for a model to be loaded: that alone makes no machine too slow.
            if not loading_s or took_s <= slowest * music_s:
                self._pool.measured(machine, took_s=took_s, music_s=music_s)
        return result


class _Telling:
    """Parts of a clip are told of the first machine that tells any: what the next one makes is another sound."""

    def __init__(self) -> None:
        self._n_told = 0

    def of(self, making: Generation) -> Generation:
        """Yield what a machine tells, without parts where another has told some; return what it returns."""
        n_before = self._n_told
        try:
            while True:
                progress = next(making)
                if progress.chunk is not None:
                    if n_before:
                        progress = replace(progress, chunk=None)
                    self._n_told += 1
                yield progress
        except StopIteration as end:
            result: ClipResult = end.value
            return result
        finally:
            making.close()


def _told(result: ClipResult, offer: Offer) -> ClipResult:
    """Return a result that tells which generator made it, though not where."""
    versions = {**result.versions, "made on another machine by": offer.generator}
    others = tuple(replace(one, versions={**one.versions, **versions}) for one in result.others)
    return replace(result, versions=versions, others=others)


def _none_of(n_machines: int, failures: list[RemoteError]) -> RemoteError:
    if n_machines == 1:
        return failures[0]
    detail = "; ".join(str(one).rstrip(".") for one in failures)
    return RemoteNone(n_machines=n_machines, detail=detail)
