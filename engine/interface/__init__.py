# SPDX-License-Identifier: GPL-3.0-or-later
"""The interface is what scripts and notebooks use: few functions, imported from ``engine`` itself."""
