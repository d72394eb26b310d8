# SPDX-License-Identifier: GPL-3.0-or-later
"""This module names every instrument.

To add one: a function in ``struck`` or ``held`` and a line in ``INSTRUMENTS``; styles then know its name, and
prompts do once ``resources/words/instruments.toml`` has words for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.generators.composer import held, struck
from engine.generators.composer.tone import Render


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
    """

    render: Render
    struck: bool
    release_s: float
    tag: str


INSTRUMENTS: dict[str, Instrument] = {
    "electric piano": Instrument(struck.electric_piano, True, 0.12, "electric piano"),
    "piano": Instrument(struck.piano, True, 0.16, "piano"),
    "guitar": Instrument(struck.guitar, True, 0.12, "guitar"),
    "steel guitar": Instrument(struck.steel, True, 0.12, "guitar"),
    "muted guitar": Instrument(struck.muted_guitar, True, 0.03, "guitar"),
    "distorted guitar": Instrument(held.distorted_guitar, False, 0.0, "electric guitar"),
    "harp": Instrument(struck.harp, True, 0.5, "harp"),
    "upright bass": Instrument(struck.upright_bass, True, 0.06, "upright bass"),
    "finger bass": Instrument(struck.finger_bass, True, 0.05, "bass"),
    "slap bass": Instrument(struck.slap_bass, True, 0.04, "slap bass"),
    "vibraphone": Instrument(struck.vibraphone, True, 0.3, "vibraphone"),
    "marimba": Instrument(struck.marimba, True, 0.3, "marimba"),
    "kalimba": Instrument(struck.kalimba, True, 0.3, "kalimba"),
    "bell": Instrument(struck.bell, True, 0.8, "bells"),
    "glockenspiel": Instrument(struck.glockenspiel, True, 0.5, "glockenspiel"),
    "pluck": Instrument(struck.pluck_synth, True, 0.1, "synth pluck"),
    "stab": Instrument(struck.stab, True, 0.06, "organ stab"),
    "sub bass": Instrument(held.sub_bass, False, 0.0, "sub bass"),
    "808 bass": Instrument(held.tuned_kick_bass, False, 0.0, "808 bass"),
    "synth bass": Instrument(held.synth_bass, False, 0.0, "synth bass"),
    "acid bass": Instrument(held.acid_bass, False, 0.0, "acid bass"),
    "reese bass": Instrument(held.reese_bass, False, 0.0, "reese bass"),
    "organ bass": Instrument(held.organ_bass, False, 0.0, "organ bass"),
    "warm pad": Instrument(held.warm_pad, False, 0.0, "pad"),
    "air pad": Instrument(held.air_pad, False, 0.0, "pad"),
    "strings": Instrument(held.strings, False, 0.0, "strings"),
    "choir": Instrument(held.choir, False, 0.0, "choir"),
    "supersaw": Instrument(held.supersaw, False, 0.0, "synth"),
    "organ": Instrument(held.organ, False, 0.0, "organ"),
    "flute": Instrument(held.flute, False, 0.0, "flute"),
    "sax": Instrument(held.sax, False, 0.0, "saxophone"),
    "clarinet": Instrument(held.clarinet, False, 0.0, "clarinet"),
    "trumpet": Instrument(held.trumpet, False, 0.0, "trumpet"),
    "violin": Instrument(held.violin, False, 0.0, "violin"),
    "brass": Instrument(held.brass, False, 0.0, "brass"),
    "synth lead": Instrument(held.lead_synth, False, 0.0, "synth lead"),
    "soft lead": Instrument(held.soft_lead, False, 0.0, "synth lead"),
    "chip lead": Instrument(held.chip("pulse25"), False, 0.0, "chip"),
    "chip arp": Instrument(held.chip("pulse12"), False, 0.0, "chip"),
    "chip bass": Instrument(held.chip("triangle"), False, 0.0, "chip bass"),
}
