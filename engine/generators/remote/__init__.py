# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips made by other machines, each asked in the protocol that it speaks."""
