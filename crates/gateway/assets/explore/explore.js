// The page at /explore. Start reading here: what is shown follows from the address and from the changes that come in.

import * as card from "./card.js";
import * as changes from "./changes.js";
import * as graphs from "./graph.js";
import { follow } from "./live.js";
import * as problems from "./problems.js";
import * as searches from "./search.js";
import { ask } from "./api.js";
import { byId, soon } from "./dom.js";
import { go, here } from "./place.js";
import { CARD } from "./queries.js";

const graph = graphs.setUp({ go });
const search = searches.setUp({ onChoose: choose, onTrouble: showTrouble });
/** Counts visits, so that an answer that comes late does not replace a newer one. */
let visit = 0;

function showTrouble(error) {
  if (error.name === "AbortError") return;
  const element = byId("trouble");
  element.textContent = error.message;
  element.hidden = false;
}

function clearTrouble() {
  byId("trouble").hidden = true;
}

async function showCard(ref) {
  const mine = ++visit;
  if (!ref) return card.clear();
  const { entity } = await ask(CARD, { ref });
  if (mine === visit) card.show(ref, entity);
}

/** Shows what the address says. */
async function arrive() {
  const place = here();
  try {
    await Promise.all([showCard(place.ref), graph.show(place)]);
    clearTrouble();
  } catch (error) {
    showTrouble(error);
  }
}

/** Goes to an entity and puts the focus on its card. */
async function choose(ref) {
  if (here().ref !== ref) {
    const arrived = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    go({ ref });
    await arrived;
  }
  byId("card-title").focus();
}

async function showProblems() {
  try {
    await problems.refresh();
  } catch (error) {
    showTrouble(error);
  }
}

/** What has changed since the page was last brought up to date. */
const touched = new Set();
const catchUp = soon(async () => {
  const { ref } = here();
  const concerns = [...touched].some((it) => it === ref || graph.mentions(it));
  touched.clear();
  await Promise.all([concerns ? arrive() : null, search(), showProblems()]);
}, 150);

function onEvent(event) {
  switch (event.__typename) {
    case "EntityChange":
      changes.add(event);
      // A new relation may lead from something far away to something shown.
      for (const { targetRef } of [...event.relationsAdded, ...event.relationsRemoved]) touched.add(targetRef);
      touched.add(event.ref);
      catchUp();
      break;
    case "ChangeReset":
      changes.addReset(event);
      touched.add(here().ref);
      catchUp();
      break;
    case "ChangeCheckpoint":
      // Problems are not part of the log of changes: a file that can't be read changes no entity.
      showProblems();
      break;
  }
}

addEventListener("hashchange", arrive);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-entity]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  choose(link.dataset.entity);
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("card-title").focus();
});

const [, revision] = await Promise.all([arrive(), search(), showProblems()]);
let isFirst = true;
follow({
  onState: changes.showState,
  onEvent: (event) => {
    // What happened between the first answers and the first event is in neither.
    if (isFirst && event.revision !== revision) {
      touched.add(here().ref);
      catchUp();
    }
    isFirst = false;
    onEvent(event);
  },
});
