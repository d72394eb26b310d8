# SPDX-License-Identifier: GPL-3.0-or-later
"""The dice make up a prompt for a layer of a jam, of words that every generator knows."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from engine.values.jam import LayerName


@dataclass(frozen=True, slots=True)
class Words:
    """The words that one layer's prompts are made of.

    Attributes
    ----------
    sound
        What is heard: ends a prompt that names no element.
    descriptors, techniques, genres, elements
        How it sounds, how it is played, what music it is of, and single things that are heard in it.
    """

    sound: str
    descriptors: tuple[str, ...]
    techniques: tuple[str, ...]
    genres: tuple[str, ...]
    elements: tuple[str, ...]


_BEATS = (
    "boom bap", "trap", "lofi", "house", "deep house", "techno", "minimal", "drum and bass", "jungle", "dubstep",
    "disco", "funk", "soul", "reggae", "dub", "afrobeat", "samba", "bossa nova", "cumbia", "reggaeton", "jazz", "swing",
    "rock", "punk", "synthwave", "trance", "hip hop",
)  # fmt: skip
_MUSIC = (
    "ambient", "lofi", "jazz", "soul", "funk", "house", "deep house", "disco", "synthwave", "vaporwave", "chillwave",
    "cinematic", "classical", "folk", "bossa nova", "dub", "reggae", "afrobeat", "techno", "trance", "tango",
)  # fmt: skip

WORDS: dict[LayerName, Words] = {
    LayerName.DRUMS: Words(
        "drums",
        (
            "dusty", "dry", "punchy", "heavy", "crisp", "warm", "lazy", "tight", "distorted", "roomy", "driving",
            "gritty", "hypnotic", "sparse", "busy", "vintage", "restless",
        ),
        (
            "brushed", "chopped", "syncopated", "swung", "half-time", "double-time", "four on the floor", "shuffled",
            "hand-played", "rolling", "broken", "laid-back",
        ),
        _BEATS,
        (
            "shakers", "rimshots", "claps", "congas", "bongos", "open hats", "ride cymbal", "tambourine", "toms",
            "woodblocks", "finger snaps", "cowbell", "ghost notes", "808 kick",
        ),
    ),
    LayerName.INSTRUMENTS: Words(
        "chords",
        (
            "warm", "hazy", "bright", "melancholic", "dreamy", "glassy", "mellow", "dark", "gentle", "shimmering",
            "hopeful", "nocturnal", "nostalgic", "airy", "rich", "lush", "sunlit",
        ),
        (
            "arpeggiated", "plucked", "bowed", "strummed", "muted", "staccato", "sustained", "filtered", "detuned",
            "fingerpicked", "tremolo", "swelling",
        ),
        _MUSIC,
        (
            "electric piano", "upright piano", "nylon guitar", "strings", "vibraphone", "organ", "analogue synth",
            "flute", "muted trumpet", "kalimba", "marimba", "celesta", "harp", "saxophone",
        ),
    ),
    LayerName.BASS: Words(
        "bass",
        ("warm", "round", "deep", "gritty", "rubbery", "dark", "soft", "punchy"),
        ("walking", "plucked", "muted", "sliding", "syncopated", "sustained", "picked"),
        _BEATS,
        ("sub bass", "upright bass", "electric bass", "analogue synth bass", "fretless bass", "808"),
    ),
    LayerName.CHORDS: Words(
        "chords",
        ("warm", "soft", "wide", "hazy", "bright", "dark", "mellow", "glassy"),
        ("sustained", "stabbed", "strummed", "swelling", "filtered", "rolled", "staccato"),
        _MUSIC,
        ("electric piano", "organ", "pads", "strings", "nylon guitar", "upright piano", "analogue synth"),
    ),
    LayerName.LEAD: Words(
        "melody",
        ("gentle", "bright", "lonely", "playful", "soaring", "whispering", "singing", "dreamy"),
        ("plucked", "bowed", "whistled", "legato", "staccato", "muted", "ornamented"),
        _MUSIC,
        ("flute", "bells", "muted trumpet", "saxophone", "violin", "vibraphone", "whistle", "synth lead"),
    ),
    LayerName.NOISE: Words(
        "noise",
        ("soft", "warm", "distant", "dusty", "wide", "slow", "dark", "airy"),
        ("filtered", "swelling", "drifting", "crackling", "breathing", "looped"),
        ("ambient", "lofi", "drone", "dub", "cinematic", "vaporwave"),
        ("vinyl crackle", "tape hiss", "rain", "wind", "waves", "room tone", "radio static"),
    ),
}  # fmt: skip


def diced_prompt(layer: LayerName, random: Random) -> str:
    """Return a prompt by chance: two kinds of words, or, one time of ten, three."""
    words, chance = WORDS[layer], random.random()
    descriptor, technique = random.choice(words.descriptors), random.choice(words.techniques)
    genre, element = random.choice(words.genres), random.choice(words.elements)
    if chance < 0.5:
        return f"{descriptor} {genre} {words.sound}"
    if chance < 0.75:
        return f"{technique} {descriptor} {words.sound}"
    if chance < 0.9:
        return f"{genre} {element}"
    return f"{descriptor} {technique} {genre} {words.sound}"
