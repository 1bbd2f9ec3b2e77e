import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseAnswer } from './peers/protocol.ts';
import type { Answer, Request } from './peers/protocol.ts';

/** A peer's process: asked one thing at a time. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #write: (line: string) => void;
  readonly #lines: AsyncIterator<string, undefined>;

  constructor(program: string, args: readonly string[]) {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.on('error', () => { child.stdout.destroy(); });
    // A peer that has ended is noticed by its missing answer.
    child.stdin.on('error', () => undefined);
    this.#child = child;
    this.#write = (line) => { child.stdin.write(`${line}\n`); };
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error where the peer could not do it, or has ended */
  async ask(request: Request): Promise<Answer> {
    this.#write(JSON.stringify(request));
    const line: IteratorResult<string, undefined> = await this.#lines.next();
    if (line.value === undefined) throw new Error(`${this.#child.spawnargs.join(' ')}: ended before it had answered ${JSON.stringify(request)}`);
    return parseAnswer(line.value);
  }

  /** The figure of that name of an answer. */
  async figure(name: string, request: Request): Promise<number> {
    const figure = (await this.ask(request)).figures[name];
    if (figure === undefined) throw new Error(`no ${name} in the answer to ${JSON.stringify(request)}`);
    return figure;
  }

  stop(): void {
    this.#child.kill();
  }
}
