// Starts the real binary and lets schemathesis ask it whatever the schema allows, and what it does not.
//
//   node fuzz.mjs [--cases N]
//
// CALLBOARD_BIN names the binary, SCHEMATHESIS the program; without it, a virtual environment is made under target/.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { buildSchema } from 'graphql';

import { BINARY, REPOSITORY, Server } from './lib/server.mjs';

const HERE = import.meta.dirname;
const VERSION = '4.32.5';
const { values: options } = parseArgs({ options: { cases: { type: 'string', default: '5000' } } });

const schemathesis = process.env.SCHEMATHESIS ?? installed();
const server = await Server.start({});
try {
  const sdl = execFileSync(BINARY, ['schema'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const file = join(server.folder, 'schema.graphql');
  await writeFile(file, sdl);
  const schema = buildSchema(sdl);
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type.getFields()));
  // So many for each field of a root that they are that many in all.
  const each = Math.ceil(Number(options.cases) / roots.length);
  const run = spawn(
    schemathesis,
    [
      'run', file, '--url', server.url, '--max-examples', String(each), '--continue-on-failure', '--generation-deterministic',
      '--suppress-health-check', 'all', '--request-timeout', '60', '--checks', 'answers_as_promised',
    ],
    { stdio: 'inherit', cwd: server.folder, env: { ...process.env, SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: HERE } },
  );
  process.once('SIGTERM', () => run.kill()).once('SIGINT', () => run.kill());
  const [code] = await once(run, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await server.stop();
}

function installed() {
  const folder = join(REPOSITORY, 'target/schemathesis');
  const program = join(folder, 'bin/schemathesis');
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', `schemathesis==${VERSION}`], { stdio: 'inherit' });
  }
  return program;
}
