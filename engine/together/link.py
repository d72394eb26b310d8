# SPDX-License-Identifier: GPL-3.0-or-later
"""Ableton Link: tempo, bars and start are shared with other programs and machines, by its own library."""

from __future__ import annotations

import time
from typing import Any

from engine.errors import LinkNotInstalled
from engine.together.clock_out import JamPlace
from engine.values.together import LeaderState

USUAL_BPM = 120.0
ALONE_OFF_BEATS = 0.01
"""Beats from which on the session is put in step with the jam while no other peer is there."""


class LinkPeer:
    """A peer is there for the others until it is closed. Raises LinkNotInstalled.

    Parameters
    ----------
    shares_start
        Whether starting and stopping are shared too.
    """

    def __init__(self, *, shares_start: bool) -> None:
        try:
            import link
        except ImportError as error:
            raise LinkNotInstalled from error
        self._link: Any = link.Link(USUAL_BPM)
        self._clock = self._link.clock()
        self._shares_start = shares_start
        self._beats_per_bar = 4
        self._link.startStopSyncEnabled = shares_start
        self._link.enabled = True

    def state(self) -> LeaderState:
        """Return what is known of the others; without any the jam has no leader."""
        n_peers = int(self._link.numPeers())
        if not n_peers:
            return LeaderState("link")
        session = self._link.captureSessionState()
        at_s, micros = time.monotonic(), self._clock.micros()
        return LeaderState(
            "link",
            round(float(session.tempo()), 2),
            at_s=at_s,
            beats=float(session.beatAtTime(micros, self._beats_per_bar)),
            is_playing=bool(session.isPlaying()) if self._shares_start else None,
            n_peers=n_peers,
        )

    def set_tempo(self, bpm: float) -> None:
        """Have all go at this tempo."""
        session = self._link.captureSessionState()
        session.setTempo(bpm, self._clock.micros())
        self._link.commitSessionState(session)

    def set_playing(self, *, is_playing: bool) -> None:
        """Have all start, or stop, who share that."""
        session = self._link.captureSessionState()
        session.setIsPlaying(is_playing, self._clock.micros())
        self._link.commitSessionState(session)

    def tell(self, place: JamPlace) -> None:
        """Take the jam's place: while no other peer is there, the session is put in step with it."""
        self._beats_per_bar = place.beats_per_bar
        if self._link.numPeers():
            return
        session = self._link.captureSessionState()
        micros = self._clock.micros()
        is_other = abs(session.tempo() - place.bpm) > 1e-6
        if is_other:
            session.setTempo(place.bpm, micros)
        if place.beats is not None:
            beats = place.beats + (time.monotonic() - place.at_s) * place.bpm / 60.0
            off = (session.beatAtTime(micros, place.beats_per_bar) - beats) % place.beats_per_bar
            if min(off, place.beats_per_bar - off) > ALONE_OFF_BEATS:
                session.requestBeatAtTime(beats, micros, place.beats_per_bar)
                is_other = True
        if is_other:
            self._link.commitSessionState(session)

    def close(self) -> None:
        """Leave the others."""
        self._link.enabled = False
