# SPDX-License-Identifier: GPL-3.0-or-later
"""Stable Audio 3 paints by this module: one pipeline each for words, for a source and for a hole, of the same parts."""

from __future__ import annotations

import math
from typing import Any

from engine.errors import NotTaken
from engine.generators.diffusion.asked import PAINTED, Ask, Tell
from engine.generators.diffusion.declared import GUIDANCE, STEPS
from engine.generators.diffusion.latents import batched, decoded, generators

TITLE = "Stable Audio 3"
TILE = 128

LOGSNR_MIN, LOGSNR_MAX = -6.2, 2.0
"""Logarithms of the ratio of signal and noise at the first step and at the last, as the model was trained."""

DISTILLED_STEPS, DISTILLED_GUIDANCE = 8, 1.0
BASE_STEPS, BASE_GUIDANCE = 100, 7.0


def logsnr_of(strength: float) -> tuple[float, float]:
    """Return the two ends of the schedule for a source of which ``strength``, in (0, 1), becomes noise.

    With its own ends the pipeline would jump back to more noise after the first step: to 0.54 for a strength of 0.3.
    With these the noise begins at ``strength`` and only falls.
    """
    first = math.log((1.0 - strength) / strength)
    last = max(LOGSNR_MAX, first + 1.0)
    return last - (last - first) / strength, last


def paint(pipe: Any, ask: Ask, tell: Tell) -> list[Any]:
    """Return the sound of each clip; see ``decoded``. Raises NotTaken for a negative prompt that has no effect."""
    from diffusers import StableAudio3AudioToAudioPipeline, StableAudio3InpaintPipeline

    is_distilled = bool(pipe.scheduler.config.stochastic_sampling)
    n_steps = int(ask.number(STEPS.name, DISTILLED_STEPS if is_distilled else BASE_STEPS))
    guidance = ask.number(GUIDANCE.name, DISTILLED_GUIDANCE if is_distilled else BASE_GUIDANCE)
    if ask.negative and (guidance <= 1.0 or ask.source is not None):
        raise NotTaken(generator=f"{TITLE} without guidance", name="negative prompt", value=ask.negative)
    rate, hop = int(pipe.vae.config.sampling_rate), int(pipe.vae.downsampling_ratio)
    n_clips = len(ask.seeds)

    def on_step(_pipe: Any, step: int, _timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        tell(PAINTED * (step + 1) / n_steps)
        return tensors

    shared = {
        "prompt": [ask.prompt] * n_clips,
        "duration": ask.n_samples / rate,
        "num_inference_steps": n_steps,
        "generator": generators(ask.seeds),
        "callback_on_step_end": on_step,
        "output_type": "latent",
    }
    if ask.source is None:
        guided = {"guidance_scale": guidance, "negative_prompt": [ask.negative] * n_clips if ask.negative else None}
        latents = pipe(**shared, **guided).audios
    else:
        n_padded = -(-ask.n_samples // hop) * hop
        shared["audio"] = batched(ask.padded(n_padded), ask.device, pipe.vae.dtype).expand(n_clips, -1, -1)
        # Made of the same parts, not by from_pipe, which takes away what keeps them off a small card.
        if ask.hole is not None:
            painter = StableAudio3InpaintPipeline(**pipe.components)
            painter.set_progress_bar_config(disable=True)
            latents = painter(
                **shared, mask_start_seconds=ask.hole.start_s, mask_end_seconds=_whole(ask.hole.end_s, hop / rate)
            ).audios
        else:
            first, last = logsnr_of(ask.strength or 0.5)
            painter = StableAudio3AudioToAudioPipeline(**pipe.components)
            painter.set_progress_bar_config(disable=True)
            latents = painter(**shared, init_noise_level=ask.strength or 0.5, logsnr_min=first, logsnr_max=last).audios
    return decoded(pipe, latents, ask.wanted, hop=hop, tile=TILE, tell=tell)


def _whole(seconds: float, latent_s: float) -> float:
    """Return the end of the latent in which ``seconds`` lies; the pipeline would leave that latent as it is."""
    return (math.ceil(seconds / latent_s - 1e-6) + 1e-3) * latent_s
