// What a test hears of a page: a tap on whatever goes to the loudspeaker, and the clock of it.
(() => {
  const connect = AudioNode.prototype.connect;
  const ears = { taps: null, pressed_ms: null, first_ms: null, audios: [] };
  globalThis.ears = ears;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to === this.context.destination) {
      const long = new AnalyserNode(this.context, { fftSize: 32768 });
      const short = new AnalyserNode(this.context, { fftSize: 1024 });
      const samples = new Float32Array(short.fftSize);
      connect.call(this, long);
      connect.call(this, short);
      ears.peak = () => {
        short.getFloatTimeDomainData(samples);
        return samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      };
      // Whatever was heard in the last half second: a page that is held up looks seldom.
      const past = new Float32Array(long.fftSize);
      ears.loudest = () => {
        long.getFloatTimeDomainData(past);
        return past.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      };
      ears.taken = () => {
        const now = this.context.getOutputTimestamp(), all = new Float32Array(long.fftSize);
        long.getFloatTimeDomainData(all);
        const ended_ms = performance.timeOrigin + now.performanceTime + 1000 * (this.context.currentTime - now.contextTime);
        return { ended_s: ended_ms / 1000, rate: this.context.sampleRate, samples: Array.from(all) };
      };
      ears.levels = [];
      setInterval(() => {
        const peak = ears.peak();
        ears.levels.push(peak);
        if (ears.first_ms === null && peak > 1e-3) ears.first_ms = performance.now();
      }, 10);
    }
    return connect.call(this, to, ...more);
  };
  const Before = Audio;
  globalThis.Audio = function (...given) {
    const one = new Before(...given);
    ears.audios.push(one);
    return one;
  };
  globalThis.Audio.prototype = Before.prototype;
  document.addEventListener("click", (event) => {
    if (event.target.closest("#play")) ears.pressed_ms ??= performance.now();
  }, true);
})();
