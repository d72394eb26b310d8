# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.benchmarks.heardcases.train FOLDER`` makes pieces and trains the networks of ``engine/listening``.

Features are kept in FOLDER, so that it goes on where it was interrupted. The weights are written in the place of those
in ``resources/listening``, whose README.txt tells of them. ``make bench-continue`` says how good they are.
"""

from __future__ import annotations

import argparse
import os
import time
from functools import cached_property
from pathlib import Path

import torch

from engine.listening.beat_network import WEIGHTS_FILE as BEATS_FILE
from engine.listening.harmony import WEIGHTS_FILE as HARMONY_FILE
from engine.listening.style_ear import WEIGHTS_FILE as STYLES_FILE
from tests.benchmarks.heardcases import learn_beats, learn_harmony
from tests.benchmarks.heardcases.corpus import PieceName, learnt, styled
from tests.benchmarks.heardcases.features import Lesson, lessons, save_arrays
from tests.benchmarks.heardcases.learn_styles import learned_ear
from tests.benchmarks.loopcases.cases import MaterialMissing

PIECES = 1200
"""Number of composed, and of arranged, pieces that the networks learn from."""
STYLE_PIECES = 25
"""Number of pieces of each style that the ear for styles learns from."""
BEAT_EPOCHS, HARMONY_EPOCHS = 48, 12
"""Number of times that each piece is learnt from."""

WHAT = ("styles", "harmony", "beats")
"""Names of what can be trained."""


class Training:
    """A training keeps features in a folder, and writes weights into another.

    Parameters
    ----------
    most
        Number of pieces of each source, and at most of each style, of which there are two at least.
    """

    def __init__(self, folder: Path, out: Path, *, most: int, epochs: int, n_processes: int) -> None:
        self._folder, self._out = folder, out
        self._most, self._epochs, self._n_processes = most, epochs, n_processes
        self._started_s = time.monotonic()

    def say(self, words: str) -> None:
        """Print words with the minutes that have passed."""
        print(f"{(time.monotonic() - self._started_s) / 60.0:6.1f} min  {words}", flush=True)

    def styles(self) -> None:
        """Train the ear for styles."""
        ear = learned_ear(self._heard(list(styled(max(2, min(self._most, STYLE_PIECES))))))
        save_arrays(self._out / STYLES_FILE.name, ear.arrays())

    def harmony(self) -> None:
        """Train the harmony network."""
        harmony, _ = learn_harmony.learn(self._lessons, epochs=HARMONY_EPOCHS, tell=self.say)
        save_arrays(self._out / HARMONY_FILE.name, harmony.arrays())

    def beats(self) -> None:
        """Train the beat network; it is written after each epoch."""
        learn_beats.learn(self._lessons, epochs=self._epochs, tell=self._tell_epoch)

    @cached_property
    def _lessons(self) -> list[Lesson]:
        return [lesson for _, lesson in self._heard(list(learnt(self._most)))]

    def _heard(self, names: list[PieceName]) -> list[tuple[PieceName, Lesson]]:
        heard = []
        for one in lessons(names, self._folder, self._n_processes):
            heard.append(one)
            if len(heard) % 100 == 0:
                self.say(f"{len(heard)} pieces")
        self.say(f"{len(heard)} pieces to learn from")
        return heard

    def _tell_epoch(self, epoch: int, loss: float, held: float, network: learn_beats.Network) -> None:
        number = f"{epoch + 1} of {self._epochs}"
        self.say(f"beats, epoch {number}: loss {loss:.4f}, of pieces not learnt from {held:.4f}")
        save_arrays(self._out / BEATS_FILE.name, learn_beats.in_numpy(network).arrays())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pieces' features are kept")
    parser.add_argument("--pieces", type=int, default=PIECES, metavar="N", help=f"of each source, usually {PIECES}")
    parser.add_argument("--epochs", type=int, default=BEAT_EPOCHS, metavar="N", help="of the beat network")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, metavar="PROCESSES")
    parser.add_argument("--only", nargs="+", choices=WHAT, default=WHAT, metavar="WHAT", help=", ".join(WHAT))
    parser.add_argument("--out", type=Path, default=BEATS_FILE.parent, metavar="FOLDER", help="of the weights")
    asked = parser.parse_args()
    torch.set_num_threads(asked.j)
    out: Path = asked.out
    out.mkdir(parents=True, exist_ok=True)
    training = Training(asked.folder, out, most=asked.pieces, epochs=asked.epochs, n_processes=asked.j)
    try:
        for name in (one for one in WHAT if one in asked.only):
            getattr(training, name)()
    except MaterialMissing as reason:
        training.say(str(reason))
        return 1
    training.say(f"written to {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
