// A real server for the test: the binary, the example organisation in a folder of its own, a configuration of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const EXAMPLE = fileURLToPath(new URL("../../crates/callboard/example", import.meta.url));
const KINDS = ["Component", "API", "Resource", "System", "Domain", "Group", "User", "Template", "Location"];

/** A component without an owner: a problem with a line of its own. */
export const BROKEN = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: half-done
spec:
  type: service
  lifecycle: experimental
`;

export class Server {
  /** Copies the example and finds a free port; nothing runs yet. */
  static async prepare(binary) {
    const folder = await mkdtemp(join(tmpdir(), "callboard-browser-"));
    await cp(EXAMPLE, join(folder, "catalog"), { recursive: true });
    await writeFile(join(folder, "catalog/broken.yaml"), BROKEN);
    const port = await freePort();
    const locations = ["all.yaml", "broken.yaml"].map((file) => ({ type: "file", target: join(folder, "catalog", file) }));
    const config = {
      backend: { listen: `127.0.0.1:${port}` },
      callboard: { dataDirectory: join(folder, "data"), shutdownTimeout: "2s" },
      catalog: { rules: [{ allow: KINDS }], locations },
    };
    // JSON is YAML.
    await writeFile(join(folder, "app-config.yaml"), JSON.stringify(config));
    return new Server(binary, folder, `http://127.0.0.1:${port}`);
  }

  constructor(binary, folder, address) {
    Object.assign(this, { binary, folder, address, process: null, log: [] });
  }

  /** Starts the binary and waits until it listens. */
  async start() {
    const config = join(this.folder, "app-config.yaml");
    const child = spawn(this.binary, ["serve", "--config", config], {
      cwd: this.folder,
      env: { ...process.env, RUST_LOG: "info" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.process = child;
    const lines = createInterface({ input: child.stderr });
    await new Promise((listening, failed) => {
      lines.on("line", (line) => {
        this.log.push(line);
        if (line.includes('"listening"')) listening();
      });
      child.once("error", failed);
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${this.log.slice(-20).join("\n")}`)));
    });
  }

  /** Stops it as an orchestrator would. */
  async stop() {
    const child = this.process;
    this.process = null;
    if (!child || child.exitCode !== null) return;
    child.removeAllListeners("exit");
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }

  /** Stops it and removes what it left. */
  async remove() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Replaces a text in a file of the catalog, which must be there. */
  async edit(file, before, after) {
    const path = join(this.folder, "catalog", file);
    const text = await readFile(path, "utf8");
    if (!text.includes(before)) throw new Error(`${file} has no \`${before}\``);
    await writeFile(path, text.replace(before, after));
  }
}

async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}
