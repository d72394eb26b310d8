# SPDX-License-Identifier: GPL-3.0-or-later
"""Dropped sounds are files that the person brought: each is read, comes in on the beat, and gives way in its time.

The first comes at the next bar, or begins the music; the others wait their turn, and one at a time is read ahead.
While any waits nothing is made: what is made after the last goes on from its tempo and key.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from psygnal import Signal

from engine.errors import Cancelled, StudioError
from engine.session.baking import Baker, LoopInHand
from engine.session.leading import Led
from engine.session.options import Happening, ProvedSeam
from engine.session.picked import Picked
from engine.session.ports import NextId, Ports
from engine.session.sound_reader import SoundReader
from engine.values import Entry, JobFailed, Progress, Recipe, Take
from engine.worker.known_sounds import FindKnown, Known
from engine.worker.sound_reading import ListSounds, ReadSound, SoundRead, SoundsListed


@dataclass(frozen=True, slots=True)
class DroppedState:
    """This value says how the sounds that were dropped come along.

    Attributes
    ----------
    name
        Name of the file that is being read, "" while the folders are looked through or none is.
    progress
        How far that is; None while nothing is read.
    n_waiting
        How many wait their turn, besides one that is to come in at once.
    is_awaited
        Whether what is read comes in as soon as it can, or else in its turn.
    """

    name: str = ""
    progress: Progress | None = None
    n_waiting: int = 0
    is_awaited: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """This value says what of all that was dropped together cannot be played: how much, and the latest with its error.

    Attributes
    ----------
    n_dropped
        How many sounds, files and folders there were together.
    """

    path: str
    error: StudioError
    n_refused: int = 1
    n_dropped: int = 1


class Dropped:
    """The dropped sounds come one after the other, until they are through or called off.

    Signals
    -------
    changed(DroppedState), refused(Refused), happened(Happening), held(bool): sounds wait, and nothing is to be made
    """

    changed = Signal(object)
    refused = Signal(object)
    happened = Signal(object)
    held = Signal(bool)

    def __init__(self, ports: Ports, next_id: NextId, picked: Picked, baker: Baker) -> None:
        self._reader = None if ports.sounds is None else SoundReader(ports.sounds, ports.clock)
        self._library, self._next_id = ports.library, next_id
        self._picked, self._baker = picked, baker
        self._takes, self._up_next, self._options = picked.takes, picked.up_next, picked.options
        self._waiting: deque[str] = deque()
        # What is being read, from the file to its place in the library; None where nothing is.
        self._reading: str | None = None
        self._n_listing = 0
        self._is_urgent = False
        # The newest that came, and the one that leads, if it was dropped.
        self._last: Recipe | None = None
        self._led: Recipe | None = None
        self._state = DroppedState()
        self._refusals: list[tuple[str, StudioError]] = []
        self._n_dropped = 0
        self._is_held = False
        # What is answered after it was called off is dropped.
        self._era = 0

    # --- what is asked ------------------------------------------------------------------------------------------------

    def drop(self, paths: Sequence[str]) -> None:
        """Bring these files, and the sounds in these folders: they come before those that wait from before."""
        if self._reader is None or not paths:
            return
        if not self._is_busy:
            self._refusals, self._n_dropped = [], 0
        era, self._n_listing = self._era, self._n_listing + 1

        def answer(result: SoundsListed | JobFailed) -> None:
            if era == self._era:
                self._n_listing -= 1
                self._on_listed(result, tuple(paths))

        self._reader.ask(ListSounds(self._next_id(), tuple(paths)), answer, self._on_told)
        self._tell(Progress(0, None, "reading"))

    def call_off(self, *, goes_on: bool = True) -> None:
        """Forget the sounds that wait, and the one that is being read; what plays goes on playing.

        ``goes_on`` says whether what is made goes on from it, where it was dropped.
        """
        if not self._is_busy and not self._n_coming:
            return
        self._era += 1
        self._waiting.clear()
        self._reading, self._n_listing, self._is_urgent = None, 0, False
        if self._reader is not None:
            self._reader.call_off()
        self._up_next.drop_brought()
        self._last = self._led if goes_on else None
        self._settle()

    def on_led(self, led: Led) -> None:
        """Read the next one once the one before it plays."""
        self._led = led.playing.recipe if led.playing.is_brought else None
        self._up_next.brought &= self._up_next.loop_ids()
        self._go_on()

    @property
    def _is_busy(self) -> bool:
        return bool(self._waiting or self._reading is not None or self._n_listing)

    @property
    def _n_coming(self) -> int:
        return len(self._up_next.brought & self._up_next.loop_ids())

    # --- one after the other ------------------------------------------------------------------------------------------

    def _on_listed(self, result: SoundsListed | JobFailed, paths: tuple[str, ...]) -> None:
        if isinstance(result, JobFailed):
            self._n_dropped += len(paths)
            self._refuse(paths[0], result.error)
            self._settle()
            return
        self._n_dropped += len(result.sounds) + len(result.refused)
        self._refusals += result.refused
        if result.refused:
            self._tell_refusal()
        if result.n_left_out:
            fields: dict[str, object] = {"n": len(result.sounds), "more": result.n_left_out}
            self.happened.emit(Happening("The first {n} sounds are taken, {more} more are left out", fields))
        if result.sounds:
            self._waiting.extendleft(reversed(result.sounds))
            self._is_urgent = True
        self._go_on()

    def _go_on(self) -> None:
        """Read the next sound, if its turn has come."""
        may_read = self._is_urgent or not self._n_coming
        if self._reader is not None and self._waiting and self._reading is None and may_read:
            self._read(self._waiting.popleft())
        self._settle()

    def _read(self, path: str) -> None:
        assert self._reader is not None
        options, era, self._reading = self._options(), self._era, path

        def answer(result: SoundRead | JobFailed) -> None:
            if era != self._era:
                return
            if isinstance(result, JobFailed):
                self._reading = None
                self._refuse(path, result.error)
                self._go_on()
            else:
                self._recognise(path, result)

        job = ReadSound(self._next_id(), path, options.algorithm, options.min_loop_s, options.overlap_ms)
        self._reader.ask(job, answer, self._on_told)
        self._tell(Progress(job.job_id, None, "reading"))

    def _recognise(self, path: str, read: SoundRead) -> None:
        """Have it looked up whether a sound is a take already."""
        era = self._era

        def answer(result: Known | JobFailed) -> None:
            if era == self._era:
                self._bring_in(path, read, None if isinstance(result, JobFailed) else result.take)

        if self._takes.is_open:
            self._library.submit(FindKnown(self._next_id(), self._options().library_folder, read.clip), answer)
        else:
            self._bring_in(path, read, None)

    def _bring_in(self, path: str, read: SoundRead, take: Take | None) -> None:
        loop = self._loop_of(read, take)
        self._baker.learn(loop.loop_id, read.lufs)
        self._up_next.brought.add(loop.loop_id)
        if take is not None:
            self._takes.remember(loop.loop_id, take)
            self.happened.emit(Happening("“{title}” is in the library already", {"title": take.recipe.title}))
        elif self._options().keep_dropped:
            self._takes.keep_brought(loop)
        for note in read.notes:
            self.happened.emit(Happening("“{name}”: {detail}", {"name": Path(path).name, "detail": note}))
        self.happened.emit(Happening.of_found(loop.recipe, loop.clip.n_samples))
        self._reading, self._last = None, loop.recipe
        at = Entry.NEXT_BAR if self._is_urgent else None
        self._is_urgent = False
        self._hold()
        self._picked.come_next(loop, at=at, goes_on=not self._is_busy)
        self._settle()

    def _loop_of(self, read: SoundRead, take: Take | None) -> LoopInHand:
        loop_id = self._next_id()
        if take is not None and take.recipe.loop.region.loop_end <= read.clip.n_samples:
            clip = replace(read.clip, wraps=take.recipe.wraps)
            return LoopInHand(loop_id, clip, take.recipe, read.findings, metadata=read.metadata)
        findings, proved = read.findings, None
        if findings.proof is not None and findings.best == read.recipe.loop:
            overlap_ms = findings.best.overlap_beyond(self._options().overlap_ms)
            proved = ProvedSeam(findings.best, overlap_ms, findings.proof)
        return LoopInHand(loop_id, read.clip, read.recipe, findings, proved=proved, metadata=read.metadata)

    # --- what is told -------------------------------------------------------------------------------------------------

    def _on_told(self, progress: Progress) -> None:
        self._tell(progress)

    def _settle(self) -> None:
        """Tell how the sounds stand; when they are through, what is made goes on from the last."""
        was_held = self._is_held
        self._hold()
        self._tell(self._state.progress if self._reading is not None or self._n_listing else None)
        if was_held and not self._is_held and self._last is not None:
            self._picked.go_on_from(self._last)

    def _hold(self) -> None:
        if self._is_busy != self._is_held:
            self._is_held = self._is_busy
            self.held.emit(self._is_held)

    def _tell(self, progress: Progress | None) -> None:
        name = "" if self._reading is None else Path(self._reading).name
        in_its_turn = self._reading is not None and not self._is_urgent
        self._hold()
        n_waiting = len(self._waiting) + in_its_turn + self._up_next.n_brought
        state = DroppedState(name, progress, n_waiting, self._is_urgent or self._n_listing > 0)
        if state != self._state:
            self._state = state
            self.changed.emit(state)

    def _refuse(self, path: str, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        self._refusals.append((path, error if isinstance(error, StudioError) else StudioError(detail=str(error))))
        self._tell_refusal()

    def _tell_refusal(self) -> None:
        path, error = self._refusals[-1]
        self.refused.emit(Refused(path, error, len(self._refusals), self._n_dropped))
