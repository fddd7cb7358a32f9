/** Why no scenario sees a break: what it does is nothing that a specification or a user would mind, or a hole that is known. */
export const whyUnseen: Readonly<Record<string, string>> = {
  'events/3s-late-RTCPeerConnection-negotiationneeded':
    'the scenarios offer by themselves, and none waits for the event but the example of perfect negotiation, which has its own time',
  'pictures/shown-all-twice': 'the same picture shown again changes nothing that is seen',
  'pictures/shown-every-fifth-twice': 'the same picture shown again changes nothing that is seen',
  'pictures/sent-all-twice': 'the same picture sent again changes nothing that is seen',
  'pictures/sent-every-fifth-twice': 'the same picture sent again changes nothing that is seen',
  'pictures/shown-lower-tenth-black':
    'a hole: the lowest tenth carries stripes at the left of its halves only, and the rest of it is not compared',
  'pictures/sent-lower-tenth-black':
    'a hole: the lowest tenth carries stripes at the left of its halves only, and the rest of it is not compared',
  'pictures/shown-lower-half-frozen':
    'a hole: what moves in the frame is its upper half; the fields below are the same in every frame',
  'pictures/sent-lower-half-frozen':
    'a hole: what moves in the frame is its upper half; the fields below are the same in every frame',
  'pictures/shown-hue-15':
    'codecs/colours asks about it, and is known to fail from Chromium to Firefox whatever the break; the bounds of the others allow for that',
  'pictures/sent-hue-15':
    'codecs/colours asks about it, and is known to fail from Chromium to Firefox whatever the break; the bounds of the others allow for that',
  'pictures/sent-limited-as-full':
    'codecs/colours asks about it, and is known to fail from Chromium to Firefox whatever the break; the bounds of the others allow for that',
  'events/early-RTCPeerConnection-negotiationneeded':
    'red in the example of perfect negotiation, for what did not come of it; the other scenarios offer by themselves',
  'events/missing-RTCPeerConnection-negotiationneeded':
    'red in the example of perfect negotiation, for what did not come of it; the other scenarios offer by themselves',
  'pictures/sent-black-until-1s':
    'a hole: a call may take a second to begin, and black is not told from nothing',
  'pictures/shown-black-until-1s':
    'a hole: a call may take a second to begin, and black is not told from nothing',
  'pictures/shown-first-3s-late': 'a hole: the first frame is measured from when it is looked for',
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
  'sound/heard-hum': 'at the bound when it was tried; the bound is 2 dB higher since',
  'sound/sent-hum': 'at the bound when it was tried; the bound is 2 dB higher since',
  'sound/heard-noise': 'a hole: the lead is held against the strongest other tone, and noise has none',
  'sound/sent-noise': 'a hole: the lead is held against the strongest other tone, and noise has none',
};
