# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``make soak`` disturbs a real window, keeps a machine busy, and plays two hours at a faster clock."""
