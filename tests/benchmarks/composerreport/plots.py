# SPDX-License-Identifier: GPL-3.0-or-later
"""This program draws a composed clip in the benchmark's environment: ``python plots.py NAME DATA.json OUT.png``."""
# mypy: ignore-errors

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

# The look of the loop finder's report.
sys.path.insert(0, str(Path(__file__).parents[1] / "loopreport"))
from plots import ACCENT, PANEL, SECOND, STYLE, TEXT, as_palette

COLOURS = (SECOND, ACCENT, "#ffb454", "#d0607a", "#b48cff", "#e8e86a", "#6ad6e8", "#ff8f6a")


def composed(data, out):
    """Draw the mel spectrogram of a clip beside its notes, with a line at each bar."""
    figure, panels = plt.subplot_mosaic(
        [["mel", "roll"], ["mel", "drums"]],
        figsize=(15.5, 5.6),
        layout="constrained",
        height_ratios=(3, 1),
    )
    seconds = data["duration_s"]
    _mel(panels["mel"], data)
    _roll(panels["roll"], data["lines"])
    _drums(panels["drums"], data["strokes"])
    for name, panel in panels.items():
        panel.set_xlim(0, seconds)
        panel.grid(visible=False)
        for at in np.arange(data["bar_s"], seconds - 1e-3, data["bar_s"]):
            panel.axvline(at, color=TEXT, alpha=0.18, linewidth=0.8)
        if name != "roll":
            panel.set_xlabel("seconds")
    panels["roll"].tick_params(labelbottom=False)
    figure.savefig(out, dpi=110)
    as_palette(out)


def _mel(panel, data):
    mel = np.array(data["mel_db"])
    dusk = LinearSegmentedColormap.from_list("dusk", [PANEL, "#1d2b4f", "#5b3f8c", "#d0607a", "#ffd9a0"])
    extent = (0, data["duration_s"], 0, mel.shape[0])
    panel.imshow(mel, origin="lower", aspect="auto", extent=extent, cmap=dusk, interpolation="nearest")
    wanted = [100, 250, 500, 1000, 2000, 4000, 8000]
    at = np.interp(wanted, data["mel_hz"], np.arange(mel.shape[0]))
    panel.set_yticks(at, [f"{hz / 1000:g}k" if hz >= 1000 else str(hz) for hz in wanted])
    panel.set(title=data["title"], ylabel="Hz (mel)")


def _roll(panel, lines):
    for line, colour in zip(lines, COLOURS * 2, strict=False):
        for at, length, midi, force in line["notes"]:
            panel.barh(midi, length, left=at, height=0.8, color=colour, alpha=0.35 + 0.6 * force)
        panel.barh(0, 0, color=colour, label=line["name"])
    pitches = [note[2] for line in lines for note in line["notes"]] or [60]
    low, high = min(pitches), max(pitches)
    # Room for the legend above the notes.
    panel.set(ylim=(low - 2, high + 3 + 0.16 * (high - low)), ylabel="MIDI note", title="Notes")
    panel.legend(loc="upper right", fontsize=7.5, ncols=2)


def _drums(panel, strokes):
    pieces = list(dict.fromkeys(piece for _, piece, _ in sorted(strokes)))
    for at, piece, force in strokes:
        panel.scatter(at, pieces.index(piece), s=4 + 22 * force, color=ACCENT, alpha=0.3 + 0.7 * force, linewidths=0)
    panel.set_yticks(range(len(pieces)), pieces, fontsize=7.5)
    panel.set_ylim(-0.7, max(0.7, len(pieces) - 0.3))


def main():
    _, data, out = sys.argv[1:]
    plt.rcParams.update(STYLE)
    composed(json.loads(Path(data).read_text(encoding="utf-8")), out)


if __name__ == "__main__":
    main()
