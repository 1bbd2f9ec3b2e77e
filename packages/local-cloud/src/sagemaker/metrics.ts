/** A regular expression whose first group, in a line of the log, is the value of a metric. */
export interface MetricDefinition {
  readonly Name: string;
  readonly Regex: string;
}

export interface FinalMetric {
  readonly MetricName: string;
  readonly Value: number;
  /** Milliseconds since the epoch. */
  readonly Timestamp: number;
}

/** Reads metrics from log lines; of each metric the last value stays. */
export interface MetricReader {
  read(line: string, now: number): void;
  final(): FinalMetric[];
}

export function createMetricReader(definitions: readonly MetricDefinition[]): MetricReader {
  const expressions = definitions.map(({ Name, Regex }) => ({ Name, expression: new RegExp(Regex) }));
  const last = new Map<string, FinalMetric>();
  return {
    read(line, now) {
      for (const { Name, expression } of expressions) {
        const value = Number.parseFloat(expression.exec(line)?.[1] ?? '');
        if (!Number.isNaN(value)) last.set(Name, { MetricName: Name, Value: value, Timestamp: now });
      }
    },
    final: () => [...last.values()],
  };
}

export function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
