/** Containers that are code of this process: the same life as a program's, without the process and the port. */
import { readFile, writeFile } from 'node:fs/promises';

import type { CloudContext } from '../cloud-context.ts';
import type { InProcessContainer, InProcessRun, InProcessServer } from '../options.ts';
import type { ContainerExit, ContainerProcess, ContainerStart } from './container-process.ts';
import type { Invocation, InvocationResult, ModelServer } from './model-server.ts';

type Cloud = Pick<CloudContext, 'activity' | 'clock'>;

export function trainInProcess(container: InProcessContainer, cloud: Cloud, start: ContainerStart): ContainerProcess {
  const terminated = new AbortController();
  const exit = container.train(createRun(cloud, start, terminated.signal)).catch((error: unknown) => {
    start.onLine(messageOf(error));
    return 1;
  });
  return { pid: undefined, exit: exit.then(exited), terminate: () => terminated.abort() };
}

/** The container runs until it is terminated, or could not load its model. */
export function serveInProcess(container: InProcessContainer, cloud: Cloud, start: ContainerStart): { readonly child: ContainerProcess; readonly server: ModelServer } {
  const terminated = new AbortController();
  const exit = Promise.withResolvers<ContainerExit>();
  terminated.signal.addEventListener('abort', () => exit.resolve(exited(0)));
  const answers = container.serve(createRun(cloud, start, terminated.signal)).catch((error: unknown) => {
    start.onLine(messageOf(error));
    exit.resolve(exited(1));
    return undefined;
  });
  return { child: { pid: undefined, exit: exit.promise, terminate: () => terminated.abort() }, server: createInProcessServer(answers) };
}

function createRun({ activity, clock }: Cloud, { folder, environment, onLine }: ContainerStart, terminated: AbortSignal): InProcessRun {
  return {
    optMl: folder,
    environment,
    terminated,
    log: onLine,
    sleep(ms) {
      if (terminated.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const resume = activity.rest();
        const wake = (): void => {
          cancel();
          terminated.removeEventListener('abort', wake);
          resume();
          resolve();
        };
        const cancel = clock.schedule(ms, wake);
        terminated.addEventListener('abort', wake);
      });
    },
  };
}

function createInProcessServer(answers: Promise<InProcessServer | undefined>): ModelServer {
  return {
    ready: async (gone) => (await Promise.race([answers, gone.then(() => undefined)])) !== undefined,
    executionParameters: () => Promise.resolve({}),
    invoke: async (invocation) => {
      const answer = await answers;
      return answer === undefined ? { kind: 'unreachable', message: 'The container has ended.' } : invoke(answer, invocation);
    },
  };
}

async function invoke(answer: InProcessServer, { file, range, answerFile, signal }: Invocation): Promise<InvocationResult> {
  try {
    signal.throwIfAborted();
    const { status, body } = await answer(range === undefined ? new Uint8Array() : (await readFile(file)).subarray(range.start, range.end + 1));
    if (status < 200 || status > 299) return { kind: 'refused', status, body };
    await writeFile(answerFile, body);
    return { kind: 'answered' };
  } catch (error) {
    return { kind: 'unreachable', message: messageOf(error) };
  }
}

function exited(code: number): ContainerExit {
  return { kind: 'exited', code };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
