// Validation, compared with the reference implementation: graphql-js and the server have to agree on every document, those
// written by hand for each rule of the specification and those made by chance.

import { buildClientSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';

import { FIELD_RULES } from './validation/fields.mjs';
import { Generator } from './validation/generator.mjs';
import { mutate } from './validation/mutations.mjs';
import { oneOfRules } from './validation/oneof.mjs';
import { Random } from './validation/random.mjs';
import { SYNTAX_RULES } from './validation/syntax.mjs';
import { VALUE_RULES } from './validation/values.mjs';
import { VARIABLE_RULES } from './validation/variables.mjs';

/** How many requests are on their way at once. */
const AT_ONCE = 8;
/** Disagreements beyond this many are only counted. */
const MAX_SHOWN = 40;

/** Compares the documents written by hand. */
export async function auditRules(audit, { server }) {
  const schema = await schemaOf(server);
  const rules = { ...SYNTAX_RULES, ...FIELD_RULES, ...VARIABLE_RULES, ...VALUE_RULES, 'one-of input objects': oneOfRules(schema) };
  for (const [rule, { valid, invalid, isNewerThanReference }] of Object.entries(rules)) {
    for (const [texts, isValid] of [[valid, true], [invalid, false]]) {
      for (const text of texts) {
        const reference = verdictOfReference(schema, text);
        if (reference.isValid !== isValid && !isNewerThanReference) {
          audit.fail(`${rule}: the reference agrees with the author`, `${text}\n${reference.reason}`);
          continue;
        }
        const found = await verdictOfServer(server, text);
        const expected = { ...reference, isValid };
        const problem = disagreement(expected, found);
        if (problem) audit.fail(`${rule}: ${problem}`, explained(text, expected, found));
        else audit.pass(rule);
      }
    }
  }
}

/** Compares documents made by chance. */
export async function auditGenerated(audit, { server, documents, seed }) {
  const schema = await schemaOf(server);
  const random = new Random(seed);
  const generator = new Generator(schema, random);
  const counts = { valid: 0, invalid: 0, unknown: 0 };
  const compare = async () => {
    while (counts.valid + counts.invalid + counts.unknown < documents) {
      const text = damaged(generator.document(), schema, random);
      const reference = verdictOfReference(schema, text);
      counts[reference.isValid ? 'valid' : 'invalid'] += 1;
      const found = await verdictOfServer(server, text);
      if (found.isTooExpensive) {
        counts[reference.isValid ? 'valid' : 'invalid'] -= 1;
        counts.unknown += 1;
        continue;
      }
      const problem = disagreement(reference, found);
      if (!problem) audit.passMany(1);
      else if (audit.failures.length < MAX_SHOWN) audit.fail(problem, explained(text, reference, found));
      else audit.results.push({ title: problem, isPassed: false, reason: 'not shown' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, compare));
  await audit.check('there are enough valid and enough invalid documents among them', () => {
    const few = Math.min(counts.valid, counts.invalid) < documents / 5 || counts.unknown > documents / 10;
    if (few) throw new Error(JSON.stringify(counts));
  });
}

function damaged(text, schema, random) {
  let damage = random.of([0, 0, 1, 1, 2]);
  while (damage > 0) {
    try {
      text = mutate(text, schema, random);
    } catch {
      // What is no GraphQL any more is damaged enough.
      return text;
    }
    damage -= 1;
  }
  return text;
}

async function schemaOf(server) {
  const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true });
  const answer = await server.ask(query);
  if (!answer.data) throw new Error(`no introspection: ${JSON.stringify(answer)}`);
  return buildClientSchema(answer.data);
}

function verdictOfReference(schema, text) {
  let document;
  try {
    document = parse(text);
  } catch (error) {
    return { isValid: false, isParsed: false, reason: error.message };
  }
  const errors = validate(schema, document, specifiedRules, { maxErrors: 1 });
  return { isValid: errors.length === 0, isParsed: true, reason: errors.map((error) => error.message).join('\n') };
}

/** Executed, or refused for what it asks and not for what it is, is valid. */
async function verdictOfServer(server, text) {
  const answer = await server.ask(text);
  const codes = (answer.errors ?? []).map((error) => error.extensions?.code);
  const reason = (answer.errors ?? []).map((error) => `${error.extensions?.code}: ${error.message}`).join('\n');
  if (codes.includes('GRAPHQL_PARSE_FAILED')) return { isValid: false, isParsed: false, reason };
  if (codes.includes('GRAPHQL_VALIDATION_FAILED')) return { isValid: false, isParsed: true, reason };
  return { isValid: true, isParsed: true, reason, isTooExpensive: codes.includes('COST_LIMIT_EXCEEDED') };
}

function disagreement(reference, found) {
  if (reference.isValid && !found.isValid) return 'a valid document is refused';
  if (!reference.isValid && found.isValid) return 'an invalid document is accepted';
  if (reference.isParsed && !found.isParsed) return 'a document that is only invalid is called unreadable';
  if (!reference.isParsed && found.isParsed) return 'an unreadable document is called invalid';
  return undefined;
}

function explained(text, reference, found) {
  return `${text}\nreference: ${reference.reason || 'valid'}\nserver: ${found.reason || 'valid'}`;
}
