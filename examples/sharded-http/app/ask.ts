/**
 * A client: `ask.ts TENANT SKU…` asks for each price and prints the answer, one a line. Without arguments it waits until it is ended, so that one can
 * `kubectl exec` in its pod. PRICES is where to ask: the router's Service, or the ambassador beside it.
 */
const [tenant, ...skus] = process.argv.slice(2);
const base = process.env.PRICES ?? 'http://127.0.0.1:8080';

if (tenant === undefined) {
  process.once('SIGTERM', () => process.exit(0));
  setInterval(() => {}, 3_600_000);
} else {
  for (const sku of skus) {
    const answer = await fetch(`${base}/prices/${encodeURIComponent(sku)}`, { headers: { 'x-tenant': tenant } });
    console.log(answer.status, (await answer.text()).trimEnd());
    if (!answer.ok) process.exitCode = 1;
  }
}
