# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores as JSON: chords, notes and drums by their samples."""

from __future__ import annotations

from typing import Any

from engine.values.checked import Fields
from engine.values.played import PlayedHit, PlayedNote, PlayedPart, PlayedScore, chords_from

MOST_NOTES = 100_000
"""Largest number of notes and hits of one score that is believed."""
_MOST_PARTS = 64
_MOST_SAMPLES = 2**31
_MOST_RATE = 400_000
_MOST_BARS = 1024
_MIDI = 127
_MOST_BEATS = 64


def score_as_dict(score: PlayedScore) -> dict[str, Any]:
    """Return a score ready for JSON."""
    return {
        "n_samples": score.n_samples,
        "sample_rate": score.sample_rate,
        "bars": score.bars,
        "metre": list(score.metre),
        "key": score.key,
        "chords": [[one.start, one.name] for one in score.chords],
        "parts": [
            {
                "name": part.name,
                "program": part.program,
                "notes": [[one.start, one.length, one.midi, one.velocity] for one in part.notes],
            }
            for part in score.parts
        ],
        "hits": [[one.start, one.midi, one.velocity] for one in score.hits],
        "drum_program": score.drum_program,
    }


def score_from(fields: Fields) -> PlayedScore:
    """Return the inverse of ``score_as_dict``. Raises ValueError."""
    n_samples = fields.whole("n_samples", 1, _MOST_SAMPLES)
    parts = fields.parts("parts")
    if len(parts) > _MOST_PARTS:
        raise ValueError("“parts” holds more than a score has")
    (metre,) = _rows(Fields({"metre": [fields.data.get("metre")]}), "metre", (_MOST_BEATS, _MOST_BEATS))
    return PlayedScore(
        n_samples=n_samples,
        sample_rate=fields.whole("sample_rate", 1, _MOST_RATE),
        bars=fields.whole("bars", 1, _MOST_BARS),
        metre=(metre[0], metre[1]),
        key=fields.text("key")[:32] if fields.has("key") else None,
        chords=chords_from(fields),
        parts=tuple(
            PlayedPart(
                part.text("name")[:64],
                part.whole("program", 0, _MIDI),
                tuple(PlayedNote(*row) for row in _rows(part, "notes", (n_samples - 1, n_samples, _MIDI, _MIDI))),
            )
            for part in parts
        ),
        hits=tuple(PlayedHit(*row) for row in _rows(fields, "hits", (n_samples - 1, _MIDI, _MIDI))),
        drum_program=fields.whole("drum_program", 0, _MIDI),
    )


def _rows(fields: Fields, name: str, most: tuple[int, ...]) -> list[list[int]]:
    """Return a list of rows of whole numbers, each from 0 to its bound in ``most``. Raises ValueError."""
    rows = fields.data.get(name)
    if not isinstance(rows, list) or len(rows) > MOST_NOTES:
        raise ValueError(f"“{name}” is missing, no list, or longer than a score is")
    for row in rows:
        if not isinstance(row, list) or len(row) != len(most):
            raise ValueError(f"“{name}” holds something that is no row of {len(most)} numbers")
        if not all(type(one) is int and 0 <= one <= high for one, high in zip(row, most, strict=True)):
            raise ValueError(f"“{name}” holds a number that is none, or out of bounds")
    return rows
