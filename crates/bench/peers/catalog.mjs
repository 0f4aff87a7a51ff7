// The catalog in memory, and a schema over it as one would write it for these servers: plain properties, default resolvers,
// relations looked up in a map. Both servers share it.

import { readFileSync } from 'node:fs';

export const typeDefs = /* GraphQL */ `
  interface Entity {
    id: ID!
    ref: String!
    kind: String!
    namespace: String!
    name: String!
    title: String
    description: String
    tags: [String!]!
    createdAt: String!
    ownerRef: String
  }

  type Component implements Entity {
    id: ID!
    ref: String!
    kind: String!
    namespace: String!
    name: String!
    title: String
    description: String
    tags: [String!]!
    createdAt: String!
    ownerRef: String
    type: String!
    lifecycle: String!
    dependsOn(first: Int = 50): [Component!]!
  }

  type API implements Entity {
    id: ID!
    ref: String!
    kind: String!
    namespace: String!
    name: String!
    title: String
    description: String
    tags: [String!]!
    createdAt: String!
    ownerRef: String
    type: String!
    lifecycle: String!
  }

  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }

  type ComponentEdge {
    cursor: String!
    node: Component!
  }

  type ComponentConnection {
    edges: [ComponentEdge!]!
    pageInfo: PageInfo!
  }

  type Query {
    component(ref: String!): Component
    components(first: Int = 50): [Component!]!
    entities(first: Int = 50): [Entity!]!
    connection(first: Int = 50): ComponentConnection!
  }
`;

export function resolversOver(file, resolveType = '__resolveType') {
  const entities = JSON.parse(readFileSync(file, 'utf8'));
  const components = entities.filter((entity) => entity.kind === 'Component');
  const byRef = new Map(entities.map((entity) => [entity.ref, entity]));
  return {
    Query: {
      component: (_, { ref }) => byRef.get(ref) ?? null,
      components: (_, { first }) => components.slice(0, first),
      entities: (_, { first }) => entities.slice(0, first),
      connection: (_, { first }) => {
        const edges = components.slice(0, first).map((node) => ({ cursor: cursorOf(node), node }));
        return { edges, pageInfo: { hasNextPage: first < components.length, endCursor: edges.at(-1)?.cursor ?? null } };
      },
    },
    Entity: { [resolveType]: (entity) => entity.kind },
    Component: {
      dependsOn: (component, { first }) => component.dependsOn.slice(0, first).map((ref) => byRef.get(ref)),
    },
  };
}

function cursorOf(entity) {
  return Buffer.from(entity.ref).toString('base64url');
}
