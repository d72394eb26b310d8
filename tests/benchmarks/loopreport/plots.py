# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the report's plots; runs in the benchmark's own environment, as matplotlib is no part of the project.

``python plots.py WHAT DATA.json OUT.png``, ``WHAT`` being ``calibration`` or ``growth``.
"""
# mypy: ignore-errors

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt

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
    """Reliability diagram over the counts: for each series the bins' mean score and the share that is right."""
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
        top.plot(x, y, color=colour, linewidth=1.4, marker="o", markersize=5.5, label=label)
        width = 0.08 / n_series
        centres = [(one["low"] + one["high"]) / 2 + (number - (n_series - 1) / 2) * width for one in bins]
        below.bar(centres, [one["n"] for one in bins], width=width, color=colour, alpha=0.9)
    top.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="share that is right", title=data["title"])
    top.legend(loc="upper left", fontsize=8.5)
    below.set(yscale="log", xlabel="score", ylabel="loops", xticks=[i / 10 for i in range(11)])
    below.grid(axis="x", visible=False)
    figure.savefig(out, dpi=130)


def wilson(share, n, z=1.96):
    """Wilson's score interval of a share."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return middle - half, middle + half


def growth(data, out):
    """Time and memory over length, on logarithmic axes, beside straight lines of slope 1."""
    points = data["points"]
    lengths = [point["seconds"] for point in points]
    figure, panels = plt.subplots(1, 2, figsize=(9.6, 4.2), layout="constrained")
    told = (("took_s", "time, s", "Time"), ("memory_mb", "memory over an idle process, MB", "Peak memory"))
    for panel, (what, label, title) in zip(panels, told, strict=True):
        figures = [max(point[what], 1e-3) for point in points]
        through = figures[-1] / lengths[-1]
        panel.plot(lengths, [through * x for x in lengths], color=QUIET, linewidth=1, linestyle=(0, (4, 4)))
        panel.annotate("linear", (lengths[1], through * lengths[1]), color=QUIET, xytext=(4, -12),
                       textcoords="offset points")  # fmt: skip
        panel.plot(lengths, figures, color=ACCENT, linewidth=1.6, marker="o", markersize=6)
        for x, y in zip(lengths, figures, strict=True):
            words = f"{y:.2f}" if y < 10 else f"{y:.0f}"
            panel.annotate(
                words, (x, y), color=TEXT, xytext=(0, 8), textcoords="offset points", ha="center", fontsize=8.5
            )
        panel.set(xscale="log", yscale="log", xlabel="length of the file", ylabel=label)
        panel.set_title(f"{title} (slope from 30 s on: {data['slopes'][what]:.2f})")
        panel.set_xticks(lengths, [f"{x:.0f} s" if x < 60 else f"{x / 60:.0f} min" for x in lengths])
        panel.minorticks_off()
        panel.margins(x=0.08, y=0.15)
    figure.suptitle("Finding loops in a FLAC file, stereo, 48 kHz", x=0.01, ha="left", fontsize=12)
    figure.savefig(out, dpi=130)


def main():
    what, data, out = sys.argv[1:]
    plt.rcParams.update(STYLE)
    {"calibration": calibration, "growth": growth}[what](json.loads(Path(data).read_text(encoding="utf-8")), out)


if __name__ == "__main__":
    main()
