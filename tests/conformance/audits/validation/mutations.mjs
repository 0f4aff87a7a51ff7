// Random damage: each mutation changes one thing of a document, which then may or may not be valid.

import { Kind, parse, parseType, parseValue, print, visit } from 'graphql';

const VALUES = ['1', '-1', '1.5', '"a"', 'true', 'null', 'NAME', '[]', '[1]', '{}', '{ eq: "a" }', '[null]', '$a', '$zzz', '""', '2147483648', '"""b"""'];
const DIRECTIVES = ['include(if: true)', 'skip(if: $a)', 'nothing', 'include', 'deprecated', 'skip(if: "a")', 'include(if: true, if: true)'];
const CHARACTERS = ['{', '}', '(', ')', ':', '$', '!', '@', '"', '\\', '...', 'é', '\u0007', '#', ',', '0', '|', '&', '\uFEFF', '"""'];

/** Returns the document with one thing changed. */
export function mutate(text, schema, random) {
  if (random.chance(0.12)) return damageText(text, random);
  const document = parse(text, { noLocation: true });
  const nodes = {};
  visit(document, { enter: (node) => void (nodes[node.kind] ??= []).push(node) });
  const applicable = MUTATIONS.filter(([kind]) => nodes[kind]?.length > 0);
  const [kind, change] = random.of(applicable);
  change(random.of(nodes[kind]), { schema, random, document, nodes });
  return print(document);
}

function damageText(text, random) {
  const at = random.below(text.length);
  const rest = random.chance(0.5) ? text.slice(at + 1) : text.slice(at);
  return text.slice(0, at) + (random.chance(0.6) ? random.of(CHARACTERS) : '') + rest;
}

const name = (value) => ({ kind: Kind.NAME, value });

function anyType({ schema, random }) {
  return random.of(Object.keys(schema.getTypeMap()));
}

function anyFieldName({ schema, random }) {
  const type = random.of(Object.values(schema.getTypeMap()).filter((it) => 'getFields' in it));
  return random.of(Object.keys(type.getFields()));
}

function anyDirective({ random }) {
  const { directives } = parse(`{ a @${random.of(DIRECTIVES)} }`, { noLocation: true }).definitions[0].selectionSet.selections[0];
  return directives[0];
}

const addDirective = (node, context) => (node.directives = [...(node.directives ?? []), anyDirective(context)]);

const MUTATIONS = [
  [Kind.FIELD, (field, context) => (field.name = name(anyFieldName(context)))],
  [Kind.FIELD, (field, { random }) => (field.alias = name(random.of(['a', 'name', 'ref', 'type', '__typename'])))],
  [Kind.FIELD, (field) => (field.alias = undefined)],
  [Kind.FIELD, (field) => (field.selectionSet = undefined)],
  [Kind.FIELD, (field) => (field.selectionSet ??= { kind: Kind.SELECTION_SET, selections: [{ kind: Kind.FIELD, name: name('a') }] })],
  [Kind.FIELD, (field, context) => (field.arguments = [...(field.arguments ?? []), { kind: Kind.ARGUMENT, name: name(anyFieldName(context)), value: parseValue('1') }])],
  [Kind.FIELD, (field) => (field.arguments = (field.arguments ?? []).slice(1))],
  [Kind.FIELD, (field) => (field.arguments = [...(field.arguments ?? []), ...(field.arguments ?? []).slice(0, 1)])],
  [Kind.FIELD, addDirective],
  [Kind.INLINE_FRAGMENT, addDirective],
  [Kind.FRAGMENT_SPREAD, addDirective],
  [Kind.FRAGMENT_DEFINITION, addDirective],
  [Kind.OPERATION_DEFINITION, addDirective],
  [Kind.VARIABLE_DEFINITION, addDirective],
  [Kind.ARGUMENT, (argument, { random }) => (argument.value = parseValue(random.of(VALUES), { noLocation: true }))],
  [Kind.ARGUMENT, (argument, context) => (argument.name = name(anyFieldName(context)))],
  [Kind.OBJECT_FIELD, (field, { random }) => (field.value = parseValue(random.of(VALUES), { noLocation: true }))],
  [Kind.OBJECT_FIELD, (field, context) => (field.name = name(anyFieldName(context)))],
  [Kind.OBJECT, (object) => (object.fields = [...object.fields, ...object.fields.slice(0, 1)])],
  [Kind.OBJECT, (object) => (object.fields = object.fields.slice(1))],
  [Kind.LIST, (list, { random }) => (list.values = [...list.values, parseValue(random.of(VALUES), { noLocation: true })])],
  [Kind.VARIABLE_DEFINITION, (variable, context) => (variable.type = parseType(context.random.of(['Int', 'String!', '[ID!]', 'Boolean', anyType(context), `${anyType(context)}!`]), { noLocation: true }))],
  [Kind.VARIABLE_DEFINITION, (variable) => (variable.type = variable.type.kind === Kind.NON_NULL_TYPE ? variable.type.type : { kind: Kind.NON_NULL_TYPE, type: variable.type })],
  [Kind.VARIABLE_DEFINITION, (variable) => (variable.type = { kind: Kind.LIST_TYPE, type: variable.type })],
  [Kind.VARIABLE_DEFINITION, (variable, { random }) => (variable.defaultValue = parseValue(random.of(VALUES), { noLocation: true }))],
  [Kind.VARIABLE_DEFINITION, (variable, { random }) => (variable.variable.name = name(random.of(['a', 'b', 'zzz'])))],
  [Kind.VARIABLE, (variable, { random }) => (variable.name = name(random.of(['a', 'b', 'zzz'])))],
  [Kind.OPERATION_DEFINITION, (operation, { random }) => (operation.variableDefinitions = [...(operation.variableDefinitions ?? []), ...parse(`query ($${random.of(['a', 'q'])}: Int) { a }`, { noLocation: true }).definitions[0].variableDefinitions])],
  [Kind.OPERATION_DEFINITION, (operation, { random }) => (operation.operation = random.of(['query', 'mutation', 'subscription']))],
  [Kind.OPERATION_DEFINITION, (operation, { document }) => document.definitions.push(operation)],
  [Kind.OPERATION_DEFINITION, (operation) => (operation.name = undefined)],
  [Kind.OPERATION_DEFINITION, (operation) => (operation.description = { kind: Kind.STRING, value: 'What it asks.' })],
  [Kind.FRAGMENT_DEFINITION, (fragment, context) => (fragment.typeCondition = { kind: Kind.NAMED_TYPE, name: name(anyType(context)) })],
  [Kind.INLINE_FRAGMENT, (fragment, context) => (fragment.typeCondition = { kind: Kind.NAMED_TYPE, name: name(anyType(context)) })],
  [Kind.INLINE_FRAGMENT, (fragment) => (fragment.typeCondition = undefined)],
  [Kind.FRAGMENT_DEFINITION, (fragment, { document }) => (document.definitions = document.definitions.filter((it) => it !== fragment))],
  [Kind.FRAGMENT_DEFINITION, (fragment, { document }) => document.definitions.push(fragment)],
  [Kind.SELECTION_SET, (set, { random }) => (set.selections = [...set.selections, { kind: Kind.FRAGMENT_SPREAD, name: name(random.of(['F0', 'F1', 'F9'])) }])],
  [Kind.SELECTION_SET, (set, { random, nodes }) => (set.selections = [...set.selections, structuredClone(random.of(nodes[Kind.FIELD] ?? set.selections))])],
  [Kind.SELECTION_SET, (set) => (set.selections = [...set.selections, ...set.selections])],
];
