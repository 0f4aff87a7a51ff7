// How the schema is linted: the plugin's recommended and Relay rules, and what the house rules add.

import { fileURLToPath } from 'node:url';

import plugin from '@graphql-eslint/eslint-plugin';

const { configs, parser } = plugin;

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema: process.env.CALLBOARD_SCHEMA ?? fileURLToPath(new URL('../../schema.graphql', import.meta.url)) } } },
    plugins: { '@graphql-eslint': plugin },
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      // Relations and changes are edges to things that are no nodes of their own.
      '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
      // A list that can only be read forwards need not take `last` and `before`.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/require-deprecation-reason': 'error',
      '@graphql-eslint/no-unreachable-types': 'error',
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
      '@graphql-eslint/no-typename-prefix': 'error',
      // Descriptions are required of everything by the audit's own check, which knows arguments as well.
      '@graphql-eslint/require-description': 'off',
      '@graphql-eslint/description-style': 'off',
      '@graphql-eslint/no-hashtag-description': 'off',
      // Value types have no identity; things with one implement Node.
      '@graphql-eslint/strict-id-in-types': 'off',
      '@graphql-eslint/require-nullable-result-in-root': 'off',
    },
  },
];
