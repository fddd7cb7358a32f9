import { nats } from '../../fixtures/network/nat.ts';
import { fault } from '../fault.ts';

for (const [offers, offerer] of Object.entries(nats)) {
  for (const [answers, answerer] of Object.entries(nats)) {
    const scenario = `connection/nat/${offers}-with-${answers}`;
    if (offerer && answerer) {
      fault({
        scenario,
        name: 'neither side asks the server',
        on: 'both',
        page: (kit) =>
          kit.construct('RTCPeerConnection', ([configuration]: [RTCConfiguration?], make) => {
            kit.bit();
            return make({ ...configuration, iceServers: [] });
          }),
        expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for the connection/ },
        // with the server it takes up to 1.4 s
        timeoutMs: 5000,
      });
    } else {
      // a side without a NAT is found without a server
      fault({
        scenario,
        name: 'what is sent comes changed',
        on: 'offerer',
        page: (kit) => kit.changeSent((data) => (typeof data === 'string' ? `${data}?` : data)),
        expect: { status: 'fail', phase: 'assert', reason: /what the answerer received/ },
      });
    }
  }
}
