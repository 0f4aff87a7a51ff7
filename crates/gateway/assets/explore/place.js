// Where the visitor is: which entity, how much of the graph. It stands in the address, so that links and "back" work.

import { make } from "./dom.js";

export const DIRECTIONS = ["BOTH", "OUTGOING", "INCOMING"];
const MAX_DEPTH = 5;
const USUAL = { ref: null, depth: 1, direction: "BOTH", impact: false };

/** Reads the place from an address's hash. Whatever it does not understand is as usual. */
export function read(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const depth = Number(given.get("depth"));
  const direction = given.get("direction");
  return {
    ref: given.get("ref") || null,
    depth: Number.isInteger(depth) && depth >= 1 && depth <= MAX_DEPTH ? depth : USUAL.depth,
    direction: DIRECTIONS.includes(direction) ? direction : USUAL.direction,
    impact: given.get("impact") === "1",
  };
}

/** Writes a place as a hash, without what is as usual. */
export function write(place) {
  const parts = [];
  // References are readable as they are: `:` and `/` may stand in a hash.
  if (place.ref) parts.push(`ref=${encodeURIComponent(place.ref).replaceAll("%3A", ":").replaceAll("%2F", "/")}`);
  if (place.depth !== USUAL.depth) parts.push(`depth=${place.depth}`);
  if (place.direction !== USUAL.direction) parts.push(`direction=${place.direction}`);
  if (place.impact) parts.push("impact=1");
  return `#${parts.join("&")}`;
}

export const here = () => read(location.hash);

/** Makes a link to another entity. Its address is good for copying; a click keeps depth and direction as they are then. */
export const entityLink = (ref, text, attributes = {}) =>
  make("a", { ...attributes, href: write({ ...here(), ref }), title: ref, "data-entity": ref }, text);

/** Goes somewhere. Everybody hears of it through `hashchange`. */
export function go(change) {
  location.hash = write({ ...here(), ...change });
}
