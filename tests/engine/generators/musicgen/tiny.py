# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of MusicGen take their tiny models through passes here, and hold them against the library's generation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from engine.generators.base import GeneratorSettings, finished
from engine.generators.musicgen import MusicGen, making
from engine.generators.musicgen.codes import Sampling, chances, delayed_pattern, frames_between, n_steps
from engine.generators.musicgen.declared import SAMPLE_RATE
from engine.generators.musicgen.fused import FusedStepper, Shape
from engine.generators.musicgen.loading import Loaded, Shelf
from engine.generators.musicgen.making import Lengths, make
from engine.generators.musicgen.sound import StreamDecoder, encoded
from engine.generators.musicgen.steps import Conditions, Pass, Stepper
from engine.generators.requests import completed
from engine.values import ClipRequest, ClipResult, Progress

PROMPT = "lofi, 85 bpm"
LIKELIEST = Sampling(top_k=1)
SHORT = Lengths(pass_s=2.0, context_s=0.6)
N_FRAMES = 24

Told = tuple[list[Progress], ClipResult]


def asked(settings: GeneratorSettings, **changes: Any) -> ClipRequest:
    values: dict[str, Any] = {"prompt": PROMPT, "generator": "musicgen", "model": "small", "duration_s": 1.0, "seed": 5}
    return completed(ClipRequest(job_id=1, **values | changes), MusicGen(), settings)


def made(settings: GeneratorSettings, shelf: Shelf, lengths: Lengths = SHORT, **changes: Any) -> Told:
    seen: list[Progress] = []
    return seen, finished(make(asked(settings, **changes), settings, shelf, lengths), seen)


def codes_of(
    stepper: Stepper,
    one: Loaded,
    heard: Conditions,
    sampling: Sampling,
    *,
    seeds: tuple[int, ...] = (3, 4),
    given: torch.Tensor | None = None,
) -> torch.Tensor:
    known = torch.zeros(len(seeds), one.n_books, 0, dtype=torch.long) if given is None else given
    pattern = delayed_pattern(known, N_FRAMES, one.late, one.padding)
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    n_given = known.shape[-1]
    stepper.begin(heard, Pass(pattern, chances(generators, pattern.shape[-1], one.n_books), n_given, sampling))
    for step in range(n_given, pattern.shape[-1] - 1):
        stepper.advance(step)
    return frames_between(stepper.codes, 0, N_FRAMES, one.late).clone()


def fused(one: Loaded, heard: Conditions, n_clips: int = 2) -> FusedStepper:
    n_heard = 0 if heard.is_prefix else int(heard.mask.any(-1).sum())
    length = heard.states.shape[1]
    n_all = n_steps(N_FRAMES, one.late) + (length if heard.is_prefix else 0)
    stepper = one.stepper(Shape(n_clips, len(heard.weights), n_heard, 0 if heard.is_prefix else length + 3, n_all))
    assert isinstance(stepper, FusedStepper)
    return stepper


def by_inversion(n_books: int) -> Any:
    """Return a stand-in for ``torch.multinomial`` that chooses by the same numbers, in the same order, as ours."""
    generators = [torch.Generator().manual_seed(seed) for seed in (3, 4)]
    numbers = chances(generators, n_steps(N_FRAMES, tuple(range(4))), n_books)
    step = iter(range(1, numbers.shape[-1]))

    def choose(likely: torch.Tensor, num_samples: int) -> torch.Tensor:
        assert num_samples == 1
        values, codes = likely.sort(-1, descending=True)
        chance = numbers[..., next(step)].reshape(-1, 1)
        return codes.gather(-1, (values.cumsum(-1) <= chance * values.sum(-1, keepdim=True)).sum(-1, keepdim=True))

    return choose


def steps_at(samples: np.ndarray, places: list[int]) -> float:
    """Return the largest step at these places over the largest anywhere else."""
    steps = np.abs(np.diff(samples, axis=0)).max(axis=1)
    at = np.zeros(len(steps), bool)
    for place in places:
        at[place - 2 : place + 2] = True
    return float(steps[at].max() / steps[~at].max())


@dataclass(frozen=True)
class Heard:
    """The end of what a clip goes on from, as the model is given it."""

    sound: torch.Tensor
    codes: torch.Tensor


class Louder(StreamDecoder):
    """This decoder stands in for a model that gets louder and louder, by 1.5 dB a second from what it hears before."""

    n_heard_again = 0

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self._db, self._all = 0.0, torch.zeros(1, 4, 0, dtype=torch.long)

    def push(self, codes: torch.Tensor | None, *, is_last: bool = False) -> torch.Tensor | None:
        sound = super().push(codes, is_last=is_last)
        if codes is not None:
            self._all = torch.cat([self._all, codes], -1)
        if sound is None:
            return None
        rise_db = self._db + 1.5 * torch.arange(sound.shape[-1]) / SAMPLE_RATE
        if codes is not None:
            self._db = float(rise_db[-1])
        self._end = sound * 10.0 ** (rise_db / 20.0)
        return self._end

    def hear_again(self, codes: torch.Tensor, tail: torch.Tensor) -> None:
        Louder.n_heard_again += 1
        self._db += 20.0 * float(torch.log10(tail.std() / self._end.std()))
        super().hear_again(self._all[..., -codes.shape[-1] :], tail)


def listened(monkeypatch: pytest.MonkeyPatch) -> list[Heard]:
    """Have all that is read as codes kept in the list that is returned."""
    heard: list[Heard] = []

    def listen(model: Any, sound: torch.Tensor) -> torch.Tensor:
        heard.append(Heard(sound, encoded(model, sound)))
        return heard[-1].codes

    monkeypatch.setattr(making, "encoded", listen)
    return heard


class Uncaptured:
    """This stands in for captured steps: it makes each anew, and remembers how much of the cache each looked at."""

    lengths: ClassVar[list[int]] = []

    def __init__(self, stepper: FusedStepper) -> None:
        self._stepper = stepper

    def replay(self, n_seen: int) -> None:
        self.lengths.append(n_seen)
        self._stepper.make_step(n_seen)
