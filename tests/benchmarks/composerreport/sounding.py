# SPDX-License-Identifier: GPL-3.0-or-later
"""How it sounds and how it is written, beside music that people made."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.benchmarks.composerreport import corpus
from tests.benchmarks.composerreport.colour import octaves_off
from tests.benchmarks.composerreport.measured import Found, Sound
from tests.benchmarks.composerreport.references import References
from tests.benchmarks.composerreport.table import Line, figure, median, share

_OFF_DB = 4.0


def sound_lines(found: list[Found], others: References) -> list[Line]:
    """Return the lines on levels, space and colour."""
    sounds = [f.sound for f in found]

    def line(what: str, goal: str, of: Callable[[Sound], float], *, lowest: bool = True) -> Line:
        ends = _by_word(found, of)
        edge = (min if lowest else max)(ends, key=lambda word: ends[word]) if ends else ""
        told = figure(median(of(one) for one in sounds)) + (f" ({edge} {figure(ends[edge])})" if edge else "")
        reference = ", ".join(
            f"{kind} {figure(median(of(one) for one in some))}" for kind, some in others.sounds.items()
        )
        return Line(what, goal, told, reference or "–")

    mono = [one.levels.mono_loss_db for one in sounds]
    low = [one.colour.low_width_db for one in sounds]
    widest = max(found, key=lambda f: f.sound.colour.low_width_db)
    return [
        Line("loudness −16 ± 0.5 LUFS", "every clip", share(abs(one.levels.lufs + 16.0) <= 0.5 for one in sounds)),
        Line(
            "true peak ≤ −1 dBTP; median",
            "every clip",
            f"{share(one.levels.true_peak_db <= -0.95 for one in sounds)}; "
            f"{figure(median(one.levels.true_peak_db for one in sounds), 1, 'dBTP')}",
        ),
        Line("DC below −80 dBFS", "every clip", share(one.levels.dc_db < -80.0 for one in sounds)),
        Line("loss in mono ≤ 3 dB; worst", "every clip", f"{share(x <= 3.0 for x in mono)}; {figure(max(mono))} dB"),
        line("peak to loudness, dB (lowest style)", "≥ 13", lambda one: one.levels.plr_db),
        line("crest, dB (lowest style)", "≥ 15", lambda one: one.levels.crest_db),
        line("loudness moves within a clip, dB (least style)", "≥ 5 with form", lambda one: one.levels.micro_db),
        line("slow timbre motion, dB (least style)", "≥ 2.2", lambda one: one.motion),
        line("width, side to mid, dB (narrowest style)", "−3 … −7", lambda one: one.colour.width_db),
        Line(
            "side to mid below 120 Hz ≤ −20 dB; worst",
            "every clip",
            f"{share(x <= -20.0 for x in low)}; {figure(max(low))} dB ({widest.ask.prompt})",
        ),
        line("below 60 Hz of the whole, dB (most style)", "as its references", lambda one: one.colour.sub_db,
             lowest=False),
        _spectrum(found, others),
    ]  # fmt: skip


def note_lines(found: list[Found], others: References) -> list[Line]:
    """Return the lines on harmony, melody and drums, as they are written."""
    tonal = [f for f in found if f.ask.word and f.ask.word not in corpus.NOT_TONAL]
    back = [bool(f.notes.leads_back) for f in tonal if f.notes.leads_back is not None]
    bass = sum(f.notes.bass_bars for f in found)
    steps = [f.notes.mean_step for f in found if np.isfinite(f.notes.mean_step)]
    rising, falling = (sum(getattr(f.notes, name) for f in found) for name in ("rising", "falling"))
    memory = [f.notes.timing_memory for f in found if np.isfinite(f.notes.timing_memory)]
    return [
        Line("the last bar leads back to the first (tonal styles, on the notes)", "≥ 80 %", share(back)),
        Line(
            "bass on another tone than the root, of its bars",
            "in use",
            f"{100 * sum(f.notes.inverted for f in found) / max(1, bass):.1f} % of {bass}",
        ),
        Line(
            "melody's mean step within bars, semitones; bars that rise, fall",
            "0",
            f"{figure(float(np.mean(steps)) if steps else float('nan'), 2)}; {rising}, {falling}",
        ),
        Line(
            "drums: a bar's likeness to the one before (Jaccard)",
            "0.6–0.8",
            figure(median(f.notes.bar_likeness for f in found), 2),
            f"GM {figure(median(others.bar_likeness), 2)}",
        ),
        Line(
            "drums: lag-1 correlation of timing (clips that can tell)",
            "> 0.3",
            f"{figure(median(memory), 2)} ({len(memory)} clips)",
            f"GM {figure(median(others.timing_memory), 2)} (of {len(others.timing_memory)})",
        ),
    ]


def seam_lines(found: list[Found]) -> list[Line]:
    """Return the lines on the seam of the whole clip."""
    onset = [f for f in found if np.isfinite(f.join.onset)]
    loud = max(onset, key=lambda f: f.join.onset)
    steep = max(found, key=lambda f: f.join.step)
    asked = [f for f in found if f.whole_bars is not None]
    missed = [f.ask.prompt for f in asked if not f.whole_bars]
    return [
        Line(
            "onset at the seam ≤ 1.5 × the strongest other bar line; worst",
            "every clip",
            f"{share(f.join.onset <= 1.5 for f in onset)}; {figure(loud.join.onset, 2)} ({loud.ask.prompt})",
        ),
        Line(
            "step at the seam ≤ the clip's 99.9th percentile; worst",
            "every clip",
            f"{share(f.join.step <= 1.0 for f in found)}; {figure(steep.join.step, 2)} ({steep.ask.prompt})",
        ),
        Line(
            "the loop finder, told nothing, offers whole bars first",
            "every clip",
            share(bool(f.whole_bars) for f in asked) + (f" (not: {', '.join(missed)})" if missed else ""),
        ),
    ]


def _by_word(found: list[Found], of: Callable[[Sound], float]) -> dict[str, float]:
    takes = [f for f in found if f.ask.group == "style"]
    words = list(dict.fromkeys(f.ask.word for f in takes))
    return {word: median(of(f.sound) for f in takes if f.ask.word == word) for word in words}


def _spectrum(found: list[Found], others: References) -> Line:
    takes = [f for f in found if f.ask.group == "style"]
    off: dict[str, float] = {}
    for word in dict.fromkeys(f.ask.word for f in takes):
        reference = others.thirds_db(word)
        if reference is not None:
            own = np.median([f.sound.colour.thirds_db for f in takes if f.ask.word == word], axis=0)
            off[word] = float(np.percentile(np.abs(octaves_off(own, reference)), 90))
    worst = sorted(off, key=lambda word: -off[word])[:4]
    told = ", ".join(f"{word} {off[word]:.0f}" for word in worst)
    return Line(
        "spectrum, 125 Hz–16 kHz, within 4 dB of its references in nine thirds of ten; worst, dB",
        "every style",
        f"{share(value <= _OFF_DB for value in off.values())}; {told}" if off else "– (no references here)",
        ", ".join(f"{kind} {len(some)} pieces" for kind, some in others.sounds.items()) or "–",
    )
