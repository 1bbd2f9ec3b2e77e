import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resources } from './cloudformation.ts';
import { functions } from './definition.ts';
import { logicalName } from './iam.ts';
import { LOCAL, localEnvironment, localWiring } from './local.ts';
import { serverlessConfiguration } from './serverless.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the definition', () => {
  test('lists every Lambda app, and every app it lists is there', () => {
    const apps = globSync('apps/*/src/main.ts', { cwd: root }).map((file) => file.split(/[\\/]/)[1]).filter((name) => read(`apps/${name}/package.json`).includes('kind:lambda'));
    expect(functions.map(({ name }) => name).toSorted()).toEqual(apps.toSorted());
  });

  test('gives each function a queue with a dead-letter queue, its rules and a role of its own', () => {
    const made = resources();
    for (const { name, rules } of functions) {
      const ids = ['Queue', 'DeadLetterQueue', 'QueuePolicy', 'Role'].map((part) => `${logicalName(name)}${part}`);
      for (const id of [...ids, ...rules.map((rule) => `${logicalName(rule.name)}Rule`)]) expect(made).toHaveProperty(id);
    }
  });

  test('wires the local cloud with the same functions, rules and environment as AWS', () => {
    const local = localWiring();
    expect(local.functions.map(({ name }) => name)).toEqual(Object.keys(serverlessConfiguration.functions ?? {}));
    expect(local.rules).toHaveLength(Object.values(resources()).filter((resource) => JSON.stringify(resource).startsWith('{"Type":"AWS::Events::Rule"')).length);
    for (const definition of functions) {
      const onAws = serverlessConfiguration.functions?.[definition.name]?.environment ?? {};
      expect(Object.keys(localEnvironment(definition, 'http://127.0.0.1:4566'))).toEqual(Object.keys(onAws));
    }
  });

  test("lets the local cloud's rules name the bucket that the template refers to", () => {
    expect(JSON.stringify(localWiring().rules)).toContain(`"bucket":{"name":["${LOCAL.bucket}"]}`);
    expect(JSON.stringify(resources())).toContain('"bucket":{"name":[{"Ref":"Bucket"}]}');
  });
});

describe('the guides', () => {
  test("name every function in the README's picture of the flow", () => {
    const picture = /```mermaid\n([^]*?)```/.exec(read('README.md'))?.[1] ?? '';
    for (const { name } of functions) expect(picture).toContain(name);
  });

  test('map every folder in CONTRIBUTING.md', () => {
    const guide = read('CONTRIBUTING.md');
    const folders = globSync(['apps/*/package.json', 'packages/*/package.json', '{container,infra}/package.json'], { cwd: root }).map((file) => file.replaceAll('\\', '/').replace('/package.json', ''));
    for (const folder of folders) expect(guide).toContain(`\`${folder}`);
  });

  test.each(['README.md', 'CONTRIBUTING.md'])('link in %s to what is there', (file) => {
    for (const [, target = ''] of read(file).matchAll(/\]\(([^)#]+)\)/g)) expect(existsSync(join(root, target)), target).toBe(true);
  });
});
