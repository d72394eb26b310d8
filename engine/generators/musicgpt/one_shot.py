# SPDX-License-Identifier: GPL-3.0-or-later
"""This module runs MusicGPT once for a clip: it starts, loads its model, writes an audio file and ends."""

from __future__ import annotations

from collections.abc import Generator as Steps

from engine.errors import GeneratorFailed, GeneratorHung, GeneratorOutputBad
from engine.generators.delivered import check_size, read_delivered
from engine.generators.musicgpt.declared import POLL_S, TITLE, Order, Patience
from engine.generators.musicgpt.running import WorkClock, run
from engine.generators.musicgpt.words import failure, last_error
from engine.outside.scratch import ScratchFolder
from engine.values import Clip, Progress

CLIP = "clip.wav"
"""Name of its audio file in the scratch folder."""


class OneShot:
    """A one-shot makes each clip by a run of its own, and remembers how fast that was."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._pace: dict[tuple[str, bool], float] = {}  # of the last run so: seconds of work per second of audio

    def make(self, order: Order) -> Steps[Progress, None, Clip]:
        """Make a clip, with progress; closing it ends the program.

        Raises GeneratorError and its children: it failed, took too long, wrote or said too much, or nothing of use.
        """
        with ScratchFolder("musicgpt") as scratch:
            options = [*order.options, "--secs", str(order.secs), "--output", str(scratch.path / CLIP), "--no-playback"]
            # "--" ends the options: a prompt may begin with a dash.
            command = [str(order.executable), *options, "--no-interactive", "--", order.prompt]
            exit_code, lines = yield from self._watch(order, command, scratch)
            if exit_code != 0:
                raise GeneratorFailed(generator=TITLE, exit_code=exit_code, detail=failure(exit_code, lines))
            try:
                return read_delivered(scratch, CLIP, generator=TITLE, requested_s=order.requested_s)
            except FileNotFoundError:
                error = last_error(lines)
                detail = "it wrote no audio file" + (f" ({error})" if error else "")
                raise GeneratorOutputBad(generator=TITLE, detail=detail) from None

    def _watch(
        self, order: Order, command: list[str], scratch: ScratchFolder
    ) -> Steps[Progress, None, tuple[int, list[str]]]:
        """Run to the end, with progress; return the exit code and the last lines it said."""
        limit_s = self._patience.start_s + self._patience.per_second_s * order.secs
        which = (order.model, order.is_gpu)
        pace, clock = self._pace.get(which), WorkClock(self._patience)
        running = run(command, scratch)
        try:
            while True:
                clock.look(next(running))
                if clock.work_s > limit_s:
                    raise GeneratorHung(generator=TITLE, limit_s=limit_s)
                check_size(scratch.size_of(CLIP), generator=TITLE, requested_s=order.requested_s)
                left_s = None if pace is None or clock.is_downloading else pace * order.secs - clock.work_s
                yield Progress(
                    order.job_id,
                    fraction=None,
                    stage="downloading" if clock.is_downloading else "generating",
                    left_s=left_s if left_s is not None and left_s > 0.0 else None,
                )
        except StopIteration as end:
            exit_code, lines = end.value
            if exit_code == 0:
                self._pace[which] = (clock.work_s + POLL_S) / order.secs
            return exit_code, lines
        finally:
            running.close()
