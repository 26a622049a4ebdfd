import { z } from 'zod';
import { anyObject, described, listMap, sentence, stringMap } from '../crd/fields.ts';
import { DNS_LABEL_PATTERN } from '../patterns.ts';

/** Labels that decide which shard a pod is; a template must not say otherwise. */
const OURS = "['motif.dev/kind', 'motif.dev/service', 'motif.dev/shard', 'motif.dev/role']";

const containerName = described(
  z.string().min(1).max(63).regex(new RegExp(DNS_LABEL_PATTERN)),
  "The container's name. Names beginning with motif- belong to containers that Motif injects.",
  [
    {
      rule: "!self.startsWith('motif-')",
      message: 'names beginning with motif- belong to containers that Motif injects; allowed: any other name',
      messageExpression: sentence(
        'found %s: names beginning with motif- belong to containers that Motif injects; allowed: any other name',
        'self',
      ),
    },
  ],
);

const port = z.looseObject({
  containerPort: described(z.int().min(1).max(65535), 'The port that the container listens on.'),
  name: described(
    z.string().min(1).max(15).regex(new RegExp(DNS_LABEL_PATTERN)).exactOptional(),
    'A name for the port, at most 15 characters.',
  ),
  protocol: described(z.enum(['TCP', 'UDP', 'SCTP']).exactOptional(), 'TCP unless said otherwise.'),
});

const probes = {
  startupProbe: described(anyObject().exactOptional(), 'As in a pod.'),
  readinessProbe: described(anyObject().exactOptional(), 'As in a pod. Redis gets one of ours when there is none.'),
  livenessProbe: described(anyObject().exactOptional(), 'As in a pod.'),
};

const image = z.string().min(1).max(512);
const ports = described(z.array(port).max(32).exactOptional(), 'The ports that the container listens on.');

const container = z.looseObject({
  name: containerName,
  image: described(image, 'The image to run.'),
  ports,
  ...probes,
});

const partialContainer = z.looseObject({
  name: described(
    z.string().min(1).max(63).regex(new RegExp(DNS_LABEL_PATTERN)),
    "One of our containers' names to change that container, another name to add one.",
  ),
  image: described(image.exactOptional(), 'Instead of our image.'),
  ports,
  ...probes,
  readinessProbe: described(anyObject().exactOptional(), 'As in a pod.'),
});

const volumeName = described(z.string().min(1).max(63).regex(new RegExp(DNS_LABEL_PATTERN)), "The volume's name.");

const volumes = described(
  listMap(z.looseObject({ name: volumeName }), 'name', 64).exactOptional(),
  'Volumes as in a pod. With spec.storage, the name data is taken by the claim.',
);

const metadata = described(
  z
    .looseObject({
      labels: described(stringMap(63, 64).exactOptional(), 'Labels of the pods, besides ours.', [
        {
          rule: `!${OURS}.exists(name, name in self)`,
          message: 'motif.dev/kind, service, shard and role are set by Motif; allowed: other labels',
          messageExpression: sentence(
            'found %s, which Motif sets itself; allowed: other labels',
            `${OURS}.filter(name, name in self)`,
          ),
        },
      ]),
      annotations: described(stringMap(16384, 64).exactOptional(), 'Annotations of the pods.'),
    })
    .exactOptional(),
  'Labels and annotations of the pods.',
);

/** A pod template as in a Deployment: what rules need is declared, the rest passes through. */
export const podTemplate = z.looseObject({
  metadata,
  spec: described(
    z.looseObject({
      containers: described(listMap(container, 'name', 16).min(1), 'The containers, one or more.'),
      initContainers: described(
        listMap(container, 'name', 16).exactOptional(),
        'Containers that run before (or, with restartPolicy Always, beside) the others.',
      ),
      restartPolicy: described(z.enum(['Always']).exactOptional(), 'Always: a shard is never done.'),
      volumes,
    }),
    "The pod's specification, as in a Deployment. Fields that are not listed here pass through untouched.",
    [
      {
        rule: '!has(self.initContainers) || self.initContainers.all(i, !self.containers.exists(c, c.name == i.name))',
        message: 'no init container may have the name of a container; allowed: names that differ from all others',
        messageExpression: sentence(
          'found %s in containers too; allowed: names that differ from all others',
          'self.initContainers.filter(i, self.containers.exists(c, c.name == i.name)).map(i, i.name)',
        ),
        fieldPath: '.initContainers',
      },
    ],
  ),
});

/** What is merged, by container name, over the pod template of a tier that we run. */
export const partialPodTemplate = z.looseObject({
  metadata,
  spec: described(
    z
      .looseObject({
        containers: described(listMap(partialContainer, 'name', 16).exactOptional(), 'Merged over ours by name.'),
        initContainers: described(listMap(partialContainer, 'name', 16).exactOptional(), 'Merged over ours by name.'),
        volumes: described(
          listMap(z.looseObject({ name: volumeName }), 'name', 64).exactOptional(),
          'Volumes besides ours.',
        ),
      })
      .exactOptional(),
    "The pod's specification: image pull secrets, service account, tolerations, spread, priority class and so on.",
  ),
});
