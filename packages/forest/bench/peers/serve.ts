/** The side of a peer that runs in Node: reads requests, answers each, one after the other. */
import { existsSync, readFileSync } from 'node:fs';
import { resourceUsage, stdin, stdout } from 'node:process';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { readTable } from '../raw-table.ts';
import type { RawTable } from '../raw-table.ts';
import { median } from '../statistics.ts';
import { isRequest } from './protocol.ts';
import type { Answer, FitMode, Request } from './protocol.ts';

/** A machine gives memory back while nothing happens; a single load would measure how fast it gets it again. */
const LOADS = 5;

/** One implementation of random forests. It keeps the forest of the last fit or load. */
export interface Peer {
  version(): string;
  fit(table: RawTable, settings: FitSettings): Promise<Fitted>;
  predict(columns: readonly Float32Array[]): ArrayLike<number>;
  /** Writes the forest to a file and answers its size. */
  save(file: string): number;
  load(file: string): void;
}

/** What was grown: `trees` may be another number than asked for; nodes are not given where the peer cannot tell. */
export interface Fitted {
  readonly trees: number;
  readonly nodes: number | undefined;
  /** Made after the time was taken; the same for the same forest. */
  readonly digest: () => string;
}

export interface FitSettings {
  readonly trees: number;
  readonly threads: number;
  readonly seed: number;
  readonly mode: FitMode;
}

export async function serve(peer: Peer): Promise<void> {
  const tables = new Map<string, RawTable>();
  const tableOf = (folder: string): RawTable => {
    const table = tables.get(folder) ?? readTable(folder);
    tables.set(folder, table);
    return table;
  };
  for await (const line of createInterface({ input: stdin })) {
    const request: unknown = JSON.parse(line);
    const answer = isRequest(request) ? await answerTo(request, peer, tableOf).catch((error: unknown) => ({ error: String(error) })) : { error: `no request: ${line}` };
    stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

async function answerTo(request: Request, peer: Peer, tableOf: (folder: string) => RawTable): Promise<Answer> {
  switch (request.do) {
    case 'version':
      return { figures: {}, note: peer.version() };
    case 'fit': {
      const table = tableOf(request.table);
      const start = performance.now();
      const { trees, nodes, digest } = await peer.fit(table, request);
      const seconds = secondsSince(start);
      return { figures: { seconds, trees, ...(nodes === undefined ? {} : { nodes }), peakMegabytes: peakMegabytes() }, note: digest() };
    }
    case 'evaluate': {
      const { columns, target } = tableOf(request.table);
      return figures({ rmse: rootMeanSquare(target, peer.predict(columns)) });
    }
    case 'predict': {
      const { columns } = tableOf(request.table);
      return figures({ seconds: timed(() => peer.predict(columns)) });
    }
    case 'predict-one': {
      const { columns } = tableOf(request.table);
      return figures({ seconds: median(Array.from({ length: request.rows }, (_, row) => timed(() => peer.predict(rowOf(columns, row))))) });
    }
    case 'save':
      return figures({ bytes: peer.save(request.file) });
    case 'load': {
      const first = rowOf(tableOf(request.table).columns, 0);
      const load = (): ArrayLike<number> => {
        peer.load(request.file);
        return peer.predict(first);
      };
      return figures({ seconds: median(Array.from({ length: LOADS }, () => timed(load))) });
    }
  }
}

const figures = (values: Answer['figures']): Answer => ({ figures: values, note: '' });
const secondsSince = (start: number): number => (performance.now() - start) / 1000;
const rowOf = (columns: readonly Float32Array[], row: number): Float32Array[] => columns.map((column) => column.subarray(row, row + 1));

/** Seconds of one call; looks at the result, so that no engine can leave the work out. */
function timed(work: () => ArrayLike<number>): number {
  const start = performance.now();
  const [first = Number.NaN] = Array.from(work());
  const seconds = secondsSince(start);
  if (!Number.isFinite(first)) throw new Error(`the first prediction is ${first}`);
  return seconds;
}

function rootMeanSquare(actual: Float64Array, predicted: ArrayLike<number>): number {
  return Math.sqrt(actual.reduce((sum, value, row) => sum + (value - (predicted[row] ?? Number.NaN)) ** 2, 0) / actual.length);
}

/** Linux counts `VmHWM` for this program alone; `maxRSS` may hold what the process that started it had in memory. */
function peakMegabytes(): number {
  const status = '/proc/self/status';
  const kilobytes = existsSync(status) ? /VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return Number(kilobytes ?? resourceUsage().maxRSS) / 1024;
}
