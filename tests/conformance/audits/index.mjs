// Every audit, in the order in which they run.

import { auditErrors } from './errors.mjs';
import { auditEvents } from './sse.mjs';
import { auditFederation } from './federation.mjs';
import { auditHardening } from './hardening.mjs';
import { auditHttp } from './http.mjs';
import { auditSchema } from './lint.mjs';
import { auditGenerated, auditRules } from './validation.mjs';
import { auditWebSocket } from './ws.mjs';

export const AUDITS = {
  schema: auditSchema,
  http: auditHttp,
  ws: auditWebSocket,
  sse: auditEvents,
  errors: auditErrors,
  hardening: auditHardening,
  rules: auditRules,
  generated: auditGenerated,
  federation: auditFederation,
};
