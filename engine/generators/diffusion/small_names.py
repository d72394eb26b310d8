# SPDX-License-Identifier: GPL-3.0-or-later
"""This module knows under which name the makers of Stable Audio Open small keep what diffusers' modules need.

Both build the same layers; the makers number them in the order in which they are passed, and keep some matrices as one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A source is a tensor of the makers' file, or one of the equal parts that it has along its first axis."""

    name: str
    part: int = 0
    n_parts: int = 1


_TRANSFORMER = (
    (r"^time_proj\.", "timestep_features."),
    (r"^timestep_proj\.", "to_timestep_embed."),
    (r"^global_proj\.", "to_global_embed."),
    (r"^cross_attention_proj\.", "to_cond_embed."),
    (r"^proj_in\.", "transformer.project_in."),
    (r"^proj_out\.", "transformer.project_out."),
    (r"^transformer_blocks\.", "transformer.layers."),
    (r"\.norm1\.", ".pre_norm."),
    (r"\.norm2\.", ".cross_attend_norm."),
    (r"\.norm3\.", ".ff_norm."),
    (r"\.(pre_norm|cross_attend_norm|ff_norm)\.weight$", r".\1.gamma"),
    (r"\.(pre_norm|cross_attend_norm|ff_norm)\.bias$", r".\1.beta"),
    (r"\.attn1\.", ".self_attn."),
    (r"\.attn2\.", ".cross_attn."),
    (r"\.to_out\.0\.", ".to_out."),
    (r"\.norm_([qk])\.", r".\1_norm."),
    (r"\.ff\.net\.", ".ff.ff."),
)
"""Patterns in names of ours, and what each becomes in theirs, applied one after the other."""

_FUSED = {"self_attn": "qkv", "cross_attn": "kv"}
"""Matrices of an attention that the makers keep as one."""

ROTATION = "model.model.transformer.rotary_pos_emb.inv_freq"
"""The frequencies of the positions, which are kept though they follow from the size of the heads."""

_PROJECTION = {
    "end_number_conditioner.time_positional_embedding.": "seconds_total.embedder.embedding.",
    "text_projection.": "prompt.proj_out.",
}

_UNIT = {"snake1": 0, "conv1": 1, "snake2": 2, "conv2": 3}
_UNITS = {"res_unit1": 0, "res_unit2": 1, "res_unit3": 2}
_BLOCKS = {
    "encoder": {**_UNITS, "snake1": 3, "conv1": 4},
    "decoder": {"snake1": 0, "conv_t1": 1, **{name: at + 2 for name, at in _UNITS.items()}},
}


def of_transformer(name: str) -> Source:
    """Return what a parameter of the transformer is in the makers' file."""
    for pattern, theirs in _TRANSFORMER:
        name = re.sub(pattern, theirs, name)
    name = f"model.model.{name}"
    if found := re.fullmatch(r"(.*\.(self_attn|cross_attn)\.to_)([qkv])(\.weight)", name):
        start, attention, letter, end = found.groups()
        letters = _FUSED[attention]
        if letter in letters:
            return Source(f"{start}{letters}{end}", letters.index(letter), len(letters))
    return Source(name)


def of_autoencoder(name: str, n_blocks: int) -> Source:
    """Return what a parameter of the autoencoder, which has so many blocks a side, is in the makers' file."""
    side, *inner, leaf = name.split(".")
    if inner[0] == "block":
        _, at, part, *unit = inner
        places = [int(at) + 1, _BLOCKS[side][part], *(_UNIT[one] for one in unit)]
    else:
        places = [{"conv1": 0, "snake1": n_blocks + 1, "conv2": n_blocks + 2}[inner[0]]]
    path = ".".join(f"layers.{one}" for one in places)
    return Source(f"pretransform.model.{side}.{path}.{leaf}")


def of_projection(name: str) -> Source:
    """Return what a parameter of the projection of the clip's length, and of the prompt's words, is in their file."""
    for ours, theirs in _PROJECTION.items():
        name = name.replace(ours, theirs)
    return Source(f"conditioner.conditioners.{name}")
