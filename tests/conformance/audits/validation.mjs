// Validation, compared with the reference implementation: graphql-js and the server have to agree on every document, those
// written by hand for each rule of the specification and those made by chance.

import { buildClientSchema, getIntrospectionQuery } from 'graphql';

import { FIELD_RULES } from './validation/fields.mjs';
import { Generator } from './validation/generator.mjs';
import { mutate } from './validation/mutations.mjs';
import { oneOfRules } from './validation/oneof.mjs';
import { Random } from './validation/random.mjs';
import { SYNTAX_RULES } from './validation/syntax.mjs';
import { VALUE_RULES } from './validation/values.mjs';
import { VARIABLE_RULES } from './validation/variables.mjs';
import { disagreement, explained, verdictOfAnswer, verdictOfReference } from './validation/verdicts.mjs';

/** How many requests are on their way at once. */
const AT_ONCE = 8;
/** Disagreements beyond this many are only counted. */
const MAX_SHOWN = 40;

/** Compares the documents written by hand. `judge` gives the server's verdict on a text. */
export async function auditRules(audit, { server, schema, judge = judgeOf(server) }) {
  schema ??= await schemaOf(server);
  const rules = { ...SYNTAX_RULES, ...FIELD_RULES, ...VARIABLE_RULES, ...VALUE_RULES, 'one-of input objects': oneOfRules(schema) };
  for (const [rule, { valid, invalid }] of Object.entries(rules)) {
    for (const [texts, isValid] of [[valid, true], [invalid, false]]) {
      for (const text of texts) {
        const reference = verdictOfReference(schema, text);
        if (!reference.isUndecided && reference.isValid !== isValid) {
          audit.fail(`${rule}: the reference agrees with the author`, `${text}\n${reference.reason}`);
          continue;
        }
        const found = await judge(text);
        const expected = { ...reference, isValid };
        const problem = disagreement(expected, found);
        if (problem) audit.fail(`${rule}: ${problem}`, explained(text, expected, found));
        else audit.pass(rule);
      }
    }
  }
}

/** Compares documents made by chance. */
export async function auditGenerated(audit, { server, documents, seed, schema, judge = judgeOf(server) }) {
  schema ??= await schemaOf(server);
  const random = new Random(seed);
  const generator = new Generator(schema, random);
  const counts = { valid: 0, invalid: 0, notCompared: 0 };
  let started = 0;
  const compare = async () => {
    while (started < documents) {
      started += 1;
      const text = damaged(generator.document(), schema, random);
      const reference = verdictOfReference(schema, text);
      const found = await judge(text);
      if (found.isTooExpensive || reference.isUndecided) {
        counts.notCompared += 1;
        continue;
      }
      counts[reference.isValid ? 'valid' : 'invalid'] += 1;
      const problem = disagreement(reference, found);
      if (!problem) audit.passMany(1);
      else audit.fail(problem, audit.failures.length < MAX_SHOWN ? explained(text, reference, found) : 'not shown');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, compare));
  await audit.check('there are enough valid and enough invalid documents among them', () => {
    const few = Math.min(counts.valid, counts.invalid) < documents / 5 || counts.notCompared > documents / 10;
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

function judgeOf(server) {
  return async (text) => verdictOfAnswer(await server.ask(text));
}

async function schemaOf(server) {
  const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true });
  const answer = await server.ask(query);
  if (!answer.data) throw new Error(`no introspection: ${JSON.stringify(answer)}`);
  return buildClientSchema(answer.data);
}
