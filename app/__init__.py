# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme: entry points, settings, the window and the controller that joins it to the engine."""

VERSION = "0.1.0"
