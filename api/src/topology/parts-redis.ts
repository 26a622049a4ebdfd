import { z } from 'zod';
import { HASH_TAG_PATTERN } from '../patterns.ts';
import { hash } from './parts.ts';

/** What only documents of protocol redis have. */

export const redisSharding = z.object({
  algorithm: z.literal('rendezvous').describe('How a key finds its shard.'),
  hash,
  hashTag: z
    .string()
    .regex(new RegExp(HASH_TAG_PATTERN))
    .describe('Only what stands between the two characters is hashed; `None`: the whole key.'),
});

export const redisBehaviour = z.object({
  multiKey: z.enum(['Split', 'Refuse']).describe('Commands with keys of several shards.'),
  partial: z
    .enum(['Element', 'Whole'])
    .describe('MGET with a dead shard: an error for its elements, or for the whole.'),
  admin: z.enum(['Refuse', 'Allow']).describe('Administration commands.'),
});

const clientCredential = z.object({
  username: z.string().min(1).max(128),
  passwordFile: z
    .string()
    .regex(/^client-[0-9]{1,2}-password$/)
    .describe('A file in the directory that SECRETS_DIR names.'),
});

export const redisCredentials = {
  auth: z
    .object({ username: z.boolean(), password: z.boolean() })
    .exactOptional()
    .describe('Towards the shards: which of the files `auth-username` and `auth-password` exist. Absent: neither.'),
  clientAuth: z.array(clientCredential).min(1).max(32).exactOptional().describe('Who may connect. Absent: anyone.'),
};
