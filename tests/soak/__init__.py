# SPDX-License-Identifier: GPL-3.0-or-later
"""``make soak``: ten minutes in a real window that is made to stutter, and two hours at an accelerated clock."""
