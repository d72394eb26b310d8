# SPDX-License-Identifier: GPL-3.0-or-later
"""What the loop finder is measured on: cases with a known answer, real excerpts without one, and the judge of both."""
