# SPDX-License-Identifier: GPL-3.0-or-later
"""Outside programs run under a supervisor, in scratch folders, with an environment that holds no secrets."""
