# SPDX-License-Identifier: GPL-3.0-or-later
"""This package is the programme: entry points, settings, the window and the controllers that join it to the engine."""

VERSION = "0.1.0"
