# SPDX-License-Identifier: GPL-3.0-or-later
"""This module lists the words of prompts, English and Italian, that the composer knows besides its styles' names.

To add a word: put it beside its fellows. Longer phrases win over shorter ones.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood changes how a piece is written.

    Attributes
    ----------
    mode
        "minor", "major", or "" where it leaves that alone.
    pace
        Where in the style's tempo range, -1 slowest to 1 fastest.
    bright, busy, room
        Factors on the filters' cutoffs, the number of notes, the share of reverb.
    """

    mode: str
    pace: float
    bright: float
    busy: float
    room: float


MOODS: dict[str, Mood] = {
    "calm": Mood("", -0.7, 0.85, 0.7, 1.2),
    "sad": Mood("minor", -0.6, 0.85, 0.8, 1.2),
    "happy": Mood("major", 0.4, 1.15, 1.1, 0.9),
    "dark": Mood("minor", -0.2, 0.7, 0.9, 1.2),
    "energetic": Mood("", 0.9, 1.2, 1.25, 0.8),
    "dreamy": Mood("", -0.4, 0.9, 0.85, 1.6),
    "epic": Mood("minor", 0.1, 1.15, 1.1, 1.3),
    "romantic": Mood("", -0.4, 0.9, 0.95, 1.2),
    "tense": Mood("minor", 0.3, 1.0, 1.1, 1.0),
    "warm": Mood("", -0.2, 0.75, 0.95, 1.0),
}

MOOD_WORDS: dict[str, tuple[str, ...]] = {
    "calm": (
        "calm",
        "calmo",
        "calma",
        "chill",
        "chilled",
        "chillout",
        "relaxed",
        "relaxing",
        "relax",
        "rilassante",
        "rilassato",
        "peaceful",
        "quiet",
        "gentle",
        "soft",
        "tranquillo",
        "tranquilla",
        "dolce",
        "morbido",
        "mellow",
        "soothing",
    ),
    "sad": (
        "sad",
        "triste",
        "melancholic",
        "melancholy",
        "malinconico",
        "malinconica",
        "nostalgic",
        "nostalgico",
        "nostalgica",
        "lonely",
        "blue",
        "heartbreak",
    ),
    "happy": (
        "happy",
        "felice",
        "allegra",
        "cheerful",
        "joyful",
        "gioioso",
        "gioiosa",
        "upbeat",
        "sunny",
        "solare",
        "fun",
        "playful",
        "bright",
        "uplifting",
        "summer",
        "estate",
        "estivo",
        "estiva",
    ),
    "dark": (
        "dark",
        "scuro",
        "scura",
        "buio",
        "cupo",
        "cupa",
        "sinister",
        "gloomy",
        "night",
        "notte",
        "notturna",
        "moody",
        "gothic",
    ),
    "energetic": (
        "energetic",
        "energico",
        "energica",
        "driving",
        "powerful",
        "potente",
        "aggressive",
        "aggressivo",
        "hard",
        "heavy",
        "intense",
        "intenso",
        "workout",
        "party",
        "festa",
        "banging",
    ),
    "dreamy": (
        "dreamy",
        "dream",
        "sognante",
        "sogno",
        "ethereal",
        "etereo",
        "eterea",
        "floating",
        "hazy",
        "psychedelic",
        "psichedelico",
        "lush",
    ),
    "epic": (
        "epic",
        "epico",
        "epica",
        "heroic",
        "eroico",
        "eroica",
        "majestic",
        "maestoso",
        "maestosa",
        "battle",
        "battaglia",
        "triumphant",
        "grand",
    ),
    "romantic": (
        "romantic",
        "romantico",
        "romantica",
        "love",
        "amore",
        "sensual",
        "sensuale",
        "tender",
        "tenero",
        "tenera",
    ),
    "tense": (
        "tense",
        "teso",
        "tesa",
        "suspense",
        "suspenseful",
        "mysterious",
        "misterioso",
        "misteriosa",
        "nervous",
        "thriller",
        "horror",
        "creepy",
    ),
    "warm": (
        "warm",
        "caldo",
        "calda",
        "cozy",
        "cosy",
        "accogliente",
        "analog",
        "analogico",
        "vintage",
        "smooth",
        "velvet",
    ),
}

TEMPO_WORDS: dict[str, float] = {
    "grave": 40, "largo": 50, "larghetto": 62, "adagio": 70, "andante": 86, "andantino": 92, "moderato": 108,
    "allegretto": 114, "allegro": 130, "vivace": 160, "presto": 180, "prestissimo": 200,
}  # fmt: skip
"""Beats per minute in the middle of what each Italian marking means."""

SLOW_WORDS = ("slow", "slower", "lento", "lenta", "downtempo", "slowly")
FAST_WORDS = ("fast", "faster", "veloce", "rapido", "rapida", "quick", "uptempo", "up-tempo", "speedy")

INSTRUMENT_WORDS: dict[str, tuple[str, ...]] = {
    "electric piano": ("electric piano", "rhodes", "wurlitzer", "piano elettrico", "e-piano", "epiano"),
    "piano": ("piano", "pianoforte", "grand piano", "keys"),
    "guitar": (
        "guitar", "chitarra", "acoustic guitar", "chitarra acustica", "nylon guitar",
        "classical guitar", "chitarra classica",
    ),
    "steel guitar": ("steel guitar", "twelve string", "ukulele", "banjo", "mandolin", "mandolino"),
    "distorted guitar": ("electric guitar", "chitarra elettrica", "distorted guitar", "distortion", "power chords"),
    "muted guitar": ("muted guitar", "wah guitar"),
    "harp": ("harp", "arpa"),
    "upright bass": ("upright bass", "double bass", "contrabbasso"),
    "finger bass": ("bass guitar", "electric bass", "basso elettrico"),
    "slap bass": ("slap bass", "slap"),
    "sub bass": ("sub bass", "sub"),
    "808 bass": ("808 bass", "808s"),
    "acid bass": ("acid bass", "303", "tb-303"),
    "reese bass": ("reese", "reese bass", "wobble bass"),
    "synth bass": ("synth bass", "moog bass", "basso synth"),
    "vibraphone": ("vibraphone", "vibes", "vibrafono"),
    "marimba": ("marimba", "xylophone", "xilofono"),
    "kalimba": ("kalimba", "mbira", "thumb piano", "music box", "carillon"),
    "bell": ("bell", "bells", "campana", "campane", "gong"),
    "glockenspiel": ("glockenspiel", "celesta"),
    "pluck": ("pluck", "plucks", "arpeggio", "arpeggios", "arpeggiator", "arp"),
    "warm pad": ("pad", "pads", "tappeto"),
    "strings": ("strings", "archi", "string section", "cello", "violoncello", "viola"),
    "violin": ("violin", "violino", "fiddle"),
    "choir": ("choir", "coro", "voices", "voci", "vocal", "vocals", "vocal pad"),
    "supersaw": ("supersaw", "synth", "synths", "synthesizer", "sintetizzatore"),
    "organ": ("organ", "organo", "hammond"),
    "flute": ("flute", "flauto", "pan flute", "recorder", "whistle"),
    "sax": ("sax", "saxophone", "sassofono"),
    "clarinet": ("clarinet", "clarinetto", "oboe"),
    "trumpet": ("trumpet", "tromba", "muted trumpet", "flugelhorn"),
    "brass": ("brass", "ottoni", "horns", "fiati", "trombone"),
    "synth lead": ("synth lead", "lead synth", "lead"),
    "chip lead": ("square wave", "onda quadra"),
}  # fmt: skip

DRUM_WORDS = ("drums", "drum", "batteria", "beat", "beats", "percussion", "percussioni", "drum machine")
BASS_WORDS = ("bass", "basso", "bassline", "bass line")
LEAD_WORDS = ("melody", "melodia", "lead melody")

BASS_INSTRUMENTS = frozenset(
    {"upright bass", "finger bass", "slap bass", "sub bass", "808 bass", "acid bass", "reese bass", "synth bass"}
)
LEAD_INSTRUMENTS = frozenset(
    {"violin", "flute", "sax", "clarinet", "trumpet", "synth lead", "chip lead", "glockenspiel", "vibraphone", "brass"}
)
PAD_INSTRUMENTS = frozenset({"warm pad", "strings", "choir", "supersaw"})

STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "the",
        "with",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "my",
        "your",
        "some",
        "very",
        "more",
        "un",
        "uno",
        "una",
        "il",
        "lo",
        "la",
        "i",
        "gli",
        "le",
        "e",
        "ed",
        "con",
        "di",
        "da",
        "del",
        "della",
        "dei",
        "per",
        "su",
        "nel",
        "nella",
        "alla",
        "al",
        "molto",
        "piu",
        "music",
        "musica",
        "song",
        "canzone",
        "brano",
        "loop",
        "track",
        "traccia",
        "please",
        "key",
        "tempo",
        "bpm",
        "tonalita",
    ]
)
