// Starts the real binary, audits it, and says what holds.
//
//   node run.mjs [--only http,ws,…] [--documents N] [--seed N]
//
// CALLBOARD_BIN names the binary; without it, that of a debug build is taken.

import { parseArgs } from 'node:util';

import { AUDITS } from './audits/index.mjs';
import { Audit, printReport } from './lib/report.mjs';
import { Server } from './lib/server.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    documents: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
});
const wanted = options.only?.split(',');
const unknown = (wanted ?? []).filter((name) => !(name in AUDITS));
if (unknown.length > 0) {
  console.error(`no such audit: ${unknown.join(', ')}; there are ${Object.keys(AUDITS).join(', ')}`);
  process.exit(2);
}

const audits = [];
const server = await Server.start();
const stop = () => server.stop().then(() => process.exit(1));
process.once('SIGINT', stop).once('SIGTERM', stop);
try {
  for (const [name, run] of Object.entries(AUDITS)) {
    if (wanted && !wanted.includes(name)) continue;
    const audit = new Audit(name);
    const started = performance.now();
    try {
      await run(audit, { server, documents: Number(options.documents), seed: Number(options.seed) });
    } catch (error) {
      audit.fail('the audit itself', error?.stack ?? String(error));
    }
    audit.seconds = (performance.now() - started) / 1000;
    audits.push(audit);
  }
} finally {
  await server.stop();
}
process.exitCode = printReport(audits) ? 0 : 1;
