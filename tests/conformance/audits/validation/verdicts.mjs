// Verdicts on documents: what the reference says, what the server says, and whether that is the same.

import { Kind, parse, specifiedRules, validate, visit } from 'graphql';

/** What graphql-js says; `isUndecided` where it has nothing to say. */
export function verdictOfReference(schema, text) {
  let document;
  try {
    document = parse(text);
  } catch (error) {
    return { isValid: false, isParsed: false, reason: error.message };
  }
  if (hasConditionalSubscription(document)) return { isUndecided: true, isParsed: true };
  const errors = validate(schema, document, specifiedRules, { maxErrors: 1 });
  return { isValid: errors.length === 0, isParsed: true, reason: errors.map((error) => error.message).join('\n') };
}

/**
 * Conditions at the root of a subscription are refused since the edition of September 2025. graphql-js 16 evaluates them
 * instead, and throws when they depend on variables.
 */
function hasConditionalSubscription(document) {
  const isSubscription = (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === 'subscription';
  if (!document.definitions.some(isSubscription)) return false;
  let found = false;
  const look = (node) => {
    const conditions = (node.directives ?? []).some((directive) => ['skip', 'include'].includes(directive.name.value));
    found ||= conditions;
    // Below a field, conditions are as everywhere.
    return node.kind === Kind.FIELD ? false : undefined;
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION || isSubscription(definition)) {
      visit(definition.selectionSet, { Field: look, InlineFragment: look, FragmentSpread: look });
    }
  }
  return found;
}

/** What a server says: executed, or refused for what it asks and not for what it is, is valid. */
export function verdictOfAnswer(answer) {
  const codes = (answer.errors ?? []).map((error) => error.extensions?.code);
  const reason = (answer.errors ?? []).map((error) => `${error.extensions?.code}: ${error.message}`).join('\n');
  if (codes.includes('GRAPHQL_PARSE_FAILED')) return { isValid: false, isParsed: false, reason };
  if (codes.includes('GRAPHQL_VALIDATION_FAILED')) return { isValid: false, isParsed: true, reason };
  return { isValid: true, isParsed: true, reason, isTooExpensive: codes.includes('COST_LIMIT_EXCEEDED') };
}

/** Returns in which way they disagree; nothing when they agree. */
export function disagreement(reference, found) {
  // September 2025 refuses a variable that may be null as the one field of an input object; graphql-js 16 lets it pass.
  if (reference.isValid && /can't be null, as it is the only one/.test(JSON.stringify(found))) return undefined;
  if (reference.isValid && !found.isValid) return 'a valid document is refused';
  if (!reference.isValid && found.isValid) return 'an invalid document is accepted';
  if (reference.isParsed && !found.isParsed) return 'a document that is only invalid is called unreadable';
  if (!reference.isParsed && found.isParsed) return 'an unreadable document is called invalid';
  return undefined;
}

export function explained(text, reference, found) {
  return `${text}\nreference: ${reference.reason || 'valid'}\nserver: ${found.reason || 'valid'}`;
}
