# SPDX-License-Identifier: GPL-3.0-or-later
"""This module gives a layer of a piece: its parts as they are in the whole, and those that the piece lacks besides."""

from __future__ import annotations

from dataclasses import replace

from engine.generators.composer.accompaniment import write_chords
from engine.generators.composer.arrange import write_part
from engine.generators.composer.casting import choose_drummer
from engine.generators.composer.drumming import write_drums
from engine.generators.composer.drums import PERCUSSION
from engine.generators.composer.form import Form, level_db
from engine.generators.composer.score import Hit, Note, Part, Score
from engine.generators.composer.streams import Streams
from engine.generators.composer.styles import PartStyle
from engine.generators.composer.tone_balance import kind_of
from engine.values import Layer, PartName

_INDEX = 100  # of a part that the style does not have, beyond those that it has
_TRIES = 8
_CRACKLE = 0.6
_SHAKEN = ("shaker", "tambourine")
# What plays a part that a style does not have: in electronic music, in a band, in an orchestra.
_PLAYED_ON: dict[PartName, dict[str, tuple[str, ...]]] = {
    PartName.BASS: {"electronic": ("synth bass", "sub bass"), "band": ("finger bass", "upright bass")},
    PartName.CHORDS: {"electronic": ("electric piano", "organ"), "band": ("piano", "guitar", "organ")},
    PartName.ARP: {"electronic": ("pluck", "marimba"), "band": ("guitar", "vibraphone")},
    PartName.PAD: {"electronic": ("warm pad", "air pad"), "band": ("organ", "strings")},
    PartName.LEAD: {"electronic": ("soft lead", "vibraphone"), "band": ("vibraphone", "clean guitar", "flute")},
    PartName.COUNTER: {"electronic": ("soft lead", "strings"), "band": ("strings", "clarinet", "soft lead")},
}
_IN_AN_ORCHESTRA: dict[PartName, tuple[str, ...]] = {
    PartName.BASS: ("upright bass", "sub bass"),
    PartName.CHORDS: ("piano", "organ"),
    PartName.ARP: ("harp", "piano"),
    PartName.PAD: ("strings", "warm pad"),
    PartName.LEAD: ("violin", "flute", "soft lead"),
    PartName.COUNTER: ("cello", "clarinet", "soft lead"),
}
_PATTERNS = {
    PartName.BASS: ("R-------5---a---",),
    PartName.CHORDS: ("X---..x---..x---",),
    PartName.ARP: ("1.2.3.4.3.2.1.2.",),
    PartName.PAD: ("X---------------",),
}
_CENTRES = {PartName.BASS: 36, PartName.LEAD: 74, PartName.COUNTER: 64, PartName.PAD: 64}


def layer_of(score: Score, layer: Layer) -> Score:
    """Return the parts of a piece that the layer names: note by note what they play in the whole of it."""
    parts = tuple(part for part in score.parts if PartName(part.style.role) in layer.parts)
    return replace(score, parts=parts, hits=_heard(score.hits, layer))


def completed(score: Score, layer: Layer, streams: Streams) -> Score:
    """Return the piece with those parts besides that a layer names and the piece does not have.

    All other parts stay as they are. A layer of all instruments names none of them.
    """
    if layer == Layer.EVERYTHING:
        return score
    score = _with_drums(score, layer, streams)
    if layer.parts >= Layer.INSTRUMENTS.parts:
        return score
    for name in PartName:
        has = any(part.style.role == name for part in score.parts)
        if name in layer.parts and name in _CENTRES | _PATTERNS and not has:
            score = replace(score, parts=(*score.parts, _guest(score, name, streams)))
    mix = score.plan.style.mix
    if PartName.NOISE in layer.parts and max(mix.crackle, mix.air, mix.rain) <= 0.0:
        style = replace(score.plan.style, mix=replace(mix, crackle=_CRACKLE))
        score = replace(score, plan=replace(score.plan, style=style))
    return score


def _heard(hits: tuple[Hit, ...], layer: Layer) -> tuple[Hit, ...]:
    by_hand = {True: PartName.PERCUSSION in layer.parts, False: PartName.KIT in layer.parts}
    return tuple(hit for hit in hits if by_hand[hit.piece in PERCUSSION])


def _with_drums(score: Score, layer: Layer, streams: Streams) -> Score:
    """Return the piece with a drummer where the layer has drums, whatever the style and the prompt say."""
    if not layer.parts & Layer.DRUMS.parts or _heard(score.hits, layer):
        return score
    by_hand = layer.parts & Layer.DRUMS.parts == {PartName.PERCUSSION}
    brief = score.plan.brief
    pieces = brief.pieces + _SHAKEN if by_hand else brief.pieces
    asked = replace(brief, drums=True, without=brief.without - {"drums"}, pieces=pieces)
    asked = replace(asked, excluded=brief.excluded - set(_SHAKEN))
    plan = replace(score.plan, brief=asked, form=Form(score.plan.form.phrase_bars, (1.0,) * score.plan.grid.bars))
    drums = choose_drummer(plan)
    assert drums is not None
    added = _heard(tuple(write_drums(plan, drums, streams)), layer)
    kit = score.kit if score.hits else drums.kit
    return replace(score, hits=score.hits + added, kit=kit)


def _guest(score: Score, name: PartName, streams: Streams) -> Part:
    """Return a player of a part that the piece does not have, in every bar of it."""
    plan = score.plan
    kind = kind_of(plan.style)
    usual = _IN_AN_ORCHESTRA[name] if kind == "orchestra" else _PLAYED_ON[name][kind]
    instruments = tuple(one for one in usual if one not in plan.brief.excluded) or usual[:1]
    style = PartStyle(str(name), instruments, _PATTERNS.get(name, ()), _CENTRES.get(name, 62), room=0.3, echo=0.15)
    always = replace(plan, form=Form(plan.form.phrase_bars, (1.0,) * plan.grid.bars))
    notes: list[Note] = []
    for number in range(_TRIES):
        # A second voice of a bar or two may rest in all of them.
        seed = int(streams(name, "again", number).integers(2**32))
        notes = write_part(always, style, streams.with_seed(name, seed) if number else streams, _INDEX)
        if notes:
            break
    notes = notes or write_chords(always, replace(style, patterns=_PATTERNS[PartName.PAD], voices=1), streams, _INDEX)
    return Part(style, instruments[0], tuple(notes), level_db(plan.form))
