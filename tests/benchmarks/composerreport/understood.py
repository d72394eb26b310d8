# SPDX-License-Identifier: GPL-3.0-or-later
"""Understanding is heard: style, key, tempo, and the two ends of each contrast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tests.benchmarks.composerreport import corpus, obeyed
from tests.benchmarks.composerreport.classifier import named_right
from tests.benchmarks.composerreport.keys import relation
from tests.benchmarks.composerreport.likeness import take_likeness
from tests.benchmarks.composerreport.measured import Found
from tests.benchmarks.composerreport.references import References
from tests.benchmarks.composerreport.table import Line, figure, median, share
from tests.benchmarks.composerreport.tempo import is_tempo

Pair = tuple[Found, Found]

_STRUCK_BY_DB = 3.0  # what less of drums is heard as, at least


def lines(found: list[Found], others: References) -> list[Line]:
    """Return the lines on what is heard."""
    return [*_styles(found), *_keys(found, others), *_tempos(found), *_contrasts(found)]


def _styles(found: list[Found]) -> list[Line]:
    takes = [f for f in found if f.ask.group == "style"]
    own = obeyed.own_styles()
    alike = [
        (take_likeness(a.picture, b.picture), a.ask.word)
        for i, a in enumerate(takes)
        for b in takes[:i]
        if a.ask.word == b.ask.word
    ]
    most, word = max(alike)
    return [
        Line(
            "style named by a classifier that learnt other seeds: words with a style of their own / all words",
            "≥ 94 / ≥ 85 %",
            f"{_named([f for f in takes if f.ask.word in own])} / {_named(takes)}",
            f"chance {100 / len({f.ask.word for f in takes}):.0f} %",
        ),
        Line(
            "two takes of a word alike (chroma and rhythm): median, most",
            "≤ 0.9",
            f"{figure(median(value for value, _ in alike), 2)}, {figure(most, 2)} ({word})",
        ),
    ]


def _named(takes: list[Found]) -> str:
    learnt, tried = corpus.SEEDS[:2], corpus.SEEDS[2:]
    return share(
        named_right(
            [(f.ask.word, f.statistics) for f in takes if f.ask.seed in learnt],
            [(f.ask.word, f.statistics) for f in takes if f.ask.seed in tried],
        )
    )


def _keys(found: list[Found], others: References) -> list[Line]:
    keyed = [f for f in found if f.ask.group == "key"]
    by_notes = [share(f.notes.keys[method] == f.ask.wanted for f in keyed) for method in (0, 1)]
    by_ear = [share(f.keys[method] == f.ask.wanted for f in keyed) for method in (0, 1)]
    missed = Counter(relation(f.ask.wanted, f.keys[1]) for f in keyed if f.keys[1] != f.ask.wanted)
    told = ", ".join(f"{name} {n}" for name, n in missed.most_common())
    control = f"GM: heard as written {others.keys_agree} of {others.keys_n}" if others.keys_n else "–"
    return [
        Line("asked key on the notes: Albrecht–Shanahan (Krumhansl)", "≥ 95 %", f"{by_notes[1]} ({by_notes[0]})"),
        Line(
            "asked key on the audio: Albrecht–Shanahan (Krumhansl); the misses",
            "≥ 75 %",
            f"{by_ear[1]} ({by_ear[0]}); {told or 'none'}",
            control,
        ),
    ]


def _tempos(found: list[Found]) -> list[Line]:
    timed = [f for f in found if f.ask.group == "tempo"]
    right = [is_tempo(f.bpm, float(f.ask.wanted), octave=True) for f in timed]
    as_read = [is_tempo(f.bpm, float(f.ask.wanted), octave=f.ask.word in corpus.ANY_OCTAVE) for f in timed]
    wrong = Counter(f.ask.word for f, is_right in zip(timed, as_read, strict=True) if not is_right)
    told = ", ".join(f"{word} {n}" for word, n in wrong.items())
    return [
        Line(
            "asked tempo, drums: octave allowed / as its style is read",
            "≥ 98 / ≥ 95 %",
            f"{share(right)} / {share(as_read)}" + (f" (not: {told})" if told else ""),
        )
    ]


def _contrasts(found: list[Found]) -> list[Line]:
    tests: dict[str, tuple[str, Callable[[Found, Found], bool]]] = {
        "dark–bright": ("spectral centroid", lambda less, more: less.brightness_hz < more.brightness_hz),
        "sparse–dense": ("onsets", lambda less, more: less.sound.onset_rate < more.sound.onset_rate),
        "no drums": ("what is struck above 3 kHz, by 3 dB", _has_less_drums),
        "solo piano": ("what is struck above 3 kHz, by 3 dB", _has_less_drums),
        "calm–aggressive": ("onsets", lambda less, more: less.sound.onset_rate < more.sound.onset_rate),
        "sad–happy": ("minor, major", lambda less, more: less.major_by < 0.0 < more.major_by),
    }
    out = []
    for name, (how, test) in tests.items():
        pairs = _pairs(found, name)
        right = [test(*pair) for pair in pairs]
        wrong = [less.ask.prompt for (less, _), is_right in zip(pairs, right, strict=True) if not is_right]
        told = f" (not: {'; '.join(wrong)})" if wrong else ""
        out.append(Line(f"{name} heard the right way ({how})", "≥ 98 %", share(right) + told))
    return out


def _has_less_drums(less: Found, more: Found) -> bool:
    return less.percussion_db <= more.percussion_db - _STRUCK_BY_DB


def _pairs(found: list[Found], name: str) -> list[Pair]:
    some = [f for f in found if f.ask.group == name]
    numbers = sorted({f.ask.pair for f in some})
    sides = [{f.ask.wanted: f for f in some if f.ask.pair == number} for number in numbers]
    return [(side["less"], side["more"]) for side in sides if len(side) == 2]
