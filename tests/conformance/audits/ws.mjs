// graphql-transport-ws, by its PROTOCOL.md: what a server has to answer, and with which code it has to close.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { Socket } from '../lib/socket.mjs';

/** Never ends by itself, and sends a checkpoint at once. */
const ENDLESS = 'subscription { entityChanges(checkpointSeconds: 1) { __typename } }';
const QUERY = '{ __typename }';

export async function auditWebSocket(audit, { server }) {
  const open = (protocol, headers) => Socket.open(server.socketUrl, protocol, headers);
  const acknowledged = () => Socket.acknowledged(server.socketUrl);
  const sockets = [];
  /** A check with a socket of its own, which is closed behind it. */
  const check = (title, opening, run) =>
    audit.check(title, async () => {
      const socket = await opening();
      sockets.push(socket);
      try {
        await run(socket);
      } finally {
        socket.close();
      }
    });

  await check('the sub-protocol is echoed', open, (it) => {
    assert.equal(it.socket.protocol, 'graphql-transport-ws');
  });
  await check('connection_init is acknowledged', open, async (it) => {
    it.send({ type: 'connection_init' });
    assert.equal((await it.next())?.type, 'connection_ack');
  });
  await check('connection_init with an object as payload is acknowledged, once', open, async (it) => {
    it.send({ type: 'connection_init', payload: { anything: ['goes'] } });
    assert.equal((await it.next())?.type, 'connection_ack');
    assert.equal(await it.next(200), undefined);
  });
  await check('connection_init with a payload that is no object closes with 4400', open, async (it) => {
    it.send({ type: 'connection_init', payload: 'text' });
    assert.equal(await it.closeCode(), 4400);
  });
  await check('subscribe before connection_init closes with 4401', open, async (it) => {
    it.subscribe('1', QUERY);
    assert.equal(await it.closeCode(), 4401);
  });
  await check('a second connection_init closes with 4429', acknowledged, async (it) => {
    it.send({ type: 'connection_init' });
    assert.equal(await it.closeCode(), 4429);
  });
  await check('silence instead of connection_init closes with 4408', open, async (it) => {
    assert.equal(await it.closeCode(20_000), 4408);
  });
  await check('text that is no JSON closes with 4400', acknowledged, async (it) => {
    it.send('{"type":');
    assert.equal(await it.closeCode(), 4400);
  });
  await check('a message of an unknown type closes with 4400', acknowledged, async (it) => {
    it.send({ type: 'unheard_of' });
    assert.equal(await it.closeCode(), 4400);
  });
  await check('subscribe without an id closes with 4400', acknowledged, async (it) => {
    it.send({ type: 'subscribe', payload: { query: QUERY } });
    assert.equal(await it.closeCode(), 4400);
  });
  await check('the id of a running operation, used again, closes with 4409', acknowledged, async (it) => {
    it.subscribe('1', ENDLESS);
    it.subscribe('1', ENDLESS);
    assert.equal(await it.closeCode(), 4409);
  });
  await check('ping is answered with pong', acknowledged, async (it) => {
    it.send({ type: 'ping', payload: { any: 'thing' } });
    assert.equal((await it.next())?.type, 'pong');
  });
  await check('an unasked pong is taken', acknowledged, async (it) => {
    it.send({ type: 'pong' });
    it.send({ type: 'ping' });
    assert.equal((await it.next())?.type, 'pong');
  });
  await check('a query gets one next and one complete', acknowledged, async (it) => {
    it.subscribe('a', 'query Named($n: Int!) { entities(first: $n) { totalCount } }', {
      operationName: 'Named',
      variables: { n: 1 },
    });
    const [next, complete] = [await it.next(), await it.next()];
    assert.deepEqual([next?.type, next?.id, complete?.type, complete?.id], ['next', 'a', 'complete', 'a']);
    assert.ok(next.payload.data.entities.totalCount > 0);
  });
  await check('a document that is not valid gets an error with a list, and nothing after it', acknowledged, async (it) => {
    it.subscribe('a', 'subscription { nothing }');
    const message = await it.next();
    assert.equal(message?.type, 'error', JSON.stringify(message));
    assert.equal(message.id, 'a');
    assert.ok(Array.isArray(message.payload) && message.payload.every((error) => typeof error.message === 'string'));
    assert.equal(await it.next(200), undefined);
  });
  await check('a document that is no GraphQL gets an error', acknowledged, async (it) => {
    it.subscribe('a', '{');
    const message = await it.next();
    assert.equal(message?.type, 'error', JSON.stringify(message));
    assert.ok(Array.isArray(message.payload));
  });
  await check('an id may be used again when its operation has ended', acknowledged, async (it) => {
    for (const round of [1, 2]) {
      it.subscribe('a', QUERY);
      const types = [(await it.next())?.type, (await it.next())?.type];
      assert.deepEqual(types, ['next', 'complete'], `round ${round}`);
    }
  });
  await check('complete from the client ends a subscription and frees its id', acknowledged, async (it) => {
    it.subscribe('a', ENDLESS);
    assert.equal((await it.next())?.type, 'next');
    it.send({ id: 'a', type: 'complete' });
    it.send({ type: 'ping' });
    for (let message = await it.next(); message?.type !== 'pong'; message = await it.next()) assert.ok(message);
    it.received.length = 0;
    await sleep(1_500);
    assert.deepEqual(it.received, []);
    it.subscribe('a', QUERY);
    assert.equal((await it.next())?.type, 'next');
  });
  await check('operations of one socket do not wait for each other', acknowledged, async (it) => {
    it.subscribe('endless', ENDLESS);
    it.subscribe('short', QUERY);
    const ended = [];
    while (!ended.includes('short')) {
      const message = await it.next();
      assert.ok(message, 'nothing came');
      if (message.type === 'complete') ended.push(message.id);
    }
  });
  await audit.check('another sub-protocol is refused, by the status or with 4406', async () => {
    let socket;
    try {
      socket = await open('unheard-of');
    } catch {
      return;
    }
    assert.equal(await socket.closeCode(), 4406);
  });
  await audit.check('a change reaches a subscriber', async () => {
    const it = await acknowledged();
    it.subscribe('a', 'subscription { entityChanges { ... on EntityChange { ref } ... on ChangeCheckpoint { cursor } } }');
    assert.ok((await it.next())?.payload.data.entityChanges.cursor);
    await server.change();
    assert.equal((await it.next(20_000))?.payload.data.entityChanges.ref, 'component:default/changing');
    it.close();
  });
}
