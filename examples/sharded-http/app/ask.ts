/**
 * A client: `ask.ts [--at URL] TENANT SKU…` asks for each price and prints the answers, one a line. URL is the ambassador in the pod, `http://127.0.0.1:8080`,
 * unless it is said. Without arguments it waits until it is ended, so that one can `kubectl exec` in its pod.
 */
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { at: { type: 'string', default: 'http://127.0.0.1:8080' } },
  allowPositionals: true,
});
const [tenant, ...skus] = positionals;

if (tenant === undefined) {
  process.once('SIGTERM', () => process.exit(0));
  setInterval(() => {}, 3_600_000);
} else {
  for (const sku of skus) {
    const answer = await fetch(`${values.at}/prices/${encodeURIComponent(sku)}`, { headers: { 'x-tenant': tenant } });
    console.log(answer.status, (await answer.text()).trimEnd());
    if (!answer.ok) process.exitCode = 1;
  }
}
