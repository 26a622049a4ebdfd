import { SAMPLERS } from '@motif/chassis/http/observe/trace/sampler';
import { commonSettings, defineSettings, optional, setting } from '@motif/kit';
import { SAMPLING_FORM, SAMPLING_PATTERN } from './sampling.ts';

const PAIRS = /^[^=,\s]+=[^,]*(,\s*[^=,\s]+=[^,]*)*$/;

/** What HTTP clients may cost. */
const limits = {
  MAX_CONNECTIONS: setting.integer({
    default: '16384',
    min: 1,
    max: 1_000_000,
    about: 'http: connections of clients at once; a further one is answered 503 and closed.',
  }),
  MAX_IN_FLIGHT: setting.integer({
    default: '8192',
    min: 1,
    max: 1_000_000,
    about: 'http: requests in flight and waiting, over all shards; further ones are answered 503.',
  }),
  JSON_BODY_LIMIT: setting.size({
    default: '64Ki',
    min: '1Ki',
    max: '1Mi',
    about: 'http: how much of a body is held to find the key of a json: expression; a larger one is answered 413.',
  }),
  VIA: optional(
    setting.text({
      maxLength: 64,
      pattern: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
      allowed: 'a name of letters, digits and punctuation without blanks, of at most 64 characters',
      about: 'http: the name by which the proxy adds itself to the header Via. None: it does not.',
    }),
  ),
};

const observing = {
  ACCESS_LOG: setting.text({
    default: 'off',
    pattern: SAMPLING_PATTERN,
    allowed: SAMPLING_FORM,
    about:
      'http: which requests are told on standard output, a line of JSON each. 1/100 is one in a hundred, by chance.',
  }),
  ACCESS_LOG_QUERY: setting.flag({
    default: 'false',
    about: 'http: the access log tells queries as well; they may hold what is private.',
  }),
  HOT_KEYS: setting.text({
    default: 'off',
    pattern: SAMPLING_PATTERN,
    allowed: SAMPLING_FORM,
    about:
      'Which requests are looked at for the keys asked for most, shown on /hotkeys of the admin port and by rank as a metric. 1/16 costs next to nothing.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    setting.text({
      pattern: /^https?:\/\/[^\s?#]+$/,
      allowed: 'an http or https URL without query, such as http://collector.observability:4318',
      about: 'http: where spans are sent by OTLP (HTTP, JSON), to the path /v1/traces. None: there are no spans.',
    }),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optional(
    setting.text({
      secret: true,
      maxLength: 8192,
      pattern: PAIRS,
      allowed: 'names and values, as in name=value,name=value, the values percent-encoded',
      about: 'Headers of what is sent there.',
    }),
  ),
  OTEL_SERVICE_NAME: setting.text({
    default: 'motif-sharding',
    maxLength: 255,
    about: 'The service.name of spans.',
  }),
  OTEL_RESOURCE_ATTRIBUTES: optional(
    setting.text({
      maxLength: 8192,
      pattern: PAIRS,
      allowed: 'names and values, as in name=value,name=value, the values percent-encoded',
      about: 'What else spans say of where they come from, such as k8s.pod.name.',
    }),
  ),
  OTEL_TRACES_SAMPLER: setting.choice({
    of: SAMPLERS,
    default: 'parentbased_always_on',
    about: 'Which traces are recorded: parentbased_ goes by the caller where it has decided.',
  }),
  OTEL_TRACES_SAMPLER_ARG: setting.text({
    default: '1',
    pattern: /^(0(\.[0-9]{1,9})?|1(\.0{1,9})?)$/,
    allowed: 'a number from 0 to 1, such as 0.01',
    about: 'The part of traces that the traceidratio samplers record.',
  }),
};

/** The settings of the sharding ambassador and router: its API. */
export const settings = defineSettings({
  container: 'sharding',
  settings: {
    LISTEN: optional(
      setting.listen({
        about:
          'Where clients connect. None: 127.0.0.1 and the port of the topology (6379 for redis, 8080 for http, unless the resource says otherwise), as a sidecar serves its own pod only. The router listens on 0.0.0.0.',
      }),
    ),
    TOPOLOGY: setting.path({
      default: '/etc/motif/topology/topology.json',
      about:
        'The topology document: which shards there are. It is read again when it changes, and may appear after the start.',
    }),
    SECRETS_DIR: setting.path({
      default: '/etc/motif/secrets',
      about:
        'redis: the folder of the files auth-username, auth-password and client-<i>-password, read again when they change.',
    }),
    ...limits,
    ...observing,
    ...commonSettings,
  },
});

/** What the settings parse to. */
export type ShardingSettings = typeof settings.settings;
