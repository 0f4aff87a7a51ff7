// What is wrong with the files that the catalog reads.

import { ask } from "./api.js";
import { byId, make } from "./dom.js";
import { entityLink } from "./place.js";
import { PROBLEMS } from "./queries.js";

const SHOWN = 50;

/** Reads the list again and shows it. */
export async function refresh() {
  const { problems } = await ask(PROBLEMS, { first: SHOWN });
  const list = byId("problems-list");
  byId("problems-count").textContent = String(problems.totalCount);
  list.replaceChildren(...problems.nodes.map(problemItem));
  if (problems.totalCount === 0) list.append(make("li", { class: "quiet" }, "Nothing is wrong."));
  const more = problems.totalCount - problems.nodes.length;
  if (more > 0) list.append(make("li", { class: "quiet" }, `${more} more`));
}

/** Makes the list item of one problem. */
export function problemItem(problem) {
  const place = [problem.target, problem.line, problem.line && problem.column].filter(Boolean).join(":");
  const level = problem.level === "ERROR" ? "Error" : "Warning";
  return make(
    "li",
    { class: "problem", "data-level": problem.level },
    make("span", { class: "level" }, level),
    " ",
    make("span", { class: "message" }, problem.field ? `${problem.field}: ${problem.message}` : problem.message),
    make("span", { class: "ref" }, place),
    problem.entityRef ? entityLink(problem.entityRef, problem.entityRef) : null,
  );
}
