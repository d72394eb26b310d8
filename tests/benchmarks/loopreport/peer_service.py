# SPDX-License-Identifier: GPL-3.0-or-later
"""This program offers PyMusicLooper by JSON lines, a request on stdin, an answer on stdout, in its own environment.

A request is ``{"path", "options", "repeats"}``: ``options`` go to ``MusicLooper.find_loop_pairs`` as they are. The
answer is ``{"regions", "scores", "nothing": why, "find_ms", "whole_ms"}``. Its ``loop_end`` is the first sample that is
not played (``playback.py`` plays up to ``loop_end``, ``export`` cuts there), as ours is.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

MOST = 10  # candidates to tell


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Find the loops of one file, several times over."""
    from pymusiclooper.core import MusicLooper  # type: ignore[import-not-found]  # not in the project's environment
    from pymusiclooper.exceptions import AudioLoadError, LoopNotFoundError  # type: ignore[import-not-found]

    find_ms, whole_ms, pairs, nothing = [], [], [], ""
    for _ in range(int(request["repeats"])):
        start = read = time.perf_counter()
        try:
            looper = MusicLooper(request["path"])
            read = time.perf_counter()
            pairs = looper.find_loop_pairs(**request["options"])
        except (AudioLoadError, LoopNotFoundError) as error:
            nothing = str(error)
        except Exception as error:  # noqa: BLE001 -- a process boundary: what goes wrong in there is told and counted
            nothing = f"{type(error).__name__}: {error}"
        end = time.perf_counter()
        find_ms.append(1000.0 * (end - read))
        whole_ms.append(1000.0 * (end - start))
    regions = [[int(pair.loop_start), int(pair.loop_end)] for pair in pairs[:MOST]]
    scores = [float(pair.score) for pair in pairs[:MOST]]
    return {"regions": regions, "scores": scores, "nothing": nothing, "find_ms": find_ms, "whole_ms": whole_ms}


def main() -> None:
    """Answer until stdin closes."""
    # Whatever the program prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
