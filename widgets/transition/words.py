# SPDX-License-Identifier: GPL-3.0-or-later
"""This module tells in words how the next loop takes over."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from engine.values import ComingTransition, Entry
from widgets.figures import Figure
from widgets.transition.hand import TransitionHand

TITLE_CHARACTERS, FEWEST_CHARACTERS = 22, 13
"""Characters of a title that shorter sentences have room for."""
SAME_TEMPO_BPM = 0.05
"""Difference of tempos that are said to be one, beats per minute."""


class Words(StrEnum):
    """The number of words that tell a transition: all; brief, without what fields beside it tell; fewest, names cut."""

    ALL = "all"
    BRIEF = "brief"
    FEWEST = "fewest"


def tr(text: str) -> str:
    """Return a text of this module in the person's language."""
    return QCoreApplication.translate("transition", text)


def sentence(hand: TransitionHand, left_s: float | None, words: Words = Words.ALL) -> str:
    """Return the transition that the hand holds, as one sentence without a full stop; "" where none comes.

    Parameters
    ----------
    left_s
        Seconds until it begins; None where that is not known.
    words
        How many to use.
    """
    coming = hand.coming
    if coming is None:
        return ""
    most = {Words.ALL: 10_000, Words.BRIEF: TITLE_CHARACTERS, Words.FEWEST: FEWEST_CHARACTERS}[words]
    names = tr("“{lead}” → “{incoming}”").format(
        lead=_cut(coming.lead_title, most), incoming=_cut(coming.incoming_title, most)
    )
    is_all = words is Words.ALL
    parts = _when(hand, coming, left_s)
    if not is_all:
        parts = parts[:1]
    else:
        parts.append(_length(hand))
    parts += [one for one in (_tempo(coming), _bass(hand, coming)) if one]
    if not coming.is_planned:
        parts.append(tr("being worked out"))
    if hand.is_edited and is_all:
        parts.append(tr("changed by hand"))
    return f"{names} {', '.join(parts)}"


def _cut(title: str, most_characters: int) -> str:
    return title if len(title) <= most_characters else title[: most_characters - 1].rstrip() + "…"


def percent_of(coming: ComingTransition) -> float | None:
    """Return by how many percent the incoming loop starts faster than its own tempo; None where it is not matched."""
    if coming.tempos_bpm is None:
        return None
    begun, own = coming.tempos_bpm
    return 100.0 * (begun / own - 1.0)


def _when(hand: TransitionHand, coming: ComingTransition, left_s: float | None) -> list[str]:
    if coming.is_sounding:
        return [tr("coming in now")]
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
    return tr("bass swapped {seconds} s later").format(seconds=f"{Figure(middle / coming.sample_rate):.1f}")
