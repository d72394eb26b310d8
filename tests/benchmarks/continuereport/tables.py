# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables show a figure of ours beside the plain listener's: of all pieces, by source, and by kind of tempo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.composerreport.table import figure
from tests.benchmarks.continuereport.judge import Judgement
from tests.benchmarks.heardcases.pieces import SOURCES, TEMPO_KINDS, TruePiece

_NAMES = {"composer": "the composer's", "song": "songs", "arranged": "arranged at random"}
_IS_SWUNG = 0.53


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """The outcome of one piece: how right we are, and how right the plain listener is."""

    piece: TruePiece
    ours: Judgement
    plain: Judgement


def groups(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    """Yield title and outcomes of each row; rows without any are left out."""
    rows = [("all", list(outcomes))]
    rows += [(_NAMES[source], [one for one in outcomes if one.piece.source == source]) for source in SOURCES]
    rows += [(f"tempo: {kind}", [one for one in outcomes if one.piece.tempo_kind == kind]) for kind in TEMPO_KINDS]
    rows.append(("swung", [one for one in outcomes if one.piece.swing > _IS_SWUNG]))
    yield from ((title, some) for title, some in rows if some)


def compared(
    outcomes: Sequence[Outcome],
    head: Sequence[str],
    measure: Callable[[Sequence[Judgement]], Sequence[float]],
    digits: int,
) -> str:
    """Return a Markdown table with a row for each group.

    ``measure`` gives the figures of a group, which ``head`` names; each is shown for both listeners.
    """
    names = [f"{one}{whose}" for one in head for whose in ("", ", plain")]
    lines = [f"| pieces | n | {' | '.join(names)} |", f"|---|---|{'---|' * len(names)}"]
    for title, some in groups(outcomes):
        ours, plain = measure([one.ours for one in some]), measure([one.plain for one in some])
        cells = [figure(value, digits) for pair in zip(ours, plain, strict=True) for value in pair]
        lines.append(f"| {title} | {len(some)} | {' | '.join(cells)} |")
    return "\n".join(lines)
