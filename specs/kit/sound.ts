import { bit } from './bites.ts';
import { replaceSent } from './tracks.ts';
import { wrap } from './wrap.ts';

/** Where sound is broken: as it is sent, or as the receiver plays it. */
export type SoundPlace = 'sent' | 'heard';

/** Builds what the sound goes through, from its input; returns the node where it comes out. */
export type Graph = (context: BaseAudioContext, input: AudioNode) => AudioNode;

const { connect, disconnect } = AudioNode.prototype;

/** Puts a Web Audio graph in the way of every sound. */
export function filterSound(place: SoundPlace, graph: Graph): void {
  if (place === 'heard') filterHeard(graph);
  else filterSent(graph);
}

function filterHeard(graph: Graph): void {
  wrap(AudioNode.prototype, 'connect', (node, args: unknown[], pass) => {
    const isSource =
      node instanceof MediaStreamAudioSourceNode || node instanceof MediaElementAudioSourceNode;
    if (!isSource || ours.has(node)) return pass(...args);
    bit();
    ours.add(node);
    const output = graph(node.context, node);
    ours.delete(node);
    outputs.set(node, output);
    return Reflect.apply(connect, output, args) as unknown;
  });
  // Firefox throws where a node is disconnected from one that it is not connected to.
  wrap(AudioNode.prototype, 'disconnect', (node, args: unknown[], pass) => {
    const output = outputs.get(node);
    return output ? (Reflect.apply(disconnect, output, args) as unknown) : pass(...args);
  });
}

/** Where the sound of a broken source comes out. */
const outputs = new WeakMap<AudioNode, AudioNode>();

/** Sources that a graph is built on, whose connections are the graph's own. */
const ours = new WeakSet<AudioNode>();

function filterSent(graph: Graph): void {
  let shared: AudioContext | undefined;
  replaceSent((track) => {
    if (track.kind !== 'audio') return undefined;
    shared ??= new AudioContext();
    const source = shared.createMediaStreamSource(new MediaStream([track]));
    const destination = shared.createMediaStreamDestination();
    graph(shared, source).connect(destination);
    const [sent] = destination.stream.getAudioTracks();
    if (sent) bit();
    return sent;
  });
}
