# SPDX-License-Identifier: GPL-3.0-or-later
"""The studio in a terminal: the headless engine behind a screen of text, or behind plain lines."""
