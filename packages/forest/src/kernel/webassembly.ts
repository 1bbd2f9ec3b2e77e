/** The little of WebAssembly that is used here, declared because TypeScript knows it only together with the DOM. */

/** Memory that instances work on, in pages of 64 KiB. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

declare const WebAssembly:
  | {
      readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
      readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
      readonly Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => WasmInstance;
    }
  | undefined;

export const PAGE_BYTES = 65_536;
/** 4 GiB: what 32-bit addresses reach. */
export const MOST_PAGES = 65_536;

/** @throws TypeError where there is no WebAssembly */
export function webAssembly(): NonNullable<typeof WebAssembly> {
  if (typeof WebAssembly === 'undefined') throw new TypeError('WebAssembly: not available here');
  return WebAssembly;
}
