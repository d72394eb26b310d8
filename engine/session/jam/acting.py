# SPDX-License-Identifier: GPL-3.0-or-later
"""This module has a jam do what a performer does, whichever way it was said."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import NoInputOpen
from engine.session.jam.jam import Jam
from engine.session.jam.looper import Looper
from engine.values import jam_acts as acts


def act(jam: Jam, one: acts.JamAct) -> None:
    """Have a jam do this. Raises UserError for what cannot be."""
    match one:
        case acts.Start():
            jam.start()
        case acts.Stop():
            jam.stop()
        case acts.SetTempo(bpm):
            jam.set_tempo(bpm)
        case acts.SetMetre(metre):
            jam.set_metre(metre)
        case acts.SetKey(key):
            jam.set_key(key)
        case acts.SetBars(bars):
            jam.set_bars(bars)
        case acts.SetSwap(at, fade_ms):
            jam.set_swap(at, fade_ms)
        case acts.MakeTogether(layers):
            jam.make_together(layers)
        case acts.QueueScene(slot, at):
            jam.scenes.queue_scene(slot, at)
        case acts.RecordPhrase() | acts.Overdub() | acts.CancelPhrase() | acts.HalveLoop() | acts.DoubleLoop():
            _act_on_phrases(jam.looper, one)
        case _:
            _act_on_layer(jam, one)


def _act_on_phrases(looper: Looper | None, one: acts.JamAct) -> None:
    if looper is None:
        raise NoInputOpen
    match one:
        case acts.RecordPhrase(layer):
            looper.record(layer)
        case acts.Overdub(layer):
            looper.overdub(layer)
        case acts.HalveLoop(layer):
            looper.halve(layer)
        case acts.DoubleLoop(layer):
            looper.double(layer)
        case _:
            looper.cancel()


def _act_on_layer(jam: Jam, one: acts.JamAct) -> None:
    match one:
        case acts.SetPrompt(layer, prompt):
            jam.set_prompt(layer, prompt)
        case acts.Make(layer):
            jam.make(layer)
        case acts.SetEndless(layer, wander):
            jam.set_endless(layer, wander)
        case acts.CancelMaking(layer):
            jam.cancel_making(layer)
        case acts.GoBack(layer, by):
            jam.go_back(layer, by)
        case acts.CallOff(layer):
            jam.call_off(layer)
        case acts.Silence(layer):
            jam.silence(layer)
        case acts.NameSlot(layer, slot, title):
            jam.slots.name(layer, slot, title)
        case acts.Assign(layer, slot):
            jam.slots.assign(layer, slot)
        case acts.QueueSlot(layer, slot, at):
            jam.slots.queue(layer, slot, at)
        case _:
            _act_on_sources(jam, one)


def _act_on_sources(jam: Jam, one: acts.JamAct) -> None:
    match one:
        case acts.SetWords(layer, words):
            jam.set_prompt(layer, replace(jam.layers[layer].prompt, prompt=words, seed=None))
        case acts.SetGenerator(layer, generator, model):
            jam.set_prompt(layer, replace(jam.layers[layer].prompt, generator=generator, model=model))
        case acts.Reseed(layer):
            jam.endless.reseed(layer)
        case acts.SetStyle(layer, strength):
            jam.sources.set_style(layer, strength)
        case acts.Bring(layer, path, slot, is_transposed):
            jam.bringing.bring_file(layer, path, slot, is_transposed=is_transposed)
        case acts.SetValues(layer, values):
            jam.sources.set_values(layer, dict(values))
        case _:
            _act_on_mix(jam, one)


def _act_on_mix(jam: Jam, one: acts.JamAct) -> None:
    match one:
        case acts.SetGain(layer, gain):
            jam.mix.set_gain(layer, gain)
        case acts.SetMute(layer, is_muted):
            jam.mix.set_mute(layer, is_muted=is_muted)
        case acts.SetSolo(layer, is_solo):
            jam.mix.set_solo(layer, is_solo=is_solo)
        case acts.SetEffects(layer, effects):
            jam.mix.set_effects(layer, effects)
        case acts.ChangeEffects(layer, values):
            jam.mix.change_effects(layer, dict(values))
        case acts.SetWah(layer, wah):
            jam.mix.set_wah(layer, wah)
        case acts.Hold(layer, effect):
            jam.mix.hold(layer, effect)
        case acts.SetGate(layer, gate):
            jam.mix.set_gate(layer, gate)
        case acts.SetAutomation(layer, parameter, curve):
            jam.mix.set_automation(layer, parameter, curve)
        case acts.ArmAutomation(is_armed):
            jam.mix.arm(is_armed=is_armed)
        case acts.Touch(layer, parameter, is_held):
            jam.mix.automating.touch((layer, parameter), is_held=is_held)
