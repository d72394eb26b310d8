# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench-continue``, or ``python -m tests.benchmarks.continuereport``: how well a recording is heard.

On pieces that were not learnt from, beside librosa and plain templates in the same run, judged by mir_eval. Nothing is
asserted. What is printed is also written to ``report.md``. ``--pieces 4`` takes fewer of each source.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from engine.library.atomic import write_bytes
from engine.listening.listen import listen
from engine.values import Clip
from tests.benchmarks.continuereport import accompaniment, bands, bars, beats, chords, joins, keys, speed
from tests.benchmarks.continuereport.judge import Judge, Told, felt_beats, judge
from tests.benchmarks.continuereport.plain import plainly_heard
from tests.benchmarks.continuereport.tables import Outcome
from tests.benchmarks.heardcases.corpus import PieceName, judged, piece
from tests.benchmarks.loopcases.cases import MaterialMissing
from tests.benchmarks.warm_peer import PeerMissing

TABLES: dict[str, ModuleType] = {
    "beats": beats,
    "bars": bars,
    "chords": chords,
    "keys": keys,
    "accompaniment": accompaniment,
    "joins": joins,
    "band": bands,
    "speed": speed,
}
"""Tables by name, which are modules with ``TITLE``, ``GOAL`` and ``text(outcomes)``."""
PIECES = 28
"""Number of pieces of each source that are judged."""

_PLAIN = """“Plain” is librosa's beat tracker, whose usual lateness of 35 ms is taken off, bars of four of its beats,
triads' templates on librosa's chroma between them, and Krumhansl's profiles for the key."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="folder for report.md (default: a temporary one)")
    parser.add_argument("--only", nargs="+", choices=TABLES, default=list(TABLES), metavar="TABLE")
    parser.add_argument("--pieces", type=int, default=PIECES, metavar="N", help=f"of each source, usually {PIECES}")
    asked = parser.parse_args()
    out: Path = asked.out or Path(tempfile.mkdtemp(prefix="infiniloop-continue-"))
    out.mkdir(parents=True, exist_ok=True)
    try:
        with judge(out / "mir_eval.log") as judge_:
            outcomes = _outcomes(judge_, list(judged(asked.pieces)))
    except PeerMissing as missing:
        print(f"{missing}.", file=sys.stderr)
        return 1
    texts = [_head(outcomes)]
    print(texts[0], flush=True)
    for name in asked.only:
        table = TABLES[name]
        texts.append(f"## {table.TITLE}\n\nGoal: {table.GOAL}.\n\n{table.text(outcomes)}")
        print(f"\n{texts[-1]}", flush=True)
    write_bytes(out / "report.md", ("\n\n".join(texts) + "\n").encode())
    _say(f"written to {out}")
    return 0


def heard(clip: Clip) -> Told:
    """Return what the studio tells of a clip."""
    music = listen(clip)
    if music.beats is None:
        return Told((), (), music.chords, music.key)
    bars_s = tuple(music.beats.times_s[bar.first] for bar in music.beats.bars() if not bar.missing)
    return Told(felt_beats(music.beats), bars_s, music.chords, music.key)


def _outcomes(judge_: Judge, names: Sequence[PieceName]) -> list[Outcome]:
    out: list[Outcome] = []
    missing: set[str] = set()
    for number, name in enumerate(names, 1):
        try:
            true = piece(name)
        except MaterialMissing as reason:
            if str(reason) not in missing:
                _say(f"{reason}: without it the composer's pieces are judged alone")
            missing.add(str(reason))
            continue
        ours, plain = (judge_.judged(true, told) for told in (heard(true.clip), plainly_heard(true.clip)))
        out.append(Outcome(true, ours, plain))
        if number % 10 == 0:
            _say(f"  {number} of {len(names)}")
    return out


def _head(outcomes: Sequence[Outcome]) -> str:
    told = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    seconds = sum(one.piece.clip.duration_s for one in outcomes)
    what = f"{len(outcomes)} pieces, {seconds / 60.0:.0f} minutes"
    return f"# What is heard of a recording\n\n{time.strftime('%Y-%m-%d')}, {told}; {what}. {_PLAIN}"


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
