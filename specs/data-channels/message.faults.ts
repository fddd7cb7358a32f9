import { fault } from '../fault.ts';

fault({
  scenario: 'data-channels/message/text-echo',
  name: 'one character of each text is changed on its way',
  on: 'offerer',
  page: () => {
    const { send } = RTCDataChannel.prototype;
    RTCDataChannel.prototype.send = function (data: unknown) {
      Reflect.apply(send, this, [typeof data === 'string' ? data.replace('G', 'g') : data]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the text that the answerer received.*grüße/s },
});

fault({
  scenario: 'data-channels/message/text-echo',
  name: 'the answer never goes back',
  on: 'answerer',
  page: () => {
    RTCDataChannel.prototype.send = () => undefined;
  },
  expect: { status: 'timeout', phase: 'sctp', reason: /a message on data channel "echo"/ },
});
