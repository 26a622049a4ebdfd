import { TemplateError } from '../errors.ts';
import type { Container, PodTemplate } from '../kinds.ts';

/**
 * The index of the container that takes the traffic: the one that declares `port`, else the only one.
 * @throws TemplateError when neither is one
 */
export function trafficContainer(template: PodTemplate, port: number): number {
  const { containers } = template.spec;
  const declaring = containers.flatMap((container, index) => (declares(container, port) ? [index] : []));
  if (declaring.length === 1) return declaring[0] as number;
  const names = containers.map(({ name }) => name).join(', ');
  if (declaring.length > 1) {
    throw new TemplateError(`spec.template: several containers declare port ${port} (${names}); one may`);
  }
  if (containers.length === 1) return 0;
  throw new TemplateError(
    `spec.template: none of the containers ${names} declares containerPort ${port}, so that it is not clear which takes the traffic`,
  );
}

function declares(container: Container, port: number): boolean {
  return container.ports?.some((p) => p.containerPort === port && (p.protocol ?? 'TCP') === 'TCP') ?? false;
}
