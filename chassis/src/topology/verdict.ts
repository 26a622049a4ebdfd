import type { Topology } from '@motif/api';
import { isOlder, parseTopology } from '@motif/api';

/** What becomes of a document that is offered while another (or none) is held. */
export type Verdict =
  | { readonly result: 'accepted'; readonly topology: Topology; readonly note?: string }
  | { readonly result: 'unchanged' }
  | { readonly result: 'refused'; readonly reason: string };

/**
 * Decides on the text of an offered document. Broken ones are refused, and older ones: the same resource with a lower epoch, as a volume
 * that a lagging API server filled has it. A resource that was made again has another uid and starts its epochs anew.
 */
export function judge(text: string, held: Topology | undefined): Verdict {
  let offered: Topology;
  try {
    offered = parseTopology(text);
  } catch (error) {
    // Its own sentence says what the cause does; that is pages of JSON.
    return { result: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
  if (held === undefined || offered.uid !== held.uid) return { result: 'accepted', topology: offered };
  if (isOlder(offered, held)) {
    return { result: 'refused', reason: `epoch ${offered.epoch} is older than ${held.epoch}, which is in force` };
  }
  if (offered.epoch > held.epoch) return { result: 'accepted', topology: offered };
  if (JSON.stringify(offered) === JSON.stringify(held)) return { result: 'unchanged' };
  // The API server's word is the newest there is; but whoever wrote it broke a rule, and that should be known.
  return {
    result: 'accepted',
    topology: offered,
    note: `epoch ${offered.epoch} came a second time with other content`,
  };
}
