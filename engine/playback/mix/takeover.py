# SPDX-License-Identifier: GPL-3.0-or-later
"""A takeover is a loop made ready to come in, and the rule that says when it may."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from engine.dsp.seam import correlation
from engine.playback.mix.crossfade import Crossfade
from engine.playback.mix.deck import Deck
from engine.playback.mix.fades import MOST_SAMPLES
from engine.playback.plan.bars import begin_at_once
from engine.units import seconds_to_samples
from engine.values import FadeCurve, FloatArray, TransitionPlan

COMPARED_S = 2.0
"""Seconds of an overlap that begins at once that are compared."""


class Takeover:
    """A takeover is a deck that waits for its entry into the leading loop, and the crossfade that brings it in.

    It is matched while the loop it was planned for leads, baked as it was then. Otherwise it begins at the leading
    loop's seam, as for unlike sides (ρ = 0) and without a bass swap; its lead-in plays all the same.

    One that begins at once is in phase with the bars of the loop it was planned for as long as that sounds, in its own
    lead-in too; otherwise it begins with its downbeat.

    Parameters
    ----------
    lead_bass
        The leading loop's low band, with the mixer's channels or one; None for no bass swap.
    """

    def __init__(
        self,
        deck: Deck,
        lead_id: int,
        plan: TransitionPlan,
        *,
        lead_bass: FloatArray | None,
        sample_rate: int,
    ) -> None:
        self.deck = deck
        self.lead_id = lead_id
        self.n_samples = plan.n_samples
        self.is_matched = True
        self._lead_bass = lead_bass
        self._curve = plan.curve
        self._entries = plan.entries
        self._correlation = 0.0
        self._n_compared = min(plan.n_samples, seconds_to_samples(COMPARED_S, sample_rate))
        self._bars = plan.bars
        self._voice = deck.voice
        self._start_at = deck.voice.place[0]
        self._crossfade = Crossfade(plan, sample_rate, swaps_bass=lead_bass is not None)

    @property
    def is_at_once(self) -> bool:
        return not self._entries

    def is_due(self, lead: Deck) -> bool:
        """Return whether the takeover may begin with the lead's next sample."""
        if self.is_at_once:
            return True
        # A lead-in is not the loop the entries are places of, and a loop that just began is not at its seam.
        if lead.voice.lead_in is not None or lead.played == 0:
            return False
        position = lead.place[0]
        return position in self._entries if self._fits(lead) else position == 0

    def samples_to_entry(self, lead: Deck) -> int:
        """Return the samples from the lead's position to the next entry in its turn (the deck looks after its seam)."""
        if not self._entries or lead.voice.lead_in is not None:
            return MOST_SAMPLES
        position = lead.place[0]
        following = bisect_right(self._entries, position)
        return self._entries[following] - position if following < len(self._entries) else MOST_SAMPLES

    def foresee(self, lead: Deck | None, decks: Sequence[Deck]) -> None:
        """Measure the overlap of a takeover that begins about now, while these decks sound: takes milliseconds."""
        if lead is None or not self.is_at_once or self._curve is not FadeCurve.MATCHED:
            return
        self._align(decks)
        bass, lead_bass = self.deck.voice.bass, self._lead_bass
        if bass is None or lead_bass is None or not (self._fits(lead) and lead.voice.can_take(lead_bass)):
            bass = lead_bass = None
        # A swap blends what is left without the low bands.
        sides = lead.voice.ahead(self._n_compared, lead_bass), self.deck.voice.ahead(self._n_compared, bass)
        self._correlation = correlation(*np.broadcast_arrays(*sides))

    def begin(self, lead: Deck, decks: list[Deck]) -> None:
        """Begin: lay the crossfade over every deck that sounds, and over the takeover's own."""
        self._align(decks)
        fits = self._fits(lead)
        likeness = self._correlation_at(lead) if fits or self.is_at_once else 0.0
        swaps_bass = fits and self._lead_bass is not None and lead.voice.take_bass(self._lead_bass)
        crossfade = self._crossfade
        for deck in decks:
            deck.fades.append(crossfade.side(rises=False, correlation=likeness, bass=swaps_bass and deck is lead))
        self.deck.fades.append(crossfade.side(rises=True, correlation=likeness, bass=swaps_bass))

    def _align(self, decks: Sequence[Deck]) -> None:
        """Begin at the phase in the bar that the planned lead has now; of several decks, the newest one's."""
        voice = self.deck.voice
        # Another region's bars are not those that were planned.
        if self._bars is None or voice is not self._voice:
            return
        at = self._start_at if voice.lead_in is None else 0
        for deck in decks:
            if self.is_matched and deck.loop_id == self.lead_id:
                at = begin_at_once(self._bars, deck.place[0], has_lead_in=voice.lead_in is not None)
        voice.begin_at(at)

    def _fits(self, lead: Deck) -> bool:
        is_planned = self.is_matched and lead.loop_id == self.lead_id
        return is_planned and (self.is_at_once or self._entries[0] < lead.loop_samples)

    def _correlation_at(self, lead: Deck) -> float:
        return self._crossfade.correlation_at(lead.place[0], at_once=self._correlation)
