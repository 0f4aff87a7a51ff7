// The list of changes, the newest first, and whether it is being kept up to date.

import { byId, kindBadge, make, when } from "./dom.js";
import { entityLink } from "./place.js";

const KEPT = 100;
const VERBS = { CREATED: "came", UPDATED: "changed", DELETED: "went" };
const STATES = { connecting: "connecting …", live: "live", waiting: "not connected" };

/** Shows the state of the connection. `detail` is the revision when live, a reason when waiting. */
export function showState(state, detail) {
  const element = byId("live-state");
  element.dataset.state = state;
  if (state === "live") element.dataset.revision = detail;
  const more = { live: `, at revision ${detail}`, waiting: `: ${detail}; trying again` }[state] ?? "";
  byId("live-text").textContent = STATES[state] + more;
}

/** Puts a change at the top of the list. */
export function add(change) {
  byId("changes-empty").hidden = true;
  const list = byId("changes-list");
  list.prepend(item(change));
  while (list.children.length > KEPT) list.lastElementChild.remove();
}

/** Says that the list has a hole. */
export function addReset({ revision }) {
  byId("changes-empty").hidden = true;
  const text = `The catalog was replaced or restored; what stands below may have been undone. It is at revision ${revision} now.`;
  byId("changes-list").prepend(make("li", { class: "reset" }, text));
}

function item(change) {
  const shown = change.entity ?? change.previous;
  return make(
    "li",
    { "data-type": change.type, "data-ref": change.ref, "data-revision": change.revision },
    make("span", { class: "line" },
      entityLink(change.ref, shown?.displayName ?? change.ref),
      ` ${VERBS[change.type] ?? change.type} `,
      kindBadge(change.ref, shown?.kind)),
    details(change),
    make("span", { class: "quiet" }, when(change.occurredAt), ` · revision ${change.revision} · ${change.actor}`),
  );
}

function details({ type, changedPaths, relationsAdded, relationsRemoved }) {
  if (type !== "UPDATED") return null;
  const parts = [
    ...changedPaths,
    ...relationsAdded.map((relation) => `+ ${relation.type} ${relation.targetRef}`),
    ...relationsRemoved.map((relation) => `− ${relation.type} ${relation.targetRef}`),
  ];
  return parts.length ? make("span", { class: "ref" }, parts.join(", ")) : null;
}
