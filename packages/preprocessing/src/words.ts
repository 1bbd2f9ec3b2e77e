import type { CategoricalColumn } from '@dropforest/tabular';

/** Codes for words, in the order in which they are asked for. */
class WordList {
  readonly #codeOf = new Map<string, number>();

  codeOf(word: string): number {
    const code = this.#codeOf.get(word) ?? this.#codeOf.size;
    this.#codeOf.set(word, code);
    return code;
  }

  get words(): string[] {
    return [...this.#codeOf.keys()];
  }
}

/**
 * A column of words with some written anew. Whatever it was taken for before, it is categorical now: a recipe that
 * rewrites a column wants its words.
 * @param rewrite the word for a level, `undefined` to make it missing
 * @param fill the word for a row without one, `undefined` to leave the gap
 */
export function rewriteWords(column: CategoricalColumn, rewrite: (level: string) => string | undefined, fill: (row: number) => string | undefined): CategoricalColumn {
  const list = new WordList();
  const codeOrGap = (word: string | undefined): number => (word === undefined ? -1 : list.codeOf(word));
  const newCodes = column.levels.map((level) => codeOrGap(rewrite(level)));
  const codes = column.codes.map((code, row) => (code === -1 ? codeOrGap(fill(row)) : (newCodes[code] ?? -1)));
  return { name: column.name, kind: 'categorical', codes, levels: list.words };
}
