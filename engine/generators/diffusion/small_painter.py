# SPDX-License-Identifier: GPL-3.0-or-later
"""Stable Audio Open small paints by this module: in a few steps, each of which guesses the music and covers it again.

Its latents are music and noise in the shares 1 - t and t. At each step the model says the way from music to noise,
which gives the music as it looks from there; noise that is drawn anew covers it, less than before. Nothing covers the
last one. That is how the model was trained to paint, so it needs no guidance, and few steps.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from engine.errors import NotTaken, OutOfRange
from engine.generators.diffusion.asked import PAINTED, Ask, Tell
from engine.generators.diffusion.declared import GUIDANCE, STEPS
from engine.generators.diffusion.latents import batched, decoded, generators, noise
from engine.generators.diffusion.small_config import n_turned

TITLE = "Stable Audio Open small"
STEPS_USUAL, GUIDANCE_USUAL = 8, 1.0
TILE = 256

LOGSNR_MIN, LOGSNR_MAX = -6.0, 2.0
"""Logarithms of the ratio of music and noise at the first step and at the last, as its makers have them."""


def times(n_steps: int, strength: float = 1.0) -> list[float]:
    """Return the shares of noise before each step, from ``strength`` down, and the 0 after the last."""
    first = LOGSNR_MIN if strength >= 1.0 else math.log((1.0 - strength) / strength)
    # Below a strength of an eighth the makers' end has more noise than there was at first.
    last = max(LOGSNR_MAX, first + 1.0)
    between = (first + (last - first) * step / n_steps for step in range(1, n_steps))
    return [min(strength, 1.0), *(1.0 / (1.0 + math.exp(one)) for one in between), 0.0]


def paint(pipe: Any, ask: Ask, tell: Tell) -> list[Any]:
    """Return the sound of each clip; see ``decoded``.

    Raises
    ------
    NotTaken
        A negative prompt would have no effect without guidance.
    OutOfRange
        The model makes no clip so long.
    """
    import torch

    n_steps = int(ask.number(STEPS.name, STEPS_USUAL))
    guidance = ask.number(GUIDANCE.name, GUIDANCE_USUAL)
    if ask.negative and guidance <= 1.0:
        raise NotTaken(generator=f"{TITLE} without guidance", name="negative prompt", value=ask.negative)
    hop, rate = int(pipe.vae.hop_length), int(pipe.vae.config.sampling_rate)
    n_frames, n_clips = int(pipe.transformer.config.sample_size), len(ask.seeds)
    if ask.n_samples > n_frames * hop:
        longest_s = math.floor(10.0 * n_frames * hop / rate) / 10.0
        raise OutOfRange(name="duration", value=f"{ask.n_samples / rate:g} s", low="1 s", high=f"{longest_s:g} s")
    at = times(n_steps, 1.0 if ask.strength is None else ask.strength)
    shape, sources = (int(pipe.transformer.config.in_channels), n_frames), generators(ask.seeds)
    # In full precision, whatever the model computes in: each step is a small difference of large numbers.
    latents = noise(shape, sources, ask.device, torch.float32)
    with torch.no_grad():
        known, kept = None, None
        if ask.source is not None:
            heard = batched(ask.padded(n_frames * hop), ask.device, pipe.vae.dtype)
            known = pipe.vae.encode(heard).latent_dist.mode().float()
        if known is not None and ask.strength is not None:
            latents = (1.0 - at[0]) * known + at[0] * latents
        if ask.hole is not None:
            frames = torch.arange(n_frames, device=latents.device)
            start, end = math.floor(ask.hole.start_s * rate / hop), math.ceil(ask.hole.end_s * rate / hop)
            kept = (frames < start) | (frames >= end)
        velocity = Velocity(pipe, ask, guidance, n_clips)
        for step, (share, next_share) in enumerate(pairwise(at)):
            latents = latents - share * velocity(latents, share)
            if known is not None and kept is not None:
                # What is kept is known: the guess of it is corrected, and so is covered as the rest is.
                latents[:, :, kept] = known[:, :, kept]
            if next_share > 0.0:
                fresh = noise(shape, sources, ask.device, torch.float32)
                latents = (1.0 - next_share) * latents + next_share * fresh
            tell(PAINTED * (step + 1) / n_steps)
    return decoded(pipe, latents.to(pipe.vae.dtype), ask.wanted, hop=hop, tile=TILE, tell=tell)


class Velocity:
    """The velocity is the way from music to noise, as the model sees it for what it is told.

    Parameters
    ----------
    guidance
        How far beyond what it sees untold, or told the negative prompt, it goes; 1 is not at all.
    """

    def __init__(self, pipe: Any, ask: Ask, guidance: float, n_clips: int) -> None:
        import torch
        from diffusers.models.embeddings import get_1d_rotary_pos_embed

        self._transformer, self._guidance, self._is_guided = pipe.transformer, guidance, guidance > 1.0
        dtype = pipe.transformer.dtype
        seconds = torch.tensor([ask.n_samples / int(pipe.vae.config.sampling_rate)], device=ask.device)
        length = pipe.projection_model(end_seconds=seconds).seconds_end_hidden_states.to(dtype)
        told = torch.cat([_words(pipe, ask.prompt, ask.device).to(dtype), length], dim=1)
        rows = [told] * n_clips
        if self._is_guided:
            other = torch.zeros_like(told)
            if ask.negative:
                other = torch.cat([_words(pipe, ask.negative, ask.device).to(dtype), length], dim=1)
            rows = [other] * n_clips + rows
        self._told = torch.cat(rows)
        self._length = length.expand(len(rows), -1, -1)
        # The length is prepended to the latents, and has the first position.
        n, n_positions = (
            n_turned(int(pipe.transformer.config.attention_head_dim)),
            pipe.transformer.config.sample_size + 1,
        )
        turns = get_1d_rotary_pos_embed(n, n_positions, use_real=True, repeat_interleave_real=False)
        self._turns = tuple(one.to(ask.device) for one in turns)

    def __call__(self, latents: Any, share: float) -> Any:
        """Return it for latents with that share of noise, of their shape, float32."""
        import torch

        inputs = torch.cat([latents, latents]) if self._is_guided else latents
        found = self._transformer(
            inputs.to(self._told.dtype),
            torch.full((len(inputs),), share, device=latents.device),
            encoder_hidden_states=self._told,
            global_hidden_states=self._length,
            rotary_embedding=self._turns,
            return_dict=False,
        )[0].float()
        if not self._is_guided:
            return found
        without, told = found.chunk(2)
        return without + self._guidance * (told - without)


def _words(pipe: Any, text: str, device: str) -> Any:
    """Return what the text encoder makes of a text, shape ``(1, n_tokens, n_dimensions)``: 0 behind its end."""
    tokens = pipe.tokenizer(
        [text],
        padding="max_length",
        max_length=pipe.tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).to(device)
    words = pipe.text_encoder(input_ids=tokens.input_ids, attention_mask=tokens.attention_mask)[0]
    words = pipe.projection_model(text_hidden_states=words.float()).text_hidden_states
    return words * tokens.attention_mask[:, :, None]
