/** Why no scenario sees a break: what it does is nothing that a specification or a user would mind, or a hole that is known. */
export const whyUnseen: Readonly<Record<string, string>> = {
  'events/3s-late-MediaStreamTrack-unmute':
    'the scenarios were over before the event was due; the check that sees it now came after this cell',
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
};
