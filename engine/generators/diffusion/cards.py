# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the cards of the diffusion models: where their weights are, what they take, what one may do with them.

Sizes are those of the files that are fetched; memory is that of half precision with everything on the device.
"""

from __future__ import annotations

from engine.values import ModelCard

EXTRA = "diffusion"
GB = 10**9

FOLDERS = ("model_index.json", "*/*.json", "*/*.txt", "*/*.model", "*/*.safetensors", "LICENSE*", "README.md")
"""Patterns of the files of a checkpoint in diffusers' format; beside it a repository may hold its maker's own."""

_MIT = "MIT: free to use, also commercially"
_STABILITY = "Stability AI Community: commercial use is free below a yearly revenue of a million US dollars"

ACE_STEP_CARDS = (
    # Its makers publish the XL models alone in diffusers' format. These two are Runware's conversions of the 2B ones.
    ModelCard(
        name="turbo",
        repository="Runware/acestep-v15-turbo-diffusers",
        size_bytes=63 * GB // 10,
        memory_bytes=8 * GB,
        licence=_MIT,
        is_commercial=True,
        files=FOLDERS,
        extra=EXTRA,
    ),
    ModelCard(
        name="base",
        repository="Runware/acestep-v15-base-diffusers",
        size_bytes=63 * GB // 10,
        memory_bytes=8 * GB,
        licence=_MIT,
        is_commercial=True,
        files=FOLDERS,
        extra=EXTRA,
    ),
    *(
        ModelCard(
            name=f"xl-{kind}",
            repository=f"ACE-Step/acestep-v15-xl-{kind}-diffusers",
            size_bytes=115 * GB // 10,
            memory_bytes=16 * GB,
            licence=_MIT,
            is_commercial=True,
            files=FOLDERS,
            extra=EXTRA,
        )
        for kind in ("turbo", "sft", "base")
    ),
)

# Sizes of these two are those of the parameters in 32 bits: 223 million here; 341 and 156 million of the other.
TEXT_ENCODER = ModelCard(
    name="t5-base",
    repository="google-t5/t5-base",
    size_bytes=9 * GB // 10,
    memory_bytes=3 * GB // 10,
    licence="Apache-2.0: free to use, also commercially",
    is_commercial=True,
    files=("config.json", "model.safetensors", "spiece.model", "tokenizer.json", "tokenizer_config.json"),
    extra=EXTRA,
)

STABLE_AUDIO_CARDS = (
    ModelCard(
        name="open-1.0",
        repository="stabilityai/stable-audio-open-1.0",
        size_bytes=53 * GB // 10,
        memory_bytes=6 * GB,
        licence=_STABILITY,
        is_commercial=True,
        files=FOLDERS,
        extra=EXTRA,
    ),
)

STABLE_AUDIO_SMALL_CARDS = (
    ModelCard(
        name="open-small",
        repository="stabilityai/stable-audio-open-small",
        size_bytes=2 * GB,
        memory_bytes=25 * GB // 10,
        licence=_STABILITY,
        is_commercial=True,
        files=("model_config.json", "model.safetensors", "LICENSE*", "README.md"),
        extra=EXTRA,
        needs=(TEXT_ENCODER,),
    ),
)

_GEMMA = f"{_STABILITY}; its text encoder has Google’s Gemma terms"

# What the makers publish has a format of its own: ``checkpoint.py`` says how it is converted, once.
STABLE_AUDIO_3_CARDS = (
    ModelCard(
        name="small",
        repository="stabilityai/stable-audio-3-small-music",
        size_bytes=35 * GB // 10,
        memory_bytes=3 * GB,
        licence=_GEMMA,
        is_commercial=True,
        extra=EXTRA,
    ),
    *(
        ModelCard(
            name=name,
            repository=f"stabilityai/stable-audio-3-{name}",
            size_bytes=9 * GB,
            memory_bytes=7 * GB,
            licence=_GEMMA,
            is_commercial=True,
            extra=EXTRA,
        )
        for name in ("medium", "medium-base")
    ),
)
