# SPDX-License-Identifier: GPL-3.0-or-later
"""Stable Audio Open paints by this module: the pipeline has no strength and no hole, so both are made of its noise.

Its latents are music plus noise of standard deviation sigma, which the steps take from ``sigma_max`` to 0. At the
pipeline's own 500 a source has no effect at all, and its start is scaled by sqrt(sigma_max**2 + 1), which is wrong for
a small sigma. So the start is made here.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from engine.errors import OutOfRange
from engine.generators.diffusion.asked import PAINTED, Ask, Tell
from engine.generators.diffusion.declared import GUIDANCE, SAMPLER, SIGMA_MAX, SIGMA_MIN, STEPS
from engine.generators.diffusion.latents import batched, decoded, generators, noise

STEPS_USUAL, GUIDANCE_USUAL = 100, 7.0
TILE = 256

_HOLE_SEED = 0x5EED  # the noise over what is kept is not the noise that the music is made of


def sigma_of(strength: float, highest: float) -> float:
    """Return the noise from which a source is painted anew, for a strength in (0, 1).

    The model was trained by the cosine schedule, in which music has the share cos(πs/2) and noise sin(πs/2) at time s:
    their ratio is the sigma of this strength. At 0.5 noise and music are equal.
    """
    return min(math.tan(math.pi / 2.0 * strength), highest)


def paint(pipe: Any, ask: Ask, tell: Tell) -> list[Any]:
    """Return the sound of each clip; see ``decoded``."""
    import torch

    # torchsde rounds the ends of the noise's time, then remarks that what it is asked for lies beyond them.
    warnings.filterwarnings("ignore", "Should have t[ab]", UserWarning, "torchsde")
    hop = int(pipe.vae.hop_length)
    n_frames, n_clips = int(pipe.transformer.config.sample_size), len(ask.seeds)
    rate = int(pipe.vae.config.sampling_rate)
    longest_s = n_frames * hop / rate
    if ask.n_samples > n_frames * hop:
        raise OutOfRange(name="duration", value=f"{ask.n_samples / rate:g} s", low="1 s", high=f"{longest_s:.1f} s")
    n_steps = int(ask.number(STEPS.name, STEPS_USUAL))
    values = ask.values
    lowest, highest = values.number(SIGMA_MIN.name), values.number(SIGMA_MAX.name)
    if ask.strength is not None:
        highest = sigma_of(ask.strength, highest)
        lowest = min(lowest, highest / 2.0)
    scheduler = scheduler_of(pipe.scheduler.config, values.text(SAMPLER.name), lowest, highest)
    sources = generators(ask.seeds)
    start = noise((int(pipe.transformer.config.in_channels), n_frames), sources, ask.device, pipe.transformer.dtype)
    known = None
    if ask.source is not None:
        with torch.no_grad():
            known = pipe.vae.encode(batched(ask.padded(n_frames * hop), ask.device, pipe.vae.dtype)).latent_dist.mode()
        known = known.to(start.dtype)
    scale = scheduler.init_noise_sigma
    if known is not None and ask.strength is not None:
        start = (known + highest * start) / scale
    kept, other = None, None
    if ask.hole is not None:
        frames = torch.arange(n_frames, device=start.device)
        kept = (frames < math.floor(ask.hole.start_s * rate / hop)) | (frames >= math.ceil(ask.hole.end_s * rate / hop))
        others = generators(tuple(one ^ _HOLE_SEED for one in ask.seeds))
        other = noise(tuple(start.shape[1:]), others, ask.device, start.dtype)

    def on_step(step: int, _timestep: Any, latents: Any) -> None:
        if kept is not None and other is not None:
            # What is kept has the noise of the next step, and is the music itself after the last.
            sigma = scheduler.sigmas[step + 1].to(device=latents.device, dtype=latents.dtype)
            latents[:, :, kept] = (known + sigma * other)[:, :, kept]
        tell(PAINTED * (step + 1) / n_steps)

    usual_scheduler = pipe.scheduler
    pipe.scheduler = scheduler
    try:
        latents = pipe(
            prompt=[ask.prompt] * n_clips,
            negative_prompt=[ask.negative] * n_clips if ask.negative else None,
            audio_end_in_s=ask.n_samples / rate,
            num_inference_steps=n_steps,
            guidance_scale=ask.number(GUIDANCE.name, GUIDANCE_USUAL),
            generator=sources,
            latents=start,
            callback=on_step,
            output_type="latent",
        ).audios
        return decoded(pipe, latents, ask.wanted, hop=hop, tile=TILE, tell=tell)
    finally:
        pipe.scheduler = usual_scheduler


def cosine() -> Any:
    """Return the class of the solver without fresh noise, told the time and asked for the velocity as this model is.

    diffusers has it for models that are told the logarithm of sigma, and has what this model is told in a solver that
    adds noise at each step.
    """
    from diffusers import CosineDPMSolverMultistepScheduler as Noisy
    from diffusers import EDMDPMSolverMultistepScheduler as Plain

    told = {name: getattr(Noisy, name) for name in ("precondition_noise", "precondition_outputs")}
    return type("CosineDPMSolver", (Plain,), told)


def scheduler_of(config: Any, sampler: str, lowest: float, highest: float) -> Any:
    """Return what takes the noise away: by the sampler of that name, between these two sigmas."""
    from diffusers import CosineDPMSolverMultistepScheduler

    sigmas = {"sigma_min": lowest, "sigma_max": highest}
    if sampler in ("dpmpp-2m", "euler"):
        order = 1 if sampler == "euler" else 2
        shared = {"sigma_data": config.sigma_data, "prediction_type": config.prediction_type}
        return cosine()(sigma_schedule="exponential", solver_order=order, **shared, **sigmas)
    kind = "heun" if sampler.endswith("heun") else "midpoint"
    return CosineDPMSolverMultistepScheduler.from_config(config, solver_type=kind, **sigmas)
