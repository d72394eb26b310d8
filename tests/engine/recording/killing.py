# SPDX-License-Identifier: GPL-3.0-or-later
"""This program kills a recording at every line of the recorder: ``python -m tests.engine.recording.killing FOLDER``.

For n = 1, 2, 3 ... a fork records, over a file that is there, and is killed at the n-th line it runs; the file must
then be the old one or hold whole frames of what was played. Ends once a fork gets through alive. Prints how many were
killed.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np

import engine.recording.recorder
from engine.recording.recorder import FlacRecorder
from tests.engine.recording.played import decoded, frames, steps
from tests.killing import kill_at_line

OLD = b"what was there"
N_FRAMES = 9_000
PIECE = 3_000
BLOCK = 4_096


def record(path: Path) -> None:
    recorder = FlacRecorder(path, 44_100)
    for first in range(0, N_FRAMES, PIECE):
        recorder.write(frames(first, first + PIECE))
    recorder.close()


def main(folder: Path) -> int:
    path = folder / "recorded.flac"
    lengths = []
    n = 0
    while True:
        n += 1
        path.write_bytes(OLD)
        pid = os.fork()
        if pid == 0:
            kill_at_line(n, engine.recording.recorder.__file__)
            record(path)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if path.read_bytes() == OLD:
            lengths.append(0)
        else:
            found = decoded(path)
            assert np.array_equal(found, steps(frames(0, len(found))))
            lengths.append(len(found))
        for left in folder.glob(".*"):
            left.unlink()
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, status
            break
        assert os.WTERMSIG(status) == signal.SIGKILL, status
    assert lengths == sorted(lengths), lengths
    assert set(lengths) == {0, BLOCK, 2 * BLOCK, N_FRAMES}, set(lengths)
    return n - 1


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]))}\n")
