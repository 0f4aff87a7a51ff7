// A client of GraphQL over server-sent events (one connection per operation).

const PATIENCE_MS = 5_000;

/** Opens a stream; `url` and `init` are those of `fetch`. */
export async function openStream(url, init) {
  const stop = new AbortController();
  const response = await fetch(url, { ...init, signal: stop.signal });
  return new EventStream(response, stop);
}

export class EventStream {
  constructor(response, stop) {
    this.response = response;
    this.stop = stop;
    this.events = [];
    this.comments = 0;
    this.ended = this.#read();
  }

  get contentType() {
    return this.response.headers.get('content-type') ?? '';
  }

  /** Returns the next event as `{ event, id, data }`; nothing when the stream has ended or none comes in time. */
  async next(patience = PATIENCE_MS) {
    const end = Date.now() + patience;
    while (this.events.length === 0) {
      const left = end - Date.now();
      if (left <= 0 || this.isEnded) return undefined;
      const woken = new Promise((wake) => (this.wake = wake));
      await Promise.race([woken, new Promise((done) => setTimeout(done, left).unref())]);
    }
    return this.events.shift();
  }

  close() {
    this.stop.abort();
  }

  async #read() {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const chunk of this.response.body) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split(/\r?\n\r?\n/);
        text = blocks.pop();
        for (const block of blocks) this.#take(block);
      }
    } catch (error) {
      if (error.name !== 'AbortError') this.error = error;
    }
    this.isEnded = true;
    this.wake?.();
  }

  #take(block) {
    const event = { event: 'message', data: [] };
    for (const line of block.split(/\r?\n/)) {
      if (line.startsWith(':')) this.comments += 1;
      const field = /^(event|id|data): ?(.*)$/.exec(line);
      if (!field) continue;
      if (field[1] === 'data') event.data.push(field[2]);
      else event[field[1]] = field[2];
    }
    if (event.data.length === 0) return;
    const data = event.data.join('\n');
    this.events.push({ ...event, data: data === '' ? null : JSON.parse(data) });
    this.wake?.();
  }
}
