// "GraphQL over HTTP", by the reference implementation's own audit.

import { auditServer } from 'graphql-http';

export async function auditHttp(audit, { server }) {
  for (const result of await auditServer({ url: server.url, fetchFn: fetch })) {
    const title = `${result.id} ${result.name}`;
    if (result.status === 'ok') {
      audit.pass(title);
    } else {
      const { status, headers } = result.response ?? {};
      audit.fail(title, `${result.status}: ${result.reason} (answered ${status}, ${headers?.get('content-type')})`);
    }
  }
}
