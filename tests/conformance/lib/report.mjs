// What the checks found: counted, printed, and turned into an exit code.

/** One audit: a named list of checks, each of which holds or says why it does not. */
export class Audit {
  constructor(name) {
    this.name = name;
    this.results = [];
  }

  /** Runs a check; it fails by throwing. */
  async check(title, run) {
    try {
      await run();
      this.pass(title);
    } catch (error) {
      this.fail(title, error?.message ?? String(error));
    }
  }

  pass(title) {
    this.results.push({ title, isPassed: true });
  }

  fail(title, reason) {
    this.results.push({ title, isPassed: false, reason });
  }

  /** Counts checks that hold without keeping a line for each of them. */
  passMany(count) {
    this.alsoPassed = (this.alsoPassed ?? 0) + count;
  }

  get passed() {
    return this.results.filter((result) => result.isPassed).length + (this.alsoPassed ?? 0);
  }

  get failures() {
    return this.results.filter((result) => !result.isPassed);
  }

  get total() {
    return this.passed + this.failures.length;
  }
}

/** Prints a table of the audits and what failed in them; returns whether all of them hold. */
export function printReport(audits) {
  for (const audit of audits) {
    for (const { title, reason } of audit.failures) {
      console.log(`FAIL  ${audit.name}: ${title}\n      ${String(reason).replaceAll('\n', '\n      ')}`);
    }
  }
  console.log('');
  const width = Math.max(...audits.map((audit) => audit.name.length));
  for (const audit of audits) {
    const verdict = audit.failures.length === 0 && audit.total > 0 ? 'ok' : 'FAILED';
    const count = `${audit.passed} of ${audit.total}`;
    console.log(`${audit.name.padEnd(width)}  ${count.padStart(14)}  ${verdict.padEnd(6)}  ${(audit.seconds ?? 0).toFixed(1)} s`);
  }
  // An audit that checked nothing proves nothing.
  return audits.length > 0 && audits.every((audit) => audit.total > 0 && audit.failures.length === 0);
}
