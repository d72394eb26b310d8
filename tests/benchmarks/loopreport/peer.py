# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer is PyMusicLooper, kept warm in a process of its own environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.values import LoopRegion
from tests.benchmarks.warm_peer import ENVIRONMENT, WarmPeer, warm_peer

COMMAND = ENVIRONMENT / "bin" / "pymusiclooper"


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """The answer of PyMusicLooper for a file.

    Attributes
    ----------
    regions
        Best first, half open, at most 10; empty where it found none.
    nothing
        Why it found none, in its words.
    find_ms, whole_ms
        Of each run: finding in a file that was read, reading and finding.
    """

    regions: tuple[LoopRegion, ...] = ()
    scores: tuple[float, ...] = ()
    nothing: str = ""
    find_ms: tuple[float, ...] = ()
    whole_ms: tuple[float, ...] = ()


class Peer:
    """A peer asks one process, one file at a time."""

    def __init__(self, warm: WarmPeer) -> None:
        self._warm = warm

    def find(self, path: Path, options: dict[str, float], repeats: int = 1) -> PeerAnswer:
        """Find loops of a file, with ``options`` for ``find_loop_pairs``. Raises PeerMissing when the process died."""
        told = self._warm.ask({"path": str(path), "options": options, "repeats": repeats}, path)
        # A pair whose ends were snapped to one place, or past each other, is no loop.
        pairs = zip(told["regions"], told["scores"], strict=True)
        good = [(LoopRegion(start, end), score) for (start, end), score in pairs if 0 <= start < end]
        return PeerAnswer(
            tuple(region for region, _ in good),
            tuple(score for _, score in good),
            told["nothing"],
            tuple(told["find_ms"]),
            tuple(told["whole_ms"]),
        )


@contextmanager
def peer(log: Path) -> Iterator[Peer]:
    """Yield a warm PyMusicLooper, whose output goes to ``log``. Raises PeerMissing."""
    with warm_peer("PyMusicLooper", Path(__file__).with_name("peer_service.py"), log, "bench-loops") as warm:
        yield Peer(warm)
