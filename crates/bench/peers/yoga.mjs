// graphql-yoga on Node's own HTTP server. Called as: node yoga.mjs PORT ENTITIES.json

import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { resolversOver, typeDefs } from './catalog.mjs';

const [port, file] = process.argv.slice(2);
const schema = createSchema({ typeDefs, resolvers: resolversOver(file) });
createServer(createYoga({ schema, logging: false, graphiql: false })).listen(Number(port), '127.0.0.1');
