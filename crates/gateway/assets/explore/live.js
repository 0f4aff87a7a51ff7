// Changes as they happen, over a WebSocket by the protocol graphql-transport-ws.
//
// The cursor of the last event is kept, so that after a break nothing is missing and nothing comes twice.

import { ENDPOINT, troubleFrom } from "./api.js";
import { CHANGES } from "./queries.js";

const CHECKPOINT_SECONDS = 15;
/** A server that has said nothing for so long is not there any more, whatever the socket believes. */
const SILENCE_MS = CHECKPOINT_SECONDS * 3_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Follows all changes for as long as the page is open. Calls `onEvent(event)` and `onState(state, detail)`, where the
 * state is `connecting`, `live` or `waiting`. */
export function follow({ onEvent, onState }) {
  let cursor = null;
  let pause = FIRST_PAUSE_MS;
  let silence;

  function connect() {
    onState("connecting");
    const address = new URL(ENDPOINT);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address, "graphql-transport-ws");
    const send = (message) => socket.send(JSON.stringify(message));
    let reason = null;

    const leave = (why) => {
      reason ??= why;
      socket.close(1000);
    };
    const hear = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        leave("the server has fallen silent");
        // A connection that is dead does not say goodbye either.
        closed({});
      }, SILENCE_MS);
    };
    const closed = ({ reason: given }) => {
      clearTimeout(silence);
      socket.onclose = socket.onmessage = null;
      const wait = pause * (0.75 + Math.random() / 2);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      onState("waiting", reason || given || "the server can't be reached");
      setTimeout(connect, wait);
    };

    socket.onopen = () => {
      hear();
      send({ type: "connection_init" });
    };
    socket.onclose = closed;
    socket.onmessage = ({ data }) => {
      hear();
      const message = JSON.parse(data);
      switch (message.type) {
        case "connection_ack": {
          const variables = { after: cursor, checkpointSeconds: CHECKPOINT_SECONDS };
          send({ id: "1", type: "subscribe", payload: { query: CHANGES, variables } });
          break;
        }
        case "ping":
          send({ type: "pong" });
          break;
        case "next":
          if (message.payload.errors) refused(message.payload.errors);
          else received(message.payload.data.entityChanges);
          break;
        case "error":
          refused(message.payload);
          break;
        case "complete":
          leave("the server has ended the subscription");
          break;
      }
    };

    const received = (event) => {
      cursor = event.cursor;
      pause = FIRST_PAUSE_MS;
      onState("live", event.revision);
      onEvent(event);
    };
    const refused = (errors) => {
      const trouble = troubleFrom(errors);
      // From another life of the catalog: going on from there is impossible, starting now is not.
      if (trouble.code === "INVALID_CURSOR") cursor = null;
      leave(trouble.message);
    };
  }

  connect();
}
