/** HTML that is safe by construction: whatever is put into a template is escaped unless it is markup already. */

/** Text that is HTML. Only `html` and `trusted` make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly (Markup | string | number)[];

/** A template whose values are escaped; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const text = strings.map((string, index) => {
    const part = parts[index];
    return part === undefined ? string : string + render(part);
  });
  return new Markup(text.join(''));
}

/** Marks the program's own text, such as a drawn SVG, as HTML. Never for text that comes from data. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML shows it, inside elements and quoted attributes. Characters that HTML does not have become U+FFFD. */
export function escapeHtml(text: string): string {
  return readable(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** Control characters and halves of pairs, which neither HTML nor SVG may contain, made visible. */
export function readable(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd');
}

function render(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(render).join('');
}
