// What an attacker tries first: more work than a request should cause, requests that a web page of anybody can send, and
// questions about what is here. Each is refused as a whole, before anything of it is executed.

import assert from 'node:assert/strict';

import { get, post, send } from '../lib/http.mjs';
import { Server } from '../lib/server.mjs';

/** The most errors that one answer may have: more only repeat themselves, and cost. */
const MAX_ERRORS = 9;
const repeated = (count, text) => Array.from({ length: count }, (_, at) => text(at)).join(' ');

/** Requests that would cost far more than they are worth. */
const HOSTILE = {
  'aliases: 101 of one field': `{ ${repeated(101, (at) => `a${at}: __typename`)} }`,
  'aliases: 10,000 of one field': `{ ${repeated(10_000, (at) => `a${at}: revision`)} }`,
  'aliases: 200 pages': `{ ${repeated(200, (at) => `a${at}: entities(first: 500) { nodes { ref } }`)} }`,
  'directives: 10,000 known ones': `{ revision ${repeated(10_000, () => '@include(if: true)')} }`,
  'directives: 10,000 unknown ones': `{ __typename ${repeated(10_000, () => '@nothing')} }`,
  'fields: 10,000 times the same': `{ ${repeated(10_000, () => 'revision')} }`,
  'fields: 10,000 unknown ones': `{ ${repeated(10_000, (at) => `nothing${at}`)} }`,
  'depth: 300 fields': `{ entity(ref: "a") { ... on Group { ${'parent { '.repeat(300)} ref ${'} '.repeat(300)} } } }`,
  'depth: 5,000 inline fragments': `{ ${'... { '.repeat(5_000)} revision ${'} '.repeat(5_000)} }`,
  'depth: 5,000 lists': `{ entities(filter: { kind: { in: ${'['.repeat(5_000)}${']'.repeat(5_000)} } }) { totalCount } }`,
  'depth: 5,000 filters': `{ entities(filter: ${'{ not: '.repeat(5_000)} {} ${'} '.repeat(5_000)}) { totalCount } }`,
  'depth: 5,000 types of a list': `query ($a: ${'['.repeat(5_000)}Int${']'.repeat(5_000)}) { entities(first: $a) { totalCount } }`,
  'pages in pages': `{ entities(first: 500) { nodes { relations(first: 500) { nodes { target { relations(first: 500) { nodes { type } } } } } } } }`,
  'fragments: each pages through the next': `{ entity(ref: "a") { ...F0 } } ${repeated(6, (at) => `fragment F${at} on Entity { relations(first: 100) { nodes { target { ...F${at + 1} } } } }`)} fragment F6 on Entity { ref }`,
  'fragments: in circles': '{ entity(ref: "a") { ...A } } fragment A on Entity { ref ...B } fragment B on Entity { ref ...A }',
  'introspection in circles': `{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }`,
  'introspection in circles, through interfaces': `{ __schema { types { ${'possibleTypes { interfaces { '.repeat(6)} name ${'} } '.repeat(6)} } } }`,
  'a document of a megabyte': `{ revision ${'\n#'.padEnd(1_000_000, 'a')}\n }`,
  'a name of a megabyte': `{ ${'a'.repeat(900_000)} }`,
  'tokens: 20,000': `{ entities(filter: { kind: { in: [${repeated(20_000, () => '"a"')}] } }) { totalCount } }`,
  'variables: 10,000': `query (${repeated(10_000, (at) => `$v${at}: Int`)}) { revision }`,
  'operations: 1,000': repeated(1_000, (at) => `query A${at} { revision }`),
};

/** Looks like one of them, but is no more than 41 fields. */
const HARMLESS = `{ entity(ref: "component:default/changing") { ...F0 } } ${repeated(40, (at) => `fragment F${at} on Entity { a${at}: ref ...F${at + 1} ... on Entity { ...F${at + 1} } }`)} fragment F40 on Entity { ref }`;

export async function auditHardening(audit, { server }) {
  for (const [what, query] of Object.entries(HOSTILE)) {
    await audit.check(`${what}: refused`, async () => {
      const answer = await post(server.url, { query });
      assert.ok(answer.status >= 400 && answer.status < 500, `answered ${answer.status}: ${answer.text.slice(0, 200)}`);
      assert.equal('data' in (answer.json ?? {}), false, 'something was executed');
      const errors = answer.json?.errors ?? [];
      assert.ok(errors.length > 0 && errors.length <= MAX_ERRORS, `${errors.length} errors`);
      assert.ok(answer.text.length < 10_000, `an answer of ${answer.text.length} bytes`);
    });
  }
  await audit.check('fragments that each spread the next twice are 41 fields', async () => {
    assert.equal((await post(server.url, { query: HARMLESS })).status, 200);
  });
  await audit.check('after all that, the server answers', async () => {
    assert.ok((await server.ask('{ revision }')).data.revision >= 0);
  });
  await checkBrowsers(audit, server);
  await checkHardened(audit);
}

/** What the web page of anybody can make a browser send, without asking us first. */
async function checkBrowsers(audit, server) {
  const change = 'mutation { registerLocation(input: { target: "https://example.invalid/" }) { userErrors { code } } }';
  const refused = (answer) => {
    assert.ok(answer.status >= 400 && answer.status < 500, `answered ${answer.status}`);
    assert.equal('data' in (answer.json ?? {}), false, 'something was executed');
  };
  await audit.check('a mutation over GET', async () => refused(await get(server.url, { query: change })));
  await audit.check('a mutation without fields over GET', async () => refused(await get(server.url, { query: 'mutation { __typename }' })));
  await audit.check('a mutation of several operations over GET', async () => {
    refused(await get(server.url, { query: `query A { revision } ${change.replace('mutation', 'mutation B')}`, operationName: 'B' }));
  });
  const form = new URLSearchParams({ query: '{ revision }' });
  const parts = new FormData();
  parts.set('operations', JSON.stringify({ query: change }));
  parts.set('map', '{}');
  for (const [what, options] of [
    ['a form', { body: form }],
    ['a form in parts', { body: parts }],
    ['plain text', { headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ query: change }) }],
    ['plain text that calls itself JSON later', { headers: { 'content-type': 'text/plain; a=application/json' }, body: JSON.stringify({ query: change }) }],
    ['no type at all', { body: new Blob([JSON.stringify({ query: change })]) }],
  ]) {
    await audit.check(`${what} over POST`, async () => refused(await send(server.url, options)));
  }
  await audit.check('a list of requests', async () => refused(await post(server.url, Array(10).fill({ query: '{ __typename }' }))));
  await audit.check('a list of one request', async () => refused(await post(server.url, [{ query: '{ __typename }' }])));
  await audit.check('no page of another origin may read answers', async () => {
    const answer = await post(server.url, { query: '{ revision }' }, { origin: 'https://evil.example' });
    const allowed = answer.headers.get('access-control-allow-origin');
    assert.ok(allowed === null, `access-control-allow-origin: ${allowed}`);
  });
  await audit.check('no suggestions, and no schema in messages', async () => {
    for (const query of ['{ revisio }', '{ __schema { directive } }', '{ entity(re: "a") { ref } }', '{ entities(filter: { knd: {} }) { totalCount } }', '{ entity(ref: "a") { ... on Componen { ref } } }']) {
      const answer = await post(server.url, { query });
      assert.doesNotMatch(answer.text, /did you mean|suggest/i);
    }
  });
  await audit.check('ten unknown directives are not ten errors', async () => {
    const answer = await post(server.url, { query: 'query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }', operationName: 'cop' });
    assert.ok(answer.json.errors.length <= MAX_ERRORS, `${answer.json.errors.length} errors`);
  });
  await audit.check('no traces and no exceptions in answers', async () => {
    for (const query of ['{ revision }', 'qwerty { a }', '{ nothing }']) {
      assert.doesNotMatch((await post(server.url, { query })).text, /"tracing"|"exception"|"stacktrace"|"debug"/);
    }
  });
  await audit.check('answers say what they are, so that browsers guess nothing', async () => {
    const answer = await post(server.url, { query: '{ revision }' });
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.match(answer.headers.get('content-type'), /json/);
  });
  await audit.check('the server says nothing about what it is made of', async () => {
    const answer = await post(server.url, { query: '{ revision }' });
    assert.equal(answer.headers.get('server'), null);
    assert.equal(answer.headers.get('x-powered-by'), null);
  });
}

/** As an installation in the open would be configured. */
async function checkHardened(audit) {
  let server;
  await audit.check('hardened: it starts', async () => {
    server = await Server.start({ graphiql: false, introspection: false });
  });
  if (!server) return;
  try {
    await audit.check('hardened: the schema is not told', async () => {
      for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }', '{ ...F } fragment F on Query { __schema { queryType { name } } }', '{ revision @skip(if: true) a: __schema { queryType { name } } }']) {
        const answer = await post(server.url, { query });
        assert.equal('data' in (answer.json ?? {}), false, query);
      }
    });
    await audit.check('hardened: `__typename` is', async () => {
      assert.equal((await post(server.url, { query: '{ __typename }' })).json.data.__typename, 'Query');
    });
    await audit.check('hardened: there is no page to try things out', async () => {
      for (const url of [server.url, `http://${server.address}/`]) {
        const page = await send(url, { method: 'GET', headers: { accept: 'text/html' } });
        assert.doesNotMatch(page.text, /graphiql|playground/i);
      }
    });
  } finally {
    await server.stop();
  }
}
