# SPDX-License-Identifier: GPL-3.0-or-later
"""This module turns codes into sound, part by part as they come, and sound into codes (EnCodec at 32 kHz).

The codec looks ahead: a frame's sound depends on 3.75 frames after it at most, and on those before it through a memory
that fades within a second (measured on the real shape). So a part is decoded with ``CONTEXT`` frames before it, and
its last ``LOOK_AHEAD`` frames wait for those that follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.generators.musicgen.declared import HOP

if TYPE_CHECKING:
    import torch

LOOK_AHEAD = 4
"""Number of frames after a frame that its sound depends on."""
CONTEXT = 50
"""Number of frames before a part with which it is decoded."""


def decoded(model: Any, codes: torch.Tensor) -> torch.Tensor:
    """Return the sound of codes of shape ``(n_clips, n_codebooks, n)``: float32, ``(n_clips, n_channels, n * HOP)``.

    In stereo the codebooks are those of left and right in turn.
    """
    import torch

    def one_channel(own: torch.Tensor) -> torch.Tensor:
        sound: torch.Tensor = model.audio_encoder.decode(own[None], audio_scales=[None]).audio_values
        return sound

    with torch.inference_mode():
        if model.decoder.config.audio_channels == 1:
            return one_channel(codes)
        return torch.cat([one_channel(codes[:, ::2]), one_channel(codes[:, 1::2])], 1)


def encoded(model: Any, sound: torch.Tensor) -> torch.Tensor:
    """Return the codes of a sound of shape ``(n_clips, n_channels, n_samples)``, whole frames of it.

    int64, shape ``(n_clips, n_codebooks, n)``.
    """
    import torch

    def one_channel(own: torch.Tensor) -> torch.Tensor:
        codes: torch.Tensor = model.audio_encoder.encode(own).audio_codes[0]
        return codes

    with torch.inference_mode():
        if model.decoder.config.audio_channels == 1:
            return one_channel(sound)
        left, right = one_channel(sound[:, :1]), one_channel(sound[:, 1:])
        return torch.stack([left, right], 2).flatten(1, 2)


class StreamDecoder:
    """A stream decoder gives each part of the sound as soon as the codes that it depends on are there."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._codes: torch.Tensor | None = None
        self._n_done = 0
        self._tail: torch.Tensor | None = None

    def hear(self, codes: torch.Tensor) -> None:
        """Take codes of what went before: it is decoded no more, but what follows begins in it."""
        self._codes, self._n_done = codes, codes.shape[-1]

    def push(self, codes: torch.Tensor | None, *, is_last: bool = False) -> torch.Tensor | None:
        """Return the sound that is complete with these codes, as ``decoded`` shapes it; None where there is none.

        ``is_last`` says that no more codes come: then all the rest is returned.
        """
        import torch

        if codes is not None:
            self._codes = codes if self._codes is None else torch.cat([self._codes, codes], -1)
        if self._codes is None:
            return None
        n = self._codes.shape[-1]
        end = n if is_last else n - LOOK_AHEAD
        if end <= self._n_done:
            return None
        first = max(0, self._n_done - CONTEXT)
        sound = decoded(self._model, self._codes[..., first:])
        sound = sound[..., (self._n_done - first) * HOP : (end - first) * HOP]
        # What lies further back is needed no more.
        kept = max(0, end - CONTEXT)
        self._codes, self._n_done = self._codes[..., kept:], end - kept
        return self._faded(sound)

    def finish(self) -> torch.Tensor | None:
        """Return the sound of the codes that still wait, as if none came after them."""
        return self.push(None, is_last=True)

    def hear_again(self, codes: torch.Tensor, tail: torch.Tensor) -> None:
        """Go on from other codes of the same sound: to be called after ``finish``.

        Parameters
        ----------
        codes
            Those of the last frames of all so far, at least ``LOOK_AHEAD``; shape ``(n_clips, n_codebooks, n)``.
        tail
            The end of the sound up to there, not used yet: it blends into what follows.
        """
        self._tail, self._codes = tail, codes
        self._n_done = codes.shape[-1] - tail.shape[-1] // HOP

    def _faded(self, sound: torch.Tensor) -> torch.Tensor:
        if self._tail is None:
            return sound
        import torch

        n = min(self._tail.shape[-1], sound.shape[-1])
        rise = torch.linspace(0.0, 1.0, n, device=sound.device)
        blended = self._tail[..., :n] * (1.0 - rise) + sound[..., :n] * rise
        self._tail = None
        return torch.cat([blended, sound[..., n:]], -1)
