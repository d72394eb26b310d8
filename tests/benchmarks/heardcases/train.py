# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.benchmarks.heardcases.train FOLDER`` makes pieces and trains the networks of ``engine/listening``.

Features are kept in FOLDER, so that it goes on where it was interrupted. The weights are written in the place of those
in ``resources/listening``, whose README.txt tells of them. ``make bench-continue`` says how good they are.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import torch

from engine.listening.beat_network import WEIGHTS_FILE as BEATS_FILE
from engine.listening.harmony import WEIGHTS_FILE as HARMONY_FILE
from tests.benchmarks.heardcases import learn_beats, learn_harmony
from tests.benchmarks.heardcases.corpus import learnt
from tests.benchmarks.heardcases.features import Lesson, lessons, save_arrays
from tests.benchmarks.loopcases.cases import MaterialMissing

PIECES = 1200
"""Number of composed, and of arranged, pieces that are learnt from."""
BEAT_EPOCHS, HARMONY_EPOCHS = 48, 12
"""Number of times that each piece is learnt from."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pieces' features are kept")
    parser.add_argument("--pieces", type=int, default=PIECES, metavar="N", help=f"of each source, usually {PIECES}")
    parser.add_argument("--epochs", type=int, default=BEAT_EPOCHS, metavar="N", help="of the beat network")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, metavar="PROCESSES")
    parser.add_argument("--only", choices=("beats", "harmony"), help="train one of the networks")
    parser.add_argument("--out", type=Path, default=BEATS_FILE.parent, metavar="FOLDER", help="of the weights")
    asked = parser.parse_args()
    torch.set_num_threads(asked.j)
    out: Path = asked.out
    out.mkdir(parents=True, exist_ok=True)
    started_s = time.monotonic()

    def say(words: str) -> None:
        print(f"{(time.monotonic() - started_s) / 60.0:6.1f} min  {words}", flush=True)

    kept: list[Lesson] = []
    try:
        for lesson in lessons(list(learnt(asked.pieces)), asked.folder, asked.j):
            kept.append(lesson)
            if len(kept) % 100 == 0:
                say(f"{len(kept)} pieces")
    except MaterialMissing as reason:
        say(str(reason))
        return 1
    say(f"{len(kept)} pieces to learn from")
    if asked.only != "beats":
        harmony, _ = learn_harmony.learn(kept, epochs=HARMONY_EPOCHS, tell=say)
        save_arrays(out / HARMONY_FILE.name, harmony.arrays())
    if asked.only != "harmony":

        def tell(epoch: int, loss: float, held: float, network: learn_beats.Network) -> None:
            say(f"beats, epoch {epoch + 1} of {asked.epochs}: loss {loss:.4f}, of pieces not learnt from {held:.4f}")
            save_arrays(out / BEATS_FILE.name, learn_beats.in_numpy(network).arrays())

        learn_beats.learn(kept, epochs=asked.epochs, tell=tell)
    say(f"written to {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
