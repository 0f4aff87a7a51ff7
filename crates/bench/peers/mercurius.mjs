// mercurius with graphql-jit on Fastify; queries are compiled at their first use. Called as: node mercurius.mjs PORT ENTITIES.json

import Fastify from 'fastify';
import mercurius from 'mercurius';
import { resolversOver, typeDefs } from './catalog.mjs';

const [port, file] = process.argv.slice(2);
const app = Fastify({ logger: false });
app.register(mercurius, { schema: typeDefs, resolvers: resolversOver(file, 'resolveType'), jit: 1 });
await app.listen({ port: Number(port), host: '127.0.0.1' });
