# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus is what the composer is asked for: prompts with seeds, and what each should be heard to be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

STYLE_WORDS = (
    "lofi", "boom bap", "trap", "house", "deep house", "techno", "minimal", "trance", "drum and bass", "jungle",
    "dubstep", "ambient", "drone", "synthwave", "vaporwave", "chillwave", "synthpop", "italo disco", "funk", "soul",
    "disco", "reggae", "dub", "ska", "rock", "surf", "punk", "metal", "country", "folk", "jazz trio", "swing",
    "bossa nova", "samba", "afrobeat", "cumbia", "reggaeton", "tango", "waltz", "baroque", "minimalism", "cinematic",
    "horror", "chiptune", "music box",
)  # fmt: skip
"""Forty-five names of styles, each of which should have a style of its own."""

PICTURED = (
    "lofi", "house", "techno", "drum and bass", "ambient", "synthwave", "funk", "reggae", "rock", "jazz trio",
    "baroque", "cinematic",
)  # fmt: skip
"""Twelve styles that are drawn."""

NOT_TONAL = frozenset({"techno", "minimal", "drone", "ambient", "horror", "dub", "minimalism"})
"""Style words whose music need not lead back to its first bar by harmony."""

ANY_OCTAVE = frozenset({"reggae", "dub", "drum and bass", "jungle", "dubstep", "trap"})
"""Style words whose tempo is as well read at its half or its double."""

SEEDS = (101, 202, 303, 404)
"""Seeds a, b, on which the classifier learns, and c, d, on which it is tried."""

_KEYED = (
    "lofi", "house", "rock", "folk", "jazz trio", "waltz", "synthwave", "funk", "reggae", "baroque", "bossa nova",
    "chiptune", "country", "soul", "disco", "cinematic", "trap", "ambient", "metal", "tango", "music box", "ska",
    "synthpop", "swing",
)  # fmt: skip
_KEYS = ("C major", "A minor", "G major", "E minor", "D major", "B minor", "F major", "D minor", "Bb major", "G minor",
         "Eb major", "C minor", "Ab major", "F minor", "Db major", "Bb minor", "F# major", "Eb minor", "B major",
         "G# minor", "E major", "C# minor", "A major", "F# minor")  # fmt: skip
_TIMED = {
    "lofi": (72, 80, 88), "house": (120, 124, 128), "techno": (128, 132, 138), "drum and bass": (168, 172, 176),
    "reggae": (70, 76, 84), "rock": (104, 120, 138), "funk": (98, 106, 114), "trap": (130, 140, 148),
    "boom bap": (84, 90, 96), "synthwave": (84, 100, 112), "disco": (112, 118, 124), "punk": (150, 165, 180),
    "bossa nova": (118, 130, 142), "afrobeat": (100, 110, 120), "samba": (90, 98, 104),
}  # fmt: skip
_METRES = ("3/4", "6/8", "5/4", "7/8")
_METRED = ("folk", "jazz trio", "rock", "cinematic")
_BARRED = (("techno 140 bpm, 8 bars", 8), ("techno 140 bpm, 16 bars", 16), ("lofi, 4 battute", 4), ("funk, 4 bars", 4),
           ("rock 120 bpm, 12 bars", 12), ("bossa nova, 8 battute", 8))  # fmt: skip

_CONTRASTS: dict[str, tuple[tuple[str, str], ...]] = {
    "dark–bright": (
        ("dark house", "bright house"), ("dark techno", "bright techno"), ("cupo ambient", "luminoso ambient"),
        ("dark lofi", "bright lofi"), ("dark cinematic", "bright cinematic"), ("dark synthwave", "bright synthwave"),
    ),
    "sparse–dense": (
        ("sparse techno", "dense techno"), ("sparse funk", "dense funk"), ("jazz rado", "jazz fitto"),
        ("sparse lofi", "dense lofi"), ("sparse rock", "dense rock"), ("sparse house", "dense house"),
    ),
    "no drums": (
        ("lofi, no drums", "lofi"), ("house without drums", "house"), ("funk senza batteria", "funk"),
        ("rock, no drums", "rock"), ("reggae, no drums", "reggae"), ("synthwave without drums", "synthwave"),
    ),
    "solo piano": (
        ("solo piano lofi", "lofi"), ("solo piano jazz", "jazz"), ("pianoforte solo, rock", "rock"),
        ("solo piano, funk", "funk"), ("solo piano, house", "house"), ("solo piano, bossa nova", "bossa nova"),
    ),
    "calm–aggressive": (
        ("calm techno", "aggressive techno"), ("calm rock", "aggressive rock"), ("calmo hip hop", "aggressivo hip hop"),
        ("calm synthwave", "aggressive synthwave"), ("calm funk", "aggressive funk"),
        ("calm drum and bass", "aggressive drum and bass"),
    ),
    "sad–happy": (
        ("sad folk", "happy folk"), ("sad lofi", "happy lofi"), ("triste rock", "allegro rock"),
        ("sad synthwave", "happy synthwave"), ("sad piano waltz", "happy piano waltz"),
        ("sad chiptune", "happy chiptune"),
    ),
}  # fmt: skip

NEGATIONS = (
    ("lofi without piano", ("piano",)), ("folk senza chitarra", ("guitar",)), ("cinematic, no strings", ("strings",)),
    ("jazz senza sax", ("sax",)), ("ambient without pads", ("pad",)), ("bossa nova, no flute", ("flute",)),
    ("rock, no guitar", ("guitar",)), ("house, no piano or strings", ("piano", "strings")),
    ("lofi, no drums or bass", ("drums", "bass")), ("funk without brass", ("brass",)),
)  # fmt: skip
"""Prompts that leave something out, with what must then not be there: parts of instruments' names, or roles."""

CHANGED = (
    ("lofi", ("sad lofi", "happy lofi", "dark lofi", "bright lofi", "slow lofi", "lofi qwertyword")),
    ("house", ("calm house", "dreamy house", "bright house", "fast house", "house 124 bpm", "house qwertyword")),
    ("rock", ("sad rock", "happy rock", "aggressive rock", "slow rock", "dark rock", "rock qwertyword")),
    ("bossa nova", ("sad bossa nova", "calm bossa nova", "warm bossa nova", "fast bossa nova", "dense bossa nova",
                    "bossa nova qwertyword")),
)  # fmt: skip
"""Prompts, each with others that differ from it by one word which asks for neither a key nor a player."""

UNKNOWN = ("tarantella", "gamelan", "thunderstorm on a tin roof", "zydeco")
"""Prompts that no style is made for."""

OUT_OF_RANGE = ("techno 400 bpm", "lofi at 12 bpm")
"""Prompts that ask for what cannot be had, which must be said."""

CONTRASTS = tuple(_CONTRASTS)
"""Names of the contrasts that are listened to."""

MOST_QUICK = {"style": 27, "key": 8, "tempo": 6, "metre": 2, "bars": 2}
"""Prompts of each group in a quick report; a contrast has four."""

_DURATION_S = {"style": 16.0, "key": 20.0, "tempo": 16.0, "metre": 10.0, "bars": 8.0}
_CONTRAST_S = 12.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One clip to ask for.

    Attributes
    ----------
    group
        What it is asked for: "style", "key", "tempo", "metre", "bars" or the name of a contrast.
    word
        The style's word.
    wanted
        The key, tempo, metre or bars that must be found; of a contrast "less" or "more".
    pair
        The pair's number within its contrast.
    """

    group: str
    prompt: str
    seed: int
    duration_s: float
    word: str = ""
    wanted: str = ""
    pair: int = 0


def asks(*, quick: bool = False) -> list[Ask]:
    """Return every clip to ask for, in groups."""
    every = [*_styles(quick=quick), *_keys(), *_tempos(), *_metres(), *_bars(), *_contrasted()]
    if not quick:
        return every
    kept, seen = [], dict.fromkeys([*MOST_QUICK, *CONTRASTS], 0)
    for ask in every:
        seen[ask.group] += 1
        if seen[ask.group] <= MOST_QUICK.get(ask.group, 4):
            kept.append(ask)
    return kept


def _styles(*, quick: bool) -> list[Ask]:
    # A quick report has two seeds to learn on and one to be tried on.
    words = (*PICTURED[:8], "tango") if quick else STYLE_WORDS
    seeds = SEEDS[:3] if quick else SEEDS
    return [Ask("style", word, seed, _DURATION_S["style"], word) for word, seed in product(words, seeds)]


def _keys() -> list[Ask]:
    n = len(_KEYS)
    out = []
    for turn, (i, word) in product(range(2), enumerate(_KEYED)):
        key = _KEYS[(i * 5 + turn * 7) % n]
        out.append(Ask("key", f"{word} in {key}", 500 + i + 40 * turn, _DURATION_S["key"], word, key))
    return out


def _tempos() -> list[Ask]:
    out = []
    for turn, (i, (word, tempos)) in product(range(3), enumerate(_TIMED.items())):
        out.append(Ask("tempo", f"{word} {tempos[turn]} bpm", 600 + i + 20 * turn, _DURATION_S["tempo"], word,
                       str(tempos[turn])))  # fmt: skip
    return out


def _metres() -> list[Ask]:
    return [
        Ask("metre", f"{word} in {metre}", 700 + i, _DURATION_S["metre"], word, metre)
        for i, (word, metre) in enumerate(product(_METRED, _METRES))
    ]


def _bars() -> list[Ask]:
    return [
        Ask("bars", prompt, 800 + i, _DURATION_S["bars"], wanted=str(bars)) for i, (prompt, bars) in enumerate(_BARRED)
    ]


def _contrasted() -> list[Ask]:
    out = []
    for name, pairs in _CONTRASTS.items():
        for number, prompts in enumerate(pairs):
            one = Ask(name, prompts[0], 900 + number, _CONTRAST_S, wanted="less", pair=number)
            out += [one, replace(one, prompt=prompts[1], wanted="more")]
    return out
