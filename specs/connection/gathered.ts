import type { Agent } from '../../fixtures/peer-page/agent.ts';

/** The members of a candidate, as a script reads them. https://www.w3.org/TR/webrtc/#rtcicecandidate-interface */
export interface ReadCandidate {
  candidate: string;
  address: string | null;
  port: number | null;
  type: string | null;
  protocol: string | null;
  tcpType: string | null;
  relatedAddress: string | null;
  relatedPort: number | null;
  foundation: string | null;
  component: string | null;
  priority: number | null;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
  usernameFragment: string | null;
  /** Undefined where the browser has no such member. */
  relayProtocol: unknown;
  url: unknown;
}

/** What `icecandidateerror` tells. https://www.w3.org/TR/webrtc/#rtcpeerconnectioniceerrorevent */
export interface ReadError {
  code: number;
  text: string;
  url: string;
  address: string | null;
  port: number | null;
}

/** The address in the line of a candidate: the member has brackets around IPv6 in some browsers. */
export const addressIn = (line: string): string =>
  /^(?:a=)?candidate:\S+ \d+ \S+ \d+ (\S+) /.exec(line)?.[1] ?? '';

/** What a separate connection gathers for a data channel, until it says that gathering is complete. */
export const gathered = async (
  agent: Agent,
  configuration: RTCConfiguration,
): Promise<{ candidates: ReadCandidate[]; errors: ReadError[]; ufrag: string }> => {
  const pc = agent.unobserved(() => new RTCPeerConnection(configuration));
  try {
    const candidates: ReadCandidate[] = [];
    const errors: ReadError[] = [];
    pc.addEventListener('icecandidate', ({ candidate }) => {
      // the end of candidates: null for all, an empty one for a generation
      if (candidate === null || candidate.candidate === '') return;
      candidates.push({
        candidate: candidate.candidate,
        address: candidate.address,
        port: candidate.port,
        type: candidate.type,
        protocol: candidate.protocol,
        tcpType: candidate.tcpType,
        relatedAddress: candidate.relatedAddress,
        relatedPort: candidate.relatedPort,
        foundation: candidate.foundation,
        component: candidate.component,
        priority: candidate.priority,
        sdpMid: candidate.sdpMid,
        sdpMLineIndex: candidate.sdpMLineIndex,
        usernameFragment: candidate.usernameFragment,
        relayProtocol: Reflect.get(candidate, 'relayProtocol'),
        url: Reflect.get(candidate, 'url'),
      });
    });
    pc.addEventListener('icecandidateerror', ({ errorCode, errorText, url, address, port }) =>
      errors.push({ code: errorCode, text: errorText, url, address, port }),
    );
    pc.createDataChannel('data');
    await pc.setLocalDescription();
    await agent.waitFor({
      name: 'gathering to be complete',
      phase: 'ice',
      probe: () => pc.iceGatheringState === 'complete',
      triggers: [{ on: pc, events: ['icegatheringstatechange'] }],
      seen: () =>
        `${pc.iceGatheringState}, ${String(errors.length)} errors, ${String(candidates.length)} candidates`,
    });
    const ufrag = /^a=ice-ufrag:(\S+)/m.exec(pc.localDescription?.sdp ?? '')?.[1] ?? '';
    return { candidates, errors, ufrag };
  } finally {
    pc.close();
  }
};
