# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what MusicGen declares of itself, apart from all that computes: to list it must stay quick."""

from __future__ import annotations

from engine.values import Kind, ModelCard, Parameter

TITLE = "MusicGen"
EXTRA = "musicgen"
"""Name of the extra of ``pyproject.toml`` with torch and transformers, which MusicGen runs on."""

SAMPLE_RATE = 32_000
"""Sample rate of MusicGen's clips, Hz."""
HOP = 640
"""Number of samples of a frame, for which the model chooses one code of each codebook."""
FRAME_RATE = SAMPLE_RATE // HOP
"""Number of frames a second."""

MIN_DURATION_S, MAX_DURATION_S = 1.0, 300.0
MOST_CLIPS = 4
"""Number of clips that are made of one request at most, beside one another."""

LICENCE = "CC-BY-NC-4.0: not for commercial use"
_FILES = ("*.json", "*.safetensors", "*.model")
_MEGABYTE = 1_000_000


def _card(name: str, size_mb: int, memory_mb: int) -> ModelCard:
    return ModelCard(
        name=name,
        repository=f"facebook/musicgen-{name}",
        size_bytes=size_mb * _MEGABYTE,
        memory_bytes=memory_mb * _MEGABYTE,
        licence=LICENCE,
        is_commercial=False,
        files=_FILES,
        extra=EXTRA,
    )


CARDS = (
    _card("small", 2350, 3400),
    _card("medium", 8020, 7500),
    _card("large", 13690, 11500),
    _card("stereo-small", 2410, 3500),
    _card("stereo-medium", 8120, 7600),
    _card("stereo-large", 13830, 11700),
    _card("melody", 6210, 6200),
    _card("melody-large", 10470, 9500),
    _card("stereo-melody", 6310, 6300),
    _card("stereo-melody-large", 10610, 9700),
)
"""The models: their size is that of their parameters in float32, as they are published; their memory is in 16 bits."""

MODELS = tuple(one.name for one in CARDS)
BY_SIZE = tuple(one.name for one in sorted(CARDS, key=lambda one: one.size_bytes))

DEVICE = Parameter(
    "device",
    Kind.CHOICE,
    "auto",
    "Compute on",
    "What computes: “auto” takes the graphics card where there is one that can, else the processor",
    choices=("auto", "cpu", "cuda", "mps"),
    titles=("Automatic", "Processor", "Graphics card (CUDA)", "Apple graphics (MPS)"),
    setup=True,
)
PRECISION = Parameter(
    "precision",
    Kind.CHOICE,
    "auto",
    "Precision",
    "In which numbers the model computes: “auto” takes 16 bits where the machine is faster with them, else 32",
    choices=("auto", "full"),
    titles=("Automatic", "Full (32 bits)"),
    setup=True,
)
GUIDANCE = Parameter(
    "guidance",
    Kind.NUMBER,
    3.0,
    "Guidance",
    "How closely the model keeps to the prompt: 1 freely, in half the time; 3 is usual",
    low=1.0,
    high=10.0,
    step=0.5,
)
TEMPERATURE = Parameter(
    "temperature",
    Kind.NUMBER,
    1.0,
    "Temperature",
    "How boldly the model chooses: below 1 what is likely, above 1 also what is not",
    low=0.1,
    high=2.0,
    step=0.05,
)
TOP_K = Parameter(
    "top_k",
    Kind.INTEGER,
    250,
    "Likeliest sounds",
    "Among how many of the likeliest sounds the model chooses at each step; 1 always takes the likeliest",
    low=1,
    high=250,
)
TOP_P = Parameter(
    "top_p",
    Kind.NUMBER,
    1.0,
    "Likeliest share",
    "How much likelihood the sounds among which the model chooses have together; 1 is all of it",
    low=0.05,
    high=1.0,
    step=0.05,
)
PARAMETERS = (GUIDANCE, TEMPERATURE, TOP_K, TOP_P, DEVICE, PRECISION)
