# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus names pieces by source and number; those that are judged are none of those that are learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.generators.composer.styles import styles
from tests.benchmarks.heardcases.arranged import arranged_piece
from tests.benchmarks.heardcases.composed import composed_piece
from tests.benchmarks.heardcases.pieces import SOURCES, Source, TruePiece
from tests.benchmarks.heardcases.songs import song_piece, songs

FIRST_JUDGED = 9_000_000
"""First seed of composed and arranged pieces that are judged; those that are learnt from lie below ``LAST_LEARNT``."""
LAST_LEARNT = 1_000_000


@dataclass(frozen=True, slots=True)
class PieceName:
    """A piece is named by its source and, of songs, its number in their file, of others its seed.

    ``style`` is that of a composed piece, or "" where it is drawn.
    """

    source: Source
    number: int
    style: str = ""

    def __str__(self) -> str:
        return "-".join([self.source, *([self.style] if self.style else []), str(self.number)])


def judged(n_each: int) -> Iterator[PieceName]:
    """Yield the names of ``n_each`` pieces of each source (of songs, as many as there are) to be judged by."""
    for source in SOURCES:
        first, most = (0, len(songs())) if source == "song" else (FIRST_JUDGED, n_each)
        for number in range(first, first + min(n_each, most)):
            yield PieceName(source, number)


def learnt(n_each: int) -> Iterator[PieceName]:
    """Yield the names of ``n_each`` composed and as many arranged pieces to learn from."""
    if n_each > LAST_LEARNT:
        raise ValueError(f"at most {LAST_LEARNT} pieces of each source are learnt from, not {n_each}")
    for number in range(n_each):
        yield PieceName("composer", number)
        yield PieceName("arranged", number)


def styled(n_each: int) -> Iterator[PieceName]:
    """Yield the names of ``n_each`` pieces of every style of the composer, to learn from."""
    for number in range(n_each):
        yield from (PieceName("composer", number, style) for style in styles())


def piece(name: PieceName) -> TruePiece:
    """Return a piece, always the same one. Raises MaterialMissing without the synth, StudioError."""
    if name.source == "song":
        return song_piece(songs()[name.number])
    return composed_piece(name.number, name.style) if name.source == "composer" else arranged_piece(name.number)
