/**
 * Whether a JSON Schema still keeps what an earlier one has promised to those who read such messages: whatever is told
 * by the present schema must be what the published one lets a consumer expect. Understands the schemas that zod writes.
 */
import { z } from 'zod';

const NodeSchema = z.union([
  z.boolean(),
  z.looseObject({
    title: z.string().optional(),
    type: z.string().optional(),
    const: z.json().optional(),
    enum: z.array(z.json()).optional(),
    required: z.array(z.string()).optional(),
    get properties() {
      return z.record(z.string(), NodeSchema).optional();
    },
    get additionalProperties() {
      return NodeSchema.optional();
    },
    get items() {
      return NodeSchema.optional();
    },
    get prefixItems() {
      return z.array(NodeSchema).optional();
    },
    get oneOf() {
      return z.array(NodeSchema).optional();
    },
    get anyOf() {
      return z.array(NodeSchema).optional();
    },
  }),
]);
type Node = z.output<typeof NodeSchema>;

type Alternative = Exclude<Node, boolean>;

/** A bound may be drawn closer; a keyword that is not understood has to stay as it was. */
const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const UNDERSTOOD = ['type', 'const', 'enum', 'required', 'properties', 'additionalProperties', 'items', 'prefixItems'];
const ANNOTATIONS = ['$schema', '$id', 'title', 'description', 'examples', 'default', 'deprecated'];

/**
 * @returns a sentence for each promise that is broken, with the published schema's title and the path of the member;
 *   empty where a consumer of the published schema can read whatever the present one allows
 * @throws z.ZodError when one of them is no JSON Schema
 */
export function breakingChanges(published: unknown, current: unknown): readonly string[] {
  const promised = NodeSchema.parse(published);
  const title = typeof promised === 'object' && promised.title !== undefined ? `${promised.title}: ` : '';
  return breaks(promised, NodeSchema.parse(current), 'message').map((sentence) => `${title}${sentence}`);
}

/** Whatever is told has to be one of the alternatives that were promised; what it lacks to the nearest one is said. */
function breaks(published: Node, current: Node, path: string): readonly string[] {
  if (published === true) return [];
  const promised = alternatives(published);
  if (promised.length === 0) return alternatives(current).length === 0 ? [] : [`${path} was promised not to be there`];
  return alternatives(current).flatMap((told) => {
    const [first = [], ...others] = promised.map((each) => breaksOfOne(each, told, path));
    return others.reduce((fewest, each) => (each.length < fewest.length ? each : fewest), first);
  });
}

function alternatives(node: Node): readonly Alternative[] {
  if (typeof node === 'boolean') return node ? [{}] : [];
  return (node.oneOf ?? node.anyOf)?.flatMap(alternatives) ?? [node];
}

function breaksOfOne(published: Alternative, current: Alternative, path: string): readonly string[] {
  return [...breaksOfValue(published, current, path), ...breaksOfMembers(published, current, path), ...breaksOfItems(published, current, path)];
}

function breaksOfValue(published: Alternative, current: Alternative, path: string): readonly string[] {
  const isWithin = published.type === undefined || published.type === current.type || (published.type === 'number' && current.type === 'integer');
  if (!isWithin) return [`${path} was promised to be of type ${published.type}, and is of ${current.type === undefined ? 'any' : `type ${current.type}`}`];
  const [promised, told] = [valuesOf(published), valuesOf(current)];
  const more = promised === undefined ? [] : (told?.filter((value) => !promised.includes(value)) ?? ['any value']);
  if (more.length > 0) return [`${path} was promised to be ${promised?.join(' or ')}, and may be ${more.join(' or ')}`];
  return Object.keys(published)
    .filter((keyword) => !UNDERSTOOD.includes(keyword) && !ANNOTATIONS.includes(keyword) && !isKept(keyword, published[keyword], current[keyword]))
    .map((keyword) => `${path} was promised with ${keyword} ${JSON.stringify(published[keyword])}, and has ${keyword} ${JSON.stringify(current[keyword])}`);
}

/** As JSON text, to be compared. */
function valuesOf(node: Alternative): readonly string[] | undefined {
  return node.const === undefined ? node.enum?.map((value) => JSON.stringify(value)) : [JSON.stringify(node.const)];
}

function isKept(keyword: string, published: unknown, current: unknown): boolean {
  if (typeof published === 'number' && typeof current === 'number') {
    if (LOWER_BOUNDS.includes(keyword)) return current >= published;
    if (UPPER_BOUNDS.includes(keyword)) return current <= published;
  }
  return JSON.stringify(published) === JSON.stringify(current);
}

function breaksOfMembers(published: Alternative, current: Alternative, path: string): readonly string[] {
  const { properties = {}, additionalProperties: others = true } = current;
  const missing = (published.required ?? []).filter((name) => !(current.required ?? []).includes(name)).map((name) => `${path}.${name} was promised always to be there, and may be missing`);
  const changed = Object.entries(published.properties ?? {}).flatMap(([name, promised]) => {
    const told = properties[name];
    return told === undefined ? [`${path}.${name} was promised, and is not told`] : breaks(promised, told, `${path}.${name}`);
  });
  const additional = published.additionalProperties ?? true;
  const added = Object.entries(properties).filter(([name]) => !(name in (published.properties ?? {}))).flatMap(([name, told]) => breaks(additional, told, `${path}.${name}`));
  return [...missing, ...changed, ...added, ...breaks(additional, others, `${path}.*`)];
}

function breaksOfItems(published: Alternative, current: Alternative, path: string): readonly string[] {
  const { prefixItems: promised = [], items: promisedRest = true } = published;
  const { prefixItems: told = [], items: toldRest = true } = current;
  const places = Array.from({ length: Math.max(promised.length, told.length) }, (_, index) => breaks(promised[index] ?? promisedRest, told[index] ?? toldRest, `${path}[${index}]`));
  return [...places.flat(), ...breaks(promisedRest, toldRest, `${path}[]`)];
}
