# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells in words how the next loop takes over."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.values import ComingTransition, Entry
from widgets.figures import Figure
from widgets.transition_hand import TransitionHand

TITLE_CHARACTERS = 22
"""Characters of a title that a short sentence has room for."""
SAME_TEMPO_BPM = 0.05
"""Difference of tempos that are said to be one, beats per minute."""


def tr(text: str) -> str:
    """Return a text of this module in the person's language."""
    return QCoreApplication.translate("transition", text)


def sentence(hand: TransitionHand, left_s: float | None, *, is_short: bool = False) -> str:
    """Return the transition that the hand holds, as one sentence without a full stop; "" where none comes.

    Parameters
    ----------
    left_s
        Seconds until it begins; None where that is not known.
    is_short
        Whether long titles are cut, and what a control tells beside it is left out.
    """
    coming = hand.coming
    if coming is None:
        return ""
    names = tr("“{lead}” → “{incoming}”").format(
        lead=_cut(coming.lead_title) if is_short else coming.lead_title,
        incoming=_cut(coming.incoming_title) if is_short else coming.incoming_title,
    )
    parts = [*_when(hand, coming, left_s), _length(hand)]
    if tempo := _tempo(coming):
        parts.append(tempo)
    if bass := _bass(hand, coming):
        parts.append(bass)
    if not coming.is_planned:
        parts.append(tr("being worked out"))
    if hand.is_edited and not is_short:
        parts.append(tr("changed by hand"))
    return f"{names} {', '.join(parts)}"


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_CHARACTERS else title[: TITLE_CHARACTERS - 1].rstrip() + "…"


def percent_of(coming: ComingTransition) -> float | None:
    """Return by how many percent the incoming loop starts faster than its own tempo; None where it is not matched."""
    if coming.tempos_bpm is None:
        return None
    begun, own = coming.tempos_bpm
    return 100.0 * (begun / own - 1.0)


def _when(hand: TransitionHand, coming: ComingTransition, left_s: float | None) -> list[str]:
    if coming.is_sounding:
        return [tr("now")]
    entry = hand.entry_samples
    if entry is None:
        return [tr("when this one is no longer held, or you ask for it")]
    parts = []
    if left_s is not None:
        parts.append(tr("in {seconds} s").format(seconds=f"{Figure(max(left_s, 0.0)):.0f}"))
    position = entry % coming.turn_samples
    if coming.lead_grid is not None and position in coming.places:
        number = hand.number_of(entry)
        at_end = coming.entry is Entry.LOOP_END and not position and not hand.is_edited
        words = tr("at the loop's end, bar {n}") if at_end else tr("at bar {n}")
        parts.append(words.format(n=number))
    elif not position:
        parts.append(tr("at the loop's end"))
    return parts or [tr("at once")]


def _length(hand: TransitionHand) -> str:
    if hand.bars:
        return tr("over 1 bar") if hand.bars == 1 else tr("over {n} bars").format(n=hand.bars)
    return tr("over {ms} ms").format(ms=f"{Figure(hand.fade_ms):.0f}")


def _tempo(coming: ComingTransition) -> str:
    if coming.tempos_bpm is None:
        return ""
    begun, own = coming.tempos_bpm
    if abs(begun - own) < SAME_TEMPO_BPM:
        return tr("at {bpm} bpm").format(bpm=f"{Figure(own):.4g}")
    return tr("tempo {begun} → {own} bpm").format(begun=f"{Figure(begun):.4g}", own=f"{Figure(own):.4g}")


def _bass(hand: TransitionHand, coming: ComingTransition) -> str:
    if not coming.swaps_bass:
        return ""
    middle, entry, grid = hand.fade_samples // 2, hand.entry_samples, coming.lead_grid
    is_whole = grid is not None and hand.bars > 0 and hand.bars % 2 == 0
    if is_whole and entry is not None and entry % coming.turn_samples in coming.places:
        # Counted on, whether or not the loop's own end comes before.
        return tr("bass swapped at bar {n}").format(n=hand.number_of(entry) + hand.bars // 2)
    return tr("bass swapped after {seconds} s").format(seconds=f"{Figure(middle / coming.sample_rate):.1f}")
