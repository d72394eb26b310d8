# SPDX-License-Identifier: GPL-3.0-or-later
"""This module loads Stable Audio Open small from its makers' files, which the library diffusers does not read.

The layers are those of diffusers' Stable Audio, with two differences: queries and keys are normalised, and one number
is told, not two. Every tensor of the file goes to its place, or the checkpoint is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.generators.diffusion.machine import Place
from engine.generators.diffusion.small_config import (
    CONFIG,
    PIPELINE,
    WEIGHTS,
    SmallConfig,
    Unreadable,
    n_turned,
    read_config,
)
from engine.generators.diffusion.small_names import (
    ROTATION,
    Source,
    of_autoencoder,
    of_projection,
    of_transformer,
)

_FEATURES = 256
"""Dimensions of a time as sines and cosines, which the makers' files do not say."""
_NORM_EPS = 1e-6


def load_small(folder: Path, text_folder: Path, place: Place) -> Any:
    """Return the checkpoint in a folder as a pipeline of diffusers, which paints nothing by itself.

    Parameters
    ----------
    text_folder
        The folder with the text encoder and its tokenizer, as the hub has them.

    Raises
    ------
    Unreadable
        It is none, another one, or damaged.
    """
    from safetensors import SafetensorError, safe_open

    config = read_config(folder)
    text_encoder, tokenizer = _text(text_folder, config, place)
    try:
        with safe_open(folder / WEIGHTS, framework="pt") as file:
            weights = Weights(file)
            parts = _parts(config, weights, place, int(text_encoder.config.d_model))
            weights.check_all_read(rotation(config.head_dim))
    except FileNotFoundError:
        raise Unreadable(f"it has no {WEIGHTS}") from None
    except (SafetensorError, OSError) as error:
        raise Unreadable(f"its {WEIGHTS} cannot be read") from error
    return _pipeline_class()(text_encoder=text_encoder, tokenizer=tokenizer, **parts)


class Weights:
    """The tensors of a checkpoint are read one by one, and those that were are noted.

    Parameters
    ----------
    file
        What the library safetensors has opened.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self._names = frozenset(file.keys())
        self._read: set[str] = set()

    def taken(self, source: Source, shape: tuple[int, ...]) -> Any:
        """Return a tensor, or a part of one, in a shape that may have other axes of length 1. Raises Unreadable."""
        if source.name not in self._names:
            raise Unreadable(f"its {WEIGHTS} has no {source.name}")
        self._read.add(source.name)
        whole = self._file.get_tensor(source.name)
        # Held against the whole: a part of a tensor that is not divisible could have the right shape by chance.
        wanted = _long((shape[0] * source.n_parts, *shape[1:]))
        if _long(whole.shape) != wanted:
            found, needed = (" × ".join(map(str, one)) or "1" for one in (_long(whole.shape), wanted))
            raise Unreadable(f"{source.name} in its {WEIGHTS} is {found}, and its {CONFIG} says {needed}")
        return whole.chunk(source.n_parts, dim=0)[source.part].reshape(shape)

    def check_all_read(self, frequencies: Any) -> None:
        """Refuse tensors that nothing was made of, but for the frequencies of the positions, where they are these."""
        import torch

        if ROTATION in self._names:
            theirs = self.taken(Source(ROTATION), tuple(frequencies.shape)).float()
            if not torch.allclose(theirs, frequencies, rtol=1e-2):
                raise Unreadable(f"{ROTATION} in its {WEIGHTS} has other values than positions have here")
        if left := sorted(self._names - self._read):
            raise Unreadable(f"its {WEIGHTS} has {left[0]}, of which nothing here is made")


def rotation(head_dim: int) -> Any:
    """Return by what angle each pair of a head's dimensions is turned from one position to the next, float32."""
    import torch

    n = n_turned(head_dim)
    return 10_000.0 ** -(torch.arange(0, n, 2, dtype=torch.float32) / n)


def _long(shape: tuple[int, ...]) -> list[int]:
    return [one for one in shape if one != 1]


def _parts(config: SmallConfig, weights: Weights, place: Place, text_dim: int) -> dict[str, Any]:
    """Return what the checkpoint holds; the projection is in full precision: it is tiny, and tells a number."""
    import torch
    from diffusers import AutoencoderOobleck, StableAudioDiTModel
    from diffusers.pipelines.stable_audio.modeling_stable_audio import StableAudioProjectionModel
    from torch import nn

    # Without memory of their own, and without drawing numbers that are thrown away.
    with torch.device("meta"):
        transformer = StableAudioDiTModel(
            sample_size=config.n_samples // config.hop,
            in_channels=config.n_latents,
            num_layers=config.depth,
            attention_head_dim=config.head_dim,
            num_attention_heads=config.n_heads,
            num_key_value_attention_heads=config.told_dim // config.head_dim,
            out_channels=config.n_latents,
            cross_attention_dim=config.told_dim,
            time_proj_dim=_FEATURES,
            global_states_input_dim=config.length_dim,
            cross_attention_input_dim=config.token_dim,
        )
        if config.is_normed:
            for block in transformer.transformer_blocks:
                for attention in (block.attn1, block.attn2):
                    attention.norm_q = nn.LayerNorm(config.head_dim, eps=_NORM_EPS)
                    attention.norm_k = nn.LayerNorm(config.head_dim, eps=_NORM_EPS)
        vae = AutoencoderOobleck(
            encoder_hidden_size=config.encoder_width,
            downsampling_ratios=list(config.strides),
            decoder_channels=config.decoder_width,
            decoder_input_channels=config.n_latents,
            audio_channels=2,
            channel_multiples=list(config.multiples),
            sampling_rate=config.sample_rate,
        )
        projection = StableAudioProjectionModel(text_dim, config.token_dim, config.lowest_s, config.highest_s)
        # This model is told how long a clip is, and not where in a piece it begins.
        del projection.start_number_conditioner

    def filled(module: Any, source: Callable[[str], Source], dtype: Any) -> Any:
        # One tensor that is read from the file as it is would keep all of it in memory, where the others are copies.
        is_copied = dtype != place.dtype
        state = {
            name: weights.taken(source(name), tuple(like.shape)).to(dtype, copy=is_copied)
            for name, like in module.state_dict().items()
        }
        module.load_state_dict(state, assign=True)
        return module.eval().requires_grad_(False)

    n_blocks = len(config.strides)
    return {
        "transformer": filled(transformer, of_transformer, place.dtype),
        "vae": filled(vae, lambda name: of_autoencoder(name, n_blocks), place.dtype),
        "projection_model": filled(projection, of_projection, torch.float32),
    }


def _text(folder: Path, config: SmallConfig, place: Place) -> tuple[Any, Any]:
    """Return the text encoder and its tokenizer. Raises Unreadable where the encoder is not whole."""
    from transformers import T5EncoderModel, T5TokenizerFast

    encoder, loading = T5EncoderModel.from_pretrained(
        folder, dtype=place.dtype, local_files_only=True, use_safetensors=True, output_loading_info=True
    )
    if lacking := sorted(loading["missing_keys"]):
        # The library would draw them at random.
        raise Unreadable(f"the text encoder in “{folder}” has no {lacking[0]}")
    tokenizer = T5TokenizerFast.from_pretrained(folder, local_files_only=True)
    tokenizer.model_max_length = config.n_tokens
    return encoder.eval(), tokenizer


def _pipeline_class() -> Any:
    """Return the class that holds the parts: diffusers' own has ways to devices, and off a card that is too small."""
    from diffusers import DiffusionPipeline

    def begin(
        self: Any, *, text_encoder: Any, tokenizer: Any, projection_model: Any, transformer: Any, vae: Any
    ) -> None:
        DiffusionPipeline.__init__(self)
        self.register_modules(
            text_encoder=text_encoder,
            tokenizer=tokenizer,
            projection_model=projection_model,
            transformer=transformer,
            vae=vae,
        )

    order = "text_encoder->projection_model->transformer->vae"
    return type(PIPELINE, (DiffusionPipeline,), {"__init__": begin, "model_cpu_offload_seq": order})
