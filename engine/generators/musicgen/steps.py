# SPDX-License-Identifier: GPL-3.0-or-later
"""This module chooses one step of codes after the other by the library's own forward pass, whatever the model is."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine.generators.musicgen.codes import FREE, MOST_CHOICES, Sampling, chosen

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, eq=False, slots=True)
class Conditions:
    """Conditions are what the model hears beside the codes, several beside one another and weighed (guidance).

    Attributes
    ----------
    states
        float32, shape ``(n_conditions, length, width)``: what was read of the words (and of a melody), for the decoder.
    mask
        Shape ``(n_conditions, length)``: 1 where there is something to hear. What hears nothing stands last.
    weights
        What the expectation under each condition counts; they have the sum 1.
    is_prefix
        Whether the decoder hears them as steps before the first (MusicGen Melody), and not beside each step.
    """

    states: torch.Tensor
    mask: torch.Tensor
    weights: tuple[float, ...]
    is_prefix: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Pass:
    """A pass is what is to be made at a stretch: at most what the model was trained on, 30 s.

    Attributes
    ----------
    pattern
        As ``delayed_pattern`` makes it.
    chances
        One for each step and codebook, shape ``(n_clips, n_codebooks, n_steps)``.
    n_given
        How many of the first frames are given.
    """

    pattern: torch.Tensor
    chances: torch.Tensor
    n_given: int
    sampling: Sampling


class Stepper(Protocol):
    """A stepper fills a pass with codes, step by step."""

    def begin(self, conditions: Conditions, one: Pass) -> None:
        """Begin a pass: hear the conditions."""

    def advance(self, step: int) -> None:
        """Choose the codes of step ``step + 1``: to be called for each step from ``n_given`` on, in order."""

    @property
    def codes(self) -> torch.Tensor:
        """Return the codes of all steps in delayed order, shape ``(n_clips, n_codebooks, n_steps)``, or more steps."""
        ...


class LibraryStepper:
    """This stepper calls the library's decoder with its growing cache: slow, and right for every form of the model."""

    def __init__(self, model: Any, n_clips: int) -> None:
        self._decoder, self._n_clips = model.decoder, n_clips
        # 5.24 renamed it.
        named = inspect.signature(model.decoder.forward).parameters
        self._cache_name = "cache" if "cache" in named else "past_key_values"
        self._most = min(MOST_CHOICES, model.decoder.config.vocab_size)

    @property
    def codes(self) -> torch.Tensor:
        return self._codes

    def begin(self, conditions: Conditions, one: Pass) -> None:
        import torch
        from transformers.cache_utils import DynamicCache, EncoderDecoderCache

        decoder, n_clips = self._decoder, self._n_clips
        weight = decoder.lm_heads[0].weight
        self._conditions, self._weights = conditions, _weights(conditions, weight)
        self._states = conditions.states.repeat_interleave(n_clips, 0).to(weight)
        self._mask = conditions.mask.repeat_interleave(n_clips, 0).to(weight.device)
        self._pattern = one.pattern.to(weight.device)
        self._codes = self._pattern.clone()
        self._chances = one.chances.to(weight.device)
        self._settings = settings_of(one.sampling, weight)
        self._cache = EncoderDecoderCache(DynamicCache(config=decoder.config), DynamicCache(config=decoder.config))
        self._n_fed = 0
        self._rows = torch.arange(len(conditions.weights) * n_clips, device=weight.device) % n_clips

    def advance(self, step: int) -> None:
        import torch

        with torch.inference_mode():
            logits = self._logits(step).float()
            n_books, n_codes = self._codes.shape[1], logits.shape[-1]
            logits = logits.view(len(self._conditions.weights), self._n_clips, n_books, n_codes)
            chance = self._chances[..., step + 1 : step + 2]
            next_codes = chosen(logits, self._weights, chance, self._settings, self._most)[..., 0]
            known = self._pattern[..., step + 1]
            self._codes[..., step + 1] = torch.where(known == FREE, next_codes, known)

    def _logits(self, step: int) -> torch.Tensor:
        """Return what is expected after ``step``, shape ``(n_conditions * n_clips * n_codebooks, n_codes)``."""
        fed = self._codes[self._rows, :, self._n_fed : step + 1]
        is_first, self._n_fed = self._n_fed == 0, step + 1
        told: dict[str, Any] = {self._cache_name: self._cache, "use_cache": True}
        if not self._conditions.is_prefix:
            told |= {"encoder_hidden_states": self._states, "encoder_attention_mask": self._mask}
        elif is_first:
            told["encoder_hidden_states"] = self._states
        logits: torch.Tensor = self._decoder(input_ids=fed.reshape(-1, fed.shape[-1]), **told).logits
        return logits[:, -1]


def settings_of(sampling: Sampling, like: torch.Tensor) -> torch.Tensor:
    """Return the settings of the choice as a tensor beside ``like``: see ``chosen``."""
    import torch

    values = [sampling.temperature, float(sampling.top_k), sampling.top_p]
    return torch.tensor(values, dtype=torch.float32, device=like.device)


def _weights(conditions: Conditions, like: torch.Tensor) -> torch.Tensor:
    import torch

    return torch.tensor(conditions.weights, dtype=torch.float32, device=like.device).view(-1, 1, 1, 1)
