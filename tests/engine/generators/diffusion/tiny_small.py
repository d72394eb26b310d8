# SPDX-License-Identifier: GPL-3.0-or-later
"""This module writes a tiny Stable Audio Open small as its makers do, and computes what they compute with it.

Names, shapes and formulas are written down from what is known of the makers' model, and share no line with what loads
and runs it in the studio: what both give is the same only where both understand the file alike.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch.nn import functional
from transformers import T5Config, T5EncoderModel, T5TokenizerFast

from tests.engine.generators.diffusion.tiny import LETTERS

Tensors = dict[str, torch.Tensor]

LATENTS, WIDTH, HEADS, TOKEN, DEPTH = 2, 64, 2, 16, 2
STRIDES, FRAMES, RATE = (16, 128), 64, 44_100
TURNED = 32
"""Dimensions of a head that positions turn: never fewer."""


def config() -> dict[str, Any]:
    """Return what the makers' file says of the tiny model, the parts that are of no concern left out."""
    side = {"c_mults": [1, 1], "strides": list(STRIDES), "use_snake": True}
    return {
        "model_type": "diffusion_cond",
        "sample_size": FRAMES * math.prod(STRIDES),
        "sample_rate": RATE,
        "audio_channels": 2,
        "model": {
            "pretransform": {
                "type": "autoencoder",
                "iterate_batch": True,
                "config": {
                    "encoder": {
                        "type": "oobleck",
                        "config": {"in_channels": 2, "channels": 2 * LATENTS, "latent_dim": 2 * LATENTS, **side},
                    },
                    "decoder": {
                        "type": "oobleck",
                        "config": {
                            "out_channels": 2,
                            "channels": 2,
                            "latent_dim": LATENTS,
                            "final_tanh": False,
                            **side,
                        },
                    },
                    "bottleneck": {"type": "vae"},
                    "latent_dim": LATENTS,
                    "downsampling_ratio": math.prod(STRIDES),
                    "io_channels": 2,
                },
            },
            "conditioning": {
                "configs": [
                    {"id": "prompt", "type": "t5", "config": {"t5_model_name": "t5-base", "max_length": 24}},
                    {"id": "seconds_total", "type": "number", "config": {"min_val": 0, "max_val": 256}},
                ],
                "cond_dim": TOKEN,
            },
            "diffusion": {
                "cross_attention_cond_ids": ["prompt", "seconds_total"],
                "global_cond_ids": ["seconds_total"],
                "diffusion_objective": "rf_denoiser",
                "type": "dit",
                "config": {
                    "io_channels": LATENTS,
                    "embed_dim": WIDTH,
                    "depth": DEPTH,
                    "num_heads": HEADS,
                    "cond_token_dim": TOKEN,
                    "global_cond_dim": TOKEN,
                    "transformer_type": "continuous_transformer",
                    "attn_kwargs": {"qk_norm": "ln"},
                },
            },
            "io_channels": LATENTS,
        },
        "training": {"learning_rate": 1e-5},
    }


def tensors() -> Tensors:
    """Return random numbers under the makers' names, none of them zero."""
    source = torch.Generator().manual_seed(5)
    out: Tensors = {}

    def matrix(name: str, *shape: int, bias: bool = False) -> None:
        out[f"{name}.weight"] = torch.randn(shape, generator=source) / math.sqrt(math.prod(shape[1:]))
        if bias:
            out[f"{name}.bias"] = 0.1 * torch.randn(shape[0], generator=source)

    def norm(name: str, n: int, scale: str, shift: str) -> None:
        out[f"{name}.{scale}"] = 1.0 + 0.2 * torch.randn(n, generator=source)
        out[f"{name}.{shift}"] = 0.2 * torch.randn(n, generator=source)

    def convolution(name: str, n_out: int, n_in: int, width: int, *, bias: bool = True, turned: bool = False) -> None:
        first, second = (n_in, n_out) if turned else (n_out, n_in)
        out[f"{name}.weight_v"] = torch.randn(first, second, width, generator=source)
        out[f"{name}.weight_g"] = 0.5 + torch.rand(first, 1, 1, generator=source)
        if bias:
            out[f"{name}.bias"] = 0.1 * torch.randn(n_out, generator=source)

    def snake(name: str, n: int) -> None:
        for one in ("alpha", "beta"):
            out[f"{name}.{one}"] = 0.3 * torch.randn(n, generator=source)

    def unit(name: str, n: int) -> None:
        snake(f"{name}.layers.0", n)
        convolution(f"{name}.layers.1", n, n, 7)
        snake(f"{name}.layers.2", n)
        convolution(f"{name}.layers.3", n, n, 1)

    model = "model.model"
    out[f"{model}.timestep_features.weight"] = torch.randn(128, 1, generator=source)
    for name, n, bias in (("timestep", 256, True), ("cond", TOKEN, False), ("global", TOKEN, False)):
        matrix(f"{model}.to_{name}_embed.0", WIDTH, n, bias=bias)
        matrix(f"{model}.to_{name}_embed.2", WIDTH, WIDTH, bias=bias)
    for name in ("preprocess_conv", "postprocess_conv"):
        matrix(f"{model}.{name}", LATENTS, LATENTS, 1)
    matrix(f"{model}.transformer.project_in", WIDTH, LATENTS)
    matrix(f"{model}.transformer.project_out", LATENTS, WIDTH)
    out[f"{model}.transformer.rotary_pos_emb.inv_freq"] = frequencies()
    for at in range(DEPTH):
        layer = f"{model}.transformer.layers.{at}"
        for name in ("pre_norm", "cross_attend_norm", "ff_norm"):
            norm(f"{layer}.{name}", WIDTH, "gamma", "beta")
        matrix(f"{layer}.self_attn.to_qkv", 3 * WIDTH, WIDTH)
        matrix(f"{layer}.cross_attn.to_q", WIDTH, WIDTH)
        matrix(f"{layer}.cross_attn.to_kv", 2 * WIDTH, WIDTH)
        for attention in ("self_attn", "cross_attn"):
            matrix(f"{layer}.{attention}.to_out", WIDTH, WIDTH)
            for one in ("q", "k"):
                norm(f"{layer}.{attention}.{one}_norm", WIDTH // HEADS, "weight", "bias")
        matrix(f"{layer}.ff.ff.0.proj", 8 * WIDTH, WIDTH, bias=True)
        matrix(f"{layer}.ff.ff.2", WIDTH, 4 * WIDTH, bias=True)
    encoder, decoder, last = "pretransform.model.encoder.layers", "pretransform.model.decoder.layers", len(STRIDES) + 1
    wide, narrow = 2 * LATENTS, 2
    convolution(f"{encoder}.0", wide, 2, 7)
    convolution(f"{decoder}.0", narrow, LATENTS, 7)
    for at, (down, up) in enumerate(zip(STRIDES, reversed(STRIDES), strict=True), start=1):
        for nth in range(3):
            unit(f"{encoder}.{at}.layers.{nth}", wide)
            unit(f"{decoder}.{at}.layers.{nth + 2}", narrow)
        snake(f"{encoder}.{at}.layers.3", wide)
        convolution(f"{encoder}.{at}.layers.4", wide, wide, 2 * down)
        snake(f"{decoder}.{at}.layers.0", narrow)
        convolution(f"{decoder}.{at}.layers.1", narrow, narrow, 2 * up, turned=True)
    snake(f"{encoder}.{last}", wide)
    snake(f"{decoder}.{last}", narrow)
    convolution(f"{encoder}.{last + 1}", wide, wide, 3)
    convolution(f"{decoder}.{last + 1}", 2, narrow, 7, bias=False)
    length = "conditioner.conditioners.seconds_total.embedder.embedding"
    out[f"{length}.0.weights"] = torch.randn(128, generator=source)
    matrix(f"{length}.1", TOKEN, 257, bias=True)
    return out


def open_small(folder: Path) -> None:
    """Write the tiny model, and a text encoder with its tokenizer in a folder beside its files."""
    folder.mkdir()
    (folder / "model_config.json").write_text(json.dumps(config()), encoding="utf-8")
    save_file(tensors(), folder / "model.safetensors")
    torch.manual_seed(1)
    letters = [(one, -3.0) for one in LETTERS if one > " "]
    tokenizer = T5TokenizerFast(
        vocab=[("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -1.0), ("▁", -2.0), *letters], extra_ids=0
    )
    sizes = {"d_model": TOKEN, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
    T5EncoderModel(T5Config(vocab_size=len(tokenizer), **sizes)).save_pretrained(folder / "t5-base")
    tokenizer.save_pretrained(folder / "t5-base")


# --- what the makers compute ------------------------------------------------------------------------------------------


def frequencies() -> torch.Tensor:
    return 1.0 / 10_000.0 ** (torch.arange(0, TURNED, 2).float() / TURNED)


def velocity(of: Tensors, latents: torch.Tensor, time: float, told: torch.Tensor, length: torch.Tensor) -> torch.Tensor:
    """Return what the transformer says: ``told`` has shape ``(n, n_tokens, TOKEN)``, ``length`` ``(n, TOKEN)``."""

    def linear(name: str, x: torch.Tensor) -> torch.Tensor:
        return functional.linear(x, of[f"model.model.{name}.weight"], of.get(f"model.model.{name}.bias"))

    def embedded(name: str, x: torch.Tensor) -> torch.Tensor:
        return linear(f"to_{name}_embed.2", functional.silu(linear(f"to_{name}_embed.0", x)))

    def normed(name: str, x: torch.Tensor) -> torch.Tensor:
        gamma, beta = (of[f"model.model.{name}.{one}"] for one in ("gamma", "beta"))
        return functional.layer_norm(x, x.shape[-1:], gamma, beta)

    def heads(name: str, x: torch.Tensor) -> torch.Tensor:
        x = x.unflatten(-1, (HEADS, -1)).transpose(1, 2)
        if not name:
            return x
        return functional.layer_norm(
            x, x.shape[-1:], of[f"model.model.{name}.weight"], of[f"model.model.{name}.bias"], eps=1e-6
        )

    def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        weights = (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).softmax(dim=-1)
        return (weights @ v).transpose(1, 2).flatten(2)

    angles = 2.0 * math.pi * torch.full((len(latents), 1), time) @ of["model.model.timestep_features.weight"].T
    token = embedded("global", length) + embedded("timestep", torch.cat([angles.cos(), angles.sin()], dim=-1))
    told = embedded("cond", told)
    x = latents + functional.conv1d(latents, of["model.model.preprocess_conv.weight"])
    x = torch.cat([token[:, None], linear("transformer.project_in", x.transpose(1, 2))], dim=1)
    for at in range(DEPTH):
        layer = f"transformer.layers.{at}"
        q, k, v = linear(f"{layer}.self_attn.to_qkv", normed(f"{layer}.pre_norm", x)).chunk(3, dim=-1)
        q, k = (turned(heads(f"{layer}.self_attn.{name}_norm", one)) for name, one in (("q", q), ("k", k)))
        x = x + linear(f"{layer}.self_attn.to_out", attention(q, k, heads("", v)))
        q = linear(f"{layer}.cross_attn.to_q", normed(f"{layer}.cross_attend_norm", x))
        k, v = linear(f"{layer}.cross_attn.to_kv", told).chunk(2, dim=-1)
        q, k = (heads(f"{layer}.cross_attn.{name}_norm", one) for name, one in (("q", q), ("k", k)))
        x = x + linear(f"{layer}.cross_attn.to_out", attention(q, k, heads("", v)))
        value, gate = linear(f"{layer}.ff.ff.0.proj", normed(f"{layer}.ff_norm", x)).chunk(2, dim=-1)
        x = x + linear(f"{layer}.ff.ff.2", value * functional.silu(gate))
    x = linear("transformer.project_out", x).transpose(1, 2)[:, :, 1:]
    return x + functional.conv1d(x, of["model.model.postprocess_conv.weight"])


def turned(x: torch.Tensor) -> torch.Tensor:
    """Return queries or keys turned by their positions; each dimension is turned with the one half the way on."""
    angles = torch.arange(x.shape[-2])[:, None] * frequencies()
    one, other = x[..., : TURNED // 2], x[..., TURNED // 2 : TURNED]
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([one * cos - other * sin, other * cos + one * sin, x[..., TURNED:]], dim=-1)


def length_of(of: Tensors, seconds: float) -> torch.Tensor:
    """Return what the transformer is told of a clip's length, shape ``(1, TOKEN)``."""
    name = "conditioner.conditioners.seconds_total.embedder.embedding"
    share = torch.tensor([[seconds / 256.0]])
    angles = 2.0 * math.pi * share * of[f"{name}.0.weights"]
    features = torch.cat([share, angles.sin(), angles.cos()], dim=-1)
    return functional.linear(features, of[f"{name}.1.weight"], of[f"{name}.1.bias"])


class Autoencoder:
    """The makers' autoencoder: layers in the order in which they are passed, by their numbers."""

    def __init__(self, of: Tensors) -> None:
        self.of = of

    def encoded(self, sound: torch.Tensor) -> torch.Tensor:
        """Return the means of the latents of a sound."""
        path = "pretransform.model.encoder.layers"
        x = self.convolved(f"{path}.0", sound, padding=3)
        for at, stride in enumerate(STRIDES, start=1):
            x = self.units(f"{path}.{at}", 0, x)
            x = self.snaked(f"{path}.{at}.layers.3", x)
            x = self.convolved(f"{path}.{at}.layers.4", x, stride=stride, padding=math.ceil(stride / 2))
        x = self.snaked(f"{path}.{len(STRIDES) + 1}", x)
        return self.convolved(f"{path}.{len(STRIDES) + 2}", x, padding=1)[:, :LATENTS]

    def decoded(self, latents: torch.Tensor) -> torch.Tensor:
        path = "pretransform.model.decoder.layers"
        x = self.convolved(f"{path}.0", latents, padding=3)
        for at, stride in enumerate(reversed(STRIDES), start=1):
            x = self.snaked(f"{path}.{at}.layers.0", x)
            name, padding = f"{path}.{at}.layers.1", math.ceil(stride / 2)
            x = functional.conv_transpose1d(x, self.weight(name), self.of[f"{name}.bias"], stride, padding)
            x = self.units(f"{path}.{at}", 2, x)
        x = self.snaked(f"{path}.{len(STRIDES) + 1}", x)
        return self.convolved(f"{path}.{len(STRIDES) + 2}", x, padding=3)

    def units(self, path: str, first: int, x: torch.Tensor) -> torch.Tensor:
        for nth, dilation in enumerate((1, 3, 9), start=first):
            unit = f"{path}.layers.{nth}.layers"
            y = self.convolved(f"{unit}.1", self.snaked(f"{unit}.0", x), padding=3 * dilation, dilation=dilation)
            x = x + self.convolved(f"{unit}.3", self.snaked(f"{unit}.2", y))
        return x

    def snaked(self, name: str, x: torch.Tensor) -> torch.Tensor:
        alpha, beta = (self.of[f"{name}.{one}"].exp()[:, None] for one in ("alpha", "beta"))
        return x + (alpha * x).sin() ** 2 / (beta + 1e-9)

    def convolved(self, name: str, x: torch.Tensor, **how: int) -> torch.Tensor:
        return functional.conv1d(x, self.weight(name), self.of.get(f"{name}.bias"), **how)

    def weight(self, name: str) -> torch.Tensor:
        v = self.of[f"{name}.weight_v"]
        return self.of[f"{name}.weight_g"] * v / v.norm(dim=(1, 2), keepdim=True)
