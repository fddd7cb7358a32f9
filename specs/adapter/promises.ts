import type { Agent } from '../../fixtures/peer-page/agent.ts';

/** Something that applications rely on and that adapter's shims are there to bring about. */
export interface ShimPromise {
  /** The last part of its scenario's id. */
  name: string;
  title: string;
  asks: string;
  /** should: applications rely on it today; info: only old ones do. */
  level: 'should' | 'info';
  specs: readonly string[];
  /** Capabilities; RTCPeerConnection if none are given. */
  needs?: readonly string[];
  /** The shims that are there for it, as adapter calls them. */
  shims: readonly string[];
  /** Runs in a peer page: tries it in a fresh window with these scripts, and returns what came of it. */
  page: (agent: Agent, scripts: readonly string[]) => Promise<unknown>;
  /** What has to come of it. */
  holds: unknown;
}

const webrtc = (section: string) => [`https://www.w3.org/TR/webrtc/#${section}`] as const;
const legacy = ['https://www.w3.org/TR/webrtc/#legacy-interface-extensions'] as const;
const capture = ['RTCPeerConnection', 'HTMLCanvasElement.prototype.captureStream'] as const;

/** Everything that adapter's shims are there for; the inventory tells which are still needed. */
export const promises: readonly ShimPromise[] = [
  {
    name: 'add-track-and-ontrack',
    title: 'addTrack and ontrack',
    asks: 'Does addTrack give a sender, and does ontrack on the other side give the receiver, its transceiver and the stream?',
    level: 'should',
    specs: webrtc('dom-rtcpeerconnection-ontrack'),
    needs: capture,
    shims: ['shimOnTrack', 'shimTrackEventTransceiver', 'shimPeerConnection', 'shimAddTrackRemoveTrack'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b, negotiate } = agent.localPair(window);
      const { stream } = agent.media.video();
      const events: unknown[] = [];
      b.ontrack = ({ track, receiver, transceiver, streams }) => {
        events.push({
          kind: track.kind,
          transceiver: b.getTransceivers().includes(transceiver),
          receiver: transceiver.receiver === receiver,
          stream: streams[0]?.id === stream.id,
        });
      };
      const senders = stream.getTracks().map((track) => a.addTrack(track, stream));
      await negotiate();
      return { senders: senders.every((sender) => a.getSenders().includes(sender)), events };
    },
    holds: {
      senders: true,
      events: [{ kind: 'video', transceiver: true, receiver: true, stream: true }],
    },
  },
  {
    name: 'add-stream-and-onaddstream',
    title: 'addStream and onaddstream',
    asks: 'Does a stream added with addStream come out of onaddstream on the other side?',
    level: 'info',
    specs: legacy,
    needs: capture,
    shims: ['shimAddTrackRemoveTrack', 'shimLocalStreamsAPI', 'shimRemoteStreamsAPI'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b, negotiate } = agent.localPair(window);
      const { stream } = agent.media.video();
      const streams: unknown[] = [];
      Reflect.set(b, 'onaddstream', (event: object) => {
        const added: unknown = Reflect.get(event, 'stream');
        streams.push(typeof added === 'object' && added !== null && Reflect.get(added, 'id') === stream.id);
      });
      agent.callByName(a, 'addStream', stream);
      // Both events of a description come before setRemoteDescription resolves.
      await negotiate();
      return streams;
    },
    holds: [true],
  },
  {
    name: 'remove-stream',
    title: 'removeStream',
    asks: 'Does removeStream take the tracks of a stream from their senders?',
    level: 'info',
    specs: legacy,
    needs: capture,
    shims: ['shimRemoveStream', 'shimAddTrackRemoveTrack', 'shimLocalStreamsAPI'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      const { track, stream } = agent.media.video();
      pc.addTrack(track, stream);
      agent.callByName(pc, 'removeStream', stream);
      return pc.getSenders().filter((sender) => sender.track !== null).length;
    },
    holds: 0,
  },
  {
    name: 'remove-track',
    title: 'removeTrack',
    asks: 'Does removeTrack take the track from its sender, and is the m-line then offered as recvonly?',
    level: 'should',
    specs: webrtc('dom-rtcpeerconnection-removetrack'),
    needs: capture,
    shims: ['shimAddTrackRemoveTrack'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, negotiate } = agent.localPair(window);
      const { track, stream } = agent.media.video();
      const sender = a.addTrack(track, stream);
      await negotiate();
      a.removeTrack(sender);
      const { sdp = '' } = await a.createOffer();
      return {
        track: sender.track?.kind ?? null,
        direction: /^a=(recvonly|inactive|sendrecv|sendonly)/m.exec(sdp)?.[1],
      };
    },
    holds: { track: null, direction: 'recvonly' },
  },
  {
    name: 'local-streams',
    title: 'getLocalStreams',
    asks: 'Does getLocalStreams list the stream given to addTrack, and no longer after removeTrack?',
    level: 'info',
    specs: legacy,
    needs: capture,
    shims: ['shimAddTrackRemoveTrack', 'shimLocalStreamsAPI'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      const { track, stream } = agent.media.video();
      const isThere = () => {
        const streams = agent.callByName(pc, 'getLocalStreams');
        return Array.isArray(streams) && streams.includes(stream);
      };
      const sender = pc.addTrack(track, stream);
      const added = isThere();
      pc.removeTrack(sender);
      return { added, removed: !isThere() };
    },
    holds: { added: true, removed: true },
  },
  {
    name: 'remote-streams',
    title: 'getRemoteStreams',
    asks: 'Does getRemoteStreams list the stream that the other side sends?',
    level: 'info',
    specs: legacy,
    needs: capture,
    shims: ['shimRemoteStreamsAPI'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b, negotiate } = agent.localPair(window);
      const { track, stream } = agent.media.video();
      a.addTrack(track, stream);
      await negotiate();
      const streams = agent.callByName(b, 'getRemoteStreams');
      return Array.isArray(streams) && streams.map((remote: MediaStream) => remote.id === stream.id);
    },
    holds: [true],
  },
  {
    name: 'senders-with-dtmf',
    title: 'getSenders with dtmf',
    asks: 'Do the audio senders that getSenders gives have a DTMF sender, and the video senders none?',
    level: 'should',
    specs: webrtc('rtcdtmfsender'),
    shims: ['shimGetSendersWithDtmf'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      pc.addTransceiver('audio');
      pc.addTransceiver('video');
      return pc.getSenders().map(({ dtmf }) => dtmf && typeof dtmf.insertDTMF);
    },
    holds: ['function', null],
  },
  {
    name: 'get-stats-promise',
    title: 'getStats as a promise',
    asks: 'Does getStats resolve to a map of statistics with ids and types?',
    level: 'should',
    specs: webrtc('dom-rtcpeerconnection-getstats'),
    shims: ['shimGetStats', 'shimPeerConnection'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, negotiate } = agent.localPair(window);
      a.createDataChannel('data');
      await negotiate();
      const report = await a.getStats();
      const entries: RTCStats[] = [];
      report.forEach((entry: RTCStats) => entries.push(entry));
      return { some: entries.length > 0, found: entries.every(({ id, type }) => type && report.has(id)) };
    },
    holds: { some: true, found: true },
  },
  {
    name: 'get-stats-callback',
    title: 'getStats with callbacks',
    asks: 'Does the legacy form of getStats call its success callback?',
    level: 'info',
    specs: legacy,
    shims: ['shimGetStats'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      const called: string[] = [];
      await agent.callByName(
        pc,
        'getStats',
        null,
        (report: object) => called.push(typeof Reflect.get(report, 'forEach')),
        () => called.push('failed'),
      );
      // Callbacks come before the promise form, which is called later, resolves.
      await pc.getStats();
      return called;
    },
    holds: ['function'],
  },
  {
    name: 'stats-of-sender-and-receiver',
    title: 'getStats of senders and receivers',
    asks: 'Do senders, receivers and getStats(track) give statistics of their own?',
    level: 'should',
    specs: webrtc('dom-rtcrtpsender-getstats'),
    needs: capture,
    shims: ['shimSenderReceiverGetStats', 'shimSenderGetStats', 'shimReceiverGetStats'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b, negotiate } = agent.localPair(window);
      const { track, stream } = agent.media.video();
      const sender = a.addTrack(track, stream);
      await negotiate();
      const reports = await Promise.all([
        sender.getStats(),
        a.getStats(track),
        ...b.getReceivers().map((receiver) => receiver.getStats()),
      ]);
      return reports.map((report) => typeof report.get);
    },
    holds: ['function', 'function', 'function'],
  },
  {
    name: 'stats-after-close',
    title: 'getStats after close',
    asks: 'Does getStats still resolve after the connection is closed?',
    level: 'should',
    specs: webrtc('dom-rtcpeerconnection-getstats'),
    shims: ['shimGetStats'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      pc.close();
      return typeof (await pc.getStats()).get;
    },
    holds: 'function',
  },
  {
    name: 'set-local-description-without-argument',
    title: 'setLocalDescription()',
    asks: 'Does setLocalDescription without an argument make the offer and the answer by itself?',
    level: 'should',
    specs: webrtc('dom-peerconnection-setlocaldescription'),
    shims: ['shimParameterlessSetLocalDescription'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b } = agent.localPair(window);
      a.createDataChannel('data');
      await a.setLocalDescription();
      const offer = a.localDescription;
      if (!offer) return 'no offer';
      await b.setRemoteDescription(offer);
      await b.setLocalDescription();
      return [offer.type, b.localDescription?.type];
    },
    holds: ['offer', 'answer'],
  },
  {
    name: 'set-local-description-without-sdp',
    title: 'setLocalDescription({ type })',
    asks: 'Does setLocalDescription with a type alone make the offer by itself?',
    level: 'should',
    specs: webrtc('dom-peerconnection-setlocaldescription'),
    shims: ['shimParameterlessSetLocalDescription'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      pc.createDataChannel('data');
      await pc.setLocalDescription({ type: 'offer' });
      return pc.localDescription?.sdp.includes('m=application');
    },
    holds: true,
  },
  {
    name: 'add-ice-candidate-null-undefined-empty',
    title: 'addIceCandidate with null, undefined and empty',
    asks: 'Does addIceCandidate accept null, undefined, no argument and an empty candidate as the end of candidates?',
    level: 'should',
    specs: webrtc('dom-peerconnection-addicecandidate'),
    shims: ['shimAddIceCandidateNullOrEmpty'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, negotiate } = agent.localPair(window);
      a.createDataChannel('data');
      await negotiate();
      const outcome = (adding: Promise<void>) =>
        adding.then(
          () => 'taken',
          (error: unknown) => String(error),
        );
      return {
        null: await outcome(a.addIceCandidate(null)),
        undefined: await outcome(a.addIceCandidate(undefined)),
        none: await outcome(a.addIceCandidate()),
        empty: await outcome(a.addIceCandidate({ candidate: '', sdpMid: '0' })),
      };
    },
    holds: { null: 'taken', undefined: 'taken', none: 'taken', empty: 'taken' },
  },
  {
    name: 'ice-candidate-fields',
    title: 'Fields of RTCIceCandidate',
    asks: 'Does an RTCIceCandidate made from a candidate line have the parts of that line as fields?',
    level: 'should',
    specs: webrtc('rtcicecandidate-interface'),
    shims: ['shimRTCIceCandidate'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const line = 'candidate:7 1 udp 2130706431 127.0.0.1 50000 typ srflx raddr 127.0.0.2 rport 50001';
      const made = new window.RTCIceCandidate({ candidate: line, sdpMid: '0', sdpMLineIndex: 0 });
      const { foundation, component, protocol, priority, address, port, type } = made;
      const { relatedAddress, relatedPort } = made;
      return { foundation, component, protocol, priority, address, port, type, relatedAddress, relatedPort };
    },
    holds: {
      foundation: '7',
      component: 'rtp',
      protocol: 'udp',
      priority: 2130706431,
      address: '127.0.0.1',
      port: 50000,
      type: 'srflx',
      relatedAddress: '127.0.0.2',
      relatedPort: 50001,
    },
  },
  {
    name: 'icecandidate-event-fields',
    title: 'Fields of gathered candidates',
    asks: 'Do the candidates of icecandidate events have their parts as fields?',
    level: 'should',
    specs: webrtc('event-icecandidate'),
    shims: ['shimRTCIceCandidate'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, negotiate, until } = agent.localPair(window);
      const gathered: RTCIceCandidate[] = [];
      a.onicecandidate = ({ candidate }) => {
        if (candidate && candidate.candidate !== '') gathered.push(candidate);
      };
      a.createDataChannel('data');
      await negotiate();
      const candidate = await until('a candidate', () => gathered[0]);
      const { foundation, component, protocol, priority, port, type } = candidate;
      const parts = candidate.candidate.replace(/^candidate:/, '').split(' ');
      const read = [foundation, component === 'rtp' ? '1' : '2', protocol, String(priority)];
      return {
        same: read.join(' ').toLowerCase() === parts.slice(0, 4).join(' ').toLowerCase(),
        port: typeof port,
        type,
      };
    },
    holds: { same: true, port: 'number', type: 'host' },
  },
  {
    name: 'relay-protocol',
    title: 'relayProtocol',
    asks: 'Do candidates have a relayProtocol?',
    level: 'should',
    specs: webrtc('dom-rtcicecandidate-relayprotocol'),
    shims: ['shimRTCIceCandidateRelayProtocol'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      return 'relayProtocol' in window.RTCIceCandidate.prototype;
    },
    holds: true,
  },
  {
    name: 'icecandidateerror',
    title: 'icecandidateerror',
    asks: 'Does a TURN server that cannot be reached cause an icecandidateerror event with code, text, URL and address?',
    level: 'should',
    specs: webrtc('rtcpeerconnectioniceerrorevent'),
    shims: ['shimRTCIceCandidate'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const iceServers = [{ urls: 'turn:127.0.0.1:5349?transport=tcp', username: 'u', credential: 'c' }];
      const { a, until } = agent.localPair(window, { iceServers });
      const heard: RTCPeerConnectionIceErrorEvent[] = [];
      a.onicecandidateerror = (event) => void heard.push(event);
      a.createDataChannel('data');
      await a.setLocalDescription(await a.createOffer());
      const event = await until('an icecandidateerror', () => heard[0]);
      const { errorCode, errorText, url } = event;
      return [errorCode, typeof errorText, url, 'address' in event, 'port' in event];
    },
    // 701: the server could not be reached
    holds: [701, 'string', 'turn:127.0.0.1:5349?transport=tcp', true, true],
  },
  {
    name: 'ice-server-url',
    title: 'RTCIceServer.url',
    asks: 'Is the old url member of an ICE server still understood?',
    level: 'info',
    specs: webrtc('dom-rtciceserver'),
    shims: ['shimRTCIceServerUrls'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const iceServers = [{ url: 'stun:127.0.0.1:3478' }];
      const pc: unknown = Reflect.construct(window.RTCPeerConnection, [{ iceServers }]);
      if (!(pc instanceof window.RTCPeerConnection)) return 'no connection';
      return pc.getConfiguration().iceServers?.flatMap(({ urls }) => urls);
    },
    holds: ['stun:127.0.0.1:3478'],
  },
  {
    name: 'ice-server-urls',
    title: 'RTCIceServer.urls',
    asks: 'Are the urls of an ICE server understood, whether one or several?',
    level: 'should',
    specs: webrtc('dom-rtciceserver-urls'),
    shims: ['shimRTCIceServerUrls'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const iceServers = [
        { urls: 'stun:127.0.0.1:3478' },
        { urls: ['stun:127.0.0.1:3479', 'stun:127.0.0.1:3480'] },
      ];
      return new window.RTCPeerConnection({ iceServers })
        .getConfiguration()
        .iceServers?.flatMap(({ urls }) => urls);
    },
    holds: ['stun:127.0.0.1:3478', 'stun:127.0.0.1:3479', 'stun:127.0.0.1:3480'],
  },
  {
    name: 'max-message-size',
    title: 'sctp.maxMessageSize',
    asks: 'Does sctp.maxMessageSize say what the other side announced?',
    level: 'should',
    specs: webrtc('dom-rtcsctptransport-maxmessagesize'),
    shims: ['shimMaxMessageSize'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, negotiate } = agent.localPair(window);
      a.createDataChannel('data');
      await negotiate((sdp) => sdp.replace(/a=max-message-size:\d+/, 'a=max-message-size:1000'));
      return a.sctp?.maxMessageSize;
    },
    holds: 1000,
  },
  {
    name: 'too-large-message',
    title: 'TypeError for too large messages',
    asks: 'Does send throw a TypeError for a message above maxMessageSize, and send one at the limit?',
    level: 'should',
    specs: webrtc('dfn-send'),
    shims: ['shimSendThrowTypeError'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b, negotiate, until } = agent.localPair(window);
      const received: number[] = [];
      b.ondatachannel = ({ channel }) => {
        channel.addEventListener('message', ({ data }: MessageEvent<string>) => received.push(data.length));
      };
      const channel = a.createDataChannel('data');
      await negotiate((sdp) => sdp.replace(/a=max-message-size:\d+/, 'a=max-message-size:1000'));
      await until('the channel to open', () => channel.readyState === 'open');
      const thrown: string[] = [];
      try {
        channel.send('x'.repeat(1001));
      } catch (error) {
        // What `send` throws is the question.
        thrown.push(typeof error === 'object' && error ? String(Reflect.get(error, 'name')) : typeof error);
      }
      channel.send('x'.repeat(1000));
      await until('the message at the limit', () => received.length > 0);
      return { thrown, received };
    },
    holds: { thrown: ['TypeError'], received: [1000] },
  },
  {
    name: 'connection-state',
    title: 'connectionState',
    asks: 'Does connectionState go to connected, with an event for each step?',
    level: 'should',
    specs: webrtc('dom-rtcpeerconnection-connectionstate'),
    shims: ['shimConnectionState'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, negotiate, until } = agent.localPair(window);
      const states: string[] = [a.connectionState];
      a.onconnectionstatechange = () => states.push(a.connectionState);
      a.createDataChannel('data');
      await negotiate();
      await until('an event that says connected', () => states.includes('connected'));
      return states.slice(0, 1 + states.indexOf('connected'));
    },
    holds: ['new', 'connecting', 'connected'],
  },
  {
    name: 'extmap-allow-mixed',
    title: 'extmap-allow-mixed',
    asks: 'Is an offer with a=extmap-allow-mixed accepted, and is the attribute kept?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc8285#section-6'],
    shims: ['removeExtmapAllowMixed'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b } = agent.localPair(window);
      a.addTransceiver('video');
      const { sdp = '' } = await a.createOffer();
      const plain = sdp.replaceAll(/a=extmap-allow-mixed\r\n/g, '');
      const mixed = plain.replace('\r\nm=', '\r\na=extmap-allow-mixed\r\nm=');
      await b.setRemoteDescription({ type: 'offer', sdp: mixed });
      return b.remoteDescription?.sdp.includes('a=extmap-allow-mixed');
    },
    holds: true,
  },
  {
    name: 'get-user-media-callback',
    title: 'navigator.getUserMedia',
    asks: 'Does the old navigator.getUserMedia call back with a stream?',
    level: 'info',
    specs: ['https://www.w3.org/TR/mediacapture-streams/#navigator-interface-extensions'],
    needs: ['navigator.mediaDevices'],
    shims: ['shimGetUserMedia'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const stream = await new Promise<unknown>((resolve, reject) => {
        agent.callByName(window.navigator, 'getUserMedia', { audio: true }, resolve, reject);
      });
      if (!(stream instanceof window.MediaStream || stream instanceof MediaStream)) return typeof stream;
      for (const track of stream.getTracks()) track.stop();
      return stream.getTracks().map(({ kind }) => kind);
    },
    holds: ['audio'],
  },
  {
    name: 'get-user-media-promise',
    title: 'mediaDevices.getUserMedia',
    asks: 'Does mediaDevices.getUserMedia resolve to tracks that meet the constraints?',
    level: 'should',
    specs: ['https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia'],
    needs: ['navigator.mediaDevices'],
    shims: ['shimGetUserMedia'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const stream = await window.navigator.mediaDevices.getUserMedia({ video: { width: { max: 640 } } });
      const [track] = stream.getVideoTracks();
      const width = track?.getSettings().width ?? Infinity;
      track?.stop();
      return { kinds: stream.getTracks().map(({ kind }) => kind), kept: width <= 640 };
    },
    holds: { kinds: ['video'], kept: true },
  },
  {
    name: 'legacy-constraints',
    title: 'Constraints with mandatory and optional',
    asks: 'Are the old constraints with mandatory and optional still understood?',
    level: 'info',
    specs: ['https://www.w3.org/TR/mediacapture-streams/#constrainable-interface'],
    needs: ['navigator.mediaDevices'],
    shims: ['shimGetUserMedia'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const video = { mandatory: { maxWidth: 320 }, optional: [] };
      const stream = await agent.callByName(window.navigator.mediaDevices, 'getUserMedia', { video });
      if (!(stream instanceof window.MediaStream || stream instanceof MediaStream)) return typeof stream;
      const [track] = stream.getVideoTracks();
      const width = track?.getSettings().width ?? Infinity;
      track?.stop();
      return width <= 320;
    },
    holds: true,
  },
  {
    name: 'get-display-media',
    title: 'getDisplayMedia is there',
    asks: 'Is there a mediaDevices.getDisplayMedia?',
    level: 'should',
    specs: ['https://www.w3.org/TR/screen-capture/#dom-mediadevices-getdisplaymedia'],
    needs: ['navigator.mediaDevices'],
    shims: ['shimGetDisplayMedia'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      return typeof Reflect.get(window.navigator.mediaDevices, 'getDisplayMedia');
    },
    holds: 'function',
  },
  {
    name: 'unprefixed-constructors',
    title: 'Constructors without prefix',
    asks: 'Are AudioContext, MediaStream, RTCPeerConnection and RTCDataChannel there without a prefix?',
    level: 'should',
    specs: ['https://www.w3.org/TR/webaudio/#AudioContext', ...webrtc('interface-definition')],
    shims: ['shimAudioContext', 'shimMediaStream', 'shimRTCDataChannel', 'shimPeerConnection'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { AudioContext, MediaStream, RTCPeerConnection, RTCDataChannel } = window;
      return [AudioContext, MediaStream, RTCPeerConnection, RTCDataChannel].map((made) => typeof made);
    },
    holds: ['function', 'function', 'function', 'function'],
  },
  {
    name: 'legacy-offer-options',
    title: 'offerToReceiveAudio and offerToReceiveVideo',
    asks: 'Do the old options of createOffer still add recvonly m-lines?',
    level: 'should',
    specs: webrtc('legacy-configuration-extensions'),
    shims: ['shimCreateOfferLegacy'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      const { sdp = '' } = await pc.createOffer({ offerToReceiveAudio: true, offerToReceiveVideo: true });
      return [...sdp.matchAll(/^m=(\w+)|^a=(recvonly|sendrecv)/gm)].map(([line]) => line.replace(/^..?/, ''));
    },
    holds: ['audio', 'recvonly', 'video', 'recvonly'],
  },
  {
    name: 'callbacks',
    title: 'Callbacks instead of promises',
    asks: 'Do createOffer, setLocalDescription, setRemoteDescription and createAnswer still call callbacks?',
    level: 'should',
    specs: webrtc('method-extensions'),
    shims: ['shimCallbacksAPI'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b } = agent.localPair(window);
      a.createDataChannel('data');
      const call = (on: RTCPeerConnection, name: string, ...args: unknown[]) =>
        new Promise<unknown>((resolve, reject) => {
          agent.callByName(on, name, ...args, resolve, reject);
        });
      const offer = await call(a, 'createOffer');
      await call(a, 'setLocalDescription', offer);
      await call(b, 'setRemoteDescription', offer);
      const answer = await call(b, 'createAnswer');
      await call(b, 'setLocalDescription', answer);
      await call(a, 'setRemoteDescription', answer);
      return a.signalingState;
    },
    holds: 'stable',
  },
  {
    name: 'send-encodings',
    title: 'sendEncodings and setParameters',
    asks: 'Does getParameters give the encodings passed to addTransceiver, and can setParameters change them?',
    level: 'should',
    specs: webrtc('dom-rtcrtpsender-setparameters'),
    shims: ['shimAddTransceiver', 'shimGetParameters', 'shimCreateOffer', 'shimCreateAnswer'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      const sendEncodings = [{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 4 }];
      const { sender } = pc.addTransceiver('video', { direction: 'sendonly', sendEncodings });
      await pc.setLocalDescription(await pc.createOffer());
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) encoding.maxBitrate = 100_000;
      await sender.setParameters(parameters);
      return sender
        .getParameters()
        .encodings.map(({ rid, scaleResolutionDownBy, maxBitrate }) => [
          rid,
          scaleResolutionDownBy,
          maxBitrate,
        ]);
    },
    holds: [
      ['h', 1, 100_000],
      ['l', 4, 100_000],
    ],
  },
  {
    name: 'encoded-streams-untouched',
    title: 'createEncodedStreams is left alone',
    asks: "Is createEncodedStreams still the browser's own?",
    level: 'should',
    specs: ['https://www.w3.org/TR/webrtc-encoded-transform/'],
    needs: ['RTCRtpSender.prototype.createEncodedStreams'],
    shims: [],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const found = agent.surface(window);
      return [
        found.get('RTCRtpSender.prototype.createEncodedStreams'),
        found.get('RTCRtpReceiver.prototype.createEncodedStreams'),
      ];
    },
    holds: ['function createEncodedStreams/0 native', 'function createEncodedStreams/0 native'],
  },
  {
    name: 'negotiationneeded',
    title: 'negotiationneeded',
    asks: 'Does negotiationneeded fire once for what one negotiation settles, and in the stable state?',
    level: 'should',
    specs: webrtc('event-negotiation'),
    shims: ['fixNegotiationNeeded'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, negotiate, until } = agent.localPair(window);
      const states: string[] = [];
      a.onnegotiationneeded = () => states.push(a.signalingState);
      a.addTransceiver('video');
      a.addTransceiver('audio');
      await until('negotiationneeded', () => states.length > 0);
      await negotiate();
      // The next event bounds the first: it is for what is added now.
      a.addTransceiver('audio');
      await until('the next negotiationneeded', () => states.length > 1);
      return states;
    },
    holds: ['stable', 'stable'],
  },
  {
    name: 'listener-options',
    title: 'Options of listeners',
    asks: 'Does a datachannel listener with once hear one event, and an aborted one and a removed one none?',
    level: 'should',
    specs: ['https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener'],
    shims: ['shimSendThrowTypeError'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const { a, b, negotiate, until } = agent.localPair(window);
      const heard = { once: 0, aborted: 0, removed: 0, object: 0 };
      const aborting = new window.AbortController();
      const removed = () => (heard.removed += 1);
      b.addEventListener('datachannel', () => (heard.once += 1), { once: true });
      b.addEventListener('datachannel', () => (heard.aborted += 1), { signal: aborting.signal });
      b.addEventListener('datachannel', removed);
      b.addEventListener('datachannel', { handleEvent: () => (heard.object += 1) });
      let plain = 0;
      b.addEventListener('datachannel', () => (plain += 1));
      aborting.abort();
      b.removeEventListener('datachannel', removed);
      a.createDataChannel('first');
      a.createDataChannel('second');
      await negotiate();
      await until('both channels', () => plain === 2);
      return heard;
    },
    holds: { once: 1, aborted: 0, removed: 0, object: 2 },
  },
  {
    name: 'event-handlers',
    title: 'Event handler attributes',
    asks: 'Are ontrack, onicecandidate, ondatachannel and onnegotiationneeded null at first, and do they return what was set?',
    level: 'should',
    specs: ['https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-idl-attributes'],
    shims: ['shimOnTrack', 'shimSendThrowTypeError', 'fixNegotiationNeeded', 'shimRTCIceCandidate'],
    page: async (agent, scripts) => {
      const { window } = await agent.freshWindow({ scripts });
      const pc = new window.RTCPeerConnection();
      const handler = () => undefined;
      return ['ontrack', 'onicecandidate', 'ondatachannel', 'onnegotiationneeded'].map((name) => {
        const first: unknown = Reflect.get(pc, name);
        Reflect.set(pc, name, handler);
        const set = Reflect.get(pc, name) === handler;
        Reflect.set(pc, name, null);
        return [first, set, Reflect.get(pc, name)];
      });
    },
    holds: [
      [null, true, null],
      [null, true, null],
      [null, true, null],
      [null, true, null],
    ],
  },
];
