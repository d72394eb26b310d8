# SPDX-License-Identifier: GPL-3.0-or-later
"""Heard music is what was told of a recording by listening to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.values.guide import GivenBeats, Guide
from engine.values.jam import Character


@dataclass(frozen=True, slots=True)
class HeardMusic:
    """Heard music is what a recording plays.

    Attributes
    ----------
    beats
        As they were played, from the recording's start to its end; None where it has no pulse.
    chords
        The names of the chords, each with the second at which it begins; none without pitches.
    key
        As "A minor"; None where there are no chords.
    style
        The name of the composer's style that the recording sounds most like.
    character
        How bright the recording is, and how many notes and strokes it has.
    loudness_lufs
        Integrated loudness; None where it is too short or too soft to have one.
    """

    duration_s: float
    beats: GivenBeats | None
    chords: tuple[tuple[float, str], ...]
    key: str | None
    style: str
    character: Character
    loudness_lufs: float | None

    @property
    def guide(self) -> Guide | None:
        """Return what is played along with; None where there are no beats."""
        return None if self.beats is None else Guide.on_beats(self.beats, self.chords)

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "duration_s": self.duration_s,
            "tempo_bpm": None if self.beats is None else self.beats.tempo_bpm,
            "beats": None if self.beats is None else self.beats.as_dict(),
            "chords": [[time_s, name] for time_s, name in self.chords],
            "key": self.key,
            "style": self.style,
            "brightness_hz": self.character.centre_hz,
            "onsets_per_s": self.character.onsets_per_s,
            "loudness_lufs": self.loudness_lufs,
        }
