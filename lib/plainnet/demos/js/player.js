// Which frame is on screen, and when the next one comes. No drawing here.

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

export class Player {
  // `gate(from, to)` may hold the player back at an earlier frame (a question); `show` draws the frame.
  constructor({ gate, show }) {
    Object.assign(this, { gate, show, at: 0, count: 1, rate: 1, speed: 1, playing: false });
  }

  load(count, rate, at = 0) {
    this.pause();
    Object.assign(this, { count, rate, at: Math.min(at, count - 1) });
    this.show();
  }

  go(k) {
    const wanted = Math.min(Math.max(k, 0), this.count - 1);
    const reached = this.gate(this.at, wanted);
    if (reached !== wanted) this.stop();
    const moved = reached !== this.at;
    this.at = reached;
    if (moved || reached !== wanted) this.show();
  }

  step(by) {
    this.pause();
    this.go(this.at + by);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.at >= this.count - 1) this.at = 0;
    this.playing = true;
    this.due = performance.now() + 1000 / (this.rate * this.speed);
    this.show();
    const tick = (now) => {
      if (!this.playing) return;
      const pause = 1000 / (this.rate * this.speed);
      if (now >= this.due) {
        const steps = Math.max(1, Math.floor((now - this.due) / pause) + 1);
        this.due += steps * pause;
        this.go(this.at + steps);
        if (this.at >= this.count - 1) this.pause();
      }
      if (this.playing) this.clock = requestAnimationFrame(tick);
    };
    this.clock = requestAnimationFrame(tick);
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.clock);
  }

  pause() {
    if (!this.playing) return;
    this.stop();
    this.show();
  }

  faster(by) {
    const k = SPEEDS.indexOf(this.speed) + by;
    this.speed = SPEEDS[Math.min(Math.max(k, 0), SPEEDS.length - 1)];
    this.show();
  }
}
