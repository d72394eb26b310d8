# SPDX-License-Identifier: GPL-3.0-or-later
"""This program draws the report's plots in the benchmark's environment, as matplotlib is no part of the project.

``python plots.py WHAT DATA.json OUT.png``, ``WHAT`` being ``calibration``, ``growth`` or ``loop``.
"""
# mypy: ignore-errors

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

GROUND, PANEL, LINES, TEXT, QUIET = "#101214", "#16191c", "#2c3237", "#dfe5e8", "#8b969e"
ACCENT, SECOND = "#00ff88", "#5aa9ff"

STYLE = {
    "figure.facecolor": GROUND,
    "savefig.facecolor": GROUND,
    "axes.facecolor": PANEL,
    "axes.edgecolor": LINES,
    "axes.labelcolor": TEXT,
    "axes.titlecolor": TEXT,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": LINES,
    "grid.linewidth": 0.6,
    "text.color": TEXT,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "legend.facecolor": PANEL,
    "legend.edgecolor": LINES,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
}


def calibration(data, out):
    """Draw a reliability diagram over the counts: for each series the bins' mean score and the share that is right."""
    figure, (top, below) = plt.subplots(
        2, 1, figsize=(6.4, 7.0), sharex=True, height_ratios=(3.2, 1), layout="constrained"
    )
    top.plot([0, 1], [0, 1], color=QUIET, linewidth=1.0, linestyle=(0, (4, 4)), label="scores mean what they say")
    n_series = len(data["series"])
    for number, (series, colour) in enumerate(zip(data["series"], (ACCENT, SECOND), strict=False)):
        bins = series["bins"]
        x, y = [one["mean_score"] for one in bins], [one["right"] for one in bins]
        # 95 % Wilson intervals: how much the count leaves open.
        low, high = zip(*(wilson(one["right"], one["n"]) for one in bins), strict=True)
        top.vlines(x, low, high, color=colour, alpha=0.45, linewidth=1.6)
        label = f"{series['name']}: {series['n']}, error {series['expected_error']:.3f}, Brier {series['brier']:.3f}"
        # A bin with few loops says little, and looks it.
        top.plot(x, y, color=colour, linewidth=1.0, alpha=0.5)
        top.scatter(
            x, y, color=colour, s=[12 + 1.1 * min(one["n"], 150) for one in bins], zorder=3, clip_on=False, label=label
        )
        width = 0.08 / n_series
        centres = [(one["low"] + one["high"]) / 2 + (number - (n_series - 1) / 2) * width for one in bins]
        below.bar(centres, [one["n"] for one in bins], width=width, color=colour, alpha=0.9)
    top.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="share that is right", title=data["title"])
    top.legend(loc="lower right", fontsize=8.5)
    below.set(yscale="log", ylim=(0.8, None), xlabel="score", ylabel="loops", xticks=[i / 10 for i in range(11)])
    below.grid(axis="x", visible=False)
    figure.savefig(out, dpi=130)


def wilson(share, n, z=1.96):
    """Return Wilson's score interval of a share."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return middle - half, middle + half


def growth(data, out):
    """Draw time and memory over length, on logarithmic axes, beside straight lines of slope 1."""
    points = data["points"]
    lengths = [point["seconds"] for point in points]
    figure, panels = plt.subplots(1, 2, figsize=(9.6, 4.2), layout="constrained")
    told = (("took_s", "time, s", "Time"), ("memory_mb", "memory over an idle process, MB", "Peak memory"))
    for panel, (what, label, title) in zip(panels, told, strict=True):
        figures = [max(point[what], 1e-3) for point in points]
        through = figures[1] / lengths[1]  # from 30 s on: below, what every search costs outweighs the length
        panel.plot(lengths[1:], [through * x for x in lengths[1:]], color=QUIET, linewidth=1, linestyle=(0, (4, 4)))
        panel.annotate("linear", (lengths[-3], through * lengths[-3]), color=QUIET, xytext=(-40, 4),
                       textcoords="offset points")  # fmt: skip
        panel.plot(lengths, figures, color=ACCENT, linewidth=1.6, marker="o", markersize=6)
        for x, y in zip(lengths, figures, strict=True):
            words = f"{y:.2f}" if y < 10 else f"{y:.0f}"
            panel.annotate(
                words, (x, y), color=TEXT, xytext=(0, 8), textcoords="offset points", ha="center", fontsize=8.5
            )
        panel.set(xscale="log", yscale="log", xlabel="length of the file", ylabel=label)
        panel.set_title(f"{title} (slope from 30 s on: {data['slopes'][what]:.2f})")
        panel.set_xticks(lengths, [_length(x) for x in lengths])
        panel.minorticks_off()
        panel.margins(x=0.08, y=0.15)
    figure.suptitle("Finding loops in a FLAC file, stereo, 48 kHz", x=0.01, ha="left", fontsize=12)
    figure.savefig(out, dpi=130)


def _length(seconds):
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.0f} h"


def loop(data, out):
    """Draw a clip with its loop: waveform, spectrogram, the seam from near by, the score map and the metrics."""
    arrays = np.load(data["arrays"])
    glow = LinearSegmentedColormap.from_list("glow", [PANEL, "#0d3b33", "#0a7a55", ACCENT, "#eafff4"])
    figure = plt.figure(figsize=(11.5, 6.3), layout="constrained")
    grid = figure.add_gridspec(3, 2, width_ratios=(2.25, 1), height_ratios=(1, 1.25, 1))
    wave, spectrogram = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
    seam, scores, metrics = (
        figure.add_subplot(grid[2, 0]),
        figure.add_subplot(grid[:2, 1]),
        figure.add_subplot(grid[2, 1]),
    )
    start, end, _ = data["candidates"][0]
    seconds = data["duration_s"]

    t = np.linspace(0, seconds, arrays["low"].size)
    inside = (t >= start) & (t <= end)
    wave.fill_between(t, arrays["low"], arrays["high"], color=QUIET, alpha=0.55, linewidth=0)
    wave.fill_between(t, arrays["low"], arrays["high"], where=inside, color=ACCENT, linewidth=0)
    wave.axvspan(start, end, color=ACCENT, alpha=0.08, linewidth=0)
    peak = 1.08 * max(float(arrays["high"].max()), -float(arrays["low"].min()))
    wave.vlines(data["downbeats"], -peak, peak, color=TEXT, alpha=0.12, linewidth=0.8)
    wave.set(ylim=(-peak, peak), yticks=[], title=_headline(data))
    wave.tick_params(labelbottom=False)
    spectrogram.imshow(
        arrays["mel_db"], origin="lower", aspect="auto", extent=(0, seconds, 0, 1), interpolation="bilinear",
        cmap=LinearSegmentedColormap.from_list("dusk", [PANEL, "#1d2b4f", "#5b3f8c", "#d0607a", "#ffd9a0"]),
    )  # fmt: skip
    spectrogram.set(yticks=[], xlabel="seconds", ylabel="mel bands")
    for panel in (wave, spectrogram):
        panel.set_xlim(0, seconds)
        panel.grid(visible=False)
        for at in (start, end):
            panel.axvline(at, color=ACCENT, linewidth=1.4)

    n, ms = arrays["before_end"].size, data["seam_ms"]
    before, after = np.linspace(-ms, 0, n), np.linspace(0, ms, n)
    goes_on = arrays["after_end"]
    seam.plot(after[: goes_on.size], goes_on, color=QUIET, linewidth=1.0, label="what follows in the recording")
    seam.plot(before, arrays["before_end"], color=TEXT, linewidth=1.1, label="before the end")
    seam.plot(after, arrays["after_start"], color=ACCENT, linewidth=1.1, label="from the start again")
    seam.axvline(0, color=ACCENT, linewidth=1.2, linestyle=(0, (4, 3)))
    most = max(float(np.abs(arrays[name]).max()) for name in ("before_end", "after_end", "after_start"))
    seam.set(
        xlim=(-ms, ms),
        ylim=(-1.1 * most, 1.6 * most),
        yticks=[],
        xlabel="milliseconds around the seam",
        title="The bare seam",
    )
    seam.legend(loc="upper left", fontsize=8, ncols=3)

    if "map" in arrays:
        step, shape = data["map_step_s"], arrays["map"].shape
        scores.imshow(
            arrays["map"], origin="lower", extent=(0, shape[1] * step, 0, shape[0] * step), cmap=glow,
            aspect="auto", interpolation="nearest", vmin=np.nanmin(arrays["map"]), vmax=np.nanmax(arrays["map"]),
        )  # fmt: skip
    for number, (one, other, _) in enumerate(data["candidates"]):
        best = number == 0
        scores.scatter(other, one, s=90 if best else 34, facecolors="none", edgecolors="#ffffff" if best else TEXT,
                       linewidths=1.8 if best else 0.9)  # fmt: skip
    scores.set(xlim=(0, seconds), ylim=(0, seconds), xlabel="loop end, s", ylabel="loop start, s")
    scores.set_title("How well every loop would join" if "map" in arrays else "Candidates")
    scores.grid(visible=False)

    names = list(data["metrics"])[::-1]
    values = [data["metrics"][name] for name in names]
    metrics.barh(names, [1] * len(names), color=LINES, height=0.5)
    metrics.barh(names, values, color=ACCENT, height=0.5)
    for row, value in enumerate(values):
        metrics.annotate(f"{value:.2f}", (1.02, row), va="center", color=TEXT, annotation_clip=False)
    metrics.set(xlim=(0, 1.15), xticks=[], title="Metrics of the best candidate")
    metrics.grid(visible=False)
    metrics.tick_params(length=0, colors=TEXT)
    for side in metrics.spines.values():
        side.set_visible(False)
    figure.savefig(out, dpi=120)
    as_palette(out)


def _headline(data):
    words = [f"Best loop: {data['bars']} bars" if data["bars"] else "Best loop"]
    if data["tempo_bpm"]:
        words.append(f"{data['tempo_bpm']:.2f} bpm")
    words.append(f"confidence {data['score']:.2f}")
    if data["quieter_than"] is not None:
        words.append(f"its seam is quieter than {100 * data['quieter_than']:.0f} % of the clip's beats")
    return "  ·  ".join(words)


def as_palette(path):
    """Return a picture with 256 colours, at a third of the size."""
    from PIL import Image

    with Image.open(path) as image:
        fewer = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    fewer.save(path, optimize=True)


def main():
    what, data, out = sys.argv[1:]
    plt.rcParams.update(STYLE)
    {"calibration": calibration, "growth": growth, "loop": loop}[what](
        json.loads(Path(data).read_text(encoding="utf-8")), out
    )


if __name__ == "__main__":
    main()
