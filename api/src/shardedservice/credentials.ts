import { z } from 'zod';
import { described, listMap } from '../crd/fields.ts';
import { DATA_KEY_PATTERN, DNS_SUBDOMAIN_PATTERN } from '../patterns.ts';

const secretKey = z.strictObject({
  secretRef: described(
    z.strictObject({
      name: described(
        z.string().min(1).max(253).regex(new RegExp(DNS_SUBDOMAIN_PATTERN)),
        'A Secret of the same namespace.',
      ),
      key: described(z.string().min(1).max(253).regex(new RegExp(DATA_KEY_PATTERN)), 'A key of the Secret.'),
    }),
    'Where the value is.',
  ),
});

/** `spec.auth`. */
export const auth = described(
  z
    .strictObject({
      username: described(secretKey.exactOptional(), 'Whom to log in as. None: the user default.'),
      password: described(secretKey, 'The password.'),
    })
    .exactOptional(),
  'How the router and ambassadors log in to the shards. None: not at all.',
);

/** `spec.clientAuth`. */
export const clientAuth = described(
  listMap(
    z.strictObject({
      username: described(
        z
          .string()
          .min(1)
          .max(128)
          .regex(/^[!-~]+$/),
        'The name that clients log in with; default is the user of a password alone.',
      ),
      password: described(secretKey, 'The password.'),
    }),
    'username',
    32,
  )
    .min(1)
    .exactOptional(),
  'Who may connect to the router and to ambassadors, each user once. None: everyone who can reach them.',
);
