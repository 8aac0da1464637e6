// One request of a sitting to the server: what it answered and when it was asked, or null when no answer came.
const PATIENCE = 10000;

// A signal that ends a request nobody answers; browsers of 2021 know no shorter way.
function patience() {
  const given = new AbortController();
  setTimeout(() => given.abort(), PATIENCE);
  return given.signal;
}

export async function ask(address, { headers, keepalive = false, ...rest } = {}) {
  const at = performance.now();
  try {
    const reply = await fetch(address, {
      headers: { Accept: "application/json", ...headers },
      credentials: "same-origin",
      keepalive,
      signal: keepalive ? undefined : patience(),
      ...rest,
    });
    const held = (await reply.json()) || {};
    return reply.ok && typeof held.remaining_ms !== "number" ? null : { at, ok: reply.ok, status: reply.status, held };
  } catch {
    return null; // No network, no answer in time, or the word of something that stands before the server.
  }
}

// What is to be done is known by the server's words: sending the same again would be answered the same.
export function refusal(heard) {
  const final = heard.status >= 400 && heard.status < 500 && heard.status !== 408 && heard.status !== 429;
  return final ? heard.held.error || null : null;
}
