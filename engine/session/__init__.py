# SPDX-License-Identifier: GPL-3.0-or-later
"""Session logic without Qt: what plays next and why, decided on values and reached through a few Protocols."""
