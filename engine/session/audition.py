# SPDX-License-Identifier: GPL-3.0-or-later
"""Auditions let a seam of the clip that plays, a fragment or the check tone be heard without changing what plays.

What is heard of a seam is what the studio would play: its crossfade, its gain law, the loudness of the loop that plays.
It goes through the mixer beside the music, so the tape has it like all that is heard: meters, a recording and the
last minutes that are kept agree with the ear, and nobody is told of music there that was not to be heard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psygnal import Signal

from engine.dsp.check_tone import check_tone
from engine.dsp.seam_excerpt import seam_excerpt
from engine.playback.commands import AuditionEnded
from engine.session.notices import Notices
from engine.session.now_playing import NowPlaying
from engine.session.ports import Player
from engine.session.presenter import LoopPresenter
from engine.session.running import Running
from engine.units import db_to_amplitude, ms_to_samples
from engine.values.audio import STUDIO_SAMPLE_RATE, Clip
from engine.values.auditions import DUCKED_DB, Audition, CheckTone, OneShot, SlotHeard, TakeHeard

Heard = Audition | CheckTone | SlotHeard | TakeHeard

GAP_MS = 150.0
"""Milliseconds of silence between two times that a seam is heard in a row."""


class Auditions:
    """Auditions are heard one at a time: the next one takes the place of the former at once.

    Rendering happens here, on the engine thread, as baking does: 0.5 ms for a crossfade of 100 ms, 1.5 ms for the usual
    480 ms, however long the clip is. The analysis worker would have it wait behind a search of a second or more.

    Signals
    -------
    changed(Audition | None): which seam is heard from now on; None when it is over,
    tone_changed(bool): whether the check tone is heard from now on,
    slot_changed(int | None): which slot of fragments is heard from now on,
    take_changed(bool): whether part of a recording is heard from now on

    Parameters
    ----------
    open_output
        Opens the output that the options name, where the music does not run; it is given back once nothing sounds.
    """

    changed = Signal(object)
    tone_changed = Signal(bool)
    slot_changed = Signal(object)
    take_changed = Signal(bool)

    def __init__(
        self,
        player: Player,
        presenter: LoopPresenter,
        running: Running,
        notices: Notices,
        open_output: Callable[[], None],
    ) -> None:
        self._player = player
        self._presenter = presenter
        self._running = running
        self._notices = notices
        self._open_output = open_output
        self._last_id = 0
        self._heard: Heard | None = None
        player.received.connect(self._on_message)
        player.died.connect(self._on_died)
        running.changed.connect(self._on_running_changed)

    @property
    def duck(self) -> float:
        """Return the linear gain of the music now: 1, or less while an audition is heard."""
        return 1.0 if self._heard is None else db_to_amplitude(DUCKED_DB)

    def ask(self, audition: Audition) -> None:
        """Have this be heard now, also where the music is paused or stopped; a region of another clip ends it all."""
        now = self._presenter.now_playing
        if now is None or audition.region.loop_end > now.playing.clip.n_samples:
            self.end()
            return
        self._play(audition, self._rendered(now, audition))

    def ask_tone(self) -> None:
        """Have the check tone be heard now, on the device that the options name, whatever plays."""
        self._play(CheckTone(), OneShot(check_tone(STUDIO_SAMPLE_RATE), STUDIO_SAMPLE_RATE))

    def ask_slot(self, number: int, clip: Clip) -> None:
        """Have the sound of a slot of fragments be heard now, once: at the studio's rate, silent at both ends."""
        self._play(SlotHeard(number), OneShot(clip.samples, clip.sample_rate))

    def end_slot(self) -> None:
        """Fade out the slot's sound, if one is what is heard."""
        if isinstance(self._heard, SlotHeard):
            self.end()

    def ask_take(self, clip: Clip) -> None:
        """Have part of a recording be heard now, once: at the studio's rate, silent at both ends."""
        self._play(TakeHeard(), OneShot(clip.samples, clip.sample_rate))

    def end_take(self) -> None:
        """Fade out the recording's part, if one is what is heard."""
        if isinstance(self._heard, TakeHeard):
            self.end()

    def end_tone(self) -> None:
        """Fade out the check tone, if it is what is heard."""
        if isinstance(self._heard, CheckTone):
            self.end()

    def end(self) -> None:
        """Fade out what is heard, and bring back the music."""
        if self._heard is not None:
            self._player.end_audition()
            self._tell(None)

    def _play(self, heard: Heard, shot: OneShot) -> None:
        if self._player.lacking is not None:
            self._notices.tell_failure(self._player.lacking)
            return
        if not self._running.is_on:
            self._open_output()
            # The sleep timer leaves its fade where it was as the music ended: at silence.
            self._player.set_fader(1.0, 0.0)
        self._last_id += 1
        # With no process there is nobody to end it, either.
        self._tell(heard if self._player.play_audition(self._last_id, shot) else None)

    def _rendered(self, now: NowPlaying, audition: Audition) -> OneShot:
        overlap_ms = now.overlap_of(audition.region) if audition.overlap_ms is None else audition.overlap_ms
        samples = seam_excerpt(
            now.playing.clip,
            audition.region,
            overlap_ms=overlap_ms,
            side_s=audition.side_s,
            sample_rate=STUDIO_SAMPLE_RATE,
            gain=now.part.key.gain,
        )
        return OneShot(samples, STUDIO_SAMPLE_RATE, audition.times, ms_to_samples(GAP_MS, STUDIO_SAMPLE_RATE))

    def _tell(self, heard: Heard | None) -> None:
        before, self._heard = self._heard, heard
        seam_before, seam = (one if isinstance(one, Audition) else None for one in (before, heard))
        if seam is not seam_before:
            self.changed.emit(seam)
        if isinstance(heard, CheckTone) is not isinstance(before, CheckTone):
            self.tone_changed.emit(isinstance(heard, CheckTone))
        if isinstance(heard, TakeHeard) is not isinstance(before, TakeHeard):
            self.take_changed.emit(isinstance(heard, TakeHeard))
        slot_before, slot = (one.number if isinstance(one, SlotHeard) else None for one in (before, heard))
        if slot != slot_before:
            self.slot_changed.emit(slot)

    def _on_message(self, message: Any) -> None:
        if isinstance(message, AuditionEnded) and message.audition_id == self._last_id:
            self._tell(None)

    def _on_died(self, _error: Any) -> None:
        # The next process goes on with the music alone.
        self._tell(None)

    def _on_running_changed(self, is_on: bool) -> None:
        if not is_on:
            # What ends the music ends all that sounds.
            self._tell(None)
