# SPDX-License-Identifier: GPL-3.0-or-later
"""The programme of a radio decides what is on at a time, and what follows; it has no clock of its own."""
