/** What is uploaded for a function: its bundle, zipped. */
import { zipSync } from 'fflate';

/** The same bundle gives the same zip: zip's own epoch stands for the time of every file. */
const EPOCH = new Date(1980, 0, 1);

export function zipBundle(bundle: Uint8Array): Uint8Array {
  return zipSync({ 'main.mjs': bundle }, { level: 9, mtime: EPOCH });
}
