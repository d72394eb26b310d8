# SPDX-License-Identifier: GPL-3.0-or-later
"""``make soak``: a real window that is made to stutter, or has a busy machine, and two hours at a faster clock."""
