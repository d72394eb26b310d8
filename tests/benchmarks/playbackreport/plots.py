# SPDX-License-Identifier: GPL-3.0-or-later
"""This program draws the report's plots in the benchmark's environment, as matplotlib is no part of the project.

``python plots.py WHAT DATA.json OUT.png``, ``WHAT`` being ``blocks``, ``memory``, ``latency`` or ``seams``.
"""
# mypy: ignore-errors

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

# The look of the loop finder's report.
sys.path.insert(0, str(Path(__file__).parents[1] / "loopreport"))
from plots import ACCENT, QUIET, SECOND, STYLE, TEXT


def blocks(data, out):
    """Draw how long mixing a block took: the whole distribution with its tail, beside the time there is."""
    figure, panel = plt.subplots(figsize=(8.6, 4.0), layout="constrained")
    for series, colour in zip(data["series"], (ACCENT, SECOND, TEXT), strict=False):
        costs = np.sort(np.asarray(series["costs_ms"]))
        # How many blocks took longer: one in ten, in a thousand, the worst.
        longer = 1.0 - np.arange(1, costs.size + 1) / (costs.size + 1)
        label = f"{series['name']}: median {np.median(costs):.3f} ms, worst {costs[-1]:.2f} ms"
        panel.plot(costs, longer, color=colour, linewidth=1.5, label=label)
    for at, words in data["marks"]:
        panel.axvline(at, color=QUIET, linewidth=1.0, linestyle=(0, (4, 4)))
        panel.annotate(words, (at, 0.02), xycoords=("data", "axes fraction"), color=QUIET, rotation=90, fontsize=8.5,
                       xytext=(3, 0), textcoords="offset points")  # fmt: skip
    panel.set(xscale="log", yscale="log", xlabel="cost of a block, ms", ylabel="share of blocks that cost more")
    panel.set_title(data["title"])
    panel.legend(loc="upper right", fontsize=8.5)
    figure.savefig(out, dpi=130)


def memory(data, out):
    """Draw the memory of every process over a soak, above what it held after the warm-up."""
    figure, panels = plt.subplots(1, len(data["soaks"]), figsize=(5.2 * len(data["soaks"]), 3.8), layout="constrained",
                                  squeeze=False)  # fmt: skip
    for panel, soak in zip(panels[0], data["soaks"], strict=True):
        panel.axhspan(-data["flat_mib"], data["flat_mib"], color=ACCENT, alpha=0.07, linewidth=0)
        for name, told in soak["series"].items():
            values = np.asarray(told)
            at = np.linspace(0.0, soak["amount"], values.size)
            quarter = max(1, values.size // 4)
            panel.plot(at, values - np.median(values[quarter : 2 * quarter]), linewidth=1.4,
                       label=f"{name}, {values[-1]:.0f} MiB")  # fmt: skip
        panel.set(xlabel=soak["unit"], ylabel="MiB above the second quarter's median", title=soak["title"])
        panel.legend(loc="lower right", fontsize=8)
    figure.savefig(out, dpi=130)


def latency(data, out):
    """Draw what each command took beyond the device's latency, every try a point."""
    figure, panel = plt.subplots(figsize=(7.6, 3.6), layout="constrained")
    names = list(data["audible_ms"])
    for row, name in enumerate(names):
        values = np.asarray(data["audible_ms"][name])
        spread = np.random.default_rng(row).uniform(-0.16, 0.16, values.size)
        panel.scatter(values, row + spread, s=14, color=ACCENT, alpha=0.65, linewidths=0)
        panel.vlines(np.median(values), row - 0.3, row + 0.3, color=TEXT, linewidth=1.6)
    panel.axvline(data["goal_ms"], color=QUIET, linewidth=1.0, linestyle=(0, (4, 4)))
    panel.annotate(f"goal {data['goal_ms']:.0f} ms", (data["goal_ms"], len(names) - 0.55), color=QUIET, fontsize=8.5,
                   xytext=(-4, 0), textcoords="offset points", ha="right")  # fmt: skip
    panel.set(yticks=range(len(names)), yticklabels=names, ylim=(-0.6, len(names) - 0.4), xlim=(0, None))
    panel.set(xlabel="from the command to a change of 1 dB, beyond the device's latency, ms", title=data["title"])
    panel.grid(axis="y", visible=False)
    figure.savefig(out, dpi=130)


def seams(data, out):
    """Draw dips at the seams, beside those of turns that fade to zero, and the steps."""
    figure, (dips, steps) = plt.subplots(1, 2, figsize=(10.2, 4.6), width_ratios=(1.5, 1), layout="constrained")
    names = [one["style"].replace("_", " ") for one in data["seams"]]
    rows = np.arange(len(names))
    dips.barh(rows, [one["faded_dip_db"] for one in data["seams"]], color=QUIET, alpha=0.45, height=0.6,
              label="every turn faded to zero")  # fmt: skip
    dips.barh(rows, [max(one["dip_db"], 0.05) for one in data["seams"]], color=ACCENT, height=0.6, label="the seam")
    dips.axvline(0.5, color=TEXT, linewidth=1.0, linestyle=(0, (4, 4)))
    dips.set(yticks=rows, yticklabels=names, xlabel="dip of the energy over 20 ms, dB", title="Seam dips (goal 0.5 dB)")
    dips.legend(loc="lower right", fontsize=8.5, framealpha=0.95)
    steps.barh(rows, [one["step"] for one in data["seams"]], color=ACCENT, height=0.6)
    steps.axvline(1.0, color=TEXT, linewidth=1.0, linestyle=(0, (4, 4)))
    steps.set(yticks=rows, yticklabels=[], xlabel="largest step over the music's own", title="Seam steps (goal 1)")
    for panel in (dips, steps):
        panel.invert_yaxis()
        panel.grid(axis="y", visible=False)
    figure.savefig(out, dpi=130)


def main():
    what, data, out = sys.argv[1:]
    plt.rcParams.update(STYLE)
    {"blocks": blocks, "memory": memory, "latency": latency, "seams": seams}[what](
        json.loads(Path(data).read_text(encoding="utf-8")), out
    )


if __name__ == "__main__":
    main()
