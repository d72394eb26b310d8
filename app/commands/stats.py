# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``stats`` tells how long clips take on this machine, measures it, or forgets it.

The studio notes each clip that it makes. A generator can also be measured at once: clips of some lengths are made and
thrown away, each of them noted as soon as it is there, so that Ctrl+C loses none.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Generator as Steps
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.commands import terminal
from app.commands.numbers import number, whole
from engine.errors import OutOfRange
from engine.values import ClipRequest, ClipResult, MachinePace, Pace, Progress
from engine.values.options import PROMPT

if TYPE_CHECKING:
    from engine.generators.base import Generation, GeneratorSettings
    from engine.library.pace_file import Kept
    from engine.session.pace_meter import PaceMeter

LENGTHS_S = (10.0, 20.0)
"""Seconds of the clips that are made to measure, unless others are named."""
MOST_CLIPS = 100
"""Number of clips of one length that can be asked for."""

_HEAD = ("generator", "model", "device", "clip", "runs", "usual", "last", "takes", "loading")


def _lengths(text: str) -> tuple[float, ...]:
    """Read ``10,20``, for argparse."""
    return tuple(number(one) for one in text.replace(";", ",").split(","))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--measure",
        nargs="+",
        metavar=("GENERATOR", "MODEL"),
        help="make clips with this generator, with each of the models that are named or its usual one, and note them; "
        "the machine should have nothing else to do",
    )
    parser.add_argument(
        "--durations",
        type=_lengths,
        default=LENGTHS_S,
        metavar="S,S",
        help="how many seconds the clips last that are made to measure (default 10,20)",
    )
    parser.add_argument(
        "--clips", type=whole, default=3, metavar="N", help="how many clips of each length and model (default 3)"
    )
    parser.add_argument("--reset", action="store_true", help="forget what was measured before")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Measure or forget if that is asked, and tell how long clips take. Raises StudioError."""
    from engine.library.pace_file import keep

    if not 1 <= arguments.clips <= MOST_CLIPS:
        raise OutOfRange(name="--clips", value=arguments.clips, low=1, high=MOST_CLIPS)
    settings = terminal.own_generator_settings()
    # What cannot be made is told before anything is forgotten.
    requests = _requests(arguments, settings) if arguments.measure else []
    path = paths.pace_file()
    before = _told(keep(path))
    if arguments.reset:
        keep(path, forget=True)
        print(f"Forgotten: {len(before.runs)} clips that were measured.", file=sys.stderr)
    if requests:
        _warm_up()
    for at, request in enumerate(requests):
        prefix = f"clip {at + 1} of {len(requests)}, {f'{request.model}, ' if request.model else ''}"
        _measure(path, request, settings, f"{prefix}{request.duration_s:g} s: ")
    pace = _told(keep(path))
    if arguments.json:
        terminal.print_json({"file": str(path), "paces": [one.as_dict() for one in pace.paces]})
    else:
        _print_table(pace)
    return 0


def _told(kept: Kept) -> MachinePace:
    if kept.damaged is not None:
        print(f"infiniloop: {kept.damaged}", file=sys.stderr)
    return kept.pace


def _requests(arguments: argparse.Namespace, settings: GeneratorSettings) -> list[ClipRequest]:
    """Return what is made to measure, the shortest clips of a model first. Raises UserError, GeneratorMissing."""
    from engine.generators.registry import generator_named
    from engine.generators.requests import check_request, completed

    generator = generator_named(arguments.measure[0])
    models = arguments.measure[1:] or [generator.capabilities().usual_model]
    generator.check(settings)
    requests = [
        ClipRequest(1, PROMPT.default_text, generator.name, model, length_s)
        for model in models
        for length_s in sorted(arguments.durations)
        for _ in range(arguments.clips)
    ]
    for one in requests:
        check_request(completed(one, generator, settings), generator)
    return requests


def _warm_up() -> None:
    """Import what a generator process has imported before a clip is asked of it."""
    import importlib

    from engine.generators.host import WARM_MODULES

    for one in WARM_MODULES:
        importlib.import_module(one)


def _measure(path: Path, request: ClipRequest, settings: GeneratorSettings, prefix: str) -> None:
    from engine.generators.service import make_clip
    from engine.library.pace_file import keep
    from engine.session.pace_meter import PaceMeter, model_of

    expected = keep(path).pace.expected(
        request.generator, model_of(request.generator, request.model), request.duration_s
    )
    meter = PaceMeter(request, time.monotonic(), expected)
    made = terminal.finish(_timed(make_clip(request, settings), meter), terminal.ProgressLine(), prefix)
    run_ = meter.run(made, time.monotonic())
    if run_ is not None:
        keep(path, [run_])


def _timed(generation: Generation, meter: PaceMeter) -> Steps[Progress, None, ClipResult]:
    """Yield a generation's progress with the seconds that are left; closing this closes it."""
    try:
        while True:
            yield meter.hear(next(generation), time.monotonic())
    except StopIteration as end:
        made: ClipResult = end.value
        return made
    finally:
        generation.close()


def _print_table(pace: MachinePace) -> None:
    if not pace.paces:
        print("Nothing was measured yet: the studio does while it makes clips, and --measure GENERATOR at once.")
        return
    rows = [_HEAD, *(_cells(one) for one in pace.paces)]
    # A column in which nothing is said is left out.
    shown = [at for at in range(len(_HEAD)) if any(row[at] for row in rows[1:])]
    widths = {at: max(len(row[at]) for row in rows) for at in shown}
    for row in rows:
        cells = (f"{row[at]:<{widths[at]}}" if at < 3 else f"{row[at]:>{widths[at]}}" for at in shown)
        print("  ".join(cells).rstrip())
    print("usual, last: seconds of making for each second of music; takes: the whole clip; loading comes before it.")


def _cells(one: Pace) -> tuple[str, ...]:
    loading = "" if one.load_s is None else f"{one.load_s:.1f} s"
    return (
        one.generator,
        one.model,
        one.device,
        f"{one.clip_s:.1f} s" if one.n_clips == 1 else f"{one.n_clips} × {one.clip_s:.1f} s",
        str(one.n),
        f"{one.usual:.3g}",
        f"{one.last:.3g}",
        f"{one.making_s:.1f} s",
        loading,
    )
