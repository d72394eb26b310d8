# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips that other machines make, each asked in the protocol that it speaks; this module is the public door."""

from engine.generators.remote.generator import Remote

__all__ = ["Remote"]
