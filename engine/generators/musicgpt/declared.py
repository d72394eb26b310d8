# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is what MusicGPT declares: models, parameters, the licence of its weights, how long it may take.

Facts it is built on, of version 0.3.28: its WAV is mono 32 kHz 32-bit float WAVE_FORMAT_EXTENSIBLE, not clipped at 1,
and 0.06 s shorter than asked; it takes no seed; it makes fifty tokens for each second, 1 to 30 s; it downloads its
model, and keeps it in a folder of its own, at first use.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from engine.generators.capabilities import Capabilities, Tells
from engine.values import Kind, ModelCard, Parameter

NAME, TITLE = "musicgpt", "MusicGPT"
TITLES = {
    "small": "MusicGen Small",
    "small-fp16": "MusicGen Small Fp16",
    "small-quant": "MusicGen Small Quantized",
    "medium": "MusicGen Medium",
    "medium-fp16": "MusicGen Medium Fp16",
    "medium-quant": "MusicGen Medium Quantized",
    "large": "MusicGen Large",
}
"""Names that its server gives its models."""
MODELS = tuple(TITLES)
BY_SIZE = ("small-quant", "small-fp16", "small", "medium-quant", "medium-fp16", "medium", "large")

MIN_DURATION_S, MAX_DURATION_S = 1.0, 30.0
SAMPLE_RATE = 32_000
"""Sample rate of MusicGPT's clips, Hz."""
SHORT_BY_S = 0.06
"""Seconds by which its clips are shorter than asked."""
POLL_S = 0.05
"""Seconds between two looks at a running MusicGPT."""

PARAMETERS = (
    Parameter(
        "path",
        Kind.FILE,
        "",
        "MusicGPT",
        "Where the MusicGPT program is; empty looks for it in the usual places",
        setup=True,
    ),
    Parameter(
        "gpu",
        Kind.SWITCH,
        False,
        "Use the graphics card",
        "Have MusicGPT compute on the graphics card; where it cannot, it makes no clip and says so",
        setup=True,
    ),
    Parameter(
        "add_loop_words",
        Kind.SWITCH,
        True,
        "Add words that help a model make loops",
        "Add these words to the prompt that a model reads",
        setup=True,
    ),
    Parameter(
        "loop_words",
        Kind.TEXT,
        "seamless loop, 8 measures, 4/4, no intro",
        "Words",
        "The words added to the prompt",
        setup=True,
        needs="add_loop_words",
    ),
)

LICENCE = "CC-BY-NC-4.0: not for commercial use"
_REPOSITORY = "gabotechs/music_gen"
_GB = 1_000_000_000
_DECODER, _REST = "decoder_model_merged.onnx", ("text_encoder.onnx", "encodec_decode.onnx")
_WEIGHTS = {
    # Folders of the decoder and of the other weights, whether the decoder has a second file, and GB of all, which
    # follow from the numbers of parameters.
    "small": ("small_fp32", "small_fp32", False, 2.3),
    "small-fp16": ("small_fp16", "small_fp16", False, 1.2),
    "small-quant": ("small_i8", "small_fp32", False, 1.0),
    "medium": ("medium_fp32", "medium_fp32", True, 8.0),
    "medium-fp16": ("medium_fp16", "medium_fp16", True, 4.0),
    "medium-quant": ("medium_i8", "medium_fp32", False, 2.5),
    "large": ("large_fp32", "large_fp32", True, 13.5),
}
_MEMORY_SHARE = 1.3
"""Memory that a model takes at work, for each byte of its weights; an estimate, as no weights were at hand."""


def _card(name: str) -> ModelCard:
    # A card to be told, not to be fetched by: MusicGPT looks for its weights in a folder of its own (``folder.py``) and
    # nowhere else, fetches what is missing by itself, and what lay in the hub's cache would be of no use to it.
    decoder, rest, is_split, gigabytes = _WEIGHTS[name]
    shared = name.partition("-")[0]
    files = [f"{shared}/config.json", f"{shared}/tokenizer.json", f"{decoder}/{_DECODER}"]
    files += [f"{decoder}/{_DECODER}_data"] if is_split else []
    files += [f"{rest}/{one}" for one in _REST]
    return ModelCard(
        name=name,
        repository=_REPOSITORY,
        size_bytes=round(gigabytes * _GB),
        memory_bytes=round(gigabytes * _MEMORY_SHARE * _GB),
        licence=LICENCE,
        is_commercial=False,
        files=tuple(files),
        fetched_by=TITLE,
    )


CAPABILITIES = Capabilities(
    min_duration_s=MIN_DURATION_S,
    max_duration_s=MAX_DURATION_S,
    sample_rate=SAMPLE_RATE,
    n_channels=1,
    models=MODELS,
    by_size=BY_SIZE,
    cards=tuple(_card(name) for name in MODELS),
    tells=Tells(progress=True),
    parameters=PARAMETERS,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Patience says how long each part of the work may take, in seconds; the slowest model stays far below.

    Attributes
    ----------
    start_s, per_second_s
        A clip is given up after ``start_s`` plus ``per_second_s`` for each of its seconds.
    download_s
        And after this long of downloading its model, which happens once and is not counted elsewhere.
    load_s
        A server must answer within this time, in which it loads its model.
    quiet_s
        After this long without a word of its server, it is asked again whether the clip is done: words get lost.
    mute_s, mute_per_second_s
        A server that gets no further for this long, and so much more for each second of the clip, hangs: it decodes
        the whole clip without a word.
    cancel_s
        How long a cancel waits for the server to end the clip, which it does at its next token.
    version_s
        How long it may take to say its version.
    """

    start_s: float = 60.0
    per_second_s: float = 60.0
    download_s: float = 3 * 3600.0
    load_s: float = 600.0
    quiet_s: float = 10.0
    mute_s: float = 60.0
    mute_per_second_s: float = 4.0
    cancel_s: float = 0.5
    version_s: float = 5.0


def seconds_to_ask(duration_s: float) -> int:
    """Return the whole seconds to ask for, so that the clip lasts at least ``duration_s`` seconds where it can."""
    # One more second costs little and leaves room for the missing 0.06 s. The server checks nothing: 0 and 31 would
    # reach its model.
    return max(int(MIN_DURATION_S), min(math.ceil(duration_s + SHORT_BY_S), int(MAX_DURATION_S)))


@dataclass(frozen=True, slots=True)
class Order:
    """An order is a clip as MusicGPT is asked for it.

    Attributes
    ----------
    prompt
        On one line, with the loop words.
    secs
        Whole seconds, 1 to 30.
    requested_s
        What the studio asked for, seconds.
    """

    job_id: int
    executable: Path
    model: str
    is_gpu: bool
    prompt: str
    secs: int
    requested_s: float

    @property
    def options(self) -> list[str]:
        """Return the options that say with what it is made, for the command line."""
        return ["--model", self.model, *(["--gpu"] if self.is_gpu else [])]
