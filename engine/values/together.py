# SPDX-License-Identifier: GPL-3.0-or-later
"""This module declares what a jam is in step with: a leader by MIDI's clock or by Link, and how far it is off."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeaderState:
    """A leader's state is what is known of whom the jam follows.

    Attributes
    ----------
    source
        “midi” or “link”; "" is nobody.
    bpm
        Its tempo, once that has settled, in [60, 200]; None while that is not known.
    at_s, beats
        By the monotonic clock, a moment and the beats of the song that are over then.
    is_playing
        Whether its song runs; None where it does not tell.
    n_peers
        Number of others.
    refused_bpm
        A tempo that a jam cannot have, beside ``bpm`` None.
    """

    source: str = ""
    bpm: float | None = None
    at_s: float = 0.0
    beats: float = 0.0
    is_playing: bool | None = None
    n_peers: int = 0
    refused_bpm: float | None = None


@dataclass(frozen=True, slots=True)
class TogetherState:
    """A state is shown of whom the jam is in step with.

    Attributes
    ----------
    leader
        Whom the jam follows.
    off_ms
        By how many milliseconds its bars are heard later than the leader's, where that is known.
    """

    leader: LeaderState = LeaderState()
    off_ms: float | None = None
