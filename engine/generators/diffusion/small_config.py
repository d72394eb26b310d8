# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads what a checkpoint of Stable Audio Open small is made of, from its makers' model_config.json.

All that changes what the model computes is held against what is built here: a checkpoint that asks for something else
is refused, not half understood.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIG = "model_config.json"
WEIGHTS = "model.safetensors"

PIPELINE = "OpenSmallPipeline"
"""Name of the class of what such a checkpoint is loaded as: diffusers has none."""

TEXT_ENCODERS = ("t5-base", "google-t5/t5-base")
"""Names by which the makers call the text encoder that goes with the model."""

_TRANSFORMER = "model.diffusion.config"
_ENCODER, _DECODER = "model.pretransform.config.encoder", "model.pretransform.config.decoder"

# None is what is not there: it then has the value that is built here.
_TRANSFORMER_ALONE: dict[str, tuple[Any, ...]] = {
    "transformer_type": ("continuous_transformer",),
    "global_cond_type": (None, "prepend"),
    "timestep_cond_type": (None, "global"),
    "timestep_features_dim": (None, 256),
    "patch_size": (None, 1),
    "project_cond_tokens": (None, True, False),
    "project_global_cond": (None, True),
    "input_concat_dim": (None, 0),
    "prepend_cond_dim": (None, 0),
    "num_memory_tokens": (None, 0),
    "causal": (None, False),
    "conformer": (None, False),
    "layer_scale": (None, False),
    "remove_norms": (None, False),
    "rotary_pos_emb": (None, True),
    "use_abs_pos_emb": (None, False),
    "use_sinusoidal_emb": (None, False),
    "ff_kwargs": (None, {}),
    "norm_kwargs": (None, {}),
    "attn_kwargs": (None, {}, {"qk_norm": "none"}, {"qk_norm": "ln"}),
}
_ALONE: dict[str, tuple[Any, ...]] = {
    "model_type": ("diffusion_cond",),
    "audio_channels": (2,),
    "model.diffusion.type": ("dit",),
    "model.diffusion.diffusion_objective": ("rf_denoiser",),
    "model.diffusion.cross_attention_cond_ids": (["prompt", "seconds_total"],),
    "model.diffusion.global_cond_ids": (["seconds_total"],),
    **{f"{_TRANSFORMER}.{name}": allowed for name, allowed in _TRANSFORMER_ALONE.items()},
    "model.pretransform.type": ("autoencoder",),
    "model.pretransform.scale": (None, 1),
    "model.pretransform.config.bottleneck.type": ("vae",),
    f"{_ENCODER}.type": ("oobleck",),
    f"{_ENCODER}.config.use_snake": (True,),
    f"{_ENCODER}.config.antialias_activation": (None, False),
    f"{_DECODER}.type": ("oobleck",),
    f"{_DECODER}.config.use_snake": (True,),
    f"{_DECODER}.config.antialias_activation": (None, False),
    f"{_DECODER}.config.use_nearest_upsample": (None, False),
    f"{_DECODER}.config.final_tanh": (False,),
}
"""By place, all that the configuration may say there."""

_NUMBERS = ("io_channels", "embed_dim", "depth", "num_heads", "cond_token_dim", "global_cond_dim")
_FREE = ("zero_init_branch_outputs",)
"""Names of what may be said of the transformer in any way: how its training began, which no trained model shows."""


def n_turned(head_dim: int) -> int:
    """Return how many dimensions of an attention head are turned by the positions."""
    return max(head_dim // 2, 32)


class Unreadable(Exception):
    """A checkpoint cannot be loaded; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class SmallConfig:
    """The numbers of a Stable Audio Open small.

    Attributes
    ----------
    sample_rate
        Rate of its clips, Hz.
    n_samples
        Length of its longest clip.
    n_latents
        Dimensions of a latent.
    strides, multiples
        By block of the autoencoder: how many values become one, and how many times wider it is than the first.
    encoder_width, decoder_width
        Channels of the autoencoder's first block, and of its last.
    width, depth, n_heads
        Those of the transformer.
    token_dim, told_dim
        Dimensions of what its cross-attention is given, and of what that is projected to.
    length_dim
        Dimensions of the clip's length, as it is prepended.
    is_normed
        Whether queries and keys are normalised.
    n_tokens
        The most tokens of a prompt.
    lowest_s, highest_s
        Seconds between which a clip's length is told.
    """

    sample_rate: int
    n_samples: int
    n_latents: int
    strides: tuple[int, ...]
    multiples: tuple[int, ...]
    encoder_width: int
    decoder_width: int
    width: int
    depth: int
    n_heads: int
    token_dim: int
    told_dim: int
    length_dim: int
    is_normed: bool
    n_tokens: int
    lowest_s: float
    highest_s: float

    @property
    def head_dim(self) -> int:
        """Dimensions of an attention head."""
        return self.width // self.n_heads

    @property
    def hop(self) -> int:
        """Samples of one latent."""
        out = 1
        for one in self.strides:
            out *= one
        return out


def read_config(folder: Path) -> SmallConfig:
    """Return the numbers of the checkpoint in a folder. Raises Unreadable."""
    if not (folder / CONFIG).is_file():
        raise Unreadable(f"it has no {CONFIG}")
    try:
        said = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"its {CONFIG} cannot be read") from error
    for place, allowed in _ALONE.items():
        if (found := _at(said, place)) not in allowed:
            wanted = " or ".join(_in_words(one) for one in allowed if one is not None)
            raise Unreadable(f"its {CONFIG} has {_in_words(found)} for {place}, and what is read here has {wanted}")
    if strangers := sorted(set(_at(said, _TRANSFORMER)).difference(_TRANSFORMER_ALONE, _NUMBERS, _FREE)):
        raise Unreadable(f"its {CONFIG} has {_TRANSFORMER}.{strangers[0]}, which nothing here knows")
    told = _conditioners(said)
    is_projected = _at(said, f"{_TRANSFORMER}.project_cond_tokens") is not False
    width, token_dim = _number(said, f"{_TRANSFORMER}.embed_dim"), _number(said, f"{_TRANSFORMER}.cond_token_dim")
    config = SmallConfig(
        sample_rate=_number(said, "sample_rate"),
        n_samples=_number(said, "sample_size"),
        n_latents=_number(said, f"{_TRANSFORMER}.io_channels"),
        strides=_numbers(said, f"{_ENCODER}.config.strides"),
        multiples=_numbers(said, f"{_ENCODER}.config.c_mults"),
        encoder_width=_number(said, f"{_ENCODER}.config.channels"),
        decoder_width=_number(said, f"{_DECODER}.config.channels"),
        width=width,
        depth=_number(said, f"{_TRANSFORMER}.depth"),
        n_heads=_number(said, f"{_TRANSFORMER}.num_heads"),
        token_dim=token_dim,
        told_dim=width if is_projected else token_dim,
        length_dim=_number(said, f"{_TRANSFORMER}.global_cond_dim"),
        is_normed=_at(said, f"{_TRANSFORMER}.attn_kwargs.qk_norm") == "ln",
        n_tokens=_number(told["prompt"], "max_length"),
        lowest_s=_seconds(told["seconds_total"], "min_val"),
        highest_s=_seconds(told["seconds_total"], "max_val"),
    )
    _check(said, config)
    return config


def _check(said: Any, config: SmallConfig) -> None:
    """Refuse numbers that do not go together."""
    halves = {
        "strides": (list(config.strides), _at(said, f"{_DECODER}.config.strides")),
        "c_mults": (list(config.multiples), _at(said, f"{_DECODER}.config.c_mults")),
        # The encoder gives a mean and a deviation of each dimension, and is as wide at its end as at its start.
        "latent_dim": (2 * config.n_latents, _at(said, f"{_ENCODER}.config.latent_dim")),
        "channels": (2 * config.n_latents, config.encoder_width),
        "the decoder’s latent_dim": (config.n_latents, _at(said, f"{_DECODER}.config.latent_dim")),
        "downsampling_ratio": (config.hop, _at(said, "model.pretransform.config.downsampling_ratio")),
        "cond_dim": (config.token_dim, _at(said, "model.conditioning.cond_dim")),
        "global_cond_dim": (config.token_dim, config.length_dim),
        "num_heads": (config.width, config.head_dim * config.n_heads),
    }
    for name, (one, other) in halves.items():
        if one != other:
            raise Unreadable(f"the numbers of its {CONFIG} do not go together: {name} is {other}, and {one} is needed")


def _conditioners(said: Any) -> dict[str, Any]:
    """Return what is said of the prompt and of the length, which are all that the model is told."""
    place = "model.conditioning.configs"
    told = _at(said, place)
    if not isinstance(told, list):
        raise Unreadable(f"its {CONFIG} has no {place}")
    kinds = {(_at(one, "id"), _at(one, "type")) for one in told}
    if kinds != {("prompt", "t5"), ("seconds_total", "number")}:
        names = ", ".join(sorted(str(name) for name, _ in kinds))
        raise Unreadable(f"its model is told {names or 'nothing'}, and what is read here a prompt and seconds_total")
    found = {_at(one, "id"): _at(one, "config") for one in told}
    encoder = _at(found["prompt"], "t5_model_name")
    if encoder not in TEXT_ENCODERS:
        raise Unreadable(f"its text encoder is {_in_words(encoder)}, and what is read here has {TEXT_ENCODERS[0]}")
    return found


def _at(said: Any, place: str) -> Any:
    """Return what stands in a place, as “model.diffusion.type”, or None."""
    for name in place.split("."):
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _seconds(said: Any, place: str) -> float:
    found = _at(said, place)
    if not isinstance(found, int | float) or isinstance(found, bool):
        raise Unreadable(f"its {CONFIG} has {_in_words(found)} for {place} of seconds_total, which has to be a number")
    return float(found)


def _number(said: Any, place: str) -> int:
    found = _at(said, place)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise Unreadable(f"its {CONFIG} has {_in_words(found)} for {place}, which has to be a whole number")
    return found


def _numbers(said: Any, place: str) -> tuple[int, ...]:
    found = _at(said, place)
    if not isinstance(found, list) or not found or not all(isinstance(one, int) and one > 0 for one in found):
        raise Unreadable(f"its {CONFIG} has {_in_words(found)} for {place}, which has to be whole numbers")
    return tuple(found)


def _in_words(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value)
