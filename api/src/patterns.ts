/**
 * Forms that several schemas share, as patterns that both JavaScript and the API server (RE2) understand.
 */

/** Names of resources and of what is named after them: at most 40 characters, so that children's names still fit 63. */
export const NAME_PATTERN = '^[a-z]([-a-z0-9]*[a-z0-9])?$';
export const NAME_MAX_LENGTH = 40;

/** A Gateway API duration (GEP-2257): one to four parts of a number of at most five digits and h, m, s or ms. */
export const DURATION_PATTERN = '^([0-9]{1,5}(h|m|s|ms)){1,4}$';
export const DURATION_MAX_LENGTH = 28;

/** Two printable ASCII characters that need no quoting of their own in a shell, or None. */
export const HASH_TAG_PATTERN = '^([!-~]{2}|None)$';

/** A label of DNS (RFC 1123), as Kubernetes wants it for names of containers and ports. */
export const DNS_LABEL_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

/** Names of Secrets, ConfigMaps and the like. */
export const DNS_SUBDOMAIN_PATTERN = '^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$';

/** Keys of Secrets and ConfigMaps. */
export const DATA_KEY_PATTERN = '^[-._a-zA-Z0-9]+$';
