/** Line numbers of offsets that are asked for in rising order: the text is gone through once, whatever their number. */
export class LineCounter {
  readonly #lineBreak = /\r\n|\n|\r/g;
  readonly #text: string;
  #line = 1;
  #nextLineStart = 0;

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  /** Line that holds the offset, counted from 1. @param offset not below the one asked for before */
  lineAt(offset: number): number {
    while (this.#nextLineStart <= offset) {
      this.#line++;
      this.#advance();
    }
    return this.#line;
  }

  #advance(): void {
    this.#lineBreak.lastIndex = this.#nextLineStart;
    this.#nextLineStart = this.#lineBreak.exec(this.#text) === null ? Infinity : this.#lineBreak.lastIndex;
  }
}
