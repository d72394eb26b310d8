# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop finder is measured on cases with a known answer and on real excerpts without one, by one judge."""
