// SPDX-License-Identifier: GPL-3.0-or-later
// What is sent to the radio, and what becomes of it.

const PATIENCE_MS = 10_000;

// Gives {said}, or why not: {kind, wait_s}; “away” is a radio that does not answer.
export async function send(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const said = await answer.json();
    if (answer.ok) return { said };
    return { kind: said.error?.kind ?? "other", wait_s: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return { kind: answer === undefined ? "away" : "other", wait_s: 0 };
  }
}
