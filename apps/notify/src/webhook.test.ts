import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signedHeaders } from './webhook.ts';

test('a signature is that of the example which the libraries of Standard Webhooks are tested with', () => {
  expect(signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

const text = fc.array(fc.constantFrom('a', '.', ' ', '"', 'ä', '€', '😀')).map((parts) => parts.join(''));

test('a key is bytes in base64 after whsec_, and itself without it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), text, text, fc.nat(), (bytes, plain, body, seconds) => {
      const signed = (key: Uint8Array | string) => `v1,${createHmac('sha256', key).update(Buffer.from(`id.${seconds}.${body}`, 'utf8')).digest('base64')}`;
      expect(signedHeaders(`whsec_${Buffer.from(bytes).toString('base64')}`, 'id', seconds, body)['webhook-signature']).toBe(signed(bytes));
      expect(signedHeaders(` ${plain}`, 'id', seconds, body)['webhook-signature']).toBe(signed(` ${plain}`));
    }),
  );
});
