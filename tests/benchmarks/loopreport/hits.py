# SPDX-License-Identifier: GPL-3.0-or-later
"""The hit tables show both finders on the same held-out cases."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.loops.finder import least_length_s
from engine.values import Clip, LoopSearch
from tests.benchmarks.loopcases.cases import KINDS, Kind
from tests.benchmarks.loopcases.corpus import USUAL_COUNT, case_at
from tests.benchmarks.loopreport.answers import SPLIT, Answer, peer_answer
from tests.benchmarks.loopreport.peer import Peer

OURS = "Infiniloop"
PEERS = ("PyMusicLooper", "PyMusicLooper, lengths as ours")
"""Options of PyMusicLooper as it comes (loops of at least 35 % of the file), and with our own shortest loop."""


def options(name: str, clip: Clip) -> dict[str, float]:
    """Return what one of ``PEERS`` is asked for a clip."""
    return {} if name == PEERS[0] else {"min_loop_duration": least_length_s(clip, LoopSearch())}


_JOINS = {
    "onset_over_own": "onset at the bare join over the music's own there",
    "onset_over_beats": "onset at the bare join over the clip's beats",
    "rank": "rank among random jumps, 0 is best",
}

Answers = dict[Kind, list[Answer]]


def peer_answers(peer: Peer, name: str) -> Answers:
    """Return the answers of one of ``PEERS`` to the usual number of cases of every kind."""
    answers: Answers = {}
    for kind in KINDS:
        answers[kind] = []
        for index in range(USUAL_COUNT[kind]):
            case = case_at(kind, SPLIT, index)
            answers[kind].append(peer_answer(peer, case, options(name, case.clip)))
    return answers


def tables(answers: dict[str, Answers]) -> str:
    """Return Markdown with a row for each question and a column for each finder (the keys of ``answers``)."""
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
    # Who offers nothing where it is hard would look the better for it: also where all of them offer something.
    reals = [answers[name]["real"] for name in names]
    shared = [index for index in range(len(reals[0])) if not any(some[index].nothing for some in reals)]
    for what, words in _JOINS.items():
        row(f"real: {words} (median, 90th percentile)", [_percentiles(some, what) for some in reals])
        among = [_percentiles([some[index] for index in shared], what) for some in reals]
        row(f"… in the {len(shared)} clips in which all offer a loop", among)
    counted("none", "none (nothing loops): no loop offered", "nothing")
    counted("none", "none: offered, but as weak", "weak")
    row("none: score of what is offered (median, 90th percentile)", [_scores(answers[name]["none"]) for name in names])
    return "\n".join(lines)


def wrong(answers: Answers) -> str:
    """Return which cases were missed, so that a person can run them alone."""
    missed = [one.name for kind in ("planted", "performed") for one in answers[kind] if not one.top_right]
    return ", ".join(missed) or "none"


def _among(row: Callable[[str, list[str]], None], answers: dict[str, Answers], kind: Kind) -> None:
    cells = [f"{sum(any(one.right) for one in some[kind])} of {len(some[kind])}" for some in answers.values()]
    row(f"{kind}: right among the best ten", cells)


def _percentiles(some: list[Answer], what: str) -> str:
    figures = [getattr(one, what) for one in some if not one.nothing]
    if not figures:
        return "–"
    digits = 3 if what == "rank" else 2
    return f"{np.median(figures):.{digits}f}, {np.percentile(figures, 90):.{digits}f}"


def _scores(some: list[Answer]) -> str:
    scores = [one.scores[0] for one in some if not one.nothing]
    return f"{np.median(scores):.2f}, {np.percentile(scores, 90):.2f}" if scores else "–"
