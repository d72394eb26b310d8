# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``make soak`` (``python -m tests.soak``) tells what hours do to the studio; it returns 1 where it fails.

Ten minutes in a real window on a real sound server while the GIL is held; five times ten beside busy programs, with a
user's rights and with root's, on PulseAudio and PipeWire; 2000 takeovers (two hours) and an hour of one loop on a clock
that runs fast; two hours of the whole studio on such a clock; ten minutes of a jam, performed by chance; a day of
the radio on such a clock, and a radio whose generators are killed and come back ten times.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.soak.busy import Server
from tests.soak.memory import FLAT_MIB, Held, growths
from tests.soak.pool import soak_pool
from tests.soak.running import User, soak_busy, soak_jam, soak_radio, soak_studio, soak_window
from tests.soak.takeovers import LOOP_S, period_drift, soak_takeovers
from tests.soak.trouble import EVERY_S, HOLD_S

LATENCY_MS = 60.0
HEARD_AS_NONE_S = 0.1
"""A silence shorter than this is one of the music's own, seconds."""
BUSY = (
    *((who, Server.PULSEAUDIO) for who in User),
    (User.ORDINARY, Server.PIPEWIRE),
    (User.ORDINARY, Server.PIPEWIRE_ALSA),
)
"""Users that play beside busy programs, and the sound server of each."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table."""

    what: str
    figure: str
    goal: str
    is_met: bool


def window(minutes: float) -> Iterator[Line]:
    """Play for ten minutes that everything tries to disturb."""
    heard = soak_window(60.0 * minutes)
    for one in heard.dropouts:
        print(f"  {one}", file=sys.stderr)
    what = f"{heard.compared_s / 60.0:.1f} min, GIL held {HOLD_S * 1000:.0f} ms every {EVERY_S:g} s"
    yield Line(f"dropouts in {what}", f"{len(heard.dropouts)}", "0", not heard.dropouts)
    yield Line("xruns meanwhile", f"{heard.xruns}", "0", heard.xruns == 0)
    latency_ms = 1000.0 * heard.latency_s
    yield Line("the device's latency meanwhile", f"{latency_ms:.1f} ms", "≤ 60 ms", latency_ms <= LATENCY_MS + 1.0)
    expected = 60.0 * minutes / (EVERY_S + HOLD_S)
    holds = f"{len(heard.held_s)} holds, {len(heard.rounds_s)} analyses, {heard.n_repaints} repaints"
    yield Line("what was in its way", holds, f"≥ {0.8 * expected:.0f} holds", len(heard.held_s) >= 0.8 * expected)
    yield Line("compared with the tape", f"{heard.compared_s:.0f} s", "all", heard.compared_s >= 60.0 * minutes - 1.0)


def busy(minutes: float) -> Iterator[Line]:
    """Play beside busy processes and a disk writer, as each user: where sound is lost the latency adapts, told once."""
    for who, server in BUSY:
        heard = soak_busy(60.0 * minutes, who, server)
        longest_ms = 1000.0 * max(heard.gaps_s, default=0.0)
        n_peer = len(heard.peer_gaps_s)
        latencies = " → ".join(f"{1000.0 * one:.0f}" for one in heard.latencies_s)
        figure = (
            f"{len(heard.gaps_s)} (longest {longest_ms:.0f} ms), {heard.xruns} xruns, {latencies} ms; a peer {n_peer}"
        )
        is_met = (not heard.gaps_s and not heard.xruns) or len(heard.told) == 1 or len(heard.gaps_s) <= n_peer
        what = f"gaps over 5 ms in {heard.seconds / 60.0:.1f} min beside busy programs, {who}, {server}"
        yield Line(
            what, figure, "0, or the latency adapts and says so once, or the system loses as much itself", is_met
        )


def takeovers(n_loops: int) -> Iterator[Line]:
    """Play two hours of loops that each lead once."""
    soaked = soak_takeovers(n_loops, say=lambda words: print(f"  {words}", file=sys.stderr, flush=True))
    hours = n_loops * LOOP_S / 3600.0
    yield from _memory(soaked.memory, f"{n_loops} loops ({hours:.1f} h)")


def period(hours: float) -> Iterator[Line]:
    """Play one loop for an hour."""
    n_wrong, n_turns = period_drift(hours)
    what = f"frames that are not the loop's own in {hours:g} h of it ({n_turns:.0f} turns)"
    yield Line(what, f"{n_wrong}", "0 (no drift)", n_wrong == 0)


def studio(hours: float) -> Iterator[Line]:
    """Run the whole studio: clips are made, found, kept, drawn and played."""
    soaked = soak_studio(hours)
    yield from _memory(soaked.memory, f"{hours:g} h of the studio ({soaked.n_loops} loops)")


def jam(minutes: float) -> Iterator[Line]:
    """Perform a jam of chance in the window, on the sound server."""
    one = soak_jam(60.0 * minutes)
    for fault in (*one.dropouts, *(f"a click at {at_s:.3f} s" for at_s in one.clicks_s), *one.failures):
        print(f"  {fault}", file=sys.stderr)
    n_acts = sum(one.n_acts.values())
    what = f"{one.compared_s / 60.0:.1f} min of jam: {n_acts} acts, {one.n_began} loops began"
    n_peer = len(one.peer_gaps_s)
    figure = f"{len(one.dropouts)}, {one.xruns} xruns; a peer {n_peer}"
    yield Line(f"dropouts in {what}", figure, "0", not one.dropouts)
    yield Line("clicks in it", f"{len(one.clicks_s)}", "0", not one.clicks_s)
    yield from _memory(one.memory, "it")


def radio(hours: float) -> Iterator[Line]:
    """Be on the air for hours of the programme, accelerated, with somebody who listens."""
    one = soak_radio(hours)
    for fault in one.failures:
        print(f"  {fault}", file=sys.stderr)
    what = f"{one.heard_s / 3600.0:.1f} h of the radio ({one.n_pieces} pieces)"
    yield Line(
        f"longest dead air in {what}", f"{one.most_dead_s:.2f} s", "≤ 5 s", one.most_dead_s <= 5.0 and not one.failures
    )
    yield from _memory(one.memory, what)


def pool(n_rounds: int) -> Iterator[Line]:
    """Kill a radio's generators, and have them back, again and again."""
    one = soak_pool(n_rounds)
    figure = f"{max(one.dead_s):.2f} s heard, {one.most_encoded_dead_s:.2f} s encoded"
    most_s = max(*one.dead_s, one.most_encoded_dead_s)
    yield Line(
        f"longest dead air while generators went and came {n_rounds} times", figure, "0", most_s < HEARD_AS_NONE_S
    )
    yield Line("times that a listener connected meanwhile", f"{one.n_connections}", "1", one.n_connections == 1)


def _memory(series: list[list[Held]], during: str) -> Iterator[Line]:
    for one in growths(series):
        figure = f"{one.grown_mib:+.1f} MiB of {one.last_mib:.0f}, {one.grown_descriptors:+.0f} descriptors"
        yield Line(f"memory of {one.name} over {during}", figure, f"± {FLAT_MIB:g} MiB", one.is_flat)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="in the window, on the sound server (default 10)")
    parser.add_argument("--loops", type=int, default=2000, help="takeovers (default 2000)")
    parser.add_argument("--hours", type=float, default=2.0, help="of the studio, accelerated (default 2)")
    parser.add_argument("--radio-hours", type=float, default=24.0, help="of the radio, accelerated (default 24)")
    parser.add_argument("--rounds", type=int, default=10, help="of a radio's generators (default 10)")
    names = ["window", "busy", "takeovers", "period", "studio", "jam", "radio", "pool"]
    parser.add_argument("--only", nargs="+", choices=names, default=None)
    asked = parser.parse_args()
    parts: dict[str, Callable[[], Iterator[Line]]] = {
        "window": lambda: window(asked.minutes),
        "busy": lambda: busy(asked.minutes),
        "takeovers": lambda: takeovers(asked.loops),
        "period": lambda: period(1.0),
        "studio": lambda: studio(asked.hours),
        "jam": lambda: jam(asked.minutes),
        "radio": lambda: radio(asked.radio_hours),
        "pool": lambda: pool(asked.rounds),
    }
    failed = False
    for name in asked.only or list(parts):
        print(f"{name} …", file=sys.stderr, flush=True)
        for line in parts[name]():
            failed = failed or not line.is_met
            print(f"{'ok' if line.is_met else 'FAILED':<7} {line.what:<78} {line.figure:<44} {line.goal}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
