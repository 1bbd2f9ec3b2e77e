import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * Says what is wrong with a request in the words that AWS services use: `1 validation error detected: Value 'x' at
 * 'trainingJobName' failed to satisfy constraint: …`. An issue raised by hand keeps its own words and
 * goes before all others.
 */
export function constraintMessages(error: z.ZodError): string {
  const issues = error.issues.flatMap((issue) => flatten(issue));
  const ownWords = issues.find(({ code }) => code === 'custom');
  if (ownWords !== undefined) return ownWords.message;
  const messages = issues.map((issue) => `Value ${shown(issue.input)} at '${memberPath(issue.path)}' failed to satisfy constraint: ${constraint(issue)}`);
  return `${messages.length} validation error${messages.length === 1 ? '' : 's'} detected: ${messages.join('; ')}`;
}

/** Of a union, the alternative that came nearest speaks. */
function flatten(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const nearest = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function constraint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${bare(issue.pattern ?? issue.format)}`;
    case 'too_big':
      return issue.origin === 'number'
        ? `Member must have value less than or equal to ${issue.maximum}`
        : `Member must have length less than or equal to ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'number'
        ? `Member must have value greater than or equal to ${issue.minimum}`
        : `Member must have length greater than or equal to ${issue.minimum}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.map((value) => String(value)).join(', ')}]`;
    case 'invalid_type':
      return issue.input === undefined ? 'Member must not be null' : `Member must be of type ${issue.expected}`;
    default:
      return issue.message;
  }
}

/** `/^(?:x)$/u` as AWS writes it: `x`. */
function bare(pattern: string): string {
  return pattern.replace(/^\/\^(?:\(\?:)?(.*?)\)?\$\/[a-z]*$/s, '$1');
}

function shown(input: unknown): string {
  if (input === undefined || input === null) return 'null';
  return `'${typeof input === 'string' ? input : JSON.stringify(input)}'`;
}

/** `InputDataConfig[0].ChannelName` as AWS writes it: `inputDataConfig.1.member.channelName`. */
function memberPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `${part + 1}.member` : String(part).replace(/^./, (first) => first.toLowerCase())))
    .join('.');
}
