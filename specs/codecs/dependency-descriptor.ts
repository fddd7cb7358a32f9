/** A layer of a picture that is sent in layers; both numbers count from 0. */
interface Layer {
  spatial: number;
  temporal: number;
}

/** What the dependency descriptor of a packet tells, as far as it says which layers there are. */
export interface DependencyDescriptor {
  /** Whether the packet is the first of a frame. */
  startsFrame: boolean;
  template: number;
  /** The layers of the templates that frames name from now on: only packets of key frames have it. */
  structure: { firstTemplate: number; layers: readonly Layer[] } | null;
}

/** Bytes ahead of what only some packets have. */
const mandatoryBytes = 3;

/** https://aomediacodec.github.io/av1-rtp-spec/#a82-syntax */
export function parseDependencyDescriptor(bytes: Buffer): DependencyDescriptor {
  const first = bytes.readUInt8(0);
  const parsed = { startsFrame: (first & 0x80) !== 0, template: first & 0x3f };
  if (bytes.length === mandatoryBytes) return { ...parsed, structure: null };
  let at = mandatoryBytes * 8;
  const read = (bits: number): number => {
    let value = 0;
    for (const end = at + bits; at < end; at += 1)
      value = value * 2 + ((bytes.readUInt8(at >> 3) >> (7 - (at & 7))) & 1);
    return value;
  };
  const hasStructure = read(1) === 1;
  if (!hasStructure) return { ...parsed, structure: null };
  // four more flags, and the number of decode targets behind the first template
  read(4);
  const firstTemplate = read(6);
  read(5);
  const layers: Layer[] = [];
  let [spatial, temporal] = [0, 0];
  for (;;) {
    layers.push({ spatial, temporal });
    const next = read(2);
    if (next === 3) break;
    if (next === 1) temporal += 1;
    if (next === 2) [spatial, temporal] = [spatial + 1, 0];
  }
  return { ...parsed, structure: { firstTemplate, layers } };
}

/** How frames are sent, by the descriptors of their packets in order. */
export interface SentInLayers {
  /** The layers of the frames since the newest key frame: `L1T3`. https://www.w3.org/TR/webrtc-svc/#scalabilitymodes* */
  mode: string;
  /** Frames since then. */
  frames: number;
  /** Key frames, the newest included. */
  keyFrames: number;
}

export function sentInLayers(descriptors: readonly Buffer[]): SentInLayers {
  let structure: DependencyDescriptor['structure'] = null;
  let seen: Layer[] = [];
  let [frames, keyFrames] = [0, 0];
  for (const descriptor of descriptors.map(parseDependencyDescriptor)) {
    if (!descriptor.startsFrame) continue;
    if (descriptor.structure !== null) {
      structure = descriptor.structure;
      seen = [];
      frames = 0;
      keyFrames += 1;
    }
    // templates are numbered in 6 bits
    const layer = structure?.layers[(descriptor.template - structure.firstTemplate + 64) % 64];
    if (layer) seen.push(layer);
    frames += 1;
  }
  const count = (of: (layer: Layer) => number): number => Math.max(-1, ...seen.map(of)) + 1;
  const mode = `L${String(count(({ spatial }) => spatial))}T${String(count(({ temporal }) => temporal))}`;
  return { mode, frames, keyFrames };
}
