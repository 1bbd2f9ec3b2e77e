import { EventPatternError } from './errors.ts';

/**
 * Turns an EventBridge wildcard into a regular expression over the whole text: `*` stands for any characters, `\*` and
 * `\\` for themselves.
 *
 * @throws EventPatternError for two `*` in a row or a backslash before anything else.
 */
export function parseWildcard(wildcard: string, path: readonly (string | number)[]): RegExp {
  if (/\*\*/.test(wildcard.replaceAll(/\\./gs, '_'))) {
    throw new EventPatternError('BadOperand', path, 'two * in a row are not allowed in a wildcard.');
  }
  const parts = wildcard.match(/\\.|\\$|[^\\]/gsu) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (!part.startsWith('\\')) return escape(part);
    if (part === '\\*' || part === '\\\\') return escape(part.slice(1));
    throw new EventPatternError('BadOperand', path, 'in a wildcard a backslash stands only before * and before another backslash.');
  });
  return new RegExp(`^${source.join('')}$`, 'su');
}

function escape(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`);
}
