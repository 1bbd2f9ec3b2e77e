import { run } from './run.ts';
import { createTerminal } from './terminal.ts';

const code = await run(process.argv.slice(2), createTerminal());
// A command that was interrupted leaves requests behind; what was printed has to get out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
