#!/usr/bin/env node
// Plain JavaScript, so that an old Node gets as far as the message. The sources need type stripping: Node 24.
const oldest = 24;
if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(
    `dropforest needs Node ${oldest} or later; this is ${process.version}.\n` +
      `The project brings its own: run "npm install" in its folder, then "npx dropforest …" or "npm start" there.\n`,
  );
  process.exit(2);
}
await import('../src/main.ts');
