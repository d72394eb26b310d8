# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans: how one loop gives way to another, worked out on values before it is heard."""
