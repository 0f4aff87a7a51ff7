// Documents about input objects of which exactly one field has to be given, made from whichever the schema has.

import { isInputObjectType, isListType, isNonNullType, getNamedType, isLeafType, isEnumType } from 'graphql';

/** Returns documents that use every @oneOf input of an argument of `Query`, rightly and wrongly. */
export function oneOfRules(schema) {
  const rules = { valid: [], invalid: [] };
  for (const field of Object.values(schema.getQueryType().getFields())) {
    for (const argument of field.args) {
      const type = getNamedType(argument.type);
      if (!isInputObjectType(type) || !type.isOneOf || isListType(argument.type)) continue;
      const others = field.args.filter((other) => other !== argument && isNonNullType(other.type) && other.defaultValue === undefined);
      if (others.length > 0) continue;
      const leaf = isLeafType(getNamedType(field.type));
      const ask = (value, variables = '') => `query ${variables} { ${field.name}(${argument.name}: ${value})${leaf ? '' : ' { __typename }'} }`;
      const [first, second] = Object.values(type.getFields()).map((it) => ({ name: it.name, type: getNamedType(it.type), value: sample(it.type) }));
      rules.valid.push(
        ask(`{ ${first.name}: ${first.value} }`),
        ask(`{ ${second.name}: ${second.value} }`),
        ask(`{ ${first.name}: $a }`, `($a: ${first.type}!)`),
        ask('$a', `($a: ${type.name}!)`),
      );
      rules.invalid.push(
        ask('{}'),
        ask(`{ ${first.name}: null }`),
        ask(`{ ${first.name}: ${first.value}, ${second.name}: ${second.value} }`),
        ask(`{ ${first.name}: ${first.value}, ${second.name}: null }`),
        // A variable that may be null is refused here as well, by IsNonNullPosition() of September 2025; graphql-js 16 lets it pass.
        ask(`{ ${first.name}: $a, ${second.name}: $b }`, `($a: ${first.type}!, $b: ${second.type}!)`),
        ask('$a', `($a: ${type.name}! = {})`),
      );
    }
  }
  return rules;
}

function sample(type) {
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[0].name;
  return { Int: '1', Boolean: 'true', Revision: '1', DateTime: '"2026-01-01T00:00:00Z"', Float: '1.5' }[named.name] ?? '"a"';
}
