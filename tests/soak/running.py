# SPDX-License-Identifier: GPL-3.0-or-later
"""This module starts the soaking scripts on a screen and a sound server of their own, and takes their results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.benchmarks.screen import stage
from tests.dropouts import Dropout
from tests.soak.broadcast import OnAir
from tests.soak.busy import Beside, Server, gaps_s, peer
from tests.soak.hearing import SAMPLE_RATE
from tests.soak.memory import Held
from tests.soak.performing import Performed
from tests.soak.window import Heard
from tests.standins.realtimekit import GenuineRealtimeKit, RealtimeKit, without_rights
from tests.xvfb import screen

ROOT = Path(__file__).parents[2]
_EXTRA_S = 300.0
PEER_GAP_S = 0.001
"""Shortest silence of another player that counts, seconds: what is followed on the tape is as fine."""


@dataclass(frozen=True, eq=False, slots=True)
class StudioSoaked:
    """The memory that every process of a studio held over hours of music, and how many loops led."""

    memory: list[list[Held]]
    n_loops: int


class User(StrEnum):
    """The user whose rights the studio and its sound server have."""

    AS_IS = "whoever runs this"
    ORDINARY = "an ordinary user"
    WITH_REALTIMEKIT = "an ordinary user with RealtimeKit"


def soak_window(seconds: float) -> Heard:
    """Run ``tests.soak.window.listen`` in a process of its own."""
    with stage() as (environment, _):
        told = _script("window", seconds, seconds + _EXTRA_S, environment)
    told["dropouts"] = tuple(Dropout(**one) for one in told["dropouts"])
    return Heard(**{**told, "held_s": tuple(told["held_s"]), "rounds_s": tuple(told["rounds_s"])})


def soak_studio(hours: float) -> StudioSoaked:
    """Run the whole studio at an accelerated clock."""
    with stage() as (environment, _):
        told = _script("studio", hours, 3600.0 * hours + _EXTRA_S, environment)
    return StudioSoaked([[Held(**one) for one in moment] for moment in told["memory"]], told["n_loops"])


def soak_radio(hours: float) -> OnAir:
    """Run ``tests.soak.broadcast`` in a process of its own."""
    command = [sys.executable, "-m", "tests.soak.broadcast", str(hours)]
    limit_s = 3600.0 * hours + _EXTRA_S
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=limit_s)
    told: dict[str, Any] = json.loads(done.stdout)
    told["memory"] = [[Held(**one) for one in moment] for moment in told["memory"]]
    return OnAir(**{**told, "failures": tuple(told["failures"])})


def soak_jam(seconds: float) -> Performed:
    """Run ``tests.soak.performing.perform`` in a process of its own, beside another program that plays."""
    with stage() as (environment, server), peer(server, environment["PULSE_SERVER"]) as other:
        told = _script("jam", seconds, 2.0 * seconds + _EXTRA_S, environment)
        # The window's start is none of it, nor its end.
        n_samples = round(seconds * SAMPLE_RATE)
        meanwhile = other.read(max(0, other.n_samples - n_samples - SAMPLE_RATE))[:n_samples]
    told["peer_gaps_s"] = tuple(gaps_s(meanwhile, PEER_GAP_S))
    told["dropouts"] = tuple(Dropout(**one) for one in told["dropouts"])
    told["memory"] = [[Held(**one) for one in moment] for moment in told["memory"]]
    for name in ("clicks_s", "failures"):
        told[name] = tuple(told[name])
    return Performed(**told)


def soak_busy(seconds: float, who: User, server: Server) -> Beside:
    """Run ``tests.soak.busy.play_beside`` with a user's rights, on one of the servers."""
    script = ["-m", "tests.soak.script", "busy", str(seconds), server]
    command = [sys.executable, *script] if who is User.AS_IS else without_rights(*script)
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, screen() as screened, ExitStack() as stack:
        homes = {f"XDG_{name}_HOME": folder for name in ("CONFIG", "DATA", "STATE")}
        environment = {**screened, **homes, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/nobody"}
        if who is User.WITH_REALTIMEKIT:
            kit = GenuineRealtimeKit if os.geteuid() == 0 else RealtimeKit
            environment.update(stack.enter_context(kit(Path(folder))).environment)
        limit_s = seconds + _EXTRA_S
        done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=limit_s)
    told: dict[str, Any] = json.loads(done.stdout)
    for name in ("gaps_s", "peer_gaps_s", "latencies_s", "told"):
        told[name] = tuple(told[name])
    return Beside(**told)


def _script(what: str, amount: float, limit_s: float, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.soak.script", what, str(amount)]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=limit_s)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
