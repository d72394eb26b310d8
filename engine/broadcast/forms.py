# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms are the ways in which the stream is encoded, each at a path of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamForm:
    """A form says how the stream is encoded.

    Attributes
    ----------
    name
        Of the form, and of its path: “mp3” is at ``/stream.mp3``.
    codec, container
        As libav calls them.
    bit_rate
        Bits a second; None where the form loses nothing.
    sample_rate
        Hz; None is the tape's own.
    has_titles
        Whether titles can stand between its bytes (ICY): containers with pages of their own have no room for them.
    """

    name: str
    media_type: str
    codec: str
    container: str
    bit_rate: int | None
    sample_rate: int | None = None
    has_titles: bool = True

    @property
    def path(self) -> str:
        """Return where it is served."""
        return f"/stream.{self.name}"


MP3 = StreamForm("mp3", "audio/mpeg", "libmp3lame", "mp3", 128_000)
AAC = StreamForm("aac", "audio/aac", "aac", "adts", 128_000)
OPUS = StreamForm("opus", "audio/ogg", "libopus", "ogg", 112_000, 48_000, has_titles=False)
FLAC = StreamForm("flac", "audio/ogg", "flac", "ogg", None, has_titles=False)
FORMS = (MP3, OPUS, AAC, FLAC)
"""All forms; the first is the one that every player knows."""
PARTS = StreamForm("m4s", "audio/mp4", "aac", "mp4", 128_000, has_titles=False)
"""The form of the parts that HLS is made of: AAC in fragments of MP4 (CMAF)."""
