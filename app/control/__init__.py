# SPDX-License-Identifier: GPL-3.0-or-later
"""A studio that runs is steered from outside its window: by scripts, key bindings, a terminal's shell, a second start.

``resources/control.md`` describes the socket and its lines.
"""
