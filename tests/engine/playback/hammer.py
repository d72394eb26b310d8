# SPDX-License-Identifier: GPL-3.0-or-later
"""This child writes one status after the other into the block it is given, as fast as it can."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from engine.pipe import child_connection
from engine.playback.status import Heartbeat, StatusWriter
from engine.values import MIXER_CHANNELS, ChannelSnapshot, PlaybackSnapshot
from engine.values.inputs import InputSnapshot

FULL = PlaybackSnapshot(
    channels=tuple(
        ChannelSnapshot(7 + number, 123_456_789_012, 3, number, 0.75, is_paused=number % 2 == 0)
        for number in range(MIXER_CHANNELS)
    ),
    peak_db=(-1.5, -2.25),
    rms_db=(-14.0, -120.0),
    xruns=2,
    load=0.125,
    latency_s=0.06,
    device="Büro: USB Audio (hw:1,0)",
    tape_frame=2**40,
    bars=1234.5,
    input=InputSnapshot("Büro: Gitarre", -3.5, -21.0, 4, 0.011, -(2**40), is_monitored=True),
)


def numbered(number: int) -> PlaybackSnapshot:
    """Return a snapshot with the number all over it."""
    return replace(
        FULL,
        channels=tuple(replace(one, position_samples=number, turns=number) for one in FULL.channels),
        peak_db=(-number, -number),
        rms_db=(-number, -number),
        device=str(number) * 10,
        tape_frame=number,
    )


def main() -> None:
    channel = child_connection()
    with contextlib.suppress(EOFError, OSError):
        writer, number = StatusWriter(channel.receive()), 0
        while not channel.poll():
            number += 1
            writer.write(numbered(number), Heartbeat(number, is_opening=False))


if __name__ == "__main__":
    main()
