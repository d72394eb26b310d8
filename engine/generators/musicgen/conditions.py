# SPDX-License-Identifier: GPL-3.0-or-later
"""This module makes what the model hears beside its own codes: words, words to be avoided, a melody.

The library's own reader of melodies needs torchaudio, whose builds for graphics cards do not load beside torch for
processors and then break every other part of the library: so the melody is read here, by the same rule.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from engine.generators.musicgen.declared import SAMPLE_RATE
from engine.generators.musicgen.steps import Conditions

if TYPE_CHECKING:
    import torch

    from engine.values import FloatArray

MOST_WORDS = 256
"""Number of tokens of a prompt that are read at most."""

N_FFT, MELODY_HOP = 16_384, 4096
"""Samples at 32 kHz of which a melody's note is told, and from one to the next: as Melody was trained."""


def conditions(
    model: Any,
    tokenizer: Any,
    prompt: str,
    *,
    negative: str = "",
    guidance: float = 3.0,
    melody: torch.Tensor | None = None,
    melody_share: float = 1.0,
) -> Conditions:
    """Return what the model hears.

    Parameters
    ----------
    negative
        Words that guidance leads away from: in the place of no words at all.
    guidance
        How much more the words count than what is expected without them; 1 is no guidance.
    melody
        As ``melody_of`` reads it, for a Melody model alone; None is no melody.
    melody_share
        How much the melody counts, from 0 (the words alone) to 1.
    """
    import torch

    with torch.inference_mode():
        is_guided = guidance > 1.0
        texts = [prompt, negative] if negative and is_guided else [prompt]
        states, mask = _read(model, tokenizer, texts)
        without = (states[1:], mask[1:]) if len(texts) > 1 else (torch.zeros_like(states), torch.zeros_like(mask))
        told: list[tuple[float, torch.Tensor, torch.Tensor, torch.Tensor | None]] = []
        weight = guidance if is_guided else 1.0
        if melody is None:
            told.append((weight, states[:1], mask[:1], None))
        else:
            shares = ((melody_share, melody), (1.0 - melody_share, None))
            told += [(weight * share, states[:1], mask[:1], one) for share, one in shares if share > 0.0]
        if is_guided:
            told.append((1.0 - guidance, *without, None))
        weights = tuple(one[0] for one in told)
        is_prefix = hasattr(model.config, "chroma_length")
        parts = [torch.cat([_melody_states(model, one[3]), one[1]], 1) if is_prefix else one[1] for one in told]
        masks = torch.cat([one[2] for one in told])
        if is_prefix:
            masks = masks.new_ones(len(parts), parts[0].shape[1])
        return Conditions(torch.cat(parts), masks, weights, is_prefix)


def melody_of(sound: FloatArray) -> torch.Tensor:
    """Return the strongest of the twelve notes every 128 ms, as ones among zeros; float32, shape ``(n, 12)``.

    ``sound`` is mono at 32 kHz, shape ``(n_samples,)``.
    """
    import torch
    from transformers.audio_utils import chroma_filter_bank

    wave = torch.tensor(sound)
    if (missing := N_FFT - len(wave)) > 0:
        wave = torch.nn.functional.pad(wave, (missing // 2, missing - missing // 2))
    spectrum = torch.stft(wave, N_FFT, MELODY_HOP, window=torch.hann_window(N_FFT), center=True, return_complex=True)
    filters = chroma_filter_bank(num_frequency_bins=N_FFT, num_chroma=12, sampling_rate=SAMPLE_RATE)
    notes = torch.from_numpy(filters).float() @ spectrum.abs().square()
    # In silence the first, by which the model was told “none”.
    return torch.nn.functional.one_hot(notes.argmax(0), 12).float()


def melody_from(melody: torch.Tensor, second: float) -> torch.Tensor:
    """Return the melody from that second on, turned round: what was before comes after its end."""
    return melody.roll(-(round(second * SAMPLE_RATE / MELODY_HOP) % len(melody)), 0)


def _read(model: Any, tokenizer: Any, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what was read of the texts for the decoder, shape ``(n, length, width)``, and where there is something."""
    told = tokenizer(texts, padding=True, truncation=True, max_length=MOST_WORDS, return_tensors="pt")
    ids, mask = (told[name].to(model.text_encoder.device) for name in ("input_ids", "attention_mask"))
    states = model.text_encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    if hasattr(model, "enc_to_dec_proj"):
        states = model.enc_to_dec_proj(states)
    return states * mask[..., None], mask


def _melody_states(model: Any, melody: torch.Tensor | None) -> torch.Tensor:
    """Return what is heard of a melody, shape ``(1, chroma_length, width)``; it comes again until that is full."""
    import torch

    length, n_notes = model.config.chroma_length, model.config.num_chroma
    if melody is None:
        melody = torch.zeros(1, n_notes)
        melody[:, 0] = 1.0
    melody = melody.repeat(math.ceil(length / len(melody)), 1)[:length].to(model.text_encoder.device)
    if hasattr(model, "audio_enc_to_dec_proj"):
        melody = model.audio_enc_to_dec_proj(melody)
    return melody[None]
