# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor's look at the sound says where it can go, and what the chosen device does while it plays silence."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from app.commands.health import Finding, Verdict
from app.commands.players import start_player
from engine.errors import DeviceError, PortAudioMissing, WorkerHung
from engine.playback import commands
from engine.values import BakedLoop, LoopRegion, PlaybackSnapshot
from engine.values.audio import STUDIO_SAMPLE_RATE

if TYPE_CHECKING:
    from app.settings import Settings
    from engine.playback.player import Player

LISTEN_S = 2.0
ANSWER_LIMIT_S = 20.0
"""Seconds that a device may take to open: some are slow."""
STAND_IN_S = 2.0
HIGH_LOAD = 0.5
_POLL_S = 0.02
_NO_SOUND = "connect an output or start the sound server; until then the music goes on unheard"


def devices(settings: Settings) -> Iterator[Finding]:
    """Yield findings on where sound can go."""
    from engine.playback.device.devices import list_devices

    try:
        found = list_devices()
    except PortAudioMissing:
        raise
    except DeviceError as error:
        yield Finding("devices", Verdict.WARNING, str(error), _NO_SOUND, {"devices": []})
        return
    names = [f"{one.host_api}: {one.name}" for one in found]
    figures: dict[str, object] = {"devices": names}
    default = next((name for name, one in zip(names, found, strict=True) if one.is_default), "")
    if not found:
        yield Finding("devices", Verdict.WARNING, "no sound output was found", _NO_SOUND, figures)
    elif settings.device is not None and settings.device not in [(one.host_api, one.name) for one in found]:
        told = f"the chosen output “{settings.device[1]}” is not there; there are {', '.join(names)}"
        yield Finding("devices", Verdict.WARNING, told, "choose another in the settings", figures)
    else:
        told = f"{len(found)} sound outputs, the default is {default or 'none'}"
        yield Finding("devices", Verdict.OK, told, figures={**figures, "default": default})


def output(settings: Settings) -> Iterator[Finding]:
    """Play ``LISTEN_S`` of silence to the chosen output in an audio process of its own, as the studio plays music."""
    player = start_player()
    try:
        opened, error = _open(player, settings)
        if opened is None:
            yield Finding("output", Verdict.WARNING, f"silence was not played: {error}", _NO_SOUND)
        elif error is not None:
            told = f"{error} “{opened.device}” stands in for it."
            yield Finding("output", Verdict.WARNING, told, "choose another in the settings")
        else:
            yield from _judge(opened, _listen(player), settings)
    finally:
        player.close()


def _open(player: Player, settings: Settings) -> tuple[commands.Opened | None, DeviceError | None]:
    """Return where sound goes, and why it does not go where it should. Raises WorkerHung."""
    player.open(settings.device, sample_rate=STUDIO_SAMPLE_RATE, latency_s=settings.latency_ms / 1000.0)
    silence = np.zeros((STUDIO_SAMPLE_RATE, 2), dtype=np.float32)
    loop = BakedLoop(silence, STUDIO_SAMPLE_RATE, LoopRegion(0, len(silence)), 0, 0.0)
    player.play(1, loop, fade_ms=10.0)
    give_up, error = time.monotonic() + ANSWER_LIMIT_S, None
    while (left_s := give_up - time.monotonic()) > 0.0:
        if player.poll(left_s):
            message = player.receive()
            if isinstance(message, commands.Opened):
                return message, error
            if isinstance(message, commands.DeviceLost):
                # The default may stand in for it.
                give_up, error = time.monotonic() + STAND_IN_S, message.error
    if error is not None:
        return None, error
    raise WorkerHung(worker="audio", limit_s=ANSWER_LIMIT_S)


def _listen(player: Player) -> list[PlaybackSnapshot]:
    snapshots = []
    end = time.monotonic() + LISTEN_S
    while time.monotonic() < end:
        time.sleep(_POLL_S)
        snapshot = player.snapshot()
        # Stop listening to a device that was lost: what the silent clock does tells nothing of it.
        if snapshot is not None and snapshot.device:
            snapshots.append(snapshot)
    return snapshots


def _judge(opened: commands.Opened, told: list[PlaybackSnapshot], settings: Settings) -> Iterator[Finding]:
    if not told:
        yield Finding(
            "output", Verdict.WARNING, f"“{opened.device}” was lost while silence was played to it", _NO_SOUND
        )
        return
    latency_ms, xruns = 1000.0 * told[-1].latency_s, told[-1].xruns
    load = max(one.load for one in told)
    figures: dict[str, object] = {
        "device": opened.device,
        "sample_rate": opened.sample_rate,
        "asked_latency_ms": settings.latency_ms,
        "latency_ms": round(latency_ms, 1),
        "xruns": xruns,
        "load": round(load, 3),
    }
    words = f"{LISTEN_S:g} s of silence played to “{opened.device}” at {opened.sample_rate} Hz"
    if xruns:
        told_xruns = f"{words}: {xruns} xrun{'s' * (xruns != 1)} at a latency of {latency_ms:.0f} ms"
        yield Finding("output", Verdict.WARNING, told_xruns, "ask for a higher latency in the settings", figures)
    elif load > HIGH_LOAD:
        told_load = f"{words}: mixing takes {load:.0%} of real time"
        yield Finding("output", Verdict.WARNING, told_load, "close other programs or ask for a higher latency", figures)
    else:
        told_well = f"{words}: no xruns, latency {latency_ms:.0f} ms, mixing takes {load:.1%} of real time"
        yield Finding("output", Verdict.OK, told_well, figures=figures)
