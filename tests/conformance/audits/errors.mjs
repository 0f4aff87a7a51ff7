// Errors: every one has a code of the list in the documentation, the request's id, and a message for people.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { post } from '../lib/http.mjs';
import { REPOSITORY } from '../lib/server.mjs';
import { BAD_FIELDS, BAD_OPERATIONS, BAD_REQUESTS, GOOD_REQUESTS } from './errors/requests.mjs';

/** What a message must never show: the names of our types, files and tables, or how Rust prints values. */
const INNARDS = /panicked|unwrap|::|\.rs\b|Some\(|None\b|Err\(|sqlx|sea_orm|SELECT |serde/;

export async function auditErrors(audit, { server }) {
  const codes = await documentedCodes();
  await audit.check('the documentation lists the codes', () => assert.ok(codes.size > 15, `it lists ${codes.size}`));
  for (const [what, code, send] of BAD_REQUESTS) {
    await audit.check(`${what} is refused`, async () => {
      const answer = await send(server.url);
      assert.ok(answer.status >= 400 && answer.status < 500, `answered ${answer.status}`);
      assertErrors(answer, code, codes);
      assert.equal('data' in answer.json, false, 'there is data');
    });
  }
  for (const [what, code, body] of BAD_OPERATIONS) {
    await audit.check(`${what}: nothing is executed`, async () => {
      const answer = await post(server.url, body);
      assert.ok(answer.status >= 400 && answer.status < 500, `answered ${answer.status}: ${answer.text.slice(0, 300)}`);
      assertErrors(answer, code, codes);
      assert.equal('data' in answer.json, false, 'there is data');
      const old = await post(server.url, body, { accept: 'application/json' });
      assertErrors(old, code, codes);
    });
  }
  for (const [what, code, body] of BAD_FIELDS) {
    await audit.check(`${what}: the field is an error`, async () => {
      const answer = await post(server.url, body);
      assertErrors(answer, code, codes);
    });
  }
  for (const [what, body] of GOOD_REQUESTS) {
    await audit.check(`${what}: no error`, async () => {
      const answer = await post(server.url, body);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json.errors, undefined, answer.text);
    });
  }
  await audit.check('the id that came with a request is in its answer', async () => {
    const answer = await post(server.url, { query: '{ nothing }' }, { 'x-request-id': 'conformance-1' });
    assert.equal(answer.headers.get('x-request-id'), 'conformance-1');
    assert.equal(answer.json.errors[0].extensions.requestId, 'conformance-1');
  });
}

function assertErrors(answer, code, codes) {
  const errors = answer.json?.errors;
  assert.ok(Array.isArray(errors) && errors.length > 0, `no errors: ${answer.status} ${answer.text.slice(0, 300)}`);
  for (const error of errors) {
    const shown = JSON.stringify(error).slice(0, 300);
    assert.ok(typeof error.message === 'string' && error.message.length > 3, `no message: ${shown}`);
    assert.doesNotMatch(error.message, INNARDS);
    assert.ok(codes.has(error.extensions?.code), `the code is not documented: ${shown}`);
    assert.equal(error.extensions.requestId, answer.headers.get('x-request-id'), `requestId: ${shown}`);
    if (code) assert.equal(error.extensions.code, code, shown);
  }
}

async function documentedCodes() {
  const text = await readFile(join(REPOSITORY, 'docs/errors.md'), 'utf8');
  return new Set([...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]));
}
