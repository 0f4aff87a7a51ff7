// The graph in words: who is how far away, and what relates them. For everybody who can't or won't look at the drawing.

import { byId, kindBadge, kindOf, make, nameOf } from "./dom.js";
import { entityLink } from "./place.js";

/** Shows the nodes by distance; `affected` is a set of references, or `null` when impact is off. */
export function show({ nodes, edges }, affected) {
  const names = new Map(nodes.map((node) => [node.ref, label(node)]));
  const relations = new Map();
  for (const { source, target, type } of edges) {
    relations.set(source, [...(relations.get(source) ?? []), `${type} ${names.get(target) ?? target}`]);
  }
  const levels = [];
  for (const node of nodes) (levels[node.distance] ??= []).push(node);
  const parts = levels.flatMap((level, distance) => [
    make("h3", {}, distance === 0 ? "In the middle" : `${distance} away (${level.length})`),
    make("ul", {}, level.map((node) => item(node, relations.get(node.ref) ?? [], affected))),
  ]);
  byId("outline").replaceChildren(...parts);
}

/** Shows which colour stands for which kind, as far as the graph has them. */
export function showLegend(nodes) {
  const kinds = new Map(nodes.map(({ ref, entity }) => [kindOf(ref), [ref, entity?.kind]]));
  const items = [...kinds].sort().map(([, [ref, kind]]) => make("li", {}, kindBadge(ref, kind)));
  byId("legend").replaceChildren(...items);
}

/** Returns what a node is called. */
export const label = ({ ref, entity }) => entity?.displayName ?? `${nameOf(ref)} (not there)`;

function item(node, relations, affected) {
  return make(
    "li",
    { "data-ref": node.ref },
    entityLink(node.ref, label(node)),
    " ",
    kindBadge(node.ref, node.entity?.kind),
    affected?.has(node.ref) ? make("strong", { class: "affected" }, " affected") : null,
    relations.length ? make("span", { class: "quiet" }, ` ${relations.join(", ")}`) : null,
    node.hiddenNeighborCount ? make("span", { class: "quiet" }, ` · ${node.hiddenNeighborCount} more not shown`) : null,
  );
}
