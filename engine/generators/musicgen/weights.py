# SPDX-License-Identifier: GPL-3.0-or-later
"""This module takes a decoder's weights out of the library's modules, joined where they are applied together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    Norm = tuple[torch.Tensor, torch.Tensor]
    """Weight and bias of a layer's normalisation."""
else:
    Norm = tuple


@dataclass(frozen=True, eq=False, slots=True)
class WordWeights:
    """The weights of a layer's attention to the words."""

    norm: Norm
    query: torch.Tensor
    key: torch.Tensor
    value: torch.Tensor
    out: torch.Tensor


@dataclass(frozen=True, eq=False, slots=True)
class LayerWeights:
    """The weights of a decoder layer: the attention to earlier steps, that to the words (if any), and what follows."""

    norm: Norm
    attention_in: torch.Tensor
    """Weight of query, key and value, one below the other."""
    attention_out: torch.Tensor
    last_norm: Norm
    inner: torch.Tensor
    outer: torch.Tensor
    words: WordWeights | None = None


class DecoderWeights:
    """The weights of a model's decoder; what is joined becomes the modules' own, so that nothing is there twice.

    Attributes
    ----------
    n_books, n_codes, n_entries
        Codebooks, codes of each, and entries of each one's table (the padding too).
    n_heads, width
        Heads of the attention, and numbers of a hidden state.
    """

    def __init__(self, model: Any) -> None:
        decoder = model.decoder
        inside, config = decoder.model.decoder, decoder.config
        self.n_books, self.n_codes = config.num_codebooks, config.vocab_size
        self.n_heads, self.width = config.num_attention_heads, config.hidden_size
        self.n_entries = inside.embed_tokens[0].weight.shape[0]
        self._inside = inside
        self.layers = [_weights_of(layer) for layer in inside.layers]
        self.heads, self.embedding = _joined(*decoder.lm_heads), _joined(*inside.embed_tokens)
        self.norm: Norm = _norm(inside.layer_norm)

    def places(self, n: int) -> torch.Tensor:
        """Return what is added to the first ``n`` steps to tell where they are, shape ``(n, width)``."""
        places: torch.Tensor = self._inside.embed_positions.get_embedding(n, self.width)
        return places.to(self.heads)


def can_be_joined(model: Any) -> bool:
    """Return whether a decoder is built as ``DecoderWeights`` takes it: a later library may build it otherwise."""
    try:
        layers = model.decoder.model.decoder.layers
        modules = [one for layer in layers for one in (layer.self_attn.q_proj, layer.self_attn.out_proj, layer.fc1)]
        return model.decoder.config.activation_function == "gelu" and all(
            type(one).__name__ == "Linear" and one.bias is None for one in modules
        )
    except AttributeError:
        return False


def _weights_of(layer: Any) -> LayerWeights:
    own, words = layer.self_attn, None
    if hasattr(layer, "encoder_attn"):
        text = layer.encoder_attn
        projections = (one.weight for one in (text.q_proj, text.k_proj, text.v_proj, text.out_proj))
        words = WordWeights(_norm(layer.encoder_attn_layer_norm), *projections)
    return LayerWeights(
        norm=_norm(layer.self_attn_layer_norm),
        attention_in=_joined(own.q_proj, own.k_proj, own.v_proj),
        attention_out=own.out_proj.weight,
        last_norm=_norm(layer.final_layer_norm),
        inner=layer.fc1.weight,
        outer=layer.fc2.weight,
        words=words,
    )


def _norm(module: Any) -> Norm:
    return module.weight, module.bias


def _joined(*modules: Any) -> torch.Tensor:
    """Return the modules' weights as one matrix; their own become parts of it."""
    import torch

    joined = torch.cat([one.weight.detach() for one in modules])
    begin = 0
    for one in modules:
        end = begin + one.weight.shape[0]
        one.weight.data = joined[begin:end]
        begin = end
    return joined
