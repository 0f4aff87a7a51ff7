// Random documents that fit a schema, more or less: names collide, and conditions meet types that they don't fit.

import {
  getNamedType, isAbstractType, isCompositeType, isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredArgument,
} from 'graphql';

/** Few aliases, so that fields often meet under one name. */
const ALIASES = ['a', 'b', 'name', 'ref'];
const VARIABLES = ['a', 'b', 'c', 'd'];
const TEXTS = ['a', 'component:default/a', '2026-01-01T00:00:00Z', 'https://example.invalid/a', ''];

export class Generator {
  constructor(schema, random) {
    this.schema = schema;
    this.random = random;
    this.composites = Object.values(schema.getTypeMap()).filter((type) => isCompositeType(type) && !type.name.startsWith('__'));
  }

  /** Returns the text of one document. */
  document() {
    this.variables = new Map();
    this.fragments = [];
    const { random, schema } = this;
    const kind = random.of(['query', 'query', 'query', 'query', 'query', 'query', 'subscription', 'mutation']);
    const root = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() }[kind];
    const body = this.#selections(root, 0, kind === 'query' ? undefined : 1);
    const parts = [`${this.#head(kind, 'A')} ${body}`, ...this.fragments];
    if (random.chance(0.1)) {
      this.variables = new Map();
      const more = this.#selections(schema.getQueryType(), 2);
      parts.push(`${this.#head('query', random.of(['A', 'B', 'B', 'B']))} ${more}`);
    }
    return parts.join('\n');
  }

  #head(kind, name) {
    if (this.variables.size === 0 && kind === 'query' && this.random.chance(0.5)) return `query ${name}`;
    const variables = [...this.variables].map(([variable, { type, value }]) => `$${variable}: ${type}${value}`);
    return `${kind} ${name}${variables.length > 0 ? `(${variables.join(', ')})` : ''}`;
  }

  #selections(type, depth, count = 1 + this.random.below(4)) {
    const selections = Array.from({ length: count }, () => this.#selection(type, depth));
    return `{ ${selections.join(' ')} }`;
  }

  #selection(type, depth) {
    const { random } = this;
    const dice = random.next();
    if (dice < 0.1) return `__typename${this.#directives()}`;
    if (dice < 0.2) return `...${this.#on(type)}${this.#directives()} ${this.#inner(depth)}`;
    if (dice < 0.28 && depth < 3) return `...${this.#fragment(type, depth)}${this.#directives()}`;
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    const leaf = (field) => !isCompositeType(getNamedType(field.type));
    const choice = depth < 3 ? fields : fields.filter(leaf);
    if (choice.length === 0) return '__typename';
    const field = random.of(choice);
    const alias = random.chance(0.15) ? `${random.of(ALIASES)}: ` : '';
    const below = getNamedType(field.type);
    const inner = isCompositeType(below) ? ` ${this.#selections(below, depth + 1)}` : '';
    return `${alias}${field.name}${this.#arguments(field.args)}${this.#directives()}${inner}`;
  }

  /** A type condition, mostly one that can hold; remembers the type for {@link #inner}. */
  #on(type) {
    const { random } = this;
    const possible = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type, ...(type.getInterfaces?.() ?? [])];
    this.condition = random.chance(0.9) ? random.of(possible) : random.of(this.composites);
    return random.chance(0.1) ? ((this.condition = type), '') : ` on ${this.condition.name}`;
  }

  #inner(depth) {
    return this.#selections(this.condition, depth + 1, 1 + this.random.below(2));
  }

  #fragment(type, depth) {
    if (this.fragments.length > 0 && this.random.chance(0.4)) return `F${this.random.below(this.fragments.length)}`;
    const name = `F${this.fragments.length}`;
    this.fragments.push('');
    const condition = this.random.chance(0.8) ? type : this.random.of(this.composites);
    const body = this.#selections(condition, depth + 1);
    this.fragments[Number(name.slice(1))] = `fragment ${name} on ${condition.name} ${body}`;
    return name;
  }

  #directives() {
    if (!this.random.chance(0.06)) return '';
    const condition = this.random.chance(0.5) ? 'true' : this.#variable('Boolean!');
    return ` @${this.random.of(['include', 'skip'])}(if: ${condition})`;
  }

  #arguments(all) {
    const given = all.filter((argument) => isRequiredArgument(argument) || this.random.chance(0.25));
    const texts = given.map((argument) => {
      // Small pages keep the documents that are valid cheap to execute.
      const value = ['first', 'last', 'limit'].includes(argument.name) ? this.random.of(['1', '2', '0']) : this.#value(argument.type);
      return `${argument.name}: ${value}`;
    });
    return texts.length > 0 ? `(${texts.join(', ')})` : '';
  }

  #value(type, depth = 0) {
    const { random } = this;
    if (random.chance(0.25)) return this.#variable(String(type));
    if (isNonNullType(type)) return this.#literal(type.ofType, depth);
    return random.chance(0.1) ? 'null' : this.#literal(type, depth);
  }

  #literal(type, depth) {
    const { random } = this;
    if (isNonNullType(type)) return this.#literal(type.ofType, depth);
    if (isListType(type)) {
      if (random.chance(0.2)) return this.#literal(type.ofType, depth);
      return `[${Array.from({ length: random.below(3) }, () => this.#value(type.ofType, depth + 1)).join(', ')}]`;
    }
    if (isEnumType(type)) return random.of(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      const share = depth < 2 ? 0.15 : 0;
      let given = fields.filter((field) => isRequiredArgument(field) || random.chance(share));
      if (type.isOneOf) given = [random.of(fields)];
      return `{ ${given.map((field) => `${field.name}: ${this.#value(field.type, depth + 1)}`).join(', ')} }`;
    }
    switch (type.name) {
      case 'Int': case 'Revision': return String(random.below(3));
      case 'Float': return random.of(['1.5', '0', '1e3']);
      case 'Boolean': return random.of(['true', 'false']);
      case 'ID': return random.of(['"a"', '7']);
      default: return JSON.stringify(random.of(TEXTS));
    }
  }

  /** Returns a variable of this type, a new one or one that is there already, which may be of another. */
  #variable(type) {
    const { random } = this;
    const name = random.of(VARIABLES);
    if (!this.variables.has(name)) {
      let declared = type;
      if (random.chance(0.1)) declared = declared.endsWith('!') ? declared.slice(0, -1) : `${declared}!`;
      const value = random.chance(0.1) && !declared.endsWith('!') ? ' = null' : '';
      this.variables.set(name, { type: declared, value });
    }
    return `$${name}`;
  }
}
