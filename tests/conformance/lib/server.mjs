// A server to audit: the real binary as a process of its own, with a configuration and a database in a temporary folder.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const BINARY = resolve(process.env.CALLBOARD_BIN ?? join(REPOSITORY, 'target/debug/callboard'));
/** How long anything may take before the audit gives up; far more than it ever takes. */
const PATIENCE_MS = 60_000;
const KINDS = ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Template', 'Location'];

export { BINARY, REPOSITORY };

export class Server {
  /**
   * Starts the binary on a free port over the example organisation and one file that {@link Server.change} rewrites.
   * `graphql` is what stands under `callboard.graphql` in its configuration.
   */
  static async start(graphql = {}) {
    const server = new Server();
    server.folder = await mkdtemp(join(tmpdir(), 'callboard-conformance-'));
    server.changing = join(server.folder, 'changing.yaml');
    server.changes = 0;
    await server.#writeChanging();
    const example = join(REPOSITORY, 'crates/callboard/example/all.yaml');
    const config = {
      backend: { listen: '127.0.0.1:0' },
      catalog: {
        rules: [{ allow: KINDS }],
        locations: [example, server.changing].map((target) => ({ type: 'file', target })),
      },
      callboard: { dataDirectory: server.folder, graphql },
    };
    const file = join(server.folder, 'app-config.yaml');
    await writeFile(file, JSON.stringify(config));
    server.process = spawn(BINARY, ['serve', '--config', file], {
      cwd: server.folder,
      env: { ...process.env, RUST_LOG: 'warn,callboard=info' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server.exited = new Promise((done) => server.process.once('exit', done));
    server.process.once('error', (error) => server.log.push(String(error)));
    try {
      server.address = await server.#listening();
      await server.#ready();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  log = [];

  get url() {
    return `http://${this.address}/graphql`;
  }

  get socketUrl() {
    return `ws://${this.address}/graphql`;
  }

  /** Makes one change in the catalog: the description of `component:default/changing` becomes another one. */
  async change() {
    this.changes += 1;
    await this.#writeChanging();
  }

  /** Asks a document over plain HTTP and returns the whole answer. */
  async ask(query, variables) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  /** Ends the process as an orchestrator would and removes its folder. */
  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      const killer = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
      await this.exited;
      clearTimeout(killer);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #writeChanging() {
    const description = `Changed ${this.changes} times.`;
    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'changing', description },
      spec: { type: 'service', lifecycle: 'production', owner: 'group:default/nobody' },
    };
    await writeFile(this.changing, JSON.stringify(entity));
  }

  async #listening() {
    const address = new Promise((found, failed) => {
      createInterface({ input: this.process.stderr }).on('line', (line) => {
        this.log.push(line);
        const fields = parsed(line);
        if (fields?.message === 'listening') found(fields.address);
      });
      this.exited.then(() => failed(new Error(`the server ended:\n${this.log.join('\n')}`)));
      setTimeout(() => failed(new Error(`the server does not listen:\n${this.log.join('\n')}`)), PATIENCE_MS).unref();
    });
    return address;
  }

  /** Waits until requests are answered and every location has been read. */
  async #ready() {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const probe = await fetch(`http://${this.address}/readyz`);
      if (probe.ok) {
        const answer = await this.ask('{ locations(first: 10) { nodes { status { lastReadAt } } } }');
        const locations = answer.data?.locations.nodes ?? [];
        if (locations.length === 2 && locations.every((location) => location.status.lastReadAt)) return;
      }
      await sleep(20);
    }
    throw new Error(`the server does not become ready:\n${this.log.join('\n')}`);
  }
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
