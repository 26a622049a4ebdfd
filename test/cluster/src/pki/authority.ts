import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../host/run.ts';

/** One certificate to issue: its file name, its subject as OpenSSL writes it, and what it is for. */
export interface CertificateRequest {
  readonly name: string;
  readonly subject: string;
  readonly extensions: readonly string[];
}

export const clientUse = 'extendedKeyUsage=clientAuth';

/** A subject alternative name line. */
export function alternativeNames(addresses: readonly string[], names: readonly string[]): string {
  return `subjectAltName=${[...addresses.map((ip) => `IP:${ip}`), ...names.map((name) => `DNS:${name}`)].join(',')}`;
}

/** Certificates live as long as a cluster, which is made anew by each `up` after a `down`. */
const days = '365';
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Certificate authorities in files, made by OpenSSL: Node's crypto can sign, but not issue certificates. */
export class Authority {
  readonly #folder: string;
  readonly #name: string;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  /** Opens the authority `<name>.crt`, `<name>.key`, making it first where it is not there. */
  static async open(folder: string, name: string): Promise<Authority> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const authority = new Authority(folder, name);
    if (!existsSync(authority.certificate)) {
      const files = ['-keyout', authority.#file('key'), '-out', authority.certificate];
      await run('openssl', ['req', '-x509', ...newKey, ...files, '-days', days, '-subj', `/CN=motif-${name}`]);
    }
    return authority;
  }

  get certificate(): string {
    return this.#file('crt');
  }

  get key(): string {
    return this.#file('key');
  }

  #file(extension: string): string {
    return join(this.#folder, `${this.#name}.${extension}`);
  }

  /** Issues `<request.name>.crt` and `.key` beside the authority; an existing one is left as it is. */
  async issue(request: CertificateRequest): Promise<void> {
    const path = (extension: string) => join(this.#folder, `${request.name}.${extension}`);
    if (existsSync(path('crt'))) return;
    await run('openssl', ['req', ...newKey, '-keyout', path('key'), '-out', path('csr'), '-subj', request.subject]);
    writeFileSync(path('ext'), `${['basicConstraints=CA:FALSE', ...request.extensions].join('\n')}\n`);
    const files = ['-in', path('csr'), '-out', path('crt'), '-extfile', path('ext')];
    const serial = `0x${Buffer.from(request.name).toString('hex').slice(0, 32)}`;
    await run('openssl', [
      ...['x509', '-req', ...files, '-CA', this.certificate, '-CAkey', this.key, '-set_serial', serial, '-days', days],
    ]);
  }
}

/** The key pair that signs service accounts' tokens. */
export async function makeServiceAccountKey(folder: string): Promise<void> {
  const file = join(folder, 'sa.key');
  if (!existsSync(file)) await run('openssl', ['genrsa', '-out', file, '2048']);
}

export interface Kubeconfig {
  readonly server: string;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A kubeconfig that holds everything itself, so that it works wherever it is copied. */
export function renderKubeconfig({ server, authority, certificate, key }: Kubeconfig): string {
  const data = (file: string) => readFileSync(file).toString('base64');
  const cluster = { server, 'certificate-authority-data': data(authority) };
  const user = { 'client-certificate-data': data(certificate), 'client-key-data': data(key) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'motif', cluster }],
    users: [{ name: 'motif', user }],
    contexts: [{ name: 'motif', context: { cluster: 'motif', user: 'motif' } }],
    'current-context': 'motif',
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
