# SPDX-License-Identifier: GPL-3.0-or-later
"""An encoder turns the stream's samples into bytes that anybody may begin to listen at."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np

from engine.broadcast.forms import StreamForm
from engine.values import FloatArray

PAGE_S = 0.2
"""Longest page of a form that has pages, seconds: a listener who joins waits no longer for the next."""
_OPTIONS = {
    # What a file's muxer would put before the music, and go back to at its end, is none of a stream's.
    "mp3": {"write_xing": "0", "id3v2_version": "0"},
    "adts": {},
    "ogg": {"page_duration": str(round(1e6 * PAGE_S))},
}
_CODEC_OPTIONS = {"flac": {"compression_level": "5"}, "libopus": {"application": "audio", "frame_duration": "20"}}


class _Sink(io.RawIOBase):
    """A sink keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._parts.append(bytes(content))
        return len(content)

    def take(self) -> bytes:
        """Return what was written since the last call."""
        content = b"".join(self._parts)
        self._parts.clear()
        return content


class StreamEncoder:
    """A stream encoder is fed in real time, and never ends; what it gives is whole frames or pages.

    Parameters
    ----------
    sample_rate
        Of what it is fed, Hz.

    Attributes
    ----------
    head
        What everybody is sent first, however late they join; b"" where the form needs none.
    """

    def __init__(self, form: StreamForm, sample_rate: int) -> None:
        self._sink, self._rate, self._fed = _Sink(), sample_rate, 0
        rate = form.sample_rate or sample_rate
        options = {**_OPTIONS[form.container], "flush_packets": "1"}
        self._container = av.open(self._sink, "w", format=form.container, options=options)
        stream: Any = self._container.add_stream(form.codec, rate=rate, options=_CODEC_OPTIONS.get(form.codec))
        stream.codec_context.layout = "stereo"
        if form.bit_rate is not None:
            stream.codec_context.bit_rate = form.bit_rate
        stream.codec_context.open()
        self._stream = stream
        context = stream.codec_context
        self._resampler = av.AudioResampler(
            format=context.format.name, layout="stereo", rate=rate, frame_size=context.frame_size or 0
        )
        self._container.start_encoding()
        self.head = self._sink.take()

    def encode(self, frames: FloatArray) -> bytes:
        """Return what is whole once these samples are in, float32 of shape ``(n_samples, 2)`` within [-1, 1]."""
        if not len(frames):
            return b""
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(frames.reshape(1, -1)), format="flt", layout="stereo")
        frame.sample_rate, frame.pts = self._rate, self._fed
        self._fed += len(frames)
        for resampled in self._resampler.resample(frame):
            for packet in self._stream.encode(resampled):
                self._container.mux(packet)
        return self._sink.take()

    def close(self) -> None:
        """Give back what the encoder holds; what was not whole yet is lost."""
        self._container.close()
