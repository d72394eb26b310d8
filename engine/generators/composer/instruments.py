# SPDX-License-Identifier: GPL-3.0-or-later
"""This module names every instrument.

To add one: a function in one of the modules of sounds (``keys``, ``plucked``, ``electric``, ``struck``, ``blown``,
``held``) and a line in ``INSTRUMENTS``; styles then know its name, and
prompts do once ``resources/words/instruments.toml`` has words for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.composer import blown, electric, held, keys, plucked, struck
from engine.generators.composer.tone import Effect, Render


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument says how a note sounds and ends.

    Attributes
    ----------
    render
        Gives shape ``(n_samples,)``, or ``(2, n_samples)`` for an instrument that is wide by itself.
    struck
        Whether it rings by itself, so that one rendering serves every length.
    release_s
        How long a struck note takes to be damped, seconds.
    tag
        Its name for people.
    program
        Its number in General MIDI (from 0), where recordings of it are better than what is synthesised; else None.
    ring_s
        How long a recording of a struck note is followed, seconds.
    effect
        What a recording of it is played through; what is synthesised has it within.
    low, high
        The range in which it sounds as itself, MIDI notes, both included.
    """

    render: Render
    struck: bool
    release_s: float
    tag: str
    program: int | None = None
    ring_s: float = 2.6
    effect: Effect | None = None
    low: int = 28
    high: int = 96


def _struck(
    render: Render,
    tag: str,
    release_s: float,
    reach: tuple[int, int],
    program: int | None = None,
    *,
    ring_s: float = 2.6,
    effect: Effect | None = None,
) -> Instrument:
    return Instrument(render, True, release_s, tag, program, ring_s, effect, *reach)


def _held(render: Render, tag: str, reach: tuple[int, int], program: int | None = None) -> Instrument:
    return Instrument(render, False, 0.0, tag, program, low=reach[0], high=reach[1])


INSTRUMENTS: dict[str, Instrument] = {
    # Keyboards.
    "electric piano": _struck(
        keys.electric_piano, "electric piano", 0.12, (33, 96), 4, ring_s=2.8, effect=keys.suitcase
    ),
    "piano": _struck(keys.piano, "piano", 0.16, (21, 105), 0, ring_s=3.6),
    "harpsichord": _struck(keys.harpsichord, "harpsichord", 0.06, (29, 89), 6),
    "clavinet": _struck(keys.clavinet, "clavinet", 0.03, (36, 88), 7, ring_s=2.0),
    "celesta": _struck(keys.celesta, "celesta", 0.3, (60, 108), 8, ring_s=2.0),
    "organ": _held(held.organ, "organ", (36, 96), 16),
    "accordion": _held(blown.accordion, "accordion", (41, 93), 21),
    "bandoneon": _held(blown.bandoneon, "bandoneon", (36, 95), 23),
    "harmonica": _held(blown.harmonica, "harmonica", (48, 96), 22),
    # Plucked strings.
    "guitar": _struck(plucked.guitar, "guitar", 0.12, (40, 84), 24),
    "steel guitar": _struck(plucked.steel, "guitar", 0.12, (40, 86), 25),
    "clean guitar": _struck(electric.clean_guitar, "electric guitar", 0.1, (40, 88), 27),
    "surf guitar": _struck(electric.surf_guitar, "surf guitar", 0.15, (40, 86), 27, effect=electric.amplifier),
    "muted guitar": _struck(electric.muted_guitar, "guitar", 0.03, (40, 84), 28, ring_s=0.8),
    "distorted guitar": _held(electric.distorted_guitar, "electric guitar", (36, 84), 30),
    "mandolin": _struck(plucked.mandolin, "mandolin", 0.08, (55, 93)),
    "banjo": _struck(plucked.banjo, "banjo", 0.06, (48, 88), 105, ring_s=1.5),
    "sitar": _struck(plucked.sitar, "sitar", 0.2, (48, 84), 104),
    "harp": _struck(plucked.harp, "harp", 0.5, (24, 103), 46),
    "pizzicato": _struck(plucked.pizzicato, "pizzicato strings", 0.1, (36, 96), 45, ring_s=1.0),
    "upright bass": _struck(plucked.upright_bass, "upright bass", 0.06, (26, 62), 32, ring_s=2.0),
    "finger bass": _struck(plucked.finger_bass, "bass", 0.05, (26, 64), 33, ring_s=2.5),
    "slap bass": _struck(plucked.slap_bass, "slap bass", 0.04, (26, 64), 36, ring_s=2.0),
    # Mallets and bells.
    "vibraphone": _struck(struck.vibraphone, "vibraphone", 0.3, (53, 89), 11),
    "marimba": _struck(struck.marimba, "marimba", 0.3, (45, 96), 12, ring_s=1.5),
    "xylophone": _struck(struck.xylophone, "xylophone", 0.2, (65, 108), 13, ring_s=1.0),
    "kalimba": _struck(struck.kalimba, "kalimba", 0.3, (48, 88), 108, ring_s=1.5),
    "glockenspiel": _struck(struck.glockenspiel, "glockenspiel", 0.5, (72, 108), 9, ring_s=2.0),
    "music box": _struck(struck.music_box, "music box", 0.6, (60, 103), 10, ring_s=2.5),
    "steel drum": _struck(struck.steel_drum, "steel drum", 0.3, (48, 88), 114, ring_s=1.5),
    "bell": _struck(struck.bell, "bells", 0.8, (48, 96)),
    "timpani": _struck(struck.timpani, "timpani", 0.4, (36, 60), 47, ring_s=2.5),
    # Bowed, sung and blown.
    "strings": _held(blown.strings, "strings", (28, 96), 48),
    "tremolo strings": _held(blown.tremolo_strings, "strings", (28, 96), 44),
    "violin": _held(blown.violin, "violin", (55, 100), 40),
    "cello": _held(blown.cello, "cello", (36, 76), 42),
    "choir": _held(blown.choir, "choir", (41, 84), 52),
    "flute": _held(blown.flute, "flute", (60, 96), 73),
    "pan flute": _held(blown.pan_flute, "pan flute", (55, 96), 75),
    "oboe": _held(blown.oboe, "oboe", (58, 91), 68),
    "clarinet": _held(blown.clarinet, "clarinet", (50, 91), 71),
    "sax": _held(blown.sax, "saxophone", (44, 84), 66),
    "trumpet": _held(blown.trumpet, "trumpet", (54, 88), 56),
    "trombone": _held(blown.trombone, "trombone", (40, 74), 57),
    "tuba": _held(blown.tuba, "tuba", (26, 60), 58),
    "brass": _held(blown.brass, "brass", (36, 88), 61),
    # Synthesisers, which no recording replaces.
    "theremin": _held(held.theremin, "theremin", (48, 91)),
    "pluck": _struck(struck.pluck_synth, "synth pluck", 0.1, (36, 96)),
    "stab": _struck(struck.stab, "organ stab", 0.06, (36, 88)),
    "sub bass": _held(held.sub_bass, "sub bass", (24, 55)),
    "808 bass": _held(held.tuned_kick_bass, "808 bass", (24, 55)),
    "synth bass": _held(held.synth_bass, "synth bass", (24, 60)),
    "acid bass": _held(held.acid_bass, "acid bass", (24, 64)),
    "reese bass": _held(held.reese_bass, "reese bass", (24, 55)),
    "organ bass": _held(held.organ_bass, "organ bass", (24, 60)),
    "warm pad": _held(held.warm_pad, "pad", (36, 91)),
    "air pad": _held(held.air_pad, "pad", (41, 96)),
    "drone": _held(held.drone, "drone", (28, 84)),
    "supersaw": _held(held.supersaw, "synth", (36, 96)),
    "synth lead": _held(held.lead_synth, "synth lead", (36, 96)),
    "soft lead": _held(held.soft_lead, "synth lead", (36, 96)),
    "chip lead": _held(held.chip("pulse25"), "chip", (36, 103)),
    "chip arp": _held(held.chip("pulse12"), "chip", (36, 108)),
    "chip bass": _held(held.chip("triangle"), "chip bass", (24, 72)),
}
