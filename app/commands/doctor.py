# SPDX-License-Identifier: GPL-3.0-or-later
"""The sub-command ``doctor`` says what this machine lacks to play without a gap, and rehearses what may fail.

``--rehearse`` starts the studio's engine without a window, has it play, and kills its parts one by one.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from app import paths
from app.commands import terminal
from app.commands.loading import load_qt
from app.settings import load_settings

if TYPE_CHECKING:
    from app.commands.health import Finding

_WIDTH = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--rehearse", action="store_true", help="kill the studio's parts one by one and tell how long it was silent"
    )
    parser.add_argument(
        "--quick", action="store_true", help="do not open the sound device: nothing is said of latency and xruns"
    )


def run(arguments: argparse.Namespace) -> int:
    """Look, or rehearse; return 1 where something does not work, or was silent for too long."""
    load_qt()
    settings = load_settings(paths.settings_file())
    if arguments.rehearse:
        from app.commands.rehearsal import rehearse

        return rehearse(settings, as_json=arguments.json)
    from app.commands import health, sound_check, sound_server

    checks = [health.versions, health.machine, sound_server.server, sound_check.devices]
    if not arguments.quick:
        checks.append(sound_check.output)
    checks += [health.generators, health.instruments, health.styles, health.library, health.disk_space, health.window]
    findings = []
    for finding in health.look(settings, tuple(checks)):
        findings.append(finding)
        if not arguments.json:
            print(line_of(finding), flush=True)
    failed = any(one.verdict is health.Verdict.FAILURE for one in findings)
    n_warnings = sum(one.verdict is health.Verdict.WARNING for one in findings)
    if arguments.json:
        verdict = "failure" if failed else "warning" if n_warnings else "ok"
        terminal.print_json({"verdict": verdict, "findings": [asdict(one) for one in findings]})
    else:
        print(_summary(failed, n_warnings), file=sys.stderr)
    return 1 if failed else 0


def line_of(finding: Finding) -> str:
    """Return a line like ``warning  what was found; the way out``."""
    words = f"{finding.verdict:<{_WIDTH}} {finding.told.rstrip('.')}"
    return f"{words}; {finding.way_out}" if finding.way_out else words


def _summary(failed: bool, n_warnings: int) -> str:
    if failed:
        return "Something does not work."
    return f"Warnings: {n_warnings}." if n_warnings else "All is well."
