import { EventPatternError, parsePattern } from '@dropforest/event-pattern';

import { LocalCloudError } from './errors.ts';
import type { LambdaFunction, Wiring } from './options.ts';

/**
 * Refuses wiring that contradicts itself, before anything is started.
 *
 * @throws LocalCloudError `InvalidWiring`, listing every contradiction at once.
 */
export function checkWiring(wiring: Wiring, functions: Readonly<Record<string, LambdaFunction>>): void {
  const problems = [...queueProblems(wiring), ...ruleProblems(wiring), ...functionProblems(wiring, functions)];
  if (!/^\d{12}$/.test(wiring.account)) problems.push(`account "${wiring.account}" must be twelve digits`);
  if (problems.length > 0) throw new LocalCloudError('InvalidWiring', `The wiring of the local cloud is not consistent: ${problems.join('; ')}.`);
}

function queueProblems({ queues }: Wiring): string[] {
  return queues
    .filter(({ redrive }) => redrive !== undefined && !queues.some(({ name }) => name === redrive.deadLetterQueue))
    .map(({ name, redrive }) => `queue ${name} redrives to ${redrive?.deadLetterQueue ?? ''}, which is not among the queues`);
}

function ruleProblems({ rules, queues, buses }: Wiring): string[] {
  return rules.flatMap((rule) => {
    const problems = [];
    if (!queues.some(({ name }) => name === rule.queue)) problems.push(`rule ${rule.name} targets queue ${rule.queue}, which is not among the queues`);
    if (rule.bus !== 'default' && !buses.includes(rule.bus)) problems.push(`rule ${rule.name} is on bus ${rule.bus}, which is not among the buses`);
    return [...problems, ...patternProblems(rule.name, rule.pattern)];
  });
}

function patternProblems(rule: string, pattern: unknown): string[] {
  try {
    parsePattern(pattern);
    return [];
  } catch (error) {
    if (error instanceof EventPatternError) return [`rule ${rule}: ${error.message}`];
    throw error;
  }
}

function functionProblems({ functions: wired, queues }: Wiring, functions: Readonly<Record<string, LambdaFunction>>): string[] {
  return wired.flatMap(({ name, queue }) => {
    const problems = [];
    if (!Object.hasOwn(functions, name)) problems.push(`function ${name} has no code in options.functions`);
    if (!queues.some((candidate) => candidate.name === queue)) problems.push(`function ${name} reads queue ${queue}, which is not among the queues`);
    return problems;
  });
}
