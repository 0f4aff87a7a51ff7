// Wrong requests: what is wrong with each, and which code its error must have.

import { get, post, send } from '../../lib/http.mjs';

const QUERY = '{ revision }';
const json = { 'content-type': 'application/json' };
const registered = (input) => ({
  query: `mutation ($input: RegisterLocationInput!) { registerLocation(input: $input) { userErrors { code } } }`,
  variables: { input },
});
const entities = (argument) => ({ query: `{ entities(${argument}) { totalCount } }` });
const filtered = (type, variables) => ({ query: `query ($v: ${type}) { entities(filter: $v) { totalCount } }`, variables });

/** Bodies and headers that are no GraphQL request: `[what, code, send(url)]`. */
export const BAD_REQUESTS = [
  ...[
    ['text that is no JSON', 'nothing'], ['JSON that ends early', '{"query":'], ['an empty body', ''], ['a JSON text', '"{ revision }"'],
    ['a JSON number', '1'], ['null', 'null'], ['an empty object', '{}'], ['a list', '[]'], ['a batch', '[{"query":"{revision}"}]'],
    ['two objects', '{"query":"{revision}"}{}'], ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['NaN', '{"query":"{revision}","variables":{"a":NaN}}'], ['single quotes', "{'query':'{revision}'}"], ['a comma too many', '{"query":"{revision}",}'],
    ['lists nested 10,000 deep', `{"query":"{revision}","variables":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`],
  ].map(([what, body]) => [what, 'BAD_USER_INPUT', (url) => send(url, { headers: json, body })]),
  ...[
    ['query is a number', { query: 1 }], ['query is null', { query: null }], ['query is a list', { query: [QUERY] }], ['query is an object', { query: {} }],
    ['operationName is a number', { query: QUERY, operationName: 1 }], ['operationName is a list', { query: QUERY, operationName: [] }],
    ['variables are a list', { query: QUERY, variables: [] }], ['variables are a text', { query: QUERY, variables: '{}' }], ['variables are a number', { query: QUERY, variables: 7 }],
    ['extensions are a text', { query: QUERY, extensions: 'a' }], ['extensions are a list', { query: QUERY, extensions: [] }],
  ].map(([what, body]) => [what, 'BAD_USER_INPUT', (url) => post(url, body)]),
  ...[
    ['no content type', null], ['plain text', 'text/plain'], ['a form', 'application/x-www-form-urlencoded'], ['a form in parts', 'multipart/form-data; boundary=a'],
    ['GraphQL text', 'application/graphql'], ['XML', 'application/xml'], ['JSON of another charset', 'application/json; charset=utf-16'], ['an octet stream', 'application/octet-stream'],
  ].map(([what, type]) => [`content type: ${what}`, 'UNSUPPORTED_MEDIA_TYPE', (url) => sendTyped(url, type)]),
  ...['PUT', 'DELETE', 'PATCH'].map((method) => [`method ${method}`, 'METHOD_NOT_ALLOWED', (url) => send(url, { method, headers: json, body: JSON.stringify({ query: QUERY }) })]),
  ['GET without a query', 'BAD_USER_INPUT', (url) => get(url, {})],
  ['GET with variables that are no JSON', 'BAD_USER_INPUT', (url) => get(url, { query: QUERY, variables: 'nothing' })],
  ['GET with variables that are a list', 'BAD_USER_INPUT', (url) => get(url, { query: QUERY, variables: '[]' })],
  ['GET with a mutation', 'METHOD_NOT_ALLOWED', (url) => get(url, { query: 'mutation { refreshEntity(input: { ref: "a" }) { revision } }' })],
  ['an address that is none', 'NOT_FOUND', (url) => send(`${url}/nothing`, { method: 'GET' })],
  ['a body that is too large', 'LIMIT_EXCEEDED', (url) => post(url, { query: `{ revision } #${'a'.repeat(2 * 1024 * 1024)}` })],
  ['a document id that is unknown', 'PERSISTED_QUERY_NOT_FOUND', (url) => post(url, { documentId: `sha256:${'0'.repeat(64)}` })],
  ['a hash that is unknown', 'PERSISTED_QUERY_NOT_FOUND', (url) => post(url, { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } })],
  ['a hash that is not that of the text', 'BAD_USER_INPUT', (url) => post(url, { query: QUERY, extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } })],
  ['a hash that is no hash', 'BAD_USER_INPUT', (url) => post(url, { query: QUERY, extensions: { persistedQuery: { version: 1, sha256Hash: 'zz' } } })],
];

/** GraphQL requests that can't be executed as a whole: `[what, code, body]`. */
export const BAD_OPERATIONS = [
  ['no GraphQL', 'GRAPHQL_PARSE_FAILED', { query: '{' }],
  ['no document', 'GRAPHQL_PARSE_FAILED', { query: '' }],
  ['brackets nested 10,000 deep', undefined, { query: '{'.repeat(10_000) }],
  ['an unknown field', 'GRAPHQL_VALIDATION_FAILED', { query: '{ nothing }' }],
  ['an unknown argument', 'GRAPHQL_VALIDATION_FAILED', entities('nothing: 1')],
  ['a number that is no Int', 'GRAPHQL_VALIDATION_FAILED', entities('first: 3000000000')],
  ['a list for an Int', 'GRAPHQL_VALIDATION_FAILED', entities('first: [1]')],
  ['a cycle of fragments', 'GRAPHQL_VALIDATION_FAILED', { query: '{ ...A } fragment A on Query { ...A }' }],
  ['two operations and no name', 'OPERATION_RESOLUTION_FAILURE', { query: 'query A { revision } query B { revision }' }],
  ['two operations and null for a name', 'OPERATION_RESOLUTION_FAILURE', { query: 'query A { revision } query B { revision }', operationName: null }],
  ['an operation that is not there', 'OPERATION_RESOLUTION_FAILURE', { query: 'query A { revision }', operationName: 'B' }],
  ['a fragment in place of an operation', undefined, { query: 'query A { ...F } fragment F on Query { revision }', operationName: 'F' }],
  ['a missing variable', 'BAD_USER_INPUT', { query: 'query ($v: EntityRef!) { entity(ref: $v) { ref } }' }],
  ['null for a variable that must not be', 'BAD_USER_INPUT', { query: 'query ($v: EntityRef!) { entity(ref: $v) { ref } }', variables: { v: null } }],
  ...[['text', '1'], ['fraction', 1.5], ['Boolean', true], ['list', [1]], ['object', {}], ['too large', 2 ** 31], ['far too large', 1e300]].map(
    ([what, v]) => [`a variable of type Int: ${what}`, 'BAD_USER_INPUT', { query: 'query ($v: Int) { entities(first: $v) { totalCount } }', variables: { v } }],
  ),
  ...[['number', 1], ['Boolean', false], ['object', {}]].map(
    ([what, v]) => [`a variable of type String: ${what}`, 'BAD_USER_INPUT', { query: 'query ($v: String) { entities(after: $v) { totalCount } }', variables: { v } }],
  ),
  ...[['fraction', 1.5], ['Boolean', true], ['list', ['a']]].map(
    ([what, v]) => [`a variable of type ID: ${what}`, 'BAD_USER_INPUT', { query: 'query ($v: ID!) { node(id: $v) { id } }', variables: { v } }],
  ),
  ...[['text', 'true'], ['number', 1]].map(
    ([what, v]) => [`a variable of type Boolean: ${what}`, 'BAD_USER_INPUT', { query: 'query ($v: Boolean!) { revision @include(if: $v) }', variables: { v } }],
  ),
  ['an enum value that is none', 'BAD_USER_INPUT', { query: 'query ($v: OrderDirection!) { entities(orderBy: [{ field: NAME, direction: $v }]) { totalCount } }', variables: { v: 'UP' } }],
  ['an input field that is unknown', 'BAD_USER_INPUT', filtered('EntityFilter', { v: { nothing: 1 } })],
  ['an input field that is missing', 'BAD_USER_INPUT', filtered('EntityFilter', { v: { relation: [{ exists: true }] } })],
  ['an input field of another type', 'BAD_USER_INPUT', filtered('EntityFilter', { v: { kind: 'Component' } })],
  ['null in a list that has none', 'BAD_USER_INPUT', filtered('EntityFilter', { v: { kind: { in: ['a', null] } } })],
  ['a variable that is no instant', 'BAD_USER_INPUT', filtered('EntityFilter', { v: { updatedAfter: 'yesterday' } })],
  ['a variable that is no reference', 'BAD_USER_INPUT', { query: 'query ($v: EntityRef!) { entity(ref: $v) { ref } }', variables: { v: '' } }],
  ['a variable that is a number for a reference', 'BAD_USER_INPUT', { query: 'query ($v: EntityRef!) { entity(ref: $v) { ref } }', variables: { v: 7 } }],
  ['input of a mutation that is missing', 'BAD_USER_INPUT', registered({})],
  ['input of a mutation that is unknown', 'BAD_USER_INPUT', registered({ target: 'https://example.invalid/', nothing: 1 })],
  ['pages within pages within pages', 'COST_LIMIT_EXCEEDED', { query: `{ entities(first: 500) { nodes { relations(first: 500) { nodes { target { relations(first: 500) { nodes { type } } } } } } } }` }],
  ['fields nested 100 deep', 'COST_LIMIT_EXCEEDED', { query: `{ entity(ref: "a") { ... on Group { ${'parent { '.repeat(100)} name ${'}'.repeat(100)} } } }` }],
  ['10,000 aliases', 'COST_LIMIT_EXCEEDED', { query: `{ ${Array.from({ length: 10_000 }, (_, at) => `a${at}: revision`).join(' ')} }` }],
  ['the schema asked in circles', 'COST_LIMIT_EXCEEDED', { query: `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} }'.repeat(8)} } } }` }],
  ['a subscription without a stream', undefined, { query: 'subscription { entityChanges { __typename } }' }],
];

/** GraphQL requests of which a field can't be answered: `[what, code, body]`. */
export const BAD_FIELDS = [
  ['a page that is too large', 'PAGE_SIZE_EXCEEDED', entities('first: 501')],
  ['a page from the end that is too large', 'PAGE_SIZE_EXCEEDED', entities('last: 501')],
  ['a page as large as can be', undefined, entities('first: 2147483647')],
  ['a page of less than nothing', 'BAD_USER_INPUT', entities('first: -1')],
  ['a page from both ends', 'BAD_USER_INPUT', entities('first: 1, last: 1')],
  ['`before` without `last`', 'BAD_USER_INPUT', entities('first: 1, before: "a"')],
  ...['entities', 'locations', 'problems'].flatMap((field) => [
    [`${field}: a cursor that is none`, 'INVALID_CURSOR', { query: `{ ${field}(first: 1, after: "nothing") { pageInfo { hasNextPage } } }` }],
    [`${field}: an empty cursor`, 'INVALID_CURSOR', { query: `{ ${field}(first: 1, after: "") { pageInfo { hasNextPage } } }` }],
    [`${field}: a cursor of strange characters`, 'INVALID_CURSOR', { query: `{ ${field}(last: 1, before: "é\\u{1F600}\\u0000") { pageInfo { hasNextPage } } }` }],
  ]),
  ['too many references', undefined, { query: 'query ($v: [EntityRef!]!) { entitiesByRefs(refs: $v) { ref } }', variables: { v: Array(501).fill('a') } }],
  ['too many ids', undefined, { query: 'query ($v: [ID!]!) { nodes(ids: $v) { id } }', variables: { v: Array(501).fill('a') } }],
  ['a reference that is none', 'BAD_USER_INPUT', { query: '{ entity(ref: "") { ref } }' }],
  ['one bad reference of several', 'BAD_USER_INPUT', { query: '{ entitiesByRefs(refs: ["a", ""]) { ref } }' }],
  ['a reference that is too long', 'BAD_USER_INPUT', { query: `{ entity(ref: "component:default/${'a'.repeat(2_000)}") { ref } }` }],
  ['an instant that is none', 'BAD_USER_INPUT', entities('filter: { updatedAfter: "yesterday" }')],
  ['an order by two things at once', 'BAD_USER_INPUT', entities('orderBy: [{ field: NAME, path: "a" }]')],
  ['an order by nothing', 'BAD_USER_INPUT', entities('orderBy: [{}]')],
  ['too many facets', 'PAGE_SIZE_EXCEEDED', { query: `{ entities { facets(fields: [${Array(30).fill('"kind"').join(',')}]) { field } } }` }],
  ['facets without a limit', 'BAD_USER_INPUT', { query: '{ entities { facets(fields: ["kind"], limit: -1) { field } } }' }],
];

/** Requests that look wrong and are not: they have no errors. `[what, body]` */
export const GOOD_REQUESTS = [
  ['an id that is none', { query: '{ node(id: "nothing") { id } }' }],
  ['an id of strange characters', { query: '{ node(id: "é\\u0000") { id } }' }],
  ['an entity that is not there', { query: '{ entity(ref: "nobody") { ref } }' }],
  ['null for everything that may be', { query: QUERY, operationName: null, variables: null, extensions: null }],
  ['a variable more', { query: QUERY, variables: { nothing: 1 } }],
  ['a page of nothing', entities('first: 0')],
  ['a member more', { query: QUERY, nothing: true }],
  ['a location that is not registered', { query: 'mutation { unregisterLocation(input: { id: "nothing" }) { userErrors { code } } }' }],
  ['an address that is none', registered({ target: 'nothing' })],
];

/** `fetch` adds a content type to texts by itself, but not to bytes. */
function sendTyped(url, type) {
  const body = new TextEncoder().encode(JSON.stringify({ query: QUERY }));
  return send(url, { headers: type === null ? {} : { 'content-type': type }, body });
}
