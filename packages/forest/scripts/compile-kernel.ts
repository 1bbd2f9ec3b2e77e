/** Compiles the kernel in ../assembly: `compile` for the test that holds the checked-in bytes to their source, as a program to write them. */
import { writeFile } from 'node:fs/promises';
import { argv, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const ASSEMBLY = fileURLToPath(new URL('../assembly/', import.meta.url));
const BYTES = new URL('../src/kernel/kernel-bytes.ts', import.meta.url);

/** No checks, no garbage collector: all memory is laid out by the kernel itself. The memory is shared, for threads. */
const OPTIONS = [
  '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--importMemory', '--sharedMemory',
  '--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'simd', '--enable', 'threads',
];

/** The text of src/kernel/kernel-bytes.ts as the sources in assembly/ have it. */
export async function compileKernel(): Promise<string> {
  const written = new Map<string, Uint8Array>();
  let said = '';
  const { error } = await asc.main(['index.ts', '--baseDir', ASSEMBLY, '--outFile', 'kernel.wasm', ...OPTIONS], {
    stderr: { write: (text: Uint8Array | string) => { said += typeof text === 'string' ? text : new TextDecoder().decode(text); } },
    writeFile: (name, contents) => { written.set(name, typeof contents === 'string' ? new TextEncoder().encode(contents) : contents); },
  });
  const wasm = written.get('kernel.wasm');
  if (error !== null || wasm === undefined) throw new Error(`kernel: does not compile: ${said}`, { cause: error });
  const base64 = Buffer.from(wasm).toString('base64');
  return `/** The compiled kernel. Made from ../../assembly by \`node packages/forest/scripts/compile-kernel.ts\`. */\nexport const KERNEL_BASE64 = '${base64}';\n`;
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  await writeFile(BYTES, await compileKernel());
  stdout.write('kernel: compiled\n');
}
