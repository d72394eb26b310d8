# SPDX-License-Identifier: GPL-3.0-or-later
"""ACE-Step paints by this module: words, tempo, key and metre, a hole by its own repainting, a source by its noise.

Its latents go from noise at time 1 to music at time 0 in a straight line, so a source is restyled by starting on that
line, at the time of the strength. (Its task “cover” needs parts that most checkpoints lack.)
"""

from __future__ import annotations

import math
from typing import Any

from engine.generators.diffusion.asked import PAINTED, Ask, Tell
from engine.generators.diffusion.declared import GUIDANCE, LANGUAGE, LYRICS, SHIFT, STEPS
from engine.generators.diffusion.latents import batched, decoded, generators, noise

TILE = 256

TURBO = (8, 3.0, 1.0)
"""Steps, shift and guidance of the models made for few steps."""
FULL = (50, 1.0, 7.0)
"""Steps, shift and guidance of base and sft: with the wrong shift the music falls into audible segments."""

_NEAR = 0.02  # times nearer than this count as one


def times(n_steps: int, shift: float, strength: float = 1.0) -> list[float]:
    """Return the times of the steps, from ``strength`` down, without the 0 at which they end.

    Below it they are those that the model was made for: a turbo model knows no others.
    """
    plain = [1.0 - step / n_steps for step in range(n_steps)]
    all_times = [shift * one / (1.0 + (shift - 1.0) * one) for one in plain]
    if strength >= 1.0:
        return all_times
    return [strength, *(one for one in all_times if one < strength - _NEAR)]


def paint(pipe: Any, ask: Ask, tell: Tell) -> list[Any]:
    """Return the sound of each clip; see ``decoded``. Its level is that of the autoencoder."""
    import torch

    steps, shift, guidance = TURBO if pipe.is_turbo else FULL
    n_clips = len(ask.seeds)
    hop = round(pipe.sample_rate / pipe.latents_per_second)
    at = times(int(ask.number(STEPS.name, steps)), ask.number(SHIFT.name, shift), ask.strength or 1.0)
    n_frames = math.ceil(ask.n_samples / hop)
    n_dimensions = int(pipe.transformer.config.audio_acoustic_hidden_dim)
    # Drawn as the pipeline would, whose own lengths can differ by one latent from those of its source.
    latents = noise((n_frames, n_dimensions), generators(ask.seeds), ask.device, pipe.transformer.dtype)

    def on_step(_pipe: Any, step: int, _timestep: Any, _tensors: dict[str, Any]) -> dict[str, Any]:
        tell(PAINTED * (step + 1) / len(at))
        return {}

    told: dict[str, Any] = {}
    with torch.random.fork_rng(), torch.no_grad():
        # The pipeline draws a source's latents from torch's own noise: the same each time, for the same music.
        torch.manual_seed(0)
        if ask.source is not None:
            source = batched(ask.padded(n_frames * hop), ask.device, pipe.vae.dtype)
            if ask.hole is not None:
                told = {
                    "task_type": "repaint",
                    "src_audio": source[0],
                    "repainting_start": ask.hole.start_s,
                    "repainting_end": _whole(ask.hole.end_s, hop / pipe.sample_rate),
                }
            else:
                known = pipe.vae.encode(source).latent_dist.mode().transpose(1, 2).to(latents.dtype)
                latents = (1.0 - at[0]) * known + at[0] * latents
        painted = pipe(
            prompt=[ask.prompt] * n_clips,
            lyrics=[ask.values.text(LYRICS.name)] * n_clips,
            vocal_language=ask.values.text(LANGUAGE.name) or LANGUAGE.default_text,
            audio_duration=ask.n_samples / pipe.sample_rate,
            num_inference_steps=len(at),
            timesteps=at,
            guidance_scale=1.0 if pipe.is_turbo else ask.number(GUIDANCE.name, guidance),
            latents=latents,
            bpm=_plain(ask.bpm),
            keyscale=ask.key,
            timesignature=str(ask.beats) if ask.beats else None,
            callback_on_step_end=on_step,
            output_type="latent",
            **told,
        ).audios
    return decoded(pipe, painted.transpose(1, 2), ask.wanted, hop=hop, tile=TILE, tell=tell)


def _plain(bpm: float | None) -> float | int | None:
    """Return a tempo as it is written in the words that the model was trained with: whole where it is."""
    return int(bpm) if bpm is not None and bpm == int(bpm) else bpm


def _whole(seconds: float, latent_s: float) -> float:
    """Return the end of the latent in which ``seconds`` lies; the pipeline would leave that latent as it is."""
    return (math.ceil(seconds / latent_s - 1e-6) + 1e-3) * latent_s
