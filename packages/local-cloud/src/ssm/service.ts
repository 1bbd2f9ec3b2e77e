/**
 * SSM Parameter Store, JSON protocol (1.1).
 *
 * Gaps: only the newest version of a parameter is kept and there are no selectors (`name:3`), labels, policies, tags or
 * allowed patterns; parameters are read one at a time. By design: values of SecureStrings are stored as they are, there
 * is no KMS; without decryption a digest stands in for the ciphertext.
 */
import { createHash } from 'node:crypto';

import { z } from 'zod';

import { operation } from '../http/json-protocol.ts';
import type { JsonOperations, JsonProtocol } from '../http/json-protocol.ts';
import { validationError, WireError } from '../http/wire-error.ts';
import type { Wiring } from '../options.ts';
import type { Parameter, Parameters } from './parameters.ts';

export const SSM_PROTOCOL: JsonProtocol = { contentType: 'application/x-amz-json-1.1', invalidInput: 'ValidationException' };

const Name = z.string().min(1).max(2048);
const LONGEST_VALUE = { Standard: 4096, Advanced: 8192, 'Intelligent-Tiering': 8192 } as const;

const PutSchema = z.object({
  Name,
  Value: z.string(),
  Type: z.enum(['String', 'StringList', 'SecureString']).optional(),
  Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).default('Standard'),
  Overwrite: z.boolean().default(false),
});
type Put = z.infer<typeof PutSchema>;

export function ssmOperations(parameters: Parameters, wiring: Wiring): JsonOperations {
  return {
    PutParameter: operation(PutSchema, (input) => ({ Version: put(parameters, input), Tier: input.Tier })),
    GetParameter: operation(z.object({ Name, WithDecryption: z.boolean().default(false) }), (input) => {
      const parameter = parameters.get(input.Name);
      if (parameter === undefined) throw notFound(input.Name);
      return { Parameter: toApi(parameter, input.WithDecryption, wiring) };
    }),
    DeleteParameter: operation(z.object({ Name }), (input) => {
      if (!parameters.delete(input.Name)) throw notFound(input.Name);
      return {};
    }),
  };
}

function put(parameters: Parameters, { Name: name, Value, Type, Tier, Overwrite }: Put): number {
  checkName(name);
  if (Value === '') throw validationError("1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.");
  if (Value.length > LONGEST_VALUE[Tier]) throw validationError(`${Tier} tier parameters support a maximum parameter value of ${LONGEST_VALUE[Tier]} characters.`);
  const known = parameters.get(name);
  if (known !== undefined && !Overwrite) {
    throw new WireError(400, 'ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
  }
  const type = Type ?? known?.type;
  if (type === undefined) throw validationError('A parameter type is required when you create a parameter.');
  return parameters.put(name, type, Value);
}

function checkName(name: string): void {
  if (name.includes('/') && !name.startsWith('/')) throw validationError('Parameter name must be a fully qualified name.');
  if (!/^[a-zA-Z0-9_.\/-]+$/.test(name)) throw validationError('Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_');
  if (/^\/?(?:aws|ssm)/i.test(name)) throw validationError('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
}

function toApi({ name, type, value, version, modified }: Parameter, decrypted: boolean, { region, account }: Wiring): object {
  return {
    Name: name,
    Type: type,
    Value: type !== 'SecureString' || decrypted ? value : createHash('sha256').update(value).digest('base64'),
    Version: version,
    LastModifiedDate: modified / 1000,
    ARN: `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    DataType: 'text',
  };
}

function notFound(name: string): WireError {
  return new WireError(400, 'ParameterNotFound', `Parameter ${name} not found.`);
}
