# SPDX-License-Identifier: GPL-3.0-or-later
"""This speaker talks with the backend of jerry4loops, a Stable Audio server that makes loops of whole bars.

In its stored versions every loop whose number of bars is given fails with HTTP 500, as a variable is used before it
is set. The bars are then left to the server; where it keeps fewer than are asked for, all of its sound is asked for,
and cut here.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from engine.errors import NotTaken, OutOfRange, RemoteError, WrongKind
from engine.generators.base import Generation, finished
from engine.generators.capabilities import Capabilities, Limits, Takes
from engine.generators.remote.asking import Line, Wait, progressing, shown
from engine.generators.remote.jerry_server import MAKING_S, STANDARD, JerryServer, Made, Order, wav_of
from engine.generators.remote.jerry_wanted import (
    BEATS_PER_BAR,
    LOOP_WORDS,
    TITLE,
    WantedLoop,
    Window,
    bars_s,
    bars_samples,
    strength_of,
    wanted_loop,
)
from engine.generators.remote.speaker import Machine, Offer
from engine.values import Clip, ClipRequest, ClipResult, Kind, Layer, MusicFacts, Parameter, Progress
from engine.values.takes import MOST_SEED

LONGEST_ASKED_S = 30.0
"""Longest duration that can be asked for, seconds: the most bars that fit into the server's window come then."""
MOST_CLIPS = 4
"""Number of clips of one request, at most: they are made one after another."""
FAILED = 500
"""HTTP status of the server's own faults."""
ROUNDING_SAMPLES = 1
"""Number of samples by which a loop may be shorter than its bars, as seconds are multiplied in one order or another."""
RANDOM = -1
"""Number by which the server is asked to choose a seed."""

WHOLE_BARS = Parameter(
    "whole_bars",
    Kind.SWITCH,
    True,
    "Whole bars",
    "Make loops of one, two, four or eight bars at a tempo; off makes a clip in free time",
)
STEPS = Parameter(
    "steps", Kind.INTEGER, 8, "Steps", "How often the sound is refined: more takes longer", low=1, high=100
)
CFG_SCALE = Parameter(
    "cfg_scale",
    Kind.NUMBER,
    1.0,
    "Guidance",
    "How closely the prompt is followed: more is closer, and harsher",
    low=0.0,
    high=20.0,
    step=0.1,
)
FINETUNE = Parameter(
    "finetune",
    Kind.TEXT,
    "",
    "Finetune",
    "Repository and file of other weights, as owner/repository/file.ckpt; empty is the usual model",
)

_FINETUNE = re.compile(r"[\w.-]+/[\w.-]+/[\w./ =-]+")


class JerrySpeaker:
    """This speaker asks one server, and remembers what that can and cannot do."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._windows: dict[str, Window] = {}
        self._fails_on_bars = False

    def capabilities(self) -> Offer:
        with self._line() as line:
            self._windows = finished(JerryServer(line, self._machine).windows())
        capabilities = Capabilities(
            min_duration_s=1.0,
            max_duration_s=LONGEST_ASKED_S,
            sample_rate=self._windows.get(STANDARD, Window()).sample_rate,
            n_channels=2,
            takes=Takes(
                seed=True,
                negative_prompt=True,
                bars=True,
                bpm=True,
                metre=True,
                layers=tuple(one for one in LOOP_WORDS if one != Layer.EVERYTHING),
                restyle=True,
                n_clips=MOST_CLIPS,
            ),
            parameters=(WHOLE_BARS, STEPS, CFG_SCALE, FINETUNE),
            limits=Limits(load_s=MAKING_S),
        )
        return Offer(TITLE, capabilities)

    def submit(self, request: ClipRequest, _offer: Offer, /) -> Generation:
        finetune = request.parameters.text(FINETUNE.name).strip()
        window = self._windows.get(finetune or STANDARD, Window())
        is_loop = request.parameters.get(WHOLE_BARS.name, WHOLE_BARS.default) is True
        wanted = wanted_loop(request, window) if is_loop else None
        if wanted is None:
            _check_free(request, window)
        order = _order(request, window, finetune)
        made = []
        with self._line() as line:
            server = JerryServer(line, self._machine)
            for number in range(request.n_clips):
                one = order if order.seed < 0 else replace(order, seed=order.seed + number)
                made.append((yield from self._clip(server, one, request, wanted, window)))
        return replace(made[0], others=tuple(made[1:]))

    def _clip(
        self, server: JerryServer, order: Order, request: ClipRequest, wanted: WantedLoop | None, window: Window
    ) -> Generator[Progress, None, ClipResult]:
        if wanted is None:
            # A tempo, which music that went before may have asked for, is a word here.
            prompt = request.prompt if request.bpm is None else f"{request.prompt}, {request.bpm:g} bpm"
            work = server.window(order, prompt, request.negative_prompt, request.duration_s)
        else:
            work = self._loop(server, order, request, wanted, window)
        made = yield from progressing(work, request.job_id, "generating")
        return self._result(made, order, request, wanted)

    def _loop(
        self, server: JerryServer, order: Order, request: ClipRequest, wanted: WantedLoop, window: Window
    ) -> Wait[Made]:
        """Have whole bars made: cut by the server where it can, else all of its sound, which has them too."""
        # The server's loops have negative prompts of their own, and no place for another.
        is_loop, has_failed = not request.negative_prompt, False
        if is_loop and wanted.bars != wanted.auto_bars and not self._fails_on_bars:
            answer = yield from server.loop(order, wanted, bars=wanted.bars)
            if answer.status != FAILED:
                return server.made(answer)
            has_failed = True
        if is_loop and wanted.bars <= wanted.auto_bars:
            # The same sound of the same seed, of which more bars are kept.
            made = server.made((yield from server.loop(order, wanted, bars=None)))
        else:
            negative = ", ".join(one for one in (request.negative_prompt, wanted.words.negative) if one)
            made = yield from server.window(order, wanted.plain_prompt, negative, window.filled_s)
        # It was the bars, as without them it works.
        self._fails_on_bars = self._fails_on_bars or has_failed
        return made

    def _result(self, made: Made, order: Order, request: ClipRequest, wanted: WantedLoop | None) -> ClipResult:
        clip, told = made.clip, made.told
        if wanted is None:
            # Past the seconds that were asked for the window holds next to nothing.
            n_samples, facts = round(request.duration_s * clip.sample_rate), MusicFacts()
        else:
            # From the tempo: the seconds that the server tells are rounded.
            n_samples = bars_samples(wanted.bars, wanted.bpm, clip.sample_rate)
            facts = MusicFacts(float(wanted.bpm), beats_per_bar=BEATS_PER_BAR, bars=wanted.bars)
            if clip.n_samples < n_samples - ROUNDING_SAMPLES:
                lasts, needed = f"{clip.duration_s:.1f} s", f"{bars_s(wanted.bars, wanted.bpm):.1f} s"
                detail = f"its clip lasts {lasts}, where {wanted.bars} bars at {wanted.bpm} bpm take {needed}"
                raise RemoteError(machine=self._machine.place, detail=detail)
        seed = told.get("seed")
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MOST_SEED:
            seed = order.seed if order.seed >= 0 else None
        return ClipResult(
            request.job_id,
            Clip(clip.samples[:n_samples], clip.sample_rate, wraps=wanted is not None),
            facts,
            seed=seed,
            versions={TITLE: order.finetune or shown(str(told.get("model_type") or STANDARD))},
            asked_bars=None if wanted is None else wanted.bars,
        )

    def _line(self) -> Line:
        token = self._machine.token
        return Line(self._machine, TITLE, {"Authorization": f"Bearer {token}"} if token else {})


def _order(request: ClipRequest, window: Window, finetune: str) -> Order:
    """Return what the clip is asked with. Raises OutOfRange, WrongKind."""
    if finetune and not _FINETUNE.fullmatch(finetune):
        raise WrongKind(name=FINETUNE.name, value=finetune, kind="a repository and a file: owner/repository/file.ckpt")
    return Order(
        seed=RANDOM if request.seed is None else request.seed,
        steps=int(request.parameters.get(STEPS.name, STEPS.default)),
        cfg_scale=float(request.parameters.get(CFG_SCALE.name, CFG_SCALE.default)),
        sound=b"" if request.restyle is None else wav_of(request.restyle.clip, window),
        strength=strength_of(request),
        finetune=finetune,
    )


def _check_free(request: ClipRequest, window: Window) -> None:
    """Refuse of a clip in free time what only loops have. Raises NotTaken, OutOfRange."""
    asked = (
        ("number of bars", request.bars),
        ("metre", request.metre),
        ("layer", None if request.layer == Layer.EVERYTHING else str(request.layer)),
    )
    for name, value in asked:
        if value is not None:
            raise NotTaken(generator=TITLE, name=f"{name} without whole bars", value=value)
    if request.duration_s > window.filled_s:
        raise OutOfRange(name="duration", value=f"{request.duration_s:g} s", low="1 s", high=f"{window.filled_s} s")
