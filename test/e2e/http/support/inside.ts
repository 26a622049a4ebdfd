import type { TestNamespace } from '@motif/cluster';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const PROGRAM = `
const [url, headers] = JSON.parse(process.argv[1]);
const answer = await fetch(url, { headers });
console.log(JSON.stringify({ status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }));
`;

/** Asks from inside a pod, whose container has Node at the path of distroless images. */
export async function askInside(
  namespace: TestNamespace,
  pod: string,
  container: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const node = ['/nodejs/bin/node', '--input-type=module', '-e', PROGRAM, '--'];
  const asked = JSON.stringify([url, headers]);
  return JSON.parse(await namespace.kubectl(['exec', pod, '-c', container, '--', ...node, asked])) as Answer;
}

/** A page of the admin server of one of our containers. */
export async function adminPage(
  namespace: TestNamespace,
  pod: string,
  container: string,
  path: string,
): Promise<string> {
  return (await askInside(namespace, pod, container, `http://127.0.0.1:9900${path}`)).body;
}

/** The names of the pods with these labels. */
export async function podNames(namespace: TestNamespace, selector: string): Promise<string[]> {
  const names = await namespace.kubectl(['get', 'pods', '-l', selector, '-o', 'jsonpath={.items[*].metadata.name}']);
  return names.split(' ').filter(Boolean);
}

/** Name and uid of the pods with these labels: who was replaced. */
export async function podIdentities(namespace: TestNamespace, selector: string): Promise<Map<string, string>> {
  const list = JSON.parse(await namespace.kubectl(['get', 'pods', '-l', selector, '-o', 'json'])) as {
    items: { metadata: { name: string; uid: string } }[];
  };
  return new Map(list.items.map(({ metadata }) => [metadata.name, metadata.uid]));
}
