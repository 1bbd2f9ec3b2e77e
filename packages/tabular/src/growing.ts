/** Typed arrays that grow by half. `transfer` hands the memory on without a second copy where the engine can. */

const FIRST_CAPACITY = 1024;

export class GrowingFloats {
  #values = new Float64Array(FIRST_CAPACITY);

  set(index: number, value: number): void {
    if (index >= this.#values.length) this.#values = new Float64Array(this.#values.buffer.transfer(8 * grown(index)));
    this.#values[index] = value;
  }

  finish(length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#values.buffer.transfer(8 * length));
  }
}

export class GrowingIntegers {
  #values = new Int32Array(FIRST_CAPACITY);

  set(index: number, value: number): void {
    if (index >= this.#values.length) this.#values = new Int32Array(this.#values.buffer.transfer(4 * grown(index)));
    this.#values[index] = value;
  }

  get(index: number): number {
    return this.#values[index] ?? 0;
  }

  finish(length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#values.buffer.transfer(4 * length));
  }
}

function grown(index: number): number {
  return Math.max(FIRST_CAPACITY, index + (index >> 1) + 1);
}
