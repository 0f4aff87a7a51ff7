// Drives the page at /explore with a real Chromium against the real binary.
//
//   CALLBOARD_BIN=target/debug/callboard node tests/browser/explore.mjs
//
// The binary's path is seen from the top of the repository. CHROMIUM names another browser than Debian's. Everything is waited for by what can be seen, nothing by time.

import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { BROKEN, Server } from "./server.mjs";

const TOP = fileURLToPath(new URL("../..", import.meta.url));
const BINARY = resolve(TOP, process.env.CALLBOARD_BIN ?? "target/debug/callboard");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE_MS = 120_000;
const CATALOG_SERVICE = "component:default/catalog-service";
const CATALOG_DB = "resource:default/catalog-db";

const server = await Server.prepare(BINARY);
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
let page;
/** What the page must not do. Cleared of what a test provokes on purpose. */
const faults = [];
const subscriptions = [];
let isServerDown = false;

/** Opens the page in a window of its own. */
async function open(options = {}, path = "/explore") {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, colorScheme: "light", ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== server.address && protocol !== "data:") faults.push(`a request to ${request.url()}`);
  });
  const opened = await context.newPage();
  opened.on("pageerror", (error) => faults.push(`an error: ${error.stack}`));
  opened.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    if (isServerDown && /ERR_(CONNECTION_REFUSED|FAILED)|WebSocket connection/.test(message.text())) return;
    faults.push(`on the console: ${message.text()} (${message.location().url})`);
  });
  opened.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== new URL(server.address).host) faults.push(`a socket to ${socket.url()}`);
    socket.on("framesent", ({ payload }) => {
      const message = JSON.parse(payload);
      if (message.type === "subscribe") subscriptions.push(message.payload.variables);
    });
  });
  await opened.goto(server.address + path);
  await live(opened);
  return opened;
}

const live = (of = page) => of.waitForFunction(() => document.getElementById("live-state").dataset.state === "live");
const text = (selector) => page.locator(selector).innerText();
const hash = () => new URL(page.url()).hash;

/** Waits until the graph that stands in the address is drawn, and returns how large it is. */
async function drawn(expected) {
  await page.waitForFunction((expected) => {
    const { dataset } = document.getElementById("drawing");
    return Object.entries(expected).every(([key, value]) => dataset[key] === String(value));
  }, expected);
  return page.evaluate(() => {
    const { nodes, edges } = document.getElementById("drawing").dataset;
    return { nodes: Number(nodes), edges: Number(edges) };
  });
}

/** Counts the pixels of the drawing that are neither empty nor grey: the bodies of nodes. */
const colouredPixels = () => page.evaluate(() => {
  let count = 0;
  for (const canvas of document.querySelectorAll("#drawing canvas")) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b, a] = data.subarray(i, i + 4);
      if (a > 200 && Math.max(r, g, b) - Math.min(r, g, b) > 60) count += 1;
    }
  }
  return count;
});

/** Returns where on the screen a node is drawn. */
const whereIs = (ref) => page.evaluate((ref) => {
  const drawing = document.getElementById("drawing");
  const { x, y } = drawing._cyreg.cy.getElementById(ref).renderedPosition();
  const { left, top } = drawing.getBoundingClientRect();
  return { x: left + x, y: top + y };
}, ref);

const STEPS = {
  "the page opens, finds everything and is live": async () => {
    await page.waitForFunction(() => document.querySelectorAll("#results li").length > 10);
    assert.match(await text("#search-summary"), /^6\d entities/);
    assert.equal(await page.title(), "Callboard");
  },

  "a search finds an entity, and choosing it shows its card": async () => {
    await page.locator("#search-box").fill("book cat");
    await page.locator(`#results li[data-ref="${CATALOG_SERVICE}"]`).click();
    await page.waitForFunction(() => document.getElementById("card-title").textContent === "Book Catalog");
    const card = await text("#card-body");
    for (const expected of ["Titles, authors, editions and covers", "graphql", "service", "production", CATALOG_SERVICE]) {
      assert.ok(card.includes(expected), `the card says ${expected}: ${card}`);
    }
    assert.equal(await page.locator("#card .owner").getAttribute("data-entity"), "group:default/storefront-team");
    assert.equal(await page.locator(`#card .related a[data-entity="${CATALOG_DB}"]`).count(), 1);
    assert.equal(hash(), `#ref=${CATALOG_SERVICE}`);
  },

  "the graph is drawn, with a legend and a list that says the same": async () => {
    const { nodes, edges } = await drawn({ ref: CATALOG_SERVICE, depth: 1 });
    assert.ok(nodes >= 5 && edges >= nodes - 1, `${nodes} nodes, ${edges} edges`);
    await page.waitForFunction(() => document.querySelectorAll("#drawing canvas").length > 0);
    assert.ok((await colouredPixels()) > 2_000, "something in colour is on the canvas");
    assert.ok((await page.locator("#legend li").allInnerTexts()).includes("Resource"));
    await page.locator("#outline-box summary").click();
    assert.equal(await page.locator("#outline li").count(), nodes);
    assert.ok((await text("#outline")).includes("dependsOn"));
    await page.locator("#outline-box summary").click();
  },

  "more depth draws more, and one direction less": async () => {
    const near = await drawn({ ref: CATALOG_SERVICE, depth: 1 });
    await page.locator("#depth").selectOption("2");
    const far = await drawn({ ref: CATALOG_SERVICE, depth: 2 });
    assert.ok(far.nodes > near.nodes, `${far.nodes} > ${near.nodes}`);
    await page.locator("#direction").selectOption("OUTGOING");
    const oneWay = await drawn({ ref: CATALOG_SERVICE, depth: 2, direction: "OUTGOING" });
    assert.ok(oneWay.nodes < far.nodes, `${oneWay.nodes} < ${far.nodes}`);
    assert.equal(hash(), `#ref=${CATALOG_SERVICE}&depth=2&direction=OUTGOING`);
  },

  "going back undoes one step at a time, and a link shows the same again": async () => {
    await page.goBack();
    await drawn({ depth: 2, direction: "BOTH" });
    await page.goBack();
    await drawn({ depth: 1, direction: "BOTH" });
    assert.equal(await page.locator("#depth").inputValue(), "1");
    const before = page;
    page = await open({}, `/explore#ref=${CATALOG_SERVICE}&depth=2&direction=OUTGOING`);
    await drawn({ ref: CATALOG_SERVICE, depth: 2, direction: "OUTGOING" });
    assert.equal(await text("#card-title"), "Book Catalog");
    await page.context().close();
    page = before;
  },

  "a click on a node puts it in the middle": async () => {
    const { x, y } = await whereIs(CATALOG_DB);
    await page.mouse.click(x, y);
    await drawn({ ref: CATALOG_DB });
    await page.waitForFunction((ref) => document.getElementById("card").dataset.ref === ref, CATALOG_DB);
  },

  "the graph can be dragged and zoomed": async () => {
    const view = () => page.evaluate(() => {
      const { cy } = document.getElementById("drawing")._cyreg;
      return { zoom: cy.zoom(), ...cy.pan() };
    });
    const box = await page.locator("#drawing").boundingBox();
    const before = await view();
    await page.mouse.move(box.x + 12, box.y + 12);
    await page.mouse.down();
    await page.mouse.move(box.x + 72, box.y + 52, { steps: 4 });
    await page.mouse.up();
    const dragged = await view();
    assert.ok(Math.abs(dragged.x - before.x) > 30 && dragged.zoom === before.zoom, JSON.stringify([before, dragged]));
    await page.locator("#zoom-in").click();
    assert.ok((await view()).zoom > dragged.zoom);
    await page.locator("#zoom-fit").click();
  },

  "impact marks what a change would reach": async () => {
    const plain = await drawn({ ref: CATALOG_DB, impact: false });
    await page.locator("#impact").check();
    await drawn({ ref: CATALOG_DB, impact: true });
    assert.match(await text("#impact-summary"), /^A change here may affect \d+ entit(y|ies): \d+ at distance 1/);
    const marked = await page.evaluate(() => {
      const { cy } = document.getElementById("drawing")._cyreg;
      return { affected: cy.nodes(".affected").map((node) => node.id()), dim: cy.nodes(".dim").length };
    });
    assert.ok(marked.affected.includes(CATALOG_SERVICE), JSON.stringify(marked));
    assert.ok(marked.affected.length + marked.dim < plain.nodes + 1);
    await page.locator("#outline-box summary").click();
    const words = await page.locator(`#outline li[data-ref="${CATALOG_SERVICE}"]`).innerText();
    assert.ok(words.includes("affected"), words);
    await page.locator("#outline-box summary").click();
    await page.locator("#impact").uncheck();
    await drawn({ ref: CATALOG_DB, impact: false });
  },

  "a file with a mistake is in the list of problems, and leaves it when it is mended": async () => {
    const problem = page.locator("#problems-list .problem", { hasText: "broken.yaml" });
    await problem.waitFor();
    assert.match(await problem.innerText(), /owner/);
    await server.edit("broken.yaml", BROKEN, `${BROKEN}  owner: checkout-team\n`);
    await problem.waitFor({ state: "detached" });
    await page.locator('#changes-list li[data-ref="component:default/half-done"][data-type="CREATED"]').waitFor();
  },

  "an edit on disk appears by itself, in the list of changes and on the card": async () => {
    await page.goto(`${server.address}/explore#ref=${CATALOG_SERVICE}`);
    await drawn({ ref: CATALOG_SERVICE, depth: 1 });
    const { nodes } = await drawn({ ref: CATALOG_SERVICE });
    await server.edit("shopping/services.yaml", "Titles, authors, editions and covers", "Everything about <b>books</b>");
    await server.edit("shopping/services.yaml", "[resource:catalog-db, ", "[resource:catalog-db, resource:search-index, ");
    const change = page.locator(`#changes-list li[data-ref="${CATALOG_SERVICE}"][data-type="UPDATED"]`).first();
    await change.waitFor();
    await page.waitForFunction(() => document.querySelector(".description").textContent === "Everything about <b>books</b>");
    await drawn({ ref: CATALOG_SERVICE, nodes: nodes + 1 });
    assert.equal(await page.locator("#card b").count(), 0, "text from the catalog stays text");
  },

  "a server that comes back sends what was missed, once": async () => {
    const stateBecomes = (state) => page.waitForFunction((state) => document.getElementById("live-state").dataset.state === state, state);
    const item = page.locator('#changes-list li[data-ref="component:default/search-service"]');
    assert.equal(await item.count(), 0);
    isServerDown = true;
    await server.stop();
    await stateBecomes("waiting");
    assert.match(await text("#live-text"), /^not connected: .*trying again$/);
    await server.edit("shopping/services.yaml", "Finds a book from half a title", "Finds a book from a third of a title");
    await server.start();
    await item.waitFor();
    await stateBecomes("live");
    isServerDown = false;
    assert.equal(await item.count(), 1);
    assert.ok(subscriptions.at(-1).after, "the subscription went on from the last cursor");
    await page.waitForFunction(() => document.getElementById("trouble").hidden);
  },

  "everything can be done with the keyboard alone": async () => {
    await page.goto(`${server.address}/explore`);
    await page.reload();
    await live();
    const focused = () => page.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { id: element.id, entity: element.dataset.entity ?? null, outline: `${outlineStyle} ${outlineWidth}` };
    });
    const tabTo = async (matches) => {
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press("Tab");
        const at = await focused();
        assert.match(at.outline, /^solid [1-9]/, `the focus can be seen on ${JSON.stringify(at)}`);
        if (matches(at)) return at;
      }
      return assert.fail(`80 times Tab never came to ${matches}`);
    };
    await page.locator("#card-title").focus();
    await page.keyboard.press("/");
    assert.equal((await focused()).id, "search-box");
    await page.keyboard.type("payments");
    await page.waitForFunction(() => document.getElementById("results").dataset.text === "payments");
    await page.keyboard.press("ArrowDown");
    const mark = await page.locator("#search-box").getAttribute("aria-activedescendant");
    assert.equal(await page.locator(`#${mark}`).getAttribute("aria-selected"), "true");
    const ref = await page.locator(`#${mark}`).getAttribute("data-ref");
    await page.keyboard.press("Enter");
    await drawn({ ref });
    await page.waitForFunction(() => document.activeElement.id === "card-title");
    const { entity } = await tabTo((at) => at.entity !== null && at.entity !== ref);
    await page.keyboard.press("Enter");
    await drawn({ ref: entity });
    await tabTo((at) => at.id === "depth");
    await page.keyboard.press("ArrowDown");
    await drawn({ ref: entity, depth: 2 });
    await tabTo((at) => at.id === "impact");
    await page.keyboard.press("Space");
    await drawn({ ref: entity, depth: 2, impact: true });
    await tabTo((at) => at.id === "drawing");
    const moved = () => page.evaluate((ref) => {
      const [current] = document.getElementById("drawing")._cyreg.cy.nodes(".current").map((node) => node.id());
      return current === ref ? null : current;
    }, entity);
    for (const key of ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"]) {
      if (!(await moved())) await page.keyboard.press(key);
    }
    const next = await moved();
    assert.ok(next, "the arrow keys come to another node");
    assert.match(await page.locator("#said").textContent(), /away$/);
    await page.keyboard.press("Enter");
    await drawn({ ref: next });
    assert.equal((await focused()).id, "drawing", "whoever walks through the graph stays in it");
    await page.keyboard.press("/");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.getElementById("search-box").value === "");
    await page.keyboard.press("Escape");
    assert.notEqual((await focused()).id, "search-box");
  },

  "dark is dark, also in the drawing": async () => {
    await page.evaluate(() => {
      globalThis.coloursNow = () => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        const edge = document.getElementById("drawing")._cyreg.cy.edges().first().style("line-color");
        return { backgroundColor, color, edge };
      };
    });
    const light = await page.evaluate(() => coloursNow());
    // The drawing hears of it a moment after the style sheet.
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction((light) => Object.entries(coloursNow()).every(([key, value]) => value !== light[key]), light);
    await page.emulateMedia({ colorScheme: "light" });
    await page.waitForFunction((light) => Object.entries(coloursNow()).every(([key, value]) => value === light[key]), light);
  },

  "it fits a narrow screen": async () => {
    const wide = page;
    page = await open({ viewport: { width: 360, height: 740 } }, `/explore#ref=${CATALOG_SERVICE}&depth=2`);
    await drawn({ ref: CATALOG_SERVICE, depth: 2 });
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(widths[0] <= widths[1], `${widths[0]} of ${widths[1]} pixels`);
    const small = await page.locator("button, select").evaluateAll((all) => all.filter((it) => it.getBoundingClientRect().height < 24).map((it) => it.id));
    assert.deepEqual(small, [], "buttons are large enough for fingers");
    await page.context().close();
    page = wide;
  },

  "what is not there is said in plain words": async () => {
    await page.goto(`${server.address}/explore#ref=component:default/never-was`);
    await page.waitForFunction(() => document.getElementById("card-body").textContent.includes("has no entity of this reference"));
    assert.equal(await text("#card-title"), "never-was");
    await page.locator("#search-box").fill("zzzz nothing");
    await page.waitForFunction(() => document.getElementById("search-summary").textContent.startsWith("Nothing is called"));
    await page.route("**/graphql", (route) => route.abort());
    // The browser itself reports requests that fail.
    isServerDown = true;
    await page.locator("#search-box").fill("web");
    await page.waitForFunction(() => !document.getElementById("trouble").hidden);
    assert.equal(await text("#trouble"), "The server can't be reached.");
    await page.unroute("**/graphql");
  },
};

let failed = null;
try {
  await server.start();
  page = await open();
  for (const [name, run] of Object.entries(STEPS)) {
    failed = name;
    const started = performance.now();
    await run();
    assert.deepEqual(faults, [], "no errors on the console, and no requests to others");
    console.log(`ok  ${name} (${Math.round(performance.now() - started)} ms)`);
  }
  failed = null;
} catch (error) {
  process.exitCode = 1;
  console.error(`FAILED  ${failed ?? "starting"}\n${error.stack}`);
  if (faults.length) console.error(`the page: ${faults.join("\n")}`);
  const picture = join(tmpdir(), "callboard-explore-failed.png");
  await page?.screenshot({ path: picture, fullPage: true }).then(() => console.error(`how it looked: ${picture}`), () => {});
  const unusual = server.log.filter((line) => !/"level":"(INFO|DEBUG)"/.test(line));
  if (unusual.length) console.error(`the server: ${unusual.slice(-15).join("\n")}`);
} finally {
  await browser.close();
  await server.remove();
}
