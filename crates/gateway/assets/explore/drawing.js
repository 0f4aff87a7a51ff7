// The drawing of the graph: cytoscape on a canvas, laid out in layers by dagre.
//
// Nothing here asks the server. Colours come from the style sheet, so that light and dark are decided in one place.

import cytoscape from "./vendor/cytoscape-3.34.4.esm.min.mjs";
import dagre from "./vendor/cytoscape-dagre-4.0.1.esm.min.mjs";
import { kindOf, nameOf } from "./dom.js";

cytoscape.use(dagre);

/** With more nodes than this, finding layers takes too long; rings by distance are quick. */
const MOST_IN_LAYERS = 250;
const SHAPES = {
  component: "round-rectangle", api: "cut-rectangle", resource: "barrel", system: "rectangle", domain: "octagon",
  group: "round-octagon", user: "round-octagon", template: "round-tag", location: "rectangle", other: "rectangle",
};
const STEP = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** Makes the drawing inside an element. `onChoose(ref)` is called for a node that is clicked or entered, `onCurrent(node)`
 * for one that the arrow keys come to. */
export function setUp(element, { onChoose, onCurrent }) {
  const cy = cytoscape({
    container: element,
    style: style(),
    minZoom: 0.1,
    maxZoom: 3,
    boxSelectionEnabled: false,
    autounselectify: true,
  });
  let current = cy.collection();

  cy.on("tap", "node", ({ target }) => onChoose(target.id()));
  cy.on("mouseover", "node", () => element.classList.add("over-node"));
  cy.on("mouseout", "node", () => element.classList.remove("over-node"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(style()));
  new ResizeObserver(() => cy.resize()).observe(element);
  element.addEventListener("keydown", (event) => {
    if (event.key in STEP) step(STEP[event.key]);
    else if (event.key === "Enter" && current.nonempty()) onChoose(current.id());
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });

  function setCurrent(node) {
    current.removeClass("current");
    current = node;
    current.addClass("current");
  }

  /** Goes to the nearest node in a direction; one that lies off to the side counts as further away. */
  function step([x, y]) {
    const from = current.nonempty() ? current.position() : cy.nodes(".root").position();
    if (!from) return;
    let nearest = null;
    let least = Infinity;
    for (const node of cy.nodes().difference(current)) {
      const to = node.position();
      const along = (to.x - from.x) * x + (to.y - from.y) * y;
      const aside = Math.abs((to.x - from.x) * y) + Math.abs((to.y - from.y) * x);
      if (along > 1 && along + 2 * aside < least) [nearest, least] = [node, along + 2 * aside];
    }
    if (!nearest) return;
    setCurrent(nearest);
    const { x1, y1, x2, y2 } = nearest.renderedBoundingBox();
    if (x1 < 0 || y1 < 0 || x2 > cy.width() || y2 > cy.height()) cy.center(nearest);
    onCurrent(nearest.id());
  }

  function zoom(factor) {
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  function fit() {
    cy.fit(undefined, 24);
    // A graph of one or two would fill the screen.
    if (cy.zoom() > 1.2) {
      cy.zoom(1.2);
      cy.center();
    }
  }

  /** Draws a graph. Where the visitor looks stays as it is when only the entities changed, not the question. */
  function draw({ nodes, edges }, keepsView) {
    const kept = current.nonempty() ? current.id() : null;
    const view = { zoom: cy.zoom(), pan: { ...cy.pan() } };
    cy.batch(() => {
      cy.elements().remove();
      cy.add([...nodes.map(nodeElement), ...edges.map(edgeElement)]);
    });
    cy.layout(layout(nodes.length)).run();
    if (keepsView) cy.viewport(view);
    else fit();
    const root = cy.nodes(".root");
    const again = kept ? cy.getElementById(kept) : cy.collection();
    setCurrent(keepsView && again.nonempty() ? again : root.first());
  }

  /** Marks what a change to the root would reach, and lets the rest step back; `null` marks nothing. */
  function markImpact(affected) {
    cy.batch(() => {
      cy.elements().removeClass("affected dim");
      if (!affected) return;
      const reached = cy.nodes().filter((node) => affected.has(node.id()));
      const inside = reached.union(cy.nodes(".root"));
      reached.addClass("affected");
      const between = inside.edgesWith(inside);
      between.addClass("affected");
      cy.elements().difference(inside).difference(between).addClass("dim");
    });
  }

  return { draw, markImpact, zoom, fit, clear: () => cy.elements().remove() };
}

const nodeElement = ({ ref, isRoot, distance, entity }) => ({
  data: { distance, id: ref, label: entity?.displayName ?? nameOf(ref), kind: kindOf(ref) },
  classes: [isRoot && "root", !entity && "missing"].filter(Boolean),
});

const edgeElement = ({ source, target, type }) => ({ data: { id: `${source} ${type} ${target}`, source, target, label: type } });

function layout(count) {
  if (count > MOST_IN_LAYERS) {
    const nearness = (node) => -node.data("distance");
    return { name: "concentric", fit: false, animate: false, minNodeSpacing: 12, concentric: nearness, levelWidth: () => 1 };
  }
  // Nodes are wider than high, so that layers side by side need less room than one below the other, on any screen.
  return { name: "dagre", fit: false, animate: false, rankDir: "LR", nodeSep: 16, rankSep: 70, edgeSep: 8 };
}

function style() {
  const computed = getComputedStyle(document.documentElement);
  const colour = (name) => computed.getPropertyValue(`--${name}`).trim();
  const byKind = Object.keys(SHAPES).map((kind) => ({
    selector: `node[kind = "${kind}"]`,
    style: { "background-color": colour(`kind-${kind}`), shape: SHAPES[kind] },
  }));
  return [
    {
      selector: "node",
      style: {
        width: 150, height: 38, label: "data(label)", color: "#fff", "font-size": 13, "font-family": "system-ui, sans-serif",
        "text-valign": "center", "text-halign": "center", "text-wrap": "ellipsis", "text-max-width": 130,
        "border-width": 1, "border-color": colour("canvas"), "overlay-opacity": 0,
      },
    },
    ...byKind,
    { selector: "node.missing", style: { "background-opacity": 0.15, color: colour("text"), "border-style": "dashed", "border-width": 2, "border-color": colour("quiet") } },
    {
      selector: "edge",
      style: {
        width: 1.5, "line-color": colour("edge"), "target-arrow-color": colour("edge"), "target-arrow-shape": "triangle",
        "curve-style": "bezier", label: "data(label)", "font-size": 10, "min-zoomed-font-size": 8, color: colour("quiet"),
        "text-background-color": colour("canvas"), "text-background-opacity": 0.85, "text-background-padding": 2,
        "overlay-opacity": 0,
      },
    },
    { selector: "node.root", style: { "border-width": 4, "border-color": colour("text"), "font-weight": "bold" } },
    { selector: "node.affected", style: { "border-width": 4, "border-color": colour("impact") } },
    { selector: "edge.affected", style: { width: 3, "line-color": colour("impact"), "target-arrow-color": colour("impact") } },
    { selector: ".dim", style: { opacity: 0.3 } },
    { selector: "node.current", style: { "outline-width": 3, "outline-offset": 3, "outline-color": colour("focus") } },
  ];
}
