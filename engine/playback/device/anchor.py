# SPDX-License-Identifier: GPL-3.0-or-later
"""An anchor is a stream that is open and never starts: it keeps a sound server as prompt as streams ask it to be.

PulseAudio has a sink work ahead by what the streams that are connected to it permit: two seconds where there are none,
and what it has worked ahead it does not take back for a stream that wants less. So the first stream waits for up to two
seconds, and so does the one that ALSA's plugin connects anew after every underrun. While an anchor is connected too,
neither happens. It costs nothing: a sink whose streams all rest is suspended.
"""

from __future__ import annotations

import threading
from typing import Any

from engine.errors import DeviceError
from engine.playback.device.devices import device_index
from engine.values import OutputDevice

_SERVED_API = "ALSA"
_HARDWARE = "hw:"
_CLOSE_LIMIT_S = 0.5


class Anchor:
    """The anchor's holder keeps one anchor at a time; it is used by one thread."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._closers: list[threading.Thread] = []

    @property
    def is_clear(self) -> bool:
        """Return whether no stream is open or still being closed."""
        self._closers = [one for one in self._closers if one.is_alive()]
        return self._stream is None and not self._closers

    def hold(self, device: tuple[str, str] | None, latency_s: float) -> None:
        """Anchor this device, or the default one, anew (its server may have been restarted); then close the old anchor.

        Only a device that several programs share has one: what is a card itself has no server.
        """
        before, self._stream = self._stream, None
        try:
            index, found = device_index(device)
            if _has_server(found):
                self._stream = _opened(index, found, latency_s)
        except DeviceError:
            # There is nothing to anchor at; whoever opens the device is told why.
            pass
        finally:
            self._close(before)

    def release(self) -> None:
        """Close the anchor, if there is one."""
        stream, self._stream = self._stream, None
        self._close(stream)

    def _close(self, stream: Any) -> None:
        if stream is None:
            return
        # A dead server may never let go.
        closer = threading.Thread(target=stream.close, kwargs={"ignore_errors": True}, name="anchor", daemon=True)
        closer.start()
        closer.join(_CLOSE_LIMIT_S)
        self._closers.append(closer)


def _has_server(device: OutputDevice) -> bool:
    return device.host_api == _SERVED_API and _HARDWARE not in device.name


def _opened(index: int, device: OutputDevice, latency_s: float) -> Any:
    import sounddevice

    try:
        return sounddevice.RawOutputStream(
            samplerate=device.default_sample_rate,
            device=index,
            channels=min(2, device.n_channels),
            dtype="int16",
            latency=latency_s,
            callback=_never_called,
        )
    except sounddevice.PortAudioError:
        # One stream is all that it takes.
        return None


def _never_called(*_: object) -> None:
    """Stand in for the callback of a stream that never starts."""
