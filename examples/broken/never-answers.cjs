const SimplePeer = require('simple-peer/simplepeer.min.js');

/** A simple-peer that makes its answer and never gives it away. */
module.exports = class extends SimplePeer {
  emit(event, ...carried) {
    if (event === 'signal' && carried[0].type === 'answer') return false;
    return super.emit(event, ...carried);
  }
};
