# SPDX-License-Identifier: GPL-3.0-or-later
"""A takeover: a loop made ready to come in, and the rule that says when it may."""

from __future__ import annotations

from bisect import bisect_right

from engine.dsp.seam import fade_gains
from engine.playback.deck import Deck
from engine.playback.fades import MOST_SAMPLES, CrossfadeSide, bass_swap
from engine.units import ms_to_samples
from engine.values import FadeCurve, FloatArray, TransitionPlan

BASS_SWAP_MS = 200.0
"""The low bands are exchanged in this time, or in a quarter of the crossfade if that is shorter."""


class Takeover:
    """A deck that waits for its entry into the leading loop, and the crossfade that brings it in.

    It is matched while the loop it was planned for leads, baked as it was then. Otherwise it begins at the leading
    loop's seam, as for unlike sides (ρ = 0) and without a bass swap; its lead-in plays all the same.

    Parameters
    ----------
    lead_bass
        The leading loop's low band, with the mixer's channels or one; None for no bass swap.
    correlation
        Of what overlaps where it begins at once.
    """

    def __init__(
        self,
        deck: Deck,
        lead_id: int,
        plan: TransitionPlan,
        *,
        lead_bass: FloatArray | None,
        correlation: float,
        sample_rate: int,
    ) -> None:
        self.deck = deck
        self.lead_id = lead_id
        self.n_samples = plan.n_samples
        self.is_matched = True
        self._lead_bass = lead_bass
        self._curve = plan.curve
        self._entries = plan.entries
        self._correlations = plan.correlations
        self._correlation = correlation
        # The law at ρ = 0, over which each side computes its own.
        shape = FadeCurve.SMOOTH if plan.curve is FadeCurve.SMOOTH else FadeCurve.EQUAL_POWER
        self._rising: FloatArray = fade_gains(shape, 0.0, plan.n_samples)[1][:, 0]
        self._bass: tuple[FloatArray, FloatArray] | None = None
        if lead_bass is not None:
            n_swap = max(1, min(plan.n_samples // 4, ms_to_samples(BASS_SWAP_MS, sample_rate)))
            rising = fade_gains(FadeCurve.EQUAL_POWER, 0.0, n_swap)[1][:, 0]
            self._bass = bass_swap(plan.n_samples, rising)

    @property
    def is_at_once(self) -> bool:
        return not self._entries

    def is_due(self, lead: Deck) -> bool:
        """Whether it may begin with the lead's next sample."""
        if self.is_at_once:
            return True
        # A lead-in is not the loop the entries are places of, and a loop that just began is not at its seam.
        if lead.voice.lead_in is not None or lead.played == 0:
            return False
        position = lead.place[0]
        return position in self._entries if self._fits(lead) else position == 0

    def samples_to_entry(self, lead: Deck) -> int:
        """From the lead's position to the next entry in its turn (its seam is looked after by the deck)."""
        if not self._entries or lead.voice.lead_in is not None:
            return MOST_SAMPLES
        position = lead.place[0]
        following = bisect_right(self._entries, position)
        return self._entries[following] - position if following < len(self._entries) else MOST_SAMPLES

    def begin(self, lead: Deck, decks: list[Deck]) -> None:
        """Lay its crossfade over every deck that sounds, and over its own."""
        fits = self._fits(lead)
        correlation = self._correlation_at(lead) if fits or self.is_at_once else 0.0
        bass = None
        if fits and self._lead_bass is not None and lead.voice.take_bass(self._lead_bass):
            bass = self._bass
        for deck in decks:
            side_bass = bass if deck is lead else None
            deck.fades.append(CrossfadeSide(self._rising, rises=False, correlation=correlation, bass=side_bass))
        self.deck.fades.append(CrossfadeSide(self._rising, rises=True, correlation=correlation, bass=bass))

    def _fits(self, lead: Deck) -> bool:
        is_planned = self.is_matched and lead.loop_id == self.lead_id
        return is_planned and (self.is_at_once or self._entries[0] < lead.loop_samples)

    def _correlation_at(self, lead: Deck) -> float:
        if self._curve is FadeCurve.EQUAL_GAIN:
            return 1.0
        if self._curve is not FadeCurve.MATCHED:
            return 0.0
        if self.is_at_once:
            return self._correlation
        entry = bisect_right(self._entries, lead.place[0]) - 1
        return self._correlations[entry] if entry < len(self._correlations) else 0.0
