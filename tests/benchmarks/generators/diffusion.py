# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark tells what a second of music by a diffusion model costs, for random weights in a real shape.

The shape is that of Stable Audio 3 small as others describe it (20 layers of 1024, 459 million weights), with the
autoencoder SAME-S; the text encoder is a tiny one, and the real one's words cost next to nothing. Only this family
is small enough for a processor: ACE-Step's and Stable Audio Open's transformers are three and two times as large, and
take fifty and a hundred steps.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from engine.generators.base import GeneratorSettings, finished
from engine.generators.diffusion import StableAudio3
from engine.generators.requests import completed
from engine.values import ClipRequest, Parameters
from tests.benchmarks.rows import BenchRow

SECONDS = (10.0, 30.0)
NEEDED_BYTES = 8 * 2**30
"""Bytes of memory without which nothing is measured."""
_LAYERS, _WIDTH, _HEADS, _LATENT = 20, 1024, 16, 256
_FORMER = {10.0: 0.74, 30.0: 0.62}  # bfloat16 by the pipeline itself, text encoder left out, on two cores of an EPYC


def rows(_asked: object = None) -> list[BenchRow]:
    """Measure the model in half precision where this machine computes it, in this process; nothing without memory."""
    import psutil

    if psutil.virtual_memory().available < NEEDED_BYTES:
        return []
    folder = Path(tempfile.mkdtemp(prefix="bench-diffusion-"))
    try:
        build(folder)
        return [_row(folder, seconds) for seconds in SECONDS]
    finally:
        shutil.rmtree(folder)


def _row(folder: Path, seconds: float) -> BenchRow:
    family = StableAudio3()
    settings = GeneratorSettings(parameters={family.name: Parameters({"folder": str(folder)})})

    def made(length_s: float) -> Any:
        request = completed(ClipRequest(1, "calm piano", family.name, "small", length_s, seed=1), family, settings)
        return finished(family.generate(request, settings))

    made(1.0)
    began_s = time.perf_counter()
    result = made(seconds)
    cost = (time.perf_counter() - began_s) / seconds
    name = f"Stable Audio 3 small, {seconds:g} s, {result.versions['precision']} on {result.versions['device']}"
    return BenchRow(
        name, cost, "s per s", "the library’s pipeline, two quiet cores, another run", _FORMER[seconds], "<= 1"
    )


def build(folder: Path) -> None:
    """Save a checkpoint of random numbers in the real shape."""
    import torch
    from diffusers import (
        AutoencoderSAME,
        FlowMatchEulerDiscreteScheduler,
        StableAudio3DiTModel,
        StableAudio3Pipeline,
    )
    from diffusers.pipelines.stable_audio_3.modeling_stable_audio_3 import StableAudio3DurationEmbedder
    from transformers import GemmaTokenizer, T5GemmaConfig, T5GemmaEncoderModel, T5GemmaModuleConfig

    torch.manual_seed(1)
    vocabulary = {one: at for at, one in enumerate(("<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *"abcdefghijklmnop"))}
    text = T5GemmaModuleConfig(
        vocab_size=len(vocabulary),
        hidden_size=768,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
    )
    transformer = StableAudio3DiTModel(
        io_channels=_LATENT,
        embed_dim=_WIDTH,
        depth=_LAYERS,
        num_heads=_HEADS,
        cond_token_dim=768,
        global_cond_dim=768,
        local_add_cond_dim=_LATENT + 1,
        use_differential_attention=False,
    )
    StableAudio3Pipeline(
        vae=AutoencoderSAME(),
        text_encoder=T5GemmaEncoderModel(T5GemmaConfig(encoder=text, decoder=text, is_encoder_decoder=False)),
        tokenizer=GemmaTokenizer(vocab=vocabulary, merges=[]),
        duration_embedder=StableAudio3DurationEmbedder(),
        transformer=transformer,
        scheduler=FlowMatchEulerDiscreteScheduler(stochastic_sampling=True),
    ).save_pretrained(folder)


if __name__ == "__main__":
    for one in rows():
        print(f"{one.name}: {one.figure:.2f} {one.unit} ({one.reference}: {one.reference_figure:g})")
