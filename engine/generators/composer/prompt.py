# SPDX-License-Identifier: GPL-3.0-or-later
"""This module reads a prompt: which words name a style, tempo, key, metre, mood or instrument, which are unknown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.dsp.key import MAJOR_TONICS, MINOR_TONICS
from engine.generators.composer import vocabulary as words
from engine.generators.composer.instruments import INSTRUMENTS
from engine.generators.composer.styles import Style, styles
from engine.generators.composer.theory import MODES

MIN_TEMPO_BPM, MAX_TEMPO_BPM = 30.0, 300.0

_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SYLLABLES = {"do": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
_MODE_WORDS = {
    "major": "major", "maj": "major", "maggiore": "major", "ionian": "major",
    "minor": "minor", "min": "minor", "minore": "minor", "aeolian": "minor", "eolio": "minor",
    "dorian": "dorian", "dorico": "dorian", "phrygian": "phrygian", "frigio": "phrygian",
    "lydian": "lydian", "lidio": "lydian", "mixolydian": "mixolydian", "misolidio": "mixolydian",
}  # fmt: skip
_MODE = "|".join(sorted(_MODE_WORDS, key=len, reverse=True))
_ACCIDENTAL = r"(?:[ -]?(sharp|flat|diesis|bemolle)|(#|♯|♭|b))?"
_KEY = re.compile(rf"\b(?:(?:in|key of|in the key of) +)?(do|re|mi|fa|sol|la|si|[a-g]){_ACCIDENTAL}[ -]?({_MODE})\b")
_SHORT_KEY = re.compile(r"(?<![\w#'])([A-G])(#|♯|♭|b)?m(?![\w'])")
_TONIC_ONLY = re.compile(r"\b(?:in|key of) ([A-G])(#|♯|♭|b)?(?=$|[,.;:)]| (?:at|with|and|con|a)\b)")
_TEMPO = re.compile(r"(?<![\d.,])(\d{2,3}(?:[.,]\d+)?) ?-?(?:bpm|beats per minute|battiti(?: al minuto)?)(?![a-z])")
_TEMPO_AFTER = re.compile(r"\b(?:bpm|tempo) ?[:=]? ?(\d{2,3}(?:[.,]\d+)?)(?![\d/])")
_METRE = re.compile(r"(?<![\d/])(2|3|4|5|6|7|9|12) ?/ ?(4|8)(?![\d/])")
_WALTZ = re.compile(r"\b(?:waltz|valzer)\b")
_MODE_ALONE = re.compile(rf"\b({_MODE})\b")
_SOLO = re.compile(r"\b(?:solo|only|soltanto|unaccompanied)\b")
_NO = r"(?:no|without|senza|zero|niente)(?: any| the| la| il)? "
_METRES = {(2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (7, 4), (5, 8), (6, 8), (7, 8), (9, 8), (12, 8)}


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief is what a prompt asks for; a field is None or empty where the prompt says nothing.

    Attributes
    ----------
    tempo_bpm
        A tempo named in figures: kept exactly.
    near_bpm
        A tempo marking ("allegro"): about this.
    pace
        -1 slow, 1 fast, 0 unsaid.
    tonic, mode
        Pitch class and name of a mode.
    metre
        As written: (6, 8).
    without
        Roles that must not play: "drums", "bass", "lead".
    solo
        Whether the named instruments play alone.
    unknown
        Words that mean nothing to the composer.
    fusion
        A second style, of which the piece takes something, or None.
    bars
        Length in whole bars.
    energy, density, brightness, space
        In [-1, 1]; 0 is unsaid.
    swing
        How far off-beats are late, 0 (straight) to 1; None is unsaid.
    half_time
        -1 half time, 1 double time, 0 unsaid.
    grit
        Vinyl, tape and dust, in [0, 1]; 0 is unsaid.
    excluded
        Instruments (their names in ``INSTRUMENTS``) and drums (in ``PIECES``) that must not be heard.
    refused
        Sentences on what was understood and cannot be had.
    nearest
        Words that are not known, each with the known ones that it was taken for.
    """

    style: str | None
    tempo_bpm: float | None
    near_bpm: float | None
    pace: int
    tonic: int | None
    mode: str | None
    metre: tuple[int, int] | None
    moods: tuple[str, ...]
    instruments: tuple[str, ...]
    drums: bool
    without: frozenset[str]
    solo: bool
    unknown: tuple[str, ...]
    fusion: str | None = None
    bars: int | None = None
    energy: float = 0.0
    density: float = 0.0
    brightness: float = 0.0
    space: float = 0.0
    swing: float | None = None
    half_time: int = 0
    grit: float = 0.0
    excluded: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()
    nearest: tuple[tuple[str, tuple[str, ...]], ...] = ()


class _Text:
    """A prompt that is being read: what is understood is blanked out."""

    def __init__(self, prompt: str) -> None:
        plain = unicodedata.normalize("NFKC", prompt).replace("’", "'")
        self.cased = re.sub(r"\s+", " ", plain).strip()
        self.lower = self.cased.lower()
        if len(self.lower) != len(self.cased):  # a letter whose lower case is longer
            self.cased = self.lower

    def take(self, pattern: re.Pattern[str], *, cased: bool = False) -> re.Match[str] | None:
        match = pattern.search(self.cased if cased else self.lower)
        if match is not None:
            self.blank(match.start(), match.end())
        return match

    def blank(self, start: int, end: int) -> None:
        gap = " " * (end - start)
        self.lower = self.lower[:start] + gap + self.lower[end:]
        self.cased = self.cased[:start] + gap + self.cased[end:]

    def take_all(self, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
        found = [(match.start(), match.group(0)) for match in pattern.finditer(self.lower)]
        for start, text in found:
            self.blank(start, start + len(text))
        return found


@lru_cache(maxsize=64)
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(r"(?<![\w&])(?:" + "|".join(map(re.escape, ordered)) + r")(?![\w&])")


def _named(text: _Text, table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the table's keys whose words occur, in order of appearance, once each."""
    owner = {phrase: key for key, phrases in table.items() for phrase in phrases}
    found = text.take_all(_any_of(tuple(owner)))
    return tuple(dict.fromkeys(owner[phrase] for _start, phrase in sorted(found)))


def read_prompt(prompt: str, every: Mapping[str, Style] | None = None) -> Brief:
    """Read ``prompt``; ``every`` style is a built-in one where none are given.

    Any text is fine: what is not understood is kept in ``unknown``.
    """
    text = _Text(prompt)
    tempo_bpm = _tempo(text)
    metre = _metre(text)
    tonic, mode = _key(text)
    without = frozenset(
        role
        for role, phrases in (("drums", words.DRUM_WORDS), ("bass", words.BASS_WORDS), ("lead", words.LEAD_WORDS))
        if text.take(re.compile(_NO + _any_of(phrases).pattern)) is not None
    )
    if text.take(re.compile(r"\b(?:drumless|beatless)\b")):
        without |= {"drums"}
    every = styles() if every is None else every
    named = _named(text, {name: style.words for name, style in every.items()})
    instruments = _named(text, words.INSTRUMENT_WORDS)
    hinted = _named(text, {name: style.hints for name, style in every.items()}) if not named else ()
    moods = _named(text, words.MOOD_WORDS)
    marking = _named(text, {word: (word,) for word in words.TEMPO_WORDS})
    slow = bool(text.take_all(_any_of(words.SLOW_WORDS)))
    fast = bool(text.take_all(_any_of(words.FAST_WORDS)))
    drums = bool(text.take_all(_any_of(words.DRUM_WORDS)))
    text.take_all(_any_of(words.BASS_WORDS + words.LEAD_WORDS))
    solo = bool(instruments) and text.take(_SOLO) is not None
    if mode is None and (alone := text.take(_MODE_ALONE)):
        mode = _MODE_WORDS[alone.group(1)]
    unknown = tuple(word for word in re.findall(r"[^\W_]+", text.lower) if word not in words.STOP_WORDS)
    return Brief(
        style=(named or hinted or (None,))[0],
        tempo_bpm=tempo_bpm,
        near_bpm=words.TEMPO_WORDS[marking[0]] if marking else None,
        pace=int(fast) - int(slow),
        tonic=tonic,
        mode=mode,
        metre=metre,
        moods=moods,
        instruments=instruments,
        drums=drums and "drums" not in without,
        without=without,
        solo=solo,
        unknown=unknown + named[1:],
    )


def _tempo(text: _Text) -> float | None:
    match = text.take(_TEMPO) or text.take(_TEMPO_AFTER)
    if match is None:
        return None
    tempo_bpm = float(match.group(1).replace(",", "."))
    return tempo_bpm if MIN_TEMPO_BPM <= tempo_bpm <= MAX_TEMPO_BPM else None


def _metre(text: _Text) -> tuple[int, int] | None:
    match = text.take(_METRE)
    if match is not None and (metre := (int(match.group(1)), int(match.group(2)))) in _METRES:
        return metre
    # "waltz" stays in the text: it also names the style.
    return (3, 4) if _WALTZ.search(text.lower) else None


def _key(text: _Text) -> tuple[int | None, str | None]:
    match = _KEY.search(text.lower)
    if match is not None:
        name, word, sign, mode = match.groups()
        rest = text.lower[match.end() :]
        # "in a minor key" names no tonic, "in A minor" does.
        article = name == "a" and not word and not sign and re.match(r" (?:key|mode|mood|scale|feel|chord)", rest)
        text.blank(match.start(), match.end())
        if article and text.cased[match.start() : match.end()].find("A") < 0:
            return None, _MODE_WORDS[mode]
        return _pitch_class(name, word or sign), _MODE_WORDS[mode]
    short = text.take(_SHORT_KEY, cased=True)
    if short is not None:
        return _pitch_class(short.group(1).lower(), short.group(2)), "minor"
    tonic = text.take(_TONIC_ONLY, cased=True)
    return (_pitch_class(tonic.group(1).lower(), tonic.group(2)), None) if tonic is not None else (None, None)


def _pitch_class(name: str, accidental: str | None) -> int:
    shift = {None: 0, "": 0, "#": 1, "♯": 1, "sharp": 1, "diesis": 1}.get(accidental, -1)
    return (_SYLLABLES.get(name, _LETTERS.get(name, 0)) + shift) % 12


def understand(prompt: str) -> tuple[str, ...]:
    """Return what the composer will honour of ``prompt``, as short words: ("lofi", "85 bpm", "A minor", "piano")."""
    brief = read_prompt(prompt)
    chips: list[str] = []
    if brief.style is not None:
        chips.append(styles()[brief.style].title)
    if brief.tempo_bpm is not None:
        chips.append(f"{brief.tempo_bpm:g} bpm")
    elif brief.near_bpm is not None:
        chips.append(next(word for word, bpm in words.TEMPO_WORDS.items() if bpm == brief.near_bpm))
    elif brief.pace:
        chips.append("fast" if brief.pace > 0 else "slow")
    if brief.tonic is not None:
        is_minor = brief.mode is not None and MODES[brief.mode][2] == 3
        chips.append(f"{(MINOR_TONICS if is_minor else MAJOR_TONICS)[brief.tonic]} {brief.mode or ''}".strip())
    elif brief.mode is not None:
        chips.append(brief.mode)
    if brief.metre is not None:
        chips.append(f"{brief.metre[0]}/{brief.metre[1]}")
    chips.extend(brief.moods)
    chips.extend(dict.fromkeys(INSTRUMENTS[name].tag for name in brief.instruments))
    if brief.solo:
        chips.append("solo")
    chips.extend(f"no {role}" for role in sorted(brief.without))
    return tuple(chips)
