// The entity that the visitor looks at, in words.

import { byId, kindBadge, make, nameOf, outside, when } from "./dom.js";
import { entityLink } from "./place.js";
import { problemItem } from "./problems.js";

/** What a relation reads like between two names. */
const WORDS = {
  ownedBy: "Owned by", ownerOf: "Owns", partOf: "Part of", hasPart: "Consists of",
  dependsOn: "Depends on", dependencyOf: "Needed by", providesApi: "Provides", apiProvidedBy: "Provided by",
  consumesApi: "Consumes", apiConsumedBy: "Consumed by", memberOf: "Member of", hasMember: "Members",
  parentOf: "Parent of", childOf: "Child of",
};

/** Shows an entity; `null` when there is none of that reference. */
export function show(ref, entity) {
  byId("card-title").textContent = entity?.displayName ?? nameOf(ref);
  byId("card").dataset.ref = ref;
  document.title = `${entity?.displayName ?? ref} · Callboard`;
  if (!entity) {
    byId("card-body").replaceChildren(
      make("p", { class: "ref" }, ref),
      make("p", {}, "The catalog has no entity of this reference. It may have been removed, or something names it that was never there."),
    );
    return;
  }
  byId("card-body").replaceChildren(
    make("p", { class: "line" }, kindBadge(entity.ref, entity.kind), make("span", { class: "ref" }, entity.ref)),
    entity.description ? make("p", { class: "description" }, entity.description) : "",
    facts(entity),
    problems(entity.status),
    links(entity.links),
    relations(entity.relations),
  );
}

/** Shows that no entity is chosen. */
export function clear() {
  byId("card-title").textContent = "No entity chosen";
  delete byId("card").dataset.ref;
  document.title = "Callboard";
  byId("card-body").replaceChildren(
    make("p", { class: "quiet" }, "Search for something, and choose it with the arrow keys and Enter."),
  );
}

function facts(entity) {
  const rows = [];
  const row = (name, ...value) => rows.push(make("dt", {}, name), make("dd", {}, ...value));
  if (entity.owner) row("Owner", entityLink(entity.owner.ref, entity.owner.displayName, { class: "owner" }));
  else if (entity.ownerRef) row("Owner", entityLink(entity.ownerRef, `${entity.ownerRef} (not there)`, { class: "owner missing" }));
  if (entity.type) row("Type", entity.type);
  if (entity.lifecycle) row("Lifecycle", entity.lifecycle);
  if (entity.tags.length) row("Tags", make("ul", { class: "tags" }, entity.tags.map((tag) => make("li", {}, tag))));
  row("Declared in", source(entity.origin));
  row("Changed", when(entity.updatedAt), ` at revision ${entity.revision}`);
  return make("dl", { class: "facts" }, rows);
}

function source({ target, sourceUrl }) {
  return sourceUrl ? outside(sourceUrl, target) : make("span", { class: "ref" }, target);
}

function problems({ level, problems: list }) {
  if (!list.length) return "";
  const title = level === "ERROR" ? "Something is wrong here" : "Worth a look";
  return make("div", { class: "own-problems" }, make("h3", {}, title), make("ul", {}, list.map(problemItem)));
}

function links(list) {
  if (!list.length) return "";
  const items = list.map(({ url, title }) => make("li", {}, outside(url, title || url)));
  return make("div", {}, make("h3", {}, "Links"), make("ul", { class: "links" }, items));
}

function relations({ totalCount, nodes }) {
  if (!nodes.length) return "";
  const groups = Map.groupBy ? Map.groupBy(nodes, (node) => node.type) : grouped(nodes);
  const parts = [];
  for (const [type, list] of groups) {
    const items = list.map(({ targetRef, target }) => make("li", {}, target
      ? entityLink(targetRef, target.displayName)
      : entityLink(targetRef, `${targetRef} (not there)`, { class: "missing" })));
    parts.push(make("h4", {}, WORDS[type] ?? type), make("ul", { class: "related" }, items));
  }
  const more = totalCount > nodes.length ? make("p", { class: "quiet" }, `${totalCount - nodes.length} more are not shown.`) : "";
  return make("div", { class: "relations" }, make("h3", {}, `Relations (${totalCount})`), parts, more);
}

function grouped(nodes) {
  const groups = new Map();
  for (const node of nodes) groups.set(node.type, [...(groups.get(node.type) ?? []), node]);
  return groups;
}
