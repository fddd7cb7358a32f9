/**
 * The interfaces of webrtc-pc over a process that has the connections: lines of JSON, as README.md has them. What is not here
 * is not there for the page's probe, and what needs it is unsupported: media, transceivers, transports.
 */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = process.env.PION_PEER ?? fileURLToPath(new URL('pion-peer', import.meta.url));

/** As a user agent string. */
export const product = 'pion/4.2.26';

/** @type {Map<number, RTCPeerConnection>} */
const connections = new Map();
const waiting = new Map();
let calls = 0;

let child;
/** The process of this page, which begins with its first connection. */
function start() {
  const started = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  started.once('error', (error) => {
    throw new Error(
      `${program} does not start (${error.message}). Build it: go build -C ${dirname(program)} .`,
    );
  });
  started.once('exit', (code, signal) => {
    throw new Error(`the process of Pion ended with ${String(signal ?? code)}`);
  });
  // each line is a task of its own, as in a browser: what a listener awaits comes ahead of the next
  createInterface({ input: started.stdout }).on('line', (text) => setImmediate(take, JSON.parse(text)));
  return started;
}

function take({ id, connection, channel, event, value, error }) {
  if (event !== undefined) return connections.get(connection)?.told(event, value, channel);
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error) reject(new DOMException(error.message, error.name));
  else resolve(value);
}

/** Calls are carried out in their order; a promise of the outcome. */
function ask(connection, method, argument = null, channel = 0) {
  calls += 1;
  const id = calls;
  child ??= start();
  child.stdin.write(`${JSON.stringify({ id, connection, channel, method, argument })}\n`);
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

/** Attributes like `onopen`. */
function withHandlers(constructor, names) {
  for (const name of names) {
    const handlers = new WeakMap();
    Object.defineProperty(constructor.prototype, `on${name}`, {
      enumerable: true,
      configurable: true,
      get() {
        return handlers.get(this)?.handler ?? null;
      },
      set(handler) {
        const before = handlers.get(this);
        if (before) this.removeEventListener(name, before.listener);
        handlers.delete(this);
        if (typeof handler !== 'function') return;
        const listener = (event) => handler.call(this, event);
        handlers.set(this, { handler, listener });
        this.addEventListener(name, listener);
      },
    });
  }
}

export class RTCSessionDescription {
  constructor({ type, sdp = '' }) {
    Object.assign(this, { type, sdp });
  }
  toJSON() {
    return { type: this.type, sdp: this.sdp };
  }
}
const described = (init) => (init ? new RTCSessionDescription(init) : null);

export class RTCIceCandidate {
  constructor({ candidate = '', sdpMid = null, sdpMLineIndex = null, usernameFragment = null }) {
    const line =
      /^candidate:(?<foundation>\S+) (?<component>\d) (?<protocol>\w+) (?<priority>\d+) (?<address>\S+) (?<port>\d+) typ (?<type>\w+)/;
    const { component, priority, port, ...words } = line.exec(candidate)?.groups ?? {};
    Object.assign(this, { candidate, sdpMid, sdpMLineIndex, usernameFragment }, words);
    this.component = component === '2' ? 'rtcp' : 'rtp';
    this.priority = Number(priority);
    this.port = Number(port);
  }
  toJSON() {
    const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = this;
    return { candidate, sdpMid, sdpMLineIndex, usernameFragment };
  }
}

export class RTCPeerConnectionIceEvent extends Event {
  constructor(type, { candidate = null } = {}) {
    super(type);
    this.candidate = candidate;
  }
}

export class RTCDataChannelEvent extends Event {
  constructor(type, { channel }) {
    super(type);
    this.channel = channel;
  }
}

export class RTCStatsReport extends Map {}

const toBase64 = (data) =>
  (ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data)
  ).toString('base64');

export class RTCDataChannel extends EventTarget {
  #connection;
  #number;
  #init;
  /** Resolves when what was sent so far has been handed on; undefined while it is as soon as it is sent. */
  #sending;
  /** Bytes that Pion has not heard of yet, and that it has not sent. */
  #unheard = 0;
  #unsent = 0;
  #watching = false;
  readyState = 'connecting';
  binaryType = 'arraybuffer';
  bufferedAmountLowThreshold = 0;

  constructor(connection, number, init) {
    super();
    this.#connection = connection;
    this.#number = number;
    this.#init = init;
  }

  get label() {
    return this.#init.label;
  }
  get ordered() {
    return this.#init.ordered ?? true;
  }
  get maxPacketLifeTime() {
    return this.#init.maxPacketLifeTime ?? null;
  }
  get maxRetransmits() {
    return this.#init.maxRetransmits ?? null;
  }
  get protocol() {
    return this.#init.protocol ?? '';
  }
  get negotiated() {
    return this.#init.negotiated ?? false;
  }
  get id() {
    return this.#init.id ?? null;
  }
  get bufferedAmount() {
    return this.#unheard + this.#unsent;
  }

  send(data) {
    if (this.readyState !== 'open')
      throw new DOMException(`the channel is ${this.readyState}`, 'InvalidStateError');
    const bytes = typeof data === 'string' ? Buffer.byteLength(data) : (data.byteLength ?? data.size);
    this.#unheard += bytes;
    // a Blob is read first, and what is sent behind it waits
    this.#sending =
      data instanceof Blob || this.#sending
        ? Promise.all([data instanceof Blob ? data.arrayBuffer() : data, this.#sending]).then(([read]) => {
            void this.#send(read, bytes);
          })
        : void this.#send(data, bytes);
  }

  async #send(data, bytes) {
    const argument = typeof data === 'string' ? { text: data } : { base64: toBase64(data) };
    this.#buffers(bytes, await this.#ask('send', argument));
    if (this.#watching) return;
    this.#watching = true;
    while (this.#unsent > 0 && this.readyState !== 'closed') {
      await setTimeout(10);
      this.#buffers(0, await this.#ask('bufferedAmount'));
    }
    this.#watching = false;
  }

  /** So many bytes more have been heard of, and so many are not sent. */
  #buffers(heard, unsent) {
    const before = this.bufferedAmount;
    this.#unheard -= heard;
    this.#unsent = unsent;
    const threshold = this.bufferedAmountLowThreshold;
    const isLow = before > threshold && this.bufferedAmount <= threshold;
    if (isLow && this.readyState !== 'closed') this.dispatchEvent(new Event('bufferedamountlow'));
  }

  close() {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    this.readyState = 'closing';
    void this.#ask('close');
  }

  told(event, value) {
    if (event === 'open') {
      this.#init = { ...this.#init, id: value };
      this.readyState = 'open';
      this.dispatchEvent(new Event('open'));
    } else if (event === 'close') {
      if (this.readyState === 'closed') return;
      this.readyState = 'closed';
      this.dispatchEvent(new Event('close'));
    } else if (this.readyState === 'closed') {
      // nothing is told of a channel that is closed
    } else if (event === 'error') {
      this.dispatchEvent(Object.assign(new Event('error'), { error: new Error(value) }));
    } else if (event === 'message') {
      const { text, base64 } = value;
      const bytes = text ?? new Uint8Array(Buffer.from(base64, 'base64')).buffer;
      const data = text === undefined && this.binaryType === 'blob' ? new Blob([bytes]) : bytes;
      this.dispatchEvent(new MessageEvent('message', { data }));
    }
  }

  #ask(method, argument) {
    return ask(this.#connection, method, argument, this.#number);
  }
}
withHandlers(RTCDataChannel, ['open', 'message', 'bufferedamountlow', 'error', 'closing', 'close']);

export class RTCPeerConnection extends EventTarget {
  static #opened = 0;
  #number = (RTCPeerConnection.#opened += 1);
  #channels = new Map();
  #made = 0;
  /** How many descriptions are being set, and what is to be told behind them. */
  #setting = 0;
  #held = [];
  #agreed = { signalingState: 'stable' };
  connectionState = 'new';
  iceConnectionState = 'new';
  iceGatheringState = 'new';

  constructor(configuration = {}) {
    super();
    connections.set(this.#number, this);
    void this.#ask('open', configuration);
  }

  get signalingState() {
    return this.#agreed.signalingState;
  }
  get currentLocalDescription() {
    return described(this.#agreed.currentLocalDescription);
  }
  get pendingLocalDescription() {
    return described(this.#agreed.pendingLocalDescription);
  }
  get localDescription() {
    return this.pendingLocalDescription ?? this.currentLocalDescription;
  }
  get currentRemoteDescription() {
    return described(this.#agreed.currentRemoteDescription);
  }
  get pendingRemoteDescription() {
    return described(this.#agreed.pendingRemoteDescription);
  }
  get remoteDescription() {
    return this.pendingRemoteDescription ?? this.currentRemoteDescription;
  }

  async createOffer(options = {}) {
    return described(await this.#ask('createOffer', options));
  }
  async createAnswer() {
    return described(await this.#ask('createAnswer'));
  }
  async setLocalDescription(given) {
    const answers = this.signalingState === 'have-remote-offer';
    const isWhole = given?.sdp !== undefined && given.sdp !== '';
    const made = isWhole ? given : await (answers ? this.createAnswer() : this.createOffer());
    return this.#set('setLocalDescription', made);
  }
  setRemoteDescription(given) {
    return this.#set('setRemoteDescription', given);
  }
  async addIceCandidate(candidate) {
    const {
      candidate: line = '',
      sdpMid = null,
      sdpMLineIndex = null,
      usernameFragment = null,
    } = candidate ?? {};
    await this.#ask('addIceCandidate', { candidate: line, sdpMid, sdpMLineIndex, usernameFragment });
  }
  createDataChannel(label, options = {}) {
    this.#made += 1;
    const number = this.#made;
    const init = { ...options, label };
    const channel = new RTCDataChannel(this.#number, number, init);
    this.#channels.set(number, channel);
    void ask(this.#number, 'createDataChannel', init, number);
    return channel;
  }
  async getStats() {
    return new RTCStatsReport(Object.entries(await this.#ask('getStats')));
  }
  close() {
    if (this.signalingState === 'closed') return;
    this.#agreed = { ...this.#agreed, signalingState: 'closed' };
    this.connectionState = 'closed';
    this.iceConnectionState = 'closed';
    for (const channel of this.#channels.values()) channel.readyState = 'closed';
    connections.delete(this.#number);
    void this.#ask('close');
  }

  told(event, value, number = 0) {
    if (this.#setting > 0 || this.#held.length > 0) this.#held.push([event, value, number]);
    else this.#tell(event, value, number);
  }

  #tell(event, value, number) {
    if (event === 'datachannel') {
      const channel = new RTCDataChannel(this.#number, number, value);
      this.#channels.set(number, channel);
      this.dispatchEvent(new RTCDataChannelEvent('datachannel', { channel }));
    } else if (number !== 0) {
      this.#channels.get(number)?.told(event, value);
    } else if (event === 'icecandidate') {
      const { candidate: init, ...local } = value;
      this.#agreed = { ...this.#agreed, ...local };
      const candidate = init && new RTCIceCandidate(init);
      this.dispatchEvent(new RTCPeerConnectionIceEvent('icecandidate', { candidate }));
    } else {
      const state = /^(.*)statechange$/.exec(event)?.[1];
      if (state === 'icegathering') this.iceGatheringState = value;
      if (state === 'iceconnection') this.iceConnectionState = value;
      if (state === 'connection') this.connectionState = value;
      if (event === 'negotiationneeded' && this.signalingState !== 'stable') return;
      this.dispatchEvent(new Event(event));
    }
  }

  /** What comes of a description is told when it is set: Pion begins before it says so. */
  async #set(method, { type, sdp }) {
    const before = this.signalingState;
    this.#setting += 1;
    try {
      const agreed = await this.#ask(method, { type, sdp });
      if (this.signalingState === 'closed') return;
      this.#agreed = agreed;
      if (agreed.signalingState !== before) this.dispatchEvent(new Event('signalingstatechange'));
    } finally {
      this.#setting -= 1;
      setImmediate(() => this.#catchUp());
    }
  }

  /** Tells what was held, one a task. */
  #catchUp() {
    if (this.#setting > 0) return;
    const next = this.#held.shift();
    if (!next) return;
    this.#tell(...next);
    setImmediate(() => this.#catchUp());
  }

  #ask(method, argument) {
    return ask(this.#number, method, argument);
  }
}
withHandlers(RTCPeerConnection, [
  'negotiationneeded',
  'icecandidate',
  'icegatheringstatechange',
  'iceconnectionstatechange',
  'connectionstatechange',
  'signalingstatechange',
  'datachannel',
]);
