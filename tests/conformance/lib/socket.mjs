// A client of the protocol graphql-transport-ws that hides nothing: it sends what it is told, and keeps all it gets.

import WebSocket from 'ws';

const PATIENCE_MS = 5_000;

export class Socket {
  /** Opens a socket with a sub-protocol and says nothing yet. */
  static async open(url, protocol = 'graphql-transport-ws', headers = {}) {
    const socket = new Socket();
    socket.socket = new WebSocket(url, protocol, { headers });
    socket.socket.on('message', (data) => {
      socket.received.push(JSON.parse(String(data)));
      socket.wake?.();
    });
    socket.closed = new Promise((done) => {
      socket.socket.on('close', (code, reason) => done({ code, reason: String(reason) }));
    });
    await new Promise((opened, failed) => {
      socket.socket.once('open', opened);
      socket.socket.once('error', failed);
      socket.socket.once('unexpected-response', (_, response) => failed(new Error(`answered ${response.statusCode}`)));
    });
    return socket;
  }

  /** Opens a socket and gets it acknowledged. */
  static async acknowledged(url) {
    const socket = await Socket.open(url);
    socket.send({ type: 'connection_init' });
    const message = await socket.next();
    if (message?.type !== 'connection_ack') throw new Error(`not acknowledged: ${JSON.stringify(message)}`);
    return socket;
  }

  received = [];

  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id, query, more = {}) {
    this.send({ id, type: 'subscribe', payload: { query, ...more } });
  }

  /** Returns the next message; nothing when none comes in time. */
  async next(patience = PATIENCE_MS) {
    const end = Date.now() + patience;
    while (this.received.length === 0) {
      const left = end - Date.now();
      if (left <= 0) return undefined;
      await Promise.race([new Promise((wake) => (this.wake = wake)), elapsed(left)]);
    }
    return this.received.shift();
  }

  /** Returns the code that the server closes with; nothing when it does not close in time. */
  async closeCode(patience = PATIENCE_MS) {
    const closed = await Promise.race([this.closed, elapsed(patience)]);
    return closed?.code;
  }

  close() {
    this.socket.terminate();
  }
}

function elapsed(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds).unref());
}
