// The search box and what it finds.
//
// The box keeps the focus; arrow keys move a mark through the list (the pattern of an ARIA combobox).

import { ask } from "./api.js";
import { byId, kindBadge, make, soon } from "./dom.js";
import { SEARCH } from "./queries.js";

const SHOWN = 30;

/** Sets up the box. `onChoose(ref)` is called when something is chosen; returns a function that searches again
 * and tells at which revision. */
export function setUp({ onChoose, onTrouble }) {
  const box = byId("search-box");
  const list = byId("results");
  let running = null;
  let marked = -1;

  const options = () => [...list.children];

  function mark(index) {
    options()[marked]?.setAttribute("aria-selected", "false");
    marked = index;
    const option = options()[marked];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", option.id);
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }

  async function search() {
    running?.abort();
    const mine = (running = new AbortController());
    const text = box.value.trim();
    try {
      const variables = { filter: text ? { text } : null, first: SHOWN };
      const { entities, revision } = await ask(SEARCH, variables, mine.signal);
      show(text, entities);
      return revision;
    } catch (error) {
      if (error.name !== "AbortError") onTrouble(error);
      return null;
    }
  }

  function show(text, { totalCount, nodes }) {
    const kept = options()[marked]?.dataset.ref;
    list.replaceChildren(...nodes.map(option));
    list.dataset.text = text;
    box.setAttribute("aria-expanded", String(nodes.length > 0));
    mark(nodes.findIndex((node) => node.ref === kept));
    const more = totalCount > nodes.length ? `, the first ${nodes.length} shown` : "";
    byId("search-summary").textContent =
      totalCount === 0 ? `Nothing is called “${text}”.` : `${totalCount} ${totalCount === 1 ? "entity" : "entities"}${more}`;
  }

  function option(node, index) {
    return make(
      "li",
      { id: `result-${index}`, role: "option", "aria-selected": "false", "data-ref": node.ref, onclick: () => onChoose(node.ref) },
      make("span", { class: "line" }, make("span", { class: "name" }, node.displayName), kindBadge(node.ref, node.kind)),
      node.description ? make("span", { class: "quiet clip" }, node.description) : null,
    );
  }

  box.addEventListener("input", soon(search, 120));
  box.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    const steps = { ArrowDown: marked < last ? marked + 1 : 0, ArrowUp: marked > 0 ? marked - 1 : last };
    if (event.key in steps && last >= 0) {
      mark(steps[event.key]);
    } else if (event.key === "Enter" && last >= 0) {
      onChoose(options()[Math.max(marked, 0)].dataset.ref);
    } else if (event.key === "Escape" && box.value) {
      box.value = "";
      search();
    } else if (event.key === "Escape") {
      mark(-1);
      box.blur();
    } else {
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, select, textarea");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  return search;
}
