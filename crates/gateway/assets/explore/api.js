// Asking /graphql, and saying in plain words what went wrong.

/** Where GraphQL is, also when all of this is served below a folder. */
export const ENDPOINT = new URL("graphql", document.baseURI);

/** A failure whose message is for people. */
export class Trouble extends Error {
  constructor(message, code = null) {
    super(message);
    this.code = code;
  }
}

/** Asks one document and returns its data. `signal` gives up on answers that nobody waits for any more. */
export async function ask(query, variables = {}, signal = undefined) {
  let response;
  try {
    response = await fetch(ENDPOINT, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/graphql-response+json, application/json" },
      body: JSON.stringify({ query, variables }),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble("The server can't be reached.");
  }
  const answer = await response.json().catch((error) => {
    if (error.name === "AbortError") throw error;
    return null;
  });
  if (!answer) throw new Trouble(`The server answered with status ${response.status} and no reason.`);
  if (answer.errors?.length) throw troubleFrom(answer.errors);
  return answer.data;
}

/** Turns the errors of an answer into one that people can read. */
export function troubleFrom(errors) {
  const { message = "no reason given", extensions = {} } = errors[0] ?? {};
  const words = {
    RATE_LIMITED: "Too many requests for the moment; wait a little.",
    DEADLINE_EXCEEDED: "It took too long, and the server gave up. Ask for less: a smaller depth, for example.",
    UNAVAILABLE: "The server has no room for this right now; try again in a moment.",
    INTERNAL: `Something went wrong on the server${extensions.requestId ? ` (request ${extensions.requestId})` : ""}.`,
  };
  return new Trouble(words[extensions.code] ?? `The server did not accept this: ${message}`, extensions.code ?? null);
}
