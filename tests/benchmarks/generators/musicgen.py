# SPDX-License-Identifier: GPL-3.0-or-later
"""This benchmark times MusicGen's passes against the library's own generation, in the real shapes.

On a graphics card the step is captured: the first clip (which captures it) is made before the clock starts. On a
processor a clip's step costs the same all along, but for the attention, which is little: 3 s are timed.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.generators.musicgen.codes import Sampling
from engine.generators.musicgen.declared import FRAME_RATE
from engine.generators.musicgen.devices import device_named, free_memory, numbers_for
from engine.generators.musicgen.loading import Loaded
from engine.generators.musicgen.passes import Asked as Clips
from engine.generators.musicgen.passes import parts_of
from tests.benchmarks.generators.asked import Asked
from tests.benchmarks.rows import BenchRow

SHAPES = {"small": (1024, 24, 16), "medium": (1536, 48, 24), "large": (2048, 48, 32)}
"""Width, layers and heads of each decoder."""
N_WORDS = 24
VOCABULARY = 32_128
REPEATS = 2


class Words:
    """Random words stand in for the tokenizer's, whose vocabulary belongs to the weights."""

    def __call__(self, texts: list[str], **_options: Any) -> dict[str, Any]:
        import torch

        ids = torch.randint(3, 32_000, (len(texts), N_WORDS), generator=torch.Generator().manual_seed(1))
        return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


def rows(asked: Asked) -> Iterator[BenchRow]:
    """Yield the figures of each model and number of clips."""
    import torch
    from transformers.utils import logging as library

    quiet: Any = library.set_verbosity_error
    quiet()
    device = device_named("auto")
    numbers = numbers_for(device, "auto")
    seconds = 10.0 if device.type == "cuda" else 3.0
    names = asked.models or (("small",) if asked.is_quick else tuple(SHAPES))
    for name in names:
        if (missing := _missing(name, device, numbers)) is not None:
            yield missing
            continue
        loaded = Loaded(_model(name, device, numbers), Words())
        kind = f"MusicGen {name}, {device.type}, {str(numbers).removeprefix('torch.')}"
        for n_clips in asked.batches:
            yield from _timed(loaded, kind, n_clips, 1.0 if asked.is_quick else seconds)
        del loaded
        gc.collect()
        if device.type == "cuda":
            torch.cuda.empty_cache()


def _timed(loaded: Loaded, kind: str, n_clips: int, seconds: float) -> Iterator[BenchRow]:
    _made(loaded, n_clips, min(seconds, 2.0))
    runs = [_made(loaded, n_clips, seconds) for _ in range(REPEATS)]
    own_s = statistics.median(run.whole_s for run in runs) / (seconds * n_clips)
    theirs = _generated(loaded, n_clips, seconds)
    their_s = theirs.whole_s / (seconds * n_clips)
    clips = "1 clip" if n_clips == 1 else f"{n_clips} clips beside one another"
    bound = ">= 20 times as fast" if loaded.device.type == "cuda" else "less"
    yield BenchRow(f"{kind}, {clips}", own_s, "s per s", "the library’s generate(), same batch", their_s, bound)
    if loaded.device.type == "cpu":
        # What is told of a machine that has other work too.
        own_s = statistics.median(run.cores_s for run in runs) / (seconds * n_clips)
        their_s = theirs.cores_s / (seconds * n_clips)
        yield BenchRow(f"{kind}, {clips}: time of all cores", own_s, "s per s", "the same", their_s, bound)
    if n_clips == 1:
        first_s = statistics.median(run.first_s for run in runs)
        whole_s = statistics.median(run.whole_s for run in runs)
        name = f"{kind}: the first second is there after"
        yield BenchRow(name, first_s, "s", f"the whole clip of {seconds:g} s", whole_s, "<= 0.35 s on a GPU")


@dataclass(frozen=True, slots=True)
class Run:
    """A run took so many seconds, so many of all cores together, and so many until the first second was there."""

    whole_s: float
    cores_s: float
    first_s: float = 0.0


def _made(loaded: Loaded, n_clips: int, seconds: float) -> Run:
    """Make clips as the generator does."""
    n_frames = round(seconds * FRAME_RATE)
    clips = Clips("lofi", "", 3.0, Sampling(), tuple(range(n_clips)), n_frames, 1500, 500)
    started_s, cores_s, first_s = time.perf_counter(), time.process_time(), 0.0
    for part in parts_of(loaded, clips):
        if part.samples is not None and not first_s:
            first_s = time.perf_counter() - started_s
    return Run(time.perf_counter() - started_s, time.process_time() - cores_s, first_s)


def _generated(loaded: Loaded, n_clips: int, seconds: float) -> Run:
    """Have the library make the same, as a user would call it."""
    import torch

    model = loaded.model
    told = {name: one.to(loaded.device) for name, one in loaded.tokenizer(["lofi"] * n_clips).items()}
    # Its encoders are computed in float32 by us, and in the decoder's numbers by the library.
    encoders = [part for name, part in model.named_children() if name != "decoder"]
    numbers = model.decoder.lm_heads[0].weight.dtype
    for part in encoders:
        part.to(numbers if part is not model.audio_encoder else torch.float32)
    try:
        with torch.inference_mode():
            model.generate(**told, max_new_tokens=8)
            started_s, cores_s = time.perf_counter(), time.process_time()
            model.generate(**told, max_new_tokens=round(seconds * FRAME_RATE) + 3)[0, 0, 0].item()
            return Run(time.perf_counter() - started_s, time.process_time() - cores_s)
    finally:
        for part in encoders:
            part.to(torch.float32)


def _missing(name: str, device: Any, numbers: Any) -> BenchRow | None:
    """Return a row that says so where the model does not fit into the free memory."""
    width, layers, _ = SHAPES[name]
    needed = layers * 16 * width**2 * numbers.itemsize * 1.4 + 2e9
    free = free_memory(device)
    if free is None or free >= needed:
        return None
    nan, reference = float("nan"), f"{needed / 1e9:.0f} GB are needed, free"
    return BenchRow(f"MusicGen {name}: not enough memory", nan, "", reference, free / 1e9, "")


def _model(name: str, device: Any, numbers: Any) -> Any:
    """Return a model of that shape with random weights, made on the device in its own numbers."""
    import torch
    import transformers
    from transformers import (
        EncodecConfig,
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        T5Config,
    )

    width, layers, heads = SHAPES[name]
    text: dict[str, Any] = {"d_model": 768, "d_kv": 64, "d_ff": 3072, "num_layers": 12, "num_heads": 12}
    config = MusicgenConfig(
        text_encoder=T5Config(vocab_size=VOCABULARY, is_encoder_decoder=False, use_cache=False, **text),
        audio_encoder=EncodecConfig(
            sampling_rate=32_000,
            upsampling_ratios=[8, 5, 4, 4],
            target_bandwidths=[2.2],
            codebook_size=2048,
            codebook_dim=128,
            num_filters=64,
            norm_type="weight_norm",
            use_causal_conv=False,
            use_conv_shortcut=False,
        ),
        decoder=MusicgenDecoderConfig(
            hidden_size=width,
            ffn_dim=4 * width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            pad_token_id=2048,
            bos_token_id=2048,
            dropout=0.0,
        ),
    )
    before = torch.get_default_dtype()
    torch.set_default_dtype(numbers)
    try:
        with torch.device(device):
            model: Any = MusicgenForConditionalGeneration(config)
    finally:
        torch.set_default_dtype(before)
    for part_name, part in model.named_children():
        part.to(numbers if part_name == "decoder" else torch.float32)
    for layer in model.audio_encoder.quantizer.layers:
        layer.codebook.embed.normal_()
    make_config: Any = transformers.GenerationConfig
    model.generation_config = make_config(
        do_sample=True, guidance_scale=3.0, max_length=1500, pad_token_id=2048, decoder_start_token_id=2048, top_k=250
    )
    model.train(mode=False)
    return model
