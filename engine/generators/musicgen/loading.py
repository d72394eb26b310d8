# SPDX-License-Identifier: GPL-3.0-or-later
"""This module loads a model once, with progress, and keeps it between clips."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Generator as Steps
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import ModelOutOfMemory
from engine.generators.musicgen.codes import delays
from engine.generators.musicgen.declared import TITLE
from engine.generators.musicgen.devices import device_named, free_memory, numbers_for
from engine.generators.musicgen.fused import FusedStepper, Graphs, Shape
from engine.generators.musicgen.steps import LibraryStepper, Stepper
from engine.generators.musicgen.weights import DecoderWeights, can_be_joined

if TYPE_CHECKING:
    import torch

LOOK_S = 0.1
"""Seconds between two looks at how far the loading is."""
SPARE_BYTES = 400_000_000
"""Memory that has to be free beside the weights, bytes."""


class Loaded:
    """A loaded model with all that is made once for it.

    Attributes
    ----------
    model, tokenizer
        The library's.
    late
        By how many steps each codebook's codes are late.
    """

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model, self.tokenizer = model, tokenizer
        config = model.decoder.config
        self.n_books, self.n_channels = config.num_codebooks, config.audio_channels
        self.padding: int = config.pad_token_id if config.pad_token_id is not None else config.vocab_size
        self.late = delays(self.n_books, self.n_channels)
        self.hears_melodies = hasattr(model.config, "chroma_length")
        self.device: torch.device = model.decoder.lm_heads[0].weight.device
        # What Apple's graphics do with it was never seen: there the library's own way is taken.
        self._weights = DecoderWeights(model) if can_be_joined(model) and self.device.type != "mps" else None
        self._fused: FusedStepper | None = None

    def stepper(self, shape: Shape) -> Stepper:
        """Return what chooses the codes of a pass of that shape; on CUDA the same as long as the shape is."""
        if self._weights is None:
            return LibraryStepper(self.model, shape.n_clips)
        if self._fused is None or self._fused.shape != shape:
            self._fused = None
            self._fused = FusedStepper(self._weights, shape, Graphs if self.device.type == "cuda" else None)
        return self._fused


@dataclass(frozen=True, slots=True)
class Wanted:
    """This is which model is wanted where.

    Attributes
    ----------
    name
        The model's name, for errors.
    folder
        The folder with its files.
    device
        "auto", "cpu", "cuda" or "mps".
    precision
        "auto" or "full".
    """

    name: str
    folder: Path
    device: str = "auto"
    precision: str = "auto"


class Shelf:
    """A shelf keeps the model that was used last; there is room for one."""

    def __init__(self) -> None:
        self._loaded: tuple[Wanted, Loaded] | None = None
        self._loading: _Loading | None = None

    def take(self, wanted: Wanted) -> Steps[float | None, None, Loaded]:
        """Return the model, loaded if it is not there; yield meanwhile how far that is, None where it cannot be told.

        Closing it does not stop the loading: the next clip has its model sooner.

        Raises
        ------
        ModelOutOfMemory
            There is less memory free than its weights take.
        GeneratorMissing
            The device is not there.
        """
        if self._loaded is not None and self._loaded[0] == wanted:
            return self._loaded[1]
        self.clear()
        if self._loading is not None and self._loading.wanted != wanted:
            while not self._loading.wait():
                yield None
            self._loading = None
        if self._loading is None:
            self._loading = _Loading(wanted)
            self._loading.start()
        while not self._loading.wait():
            yield self._loading.fraction
        loading, self._loading = self._loading, None
        loaded = loading.result()
        self._loaded = wanted, loaded
        return loaded

    def clear(self) -> None:
        """Give back the memory of the model that is kept."""
        if self._loaded is not None:
            import torch

            self._loaded = None
            gc.collect()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()


class _Loading:
    """A model is loaded in a thread of its own, so that progress is told and a cancel heard meanwhile."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.fraction: float | None = None
        self._loaded: Loaded | None = None
        self._error: Exception | None = None
        # It ends with the process: to wait for gigabytes that are not needed any more helps no one.
        self._thread = threading.Thread(target=self._run, name="musicgen-loading", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> bool:
        """Wait a moment; return whether it has ended."""
        self._thread.join(LOOK_S)
        return not self._thread.is_alive()

    def result(self) -> Loaded:
        """Return what was loaded, or raise what went wrong."""
        if self._error is not None:
            raise self._error
        if self._loaded is None:
            raise RuntimeError("the loading has not ended")
        return self._loaded

    def _run(self) -> None:
        try:
            self._loaded = loaded(self.wanted, self._tell)
        except Exception as error:  # noqa: BLE001 - the thread's boundary: ``result`` raises it
            self._error = error

    def _tell(self, fraction: float) -> None:
        self.fraction = fraction


def loaded(wanted: Wanted, tell: Any = None) -> Loaded:
    """Load a model from its folder; nothing is fetched. ``tell`` hears how far it is, from 0 to 1.

    Raises what ``Shelf.take`` does.
    """
    import torch
    from transformers import MusicgenForConditionalGeneration, MusicgenMelodyForConditionalGeneration, T5Tokenizer
    from transformers.utils import logging as library

    device = device_named(wanted.device)
    numbers = numbers_for(device, wanted.precision)
    _check_memory(wanted, device, is_half=numbers is not torch.float32)
    kind = json.loads((wanted.folder / "config.json").read_text(encoding="utf-8")).get("model_type")
    family = MusicgenMelodyForConditionalGeneration if kind == "musicgen_melody" else MusicgenForConditionalGeneration
    quiet: Any = library.set_verbosity_error
    quiet()
    before = library.set_tqdm_hook(lambda _factory, args, _options: _Counted(args, tell))
    try:
        model = family.from_pretrained(
            wanted.folder,
            local_files_only=True,
            # The other formats can hold programs.
            use_safetensors=True,
            # Half of the memory while loading; what is computed in float32 loses nothing that is heard.
            dtype=torch.float32 if numbers is torch.float32 else torch.float16,
            attn_implementation={"decoder": "sdpa", "text_encoder": "eager", "audio_encoder": "eager"},
        )
    finally:
        library.set_tqdm_hook(before)
    tokenizer = T5Tokenizer.from_pretrained(wanted.folder, local_files_only=True)
    for name, part in model.named_children():
        part.to(device=device, dtype=numbers if name == "decoder" else torch.float32)
    model.train(mode=False)
    return Loaded(model, tokenizer)


class _Counted:
    """In the place of the library's progress bar: it draws nothing, and tells how much has passed."""

    def __init__(self, args: tuple[Any, ...], tell: Any) -> None:
        self._items = args[0] if args else ()
        self._tell = tell

    def __iter__(self) -> Steps[Any, None, None]:
        n_all = max(1, len(self._items))
        for n, one in enumerate(self._items):
            if self._tell is not None:
                self._tell(n / n_all)
            yield one


def _check_memory(wanted: Wanted, device: torch.device, *, is_half: bool) -> None:
    """Refuse what does not fit before it is begun: the system would end the process in the middle of it."""
    import torch

    size = sum(path.stat().st_size for path in wanted.folder.glob("*.safetensors")) // (2 if is_half else 1)
    for one in {torch.device("cpu"), device}:
        free = free_memory(one)
        if free is not None and free < size + SPARE_BYTES:
            raise ModelOutOfMemory(generator=TITLE, model=wanted.name)
