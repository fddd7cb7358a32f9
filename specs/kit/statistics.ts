import { wrap } from './wrap.ts';

/** A dictionary of statistics, whatever its type. */
export type Entry = Record<string, unknown>;

/** Changes every report that `getStats` gives; `change` gets copies of its dictionaries, by id. */
export function changeStatistics(change: (report: Map<string, Entry>) => Map<string, Entry>): void {
  for (const { prototype } of [RTCPeerConnection, RTCRtpSender, RTCRtpReceiver]) {
    wrap(
      prototype,
      'getStats',
      async (_, args: unknown[], getStats: (...args: readonly unknown[]) => unknown) => {
        const report = await getStats(...args);
        if (!(report instanceof RTCStatsReport)) return report;
        const copies = new Map<string, Entry>();
        report.forEach((entry: Entry, id) => copies.set(id, { ...entry }));
        return change(copies);
      },
    );
  }
}
