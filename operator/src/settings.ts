import { commonSettings, defineSettings, optional, setting } from '@motif/kit';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** The settings of the operator: its API. The chart sets them from its values. */
export const settings = defineSettings({
  container: 'operator',
  settings: {
    POD_NAME: optional(
      setting.text({
        pattern: SUBDOMAIN,
        allowed: 'the name of a pod',
        about: 'Who holds the lease, and who reports events; none: the name of the machine.',
      }),
    ),
    POD_NAMESPACE: optional(
      setting.text({
        pattern: DNS_LABEL,
        allowed: 'the name of a namespace',
        about: 'Where the lease is kept; none: the namespace of the service account or of the kubeconfig.',
      }),
    ),
    WORKERS: setting.integer({
      min: 1,
      max: 64,
      default: '4',
      about: 'Resources that are worked on at the same time.',
    }),
    WATCH_NAMESPACES: optional(
      setting.list({
        item: DNS_LABEL,
        allowed: 'up to 64 names of namespaces with commas between them',
        about: 'The namespaces that are served; none: all.',
      }),
    ),
    LEASE_NAME: setting.text({
      pattern: SUBDOMAIN,
      allowed: 'the name of a Lease',
      default: 'motif-operator',
      about: 'The lease that the replicas compete for.',
    }),
    LEASE_DURATION: setting.duration({
      min: '1s',
      max: '10m',
      default: '15s',
      about: 'Another replica may lead this long after the last renewal.',
    }),
    LEASE_RENEW_DEADLINE: setting.duration({
      min: '500ms',
      max: '10m',
      default: '10s',
      about: 'The leader stops acting when it could not renew for this long; below LEASE_DURATION.',
    }),
    LEASE_RETRY_PERIOD: setting.duration({
      min: '100ms',
      max: '10m',
      default: '2s',
      about: 'Between attempts to get or renew the lease; below LEASE_RENEW_DEADLINE.',
    }),
    DATA_PLANE_REGISTRY: setting.text({
      pattern: /^[a-zA-Z0-9]([a-zA-Z0-9._:/-]{0,253}[a-zA-Z0-9])?$/,
      allowed: 'a registry and path without a slash at its end, such as registry.example.com/motif',
      default: 'motif',
      about: 'What stands before the name of each data-plane image: <registry>/sharding:<version>.',
    }),
    DATA_PLANE_VERSION: optional(
      setting.text({
        pattern: /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/,
        allowed: 'the tag of an image',
        about: "The version of the containers of resources that are new; none: the operator's own.",
      }),
    ),
    ...commonSettings,
  },
  rules: ({ LEASE_DURATION, LEASE_RENEW_DEADLINE, LEASE_RETRY_PERIOD }) => [
    ...(LEASE_RENEW_DEADLINE < LEASE_DURATION
      ? []
      : [`LEASE_RENEW_DEADLINE is ${LEASE_RENEW_DEADLINE}ms; allowed: below LEASE_DURATION, ${LEASE_DURATION}ms`]),
    ...(LEASE_RETRY_PERIOD < LEASE_RENEW_DEADLINE
      ? []
      : [
          `LEASE_RETRY_PERIOD is ${LEASE_RETRY_PERIOD}ms; allowed: below LEASE_RENEW_DEADLINE, ${LEASE_RENEW_DEADLINE}ms`,
        ]),
  ],
});
