import { describe, expect, test } from 'vitest';
import type { Container } from '../kinds.ts';
import { http, resource } from '../testing.ts';
import { routerBudget } from './disruption-budget.ts';
import { routerDeployment } from './router-deployment.ts';
import { routerService } from './router-service.ts';

const dataPlane = { registry: 'registry.example.com/motif', version: '0.1.0' };
const key = (name: string) => ({ secretRef: { name, key: 'p' } });

describe('the router', () => {
  test('is at the restricted level, with requests and limits, and found by the operator', () => {
    const { template } = routerDeployment(resource(), dataPlane).spec;
    const [container] = template.spec.containers as [Container];
    expect(template.spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container).toMatchObject({
      image: 'registry.example.com/motif/sharding:0.1.0',
      resources: {
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
    expect(template.metadata?.labels).toMatchObject({ 'motif.dev/uses.ssvc.cart': 'true', 'motif.dev/role': 'router' });
    expect(template.spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });

  test('mounts its passwords under fixed names, and nothing where there are none', () => {
    const of = resource({ auth: { password: key('a') }, clientAuth: [{ username: 'app', password: key('b') }] });
    const { volumes } = routerDeployment(of, dataPlane).spec.template.spec;
    expect(volumes?.[1]).toMatchObject({
      projected: {
        sources: [
          { secret: { name: 'a', items: [{ key: 'p', path: 'auth-password' }] } },
          { secret: { name: 'b', items: [{ key: 'p', path: 'client-0-password' }] } },
        ],
      },
    });
    expect(routerDeployment(resource(), dataPlane).spec.template.spec.volumes).toHaveLength(1);
  });

  test("keeps the labels that its selector needs, whatever the user's template says", () => {
    const labels = { 'app.kubernetes.io/name': 'mine' };
    const of = resource({ router: { template: { metadata: { labels } } } });
    const { spec } = routerDeployment(of, dataPlane);
    expect(spec.template.metadata?.labels).toMatchObject({
      ...labels,
      ...(spec.selector as { matchLabels: object }).matchLabels,
    });
  });

  test('has a Service as the resource shapes it', () => {
    const service = {
      type: 'LoadBalancer',
      port: 7000,
      annotations: { a: 'b' },
      externalTrafficPolicy: 'Local',
      extraPorts: [{ name: 'x', port: 1 }],
    };
    expect(routerService(resource({ router: { service } }))).toMatchObject({
      metadata: { name: 'cart', annotations: { a: 'b' } },
      spec: {
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        selector: { 'motif.dev/kind': 'ShardedService', 'motif.dev/service': 'cart', 'motif.dev/role': 'router' },
        ports: [
          { name: 'redis', port: 7000, targetPort: 'redis' },
          { name: 'x', port: 1, protocol: 'TCP' },
        ],
      },
    });
  });

  test('has a budget that lets go of what is not healthy', () => {
    expect(routerBudget(resource())).toMatchObject({
      metadata: { name: 'cart-router' },
      spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    });
  });

  test('of http listens on the port of http, and has the database of countries where there is one', () => {
    const geoDatabase = { claimName: 'countries', path: 'country.mmdb' };
    const { spec } = routerDeployment(http({ geoDatabase, port: 3000 }), dataPlane).spec.template;
    expect(spec.containers[0]).toMatchObject({
      env: [{ name: 'LISTEN', value: '0.0.0.0:8080' }],
      ports: [{ name: 'http', containerPort: 8080 }, { name: 'admin' }],
      volumeMounts: [{ name: 'topology' }, { name: 'geo', mountPath: '/etc/motif/geo', readOnly: true }],
    });
    expect(spec.volumes?.[1]).toEqual({
      name: 'geo',
      persistentVolumeClaim: { claimName: 'countries', readOnly: true },
    });
    expect(routerService(http({ port: 3000 }))).toMatchObject({
      spec: { ports: [{ name: 'http', port: 3000, targetPort: 'http' }] },
    });
  });

  test('starts without a ConfigMap of countries that is not there yet, and says what it lacks', () => {
    const geoDatabase = { configMapName: 'countries', path: 'country.mmdb' };
    const { volumes } = routerDeployment(http({ geoDatabase }), dataPlane).spec.template.spec;
    expect(volumes?.[1]).toEqual({ name: 'geo', configMap: { name: 'countries', optional: true } });
  });
});
