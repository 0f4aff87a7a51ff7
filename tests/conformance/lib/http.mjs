// Requests as they are sent by all kinds of clients, good and bad.

/** Sends anything anywhere and reads the answer to its end. */
export async function send(url, { method = 'POST', headers = {}, body } = {}) {
  const response = await fetch(url, { method, headers, body, redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

/** Sends a GraphQL request over POST as JSON; `body` may be any value or text that is none. */
export function post(url, body, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers };
  return send(url, { headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)), body: text });
}

/** Asks over GET. */
export function get(url, parameters, headers = {}) {
  const all = { accept: 'application/graphql-response+json', ...headers };
  return send(`${url}?${new URLSearchParams(parameters)}`, { method: 'GET', headers: all });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
