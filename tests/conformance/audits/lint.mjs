// The schema as text: linted twice, and everything in it described.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { ESLint } from 'eslint';
import { Kind, buildSchema, parse, validateSchema, visit } from 'graphql';

import { BINARY } from '../lib/server.mjs';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('..', import.meta.url));
/** What graphql-schema-linter checks beside the rules of eslint. */
const LINTER_RULES = [
  'relay-connection-types-spec', 'relay-connection-arguments-spec', 'relay-page-info-spec', 'types-are-capitalized',
  'fields-are-camel-cased', 'input-object-values-are-camel-cased', 'enum-values-all-caps', 'deprecations-have-a-reason',
];
/** What the specification itself defines needs no words of ours. */
const OF_THE_SPECIFICATION = new Set(['include', 'skip', 'deprecated', 'specifiedBy', 'oneOf']);

export async function auditSchema(audit) {
  const { stdout: text } = await run(BINARY, ['schema'], { maxBuffer: 64 * 1024 * 1024 });
  await audit.check('graphql-js builds the schema and finds it valid', () => {
    const errors = validateSchema(buildSchema(text));
    if (errors.length > 0) throw new Error(errors.map(String).join('\n'));
  });
  checkDescriptions(audit, parse(text));
  const folder = await mkdtemp(join(tmpdir(), 'callboard-schema-'));
  try {
    const file = join(folder, 'schema.graphql');
    await writeFile(file, text);
    await lintWithEslint(audit, text);
    await lintWithLinter(audit, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Type, field, argument, enum value, input field, directive: each has a description that says something. */
function checkDescriptions(audit, document) {
  let described = 0;
  const path = [];
  const look = (node) => {
    const name = [...path, node.name?.value].filter(Boolean).join('.');
    const text = node.description?.value.trim() ?? '';
    // A description that begins like the documentation of some library is one that nobody wrote.
    if (text.length < 4 || /^Implement the /.test(text)) audit.fail(`\`${name}\` is described`, `its description is "${text}"`);
    else described += 1;
  };
  visit(document, {
    enter(node) {
      if (node.kind === Kind.DIRECTIVE_DEFINITION && OF_THE_SPECIFICATION.has(node.name.value)) return false;
      if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) return false;
      if (!/Definition$/.test(node.kind) || node.kind === Kind.OPERATION_TYPE_DEFINITION) return undefined;
      look(node);
      path.push(node.name.value);
      return undefined;
    },
    leave(node) {
      if (node.name && path.at(-1) === node.name.value && /Definition$/.test(node.kind)) path.pop();
    },
  });
  audit.passMany(described);
}

async function lintWithEslint(audit, text) {
  const eslint = new ESLint({ cwd: HERE });
  // As a file of this folder, where eslint finds its configuration.
  const results = await eslint.lintText(text, { filePath: join(HERE, 'schema.graphql') });
  const messages = results.flatMap((result) => result.messages);
  for (const { ruleId, line, message } of messages) audit.fail(`eslint ${ruleId ?? 'reads the schema'}, line ${line}`, message);
  if (results.length !== 1) audit.fail('eslint reads the schema', 'it read no file');
  else if (messages.length === 0) audit.pass('eslint finds nothing');
}

async function lintWithLinter(audit, file) {
  const linter = join(HERE, 'node_modules/graphql-schema-linter/lib/cli.js');
  const options = ['--rules', LINTER_RULES.join(','), '--format', 'compact', file];
  const found = await run(process.execPath, [linter, ...options]).then(() => '', (failed) => failed.stdout || failed.message);
  if (found === '') audit.pass('graphql-schema-linter finds nothing');
  else for (const line of found.trim().split('\n')) audit.fail('graphql-schema-linter', line.replace(file, 'schema.graphql'));
}
