# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes the sound of any length out of passes, each of which begins with the end of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.generators.musicgen.codes import Sampling, chances, delayed_pattern, frames_between, n_steps
from engine.generators.musicgen.conditions import conditions, melody_from
from engine.generators.musicgen.declared import FRAME_RATE, HOP, SAMPLE_RATE
from engine.generators.musicgen.fused import Shape
from engine.generators.musicgen.level import LevelHolder
from engine.generators.musicgen.loading import Loaded
from engine.generators.musicgen.sound import LOOK_AHEAD, StreamDecoder, decoded, encoded
from engine.generators.musicgen.steps import Conditions, Pass
from engine.units import amplitude_to_db

if TYPE_CHECKING:
    import torch

    from engine.values import FloatArray

FIRST_FRAMES = FRAME_RATE + LOOK_AHEAD
"""Number of frames after which the first second sounds."""
PART_FRAMES = 2 * FRAME_RATE
"""Number of frames of each further part."""
HEARD_AGAIN_DB = 1.0
"""How far the level must have been moved for the model to hear the held sound before a pass, not its own codes."""
TEXT_STEP = 64
"""Number of words by which the room for them grows, so that prompts of about one length share a captured step."""


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """This is what the passes are to make: ``conditions`` and ``Sampling`` say what most of it means.

    Attributes
    ----------
    seeds
        One for each clip.
    n_frames
        Frames to be made.
    pass_frames
        Most frames of a pass, those that it begins with among them.
    context_frames
        Most frames that it begins with.
    before
        Codes that go before the first frame, shape ``(1, n_codebooks, n)``, or None.
    """

    prompt: str
    negative: str
    guidance: float
    sampling: Sampling
    seeds: tuple[int, ...]
    n_frames: int
    pass_frames: int
    context_frames: int
    before: torch.Tensor | None = None
    melody: torch.Tensor | None = None
    melody_share: float = 0.0


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """A part tells how far the clips are, in [0, 1], and what of them sounds since the last: for each, or None.

    Its samples have the shape ``(n_samples, n_channels)`` and are float32.
    """

    fraction: float
    samples: list[FloatArray] | None = None


Parts = Iterator[Part]


def parts_of(loaded: Loaded, asked: Asked) -> Parts:
    """Make the clips: yield a part after each step."""
    import torch

    model, n_clips, late = loaded.model, len(asked.seeds), loaded.late
    generators = [torch.Generator().manual_seed(seed) for seed in asked.seeds]
    known = torch.zeros(n_clips, loaded.n_books, 0, dtype=torch.long)
    sounding = _Sounding(loaded, n_clips)
    if asked.before is not None:
        known = asked.before.cpu().expand(n_clips, -1, -1)
        sounding.begin_after(known.to(loaded.device))
    heard: Conditions | None = None
    n_made = 0
    while n_made < asked.n_frames:
        if n_made:
            known = sounding.context(asked.context_frames).cpu()
        if heard is None or asked.melody is not None:
            melody = None
            if asked.melody is not None:
                # A pass begins before what it makes; so does what it hears of the melody.
                melody = melody_from(asked.melody, (n_made - known.shape[-1]) / FRAME_RATE)
            heard = conditions(
                model,
                loaded.tokenizer,
                asked.prompt,
                negative=asked.negative,
                guidance=asked.guidance,
                melody=melody,
                melody_share=asked.melody_share,
            )
        n_given = known.shape[-1]
        n_all = min(asked.pass_frames, n_given + asked.n_frames - n_made)
        pattern = delayed_pattern(known, n_all, late, loaded.padding)
        one = Pass(pattern, chances(generators, pattern.shape[-1], loaded.n_books), n_given, asked.sampling)
        stepper = loaded.stepper(_shape(loaded, asked, heard))
        stepper.begin(heard, one)
        is_last_pass = n_made + n_all - n_given == asked.n_frames
        n_done, n_next = n_given, n_given + (FIRST_FRAMES if n_made == 0 else PART_FRAMES)
        for step in range(n_given, pattern.shape[-1] - 1):
            stepper.advance(step)
            n_ready = step + 1 - late[-1]
            samples = None
            if n_ready == n_all or n_ready >= n_next:
                codes = frames_between(stepper.codes, n_done, n_ready, late)
                samples = sounding.push(codes, is_last=is_last_pass and n_ready == n_all)
                n_done, n_next = n_ready, n_ready + PART_FRAMES
            fraction = (n_made + max(0, n_ready - n_given)) / asked.n_frames
            yield Part(min(1.0, fraction), samples)
        n_made += n_all - n_given
        sounding.hold()


def _shape(loaded: Loaded, asked: Asked, heard: Conditions) -> Shape:
    """Return the shape of the stepper for all passes of these clips; on CUDA the same for clips of any length."""
    length = heard.states.shape[1]
    room = -(-length // TEXT_STEP) * TEXT_STEP
    n_before = asked.before.shape[-1] if asked.before is not None else 0
    n_frames = asked.pass_frames
    if loaded.device.type != "cuda":
        n_frames = min(n_frames, n_before + asked.n_frames)
    is_guided = heard.weights[-1] < 0.0
    n_conditions = len(heard.weights)
    has_words_last = bool(asked.negative) or not is_guided
    return Shape(
        n_clips=len(asked.seeds),
        n_conditions=n_conditions,
        n_heard=0 if heard.is_prefix else n_conditions - (0 if has_words_last else 1),
        text_length=0 if heard.is_prefix else room,
        n_steps=n_steps(n_frames, loaded.late) + (room if heard.is_prefix else 0),
    )


class _Sounding:
    """The sound of the clips as it comes: decoded, its level held, its end remembered for the next pass."""

    def __init__(self, loaded: Loaded, n_clips: int) -> None:
        self._model = loaded.model
        self._decoder = StreamDecoder(loaded.model)
        self._levels = [LevelHolder(SAMPLE_RATE) for _ in range(n_clips)]
        self._codes: list[torch.Tensor] = []
        self._held: list[list[FloatArray]] = [[] for _ in range(n_clips)]
        self._is_held = False

    def begin_after(self, codes: torch.Tensor) -> None:
        """Begin where a sound of these codes ends, and hold its level."""
        self._decoder.hear(codes)
        for level, held, sound in zip(self._levels, self._held, decoded(self._model, codes), strict=True):
            samples = sound.T.contiguous().cpu().numpy()
            level.listen(samples)
            held.append(samples)
        self._codes.append(codes)
        self.hold()

    def push(self, codes: torch.Tensor, *, is_last: bool) -> list[FloatArray] | None:
        """Return what sounds with these codes, for each clip; None where they are too few."""
        self._codes.append(codes)
        sound = self._decoder.push(codes, is_last=is_last)
        return None if sound is None else self._levelled(sound)

    def hold(self) -> None:
        """Hold the level of what there was so far from now on."""
        for one in self._levels:
            one.hold()
        self._is_held = True

    def context(self, n_frames: int) -> torch.Tensor:
        """Return the codes of the end of all so far, ``n_frames`` at most: what the next pass begins with.

        Where the level had to be held, they are those of the held sound: else each pass would begin louder than the
        last did, whatever is done to what is heard.
        """
        import torch

        codes = torch.cat(self._codes, -1)[..., -n_frames:]
        held = [one for one, level in enumerate(self._levels) if abs(amplitude_to_db(level.gain)) > HEARD_AGAIN_DB]
        if held and (tail := self._decoder.finish()) is not None:
            codes, tail = codes.clone(), tail.clone()
            for row in held:
                tail[row] *= self._levels[row].gain
                sound = torch.from_numpy(self._last(row, codes.shape[-1] * HOP - tail.shape[-1])).to(tail.device)
                whole = torch.cat([sound.T, tail[row]], -1)
                codes[row] = encoded(self._model, whole[None])[0]
                self._levels[row].rebase()
            self._decoder.hear_again(codes, tail)
        self._codes = [codes]
        return codes

    def _levelled(self, sound: torch.Tensor) -> list[FloatArray]:
        out = []
        for row, level in enumerate(self._levels):
            samples: FloatArray = sound[row].T.contiguous().cpu().numpy()
            if self._is_held:
                samples = level.held(samples)
            else:
                level.listen(samples)
            self._held[row].append(samples)
            out.append(samples)
        return out

    def _last(self, row: int, n_samples: int) -> FloatArray:
        """Return the last samples of a clip that were told."""
        import numpy as np

        joined: FloatArray = np.concatenate(self._held[row])
        return joined[-n_samples:].copy()
