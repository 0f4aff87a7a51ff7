// Building pieces of the page. Whatever comes from the catalog becomes text, never markup.

/** Makes an element. `attributes` may hold listeners (`onclick`), and `false` or `null` for those to leave out. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  // Strings become text nodes.
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Says something to people who listen instead of look. */
export function say(text) {
  byId("said").textContent = text;
}

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** Returns the address if a click on it can do no harm, and `null` for scripts, data and anything that is no address. */
export function harmless(address) {
  try {
    return SCHEMES.has(new URL(address).protocol) ? address : null;
  } catch {
    return null;
  }
}

/** Makes a link that leaves the page; an address that is not harmless is shown as text. */
export function outside(address, text) {
  const href = harmless(address);
  return href ? make("a", { href, rel: "noreferrer noopener", target: "_blank" }, text) : make("span", {}, `${text} (${address})`);
}

const KINDS = new Set(["component", "api", "resource", "system", "domain", "group", "user", "template", "location"]);

/** Returns the kind as the style sheet knows it; kinds of an installation's own share one colour. */
export function kindOf(ref) {
  const kind = ref.split(":", 1)[0];
  return KINDS.has(kind) ? kind : "other";
}

/** Returns the name inside a reference. */
export const nameOf = (ref) => ref.slice(ref.indexOf("/") + 1);

/** Makes the small coloured word that says of what kind something is. */
export const kindBadge = (ref, kind) => make("span", { class: "kind", "data-kind": kindOf(ref) }, kind ?? ref.split(":", 1)[0]);

/** Makes a time that people can read. */
export function when(iso) {
  const time = new Date(iso);
  return make("time", { datetime: iso, title: time.toLocaleString() }, time.toLocaleTimeString());
}

/** Returns a function that calls `work` once, a moment after the last of many calls. */
export function soon(work, milliseconds) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}
