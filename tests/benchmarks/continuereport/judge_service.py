# SPDX-License-Identifier: GPL-3.0-or-later
"""This program judges by mir_eval what was heard, in its own environment: JSON lines, a request, an answer.

A request is ``{"true": MUSIC, "heard": MUSIC, "end_s"}``, where MUSIC is ``{"beats_s", "downbeats_s", "chords",
"key"}`` and chords are ``[second, label]``, with labels as mir_eval has them. The answer is ``{"f_measure", "bars",
"off_ms", "right_s", "judged_s", "key"}``: by how much beats are late that match one; of how many seconds the chord is
right, of how many it is judged.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

WINDOW_S = 0.07


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Judge one piece."""
    import mir_eval
    import numpy as np

    true, heard = request["true"], request["heard"]
    beats, found = np.array(true["beats_s"], dtype=float), np.array(heard["beats_s"], dtype=float)
    pairs = mir_eval.util.match_events(beats, found, WINDOW_S) if found.size else []
    right_s, judged_s = _chords(true["chords"], heard["chords"], float(request["end_s"]))
    firsts, found_firsts = (np.array(one["downbeats_s"], dtype=float) for one in (true, heard))
    return {
        "f_measure": float(mir_eval.beat.f_measure(beats, found, WINDOW_S)) if found.size else 0.0,
        "bars": float(mir_eval.beat.f_measure(firsts, found_firsts, WINDOW_S)) if found_firsts.size else 0.0,
        "off_ms": [1000.0 * float(found[late] - beats[at]) for at, late in pairs],
        "right_s": right_s,
        "judged_s": judged_s,
        "key": float(mir_eval.key.weighted_score(true["key"], heard["key"])) if heard["key"] else 0.0,
    }


def _chords(true: list[list[Any]], heard: list[list[Any]], end_s: float) -> tuple[float, float]:
    """Return for how many seconds the chords were right as MIREX counts majors and minors, and how many it judges."""
    import mir_eval
    import numpy as np

    def intervals(chords: list[list[Any]]) -> tuple[Any, list[str]]:
        edges = [*(float(time_s) for time_s, _ in chords), end_s]
        return np.array([edges[:-1], edges[1:]]).T, [label for _, label in chords]

    spans, labels = intervals(true)
    found_spans, found_labels = intervals(heard or [[0.0, "N"]])
    found_spans, found_labels = mir_eval.util.adjust_intervals(
        found_spans, found_labels, spans.min(), spans.max(), start_label="N", end_label="N"
    )
    merged, one, other = mir_eval.util.merge_labeled_intervals(spans, labels, found_spans, found_labels)
    lasts_s = mir_eval.util.intervals_to_durations(merged)
    right = mir_eval.chord.majmin(one, other)
    is_judged = right >= 0.0
    return float((right * lasts_s)[is_judged].sum()), float(lasts_s[is_judged].sum())


def main() -> None:
    """Answer until stdin closes."""
    # Whatever is printed otherwise must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
