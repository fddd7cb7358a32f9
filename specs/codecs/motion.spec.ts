import { scenario } from '../scenario.ts';
import { expectPicture, offerVideo, receiveVideo, videoReceiver, videoSender } from './steps.ts';

const needs = { offerer: [...videoSender], answerer: [...videoReceiver] };
const specs = [
  'https://www.rfc-editor.org/rfc/rfc7742#section-3',
  'https://www.rfc-editor.org/rfc/rfc8829#section-3.6',
];

for (const [name, width, height] of [
  ['size-1280x720', 1280, 720],
  ['size-odd', 321, 241],
  ['size-64x48', 64, 48],
] as const) {
  scenario(
    {
      id: `codecs/motion/${name}`,
      title: `A picture of ${width}×${height}`,
      asks: `Does a picture that becomes ${width}×${height} in mid-call arrive right, at its new size?`,
      level: name === 'size-odd' ? 'should' : 'must',
      specs,
      needs,
      // reading every pixel of large pictures back takes its time on a small machine
      timeoutMs: 40_000,
    },
    async (pair) => {
      await offerVideo(pair, {});
      await receiveVideo(pair.answerer, 5);
      await pair.offerer.run(
        ({ connection, media }, size) => {
          const [sender] = connection.pc.getSenders();
          const { track } = media.video(size);
          return sender?.replaceTrack(track);
        },
        { width, height },
      );
      await pair.answerer.run(
        async ({ connection, media }, size) => {
          const watcher = media.watch((await connection.track('video')).track);
          await watcher.until(
            `a readable picture of ${size.width}×${size.height}`,
            ({ last }) => last?.code !== null && last?.width === size.width && last.height === size.height,
          );
          watcher.stop();
        },
        { width, height },
      );
      expectPicture(pair, await receiveVideo(pair.answerer, 10), [width, height]);
    },
  );
}
