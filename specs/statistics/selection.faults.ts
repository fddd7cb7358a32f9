import { fault } from '../fault.ts';

for (const [end, side] of [
  ['sender', 'offerer'],
  ['receiver', 'answerer'],
] as const) {
  for (const by of ['track', 'itself']) {
    const scenario = `statistics/selection/${end}-by-${by}`;
    fault({
      scenario,
      name: 'everything is told, whatever is asked for',
      on: side,
      page: (kit) => {
        let whole: RTCPeerConnection | undefined;
        kit.wrap(RTCPeerConnection.prototype, 'getStats', (self, args: unknown[], call) => {
          whole = self;
          if (args.length > 0) kit.bit();
          return call();
        });
        for (const { prototype } of [RTCRtpSender, RTCRtpReceiver]) {
          kit.wrap(prototype, 'getStats', (_self, _args, call) => {
            kit.bit();
            return whole ? whole.getStats() : call();
          });
        }
      },
      expect: {
        status: 'fail',
        phase: 'assert',
        reason: /statistics of the sound beside it: expected \[ '[^]+ to deeply equal \[\]/,
      },
    });
    fault({
      scenario,
      name: 'what is selected lacks its codec',
      on: side,
      page: (kit) => {
        const withoutCodecs = async (_: unknown, args: unknown[], call: (...args: unknown[]) => unknown) => {
          const report = await call(...args);
          if (!(report instanceof RTCStatsReport)) return report;
          const entries = [...(report as ReadonlyMap<string, RTCStats>).entries()];
          const isSelected = entries.every(([, { type }]) => type !== 'peer-connection');
          if (!isSelected) return report;
          kit.bit();
          return new Map(entries.filter(([, { type }]) => type !== 'codec'));
        };
        for (const { prototype } of [RTCPeerConnection, RTCRtpSender, RTCRtpReceiver])
          kit.wrap(prototype, 'getStats', withoutCodecs);
      },
      expect: {
        status: 'fail',
        phase: 'assert',
        reason: /its stream leads to and that are left out: expected \[ 'codec' \] to deeply equal \[\]/,
      },
    });
  }
}

for (const name of ['foreign-track', 'track-sent-twice']) {
  fault({
    scenario: `statistics/selection/${name}`,
    name: 'whose track it is is not looked at',
    on: 'single',
    page: (kit) => {
      kit.wrap(RTCPeerConnection.prototype, 'getStats', (_self, _args, call) => {
        kit.bit();
        return call();
      });
    },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /what getStats came to: expected '\d+ statistics' to equal 'InvalidAccessError'/,
    },
  });
}
