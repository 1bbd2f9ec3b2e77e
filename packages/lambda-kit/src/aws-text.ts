/** Texts as fields of SageMaker take them: a description is one line, a label has few characters besides letters and digits. */

/** Longest value of a tag or of a customer metadata property. */
const LONGEST_LABEL = 256;

/**
 * One line of at most `limit` characters. Counted in UTF-16 units, so the limit holds however the service counts, and
 * no character is cut in two.
 */
export function shorten(text: string, limit: number): string {
  return cut(oneLine(text), limit, '…');
}

/**
 * The text as the value of a tag or of a customer metadata property: both take letters, digits, spaces and `_.:/=+-@`
 * only. Other characters are spelled where that is common, else they become `_`.
 */
export function asLabel(text: string): string {
  const spelled = text
    .normalize('NFC')
    .replaceAll(/(?<=\d),(?=\d{3})/g, '')
    .replaceAll('±', '+-')
    .replaceAll('%', ' percent')
    .replaceAll(/['"’()]/g, '')
    .replaceAll(/[,;]/g, ' -');
  return cut(oneLine(spelled).replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_'), LONGEST_LABEL, '...');
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim().toWellFormed();
}

function cut(text: string, limit: number, mark: string): string {
  if (text.length <= limit) return text;
  const start = text.slice(0, limit - mark.length);
  return `${start.isWellFormed() ? start : start.slice(0, -1)}${mark}`;
}
