# SPDX-License-Identifier: GPL-3.0-or-later
"""The transition's hand moves the entry and the length of the transition that comes, to where they can stand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from engine.units import ms_to_samples, samples_to_ms, seconds_to_samples
from engine.values import ComingTransition, TransitionEdit
from engine.values.options import OVERLAP

LEAST_AHEAD_S: Final = 1.0
"""Seconds from what is heard to the earliest entry that can be chosen: it is worked out and handed over before."""
MOST_BARS: Final = 16
"""Longest crossfade in bars."""
ANSWER_MS: Final = 1500
"""Milliseconds for which what the hand has chosen stays shown until the engine has it."""


class TransitionHand(QObject):
    """The hand holds where the transition begins and how long it is, as told, or as the person is choosing.

    Places in the leading loop are numbered from where it came in, on over its turns: bars, or its ends.

    Signals
    -------
    shown()
        Entry or length are others: by the hand, or as told.
    settled(TransitionEdit)
        The hand has let go.
    """

    shown = Signal()
    settled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.coming: ComingTransition | None = None
        self.is_moving = False
        self._played = 0
        self._entry: int | None = None
        self._fade: tuple[int, float] | None = None
        self._sent: TransitionEdit | None = None
        self._answer = QTimer(self)
        self._answer.setSingleShot(True)
        self._answer.setInterval(ANSWER_MS)
        self._answer.timeout.connect(self.give_up)

    # --- what is --------------------------------------------------------------------------------------------------

    def set_coming(self, coming: ComingTransition | None) -> None:
        """Show the transition that comes; what the hand holds stays while it is the same one, and not heard yet."""
        before, self.coming = self.coming, coming
        is_same = before is not None and coming is not None and _pair(before) == _pair(coming)
        if not is_same or coming is None or coming.is_sounding:
            self._drop()
        elif self._sent is not None and coming.edit == (None if self._sent.is_empty else self._sent):
            # It is as the hand had it, or as near as could be.
            self._drop()
        self.shown.emit()

    def set_played(self, played_samples: int) -> None:
        """Tell how much of the leading loop was heard since it came in."""
        self._played = played_samples

    @property
    def can_move_entry(self) -> bool:
        """Return whether it is known where the transition begins, and it has not begun."""
        return self.can_move_length and self.coming is not None and self.coming.entry_samples is not None

    @property
    def can_move_length(self) -> bool:
        return self.coming is not None and not self.coming.is_sounding

    @property
    def entry_samples(self) -> int | None:
        """Return where it begins; None where that is not known."""
        if self._entry is not None:
            return self._entry
        return None if self.coming is None else self.coming.entry_samples

    @property
    def bars(self) -> int:
        """Return the crossfade's length in bars; 0 where it is in milliseconds."""
        if self._fade is not None:
            return self._fade[0]
        return 0 if self.coming is None else self.coming.bars

    @property
    def fade_ms(self) -> float:
        """Return the crossfade's length in milliseconds."""
        coming = self.coming
        if coming is None:
            return 0.0
        return samples_to_ms(self.fade_samples, coming.sample_rate)

    @property
    def fade_samples(self) -> int:
        """Return the crossfade's length in samples."""
        coming = self.coming
        if coming is None:
            return 0
        if self._fade is None:
            return coming.fade_samples
        bars, overlap_ms = self._fade
        if bars and coming.lead_grid is not None:
            return round(bars * coming.lead_grid.bar_samples)
        return max(1, ms_to_samples(overlap_ms, coming.sample_rate))

    @property
    def is_edited(self) -> bool:
        """Return whether a person has changed the transition."""
        has_edit = self.coming is not None and self.coming.edit is not None
        return (has_edit and self._sent is None) or self._entry is not None or self._fade is not None

    # --- places -----------------------------------------------------------------------------------------------------

    def number_of(self, sample: float) -> int:
        """Return the number of the last place at or before a sample, from 1 on."""
        coming = self.coming
        assert coming is not None
        turns, position = divmod(sample + 1e-6, coming.turn_samples)
        return int(turns) * len(coming.places) + bisect_right(coming.places, position)

    def sample_of(self, number: int) -> int:
        """Return where the place of this number is."""
        coming = self.coming
        assert coming is not None
        turns, index = divmod(number - 1, len(coming.places))
        return turns * coming.turn_samples + coming.places[index]

    @property
    def first_number(self) -> int:
        """Return the number of the first place that can be chosen by now."""
        coming = self.coming
        assert coming is not None
        first = self._played + seconds_to_samples(LEAST_AHEAD_S, coming.sample_rate)
        return self.number_of(first - 1) + 1

    def _nearest(self, sample: float) -> int:
        number = self.number_of(sample)
        around = [number, number + 1]
        nearest = min(around, key=lambda one: abs(self.sample_of(one) - sample))
        return max(nearest, self.first_number)

    # --- movements --------------------------------------------------------------------------------------------------

    def move_entry(self, sample: float) -> None:
        """Have it begin at the place nearest to a sample of the leading loop."""
        if self.can_move_entry:
            self._take_entry(self.sample_of(self._nearest(sample)))

    def choose_entry(self, number: int) -> None:
        """Have it begin at the place of this number, or the first that can be chosen."""
        if self.can_move_entry:
            self._take_entry(self.sample_of(max(number, self.first_number)))

    def step_entry(self, n_places: int) -> None:
        """Have it begin so many places later, or earlier."""
        coming, entry = self.coming, self.entry_samples
        if coming is None or entry is None or not self.can_move_entry:
            return
        # From between two places the next one that way.
        at = bisect_left(coming.places, entry % coming.turn_samples)
        is_place = at < len(coming.places) and coming.places[at] == entry % coming.turn_samples
        number = self.number_of(entry)
        self.choose_entry(number + n_places + (n_places < 0 and not is_place))

    def move_end(self, fade_samples: float) -> None:
        """Have the crossfade last for about so many samples: whole bars where it is in bars, else milliseconds."""
        coming = self.coming
        if coming is None:
            return
        if self.bars and coming.lead_grid is not None:
            self.choose_bars(round(fade_samples / coming.lead_grid.bar_samples))
        else:
            self.choose_ms(round(1000.0 * fade_samples / coming.sample_rate))

    def choose_bars(self, bars: int) -> None:
        """Have the crossfade last for so many bars, 1 to ``MOST_BARS``."""
        self._take_fade(min(max(bars, 1), MOST_BARS), 0.0)

    def choose_ms(self, overlap_ms: float) -> None:
        """Have the crossfade last for so many milliseconds, within what an overlap can be."""
        self._take_fade(0, float(min(max(overlap_ms, OVERLAP.low), OVERLAP.high)))

    def _take_entry(self, entry: int) -> None:
        if entry != self.entry_samples:
            self._begin()
            self._entry = entry
            self.shown.emit()

    def _take_fade(self, bars: int, overlap_ms: float) -> None:
        is_same = bars == self.bars and (bars > 0 or abs(overlap_ms - self.fade_ms) < 0.05)
        if self.can_move_length and not is_same:
            self._begin()
            self._fade = bars, overlap_ms
            self.shown.emit()

    def _begin(self) -> None:
        self.is_moving, self._sent = True, None
        self._answer.stop()

    def settle(self) -> None:
        """Tell of what was chosen, if anything was, as the hand is off it."""
        coming = self.coming
        if not self.is_moving or coming is None:
            return
        self.is_moving = False
        edit = coming.edit or TransitionEdit(coming.lead_id, coming.incoming_id)
        if self._entry is not None:
            edit = replace(edit, entry_samples=self._entry)
        if self._fade is not None:
            bars, overlap_ms = self._fade
            edit = replace(edit, bars=bars or None, overlap_ms=None if bars else overlap_ms)
        self._send(edit)

    def reset(self) -> None:
        """Have the transition made as it was planned."""
        coming = self.coming
        if coming is not None and self.can_move_length:
            self._drop()
            self._send(TransitionEdit(coming.lead_id, coming.incoming_id))
            self.shown.emit()

    def give_up(self) -> None:
        """Show it as it is told again."""
        self._drop()
        self.shown.emit()

    def _send(self, edit: TransitionEdit) -> None:
        self._sent = edit
        self._answer.start()
        self.settled.emit(edit)

    def _drop(self) -> None:
        self._answer.stop()
        self.is_moving = False
        self._entry, self._fade, self._sent = None, None, None


def _pair(coming: ComingTransition) -> tuple[int, int]:
    return coming.lead_id, coming.incoming_id
