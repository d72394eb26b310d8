# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark of generators: what a second of music costs on this machine."""
