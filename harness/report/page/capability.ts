/** Something a side does not have, for people. */
export interface Lack {
  /** The browser's id. */
  browser: string;
  /** The name that the probe was asked for. */
  name: string;
  /** `sending VP9 profile 2`. */
  words: string;
  /** What the browser itself lacks, or what is only missing on this machine. */
  whose: 'browser' | 'installation';
  /** What would provide it, if only this installation lacks it. */
  remedy: string | null;
}

const side = /^(?:offerer|answerer|single) (?<browser>[\w.@-]+) has no (?<names>.+)$/;

/**
 * What the reason of an unsupported cell says is missing, each thing once.
 * @param message `offerer firefox has no codec:video/VP9;profile-id=2:send, says its probe`
 * @param engineOf the engine of a browser by its id
 * @returns nothing if the message says something else
 */
export function lacksOf(message: string, engineOf: (id: string) => string | undefined): Lack[] {
  const sides = message.replace(/, says its probe[.]?$/, '').split(/; (?=(?:offerer|answerer|single) )/);
  const found = sides.flatMap((each) => {
    const { browser, names } = side.exec(each)?.groups ?? {};
    if (browser === undefined || names === undefined) return [];
    return names.split(', ').map((name) => lackOf(browser, name, engineOf(browser)));
  });
  return found.filter(
    (lack, at) =>
      found.findIndex(({ browser, name }) => browser === lack.browser && name === lack.name) === at,
  );
}

function lackOf(browser: string, name: string, engine: string | undefined): Lack {
  const remedy = remedyOf(name, engine);
  return {
    browser,
    name,
    words: capabilityInWords(name),
    whose: remedy === null ? 'browser' : 'installation',
    remedy,
  };
}

/** What a browser of this engine has elsewhere, and why not here. */
function remedyOf(name: string, engine: string | undefined): string | null {
  if (engine === 'gecko' && /video\/H264/.test(name))
    return 'Firefox brings H.264 as the OpenH264 plug-in, which was never downloaded here.';
  if (engine === 'chromium' && /video\/H265/.test(name))
    return 'Chromium has H.265 only where the graphics hardware encodes and decodes it.';
  if (/^canvas:web(?:gl2?|gpu)$/.test(name)) return 'There is no graphics driver for it on this machine.';
  if (name === 'page:hidden') return 'The driver cannot hide a page here.';
  return null;
}

const h264Profiles: readonly (readonly [RegExp, string])[] = [
  [/^42[e-f]/i, 'constrained baseline'],
  [/^42/i, 'baseline'],
  [/^4d/i, 'main'],
  [/^640c/i, 'constrained high'],
  [/^64/i, 'high'],
  [/^f4/i, 'high 4:4:4 predictive'],
];

/** `H.264 constrained baseline (42e01f), packetization mode 1`, `VP9 profile 2`. */
export function codecInWords(codec: string): string {
  const [mime = '', ...parameters] = codec.split(';');
  const fmtp = new Map(
    parameters.map((each) => each.split('=')).map(([key = '', value = '']) => [key, value]),
  );
  const name = mime.replace(/^(?:audio|video)\//, '');
  const profile = fmtp.get('profile-id') ?? fmtp.get('profile');
  if (name === 'H264') {
    const level = fmtp.get('profile-level-id') ?? '';
    const known = h264Profiles.find(([start]) => start.test(level))?.[1];
    return [
      `H.264${known === undefined ? '' : ` ${known}`}${level === '' ? '' : ` (${level})`}`,
      ...(fmtp.has('packetization-mode')
        ? [`packetization mode ${fmtp.get('packetization-mode') ?? ''}`]
        : []),
    ].join(', ');
  }
  const called =
    name === 'H265' ? 'H.265' : name === 'opus' ? 'Opus' : name === 'CN' ? 'comfort noise' : name;
  return profile === undefined ? called : `${called} profile ${profile}`;
}

/** A capability as a probe names it, in words. */
export function capabilityInWords(name: string): string {
  const codec = /^codec:(?<codec>.+):(?<way>send|receive)$/.exec(name)?.groups;
  if (codec)
    return `${codec['way'] === 'send' ? 'sending' : 'receiving'} ${codecInWords(codec['codec'] ?? '')}`;
  const extension = /^extension:(?<kind>audio|video):(?<uri>.+):(?<way>send|receive)$/.exec(name)?.groups;
  if (extension) {
    const last = (extension['uri'] ?? '').split(/[/:#]/).at(-1) ?? '';
    return `the RTP header extension ${last} for ${extension['kind'] ?? ''}, ${extension['way'] === 'send' ? 'sending' : 'receiving'}`;
  }
  const layers = /^scalability:(?<codec>.+):(?<mode>\w+)$/.exec(name)?.groups;
  if (layers) return `${codecInWords(layers['codec'] ?? '')} in scalability mode ${layers['mode'] ?? ''}`;
  const canvas = /^canvas:(?<kind>\w+)$/.exec(name)?.groups?.['kind'];
  if (canvas !== undefined) return `canvas contexts of kind ${canvas}`;
  if (name === 'page:hidden') return 'pages that are hidden';
  const inWorker = /^(?:interface:)?worker:(?<what>.+)$/.exec(name)?.groups?.['what'];
  if (inWorker !== undefined) return `${inWorker} in a worker`;
  return name
    .replace(/^interface:/, '')
    .split('|')
    .join(' or ');
}
