import type { Kit } from '../kit/kit.ts';

/** Ways to break statistics: what `getStats` says of a healthy call. */

interface Of {
  /** The types of the dictionaries that are meant. */
  types: readonly string[];
  members: readonly string[];
}

/** Numbers are multiplied. */
export const scaled = (kit: Kit, { types, members, by }: Of & { by: number }) =>
  kit.changeStatistics((report) => {
    for (const entry of report.values()) {
      if (!types.includes(String(entry['type']))) continue;
      for (const member of members) {
        const value = entry[member];
        if (typeof value !== 'number' || value === 0) continue;
        entry[member] = Math.round(value * by);
        kit.bit();
      }
    }
    return report;
  });

/** Members have this `value`. */
export const claimed = (kit: Kit, { types, members, value }: Of & { value: unknown }) =>
  kit.changeStatistics((report) => {
    for (const entry of report.values()) {
      if (!types.includes(String(entry['type']))) continue;
      for (const member of members) {
        if (!(member in entry) || entry[member] === value) continue;
        entry[member] = value;
        kit.bit();
      }
    }
    return report;
  });

/** Members have this `value`, also where there were none. */
export const added = (kit: Kit, { types, members, value }: Of & { value: unknown }) =>
  kit.changeStatistics((report) => {
    for (const entry of report.values()) {
      if (!types.includes(String(entry['type']))) continue;
      for (const member of members) entry[member] = value;
      kit.bit();
    }
    return report;
  });

/** Members are left out. */
export const forgotten = (kit: Kit, { types, members }: Of) =>
  kit.changeStatistics((report) => {
    for (const entry of report.values()) {
      if (!types.includes(String(entry['type']))) continue;
      for (const member of members) {
        if (!(member in entry)) continue;
        Reflect.deleteProperty(entry, member);
        kit.bit();
      }
    }
    return report;
  });

/** Dictionaries of those types are left out. */
export const left = (kit: Kit, { types }: { types: readonly string[] }) =>
  kit.changeStatistics((report) => {
    for (const [id, { type }] of report) {
      if (!types.includes(String(type))) continue;
      report.delete(id);
      kit.bit();
    }
    return report;
  });

/** In every later report, dictionaries of these types say what they said in the first. */
export const stuck = (kit: Kit, { types }: { types: readonly string[] }) => {
  const first = new Map<string, Record<string, unknown>>();
  kit.changeStatistics((report) => {
    for (const [id, entry] of report) {
      if (!types.includes(String(entry['type']))) continue;
      const before = first.get(id);
      if (before) {
        report.set(id, { ...before });
        kit.bit();
      } else first.set(id, { ...entry });
    }
    return report;
  });
};

/** Codecs have another name. */
export const renamedCodec = (kit: Kit, { from, to }: { from: string; to: string }) =>
  kit.changeStatistics((report) => {
    for (const entry of report.values()) {
      if (entry['type'] !== 'codec' || typeof entry['mimeType'] !== 'string') continue;
      const renamed = entry['mimeType'].replace(new RegExp(from, 'i'), to);
      if (renamed !== entry['mimeType']) kit.bit();
      entry['mimeType'] = renamed;
    }
    return report;
  });

/** Ids of codecs, candidates and transports lead nowhere. */
export const lostReference = (kit: Kit, { members }: { members: readonly string[] }) =>
  kit.changeStatistics((report) => {
    for (const entry of report.values()) {
      for (const member of members) {
        if (!(member in entry)) continue;
        entry[member] = 'nowhere';
        kit.bit();
      }
    }
    return report;
  });
