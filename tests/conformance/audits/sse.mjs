// GraphQL over server-sent events in "distinct connections mode": the same operations as over a WebSocket.

import assert from 'node:assert/strict';

import { openStream } from '../lib/events.mjs';

const CHANGES = `subscription {
  entityChanges {
    __typename
    ... on EntityChange { cursor ref entity { description } }
    ... on ChangeCheckpoint { cursor }
  }
}`;

export async function auditEvents(audit, { server }) {
  const post = (body, headers = {}) =>
    openStream(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const get = (parameters, headers = {}) =>
    openStream(`${server.url}?${new URLSearchParams(parameters)}`, { headers: { accept: 'text/event-stream', ...headers } });
  /** A check with a stream of its own, which is closed behind it. */
  const check = (title, opening, run) =>
    audit.check(title, async () => {
      const stream = await opening();
      try {
        await run(stream);
      } finally {
        stream.close();
      }
    });
  /** The stream is one: status, type, and no cache may keep it. */
  const assertStream = (it) => {
    assert.equal(it.response.status, 200);
    assert.match(it.contentType, /^text\/event-stream/);
  };
  /** One next, one complete, and the end of the connection. */
  const assertOneAnswer = async (it) => {
    assertStream(it);
    const next = await it.next();
    assert.equal(next?.event, 'next', JSON.stringify(next));
    assert.equal((await it.next())?.event, 'complete');
    await it.ended;
    assert.equal(it.error, undefined);
    return next.data;
  };

  for (const [method, ask] of [['POST', post], ['GET', get]]) {
    await check(`${method}: a query gets next, complete and the end`, () => ask({ query: '{ revision }' }), async (it) => {
      const answer = await assertOneAnswer(it);
      assert.ok(answer.data.revision >= 0);
    });
    await check(`${method}: the operation's name and variables hold`, () => ask({
      query: 'query A { __typename } query B($n: Int!) { entities(first: $n) { nodes { ref } } }',
      operationName: 'B',
      variables: method === 'GET' ? '{"n":2}' : { n: 2 },
    }), async (it) => {
      assert.equal((await assertOneAnswer(it)).data.entities.nodes.length, 2);
    });
    await check(`${method}: a document that is not valid gets its errors and no data`, () => ask({ query: 'subscription { nothing }' }), (it) => assertRefused(it));
    await check(`${method}: a document that is no GraphQL gets its errors and no data`, () => ask({ query: '{' }), (it) => assertRefused(it));
    await check(`${method}: a subscription starts with a checkpoint, whose cursor is the event's id`, () => ask({ query: CHANGES }), async (it) => {
      assertStream(it);
      const first = await it.next();
      assert.equal(first?.event, 'next');
      assert.equal(first.data.data.entityChanges.__typename, 'ChangeCheckpoint');
      assert.equal(first.id, first.data.data.entityChanges.cursor);
    });
    await check(`${method}: a change reaches a subscriber`, () => ask({ query: CHANGES }), async (it) => {
      await it.next();
      await server.change();
      const change = await it.next(20_000);
      assert.equal(change?.data.data.entityChanges.ref, 'component:default/changing');
      assert.equal(change.id, change.data.data.entityChanges.cursor);
    });
    await check(`${method}: Last-Event-ID goes on after that event`, () => ask({ query: CHANGES }), async (it) => {
      const from = (await it.next()).id;
      await server.change();
      const missed = await it.next(20_000);
      it.close();
      const again = await ask({ query: CHANGES }, { 'last-event-id': from });
      try {
        const events = [await again.next(), await again.next()];
        const found = events.find((event) => event?.data.data.entityChanges.__typename === 'EntityChange');
        assert.equal(found?.id, missed.id, 'the change after the event is not sent');
        const after = await ask({ query: CHANGES }, { 'last-event-id': missed.id });
        const first = await after.next();
        after.close();
        assert.notEqual(first?.data.data.entityChanges.__typename, 'EntityChange', 'what was seen is sent again');
      } finally {
        again.close();
      }
    });
  }
  await check('GET: a mutation is not executed', () => get({ query: 'mutation { refreshEntity(input: { ref: "a" }) { revision } }' }), async (it) => {
    const events = [];
    for (let event = await it.next(); event; event = await it.next()) events.push(event);
    assert.ok(it.response.status === 405 || events.every((event) => !event.data?.data), JSON.stringify(events));
  });
  await check('POST: a mutation is executed and gets next and complete', () => post({ query: 'mutation { validateEntities(input: { yaml: "" }) { isValid } }' }), async (it) => {
    assert.equal(typeof (await assertOneAnswer(it)).data.validateEntities.isValid, 'boolean');
  });
  await check('a body that is no JSON is refused by the status', () => post('{'), (it) => {
    assert.equal(it.response.status, 400);
  });
  await check('a body of another type is refused by the status', () => post('query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }), (it) => {
    assert.equal(it.response.status, 415);
  });
  await check('events may not be kept by caches', () => post({ query: CHANGES }), (it) => {
    assert.match(it.response.headers.get('cache-control') ?? '', /no-(cache|store)/);
  });
  await check('the stream is not compressed into blocks', () => post({ query: CHANGES }, { 'accept-encoding': 'gzip, br, zstd' }), (it) => {
    assert.equal(it.response.headers.get('content-encoding'), null);
  });
  await check('a subscription without `Accept: text/event-stream` is refused with JSON', () => post({ query: CHANGES }, { accept: 'application/json' }), async (it) => {
    assert.match(it.contentType, /json/);
  });

  /** Refused: by the status, or as `next` with errors and without data. */
  async function assertRefused(it) {
    if (it.response.status === 400) return;
    const answer = await assertOneAnswer(it);
    assert.ok(answer.errors?.length > 0);
    assert.equal('data' in answer, false);
  }
}
