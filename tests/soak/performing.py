# SPDX-License-Identifier: GPL-3.0-or-later
"""A performer of chance plays the jam in a real window, by a seed, beside generators that are never done.

Swaps, knobs, tempos, held effects, scenes, makes, endless layers: an act every half second. What is heard is compared
with the tape bit for bit, and the tape is listened to for clicks.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import numpy as np
from PySide6.QtCore import QObject, Slot

from app.main_window import MainWindow
from engine.errors import StudioError
from engine.qt.studio import StudioEngine
from engine.values import Effects, PlaybackSnapshot
from engine.values import jam_acts as acts
from engine.values.channels import LfoShape
from engine.values.held import BeatRepeat, Brake, Gate, HeldEffect, Stutter, TapeStop
from engine.values.jam import JamLoop, JamState, LayerName, LayerPrompt, SwapAt, Wah
from engine.values.jam_dice import diced_prompt
from tests.dropouts import Dropout, follow
from tests.listening import find_faults
from tests.soak.hearing import SAMPLE_RATE, FileRecording
from tests.soak.memory import Held, held
from tests.soak.trouble import generating
from tests.soak.window import AUDIBLE, TapeCopy

SEED = 15
EVERY_S = 0.5
HELD_S = 1.0
"""Longest that an effect is held, seconds: music is heard between, so that clicks can be told from it."""
_BEGIN_S = 25.0
_MEASUREMENTS = 40
_NOT_OURS = ("app.main", "parec")
_LAYERS = tuple(LayerName)
_PLACES = (*_LAYERS, None)


@dataclass(frozen=True, slots=True)
class Performed:
    """The jam as it was heard.

    Attributes
    ----------
    compared_s
        For how long what was heard was compared with the tape.
    clicks_s
        Where clicks are on the tape, seconds.
    n_acts, n_began
        Acts by their names, and how many loops began.
    failures
        Sentences of what could not be done.
    peer_gaps_s
        Silences of PulseAudio's own player at the same latency meanwhile: what the system itself loses.
    """

    compared_s: float
    dropouts: tuple[Dropout, ...]
    clicks_s: tuple[float, ...]
    silent_s: float
    xruns: int
    n_acts: dict[str, int]
    n_began: int
    failures: tuple[str, ...]
    memory: list[list[Held]]
    peer_gaps_s: tuple[float, ...] = ()


class _Notes(QObject):
    def __init__(self, engine: StudioEngine) -> None:
        super().__init__()
        self.xruns = 0
        self.loop_ids: set[int] = set()
        self.failures: list[str] = []
        engine.output.snapshot_taken.connect(self._on_snapshot)
        engine.jam.changed.connect(self._on_changed)
        engine.jam.failed.connect(self._on_failed)

    @Slot(object)
    def _on_snapshot(self, snapshot: PlaybackSnapshot) -> None:
        self.xruns = snapshot.xruns

    @Slot(object)
    def _on_changed(self, state: JamState) -> None:
        self.loop_ids |= {one.playing.loop_id for one in state.layers if one.playing is not None}

    @Slot(object)
    def _on_failed(self, error: StudioError) -> None:
        self.failures.append(str(error))


def deeds(random: Random) -> Iterator[tuple[acts.JamAct, float]]:
    """Yield act after act, and for how many seconds it is held (0 for those that are not)."""
    while True:
        layer, place = random.choice(_LAYERS), random.choice(_PLACES)
        effects = Effects(
            highpass_hz=random.choice((None, random.uniform(20.0, 400.0))),
            lowpass_hz=random.choice((None, 20.0 * 1000.0 ** random.uniform(0.4, 1.0))),
            reverb=random.choice((0.0, random.uniform(0.0, 0.6))),
            resonance=random.choice((0.0, random.uniform(0.0, 0.6))),
            delay=random.choice((0.0, random.uniform(0.0, 0.5))),
            delay_beats=Fraction(random.choice((1, 2, 3)), 4),
        )
        wah = Wah(random.uniform(0.1, 0.8), Fraction(random.choice((1, 2, 4)), 2), random.choice(list(LfoShape)))
        held_effects: tuple[HeldEffect, ...] = (
            Stutter(Fraction(1, random.choice((1, 2, 4, 8)))),
            BeatRepeat(Fraction(random.choice((1, 2, 4)), 2)),
            TapeStop(),
            Brake(),
            Gate(),
        )
        slot = random.randint(1, 4)
        yield random.choice(
            (
                (acts.SetPrompt(layer, LayerPrompt(diced_prompt(layer, random))), 0.0),
                (acts.Make(layer), 0.0),
                (acts.Make(layer), 0.0),
                (acts.MakeTogether(tuple(random.sample(_LAYERS, 2))), 0.0),
                (acts.SetEndless(layer, random.choice((None, random.random()))), 0.0),
                (acts.Assign(layer, slot), 0.0),
                (acts.QueueSlot(layer, slot, random.choice((None, *SwapAt))), 0.0),
                (acts.QueueScene(slot), 0.0),
                (acts.GoBack(layer, random.choice((-1, 1))), 0.0),
                (acts.CallOff(layer), 0.0),
                (acts.SetSwap(random.choice(list(SwapAt)), random.uniform(4.0, 40.0)), 0.0),
                (acts.SetTempo(round(random.uniform(70.0, 150.0), 1)), 0.0),
                (acts.SetBars(random.choice((1, 2, 4))), 0.0),
                (acts.SetGain(place, random.uniform(0.3, 1.0)), 0.0),
                (acts.SetMute(layer, random.random() < 0.3), 0.0),
                (acts.SetSolo(layer, random.random() < 0.1), 0.0),
                (acts.SetEffects(place, effects), 0.0),
                (acts.SetWah(place, random.choice((None, wah))), 0.0),
                (acts.Hold(place, random.choice(held_effects)), random.uniform(0.2, HELD_S)),
            )
        )


def _measured() -> list[Held]:
    """Return what the studio's processes hold; of this one, what it holds beside loops, played or on their way."""
    arrays = {}
    for loop in gc.get_objects():
        if type(loop) is JamLoop:
            # Clips and what was shaped of them are arrays of float32 in stereo; several loops may have the same.
            arrays.update({id(one): one.nbytes for one in (loop.clip.samples, loop.baked.samples)})
    parent, *others = held(by_pid=True)
    ours = [one for one in others if not one.name.startswith(_NOT_OURS)]
    return [replace(parent, own_mib=parent.own_mib - sum(arrays.values()) / 2.0**20), *ours]


def perform(window: MainWindow, engine: StudioEngine, live: Callable[[float], None], seconds: float) -> Performed:
    """Start the jam and perform for ``seconds``; ``live`` lets the window live for a while."""
    notes, random, n_acts = _Notes(engine), Random(SEED), Counter[str]()
    acted, memory, next_measure_s = window.jam_panel.acted, list[list[Held]](), 0.0
    passed_s = 0.0
    with FileRecording() as recording, TapeCopy(engine.tape) as tape, generating():
        acted.emit(acts.Start())
        live(_BEGIN_S)
        assert np.abs(recording.read()).max(initial=0.0) > AUDIBLE, "the jam is not heard"
        for act, held_s in deeds(random):
            acted.emit(act)
            n_acts[type(act).__name__] += 1
            live(max(held_s, EVERY_S))
            passed_s += max(held_s, EVERY_S)
            if held_s:
                assert isinstance(act, acts.Hold)
                acted.emit(acts.Hold(act.layer, None))
            if passed_s >= next_measure_s:
                memory.append(_measured())
                next_measure_s += seconds / _MEASUREMENTS
            if passed_s >= seconds:
                break
        acted.emit(acts.Stop())
        live(1.0)
        music = tape.read()
        followed = follow(recording.read(), music)
    clicks_s = tuple(one.at_s for one in find_faults(music, SAMPLE_RATE) if one.kind == "click")
    quiet = np.abs(music).max(axis=1).reshape(-1)[: len(music) // 441 * 441].reshape(-1, 441).max(axis=1) < 1e-5
    return Performed(
        followed.n_samples / SAMPLE_RATE,
        followed.dropouts,
        clicks_s,
        float(quiet.sum()) * 0.01,
        notes.xruns,
        dict(n_acts),
        len(notes.loop_ids),
        tuple(notes.failures),
        memory,
    )
