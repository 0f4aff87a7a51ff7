// Apollo Federation: the subgraph that a server with federation switched on says it is composes with others, and answers
// what a router asks.

import assert from 'node:assert/strict';

import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

import { Server } from '../lib/server.mjs';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@interfaceObject", "@shareable"])';
/** Subgraphs of other teams: one that knows components, one that knows any entity, one with pages of its own. */
const OTHERS = {
  costs: `${LINK}
    scalar EntityRef
    type Component @key(fields: "ref") { ref: EntityRef! monthlyCost: Float! }`,
  incidents: `${LINK}
    scalar EntityRef
    type Entity @key(fields: "ref") @interfaceObject { ref: EntityRef! incidentCount: Int! }
    type Query { worst: Entity }`,
  pages: `${LINK}
    type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
    type Query { pages: PageInfo! }`,
};

export async function auditFederation(audit, { server: without }) {
  await audit.check('without the setting there is nothing of it', async () => {
    const answer = await without.ask('{ _service { sdl } }');
    assert.equal(answer.errors?.[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  });
  const server = await Server.start({ federation: true });
  try {
    const { data } = await server.ask('{ _service { sdl } }');
    const callboard = { name: 'callboard', url: server.url, typeDefs: parse(data._service.sdl) };
    const compose = (...names) => {
      const others = names.map((name) => ({ name, url: `http://${name}`, typeDefs: parse(OTHERS[name]) }));
      const { errors, supergraphSdl } = composeServices([callboard, ...others]);
      assert.equal(errors, undefined, errors?.map((error) => error.message).join('\n'));
      return supergraphSdl;
    };
    await audit.check('it composes alone', () => compose());
    await audit.check('another subgraph adds a field to one kind', () => {
      assert.match(compose('costs'), /monthlyCost: Float!/);
    });
    await audit.check('another subgraph adds a field to every entity', () => {
      const supergraph = compose('incidents');
      assert.ok(supergraph.split('incidentCount: Int!').length > 10, 'not every type of entity has the field');
    });
    await audit.check('it composes with all of them', () => compose('costs', 'incidents', 'pages'));
    await audit.check('entities are found by their key, under their type and under the interface', async () => {
      const answer = await server.ask(
        'query($them: [_Any!]!) { _entities(representations: $them) { __typename ... on Entity { ref } } }',
        {
          them: [
            { __typename: 'Component', ref: 'component:default/changing' },
            { __typename: 'Entity', ref: 'component:default/changing' },
            { __typename: 'Component', ref: 'component:default/is-not-there' },
            { __typename: 'Group', ref: 'component:default/changing' },
          ],
        },
      );
      const found = { __typename: 'Component', ref: 'component:default/changing' };
      assert.deepEqual(answer.data?._entities, [found, found, null, null], JSON.stringify(answer.errors));
    });
  } finally {
    await server.stop();
  }
}
