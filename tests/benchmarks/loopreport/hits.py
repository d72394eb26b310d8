# SPDX-License-Identifier: GPL-3.0-or-later
"""The hit tables: both finders on the same held-out cases."""

from __future__ import annotations

import numpy as np

from engine.values import LoopSearch
from tests.benchmarks.loopcases.cases import KINDS, Kind
from tests.benchmarks.loopcases.corpus import USUAL_COUNT
from tests.benchmarks.loopreport.answers import Answer, peer_answer
from tests.benchmarks.loopreport.peer import Peer

OURS = "Infiniloop"
PEERS: dict[str, dict[str, float]] = {
    "PyMusicLooper": {},
    "PyMusicLooper, loops from 2 s": {"min_loop_duration": LoopSearch().min_loop_s},
}
"""By their names in the tables, the options; its default asks for loops of at least 35 % of the file."""

Answers = dict[Kind, list[Answer]]


def peer_answers(peer: Peer, options: dict[str, float]) -> Answers:
    """PyMusicLooper on the usual number of cases of every kind."""
    return {kind: [peer_answer(peer, kind, index, options) for index in range(USUAL_COUNT[kind])] for kind in KINDS}


def tables(answers: dict[str, Answers]) -> str:
    """Markdown: a row for each question, a column for each finder (the keys of ``answers``, ours first)."""
    names = list(answers)
    lines = [f"| | {' | '.join(names)} |", "|---|" + "---|" * len(names)]

    def row(words: str, cells: list[str]) -> None:
        lines.append(f"| {words} | {' | '.join(cells)} |")

    def counted(kind: Kind, words: str, what: str) -> None:
        own = [answers[name][kind] for name in names]
        row(words, [f"{sum(bool(getattr(one, what)) for one in some)} of {len(some)}" for some in own])

    counted("planted", "planted: length right to 2 ms and inside the repeats", "top_right")
    counted("planted", "planted: right to the sample", "exact")
    _among(row, answers, "planted")
    counted("planted", "planted: no loop at all", "nothing")
    counted("performed", "performed: a whole number of phrases to 15 ms", "top_right")
    _among(row, answers, "performed")
    counted("performed", "performed: no loop at all", "nothing")
    counted("real", "real: no loop at all", "nothing")
    for what, words in (
        ("onset_over_own", "real: onset at the bare join over the music's own there"),
        ("onset_over_beats", "real: onset at the bare join over the clip's beats"),
        ("rank", "real: rank among random jumps, 0 is best"),
    ):
        row(f"{words} (median, 90th percentile)", [_percentiles(answers[name]["real"], what) for name in names])
    counted("none", "none (nothing loops): no loop offered", "nothing")
    counted("none", "none: offered, but as weak", "weak")
    row("none: score of what is offered (median, 90th percentile)", [_scores(answers[name]["none"]) for name in names])
    return "\n".join(lines)


def wrong(answers: Answers) -> str:
    """Which cases were missed, so that a person can run them alone."""
    missed = [one.name for kind in ("planted", "performed") for one in answers[kind] if not one.top_right]
    return ", ".join(missed) or "none"


def _among(row: object, answers: dict[str, Answers], kind: Kind) -> None:
    cells = [f"{sum(any(one.right) for one in some[kind])} of {len(some[kind])}" for some in answers.values()]
    assert callable(row)
    row(f"{kind}: right among the best ten", cells)


def _percentiles(some: list[Answer], what: str) -> str:
    figures = [getattr(one, what) for one in some if not one.nothing]
    if not figures:
        return "–"
    return f"{np.median(figures):.2f}, {np.percentile(figures, 90):.2f} (of {len(figures)})"


def _scores(some: list[Answer]) -> str:
    scores = [one.scores[0] for one in some if not one.nothing]
    return f"{np.median(scores):.2f}, {np.percentile(scores, 90):.2f}" if scores else "–"
