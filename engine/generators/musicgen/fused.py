# SPDX-License-Identifier: GPL-3.0-or-later
"""This module is MusicGen's step with fixed shapes: every input lies in a buffer, so that a GPU can replay it.

The library's forward pass looks at its cache, its masks and its shapes on the processor at each step, which takes a
graphics card longer than the step itself. Here a step reads and writes nothing but buffers that stay where they are: on
CUDA it is captured once as a graph for each length of the cache (in steps of ``BUCKET``), and replayed for each step of
each clip. On a processor the same step runs as it is, without masks, and saves the library's bookkeeping.

Rows are conditions times clips, condition by condition. What hears no words (the last condition of guidance) has keys
and values of zero in the attention to words, which adds nothing: those rows are left out of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine.generators.musicgen.codes import FREE, MOST_CHOICES, chosen
from engine.generators.musicgen.devices import is_out_of_memory
from engine.generators.musicgen.steps import Conditions, Pass, settings_of
from engine.generators.musicgen.weights import DecoderWeights, LayerWeights, Norm, WordWeights

if TYPE_CHECKING:
    import torch

BUCKET = 256
"""Number of steps by which the part of the cache grows that a captured step looks at."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape is what a stepper's buffers are made for.

    Attributes
    ----------
    n_clips, n_conditions
        How many are made beside one another.
    n_heard
        Number of conditions, the first ones, that hear something beside each step: 0 where they come as a prefix.
    text_length
        Number of states in each of those.
    n_steps
        The most steps of a pass, those of a prefix among them.
    """

    n_clips: int
    n_conditions: int
    n_heard: int
    text_length: int
    n_steps: int


@dataclass(frozen=True, eq=False, slots=True)
class _Seen:
    """These are the places of some steps in the cache, and what they see of it.

    Attributes
    ----------
    n
        So many of the cache's steps are looked at, the first ones.
    mask
        What is added to the attention, or None where each of those counts.
    used
        For each row the number of steps that count, for an attention that reads it on the device; else None.
    """

    places: torch.Tensor
    n: int
    mask: torch.Tensor | None = None
    used: torch.Tensor | None = None


class Replays(Protocol):
    """Replays make a stepper's step again for a length of the cache, as it was captured."""

    def replay(self, n_seen: int) -> None: ...


class FusedStepper:
    """This stepper is for one model and one shape; a pass that is not longer, and has no more words, fits in it."""

    def __init__(
        self, weights: DecoderWeights, shape: Shape, replays: Callable[[FusedStepper], Replays] | None = None
    ) -> None:
        import torch

        self.shape = shape
        self._model_weights, self._layers = weights, weights.layers
        self._n_books, self._n_codes = weights.n_books, weights.n_codes
        self._n_heads, self._width = weights.n_heads, weights.width
        self._device, self._dtype = weights.heads.device, weights.heads.dtype
        self._most = min(MOST_CHOICES, self._n_codes)
        self._length = -(-shape.n_steps // BUCKET) * BUCKET
        self._places = weights.places(self._length)
        n_rows, n_clips, head = shape.n_conditions * shape.n_clips, shape.n_clips, self._width // self._n_heads
        floats: dict[str, Any] = {"dtype": self._dtype, "device": self._device}
        whole: dict[str, Any] = {"dtype": torch.long, "device": self._device}
        # Keys and values side by side: each layer writes both at once.
        self._kept = torch.zeros(len(self._layers), n_rows, self._length, 2, self._n_heads, head, **floats)
        n_listeners = shape.n_heard * n_clips
        self._text = torch.zeros(
            len(self._layers), 2, n_listeners, self._n_heads, max(1, shape.text_length), head, **floats
        )
        self._text_mask = torch.zeros(n_listeners, 1, 1, max(1, shape.text_length), **floats)
        self._codes = torch.zeros(n_clips, self._n_books, self._length, **whole)
        self._pattern = torch.zeros_like(self._codes)
        self._chances = torch.zeros(self._codes.shape, device=self._device)
        self._weights = torch.zeros(shape.n_conditions, 1, 1, 1, device=self._device)
        self._settings = torch.ones(3, device=self._device)
        self._step = torch.zeros(1, **whole)
        self._prefix = torch.zeros(1, **whole)
        self._all = torch.arange(self._length, device=self._device)
        # The codebooks' tables stand one below the other.
        self._tables = torch.arange(self._n_books, device=self._device) * weights.n_entries
        self._replays = replays(self) if replays is not None else None
        is_half = self._dtype in (torch.float16, torch.bfloat16)
        self._has_flash = self._replays is not None and self._device.type == "cuda" and is_half
        rows = torch.arange(n_rows + 1, device=self._device, dtype=torch.int32)
        self._row_starts, self._kept_starts = rows, rows * self._length

    @property
    def codes(self) -> torch.Tensor:
        return self._codes

    def begin(self, conditions: Conditions, one: Pass) -> None:
        import torch

        with torch.inference_mode():
            n_steps, n_prefix = one.pattern.shape[-1], conditions.states.shape[1] if conditions.is_prefix else 0
            self._first = n_prefix
            if n_prefix + n_steps > self._length:
                raise ValueError(f"{n_prefix + n_steps} steps do not fit into {self._length}")
            self._weights.copy_(torch.tensor(conditions.weights).view(-1, 1, 1, 1))
            self._settings.copy_(settings_of(one.sampling, self._settings))
            self._pattern[..., :n_steps].copy_(one.pattern)
            self._chances[..., :n_steps].copy_(one.chances)
            self._codes.copy_(self._pattern)
            self._prefix.fill_(n_prefix)
            states = conditions.states.to(self._device, self._dtype)
            if self.shape.n_heard:
                self._hear(states[: self.shape.n_heard], conditions.mask[: self.shape.n_heard].to(self._device))
            # What is known beforehand is read at once: the prefix, and all given steps but the last.
            known = [states.repeat_interleave(self.shape.n_clips, 0)] if n_prefix else []
            if one.n_given:
                known.append(self._embedded(self._codes[..., : one.n_given]))
            if known:
                self._read(torch.cat(known, 1))
            self._step.fill_(one.n_given)

    def advance(self, step: int) -> None:
        import torch

        with torch.inference_mode():
            n_seen = self._first + step + 1
            if self._replays is None:
                self.make_step(n_seen)
                return
            if self._has_flash:
                try:
                    # It reads on the device how much of the cache is filled: one graph is for every length.
                    self._replays.replay(self._length)
                except (RuntimeError, TypeError) as error:
                    if is_out_of_memory(error):
                        raise
                    # No part of torch that keeps its form: another version may have it otherwise, or a card not at all.
                    _log.warning("attention that reads its length on the device cannot be had (%s)", error)
                    self._has_flash = False
                else:
                    return
            self._replays.replay(min(self._length, -(-n_seen // BUCKET) * BUCKET))

    def make_step(self, n_seen: int) -> None:
        """Choose the codes after the step that the buffer names, and count it on. Nothing here waits for the device.

        ``n_seen`` steps of the cache are looked at: as many as are filled, or more where a step is replayed.
        """
        import torch
        from torch.nn import functional

        hidden = self._embedded(self._codes.index_select(2, self._step))
        place = self._step + self._prefix
        hidden = self._through(hidden + self._places.index_select(0, place), self._seen(place, n_seen))
        logits = functional.linear(
            self._normed(hidden[:, 0], self._model_weights.norm), self._model_weights.heads
        ).float()
        logits = logits.view(self.shape.n_conditions, self.shape.n_clips, self._n_books, self._n_codes)
        following = self._step + 1
        chance = self._chances.index_select(2, following)
        codes = chosen(logits, self._weights, chance, self._settings, self._most)
        known = self._pattern.index_select(2, following)
        self._codes.index_copy_(2, following, torch.where(known == FREE, codes, known))
        self._step.copy_(following)

    def state(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return a copy of what a step changes and a later step reads."""
        return self._step.clone(), self._codes.clone()

    def restore(self, state: tuple[torch.Tensor, torch.Tensor]) -> None:
        """Undo the steps since that state was copied; what they wrote into the cache is written again."""
        self._step.copy_(state[0])
        self._codes.copy_(state[1])

    def _seen(self, place: torch.Tensor, n_seen: int) -> _Seen:
        """Return what the step at ``place`` looks at, where ``n_seen`` of the cache are filled, or more (replayed)."""
        import torch

        n_rows = self.shape.n_conditions * self.shape.n_clips
        if self._has_flash:
            return _Seen(place, n_seen, None, (place + 1).to(torch.int32).expand(n_rows).contiguous())
        if self._replays is None:
            return _Seen(place, n_seen)
        filled = self._all[:n_seen] <= place
        mask = torch.zeros(n_seen, dtype=self._dtype, device=self._device).masked_fill(~filled, float("-inf"))
        # The kernels want one row for each head.
        return _Seen(place, n_seen, mask.view(1, 1, 1, n_seen).expand(n_rows, self._n_heads, 1, n_seen))

    def _embedded(self, codes: torch.Tensor) -> torch.Tensor:
        """Return the decoder's input, shape ``(n_rows, n, width)``, for codes of shape ``(n_clips, n_books, n)``."""
        from torch.nn import functional

        hidden = functional.embedding(codes + self._tables[:, None], self._model_weights.embedding).sum(1)
        return hidden.repeat(self.shape.n_conditions, 1, 1)

    def _hear(self, states: torch.Tensor, mask: torch.Tensor) -> None:
        """Keep each layer's keys and values of the words, shape ``(n_heard, length, width)``."""
        from torch.nn import functional

        n_heard, length = mask.shape
        self._text_mask.fill_(float("-inf"))
        rows = mask.repeat_interleave(self.shape.n_clips, 0)[:, None, None]
        self._text_mask[..., :length].masked_fill_(rows != 0, 0.0)
        for kept, layer in zip(self._text, self._layers, strict=True):
            if layer.words is None:
                continue
            for one, weight in zip(kept, (layer.words.key, layer.words.value), strict=True):
                heard = functional.linear(states, weight).view(n_heard, length, self._n_heads, -1).transpose(1, 2)
                one[:, :, :length].copy_(heard.repeat_interleave(self.shape.n_clips, 0))

    def _read(self, hidden: torch.Tensor) -> None:
        """Fill the cache with steps that are known, shape ``(n_rows, n, width)``, from the first on."""
        n = hidden.shape[1]
        places = self._all[:n]
        earlier = places[None, :] <= places[:, None]
        mask = self._places.new_zeros(n, n).masked_fill(~earlier, float("-inf"))
        self._through(hidden + self._places[:n], _Seen(places, n, mask))

    def _through(self, hidden: torch.Tensor, seen: _Seen) -> torch.Tensor:
        """Return what all layers make of some steps; shape ``(n_rows, n, width)``."""
        for layer, kept, text in zip(self._layers, self._kept, self._text, strict=True):
            hidden = self._attended(hidden, layer, kept, seen)
            if layer.words is not None:
                hidden = self._told(hidden, layer.words, text)
            hidden = self._widened(hidden, layer)
        return hidden

    def _attended(self, hidden: torch.Tensor, layer: LayerWeights, kept: torch.Tensor, seen: _Seen) -> torch.Tensor:
        """Return the hidden states with what they find in the steps before them, and keep theirs for those after."""
        import torch
        from torch.nn import functional

        n_rows, n, _ = hidden.shape
        mixed = functional.linear(self._normed(hidden, layer.norm), layer.attention_in)
        mixed = mixed.view(n_rows, n, 3, self._n_heads, -1)
        kept.index_copy_(1, seen.places, mixed[:, :, 1:])
        if seen.used is not None:
            flat = kept.view(n_rows * self._length, 2, self._n_heads, -1)
            found = torch.ops.aten._flash_attention_forward(
                mixed[:, 0, 0].contiguous(), flat[:, 0], flat[:, 1], self._row_starts, self._kept_starts, 1,
                self._length, 0.0, False, False, seqused_k=seen.used,
            )[0]  # fmt: skip
        else:
            keys, values = kept[:, : seen.n, 0].transpose(1, 2), kept[:, : seen.n, 1].transpose(1, 2)
            query = mixed[:, :, 0].transpose(1, 2)
            found = functional.scaled_dot_product_attention(query, keys, values, attn_mask=seen.mask).transpose(1, 2)
        return _added(hidden, found.reshape(n_rows, n, self._width), layer.attention_out)

    def _told(self, hidden: torch.Tensor, words: WordWeights, text: torch.Tensor) -> torch.Tensor:
        """Return the hidden states with what they find in the words."""
        import torch
        from torch.nn import functional

        n_listeners, n = text.shape[1], hidden.shape[1]
        listening = hidden[:n_listeners]
        query = functional.linear(self._normed(listening, words.norm), words.query)
        query = query.view(n_listeners, n, self._n_heads, -1).transpose(1, 2)
        found = functional.scaled_dot_product_attention(query, text[0], text[1], attn_mask=self._text_mask)
        heard = _added(listening, found.transpose(1, 2).reshape(n_listeners, n, self._width), words.out)
        return torch.cat([heard, hidden[n_listeners:]]) if n_listeners < hidden.shape[0] else heard

    def _widened(self, hidden: torch.Tensor, layer: LayerWeights) -> torch.Tensor:
        from torch.nn import functional

        inner = functional.gelu(functional.linear(self._normed(hidden, layer.last_norm), layer.inner))
        return _added(hidden, inner, layer.outer)

    def _normed(self, hidden: torch.Tensor, norm: Norm) -> torch.Tensor:
        from torch.nn import functional

        return functional.layer_norm(hidden, (self._width,), *norm)


class Graphs:
    """The captured steps of a stepper on CUDA, one for each length of the cache."""

    def __init__(self, stepper: FusedStepper) -> None:
        self._stepper = stepper
        self._pool: Any = None
        self._captured: dict[int, Any] = {}

    def replay(self, n_seen: int) -> None:
        if n_seen not in self._captured:
            self._captured[n_seen] = self._capture(n_seen)
        self._captured[n_seen].replay()

    def _capture(self, n_seen: int) -> Any:
        import torch
        from torch.nn.attention import SDPBackend, sdpa_kernel

        stepper = self._stepper
        state, side = stepper.state(), _new_stream()
        side.wait_stream(torch.cuda.current_stream())
        # cuDNN's attention would build a plan for each shape.
        with sdpa_kernel([SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]):
            with torch.cuda.stream(side):
                # Outside the capture: libraries make their handles and their room.
                for _ in range(2):
                    stepper.make_step(n_seen)
                    stepper.restore(state)
            torch.cuda.current_stream().wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            # Other threads may use the device meanwhile.
            with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
                stepper.make_step(n_seen)
        self._pool = self._pool or graph.pool()
        stepper.restore(state)
        _log.debug("captured a step that looks at %d steps", n_seen)
        return graph


def _new_stream() -> Any:
    import torch

    make: Any = torch.cuda.Stream
    return make()


def _added(hidden: torch.Tensor, change: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Return the hidden states with a projected change, computed in one go."""
    import torch

    width = hidden.shape[-1]
    return torch.addmm(hidden.reshape(-1, width), change.reshape(-1, change.shape[-1]), weight.t()).view(hidden.shape)
