/** Why no scenario sees a break: what it does is nothing that a specification or a user would mind, or a hole that is known. */
export const whyUnseen: Readonly<Record<string, string>> = {
  'events/3s-late-RTCPeerConnection-negotiationneeded':
    'the scenarios offer by themselves, and none waits for the event but the example of perfect negotiation, which has its own time',
  'pictures/sent-all-twice': 'the same picture sent again changes nothing that is seen',
  'pictures/sent-every-fifth-twice': 'the same picture sent again changes nothing that is seen',
  'pictures/shown-hue-15':
    'codecs/colours asks about it, and is known to fail from Chromium to Firefox whatever the break; the bounds of the others allow for that',
  'pictures/sent-limited-as-full':
    'codecs/colours asks about it, and is known to fail from Chromium to Firefox whatever the break; the bounds of the others allow for that',
  'events/early-RTCPeerConnection-negotiationneeded':
    'red in the example of perfect negotiation, for what did not come of it; the other scenarios offer by themselves',
  'events/missing-RTCPeerConnection-negotiationneeded':
    'red in the example of perfect negotiation, for what did not come of it; the other scenarios offer by themselves',
  'sdp/heard-message-size-small':
    'the limit that a side hears binds it as a sender; this scenario sends the other way',
  ...Object.fromEntries(
    ['stereo', 'usedtx', 'cbr', 'maxaveragebitrate'].map((name) => [
      `sdp/said-without-${name}`,
      'no API asks for it, so applications write it into the description that the browser has made, the harness too: what the browser says of it itself reaches nobody. Whether the sender heeds what it hears is asked',
    ]),
  ),
  ...Object.fromEntries(
    ['said', 'heard'].map((at) => [
      `sdp/${at}-no-ssrc`,
      'sources need not be named where packets name their m-line (RFC 9143, section 9.2): codecs/extensions/mid-demultiplexing leaves them out itself',
    ]),
  ),
  'sdp/said-message-size-lost':
    'who says nothing takes 64 KiB (RFC 8841, section 6.1), so scenarios of larger messages are unsupported: unexpected against a baseline, but not red',
  'sdp/candidates-not-heard-tcp': 'TCP is for paths that let no UDP through, which no scenario has',
  'sdp/candidates-not-told-tcp': 'TCP is for paths that let no UDP through, which no scenario has',
  'states/RTCSctpTransport-maxChannels-always-65535':
    'that many are allowed; whether they open is asked by negotiated/id-65534',
  'sound/heard-half-a-percent-low': 'Firefox plays sound 0.5 % off while it catches up with a clock',
  'sound/sent-half-a-percent-low': 'Firefox plays sound 0.5 % off while it catches up with a clock',
  'sdp/said-without-stereo':
    'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost',
  'sdp/said-without-usedtx':
    'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost',
  'sdp/said-without-cbr':
    'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost',
  'sdp/said-without-maxaveragebitrate':
    'no API makes a browser say it: the scenario writes the words over what localDescription says, so nothing is lost',
  'sdp/said-no-ssrc': 'nothing demands these lines: MID tells streams apart',
  'sdp/heard-no-ssrc': 'nothing demands these lines: MID tells streams apart',
  'sdp/heard-without-useinbandfec':
    'a hole: the agreement is asked about, and nothing loses packets of sound to see it used',
};
