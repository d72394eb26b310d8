// SPDX-License-Identifier: GPL-3.0-or-later
// How long is waited before the radio is tried again.

// Soon at first: what has arrived plays for four seconds.
const WAITS_S = [0.5, 1, 1, 1, 2, 4, 8];

// At most ten seconds, and not all who listen at once.
export function wait_s(nFailed) {
  return WAITS_S[Math.min(nFailed, WAITS_S.length - 1)] * (0.75 + Math.random() / 2);
}
