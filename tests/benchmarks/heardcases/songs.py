# SPDX-License-Identifier: GPL-3.0-or-later
"""Songs are played from the lead sheets of ``songs.abc`` in fixed arrangements, always the same."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from tests.benchmarks.heardcases.abcnotation import Song, read_songs
from tests.benchmarks.heardcases.arranging import Arrangement, Player
from tests.benchmarks.heardcases.pieces import TEMPO_KINDS, TruePiece
from tests.benchmarks.heardcases.rendering import Playing, rendered, soundfonts
from tests.benchmarks.heardcases.timing import Timing, moved_beats

SONGS_FILE = Path(__file__).with_name("songs.abc")
SWINGS = {"swing": 0.64, "walking": 0.6}
"""Arrangements that swing, and where the second half of a beat falls there."""

_PIANO, _MUSIC_BOX, _ORGAN, _ACCORDION, _NYLON, _STEEL, _CLEAN = 0, 10, 19, 21, 24, 25, 27
_UPRIGHT, _FINGERED, _STRINGS, _TRUMPET, _SAX, _CLARINET, _FLUTE, _FIDDLE, _CELLO = 32, 33, 48, 56, 65, 71, 73, 110, 42


def _player(pattern: str, program: int, velocity: int = 78, level: int = 92) -> Player:
    return Player(pattern, program, velocity, level)


ARRANGEMENTS = {
    "waltz": Arrangement(
        (_player("oom-pah", _ACCORDION, 70),), None, _player("", _CLARINET, 84), _player("waltz", 0, 60)
    ),
    "guitar": Arrangement((_player("arpeggio", _NYLON, 80),), None, _player("", _FLUTE, 80), None),
    "swing": Arrangement(
        (_player("charleston", _PIANO, 70),),
        _player("walking", _UPRIGHT, 92),
        _player("", _TRUMPET, 88),
        _player("shuffle", 0, 74),
        fills=True,
    ),
    "arpeggio": Arrangement(
        (_player("arpeggio", _CLEAN, 82),), _player("long", _FINGERED), _player("", _ORGAN, 70), _player("jig", 0, 68)
    ),
    "music box": Arrangement((_player("arpeggio", _MUSIC_BOX, 72),), None, _player("", _MUSIC_BOX, 92), None),
    "hymn": Arrangement(
        (_player("held", _STRINGS, 66), _player("beats", _PIANO, 74)),
        _player("root and fifth", _CELLO, 84),
        _player("", _PIANO, 96),
        None,
    ),
    "country": Arrangement(
        (_player("oom-pah", _STEEL, 82),), None, _player("", _FIDDLE, 76), _player("train", 0, 62), drums_from=2
    ),
    "habanera": Arrangement((_player("habanera", _NYLON, 82),), None, _player("", _CLARINET, 84), None),
    "alberti": Arrangement((_player("alberti", _PIANO, 70),), None, _player("", _PIANO, 92), None),
    "march": Arrangement(
        (_player("after-beats", _ACCORDION, 70),),
        _player("root and fifth", 58, 86),
        _player("", _FLUTE, 84),
        _player("march", 0, 72),
    ),
    "walking": Arrangement(
        (_player("syncopated", _PIANO, 66),),
        _player("walking", _UPRIGHT, 94),
        _player("", _SAX, 86),
        _player("brushes", 0),
    ),
    "bossa": Arrangement(
        (_player("syncopated", _NYLON, 76),),
        _player("root and fifth", _UPRIGHT, 86),
        _player("", _FLUTE, 78),
        _player("bossa", 0, 62),
    ),
    "reggae": Arrangement(
        (_player("off-beats", _CLEAN, 84),),
        _player("syncopated", _FINGERED, 98),
        _player("", _ORGAN, 72),
        _player("one drop", 0, 84),
    ),
}
"""Arrangements, named by the songs."""


@cache
def songs() -> tuple[Song, ...]:
    """Return the songs of ``SONGS_FILE``."""
    return tuple(read_songs(SONGS_FILE))


def song_piece(song: Song) -> TruePiece:
    """Return a song as it is played. Raises MaterialMissing without the synth."""
    manner, word = song.manner
    (kind,) = (kind for kind in TEMPO_KINDS if kind == word)
    rng = random.Random(song.title)
    sheet = song.sheet
    knots_s = moved_beats(kind, sheet.n_beats, sheet.per_bar, song.bpm, rng)
    playing = Playing(
        tempo_kind=kind,
        timing=Timing(knots_s, SWINGS.get(manner, 0.5)),
        lead_s=rng.choice((0.0, rng.uniform(0.0, 1.5))),
        human_s=0.006,
        room=0.3,
        soundfont=rng.choice(soundfonts()),
    )
    return rendered(song.title, "song", sheet, ARRANGEMENTS[manner], playing=playing, rng=rng)
