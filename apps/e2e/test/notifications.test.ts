/** Notifications against real receivers: HTTP servers on the loopback that fail, hang and break off. */
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect, promisify } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { keys, makeEvent, type DropforestEvent } from '@dropforest/contracts';
import { LOCAL } from '@dropforest/infra';
import { createClients } from '@dropforest/lambda-kit';
import { DeliverySchema, type Delivery } from '@dropforest/notify';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { awsEnvironment, hasAwsCli } from '../src/aws-cli.ts';
import { startNotifyCloud, type Kill, type NotifyCloud, type NotifyCloudOptions } from '../src/notify-cloud.ts';
import { startReceiver, type Behaviour, type Receiver } from '../src/receiver.ts';

const SECRET = 'B0SECRETB0SECRET';
/** Messages of errors quote the beginning of what they could not read. */
const GLIMPSE = SECRET.slice(0, 8);
const SLACK = 'ssm:/dropforest/slack';
const TEAMS = 'secretsmanager:dropforest/teams';
const KEY = 'ssm:/dropforest/key';
const OK: Behaviour = { status: 200 };
const NOW = Date.UTC(2026, 2, 4);

/** A file that was refused: the n-th happening of a data set. */
function refused(n: number, dataset = 'sales'): DropforestEvent {
  const key = `predict/${dataset}/file-${n}.csv`;
  return makeEvent('UploadRejected', [key], NOW, { dataset, key, etag: 'e', verdict: `rejected/${key}.json`, problem: { code: 'empty', message: 'the file is empty', remedy: 'Export it again' } });
}

function promoted(): DropforestEvent {
  return makeEvent('ModelPromoted', ['arn'], NOW, { dataset: 'sales', job: 'j', modelPackageArn: 'arn', modelVersion: 2 });
}

async function start(options?: NotifyCloudOptions): Promise<NotifyCloud> {
  const cloud = await startNotifyCloud(options);
  onTestFinished(() => cloud.stop());
  return cloud;
}

async function receive(behave: (n: number) => Behaviour = () => OK): Promise<Receiver> {
  const receiver = await startReceiver(behave);
  onTestFinished(() => receiver.stop());
  return receiver;
}

async function deliveryOf(cloud: NotifyCloud, event: DropforestEvent, channel: string): Promise<Delivery | undefined> {
  return (await cloud.bucket.readJson(keys.delivery(event.detail.dataset, event.detail.id, channel), DeliverySchema))?.value;
}

describe('who hears of a happening', () => {
  test('is whoever the data set names, each in its own format, and once', async () => {
    const cloud = await start();
    const receiver = await receive();
    await cloud.secret(SLACK, `${receiver.url}/slack/${SECRET}\n`);
    await cloud.secret(TEAMS, `${receiver.url}/teams/${SECRET}`);
    await cloud.secret(KEY, 'my key\n');
    await cloud.configure('sales', { notify: [{ channel: 'slack', secret: SLACK }, { channel: 'email' }, { channel: 'teams', secret: TEAMS }, { channel: 'webhook', url: `${receiver.url}/hook`, secret: KEY }] });
    const event = refused(1);
    for (let n = 0; n < 3; n++) await cloud.tell(event);
    await cloud.finish();

    expect(await cloud.mails()).toMatchObject([{ subject: 'sales: predict/sales/file-1.csv was refused', message: expect.stringContaining(`Verdict: ${cloud.url}/${LOCAL.bucket}/rejected/predict/sales/file-1.csv.json`) }]);
    const [hook, slack, teams, ...more] = [...receiver.requests].sort((a, b) => (a.path < b.path ? -1 : 1));
    expect(more).toEqual([]);
    expect([hook?.path, slack?.path, teams?.path]).toEqual(['/hook', `/slack/${SECRET}`, `/teams/${SECRET}`]);
    expect(JSON.parse(slack?.body ?? '')).toMatchObject({ blocks: expect.any(Array) });
    expect(JSON.parse(teams?.body ?? '')).toMatchObject({ type: 'message' });
    expect(JSON.parse(hook?.body ?? '')).toMatchObject({ ...event, subject: 'sales: predict/sales/file-1.csv was refused', link: expect.stringContaining('/rejected/') });
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature, connection } = hook?.headers ?? {};
    expect([id, timestamp, connection]).toEqual([event.detail.id, String(NOW / 1000), 'close']);
    expect(signature).toBe(`v1,${createHmac('sha256', 'my key').update(`${event.detail.id}.${NOW / 1000}.${hook?.body}`).digest('base64')}`);
  });

  test('of problems only is told of no success', async () => {
    const cloud = await start();
    await cloud.configure('sales', { notify: [{ channel: 'email', about: 'problems' }] });
    await cloud.tell(promoted());
    await cloud.tell(refused(1));
    await cloud.finish();
    expect((await cloud.mails()).map(({ subject }) => subject)).toEqual([expect.stringContaining('was refused')]);
    expect(await cloud.bucket.list('journal/')).toHaveLength(2);
  });

  test.each([
    ['something else in dataset.json is wrong', '{ "gate": 7, "notify": [{ "channel": "slack", "secret": "ssm:/dropforest/slack" }] }', 'slack'],
    ['its channels are wrong', `{ "notify": [{ "channel": "slack", "secret": "https://hooks.slack.com/${SECRET}" }] }`, 'email'],
    ['dataset.json is no JSON', '{', 'email'],
  ])('is told even where %s', async (_, text, channel) => {
    const cloud = await start();
    const receiver = await receive();
    await cloud.secret(SLACK, receiver.url);
    await cloud.bucket.write(keys.datasetConfig('sales'), text, 'application/json');
    await cloud.tell(refused(1));
    await cloud.finish();
    expect([(await cloud.mails()).length, receiver.requests.length]).toEqual(channel === 'email' ? [1, 0] : [0, 1]);
    expect(cloud.said.join('\n')).not.toContain(GLIMPSE);
  });

  test('includes e-mail where a file names no data set at all', async () => {
    const cloud = await start();
    await cloud.tell(refused(1, ''));
    await cloud.finish();
    expect(await cloud.mails()).toHaveLength(1);
  });
});

describe('a receiver that', () => {
  test('of SNS is asked once where its answer is lost: it cannot tell repetitions', async () => {
    const deaf = await receive(() => 'close');
    const own = createClients({ url: deaf.url, region: LOCAL.region });
    onTestFinished(() => own.destroy());
    const cloud = await start({ clients: (clients) => ({ ...clients, sns: own.sns }) });
    await cloud.tell(refused(1));
    await cloud.finish();
    expect(deaf.requests).toHaveLength(1);
    expect(await deliveryOf(cloud, refused(1), '0-email')).toMatchObject({ state: 'sent', doubt: expect.stringContaining('SNS') });
  });

  /** Sends one message to a channel whose receiver does `behaviours`, then answers; returns what the record says. */
  async function through(channel: 'slack' | 'webhook', ...behaviours: readonly Behaviour[]) {
    const cloud = await start({ timeoutMs: behaviours.includes('hang') ? 1_000 : 20_000 });
    const receiver = await receive((n) => behaviours[n] ?? OK);
    await cloud.secret(SLACK, `${receiver.url}/${SECRET}`);
    await cloud.secret(KEY, SECRET);
    await cloud.configure('sales', { notify: [channel === 'slack' ? { channel, secret: SLACK } : { channel, url: receiver.url, secret: KEY }] });
    await cloud.tell(refused(1));
    await cloud.finish();
    return { cloud, receiver, delivery: await deliveryOf(cloud, refused(1), `0-${channel}`) };
  }

  test.each(['slack', 'webhook'] as const)('fails for a while is tried again: %s', async (channel) => {
    const { receiver, delivery } = await through(channel, { status: 500 }, { status: 429, headers: { 'retry-after': '7200' } }, { status: 408 });
    expect(receiver.requests).toHaveLength(4);
    expect(delivery).toMatchObject({ state: 'sent' });
    expect(delivery).not.toHaveProperty('doubt');
  });

  test.each([
    [{ status: 404, body: SECRET }, 'HTTP 404'],
    [{ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } }, 'HTTP 302: redirects are not followed; the address must be the final one'],
  ] as const)('says no is left alone: %j', async (behaviour, reason) => {
    for (const channel of ['slack', 'webhook'] as const) {
      const { receiver, delivery } = await through(channel, behaviour);
      expect(receiver.requests).toHaveLength(1);
      expect(delivery).toMatchObject({ state: 'refused', reason });
    }
  });

  test.each([
    ['hang', 'no answer within 1 s'],
    ['close', 'the connection broke off'],
  ] as const)('gives no answer (%s) gets the message again only where it can tell repetitions', async (behaviour, doubt) => {
    const slack = await through('slack', behaviour);
    expect(slack.receiver.requests).toHaveLength(1);
    expect(slack.delivery).toMatchObject({ state: 'sent', doubt });
    const webhook = await through('webhook', behaviour);
    expect(webhook.receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([refused(1).detail.id, refused(1).detail.id]);
    expect(webhook.delivery).toMatchObject({ state: 'sent' });
  });

  test('asks for a while is left alone for that long', async () => {
    const cloud = await start();
    const receiver = await receive((n) => (n === 0 ? { status: 503, headers: { 'retry-after': '100' } } : OK));
    await cloud.secret(SLACK, receiver.url);
    await cloud.configure('sales', { notify: [{ channel: 'slack', secret: SLACK }] });
    await cloud.tell(refused(1));
    await cloud.work();
    cloud.clock.advance(99_000);
    await cloud.work();
    expect(receiver.requests).toHaveLength(1);
    cloud.clock.advance(2_000);
    await cloud.work();
    expect(receiver.requests).toHaveLength(2);
  });

  test('does not exist keeps nobody else waiting, and gets the message once it does', async () => {
    const cloud = await start();
    const gone = await startReceiver(() => OK);
    await gone.stop();
    await cloud.secret(SLACK, gone.url);
    await cloud.configure('sales', { notify: [{ channel: 'slack', secret: SLACK }, { channel: 'email' }] });
    await cloud.tell(refused(1));
    await cloud.work(3);
    expect(await cloud.mails()).toHaveLength(1);
    expect(await deliveryOf(cloud, refused(1), '0-slack')).toBeUndefined();
    const receiver = await receive();
    await cloud.secret(SLACK, receiver.url);
    await cloud.finish();
    expect([receiver.requests.length, (await cloud.mails()).length]).toEqual([1, 1]);
  });
});

describe('a secret', () => {
  test('is read again only after a while', async () => {
    const cloud = await start({ secretLifeMs: 60_000 });
    const [old, fresh] = [await receive(), await receive()];
    await cloud.configure('sales', { notify: [{ channel: 'slack', secret: SLACK }] });
    await cloud.secret(SLACK, old.url);
    await cloud.tell(refused(1));
    await cloud.work();
    await cloud.secret(SLACK, fresh.url);
    await cloud.tell(refused(2));
    await cloud.work();
    cloud.clock.advance(60_000);
    await cloud.tell(refused(3));
    await cloud.work();
    expect([old.requests.length, fresh.requests.length]).toEqual([2, 1]);
  });

  test('that was changed is read again as soon as the old one is refused', async () => {
    const cloud = await start();
    const [old, fresh] = [await receive((n) => (n === 0 ? OK : { status: 404 })), await receive()];
    await cloud.configure('sales', { notify: [{ channel: 'slack', secret: SLACK }] });
    await cloud.secret(SLACK, old.url);
    await cloud.tell(refused(1));
    await cloud.work();
    await cloud.secret(SLACK, fresh.url);
    await cloud.tell(refused(2));
    await cloud.finish();
    expect([old.requests.length, fresh.requests.length]).toEqual([2, 1]);
    expect(await deliveryOf(cloud, refused(2), '0-slack')).toMatchObject({ state: 'sent' });
  });

  test.each([
    ['that is missing', undefined, 'there is no secret ssm:/dropforest/slack'],
    ['that is no address', SECRET, 'its address is none that can be posted to'],
    ['that is an address with a password', `https://me:${SECRET}@127.0.0.1/`, 'its address is none that can be posted to'],
    ['that is an address of another kind', `data:,${SECRET}`, 'its address is none that can be posted to'],
  ])('%s is said by name, and nothing is sent', async (_, value, reason) => {
    const cloud = await start();
    if (value !== undefined) await cloud.secret(SLACK, value);
    await cloud.configure('sales', { notify: [{ channel: 'slack', secret: SLACK }] });
    await cloud.tell(refused(1));
    await cloud.finish();
    expect(await deliveryOf(cloud, refused(1), '0-slack')).toMatchObject({ state: 'refused', reason });
  });

  /** Everything that was logged, thrown, stored or put on a bus, but for dataset.json, which a person has written. */
  async function everything(cloud: NotifyCloud): Promise<string> {
    const objects = (await cloud.bucket.list('')).filter(({ key }) => !key.startsWith('datasets/'));
    const bodies = await Promise.all(objects.map(async ({ key }) => `${key} ${await cloud.bucket.readText(key)}`));
    const pages = await Promise.all(['events', 'messages', 'dead-letters'].map(async (page) => (await fetch(`${cloud.url}/_local/${page}`)).text()));
    return [...cloud.said, ...bodies, ...pages].join('\n');
  }

  const failing: readonly (readonly [string, Behaviour | { readonly address: string }])[] = [
    ['there is no such name', { address: `https://${SECRET}.invalid/${SECRET}` }],
    ['nobody listens', { address: `http://127.0.0.1:1/${SECRET}` }],
    ['the address cannot be used', { address: `http://me:${SECRET}@127.0.0.1/` }],
    ['it is no address', { address: SECRET }],
    ['the receiver fails', { status: 500, body: SECRET, headers: { [SECRET]: SECRET } }],
    ['the receiver says no', { status: 404, body: SECRET }],
    ['the receiver sends it elsewhere', { status: 301, headers: { location: `/${SECRET}` } }],
    ['the receiver answers in no language', { status: 299, body: SECRET, headers: { 'content-encoding': 'gzip' } }],
    ['the receiver hangs', 'hang'],
    ['the receiver breaks off', 'close'],
  ];
  test.each(failing)('and an address are never seen when %s', async (_, how) => {
    const cloud = await start({ timeoutMs: how === 'hang' ? 300 : 20_000 });
    const given = typeof how === 'object' && 'address' in how ? how.address : undefined;
    const receiver = await receive(() => (typeof how === 'object' && 'address' in how ? OK : how));
    const address = given ?? `${receiver.url}/${SECRET}`;
    await cloud.secret(SLACK, address);
    await cloud.secret(TEAMS, address);
    await cloud.secret(KEY, SECRET);
    const url = z.url({ protocol: /^https?$/ }).safeParse(address).success ? address : `http://127.0.0.1:1/${SECRET}`;
    await cloud.configure('sales', { notify: [{ channel: 'slack', secret: SLACK }, { channel: 'teams', secret: TEAMS }, { channel: 'webhook', url, secret: KEY }] });
    await cloud.tell(refused(1));
    await cloud.work(2);
    const seen = await everything(cloud);
    expect(seen).toContain(refused(1).detail.id);
    expect(seen.toUpperCase()).not.toContain(GLIMPSE);
    expect(seen).not.toContain(Buffer.from(SECRET).toString('base64'));
    expect(seen).not.toContain(receiver.url);
  });

  test('is never seen when the answer that brings it cannot be read', async () => {
    const garbled = await receive(() => ({ status: 200, body: `${SECRET} { "Parameter": "${SECRET}"`, headers: { 'content-type': 'application/x-amz-json-1.1' } }));
    const ssm = new SSMClient({ endpoint: garbled.url, region: LOCAL.region, credentials: { accessKeyId: 'x', secretAccessKey: 'x' }, maxAttempts: 1 });
    onTestFinished(() => ssm.destroy());
    const cloud = await start({ clients: (clients) => ({ ...clients, ssm }) });
    await cloud.configure('sales', { notify: [{ channel: 'slack', secret: SLACK }] });
    await cloud.tell(refused(1));
    await cloud.work(1);
    expect(garbled.requests.length).toBeGreaterThan(0);
    const seen = await everything(cloud);
    expect(seen).toContain(`the secret ${SLACK} could not be read`);
    expect(seen).not.toContain(GLIMPSE);
  });
});

describe('at most one message a happening and channel', () => {
  const behaviour = fc.constantFrom<Behaviour>(OK, { status: 500 }, { status: 429 }, { status: 404 }, 'close');
  const scenario = fc.record({
    /** How often each happening is told. */
    told: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
    slack: fc.array(behaviour, { maxLength: 4 }),
    teams: fc.array(behaviour, { maxLength: 4 }),
    hook: fc.array(behaviour, { maxLength: 4 }),
    sns: fc.array(fc.constantFrom('ok' as const, 'fail' as const, 'lost' as const), { maxLength: 4 }),
    kills: fc.array(fc.option(fc.record({ call: fc.integer({ min: 0, max: 24 }), when: fc.constantFrom<Kill['when']>('before', 'after') }), { nil: undefined }), { maxLength: 4 }),
  });
  type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

  /** How a request ended, in a letter: heard, failed, refused, uncertain. */
  const letter = (how: Behaviour) => (typeof how === 'string' ? 'u' : how.status === 200 ? 'h' : how.status === 404 ? 'r' : 'f');

  async function run({ told, slack, teams, hook, sns, kills }: Scenario): Promise<void> {
    const cloud = await startNotifyCloud({ kills, sns });
    const [toSlack, toTeams, toHook] = await Promise.all([slack, teams, hook].map((behaviours) => startReceiver((n) => behaviours[n] ?? OK)));
    try {
      if (toSlack === undefined || toTeams === undefined || toHook === undefined) throw new RangeError('three receivers');
      await cloud.secret(SLACK, toSlack.url);
      await cloud.secret(TEAMS, toTeams.url);
      await cloud.secret(KEY, 'key');
      await cloud.configure('sales', { notify: [{ channel: 'email' }, { channel: 'slack', secret: SLACK }, { channel: 'teams', secret: TEAMS }, { channel: 'webhook', url: toHook.url, secret: KEY }] });
      await Promise.all(told.flatMap((times, n) => Array.from({ length: times }, () => cloud.tell(refused(n)))));
      await cloud.finish();
      const mails = await cloud.mails();
      told.forEach((_, n) => {
        const ends = ({ requests }: Receiver) => requests.filter(({ body }) => body.includes(`file-${n}.csv`)).map((request) => letter(request.behaviour)).join('');
        const killed = kills.some((kill) => kill !== undefined);
        for (const receiver of [toSlack, toTeams]) expect(ends(receiver)).toMatch(killed ? /^f*[hur]?$/ : /^f*[hur]$/);
        // Killed before the refusal was written, it is sent again; a kill is an uncertain end as well.
        expect(ends(toHook)).toMatch(killed ? /^[fuhr]*[hr]$/ : /^[fu]*[hr]$/);
        const happened = new RegExp(`file-${n}\\.csv was refused$`);
        expect(mails.filter(({ subject }) => happened.test(subject)).length).toSatisfy((count: number) => (killed ? count <= 1 : count === 1));
      });
      const ids = toHook.requests.map(({ headers }) => headers['webhook-id']);
      expect(new Set(ids)).toEqual(new Set(told.map((_, n) => refused(n).detail.id)));
      expect(await cloud.bucket.list('journal/')).toHaveLength(told.length);
    } finally {
      await Promise.all([cloud.stop(), toSlack?.stop(), toTeams?.stop(), toHook?.stop()]);
    }
  }

  test('whatever is told twice, fails, breaks off or is killed between any two calls', async () => {
    await fc.assert(fc.asyncProperty(scenario, run), { numRuns: 40, verbose: true });
  }, 300_000);
});

describe('docs/notifications.md', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'notifications.md'), 'utf8');
  const blocks = (language: string) => [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);

  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'dropforest-notifications-'));
    onTestFinished(() => rmSync(made, { recursive: true, force: true }));
    return made;
  }

  if (!hasAwsCli) process.stdout.write('skipped: the AWS CLI is not on PATH (pip install awscli)\n');
  test.skipIf(!hasAwsCli)('has commands that set up every channel', async () => {
    const cloud = await start();
    const receiver = await receive();
    const directory = folder();
    writeFileSync(join(directory, 'dataset.json'), (blocks('json')[0] ?? '').replace('https://example.org', receiver.url));
    writeFileSync(join(directory, 'slack.txt'), `${receiver.url}/slack\n`);
    writeFileSync(join(directory, 'teams.txt'), `${receiver.url}/teams\n`);
    const environment = { ...awsEnvironment(cloud.url), BUCKET: LOCAL.bucket };
    await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks('sh').join('\n')], { cwd: directory, env: environment });
    await cloud.tell(refused(1, 'big-mart'));
    await cloud.finish();
    expect(receiver.requests.map(({ path }) => path).sort()).toEqual(['/dropforest', '/slack', '/teams']);
    expect(await cloud.mails()).toHaveLength(1);
  });

  test('has a verification that takes our requests, and no others', async () => {
    const file = join(folder(), 'verify.mjs');
    writeFileSync(file, blocks('js')[0] ?? '');
    type IsGenuine = (headers: object, body: string, key: string, now: number) => boolean;
    const loaded: unknown = await import(pathToFileURL(file).href);
    const { isGenuine } = z.object({ isGenuine: z.custom<IsGenuine>((value) => typeof value === 'function') }).parse(loaded);
    const cloud = await start();
    const receiver = await receive();
    for (const [n, key] of [`whsec_${Buffer.from('key').toString('base64')}`, 'plain key'].entries()) {
      await cloud.secret(`ssm:/dropforest/key-${n}`, key);
      await cloud.configure('sales', { notify: [{ channel: 'webhook', url: receiver.url, secret: `ssm:/dropforest/key-${n}` }] });
      await cloud.tell(refused(n));
      await cloud.work();
      const request = receiver.requests[n];
      if (request === undefined) throw new Error('nothing was received');
      const { headers, body } = request;
      expect(isGenuine(headers, body, key, NOW)).toBe(true);
      expect(isGenuine({ ...headers, 'webhook-signature': `v2,x ${inspect(headers['webhook-signature']).slice(1, -1)}` }, body, key, NOW)).toBe(true);
      expect(isGenuine(headers, `${body} `, key, NOW)).toBe(false);
      expect(isGenuine(headers, body, `x${key}`, NOW)).toBe(false);
      expect(isGenuine({ ...headers, 'webhook-id': 'other' }, body, key, NOW)).toBe(false);
      expect(isGenuine(headers, body, key, NOW + 301_000)).toBe(false);
      expect(isGenuine({}, body, key, NOW)).toBe(false);
    }
  });

  test('tells the type of every event', async () => {
    const { eventDetails } = await import('@dropforest/contracts');
    for (const type of Object.keys(eventDetails)) expect(page).toContain(`\`${type}\``);
  });
});
