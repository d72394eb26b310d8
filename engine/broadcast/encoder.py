# SPDX-License-Identifier: GPL-3.0-or-later
"""An encoder turns the stream's samples into bytes that anybody may begin to listen at."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import av
import numpy as np

from engine.broadcast.forms import StreamForm
from engine.values import FloatArray

PAGE_S = 0.2
"""Longest page of a form that has pages, seconds: a listener who joins waits no longer for the next."""
PART_S = 1.0
"""Shortest part of a form that is cut into parts, seconds: each ends with the frame of the codec that reaches it."""
_OPTIONS = {
    # What a file's muxer would put before the music, and go back to at its end, is none of a stream's.
    "mp3": {"write_xing": "0", "id3v2_version": "0"},
    "adts": {},
    "ogg": {"page_duration": str(round(1e6 * PAGE_S))},
    "mp4": {"movflags": "cmaf+empty_moov+default_base_moof+skip_trailer", "frag_duration": str(round(1e6 * PART_S))},
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
        for packet in self._packets(frames):
            self._container.mux(packet)
        return self._sink.take()

    def close(self) -> None:
        """Give back what the encoder holds; what was not whole yet is lost."""
        self._container.close()

    def _packets(self, frames: FloatArray) -> Iterator[Any]:
        if not len(frames):
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(frames.reshape(1, -1)), format="flt", layout="stereo")
        frame.sample_rate, frame.pts = self._rate, self._fed
        self._fed += len(frames)
        for resampled in self._resampler.resample(frame):
            yield from self._stream.encode(resampled)


class Part(NamedTuple):
    """A part of the stream can be decoded once the encoder's head is known; it is ``n_samples`` long."""

    content: bytes
    n_samples: int


class PartEncoder(StreamEncoder):
    """A part encoder gives the stream cut into parts (fragments of MP4), at the tape's own rate.

    Attributes
    ----------
    n_before
        Samples that the codec puts before the first one that it is fed.
    """

    def __init__(self, form: StreamForm, sample_rate: int) -> None:
        super().__init__(form, sample_rate)
        self.n_before = 0
        self._n_part, self._is_first = 0, True

    def parts(self, frames: FloatArray) -> Iterator[Part]:
        """Yield the parts that are whole once these samples are in, as of ``encode``."""
        for packet in self._packets(frames):
            if self._is_first:
                self.n_before, self._is_first = -packet.pts, False
            self._container.mux(packet)
            # The muxer ends a part as it sees what follows.
            if content := self._sink.take():
                yield Part(content, self._n_part)
                self._n_part = 0
            self._n_part += packet.duration
