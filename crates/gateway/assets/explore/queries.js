// What the page asks. Each of these can be pasted into any GraphQL client.

export const SEARCH = `query Search($filter: EntityFilter, $first: Int!) {
  revision
  entities(filter: $filter, first: $first) {
    totalCount
    nodes { ref kind displayName description }
  }
}`;

export const CARD = `query Card($ref: EntityRef!) {
  entity(ref: $ref) {
    ref kind displayName description tags updatedAt revision ownerRef
    ... on Component { type lifecycle }
    ... on API { type lifecycle }
    ... on Resource { type }
    ... on Group { type }
    ... on Template { type }
    owner { __typename ... on Group { ref displayName } ... on User { ref displayName } }
    links { url title }
    origin { target sourceUrl }
    status { level problems { code level message target line column field entityRef } }
    relations(first: 200) {
      totalCount
      nodes { type targetRef target { kind displayName } }
    }
  }
}`;

export const GRAPH = `query Graph($input: GraphInput!) {
  graph(input: $input) {
    nodes { ref distance isRoot hiddenNeighborCount entity { kind displayName } }
    edges { source target type }
    isComplete
    truncation { reason limit omittedNodeCount }
  }
}`;

export const IMPACT = `query Impact($ref: EntityRef!, $first: Int!) {
  impact(ref: $ref) {
    totalCount
    isComplete
    byDistance { distance count }
    affected(first: $first) { nodes { ref } }
  }
}`;

export const PROBLEMS = `query Problems($first: Int!) {
  problems(first: $first) {
    totalCount
    nodes { code level message target line column field entityRef }
  }
}`;

export const CHANGES = `subscription Changes($after: String, $checkpointSeconds: Int!) {
  entityChanges(after: $after, checkpointSeconds: $checkpointSeconds) {
    __typename
    ... on EntityChange {
      cursor revision type ref occurredAt actor changedPaths
      relationsAdded { type targetRef }
      relationsRemoved { type targetRef }
      entity { kind displayName }
      previous { kind displayName }
    }
    ... on ChangeCheckpoint { cursor revision at }
    ... on ChangeReset { cursor revision }
  }
}`;
