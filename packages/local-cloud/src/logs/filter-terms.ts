/** Whether a message matches a filter pattern of plain terms: every bare term, no `-term`, and one of the `?terms`. */
export function matchesTerms(pattern: string, message: string): boolean {
  const terms = [...pattern.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign = '', quoted, bare = '']) => ({
    sign,
    text: quoted?.replaceAll(/\\(.)/g, '$1') ?? bare,
  }));
  const occurs = ({ text }: { text: string }): boolean => message.includes(text);
  const optional = terms.filter(({ sign }) => sign === '?');
  return (
    terms.filter(({ sign }) => sign === '').every(occurs) &&
    !terms.filter(({ sign }) => sign === '-').some(occurs) &&
    (optional.length === 0 || optional.some(occurs))
  );
}
