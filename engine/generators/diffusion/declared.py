# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is the parameters of the diffusion generators, apart from what makes music: to list them stays quick."""

from __future__ import annotations

from dataclasses import replace

from engine.values import Kind, Parameter

USUAL = "usual"
"""Word that is read where a number is left to the model."""

FOLDER = Parameter(
    "folder",
    Kind.FOLDER,
    "",
    "Own checkpoint",
    "A folder with a checkpoint of this family in the format of diffusers; it is then used in the place of the model",
    setup=True,
)
MAKERS_FOLDER = replace(
    FOLDER,
    tooltip="A folder with a model_config.json and its model.safetensors, and with the text encoder in a folder "
    "“t5-base” if it is not fetched; it is then used in the place of the model",
)
DEVICE = Parameter(
    "device",
    Kind.CHOICE,
    "best",
    "Runs on",
    "What computes; “best” takes a graphics card where there is one that fits",
    choices=("best", "cpu", "cuda", "mps"),
    titles=("Best", "Processor", "NVIDIA or AMD card", "Apple graphics"),
    setup=True,
)
PRECISION = Parameter(
    "precision",
    Kind.CHOICE,
    "best",
    "Precision",
    "Half takes half the memory and is faster; “best” takes it where this machine computes it natively",
    choices=("best", "half", "full"),
    titles=("Best", "Half", "Full"),
    setup=True,
)
OFFLOAD = Parameter(
    "offload",
    Kind.CHOICE,
    "short",
    "Spare the card’s memory",
    "Keep on the graphics card only the part of the model that computes: slower, for large models on small cards",
    choices=("short", "always", "never"),
    titles=("When it is short", "Always", "Never"),
    setup=True,
)
OF_MACHINE = (FOLDER, DEVICE, PRECISION, OFFLOAD)
"""Parameters that belong to the machine, and that all families have; one is told otherwise of its folder."""

STEPS = Parameter(
    "steps",
    Kind.INTEGER,
    0,
    "Steps",
    "In how many steps the music is painted out of noise: more take longer and are not always better",
    low=1,
    high=250,
    unset=USUAL,
)
GUIDANCE = Parameter(
    "guidance",
    Kind.NUMBER,
    0.0,
    "Guidance",
    "How closely the prompt is followed: 1 is freely, 7 closely; models made for few steps have theirs built in",
    low=1.0,
    high=20.0,
    step=0.5,
    unset=USUAL,
)
SHIFT = Parameter(
    "shift",
    Kind.NUMBER,
    0.0,
    "Shift",
    "How many of the steps go to the large shape of the music rather than to its detail",
    low=0.5,
    high=6.0,
    step=0.5,
    unset=USUAL,
)
LYRICS = Parameter(
    "lyrics",
    Kind.TEXT,
    "[Instrumental]",
    "Lyrics",
    "Words to be sung, with [verse] and [chorus] before their parts; [Instrumental] for none",
)
LANGUAGE = Parameter(
    "language",
    Kind.CHOICE,
    "en",
    "Language of the lyrics",
    "The language in which the words are sung",
    choices=("en", "it", "de", "es", "fr", "pt", "pl", "ru", "ja", "ko", "zh"),
)
SIGMA_MIN = Parameter(
    "sigma_min",
    Kind.NUMBER,
    0.3,
    "Lowest noise",
    "The noise before the last step: lower leaves more to the fine detail",
    low=0.01,
    high=2.0,
    step=0.05,
)
SIGMA_MAX = Parameter(
    "sigma_max",
    Kind.NUMBER,
    500.0,
    "Highest noise",
    "The noise of the first step: lower is bolder, and less varied",
    low=5.0,
    high=1000.0,
    step=10.0,
)
SAMPLER = Parameter(
    "sampler",
    Kind.CHOICE,
    "dpmpp-2m-sde",
    "Sampler",
    "How noise becomes music from step to step",
    choices=("dpmpp-2m-sde", "dpmpp-2m-sde-heun", "dpmpp-2m", "euler"),
    titles=("DPM++ 2M SDE", "DPM++ 2M SDE Heun", "DPM++ 2M", "Euler"),
)
