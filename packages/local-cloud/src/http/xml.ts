import { XMLParser } from 'fast-xml-parser';

/** One XML element: text, children by name, or several elements of the same name. */
export type XmlNode = string | number | boolean | undefined | readonly XmlNode[] | { readonly [name: string]: XmlNode };

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An XML document. Members that are undefined are left out; members that are lists repeat their element. */
export function xmlDocument(root: string, content: XmlNode, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `${DECLARATION}<${root}${attribute}>${children(content)}</${root}>`;
}

function element(name: string, content: XmlNode): string {
  if (content === undefined) return '';
  if (isList(content)) return content.map((item) => element(name, item)).join('');
  return `<${name}>${children(content)}</${name}>`;
}

function children(content: XmlNode): string {
  if (content === undefined) return '';
  if (isList(content)) return content.map((item) => children(item)).join('');
  if (typeof content !== 'object') return escapeXml(String(content));
  return Object.entries(content)
    .map(([name, child]) => element(name, child))
    .join('');
}

function isList(content: XmlNode): content is readonly XmlNode[] {
  return Array.isArray(content);
}

/** Characters that XML 1.0 cannot hold at all go out as references, as S3 itself sends them. */
function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"\r\n\u0000-\u001f]/g, (character) => ENTITIES.get(character) ?? `&#x${character.charCodeAt(0).toString(16)};`);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/**
 * Parses a request document: elements become members, elements named in `lists` always arrays, all text strings.
 * Namespace prefixes and attributes fall away.
 */
export function parseXml(text: string, lists: readonly string[]): unknown {
  const parser = new XMLParser({
    ignoreAttributes: true,
    ignoreDeclaration: true,
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    isArray: (name) => lists.includes(name),
  });
  const document: unknown = parser.parse(text, true);
  return document;
}
