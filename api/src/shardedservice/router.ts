import { z } from 'zod';
import { described, listMap, sentence, stringMap } from '../crd/fields.ts';
import { DNS_LABEL_PATTERN } from '../patterns.ts';
import { partialPodTemplate } from './template.ts';

const port = z.int().min(1).max(65535);

const extraPort = z.strictObject({
  name: described(z.string().min(1).max(15).regex(new RegExp(DNS_LABEL_PATTERN)), "The port's name."),
  port: described(port, "The Service's port."),
  targetPort: described(port.exactOptional(), "The container's port. None: the same."),
  nodePort: described(port.exactOptional(), 'The port of each node. None: the cluster picks one.'),
  protocol: described(z.enum(['TCP', 'UDP', 'SCTP']).exactOptional(), 'TCP unless said otherwise.'),
  appProtocol: described(z.string().max(253).exactOptional(), 'As in a Service.'),
});

const service = described(
  z
    .strictObject({
      type: described(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']).default('ClusterIP'), 'As in a Service.'),
      port: described(port.exactOptional(), 'The port that clients use. None: spec.port.'),
      annotations: described(stringMap(16384, 64).exactOptional(), 'Annotations of the Service.'),
      labels: described(stringMap(63, 64).exactOptional(), 'Labels of the Service, besides ours.'),
      externalTrafficPolicy: described(
        z.enum(['Cluster', 'Local']).exactOptional(),
        'As in a Service; for NodePort and LoadBalancer.',
      ),
      loadBalancerClass: described(z.string().min(1).max(253).exactOptional(), 'As in a Service; for LoadBalancer.'),
      extraPorts: described(
        listMap(extraPort, 'name', 16).exactOptional(),
        'Further ports, for instance of added containers.',
      ),
    })
    .prefault({}),
  "The Service that has the resource's name.",
  [
    {
      rule: "!has(self.externalTrafficPolicy) || self.type != 'ClusterIP'",
      message: 'needs type NodePort or LoadBalancer; allowed: leaving it out',
      messageExpression: sentence(
        'found %s with type ClusterIP; allowed: leaving it out, or type NodePort or LoadBalancer',
        'self.externalTrafficPolicy',
      ),
      fieldPath: '.externalTrafficPolicy',
    },
    {
      rule: "!has(self.loadBalancerClass) || self.type == 'LoadBalancer'",
      message: 'needs type LoadBalancer; allowed: leaving it out',
      messageExpression: sentence(
        'found %s with type %s; allowed: leaving it out, or type LoadBalancer',
        'self.loadBalancerClass',
        'self.type',
      ),
      fieldPath: '.loadBalancerClass',
    },
    {
      rule: "self.type != 'ClusterIP' || !has(self.extraPorts) || self.extraPorts.all(p, !has(p.nodePort))",
      message: 'found a nodePort with type ClusterIP; allowed: leaving it out, or type NodePort or LoadBalancer',
      fieldPath: '.extraPorts',
    },
  ],
);

/** `spec.router`. */
export const router = described(
  z
    .strictObject({
      replicas: described(
        z.int().min(0).max(64).default(2),
        'How many router pods. 0: none, and no Service; clients then use ambassadors of their own.',
      ),
      template: described(
        partialPodTemplate.exactOptional(),
        'A partial pod template, merged over ours by container name.',
      ),
      service,
    })
    .prefault({}),
  'The tier of ours through which clients reach all shards as one.',
);
