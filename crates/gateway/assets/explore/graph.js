// The graph around an entity: asks for it, has it drawn, and tells the same in words.

import { ask } from "./api.js";
import { byId, say } from "./dom.js";
import * as drawing from "./drawing.js";
import * as outline from "./outline.js";
import { GRAPH, IMPACT } from "./queries.js";

const MAX_NODES = 300;
/** As many as fit on a page of the API. */
const MAX_AFFECTED = 500;

/** Sets up the drawing and its controls. `go(change)` goes to another place. */
export function setUp({ go }) {
  const canvas = byId("drawing");
  let shown = { nodes: [], edges: [] };
  let question = "";
  let running = null;

  const picture = drawing.setUp(canvas, {
    onChoose: (ref) => go({ ref }),
    onCurrent: (ref) => {
      const node = shown.nodes.find((it) => it.ref === ref);
      if (node) say(`${outline.label(node)}, ${ref.split(":", 1)[0]}, ${node.distance} away`);
    },
  });
  byId("depth").addEventListener("change", ({ target }) => go({ depth: Number(target.value) }));
  byId("direction").addEventListener("change", ({ target }) => go({ direction: target.value }));
  byId("impact").addEventListener("change", ({ target }) => go({ impact: target.checked }));
  byId("zoom-in").addEventListener("click", () => picture.zoom(1.25));
  byId("zoom-out").addEventListener("click", () => picture.zoom(0.8));
  byId("zoom-fit").addEventListener("click", () => picture.fit());

  /** Shows the graph of a place; throws what is to be said to the visitor. */
  async function show({ ref, depth, direction, impact }) {
    byId("depth").value = String(depth);
    byId("direction").value = direction;
    byId("impact").checked = impact;
    byId("controls").disabled = !ref;
    running?.abort();
    if (!ref) return clear();
    const { signal } = (running = new AbortController());
    const input = { roots: [ref], depth, direction, maxNodes: MAX_NODES };
    const asked = [ask(GRAPH, { input }, signal), impact ? ask(IMPACT, { ref, first: MAX_AFFECTED }, signal) : null];
    const [{ graph }, reached] = await Promise.all(asked);
    const asksAgain = question === JSON.stringify(input);
    question = JSON.stringify(input);
    shown = graph;
    const affected = reached?.impact ? new Set(reached.impact.affected.nodes.map((node) => node.ref)) : null;
    picture.draw(graph, asksAgain);
    picture.markImpact(affected);
    outline.show(graph, affected);
    outline.showLegend(graph.nodes);
    byId("graph-summary").textContent = summary(graph);
    showImpact(reached?.impact ?? null);
    // What is drawn, for whoever can't see a canvas: scripts, and people who look for faults.
    Object.assign(canvas.dataset, { ref, depth, direction, impact, nodes: graph.nodes.length, edges: graph.edges.length });
    canvas.setAttribute("aria-label", `Graph around ${ref}: ${summary(graph)}`);
  }

  function clear() {
    shown = { nodes: [], edges: [] };
    question = "";
    picture.clear();
    outline.show(shown, null);
    outline.showLegend([]);
    byId("graph-summary").textContent = "";
    showImpact(null);
    for (const key of Object.keys(canvas.dataset)) delete canvas.dataset[key];
    canvas.setAttribute("aria-label", "Graph, empty");
  }

  /** Returns whether an entity is part of what is shown. */
  const mentions = (ref) => shown.nodes.some((node) => node.ref === ref);

  return { show, mentions };
}

function summary({ nodes, edges, isComplete, truncation }) {
  const size = `${nodes.length} ${nodes.length === 1 ? "entity" : "entities"}, ${edges.length} ${edges.length === 1 ? "relation" : "relations"}`;
  if (isComplete || truncation?.reason === "MAX_DEPTH") return size;
  const omitted = truncation?.omittedNodeCount ? `${truncation.omittedNodeCount} more` : "more";
  return `${size}; ${omitted} did not fit. Choose a smaller depth or one direction.`;
}

function showImpact(impact) {
  const element = byId("impact-summary");
  element.hidden = !impact;
  if (!impact) return;
  const { totalCount, byDistance, isComplete } = impact;
  const steps = byDistance.filter(({ count }) => count > 0).map(({ distance, count }) => `${count} at distance ${distance}`);
  const many = `${isComplete ? "" : "at least "}${totalCount} ${totalCount === 1 ? "entity" : "entities"}`;
  element.textContent = totalCount === 0
    ? "A change here affects nothing else."
    : `A change here may affect ${many}: ${steps.join(", ")}.`;
}
